"""The lists that stand within one round: who filed, a forecast's lines, what can be forecast."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from catalog.models import Product
from catalog.templatetags.catalog import category
from core.listed import Listed
from procurement.models import Forecast, ForecastLine, PoolRound, PurchaseOrder
from procurement.queries import forecasts, listings, offers, orders
from web.tables import Column, Empty, Table, Viewer


def _filings(viewer: Viewer, quarter: str) -> QuerySet[Forecast]:
    return forecasts.filings(get_object_or_404(PoolRound, quarter=quarter))


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
    quarter, _dot, version = place.partition(".")
    if not (version.isascii() and version.isdecimal() and len(version) < 10):
        raise Http404
    held = get_object_or_404(PoolRound, quarter=quarter)
    mine = forecasts.versions(held, viewer.company)
    return forecasts.lines(get_object_or_404(mine, version=int(version)))


def place_of(round: PoolRound, forecast: Forecast) -> str:
    return f"{round.quarter}.{forecast.version}"


FORECAST_LINES = Table(
    key="forecast-lines",
    scope="forecasts:read",
    title=_("Forecast"),
    listing=listings.FORECAST_LINES,
    rows=_lines,
    within="version",
    roles=frozenset({Role.SELLER}),
    named="product.sku",
    columns=(
        Column(
            label=_("Product"),
            value="product.name",
            note="product.sku",
            link=lambda one: reverse("product", args=[one.product_id]),
            sort="product",
        ),
        Column(label=_("SKU"), value="product.sku", kind="number", on_page=False),
        Column(label=_("Units"), value="quantity", kind="qty", sort="units", total="units"),
    ),
    empty=Empty(_("Nothing is wanted"), "", "circle-minus"),
)


def _forecastable(viewer: Viewer, quarter: str) -> QuerySet[Product]:
    """What can be forecast, and how much of it one's newest version wants."""
    held = get_object_or_404(PoolRound, quarter=quarter)
    current = forecasts.current(held, viewer.company)
    wanted = ForecastLine.objects.filter(forecast=current, product=OuterRef("pk"))
    return (
        offers.forecastable(held)
        .prefetch_related("offer__breaks")
        .annotate(wanted=Subquery(wanted.values("quantity")[:1]))
    )


def _cheapest(product: Any) -> int | None:
    steps = product.offer.breaks.all()
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
        Column(label=_("Pack"), value="offer.pack_quantity", kind="qty"),
        Column(
            label=_("Price per pack"),
            value=_cheapest,
            kind="money",
            currency="offer.currency",
            template="procurement/_cell_prices.html",
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
        Column(label=_("Saved"), value="saved_minor", kind="money", currency="currency"),
    ),
    empty=Empty(_("Nobody has a share of this order"), "", "users"),
)

TABLES = (FILINGS, FORECAST_LINES, FORECASTABLE, ORDER_OWNERS)
