"""What storage costs over the API: charges by day, bills by month."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from accounts.models import Role
from rest.calling import caller_of
from rest.fields import one_of
from rest.lists import page
from rest.routes import Routes
from warehouse.models import FeeKind, StorageBill, StorageCharge
from warehouse.queries import fees
from warehouse.queries.listings_of_fees import BILLS, CHARGES

routes = Routes(tags=["sellers", "finance"])


class StorageChargeOut(Schema):
    """What one day cost one owner for one lot, or for its orders: ``quantity`` times ``rate``."""

    day: date = Field(examples=["2026-07-19"])
    run_day: date = Field(
        description="Another day than ``day``: a correction of what was charged before",
        examples=["2026-07-19"],
    )
    owner: str = Field(examples=["S0001"])
    warehouse: str = Field(examples=["NGB01"])
    kind: str = Field(json_schema_extra=one_of(*FeeKind.values), examples=["volume"])
    sku: str | None = Field(examples=["MILK-900"])
    lot: str | None = Field(examples=["LOT-2026-000001"])
    pallet: str = Field(
        description="SSCC of the pallet of which ``quantity`` is a share; empty for loose goods",
        examples=["395200000000000017"],
    )
    tariff: str = Field(examples=["ST-2026-000001"])
    after_days: int | None = Field(
        description="Of volume: the rate is for goods older than so many days", examples=[30]
    )
    units: int = Field(examples=[7])
    unit_cm3: int | None = Field(examples=[2000])
    quantity: str = Field(
        description="m³, pallets, units, orders or order lines; exact", examples=["0.014000"]
    )
    rate: str = Field(description="Fen, exact", examples=["150.00"])
    amount: str = Field(description="Fen, exact; only bills are rounded", examples=["2.10000000"])


class StorageBillHead(Schema):
    """What one owner owes for a month in one warehouse, in fen of CNY."""

    number: str = Field(examples=["SB-2026-000001"])
    owner: str = Field(examples=["S0001"])
    warehouse: str = Field(examples=["NGB01"])
    month: date = Field(description="Its first day", examples=["2026-07-01"])
    exact: str = Field(description="The sum of its charges, fen", examples=["137.90000000"])
    total_minor: int = Field(
        description="That, rounded once; below zero it is given back", examples=[138]
    )
    due_on: date = Field(examples=["2026-08-16"])


class StorageBillLineOut(Schema):
    """All of one kind, age and rate; the lines of a bill sum to it."""

    kind: str = Field(json_schema_extra=one_of(*FeeKind.values), examples=["volume"])
    after_days: int | None = Field(examples=[30])
    tariff: str = Field(examples=["ST-2026-000001"])
    is_correction: bool = Field(examples=[False])
    quantity: str = Field(examples=["0.420000"])
    rate: str = Field(examples=["150.00"])
    exact: str = Field(examples=["63.00000000"])
    amount_minor: int = Field(examples=[63])


class StorageBillOut(StorageBillHead):
    """A bill with its lines."""

    lines: list[StorageBillLineOut]


def _own(request: HttpRequest, every: Any) -> Any:
    """A seller's own; for finance and operators everybody's."""
    caller = caller_of(request)
    return every(owner=caller.company) if caller.role == Role.SELLER else every()


def _charge(one: StorageCharge) -> StorageChargeOut:
    return StorageChargeOut(
        day=one.day,
        run_day=one.run_day,
        owner=one.owner.code,
        warehouse=one.warehouse.code,
        kind=one.kind,
        sku=one.product.sku if one.product else None,
        lot=one.lot.number if one.lot else None,
        pallet=one.pallet,
        tariff=one.tariff,
        after_days=one.after_days,
        units=one.units,
        unit_cm3=one.unit_cm3,
        quantity=f"{one.quantity:f}",
        rate=f"{one.rate:f}",
        amount=f"{one.amount:f}",
    )


def _head(one: StorageBill) -> dict[str, Any]:
    return {
        "number": one.number,
        "owner": one.owner.code,
        "warehouse": one.warehouse.code,
        "month": one.month,
        "exact": f"{one.exact:f}",
        "total_minor": one.total_minor,
        "due_on": one.due_on,
    }


@routes.rows(
    "/storage/charges",
    scope="accounts:read",
    listing=CHARGES,
    row=StorageChargeOut,
    summary=_("List charges of storage"),
)
def list_storage_charges(request: HttpRequest) -> object:
    """What each day cost by lot, and for orders; a seller's own."""
    return page(request, CHARGES, _own(request, fees.charges), _charge)


@routes.rows(
    "/storage/bills",
    scope="accounts:read",
    listing=BILLS,
    row=StorageBillHead,
    summary=_("List bills of storage"),
)
def list_storage_bills(request: HttpRequest) -> object:
    """One for each month and warehouse; a seller's own."""
    bills = _own(request, fees.bills)
    return page(request, BILLS, bills, lambda one: StorageBillHead(**_head(one)))


@routes.show(
    "/storage/bills/{number}",
    scope="accounts:read",
    response=StorageBillOut,
    summary=_("Show a bill of storage"),
)
def get_storage_bill(request: HttpRequest, number: str) -> StorageBillOut:
    """A month by kind, age and rate."""
    found = get_object_or_404(_own(request, fees.bills), number=number)
    return StorageBillOut(
        **_head(found),
        lines=[
            StorageBillLineOut(
                kind=one.kind,
                after_days=one.after_days,
                tariff=one.tariff,
                is_correction=one.is_correction,
                quantity=f"{one.quantity:f}",
                rate=f"{one.rate:f}",
                exact=f"{one.exact:f}",
                amount_minor=one.amount_minor,
            )
            for one in found.lines.order_by("position")
        ],
    )
