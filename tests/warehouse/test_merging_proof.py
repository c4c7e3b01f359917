"""The proof of the stock finds a merge that lost something."""

from __future__ import annotations

import pytest
from django.db import transaction

from accounts.models import Company, User
from catalog.models import Product
from core.walls import platform_wide
from tests.factories.accounts import UserFactory
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from warehouse.models import RetailMerge, RetailOrder
from warehouse.queries.proving import prove_stock
from warehouse.services import NewOrder, accept_orders, lock_to_merge, merge_orders


@pytest.mark.django_db
def test_the_proof_finds_what_is_merged_into_nothing_and_what_holds_less(
    milk: Product, anna: Company
) -> None:
    clerk = UserFactory.create()
    with platform_wide():
        received_stock({anna: 3}, product=milk)
        orders = [an_incoming_order("MILK", 1, number=f"A-{n}") for n in range(2)]
        accept_orders(seller=anna, orders=orders, now=SELLS)
        numbers = list(RetailOrder.objects.order_by("pk").values_list("number", flat=True))
        held = lock_to_merge(seller=anna, numbers=numbers)
        told = NewOrder("M-1", SELLS)
        made = merge_orders(held=held, told=told, merged_by=clerk, now=SELLS, lists={})
        assert prove_stock() == []
        looked_at_when_tampered_with(anna, numbers, made, clerk)


def looked_at_when_tampered_with(
    anna: Company, numbers: list[str], made: RetailOrder, clerk: User
) -> None:
    with transaction.atomic():
        RetailOrder.objects.filter(number=numbers[0]).update(state="cancelled")
        RetailOrder.objects.filter(number=made.number).update(state="merged")
        found = {(one.proof, one.subject) for one in prove_stock()}
        transaction.set_rollback(True)

    proof = "merged = went into another order of the same shop"
    assert {(proof, f"order {number}") for number in (numbers[0], made.number)} <= found
    with transaction.atomic():
        third = an_incoming_order("MILK", 1, number="A-3")
        accept_orders(seller=anna, orders=[third], now=SELLS)
        order = RetailOrder.objects.latest("pk")
        RetailMerge.objects.create(
            order=order, into=made, seller=anna, merged_at=SELLS, merged_by=clerk
        )
        proofs = {one.proof for one in prove_stock()}
        transaction.set_rollback(True)
    assert "merged = what the order holds that it went into, lot by lot" in proofs
