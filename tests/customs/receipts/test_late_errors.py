"""An error that customs tells after it had stored a document: somebody hears of it either way."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Company, Role
from customs.models import ElementState, Gateway, OutgoingElement
from notices.models import Notice
from tests.customs.receipts.answers import of_list
from tests.customs.receipts.sent_lists import _wide, come, gateway, seller, sent
from tests.customs.receipts.test_effects import effects
from tests.factories.accounts import MembershipFactory

pytestmark = pytest.mark.django_db

__all__ = ["_wide", "gateway", "seller", "sent"]

#: China's clock, as answers have it.
STORED, LATER = "20260801120000000", "20260801123000000"


def told() -> list[str]:
    found = Notice.objects.filter(event__regex="(late_error|sent_back)$")
    return sorted(found.values_list("event", flat=True))


def stood(one: OutgoingElement) -> tuple[str, str]:
    state = ElementState.objects.get(element=one)
    return state.status, state.outcome


@pytest.mark.parametrize(
    ("stands", "state", "events"),
    [
        (False, ("120", "taken"), ["customs.late_error", "retail.late_error"]),
        (True, ("-621018", "refused"), ["customs.sent_back", "retail.sent_back"]),
    ],
)
def test_who_holds_the_list_hears_of_an_error_behind_stored(
    gateway: Gateway,
    seller: Company,
    sent: list[OutgoingElement],
    settings: Any,
    stands: bool,
    state: tuple[str, str],
    events: list[str],
) -> None:
    settings.BONDPOOL_ERRORS_STAND = stands
    MembershipFactory.create(company=gateway.company, role=Role.IMPORTER)
    key = sent[0].key

    come(gateway, of_list(key, "120", STORED))
    come(gateway, of_list(key, "-621018", LATER))

    assert stood(sent[0]) == state
    assert (told(), effects()) == (events, [("-621018", "done", ""), ("120", "none", "")])
    notice = Notice.objects.get(event=events[0])
    assert notice.facts == {"messages": 1, "first": f"CEB621 {key}: -621018"}
    assert Notice.objects.get(event=events[1]).company_id == seller.pk


@pytest.mark.parametrize("stands", [False, True])
def test_an_error_before_it_was_stored_or_behind_a_further_step_is_no_news(
    gateway: Gateway, sent: list[OutgoingElement], settings: Any, stands: bool
) -> None:
    settings.BONDPOOL_ERRORS_STAND = stands
    early, done = sent

    come(gateway, of_list(early.key, "120", LATER), of_list(done.key, "800", STORED))
    come(gateway, of_list(early.key, "-621018", STORED), of_list(done.key, "-621018", LATER))

    assert (stood(early), stood(done)) == (("120", "taken"), ("800", "done"))
    assert told() == []
