"""What a count froze stands still, for goods as well that did not lie there when it began."""

from __future__ import annotations

import pytest

from accounts.models import Company
from catalog.models import Product
from core.walls import platform_wide
from tests.factories.accounts import SellerFactory, UserFactory
from tests.factories.warehouse import SELLS, received_stock
from warehouse.models import BondedWarehouse, Holding
from warehouse.queries.proving import prove_stock
from warehouse.rules import posting
from warehouse.rules.counting import BeingCounted
from warehouse.rules.posting import Account, Kind, Leg, Posting, Status
from warehouse.services import start_count
from warehouse.services.posting import post

pytestmark = pytest.mark.django_db


def test_nobody_puts_other_goods_of_the_lot_on_a_frozen_shelf(milk: Product, anna: Company) -> None:
    with platform_wide():
        received_stock({anna: 9}, product=milk)
        house, lying = (
            BondedWarehouse.objects.select_related("operator").get(),
            Holding.objects.get(),
        )
        count = start_count(
            house=house,
            keeper=house.operator,
            subject="MILK",
            freezes=True,
            started_by=UserFactory.create(),
            now=SELLS,
        )
        cara = SellerFactory.create()

        def book(key: str, kind: Kind, legs: tuple[Leg, ...]) -> None:
            one = Posting(key, kind, key, cara.pk, house.operator_id, SELLS, legs)
            post(postings=[one], now=SELLS)

        came = posting.received(lying.lot_id, lying.location_id, 3)
        with pytest.raises(BeingCounted) as refused:
            book("late:1", Kind.RECEIVED, came)
        assert refused.value.facts["count"] == count.number
        assert not Holding.objects.filter(owner=cara).exists()

        # What the count itself books stays frozen with the rest until it is over.
        found = (
            Leg(Account.ADJUSTMENT, lying.lot_id, -2),
            Leg(Account.STOCK, lying.lot_id, 2, lying.location_id, Status.AVAILABLE),
        )
        book("count:1", Kind.COUNTED, found)
        made = Holding.objects.get(owner=cara)
        assert (made.on_hand, made.frozen_by_id) == (2, count.pk)
        assert prove_stock() == []
        Holding.objects.filter(pk=made.pk).update(frozen_by=None)
        (unlike,) = prove_stock()
        assert (unlike.booked, unlike.stands) == (11, 9)
        assert unlike.subject == f"lot {lying.lot.number}, GATE"
