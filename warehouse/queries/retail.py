"""Consumers' orders, and the stock they can be served from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from accounts.models import Company
from core.copying import among_array, among_keys, array_of
from core.listings import of_each
from core.prepared import Asked, Found, Planned, ask
from warehouse.models import (
    Holding,
    MissingState,
    Reservation,
    RetailMerge,
    RetailOrder,
    RetailOrderLine,
    RetailOrderState,
    StockStatus,
)
from warehouse.queries.merged import leads_to
from warehouse.rules.buyers import masked
from warehouse.rules.fulfilling import Shelf
from warehouse.rules.retail import IncomingLine, IncomingOrder

#: What only the page of one order shows of its buyer.
BUYER_FIELDS = (
    *("buyer_name", "buyer_id_number", "buyer_telephone", "consignee_address"),
    *("consignee_name", "consignee_telephone"),
)

#: Orders whose retail list may be drawn: stock is set aside, they are paid, nobody holds them.
TO_BE_LISTED = Q(state=RetailOrderState.ALLOCATED, unpaid_until__isnull=True, holds=0)


def stock_for(seller: Company, skus: Collection[str]) -> QuerySet[Holding]:
    """What the seller has of these products to sell, in pk order, which is the order of locks."""
    found: QuerySet[Holding] = (
        Holding.objects.filter(
            owner=seller,
            product__sku__in=set(skus),
            status=StockStatus.AVAILABLE,
            on_hand__gt=0,
        )
        .select_related("lot__product", "lot__warehouse")
        .order_by("pk")
    )
    return found


def ask_products(skus: Collection[str]) -> Asked:
    """SKU and id of those of these products that the catalogue has."""
    return ask(
        "SELECT sku, id FROM catalog_product WHERE sku = ANY ((SELECT %s::text[])::text[])",
        [array_of(set(skus))],
    )


_LOCKED: Planned[Holding] = Planned(
    lambda owner, skus: (
        Holding._base_manager.filter(
            among_array("product__sku", skus, "text"),
            owner_id=owner,
            status=StockStatus.AVAILABLE,
            on_hand__gt=0,
        )
        .select_related("lot__product", "lot__warehouse")
        .order_by("pk")
        .select_for_update(of=("self",))
    ),
    1,
    "{SKU}",
)


def lock_stock(seller: Company, skus: Collection[str]) -> Found[Holding]:
    """:func:`stock_for`, locked until the transaction ends."""
    return _LOCKED.ask(seller.pk, array_of(set(skus)))


def shelves_of(holdings: Iterable[Holding]) -> dict[str, list[Shelf]]:
    """Holdings as the rule wants them, by SKU; what is being counted stands still."""
    found: dict[str, list[Shelf]] = defaultdict(list)
    for holding in holdings:
        if holding.frozen_by_id:
            continue
        lot = holding.lot
        found[lot.product.sku].append(
            Shelf(
                holding=holding.pk,
                lot=lot.pk,
                warehouse=lot.warehouse_id,
                expires_on=lot.expires_on,
                received_at=lot.received_at,
                on_hand=holding.on_hand,
            )
        )
    return found


def counted_of(holdings: Iterable[Holding]) -> dict[str, int]:
    """Units that are being counted and cannot be sold meanwhile, by SKU."""
    found: dict[str, int] = defaultdict(int)
    for holding in holdings:
        if holding.frozen_by_id:
            found[holding.lot.product.sku] += holding.on_hand
    return found


def ask_known(seller: Company, orders: Sequence[IncomingOrder]) -> Asked:
    """Whether there is any order of these numbers, in whatever channel. Next to always there is
    none, and Django takes longer to ask for them well than PostgreSQL to say so."""
    return ask(
        "SELECT EXISTS (SELECT FROM warehouse_retailorder WHERE seller_id = %s "
        "AND channel_order_number = ANY ((SELECT %s::text[])::text[]))",
        [seller.pk, array_of({order.order_number for order in orders})],
    )


def known_orders(
    seller: Company, orders: Sequence[IncomingOrder], *, asked: Asked | None = None
) -> tuple[dict[tuple[str, str], IncomingOrder], dict[tuple[str, str], str]]:
    """Which of these were taken before: their content, and their numbers here.

    Cancelled ones do not count, unless another parcel of the same order stands: such an order may
    be sent again, corrected. One that was merged is as far as the order it went into. ``asked`` is
    the answer of :func:`ask_known`.
    """
    if (asked or ask_known(seller, orders)).row() != (True,):
        return {}, {}
    wanted = {order.key for order in orders}
    rows: QuerySet[Any] = (
        RetailOrder.objects.filter(
            among_keys("channel_order_number", {number for _, number in wanted}, "text"),
            seller=seller,
            channel__in={channel for channel, _ in wanted},
        )
        .annotate(took_place=Exists(RetailMerge.objects.filter(into=OuterRef("pk"))))
        .prefetch_related("lines__product", "missing__product")
        .order_by("pk")
    )
    took_place = {row.pk for row in rows if row.took_place}
    orders_with_parts: dict[int, list[RetailOrder]] = defaultdict(list)
    for row in rows:
        orders_with_parts[row.first_id or row.pk].append(row)
    known: dict[tuple[str, str], IncomingOrder] = {}
    numbers: dict[tuple[str, str], str] = {}
    into = leads_to(rows)
    for parts in orders_with_parts.values():
        standing = [
            row
            for row in parts
            if (into[row.pk].state if row.pk in into else row.state) != RetailOrderState.CANCELLED
        ]
        key = (parts[0].channel, parts[0].channel_order_number)
        if key in wanted and standing:
            known[key] = replace(content_of(parts), took_place=parts[0].pk in took_place)
            numbers[key] = standing[0].number
    return known, numbers


def content_of(parts: Sequence[RetailOrder]) -> IncomingOrder:
    """The shop's order, from all its parcels and what was missing; the first parcel first.

    Call it on orders with their lines and missing units, and the products of both.
    """
    row = parts[0]
    lines: dict[int, IncomingLine] = {}
    told = [
        (line.position, line.product.sku, line.quantity, line.unit_price_minor)
        for part in parts
        for line in part.lines.all()
    ]
    # What was missing and came later stands in its parcel.
    told += [
        (one.position, one.product.sku, one.quantity, one.unit_price_minor)
        for one in row.missing.all()
        if one.state != MissingState.SERVED
    ]
    for position, sku, units, price in told:
        before = lines[position].quantity if position in lines else 0
        lines[position] = IncomingLine(sku, before + units, price)
    return IncomingOrder(
        channel=row.channel,
        order_number=row.channel_order_number,
        placed_at=row.placed_at,
        buyer_name=row.buyer_name,
        buyer_id_number=row.buyer_id_number,
        buyer_telephone=row.buyer_telephone,
        consignee_address=row.consignee_address,
        consignee_name=row.consignee_name,
        consignee_telephone=row.consignee_telephone,
        freight_minor=sum(part.freight_minor for part in parts),
        insurance_minor=sum(part.insurance_minor for part in parts),
        discount_minor=sum(part.discount_minor for part in parts),
        lines=tuple(lines[position] for position in sorted(lines)),
    )


@dataclass(frozen=True, slots=True)
class Buyer:
    """A buyer as pages show it: enough to recognise, not enough to copy."""

    name: str
    id_number: str
    telephone: str
    address: str
    consignee: str = ""
    consignee_telephone: str = ""


def buyer_of(order: RetailOrder) -> Buyer:
    return Buyer(
        name=masked(order.buyer_name, first=1, last=0),
        id_number=masked(order.buyer_id_number, first=3, last=4),
        telephone=masked(order.buyer_telephone, first=3, last=4),
        # The region tells where the parcel goes; the street is the buyer's own.
        address=masked(order.consignee_address, first=6, last=0),
        consignee=masked(order.consignee_name, first=1, last=0),
        consignee_telephone=masked(order.consignee_telephone, first=3, last=4),
    )


def orders_of(seller: Company) -> QuerySet[RetailOrder]:
    """A seller's orders with ``units`` and ``amount_minor`` (CNY, freight in it), newest first."""
    lines = RetailOrderLine.objects.all()
    found: QuerySet[RetailOrder] = (
        RetailOrder.objects.filter(seller=seller)
        .annotate(
            units=of_each(lines, "order", Sum("quantity")),
            amount_minor=F("freight_minor")
            + of_each(lines, "order", Sum(F("quantity") * F("unit_price_minor"))),
        )
        .order_by("-pk")
    )
    return found


def reserved_for(order: RetailOrder) -> QuerySet[Reservation]:
    """Which lots serve an order, line by line."""
    found: QuerySet[Reservation] = (
        Reservation.objects.filter(line__order=order)
        .select_related("line", "holding__lot__product", "holding__lot__warehouse")
        .order_by("line__position", "holding__lot_id", "holding_id")
    )
    return found


def sums_of(found: QuerySet[RetailOrder]) -> dict[str, int]:
    """Units of these orders together, and their goods and freight in fen."""
    lines = RetailOrderLine.objects.filter(order__in=found.values("pk")).aggregate(
        units=Sum("quantity", default=0),
        goods=Sum(F("quantity") * F("unit_price_minor"), default=0),
    )
    freight = found.aggregate(fen=Sum("freight_minor", default=0))["fen"]
    return {"units": int(lines["units"]), "amount": int(lines["goods"] + freight)}
