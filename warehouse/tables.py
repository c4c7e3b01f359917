"""The lists of the warehouse as its pages and files show them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from procurement.models import Shipment
from procurement.queries import listings as procurement
from traceability.queries import received_lot
from traceability.services import issue_labels
from warehouse import services
from warehouse.queries import listings, stock
from warehouse.queries.retail import BUYER_FIELDS, orders_of
from warehouse.queries.shelf_life import with_least_days
from warehouse.rules.posting import PROMISED, Status
from warehouse.rules.shelf_life import last_sellable_day
from web.tables import Action, Column, Empty, Table, Viewer

_WAREHOUSE = frozenset({Role.WAREHOUSE, Role.OPERATOR})
_SELLER = frozenset({Role.SELLER})


def operator_of(viewer: Viewer) -> Any:
    """Whose warehouses the person sees: its own; the platform's operators see all."""
    return None if viewer.role == Role.OPERATOR else viewer.company


def shipments_for(operator: Any) -> Any:
    """All for the platform; for a warehouse's people what was declared into its warehouses."""
    if operator is None:
        return Shipment.objects.all()
    return Shipment.objects.filter(bound_for=operator)


SHIPMENTS = Table(
    key="warehouse-shipments",
    title=_("Shipments to receive"),
    listing=replace(procurement.SHIPMENTS, name="warehouse-shipments", default="expected_on"),
    rows=lambda viewer: shipments_for(operator_of(viewer)).select_related(
        "order__supplier__company"
    ),
    roles=_WAREHOUSE,
    columns=(
        Column(label=_("Shipment"), value="number", kind="number", sort="number"),
        Column(label=_("State"), value="state", kind="state"),
        Column(label=_("Supplier"), value="order.supplier.company.name"),
        Column(label=_("Order"), value="order.number", kind="number", on_page=False),
        Column(label=_("Vessel"), value="vessel", note="voyage"),
        Column(label=_("Expected"), value="expected_on", kind="day", sort="expected_on"),
        Column(
            label=_("Packages"), value="packages", kind="qty", sort="packages", total="packages"
        ),
    ),
    empty=Empty(
        _("No shipment is under way"),
        _("A shipment appears here as soon as the supplier has sent it."),
        "truck-delivery",
    ),
)

RECEIPTS = Table(
    key="receipts",
    title=_("Receipts"),
    listing=listings.RECEIPTS,
    rows=lambda viewer: stock.receipts(operator_of(viewer)),
    roles=_WAREHOUSE,
    columns=(
        Column(
            label=_("Receipt"),
            value="number",
            kind="number",
            link=lambda one: reverse("warehouse_receipt", args=[one.number]),
            sort="number",
        ),
        Column(label=_("Shipment"), value="shipment.number", kind="number"),
        Column(label=_("Warehouse"), value="warehouse.code"),
        Column(label=_("Received at"), value="received_at", kind="moment", sort="received_at"),
        Column(label=_("Announced"), value="announced", kind="qty", total="announced"),
        Column(
            label=_("Counted"),
            value="counted",
            kind="qty",
            total="counted",
            template="warehouse/_cell_counted.html",
        ),
    ),
    empty=Empty(
        _("No receipt yet"),
        _("A receipt is booked when a cleared shipment has been counted."),
        "clipboard-check",
    ),
)


def _label(lot: Any, viewer: Viewer, now: datetime) -> None:
    """Codes and sheets for every unit of the lot that has none yet."""
    unlabelled = received_lot(lot.product.gtin, lot.number).unlabelled
    issue_labels(
        product=lot.product,
        lot_number=lot.number,
        count=unlabelled,
        language=get_language() or "zh-hans",
        now=now,
    )


LOTS = Table(
    key="lots",
    title=_("Lots"),
    listing=listings.LOTS,
    rows=lambda viewer: stock.lots(operator_of(viewer)),
    roles=_WAREHOUSE,
    columns=(
        Column(
            label=_("Lot"),
            value="number",
            kind="number",
            link=lambda one: reverse("warehouse_lot", args=[one.number]),
            sort="number",
        ),
        Column(label=_("Product"), value="product.name", note="product.sku"),
        Column(label=_("SKU"), value="product.sku", kind="number", on_page=False),
        Column(label=_("GTIN"), value="product.gtin", kind="number", on_page=False),
        Column(label=_("Maker's batch"), value="batch", kind="number"),
        Column(
            label=_("Expires"),
            value="expires_on",
            kind="day",
            sort="expires_on",
            template="warehouse/_cell_lot_expiry.html",
        ),
        Column(label=_("Received"), value="received_at", kind="moment", sort="received_at"),
        Column(label=_("Owners"), value="owners", kind="qty"),
        Column(label=_("On hand"), value="on_hand", kind="qty", total="on_hand"),
    ),
    empty=Empty(_("No lot yet"), _("Lots come into being when a shipment is counted."), "packages"),
    actions=(
        Action(
            name="labels",
            label=_("Print the missing labels"),
            icon="qrcode",
            roles=_WAREHOUSE,
            each=_label,
            asks=_("Every unit of these lots that has no code yet gets one, for good."),
        ),
    ),
)

_EXPIRES = Column(
    label=_("Expires"),
    value="lot.expires_on",
    kind="day",
    sort="expires_on",
    template="warehouse/_cell_expiry.html",
)
_STATUS = Column(label=_("Status"), value="status", kind="choice")
_UNITS = Column(label=_("Units"), value="on_hand", kind="qty", sort="on_hand", total="on_hand")


def _change(after: Status | None) -> Callable[[Any, Viewer, datetime], None]:
    def change(holding: Any, viewer: Viewer, now: datetime) -> None:
        services.change_stock(
            holding=holding, keeper=viewer.company, after=after, changed_by=viewer.user, now=now
        )

    return change


def _change_to(name: str, label: Any, icon: str, asks: Any, after: Status | None) -> Action:
    roles = frozenset({Role.WAREHOUSE})
    return Action(name=name, label=label, icon=icon, roles=roles, each=_change(after), asks=asks)


_CHANGES = (
    _change_to(
        "quarantine",
        _("Put into quarantine"),
        "shield-lock",
        _("All that lies there cannot be sold until it is freed. Its owners hear of it."),
        Status.QUARANTINE,
    ),
    _change_to(
        "free",
        _("Free for sale"),
        "shield-check",
        _("What was in quarantine can be sold again. Its owners hear of it."),
        Status.AVAILABLE,
    ),
    _change_to(
        "damage",
        _("Mark as damaged"),
        "package-off",
        _("All that lies there cannot be sold. Its owners hear of it."),
        Status.DAMAGED,
    ),
    _change_to(
        "recall",
        _("Recall"),
        "arrow-back-up",
        _("All that lies there cannot be sold. Its owners hear of it."),
        Status.RECALLED,
    ),
    _change_to(
        "expire",
        _("Mark as expired"),
        "calendar-x",
        _("Lots whose day has come are set aside for good. Their owners hear of it."),
        Status.EXPIRED,
    ),
    _change_to(
        "destroy",
        _("Record the destruction"),
        "trash",
        _("Damaged, expired and recalled goods leave the books for good. Their owners hear of it."),
        None,
    ),
)

STOCK = Table(
    key="stock",
    title=_("Stock"),
    listing=lambda viewer: listings.stock_on(viewer.today),
    rows=lambda viewer: stock.holdings(warehouses_of=operator_of(viewer)).select_related(
        "location__stands_at"
    ),
    roles=_WAREHOUSE,
    named="lot.number",
    columns=(
        Column(
            label=_("Product"), value="lot.product.name", note="lot.product.sku", sort="product"
        ),
        Column(label=_("SKU"), value="lot.product.sku", kind="number", on_page=False),
        Column(
            label=_("Lot"),
            value="lot.number",
            kind="number",
            link=lambda one: reverse("warehouse_lot", args=[one.lot.number]),
        ),
        Column(label=_("Owner"), value="owner.name", sort="owner"),
        Column(label=_("Warehouse"), value="lot.warehouse.code", on_page=False),
        Column(label=_("Place"), value="location.where", kind="number"),
        _EXPIRES,
        _STATUS,
        _UNITS,
    ),
    empty=Empty(
        _("No stock here"), _("Stock stands here once a receipt is booked."), "building-warehouse"
    ),
    actions=_CHANGES,
    may_pick=lambda holding: holding.status not in PROMISED,
)

MY_STOCK = Table(
    key="my-stock",
    scope="stock:read",
    title=_("My stock"),
    listing=lambda viewer: listings.stock_on(viewer.today),
    rows=lambda viewer: with_least_days(stock.holdings(owner=viewer.company)),
    roles=_SELLER,
    named="lot.number",
    columns=(
        Column(
            label=_("Product"), value="lot.product.name", note="lot.product.sku", sort="product"
        ),
        Column(label=_("SKU"), value="lot.product.sku", kind="number", on_page=False),
        Column(label=_("Lot"), value="lot.number", kind="number"),
        Column(label=_("Warehouse"), value="lot.warehouse.code"),
        Column(label=_("Received"), value="lot.received_at", kind="moment", sort="received_at"),
        _EXPIRES,
        Column(
            label=_("Sold until"),
            value=lambda one: last_sellable_day(one.expires_on, one.least_days),
            kind="day",
        ),
        _STATUS,
        _UNITS,
    ),
    empty=Empty(
        _("Nothing of yours has arrived yet"),
        _("Your share of a combined order appears here once the bonded warehouse has counted it."),
        "building-warehouse",
    ),
)

MOVES = (
    Column(label=_("Moved at"), value="moved_at", kind="moment", sort="moved_at"),
    Column(label=_("Kind"), value="kind", kind="choice"),
    Column(label=_("Status"), value="status", kind="choice"),
    Column(label=_("Product"), value="lot.product.name"),
    Column(label=_("SKU"), value="lot.product.sku", kind="number", on_page=False),
    Column(label=_("Lot"), value="lot.number", kind="number"),
    Column(label=_("Owner"), value="owner.name", when=lambda viewer: viewer.role != Role.SELLER),
    Column(label=_("Document"), value="document", kind="number"),
    Column(
        label=_("Units"),
        value="quantity",
        kind="qty",
        total="units",
        template="warehouse/_cell_moved.html",
    ),
)

MOVEMENTS = Table(
    key="movements",
    scope="stock:read",
    title=_("Movements"),
    listing=listings.MOVEMENTS,
    rows=lambda viewer: (
        stock.movements(owner=viewer.company)
        if viewer.role == Role.SELLER
        else stock.movements(warehouses_of=operator_of(viewer))
    ),
    roles=_WAREHOUSE | _SELLER,
    named="document",
    columns=MOVES,
    empty=Empty(
        _("Nothing has moved yet"),
        _("Every receipt, reservation and return stands here."),
        "arrows-exchange",
    ),
)


#: What is done with them stands in ``customs.tables``: a drawn list is voided first.
RETAIL_ORDERS = Table(
    key="retail-orders",
    scope="retail:read",
    title=_("Retail orders"),
    listing=listings.RETAIL_ORDERS,
    # A list shows no buyer, so none is decrypted for it.
    rows=lambda viewer: orders_of(viewer.company).defer(*BUYER_FIELDS),
    roles=_SELLER,
    columns=(
        Column(
            label=_("Number"),
            value="number",
            kind="number",
            link=lambda one: reverse("retail_order", args=[one.number]),
            sort="number",
        ),
        Column(label=_("Shop"), value="channel", sort="channel"),
        Column(label=_("Order number in the shop"), value="channel_order_number", kind="number"),
        Column(label=_("Placed at"), value="placed_at", kind="moment", sort="placed_at"),
        Column(label=_("Status"), value="state", kind="state"),
        Column(label=_("Units"), value="units", kind="qty", total="units"),
        Column(label=_("Amount"), value="amount_minor", kind="money", total="amount"),
    ),
    empty=Empty(
        _("No retail order here"),
        _("Send the orders of your shop as a file, or enter one by hand."),
        "shopping-bag",
        "retail_upload_new",
        _("Upload a file"),
    ),
)

TABLES = (SHIPMENTS, RECEIPTS, LOTS, STOCK, MY_STOCK, MOVEMENTS)
