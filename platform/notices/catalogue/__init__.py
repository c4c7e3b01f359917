"""Every event of the house that somebody may hear of, in one register."""

from notices.catalogue import (
    answers,
    bond,
    buying,
    counts,
    credit,
    customs,
    house,
    leaving,
    money,
    retail,
    shops,
    transfers,
)
from notices.catalogue.events import Event, Fact, Group, Text
from notices.models import MailWhen

EVENTS: dict[str, Event] = {
    one.code: one
    for group in (
        buying,
        credit,
        bond,
        answers,
        customs,
        retail,
        leaving,
        counts,
        transfers,
        shops,
        money,
        house,
    )
    for one in group.EVENTS
}

__all__ = [
    "EVENTS",
    "Event",
    "Fact",
    "Group",
    "MailWhen",
    "Text",
    "codes_for",
    "events_for",
    "hooked",
]


def events_for(role: str) -> list[Event]:
    """What somebody in this role may hear of, in the order of the register."""
    return [event for event in EVENTS.values() if role in event.to]


def codes_for(role: str) -> list[str]:
    """The same by their codes: what was told to a role that somebody no longer has is not its
    business any more."""
    return [event.code for event in events_for(role)]


def hooked(role: str = "") -> list[Event]:
    """What an endpoint may be told of; only what ``role`` hears of when it is given."""
    return [event for event in EVENTS.values() if event.hook and (not role or role in event.to)]
