"""The lists of what storage costs, as their pages and files show them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from warehouse.models import FeeKind, StorageBill
from warehouse.queries import fees, listings_of_fees
from warehouse.rules.fees import following
from warehouse.tables import operator_of
from web.tables import Column, Empty, Table, Viewer

_KEEPERS = frozenset({Role.WAREHOUSE, Role.OPERATOR})
_ALL = _KEEPERS | {Role.SELLER, Role.FINANCE}


def plain(figure: Decimal) -> Decimal:
    """Without zeros at its end, and never with an exponent."""
    whole = figure == figure.to_integral_value()
    return figure.quantize(Decimal(1)) if whole else figure.normalize()


def in_yuan(fen: Decimal) -> Decimal:
    return plain(fen.scaleb(-2))


def formula(one: Any) -> str:
    """How a charge was worked out: ``7 × 2000 cm³ = 0.014 m³; × 1.5 = 0.021``."""
    quantity = f"{plain(one.quantity)}"
    if one.kind == FeeKind.VOLUME:
        quantity = f"{one.units} × {one.unit_cm3} cm³ = {quantity} m³"
    elif one.kind == FeeKind.PALLET:
        on = f" / {one.pallet}" if one.pallet else ""
        quantity = f"{one.units} × {one.unit_cm3} cm³{on}: {quantity}"
    return f"{quantity} × {in_yuan(one.rate)} = {in_yuan(one.amount)}"


def band(one: Any) -> str:
    """The age to which a rate belongs."""
    if one.after_days is None:
        return ""
    return gettext("from day %(day)s") % {"day": one.after_days + 1}


def _rows(viewer: Viewer, every: Any) -> Any:
    """A seller's own; of a warehouse its own houses'; all for the platform."""
    if viewer.role == Role.SELLER:
        return every(owner=viewer.company)
    return every(warehouses_of=viewer.company if viewer.role == Role.WAREHOUSE else None)


def _is_not_seller(viewer: Viewer) -> bool:
    return viewer.role != Role.SELLER


_OWNER = Column(label=_("Owner"), value="owner.name", note="owner.code", when=_is_not_seller)
_CHARGED = (
    Column(label=_("Day"), value="day", kind="day"),
    Column(label=_("Charged for"), value="kind", kind="choice", note=band),
    Column(label=_("Product"), value="product.name", note="product.sku"),
    Column(label=_("SKU"), value="product.sku", kind="number", on_page=False),
    Column(label=_("Lot"), value="lot.number", kind="number"),
    Column(label=_("Pallet"), value="pallet", kind="number", on_page=False),
    Column(label=_("Storage tariff"), value="tariff", kind="number", on_page=False),
    Column(label=_("From day of age"), value=band, on_page=False),
    Column(label=_("Units"), value="units", kind="qty"),
    Column(
        label=_("Quantity charged"),
        value=lambda one: plain(one.quantity),
        kind="qty",
        on_page=False,
    ),
    Column(label=_("Rate, CNY"), value=lambda one: in_yuan(one.rate), kind="qty", on_page=False),
    Column(label=_("How it was worked out"), value=formula, note="tariff"),
    Column(
        label=_("Amount"),
        value="amount",
        kind="money",
        total="amount",
        template="warehouse/_cell_exact.html",
        in_file=False,
    ),
    Column(
        label=_("Amount, CNY"), value=lambda one: in_yuan(one.amount), kind="qty", on_page=False
    ),
)

STORAGE_CHARGES = Table(
    key="storage-charges",
    scope="accounts:read",
    title=_("Storage and handling by day"),
    listing=listings_of_fees.CHARGES,
    rows=lambda viewer: _rows(viewer, fees.charges),
    roles=_ALL,
    named="day",
    columns=(
        _OWNER,
        Column(label=_("Warehouse"), value="warehouse.code", kind="number"),
        *_CHARGED,
        Column(label=_("Charged with"), value="run_day", kind="day"),
    ),
    empty=Empty(
        _("Nothing has been charged yet"),
        _("Each day is charged once it is over, from the first day of a tariff on."),
        "receipt",
    ),
)

STORAGE_BILLS = Table(
    key="storage-bills",
    scope="accounts:read",
    title=_("Bills of storage"),
    listing=listings_of_fees.BILLS,
    rows=lambda viewer: _rows(viewer, fees.bills),
    roles=_ALL,
    columns=(
        Column(
            label=_("Bill of storage"),
            value="number",
            kind="number",
            link=lambda one: reverse("storage_bill", args=[one.number]),
            sort="number",
        ),
        _OWNER,
        Column(label=_("Warehouse"), value="warehouse.code", kind="number"),
        Column(label=_("Month"), value="month", kind="day", sort="month"),
        Column(label=_("Due"), value="due_on", kind="day"),
        Column(label=_("Amount"), value="total_minor", kind="money", sort="amount", total="amount"),
    ),
    empty=Empty(
        _("No month is billed yet"),
        _("A month is billed once it is over, and the bill stands on the seller's account."),
        "receipt",
    ),
)

STORAGE_TARIFFS = Table(
    key="storage-tariffs",
    title=_("Storage tariffs"),
    listing=listings_of_fees.TARIFFS,
    rows=lambda viewer: fees.tariffs(operator_of(viewer)),
    roles=_KEEPERS,
    columns=(
        Column(label=_("Storage tariff"), value="number", kind="number", sort="number"),
        Column(label=_("Warehouse"), value="warehouse.code", kind="number"),
        Column(label=_("Valid from"), value="valid_from", kind="day", sort="valid_from"),
        Column(label=_("Valid to"), value="valid_to", kind="day"),
        Column(
            label=_("For a m³ and day"),
            value=lambda one: "; ".join(
                f"{begins}–{ends or ''}: {in_yuan(rate)}" for begins, ends, rate in one.bands
            ),
            template="warehouse/_cell_bands.html",
        ),
        Column(label=_("Free days"), value="free_days", kind="qty"),
        Column(
            label=_("For a pallet and day"),
            value=lambda one: f"{in_yuan(one.pallet_rate)}" if one.pallet_rate else "",
        ),
        Column(label=_("For an order"), value=lambda one: f"{in_yuan(one.order_rate)}"),
        Column(label=_("For an order line"), value=lambda one: f"{in_yuan(one.order_line_rate)}"),
        Column(label=_("For a unit handled in"), value=lambda one: f"{in_yuan(one.unit_in_rate)}"),
        Column(
            label=_("For a change of owner"),
            value=lambda one: f"{in_yuan(one.transfer_rate)}",
            note=lambda one: _("a unit: %(yuan)s") % {"yuan": in_yuan(one.unit_given_rate)},
        ),
        Column(
            label=_("For a unit that changes its owner"),
            value=lambda one: f"{in_yuan(one.unit_given_rate)}",
            on_page=False,
        ),
        Column(
            label=_("Entered by"),
            value="entered_by.name",
            template="warehouse/_cell_entered.html",
        ),
    ),
    empty=Empty(
        _("No tariff yet"),
        _("Without a tariff nothing is charged. Enter one; it holds from its first day on."),
        "tags",
    ),
)


def bill_of(viewer: Viewer, number: str) -> StorageBill:
    """A bill the viewer may see; Http404 otherwise."""
    found: StorageBill = get_object_or_404(_rows(viewer, fees.bills), number=number)
    return found


def _of_bill(viewer: Viewer, number: str) -> Any:
    bill = bill_of(viewer, number)
    return fees.charges(owner=bill.owner).filter(
        warehouse=bill.warehouse, run_day__gte=bill.month, run_day__lt=following(bill.month)
    )


BILL_CHARGES = Table(
    key="storage-bill-charges",
    scope="accounts:read",
    title=_("Day by day"),
    listing=listings_of_fees.BILL_CHARGES,
    rows=_of_bill,
    within="storage_bill",
    roles=_ALL,
    named="day",
    columns=_CHARGED,
    empty=Empty(_("Nothing was charged"), _("The bill has no day."), "receipt"),
)

TABLES = (STORAGE_CHARGES, STORAGE_BILLS, STORAGE_TARIFFS, BILL_CHARGES)
