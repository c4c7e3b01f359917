"""The lists of sales, scores and deposits as their pages and files show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, Role
from catalog.models import Product
from core.listed import Listed
from core.sheets import RowError
from procurement import services
from procurement.models import SalesReport
from procurement.queries import credit, deposits, listings_of_credit, sales
from procurement.rules import quarters
from procurement.rules.selling import Sold
from web.tables import Column, Empty, Table, Viewer

_SELLER = frozenset({Role.SELLER})


def _quarter(one: Any) -> str:
    return quarters.named(one.quarter)


def _sold(product: str) -> tuple[Column, ...]:
    """What was sold of what when; ``product`` is the way to the product's name."""
    return (
        Column(
            label=_("Product"),
            value=f"{product}name",
            note=f"{product}sku",
            link=lambda one: reverse("product", args=[one.product_id]),
            sort="product",
        ),
        Column(label=_("SKU"), value=f"{product}sku", kind="number", on_page=False),
        Column(label=_("Quarter"), value=_quarter, kind="number", sort="quarter"),
        Column(label=_("Sold"), value="units", kind="qty", sort="units", total="units"),
        Column(label=_("Ran out of stock"), value="is_stocked_out", kind="yes"),
    )


MY_SALES = Table(
    key="my-sales",
    scope="forecasts:read",
    title=_("Sales by quarter"),
    listing=listings_of_credit.SALES,
    rows=lambda viewer: sales.counting(viewer.company),
    roles=_SELLER,
    named="product.sku",
    columns=(
        *_sold("product."),
        Column(label=_("Drawn from bond"), value="is_from_bond", kind="yes"),
    ),
    empty=Empty(
        _("No sales are known yet"),
        _("What is drawn from bond is counted here; report what you sold elsewhere."),
        "chart-bar",
        "sales_upload",
        _("Upload sales"),
    ),
)


@dataclass(frozen=True, slots=True)
class SoldRow:
    """A row of a file of sales that can be taken."""

    pk: int
    row: int
    product_id: int
    sku: str
    name: str
    quarter: int
    units: int
    is_stocked_out: bool


def sales_rows(sold: Sequence[Sold]) -> Listed:
    products = Product.objects.in_bulk({one.product_id for one in sold})
    return Listed(
        [
            SoldRow(
                at,
                one.row,
                one.product_id,
                one.sku,
                products[one.product_id].name,
                one.quarter,
                one.units,
                one.is_stocked_out,
            )
            for at, one in enumerate(sold, 1)
        ]
    )


@dataclass(frozen=True, slots=True)
class SoldFault:
    """One thing that is wrong in a file of sales."""

    pk: int
    row: int
    field: str
    message: str


def sales_faults(errors: Sequence[RowError]) -> Listed:
    return Listed(
        [SoldFault(at, one.row, one.field, one.message) for at, one in enumerate(errors, 1)]
    )


def kept_sales(seller: Company, pk: str) -> SalesReport:
    """A seller's own file. Raises Http404."""
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        raise Http404
    mine = SalesReport.objects.filter(seller=seller, source="file").select_related("seller")
    found: SalesReport = get_object_or_404(mine, pk=int(pk))
    return found


def _file_rows(viewer: Viewer, pk: str) -> Listed:
    kept = kept_sales(viewer.company, pk)
    return sales_rows(services.look_at_sales(kept, now=viewer.now).sold)


def _file_faults(viewer: Viewer, pk: str) -> Listed:
    kept = kept_sales(viewer.company, pk)
    return sales_faults(services.look_at_sales(kept, now=viewer.now).errors)


SALES_ROWS = Table(
    key="sales-file-rows",
    scope="forecasts:read",
    title=_("Rows that can be taken"),
    listing=listings_of_credit.SALES_ROWS,
    rows=_file_rows,
    within="sales_file",
    roles=_SELLER,
    named="sku",
    columns=(*_sold(""), Column(label=_("Row"), value="row", kind="qty", sort="row")),
    empty=Empty(_("Nothing was sold"), "", "circle-minus"),
)

SALES_FAULTS = Table(
    key="sales-file-faults",
    scope="forecasts:read",
    title=_("What is wrong"),
    listing=listings_of_credit.SALES_FAULTS,
    rows=_file_faults,
    within="sales_file",
    roles=_SELLER,
    named="field",
    columns=(
        Column(label=_("Row"), value="row", kind="qty", sort="row"),
        Column(label=_("Column"), value="field", kind="number", sort="field"),
        Column(label=_("What is wrong"), value="message"),
    ),
    empty=Empty(_("Nothing is wrong"), "", "check"),
)


def _parts(name: str) -> Any:
    """A stored ratio in percent, two decimals at the most."""
    return lambda one: f"{getattr(one, name) / 100:.0f} %"


SCORES = Table(
    key="forecast-scores",
    scope="rounds:read",
    title=_("Forecast credit of all sellers"),
    listing=listings_of_credit.SCORES,
    rows=lambda viewer: credit.newest(),
    roles=frozenset({Role.OPERATOR}),
    named="seller.code",
    columns=(
        Column(label=_("Seller"), value="seller.name", note="seller.code", sort="seller"),
        Column(label=_("Company code"), value="seller.code", kind="number", on_page=False),
        Column(label=_("Band"), value="band", kind="number", sort="band"),
        Column(label=_("Score"), value="score", kind="qty", sort="score"),
        Column(label=_("Forecast error"), value=_parts("wape"), kind="number", sort="error"),
        Column(label=_("Bias"), value=_parts("bias"), kind="number", sort="bias"),
        Column(label=_("Factor"), value=_parts("factor"), kind="number", sort="factor"),
        Column(label=_("Quarters"), value=lambda one: len(one.pasts), kind="qty"),
    ),
    empty=Empty(
        _("No scores yet"),
        _("Sellers are scored once a quarter is over and their sales are known."),
        "gauge",
    ),
)


def _money(name: str, label: Any, *, sort: str = "", total: str = "", **more: Any) -> Column:
    return Column(label=label, value=name, kind="money", sort=sort, total=total, **more)


_DEPOSIT = (
    Column(
        label=_("Deposit"),
        value="number",
        kind="number",
        link=lambda one: reverse("deposit", args=[one.number]),
        sort="number",
    ),
    Column(label=_("Round"), value="round.code", kind="number"),
)
_SUMS = (
    Column(label=_("Due"), value="due_at", kind="moment", sort="due_at"),
    _money("amount_minor", _("Amount"), sort="amount", total="amount"),
    _money("paid_minor", _("Paid"), total="paid"),
    _money("open_minor", _("Still open"), total="open"),
    _money("held_minor", _("With the platform"), total="held", on_page=False),
)

DEPOSITS = Table(
    key="deposits",
    scope="deposits:read",
    title=_("Deposits"),
    listing=listings_of_credit.DEPOSITS,
    rows=lambda viewer: deposits.deposits(),
    roles=frozenset({Role.FINANCE, Role.OPERATOR}),
    columns=(
        *_DEPOSIT,
        Column(label=_("Seller"), value="seller.name", note="seller.code", sort="seller"),
        Column(label=_("Company code"), value="seller.code", kind="number", on_page=False),
        Column(label=_("Band"), value="band", kind="number"),
        *_SUMS,
    ),
    empty=Empty(
        _("No deposits are asked"),
        _("They are asked for once the expected cost of a round's shares is known."),
        "cash",
    ),
)

MY_DEPOSITS = Table(
    key="my-deposits",
    scope="deposits:read",
    title=_("My deposits"),
    listing=listings_of_credit.MY_DEPOSITS,
    rows=lambda viewer: deposits.deposits().filter(seller=viewer.company),
    roles=_SELLER,
    columns=(*_DEPOSIT, *_SUMS),
    empty=Empty(
        _("No deposit is asked of you"),
        _("A round that asks for deposits tells you the amount and the day it is due."),
        "cash",
    ),
)

TABLES = (MY_SALES, SALES_ROWS, SALES_FAULTS, SCORES, DEPOSITS, MY_DEPOSITS)
