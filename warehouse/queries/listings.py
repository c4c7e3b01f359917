"""The lists of the warehouse, for its pages and its API."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.queries import companies_named, company_keys, product_keys, products_named
from core.filters import Choice, Choices, Code, Days, Flag, Numbers
from core.listing import Listing, Related, Search, Sort, Total
from warehouse.models import Lot, MovementKind, RetailOrderState, StockStatus
from warehouse.queries import retail, stock
from warehouse.rules.retail import Outcome
from warehouse.rules.shelf_life import EXPIRY_DAYS


def _lots_numbered(words: str) -> QuerySet[Lot]:
    return Lot.objects.filter(number__begins=words.upper()).order_by("pk")


def _lot_keys(number: str) -> list[int]:
    return list(Lot.objects.filter(number=number).values_list("pk", flat=True))


RECEIPTS = Listing(
    name="receipts",
    sorts={"number": "number", "received_at": "received_at"},
    default="-number",
    search=Search(prefix=("number", "shipment__number"), hint=_("Receipt or shipment number")),
    filters=(
        Code(name="warehouse", path="warehouse__code", label=_("Warehouse")),
        Days(name="received", path="received_at", label=_("Received")),
    ),
    totals=(
        Total("announced", "announced", added=stock.units_at),
        Total("counted", "counted", added=stock.units_at),
    ),
)

LOTS = Listing(
    name="lots",
    sorts={
        "number": "number",
        "expires_on": Sort("expires_on", nullable=True),
        "received_at": "received_at",
    },
    default="-number",
    search=Search(
        prefix=("number",),
        exact=("batch",),
        related=(Related("product", products_named),),
        hint=_("Lot, GTIN, SKU, batch or name"),
    ),
    filters=(
        Code(name="product", path="product", find=product_keys, label=_("SKU")),
        Code(name="warehouse", path="warehouse__code", label=_("Warehouse")),
        Days(name="expires", path="expires_on", is_moment=False, label=_("Expires")),
        Days(name="received", path="received_at", label=_("Received")),
    ),
    totals=(Total("on_hand", "on_hand", added=stock.units_in),),
)


def stock_on(today: date) -> Listing:
    """What lies in bond, by owner, lot and status; how near the expiry is depends on the day."""
    return Listing(
        name="stock",
        sorts={
            "product": "product__sku",
            "expires_on": Sort("expires_on", nullable=True),
            "received_at": "received_at",
            "owner": "owner__code",
            "on_hand": "on_hand",
        },
        default="product",
        search=Search(
            related=(
                Related("product", products_named),
                Related("lot", _lots_numbered),
                Related("owner", companies_named),
            ),
            hint=_("Lot, GTIN, SKU or owner"),
        ),
        filters=(
            Choice(
                name="days",
                label=_("Expires"),
                choices=[
                    (str(days), _("within %(days)s days") % {"days": days}) for days in EXPIRY_DAYS
                ],
                when=lambda days: Q(expires_on__lte=today + timedelta(days=int(days))),
            ),
            Code(name="product", path="product", find=product_keys, label=_("SKU")),
            Code(name="lot", path="lot", find=_lot_keys, label=_("Lot")),
            Code(name="owner", path="owner", find=company_keys, label=_("Owner")),
            Code(name="warehouse", path="warehouse__code", label=_("Warehouse")),
            Choices(name="status", path="status", choices=StockStatus.choices, label=_("Status")),
            Days(name="expires", path="expires_on", is_moment=False, label=_("Expires")),
            Numbers(name="on_hand", path="on_hand", label=_("Units")),
        ),
        totals=(Total("on_hand", "on_hand"),),
    )


#: What arrived for one owner.
ARRIVALS = Listing(
    name="arrivals",
    sorts={
        # In the order in which they were booked, which is that of their arrival.
        "newest": "pk",
        "received": "received",
        "entitled": "entitled",
    },
    default="-newest",
    search=Search(
        prefix=("receipt__number", "receipt_line__lot__number"),
        related=(Related("product", products_named),),
        hint=_("Receipt, lot, SKU or name"),
    ),
    filters=(
        Code(
            name="product",
            path="product",
            find=product_keys,
            label=_("SKU"),
        ),
        Code(name="lot", path="receipt_line__lot", find=_lot_keys, label=_("Lot")),
        Days(name="received", path="receipt__received_at", label=_("Received")),
    ),
    totals=(Total("entitled", "entitled"), Total("received", "received")),
)

MOVEMENTS = Listing(
    name="movements",
    sorts={"newest": "pk", "moved_at": "moved_at"},
    default="-newest",
    search=Search(
        prefix=("document",),
        related=(
            Related("lot", _lots_numbered),
            Related("lot__product", products_named),
        ),
        hint=_("Document, lot, SKU or name"),
    ),
    filters=(
        Choices(name="kind", path="kind", choices=MovementKind.choices, label=_("Kind")),
        Choices(name="status", path="status", choices=StockStatus.choices, label=_("Status")),
        Code(name="lot", path="lot", find=_lot_keys, label=_("Lot")),
        Code(name="product", path="lot__product", find=product_keys, label=_("SKU")),
        Code(name="owner", path="owner", find=company_keys, label=_("Owner")),
        Days(name="moved", path="moved_at", label=_("Moved at")),
    ),
    totals=(Total("units", "quantity"),),
)

RETAIL_ORDERS = Listing(
    name="retail-orders",
    sorts={"number": "number", "placed_at": "placed_at", "channel": "channel"},
    default="-number",
    search=Search(prefix=("number", "channel_order_number"), hint=_("Number, here or in the shop")),
    filters=(
        Choices(name="state", path="state", choices=RetailOrderState.choices, label=_("Status")),
        Code(name="channel", path="channel", label=_("Shop")),
        Days(name="placed", path="placed_at", label=_("Placed at")),
    ),
    totals=(
        Total("units", "units", added=retail.sums_of),
        Total("amount", "amount_minor", fixed="CNY", added=retail.sums_of),
    ),
)

RECEIPT_SHARES = Listing(
    name="receipt-shares",
    sorts={
        "line": "pk",
        "product": "product__sku",
        "owner": "owner__code",
        "entitled": "entitled",
        "received": "received",
    },
    default="line",
    search=Search(
        related=(
            Related("product", products_named),
            Related("owner", companies_named),
        ),
        hint=_("SKU, name or owner"),
    ),
    filters=(
        Code(
            name="product",
            path="product",
            find=product_keys,
            label=_("SKU"),
        ),
        Code(name="owner", path="owner", find=company_keys, label=_("Owner")),
        Flag(name="short", when=Q(received__lt=F("entitled")), label=_("Short")),
    ),
    totals=(Total("entitled", "entitled"), Total("received", "received")),
)

#: Rows in memory: what a file of orders would do, or did.
UPLOAD_OUTCOMES = Listing(
    name="retail-outcomes",
    sorts={"order": "pk", "number": "order_number", "outcome": "outcome"},
    default="order",
    search=Search(
        more=lambda words: Q(order_number__icontains=words) | Q(channel__icontains=words),
        hint=_("Order number in the shop"),
    ),
    filters=(
        Choices(
            name="outcome",
            path="outcome",
            choices=(
                (Outcome.ACCEPTED.value, pgettext_lazy("order", "taken")),
                (Outcome.ALREADY_TAKEN.value, _("Taken before")),
                (Outcome.REFUSED.value, _("Refused")),
            ),
            label=_("What became of it"),
        ),
    ),
)

UPLOAD_FAULTS = Listing(
    name="retail-faults",
    sorts={"row": "row", "field": "field"},
    default="row",
    search=Search(more=lambda words: Q(field__icontains=words), hint=_("Column")),
    filters=(Numbers(name="row", path="row", label=_("Row")),),
)

UPLOADS = Listing(
    name="retail-files",
    sorts={"newest": "pk"},
    default="-newest",
    filters=(
        Flag(name="taken", when=Q(taken_at__isnull=False), label=pgettext_lazy("file", "Taken")),
        Days(name="uploaded", path="uploaded_at", label=_("Uploaded")),
    ),
)
