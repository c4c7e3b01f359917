"""A carrier's number is one parcel's for six months; then another one may have it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Company
from customs.models import OutgoingElement, ParcelPapers, RetailList, RetailParties
from customs.rules.parcel_file import ParcelFileWrong
from customs.rules.parties import WaybillTaken
from customs.rules.waybills import rests_until
from customs.services.parcel_files import tell_papers_of_file
from customs.services.parties import tell_papers
from customs.services.telling_parcels import TellingDone, tell_parcels
from tests.customs.booked import anna, clerk, wide
from tests.customs.receipts.answers import answered
from tests.customs.test_telling_parcels import orders, parties
from tests.customs.ways import gateways
from tests.factories.warehouse import SELLS
from tests.walls.rows import all_rows
from warehouse.models import RetailOrder

__all__ = ["anna", "clerk", "gateways", "orders", "parties", "wide"]

FREE = rests_until(SELLS)


@pytest.mark.parametrize(
    ("used", "free"),
    [
        (datetime(2026, 8, 1, 4, tzinfo=UTC), datetime(2027, 2, 1, 4, tzinfo=UTC)),
        (datetime(2026, 8, 31, 4, tzinfo=UTC), datetime(2027, 2, 28, 4, tzinfo=UTC)),
        (datetime(2027, 8, 30, tzinfo=UTC), datetime(2028, 2, 29, tzinfo=UTC)),
        (datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)),
        (datetime(2017, 1, 15, tzinfo=UTC), datetime(2017, 7, 15, tzinfo=UTC)),
    ],
)
def test_a_number_rests_for_six_months_to_the_day(used: datetime, free: datetime) -> None:
    assert rests_until(used) == free


@pytest.mark.django_db
@pytest.mark.usefixtures("wide", "gateways")
def test_another_parcel_may_have_it_once_it_has_rested(
    parties: RetailParties, orders: list[RetailOrder], anna: Company
) -> None:
    first, second = orders
    tell_papers(order=first, payment="", waybill="SF1", now=SELLS)
    before = all_rows()

    with pytest.raises(WaybillTaken):
        tell_papers(order=second, payment="", waybill="SF1", now=FREE - timedelta(seconds=1))
    with pytest.raises(ParcelFileWrong):
        tell_papers_of_file(
            seller=anna,
            file_name="a.csv",
            content=b"order,waybill\nT-2,SF1\n",
            now=FREE - timedelta(seconds=1),
        )

    assert all_rows() == before
    made = tell_papers(order=second, payment="", waybill="SF1", now=FREE)
    assert (made.waybill_at, made.waybill_until) == (FREE, rests_until(FREE))
    # What is told of it beside does not let it rest anew.
    again = tell_papers(order=second, payment="P", waybill="SF1", now=FREE + timedelta(days=1))
    assert again.waybill_at == FREE


@pytest.mark.django_db
@pytest.mark.usefixtures("wide")
def test_the_database_gives_no_number_to_two_parcels_at_a_time(orders: list[RetailOrder]) -> None:
    def give(order: RetailOrder, at: datetime | None, carrier: str = "3302961HZ3") -> None:
        until = rests_until(at) if at else None
        with transaction.atomic():
            ParcelPapers.objects.create(
                order=order,
                seller=order.seller,
                told_at=SELLS,
                logistics_code=carrier,
                waybill="SF1",
                waybill_at=at,
                waybill_until=until,
            )

    first, second = orders
    give(first, SELLS)
    # Of one of which nobody wrote since when it is so, it is for good.
    for at in (SELLS + timedelta(days=1), SELLS - timedelta(days=1), None):
        with pytest.raises(IntegrityError, match="a_waybill_is_one_parcels"):
            give(second, at)
    give(second, SELLS, carrier="3302961HZ9")
    ParcelPapers.objects.filter(order=second).delete()
    give(second, FREE)


@pytest.mark.django_db
@pytest.mark.usefixtures("wide", "gateways")
def test_a_number_that_customs_was_told_rests_though_its_parcel_has_another_by_now(
    parties: RetailParties, orders: list[RetailOrder]
) -> None:
    first, second = orders
    tell_papers(order=first, payment="", waybill="SF1", now=SELLS)
    assert tell_parcels(now=SELLS) == TellingDone(told=2)
    told = RetailList.objects.get(order=first)
    for kind in ("CEB311", "CEB511"):
        answered(OutgoingElement.objects.get(retail_list=told, kind=kind), "120", at=SELLS)
    tell_parcels(now=SELLS)
    answered(OutgoingElement.objects.get(retail_list=told, kind="CEB621"), "100", at=SELLS)
    waybill = OutgoingElement.objects.get(retail_list__order=second, kind="CEB511")
    answered(waybill, "100", at=SELLS)
    tell_papers(order=first, payment="", waybill="SF2", now=SELLS)

    with pytest.raises(WaybillTaken):
        tell_papers(order=second, payment="", waybill="SF1", now=SELLS)

    assert ParcelPapers.objects.get(order=second).waybill == waybill.key
    # The other's came back: customs has not got that number.
    tell_papers(order=second, payment="", waybill="SF3", now=SELLS)
    tell_papers(order=first, payment="", waybill=waybill.key, now=SELLS)
    tell_papers(order=second, payment="", waybill="SF1", now=FREE)
