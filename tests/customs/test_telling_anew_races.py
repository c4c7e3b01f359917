"""Many press at once, and a message that failed is tried again meanwhile: it is told once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import User
from core.errors import DomainError
from core.walls import inside, platform_wide
from customs.models import MessageState, OutgoingElement, OutgoingMessage, RetailList, RetailParties
from customs.services import retry_message, tell_anew
from customs.services.telling_parcels import tell_parcels
from tests.customs.booked import anna, clerk, wide
from tests.customs.receipts.answers import answered
from tests.customs.test_telling_parcels import orders, parties
from tests.customs.ways import gateways
from tests.factories.warehouse import SELLS
from tests.warehouse.test_races import all_at_once
from warehouse.models import RetailOrder

__all__ = ["anna", "clerk", "gateways", "orders", "parties", "wide"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("wide", "gateways")]

LATER = SELLS + timedelta(hours=1)


def test_whoever_presses_first_tells_it_and_nobody_tells_it_twice(
    parties: RetailParties, orders: list[RetailOrder], clerk: User
) -> None:
    tell_parcels(now=SELLS)
    listed = RetailList.objects.get(order=orders[0])
    refused = OutgoingElement.objects.get(retail_list=listed, kind="CEB511")
    answered(refused, "100", at=SELLS)

    def press(_n: int) -> str:
        try:
            with inside(listed.seller_id):
                return f"{tell_anew(listed=RetailList.objects.get(pk=listed.pk), now=LATER)}"
        except DomainError as refusal:
            return refusal.code

    found = all_at_once(press)

    assert found == {
        "TellingDone(told=1, queued=0, missing=0)": 1,
        "customs.nothing_refused": 19,
    }
    (again,) = OutgoingElement.objects.filter(kind="CEB511", turn=2)
    assert again.again == refused
    failed = OutgoingElement.objects.get(retail_list=listed, kind="CEB311").message
    OutgoingMessage.objects.filter(pk=failed.pk).update(state=MessageState.FAILED)

    def press_or_try(n: int) -> str:
        try:
            if n % 2:
                with platform_wide():
                    retry_message(message=failed, by=clerk, now=LATER)
            else:
                with inside(listed.seller_id):
                    tell_anew(listed=RetailList.objects.get(pk=listed.pk), now=LATER)
        except DomainError as refusal:
            return refusal.code
        return "won"

    found = all_at_once(press_or_try)

    assert found["won"] == 1
    failed.refresh_from_db()
    is_anew = OutgoingElement.objects.filter(kind="CEB311", turn=2).exists()
    assert is_anew == (failed.state == MessageState.FAILED)
