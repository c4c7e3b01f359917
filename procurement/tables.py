"""The lists of procurement as its pages and files show them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, Role
from catalog.templatetags.catalog import category
from core.listed import Listed
from procurement import account_tables, crediting_tables, plans_told, services
from procurement.drawing import price_breaks
from procurement.models import PoolRound
from procurement.queries import choosing, forecasts, listings, naming, offers, orders, planning
from web.tables import Action, Column, Empty, Noted, Table, Viewer


def _visible_orders(viewer: Viewer) -> Any:
    found = orders.orders()
    return found.filter(buyer=viewer.company) if viewer.role == Role.IMPORTER else found


def _place(order: Any, viewer: Viewer, now: datetime) -> None:
    services.place_order(order=order, now=now, by=viewer.user)


ORDERS = Table(
    key="orders",
    scope="orders:read",
    title=_("Combined orders"),
    listing=listings.ORDERS,
    rows=_visible_orders,
    roles=frozenset({Role.OPERATOR, Role.FINANCE, Role.IMPORTER}),
    columns=(
        Column(
            label=_("Order"),
            value="number",
            kind="number",
            link=lambda one: reverse("order", args=[one.number]),
            sort="number",
        ),
        Column(label=_("Supplier"), value="supplier.company.name", sort="supplier"),
        Column(label=_("Quarter"), value="round.code", sort="quarter"),
        Column(label=_("Status"), value="state", kind="state", sort="state"),
        Column(label=_("Placed"), value="placed_at", kind="moment", on_page=False),
        Column(label=_("Promised for"), value="promised_on", kind="day", sort="promised_on"),
        Column(label=_("Lines"), value="line_count", kind="qty"),
        Column(
            label=_("Amount"),
            value="amount_minor",
            kind="money",
            currency="currency",
            sort="amount",
            total="amount",
        ),
    ),
    empty=Empty(_("No orders"), _("Combined orders are made when a round closes."), "file-invoice"),
    actions=(
        Action(
            name="place",
            label=_("Place the orders"),
            icon="send",
            roles=frozenset({Role.OPERATOR}),
            each=_place,
            asks=_("Each order is placed with its supplier and its paper is made."),
        ),
    ),
)


def _rounds(rows: list[Any], viewer: Viewer) -> None:
    told = forecasts.standings(rows)
    for row in rows:
        row.standing = told[row.pk]
        row.is_open = forecasts.takes_forecasts(row, viewer.now)


def _mine(rows: list[Any], viewer: Viewer) -> None:
    newest = forecasts.newest_of(viewer.company, rows)
    for row in rows:
        row.forecast = newest.get(row.pk)
        row.is_open = forecasts.takes_forecasts(row, viewer.now)


_QUARTER = Column(
    label=_("Quarter"),
    value="code",
    link=lambda one: reverse("round", args=[one.code]),
    sort="quarter",
)
_STATUS = Column(
    label=_("Status"), value="state", kind="choice", template="procurement/_cell_status.html"
)
_CUTOFF = Column(
    label=_("Cut-off"),
    value="cutoff_at",
    kind="moment",
    template="procurement/_cell_cutoff.html",
    sort="cutoff_at",
)


def _plan(round: Any, viewer: Viewer, now: datetime) -> Noted | None:
    return plans_told.noted(services.plan_ahead(round=round, now=now).row)


def _ask(round: Any, viewer: Viewer, now: datetime) -> Noted | None:
    services.ask_for_deposits(round=round, platform=viewer.company, now=now)
    return plans_told.noted(planning.newest_plan(round))


def _close(round: Any, viewer: Viewer, now: datetime) -> Noted | None:
    buyer = Company.objects.get(pk=(viewer.given or {})["buyer"])
    services.close_round(
        round=round, buyer=buyer, platform=viewer.company, closed_by=viewer.user, now=now
    )
    return plans_told.noted(planning.newest_plan(round))


def _of_round(pk: int) -> str:
    return reverse("round", args=[PoolRound.objects.get(pk=pk).code])


def _of_one(name: str, label: Any, icon: str, each: Any) -> Action:
    """What takes longer than a page may, of one round; its own page starts it."""
    return Action(
        name=name,
        label=label,
        icon=icon,
        roles=frozenset({Role.OPERATOR}),
        each=each,
        # Solving takes seconds, in which no transaction is open; done again, nothing is doubled.
        is_alone=True,
        is_listed=False,
        leads=_of_round,
    )


PLAN = _of_one("plan", _("Plan it now"), "route", _plan)
ASK = _of_one("deposits", _("Ask for deposits"), "cash", _ask)
CLOSE = _of_one("close", _("Close the round"), "lock", _close)

ROUNDS = Table(
    key="rounds",
    scope="rounds:read",
    title=_("Pool rounds"),
    listing=listings.POOL_ROUNDS,
    rows=lambda viewer: forecasts.rounds(),
    attach=_rounds,
    roles=frozenset({Role.OPERATOR}),
    named="code",
    actions=(PLAN, ASK, CLOSE),
    columns=(
        _QUARTER,
        _STATUS,
        _CUTOFF,
        Column(label=_("Sellers"), value="standing.sellers", kind="qty"),
        Column(label=_("Lines"), value="standing.lines", kind="qty", total="lines"),
        Column(label=_("Units"), value="standing.units", kind="qty", total="units"),
    ),
    empty=Empty(
        _("No rounds yet"),
        _("Announce a round for a quarter; sellers file forecasts until its cut-off."),
        "calendar-plus",
        "round_new",
        _("Announce a round"),
    ),
)

MY_ROUNDS = Table(
    key="my-rounds",
    scope="forecasts:read",
    title=_("My forecasts"),
    listing=listings.ROUNDS,
    rows=lambda viewer: forecasts.rounds(),
    attach=_mine,
    roles=frozenset({Role.SELLER}),
    named="code",
    columns=(
        Column(
            label=_("Quarter"),
            value="code",
            link=lambda one: reverse("my_round", args=[one.code]),
            sort="quarter",
        ),
        _STATUS,
        _CUTOFF,
        Column(
            label=_("Filed by us"),
            value="forecast.filed_at",
            kind="moment",
            template="procurement/_cell_filed.html",
        ),
        Column(label="", template="procurement/_cell_file.html"),
    ),
    empty=Empty(
        _("No round has been announced yet"),
        _("The platform opens one for each quarter; it will stand here with its cut-off."),
        "calendar-event",
    ),
)

OFFERS = Table(
    key="offers",
    scope="offers:read",
    title=_("Supplier offers"),
    listing=listings.OFFERS,
    rows=lambda viewer: offers.listed(),
    roles=frozenset({Role.OPERATOR}),
    named="product.sku",
    columns=(
        Column(
            label=_("Product"),
            value="product.name",
            note="product.sku",
            link=lambda one: reverse("offer", args=[one.pk]),
            sort="product",
        ),
        Column(label=_("SKU"), value="product.sku", kind="number", on_page=False),
        Column(label=_("Supplier"), value="supplier.company.name", sort="supplier"),
        Column(
            label=_("Supplier's article number"),
            value="supplier_code",
            kind="number",
            on_page=False,
        ),
        Column(label=_("Incoterm"), value="incoterm"),
        Column(label=_("Pack"), value="pack_quantity", kind="qty"),
        Column(label=_("Packs per layer"), value="packs_per_layer", kind="qty", on_page=False),
        Column(label=_("Layers per pallet"), value="layers_per_pallet", kind="qty", on_page=False),
        Column(label=_("Ordered in"), value="multiple", kind="choice", on_page=False),
        Column(label=_("Capacity (units)"), value="capacity", kind="qty", on_page=False),
        Column(label=_("A price counts"), value="pricing", kind="choice", on_page=False),
        Column(label=_("Minimum"), value="minimum_quantity", kind="qty", sort="minimum"),
        Column(
            label=_("Lead time"),
            value="lead_time_days",
            kind="qty",
            sort="lead_time",
            template="procurement/_cell_lead.html",
        ),
        Column(
            label=_("Price per pack"),
            value=lambda one: min(
                (step.pack_price_minor for step in one.breaks.all() if step.from_packs),
                default=None,
            ),
            kind="money",
            currency="currency",
            draw=price_breaks,
        ),
        Column(
            label=_("Valid from"),
            value="valid_from",
            kind="day",
            note="valid_to",
            sort="valid_from",
            in_file=False,
        ),
        Column(label=_("Valid from"), value="valid_from", kind="day", on_page=False),
        Column(label=_("Valid until"), value="valid_to", kind="day", on_page=False),
        Column(label=_("Changes"), template="procurement/_cell_history.html", in_file=False),
    ),
    empty=Empty(
        _("No offers"),
        _("Offers say in which packs, from which minimum and at which price a supplier sells."),
        "tags",
    ),
)

CATEGORIES = Table(
    key="categories",
    scope="rounds:read",
    title=_("Which categories to pool"),
    listing=listings.CATEGORIES,
    rows=lambda viewer: Listed(choosing.categories(viewer.today)),
    roles=frozenset({Role.OPERATOR}),
    named="category",
    columns=(
        Column(label="", template="procurement/_cell_pick.html", in_file=False),
        Column(
            label=_("Category"),
            value=lambda one: category(one.category) or _("without a category"),
            sort="category",
        ),
        Column(label=_("Score"), value="score", kind="qty", sort="score"),
        Column(label=_("Products"), value="products", kind="qty"),
        Column(label=_("Units in the last four quarters"), value="units", kind="qty", sort="units"),
        Column(label=_("Sellers"), value="sellers", kind="qty", sort="sellers"),
        Column(
            label=_("Spoils too soon"), value="spoiling_percent", kind="percent", sort="spoiling"
        ),
        Column(
            label=_("Value of a unit"), value="unit_value_minor", kind="money", sort="unit_value"
        ),
        Column(label=_("Minimum reached alone"), value="alone_percent", kind="percent"),
        Column(
            label=_("Minimum reached pooled"),
            value="pooled_percent",
            kind="percent",
            sort="pooled",
        ),
        Column(label=_("Rounds announced"), value="rounds"),
    ),
    empty=Empty(_("No categories"), _("Products have no categories yet."), "category"),
)

OWN_SKUS = Table(
    key="own-skus",
    scope="forecasts:read",
    title=_("Own SKUs"),
    listing=listings.OWN_SKUS,
    rows=lambda viewer: naming.own_skus(viewer.company),
    roles=frozenset({Role.SELLER}),
    named="own_sku",
    columns=(
        Column(label=_("Own SKU"), value="own_sku", kind="number", sort="own_sku"),
        Column(
            label=_("Product"),
            value="product.name",
            note="product.sku",
            link=lambda one: reverse("product", args=[one.product_id]),
            sort="product",
        ),
        Column(label=_("SKU"), value="product.sku", kind="number", on_page=False),
        Column(label=_("How"), value=lambda one: one.get_how_display()),
        Column(label=_("Confirmed"), value="confirmed_at", kind="moment", note="confirmed_by.name"),
        Column(label="", template="procurement/_cell_own_sku.html", in_file=False),
    ),
    empty=Empty(
        _("No own SKUs yet"),
        _("Add one here; files and programs may then name the product by it."),
        "tags",
    ),
)

TABLES = (
    OWN_SKUS,
    CATEGORIES,
    ORDERS,
    ROUNDS,
    MY_ROUNDS,
    OFFERS,
    *crediting_tables.TABLES,
    *account_tables.TABLES,
)
