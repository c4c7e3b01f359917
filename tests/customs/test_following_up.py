"""A list that customs has is withdrawn, given back in part, and its parcel's arrival told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import User
from customs.models import (
    MessageState,
    MissingPaper,
    OutgoingElement,
    OutgoingMessage,
    RetailGiveBack,
    RetailList,
    RetailParties,
)
from customs.rules.sending import unsqueezed
from customs.services import cancel_order
from customs.services.following_up import follow_up
from tests.customs.booked import anna, clerk, handed_over, wide
from tests.customs.test_returning import LATER, announced, came
from tests.customs.test_telling_parcels import orders, parties, tell_all, written
from tests.customs.ways import gateways
from tests.factories.warehouse import SELLS
from warehouse.models import BondedWarehouse, Parcel, ParcelEvent, RetailOrder

__all__ = ["anna", "clerk", "gateways", "orders", "parties", "wide"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wide", "gateways")]

INVT, PRE = "310520261I00000017", "B20260801000000017"


@pytest.fixture
def declared(parties: RetailParties, orders: list[RetailOrder]) -> list[RetailList]:
    """Both lists were sent, and customs gave them numbers."""
    tell_all()
    OutgoingMessage.objects.update(state=MessageState.SENT, sent_at=SELLS)
    OutgoingElement.objects.filter(kind="CEB621").update(their_number=INVT, pre_number=PRE)
    return list(RetailList.objects.order_by("pk"))


def test_a_voided_list_is_withdrawn_once_customs_has_numbered_it(
    declared: list[RetailList], clerk: User
) -> None:
    assert follow_up(now=SELLS) == 0
    order = RetailOrder.objects.get(retail_list=declared[1])
    cancel_order(order=order, by=clerk, now=SELLS)
    OutgoingElement.objects.filter(retail_list=declared[1]).update(their_number="")
    assert follow_up(now=SELLS) == 0, "customs has given no number yet"
    OutgoingElement.objects.filter(retail_list=declared[1], kind="CEB621").update(their_number=INVT)

    assert follow_up(now=SELLS) == 1

    head = written("CEB623").elements[0].head
    assert (head["invtNo"], head["preNo"], head["copNo"]) == (INVT, PRE, declared[1].number)
    assert (head["orderNo"], head["customsCode"]) == ("T-2", "3105")
    assert follow_up(now=SELLS) == 0
    assert not MissingPaper.objects.exists()


def test_the_arrival_of_a_parcel_is_told(declared: list[RetailList], clerk: User) -> None:
    order = RetailOrder.objects.get(retail_list=declared[0])
    house = BondedWarehouse.objects.get()
    parcel = Parcel.objects.create(
        number="PC-2026-000001",
        order=order,
        order_number=order.number,
        seller=order.seller,
        keeper=house.operator,
        warehouse=house,
        weight_g=1_200,
        package="box",
        packed_at=SELLS,
        packed_by=clerk,
    )
    RetailOrder.objects.filter(pk=order.pk).update(state="delivered")
    assert follow_up(now=SELLS) == 0, "no carrier has said so"
    ParcelEvent.objects.create(
        parcel=parcel,
        seller=order.seller,
        keeper=house.operator,
        kind="delivered",
        happened_at=SELLS + timedelta(days=2),
        told_at=LATER,
    )

    assert follow_up(now=LATER) == 1

    head = written("CEB513").elements[0].head
    assert (head["logisticsNo"], head["logisticsStatus"]) == (f"SF{order.pk:09d}", "S")
    assert head["logisticsTime"] == "20260803110000"
    assert follow_up(now=LATER) == 0


def test_goods_that_came_back_are_told_return_by_return(
    declared: list[RetailList], clerk: User
) -> None:
    order = RetailOrder.objects.get(retail_list=declared[1])
    handed_over(order, clerk)
    for turn in (1, 2):
        came(announced(order, clerk, 1), clerk, [1])

        assert follow_up(now=LATER) == 1

        (element,) = OutgoingElement.objects.filter(kind="CEB625", turn=turn)
        told = unsqueezed(element.message.body).decode()
        assert "<ceb:qty>1</ceb:qty>" in told
        assert f"<ceb:invtNo>{INVT}</ceb:invtNo>" in told
        assert follow_up(now=LATER) == 0
    assert RetailGiveBack.objects.count() == 2


def test_an_agent_that_no_longer_declares_sends_nothing(
    declared: list[RetailList], clerk: User
) -> None:
    cancel_order(order=RetailOrder.objects.get(retail_list=declared[1]), by=clerk, now=SELLS)
    RetailParties.objects.update(agreed_at=None)

    assert follow_up(now=SELLS) == 0
    assert not OutgoingElement.objects.filter(kind="CEB623").exists()
