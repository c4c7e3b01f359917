"""The lists that stand within one round or file: who filed, what is wanted, whose it is."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, Role
from catalog.models import Product
from catalog.templatetags.catalog import category
from core.listed import Listed
from procurement.drawing import price_steps
from procurement.models import Forecast, ForecastLine, PoolRound, PurchaseOrder, PurchaseOrderLine
from procurement.queries import forecasts, listings, meeting, offers, outlook
from web.tables import Column, Empty, Table, Viewer


def _filings(viewer: Viewer, code: str) -> QuerySet[Forecast]:
    return forecasts.filings(get_object_or_404(PoolRound, code=code))


FILINGS = Table(
    key="filings",
    scope="rounds:read",
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
        Column(label=_("Do without"), value="less", kind="qty", total="less"),
        Column(label=_("Take more"), value="more", kind="qty", total="more"),
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


def wanted_columns(product: str) -> tuple[Column, ...]:
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
        Column(label=_("Do without"), value="less", kind="qty", total="less"),
        Column(label=_("Take more"), value="more", kind="qty", total="more"),
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
    columns=wanted_columns("product."),
    empty=Empty(_("Nothing is wanted"), "", "circle-minus"),
)


def _forecastable(viewer: Viewer, code: str) -> QuerySet[Product]:
    """What can be forecast, and how much of it one's newest version wants."""
    held = get_object_or_404(PoolRound, code=code)
    return forecastable(held, forecasts.current(held, viewer.company), viewer.company)


def forecastable(held: PoolRound, current: Forecast | None, seller: Company) -> QuerySet[Product]:
    """The same for who knows the round and the version already."""
    wanted = ForecastLine.objects.filter(forecast=current, product=OuterRef("pk"))
    return offers.with_offer(held, offers.forecastable(held)).annotate(
        wanted=Subquery(wanted.values("quantity")[:1]),
        less=Subquery(wanted.values("less")[:1]),
        more=Subquery(wanted.values("more")[:1]),
        own_names=outlook.own_names(seller),
    )


def _offer(product: Any) -> Any:
    """The offer by which a product is bought."""
    return product.chosen_offers[0]


def _steps(product: Any) -> SafeString:
    offer = _offer(product)
    return price_steps(offer, zip(offer.starts, offer.prices, strict=True))


def _cheapest(product: Any) -> int | None:
    return min(_offer(product).prices, default=None)


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
            draw=_steps,
        ),
        Column(
            label=_("Units"),
            value="wanted",
            kind="qty",
            sort="units",
            total="units",
            template="procurement/_cell_units.html",
        ),
        Column(
            label=_("Suggested"),
            template="procurement/_cell_suggested.html",
            in_file=False,
        ),
        Column(
            label=_("Do without"),
            value="less",
            kind="qty",
            template="procurement/_cell_less.html",
        ),
        Column(
            label=_("Take more"),
            value="more",
            kind="qty",
            template="procurement/_cell_more.html",
        ),
        Column(
            label=_("Likely unit cost"),
            template="procurement/_cell_likely.html",
            in_file=False,
        ),
        Column(
            label=_("Earlier: forecast and got"),
            template="procurement/_cell_earlier.html",
            in_file=False,
        ),
    ),
    empty=Empty(
        _("No products found"),
        _("Only goods that a supplier offers and that keep for 180 days are pooled."),
        "search-off",
    ),
)


def _owners(_viewer: Viewer, number: str) -> Listed:
    return Listed(meeting.share_totals(get_object_or_404(PurchaseOrder, number=number)))


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
        Column(label=_("Units ordered"), value="units", kind="qty", sort="units", total="units"),
        Column(label=_("Stands"), value="stands", kind="qty", total="stands"),
        Column(
            label=_("Amount"),
            value="amount_minor",
            kind="money",
            currency="currency",
            sort="amount",
            total="amount",
        ),
        Column(
            label=_("Amount as ordered"),
            value="ordered_minor",
            kind="money",
            currency="currency",
            total="ordered",
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


def _line_owners(_viewer: Viewer, place: str) -> Listed:
    return Listed(meeting.asked(order_line(place)))


def order_line(place: str) -> PurchaseOrderLine:
    """``PO-2026-000001.3``: the third line of an order. Raises Http404."""
    number, _dot, position = place.rpartition(".")
    if not (position.isascii() and position.isdecimal() and len(position) < 9):
        raise Http404
    found: PurchaseOrderLine = get_object_or_404(
        PurchaseOrderLine.objects.select_related("order__supplier__company", "product", "offer"),
        order__number=number,
        position=int(position),
    )
    return found


LINE_OWNERS = Table(
    key="line-owners",
    title=_("Who asked for it"),
    listing=listings.LINE_OWNERS,
    rows=_line_owners,
    within="order_line",
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
        Column(label=_("Wished"), value="wished", kind="qty"),
        Column(
            label=_("Units ordered"), value="ordered", kind="qty", sort="ordered", total="ordered"
        ),
        Column(label=_("Stands"), value="stands", kind="qty", total="stands"),
        Column(label=_("On its way"), value="shipped", kind="qty", total="shipped"),
        Column(
            label=_("Amount"),
            value="amount_minor",
            kind="money",
            currency="currency",
            sort="amount",
            total="amount",
        ),
    ),
    empty=Empty(_("Nobody has a share of this line"), "", "users"),
)


def _demand(_viewer: Viewer, code: str) -> Listed:
    held = get_object_or_404(PoolRound, code=code)
    return Listed(forecasts.demand(held).most)


DEMAND = Table(
    key="demand",
    scope="rounds:read",
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


TABLES = (
    FILINGS,
    FORECAST_LINES,
    FORECASTABLE,
    ORDER_OWNERS,
    LINE_OWNERS,
    DEMAND,
)
