"""What a receipt moves in the house, beyond the state that is shown."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from core.errors import DomainError
from customs.rules.receipts.standing import Outcome, stands


class EffectFailed(DomainError):
    """What follows from this receipt could not be done; the fault is ours, and its reason is in
    our log. Nothing of it was done; it can be tried again."""

    code = "customs.effect_failed"


class Effect(StrEnum):
    """``RELEASE``: the goods of a retail list may be picked. ``WITHDRAW``: the order of a list that
    was withdrawn is taken back. ``ANNOUNCE`` and ``POST``: the account book. ``BILL`` and
    ``BILL_STATUS``: the authority's tax. ``ENTRY``: customs made a declaration from a list.
    ``UNLIST``: a bonded list is deleted. ``GATE``: a truck went through. ``REFUSE``: who sent it
    hears why it came back."""

    RELEASE = "release"
    WITHDRAW = "withdraw"
    ANNOUNCE = "announce"
    POST = "post"
    BILL = "bill"
    BILL_STATUS = "bill_status"
    ENTRY = "entry"
    GATE = "gate"
    UNLIST = "unlist"
    REFUSE = "refuse"


class ClosedUnreleased(DomainError):
    """Customs closed this list after it had sent it back or held its goods, and told no release.
    Whether they may leave is for a person to find out and to record."""

    code = "customs.closed_unreleased"


#: Sent back, held, handed to others: what is closed behind it may have gone abroad.
_HELD_BACK = frozenset({"100", "501", "502", "503", "599", "700"})


def refuse_unreleased(status: str, known: Collection[str]) -> None:
    """Closed (899) stands for a release that was lost on the way, where nothing says otherwise;
    ``known`` are all statuses of the list. Raises ClosedUnreleased."""
    if status == "899" and "800" not in known and not _HELD_BACK.isdisjoint(known):
        raise ClosedUnreleased(status=", ".join(sorted(_HELD_BACK.intersection(known))))


_EFFECTS = {
    # Closed (899) without a release that came before: see refuse_unreleased.
    ("CEB622", "800"): Effect.RELEASE,
    ("CEB622", "899"): Effect.RELEASE,
    ("CEB624", "399"): Effect.WITHDRAW,
    ("INV201", "1"): Effect.ANNOUNCE,
    ("INV211", "posted"): Effect.POST,
    ("INV202", "1"): Effect.ENTRY,
    ("SAS223", "passed"): Effect.GATE,
}


def effect_of(
    message: str, status: str, *, anew: bool = False, deletes: bool = False
) -> Effect | None:
    """None where the state is all that a receipt changes; ``anew`` as in :func:`stands`;
    ``deletes``: it answers the deletion of a bonded list."""
    if message == "CEB816":
        return Effect.BILL
    if message == "CEB818":
        return Effect.BILL_STATUS
    if stands(message, status, anew=anew).outcome == Outcome.REFUSED:
        return Effect.REFUSE
    found = _EFFECTS.get((message, status))
    return Effect.UNLIST if deletes and found == Effect.ANNOUNCE else found
