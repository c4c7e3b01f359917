"""The lists that stand within one round or file: who filed, what is wanted, whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, Role
from catalog.models import Product
from catalog.templatetags.catalog import category
from core.listed import Listed
from core.sheets import RowError
from procurement import services
from procurement.drawing import price_breaks
from procurement.models import Forecast, ForecastLine, ForecastUpload, PoolRound, PurchaseOrder
from procurement.queries import forecasts, listings, offers, orders
from procurement.rules.forecasting import Want
from web.tables import Column, Empty, Table, Viewer


def _filings(viewer: Viewer, code: str) -> QuerySet[Forecast]:
    return forecasts.filings(get_object_or_404(PoolRound, code=code))


FILINGS = Table(
    key="filings",
    title=_("Who filed"),
    listing=listings.FILINGS,
    rows=_filings,
    within="round",
    roles=frozenset({Role.OPERATOR}),
    named="seller.code",
    columns=(
        Column(label=_("Seller"), value="seller.name", note="seller.code", sort="seller"),
        Column(label=_("Company code"), value="seller.code", kind="number", on_page=False),
        Column(label=_("Version"), value="version", kind="number", sort="version"),
        Column(label=_("Filed"), value="filed_at", kind="moment", sort="filed_at"),
        Column(label=_("Products"), value="products", kind="qty", total="products"),
        Column(label=_("Units"), value="units", kind="qty", sort="units", total="units"),
    ),
    empty=Empty(_("Nobody has filed yet"), "", "users"),
)


def _lines(viewer: Viewer, place: str) -> QuerySet[ForecastLine]:
    """``2026-Q4.2``: the lines of one's own second version for that quarter."""
    code, _dot, version = place.partition(".")
    if not (version.isascii() and version.isdecimal() and len(version) < 10):
        raise Http404
    held = get_object_or_404(PoolRound, code=code)
    mine = forecasts.versions(held, viewer.company)
    return forecasts.lines(get_object_or_404(mine, version=int(version)))


def place_of(round: PoolRound, forecast: Forecast) -> str:
    return f"{round.code}.{forecast.version}"


def _wanted(product: str) -> tuple[Column, ...]:
    """How much of what; ``product`` is the way to the product's name."""
    return (
        Column(
            label=_("Product"),
            value=f"{product}name",
            note=f"{product}sku",
            link=lambda one: reverse("product", args=[one.product_id]),
            sort="product",
        ),
        Column(label=_("SKU"), value=f"{product}sku", kind="number", on_page=False),
        Column(label=_("Units"), value="quantity", kind="qty", sort="units", total="units"),
    )


FORECAST_LINES = Table(
    key="forecast-lines",
    scope="forecasts:read",
    title=_("Forecast"),
    listing=listings.FORECAST_LINES,
    rows=_lines,
    within="version",
    roles=frozenset({Role.SELLER}),
    named="product.sku",
    columns=_wanted("product."),
    empty=Empty(_("Nothing is wanted"), "", "circle-minus"),
)


def _forecastable(viewer: Viewer, code: str) -> QuerySet[Product]:
    """What can be forecast, and how much of it one's newest version wants."""
    held = get_object_or_404(PoolRound, code=code)
    current = forecasts.current(held, viewer.company)
    wanted = ForecastLine.objects.filter(forecast=current, product=OuterRef("pk"))
    return offers.with_offer(held, offers.forecastable(held)).annotate(
        wanted=Subquery(wanted.values("quantity")[:1])
    )


def _offer(product: Any) -> Any:
    """The offer by which a product is bought."""
    return product.chosen_offers[0]


def _cheapest(product: Any) -> int | None:
    steps = _offer(product).breaks.all()
    return min((step.pack_price_minor for step in steps if step.from_packs), default=None)


FORECASTABLE = Table(
    key="forecastable",
    scope="forecasts:read",
    title=_("What can be forecast"),
    listing=listings.FORECASTABLE,
    rows=_forecastable,
    within="round",
    roles=frozenset({Role.SELLER}),
    named="sku",
    columns=(
        Column(
            label=_("Product"), value="name", sort="sku", template="procurement/_cell_product.html"
        ),
        Column(label=_("SKU"), value="sku", kind="number", on_page=False),
        Column(
            label=_("Category"),
            value=lambda one: category(one.category),
            sort="category",
            on_page=False,
        ),
        Column(label=_("Pack"), value=lambda one: _offer(one).pack_quantity, kind="qty"),
        Column(
            label=_("Price per pack"),
            value=_cheapest,
            kind="money",
            currency=lambda one: _offer(one).currency,
            draw=lambda one: price_breaks(_offer(one)),
        ),
        Column(
            label=_("Units"),
            value="wanted",
            kind="qty",
            sort="units",
            total="units",
            template="procurement/_cell_units.html",
        ),
    ),
    empty=Empty(
        _("No products found"),
        _("Only goods that a supplier offers and that keep for 180 days are pooled."),
        "search-off",
    ),
)


def _owners(_viewer: Viewer, number: str) -> Listed:
    return Listed(orders.share_totals(get_object_or_404(PurchaseOrder, number=number)))


ORDER_OWNERS = Table(
    key="order-owners",
    title=_("Whose it is"),
    listing=listings.ORDER_OWNERS,
    rows=_owners,
    within="order",
    roles=frozenset({Role.OPERATOR, Role.FINANCE}),
    named="owner.code",
    columns=(
        Column(
            label=_("Company"),
            value="owner.name",
            note="owner.code",
            sort="owner",
            template="procurement/_cell_owner.html",
        ),
        Column(label=_("Company code"), value="owner.code", kind="number", on_page=False),
        Column(label=_("Units"), value="units", kind="qty", sort="units", total="units"),
        Column(
            label=_("Amount"),
            value="amount_minor",
            kind="money",
            currency="currency",
            sort="amount",
            total="amount",
        ),
        Column(
            label=_("Ordered alone"),
            value="alone_minor",
            kind="money",
            currency="currency",
            total="alone",
        ),
        Column(
            label=_("Saved"),
            value="saved_minor",
            kind="money",
            currency="currency",
            total="saved",
        ),
    ),
    empty=Empty(_("Nobody has a share of this order"), "", "users"),
)


def _demand(_viewer: Viewer, code: str) -> Listed:
    held = get_object_or_404(PoolRound, code=code)
    return Listed(forecasts.demand(held).most)


DEMAND = Table(
    key="demand",
    title=_("Pooled demand"),
    listing=listings.DEMAND,
    rows=_demand,
    within="round",
    roles=frozenset({Role.OPERATOR}),
    named="sku",
    columns=(
        Column(
            label=_("Product"),
            value="name",
            note="sku",
            link=lambda one: reverse("product", args=[one.product_id]),
            sort="product",
        ),
        Column(label=_("SKU"), value="sku", kind="number", on_page=False),
        Column(label=_("Sellers"), value="sellers", kind="qty", sort="sellers"),
        Column(label=_("Units"), value="units", kind="qty", sort="units", total="units"),
    ),
    empty=Empty(
        _("Nothing is wanted yet"), _("What sellers file is summed here per product."), "sum"
    ),
)


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of a file that can be taken."""

    pk: int
    row: int
    product_id: int
    sku: str
    name: str
    quantity: int


@dataclass(frozen=True, slots=True)
class FileFault:
    """One thing that is wrong in a file."""

    pk: int
    row: int
    field: str
    message: str


def file_rows(wants: Sequence[Want]) -> Listed:
    products = Product.objects.in_bulk({want.product_id for want in wants})
    return Listed(
        [
            FileRow(
                at,
                want.row,
                want.product_id,
                want.sku,
                products[want.product_id].name,
                want.quantity,
            )
            for at, want in enumerate(wants, 1)
        ]
    )


def file_faults(errors: Sequence[RowError]) -> Listed:
    return Listed(
        [FileFault(at, one.row, one.field, one.message) for at, one in enumerate(errors, 1)]
    )


def kept_file(seller: Company, pk: str) -> ForecastUpload:
    """A seller's own file. Raises Http404."""
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        raise Http404
    mine = ForecastUpload.objects.filter(seller=seller).select_related("round", "seller")
    found: ForecastUpload = get_object_or_404(mine, pk=int(pk))
    return found


def _file_rows(viewer: Viewer, pk: str) -> Listed:
    return file_rows(services.look_again(kept_file(viewer.company, pk)).wants)


def _file_faults(viewer: Viewer, pk: str) -> Listed:
    return file_faults(services.look_again(kept_file(viewer.company, pk)).errors)


FILE_ROWS = Table(
    key="forecast-file-rows",
    scope="forecasts:read",
    title=_("Rows that can be taken"),
    listing=listings.FILE_ROWS,
    rows=_file_rows,
    within="forecast_file",
    roles=frozenset({Role.SELLER}),
    named="sku",
    columns=(*_wanted(""), Column(label=_("Row"), value="row", kind="qty", sort="row")),
    empty=Empty(_("Nothing is wanted"), "", "circle-minus"),
)

FILE_FAULTS = Table(
    key="forecast-file-faults",
    scope="forecasts:read",
    title=_("What is wrong"),
    listing=listings.FILE_FAULTS,
    rows=_file_faults,
    within="forecast_file",
    roles=frozenset({Role.SELLER}),
    named="field",
    columns=(
        Column(label=_("Row"), value="row", kind="qty", sort="row"),
        Column(label=_("Column"), value="field", kind="number", sort="field"),
        Column(label=_("What is wrong"), value="message"),
    ),
    empty=Empty(_("Nothing is wrong"), "", "check"),
)

TABLES = (
    FILINGS,
    FORECAST_LINES,
    FORECASTABLE,
    ORDER_OWNERS,
    DEMAND,
    FILE_ROWS,
    FILE_FAULTS,
)
