"""A claim that a supplier accepted, and what it pays."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import Company, User
from catalog.models import Product
from settlement.models import RateQuote
from tests.factories.warehouse import ARRIVES, SELLS, BondedWarehouseFactory, a_cleared_shipment
from warehouse.models import BondedWarehouse, ClaimSettlement, SupplierClaim
from warehouse.rules.claims import State
from warehouse.rules.receiving import Found
from warehouse.services import carry_on_claim, receive, settle_claim

DAY = date(2026, 8, 1)


def a_rate(day: date, value: str) -> None:
    RateQuote.objects.create(
        source="forex-python",
        base="EUR",
        quote="CNY",
        value=Decimal(value),
        asked_for=day,
        value_date=day,
        fetched_at=SELLS,
    )


def accepted(
    shares: dict[Company, int],
    milk: Product,
    clerk: User,
    house: BondedWarehouse | None = None,
    **shipped: Any,
) -> SupplierClaim:
    house = house or BondedWarehouseFactory.create()
    line = a_cleared_shipment(shares, product=milk, bound_for=house.operator, **shipped)
    receive(
        shipment=line.shipment,
        warehouse=house,
        counts={line.pk: 30},
        received_by=clerk,
        now=ARRIVES,
        found={line.pk: Found(damaged=3)},
    )
    found = SupplierClaim.objects.get()
    a_rate(DAY, "7.85")
    for state in (State.SENT, State.ACCEPTED):
        carry_on_claim(claim=found, state=state)
    return found


def settled(
    claim: SupplierClaim,
    clerk: User,
    minor: int,
    reason: str = "",
    day: date = DAY,
    seen: str = "",
) -> ClaimSettlement:
    return settle_claim(
        claim=claim,
        amount_minor=minor,
        settled_on=day,
        entered_by=clerk,
        now=SELLS,
        reason=reason,
        seen=seen,
    )
