"""Whatever happens to stock, and whenever the worker comes by: the account book follows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test

from accounts.models import Company
from customs.models import (
    BookReceipt,
    BookRow,
    Declaration,
    DeclarationLine,
    DeclarationState,
    GoodsLine,
    RetailList,
    RetailTaxRule,
    RetailVoid,
)
from customs.queries.book import beside
from customs.queries.book_proof import prove_books
from customs.services import book_due
from tests.factories.warehouse import ARRIVES, SELLS
from tests.warehouse.test_stock_machine import UNITS, Stock
from warehouse.models import Lot, RetailOrder

pytestmark = pytest.mark.django_db


class Booked(Stock):
    """The machine of the stock, whose goods come by released lists and leave by retail lists."""

    @initialize()
    def open(self) -> None:
        super().open()
        self.law = RetailTaxRule.objects.create(
            valid_from=SELLS.date(),
            order_limit_minor=500_000,
            year_limit_minor=2_600_000,
            payable_fraction="0.7",
            source="example",
        )

    @rule(anna=UNITS, bert=UNITS)
    def receive(self, anna: int, bert: int) -> None:
        super().receive(anna, bert)
        declared(self.lots[-1])

    @precondition(lambda self: self.orders.keys() - self.unpaid)
    @rule(at=st.integers(0, 99))
    def go_on(self, at: int) -> None:
        super().go_on(at)
        for order in RetailOrder.objects.filter(state="listed", retail_list__isnull=True):
            RetailList.objects.create(
                number=f"LIST-{order.pk}",
                order=order,
                seller=order.seller,
                regime="cbec_within",
                tax_rule=self.law,
                dutiable_minor=0,
                duty_minor=0,
                consumption_tax_minor=0,
                vat_minor=0,
                tax_minor=0,
                drawn_at=SELLS,
            )

    @precondition(lambda self: self.orders)
    @rule(at=st.integers(0, 99))
    def cancel(self, at: int) -> None:
        super().cancel(at)
        self.void()

    @precondition(lambda self: self.orders)
    @rule(at=st.integers(0, 99), other=st.integers(1, 99), is_paid=st.booleans())
    def merge(self, at: int, other: int, is_paid: bool) -> None:
        super().merge(at, other, is_paid)
        self.void()

    def void(self) -> None:
        """As customs does in the same transaction."""
        over = RetailList.objects.filter(order__state__in=["cancelled", "merged"])
        for drawn in over.filter(void__isnull=True):
            RetailVoid.objects.create(retail_list=drawn, seller=drawn.seller, voided_at=SELLS)

    def teardown(self) -> None:
        try:
            if hasattr(self, "places"):
                self.come_by(is_again=True)
        finally:
            super().teardown()

    @rule(is_again=st.booleans())
    def come_by(self, is_again: bool) -> None:
        assert book_due(now=SELLS, everything=True).refused == ()
        if is_again:
            assert book_due(now=SELLS, everything=True).posted == 0
        rows = list(BookRow.objects.all())
        told = beside([row.pk for row in rows])
        assert [list(told[row.pk].waiting()) for row in rows] == [[] for _row in rows]
        listed = RetailList.objects.filter(
            order__state__in=["listed", "released", "picked", "packed"]
        )
        assert sum(row.prevd_redc for row in rows) == sum(
            reserved.quantity
            for one in listed
            for line in one.order.lines.all()
            for reserved in line.reservations.all()
        )

    @invariant()
    def the_book_is_explained(self) -> None:
        if hasattr(self, "places") and BookReceipt.objects.exists():
            found = [one for one in prove_books(now=ARRIVES) if one.what != "outside"]
            assert found == []


def declared(lot: Lot) -> None:
    """As if its shipment had come by a released list."""
    shipment = lot.receipt_line.receipt.shipment
    importer: Company = shipment.order.buyer
    declaration = Declaration.objects.create(
        our_reference=f"DEC-{lot.pk}",
        shipment=shipment,
        importer=importer,
        warehouse=lot.warehouse,
        form="3",
        state=DeclarationState.RELEASED,
        currency="EUR",
        incoterm="FOB",
        total_minor=0,
        packages=1,
        gross_weight_g=1,
        net_weight_g=1,
        drafted_at=ARRIVES,
        decided_at=ARRIVES,
    )
    told: dict[str, Any] = {
        "declaration": declaration,
        "position": 1,
        "hs_code": lot.product.hs_code,
        "name_zh": lot.product.name_zh,
        "origin": "DEU",
        "quantity": lot.receipt_line.announced,
        "unit": "140",
        "legal_quantity": 1,
        "legal_unit": "035",
        "unit_price": 10,
        "total_minor": 0,
        "net_weight_g": 1,
        "gross_weight_g": 1,
    }
    DeclarationLine.objects.create(
        goods_line=GoodsLine.objects.create(**told),
        product=lot.product,
        order_line=lot.order_line,
        **told,
    )


def test_the_book_follows_whatever_happens_to_stock() -> None:
    run_state_machine_as_test(
        Booked, settings=settings(max_examples=4, stateful_step_count=20, deadline=None)
    )
