"""Orders, shares and shipments as pages and other apps read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, DecimalField, F, QuerySet
from django.db.models.functions import Cast, Round
from django.utils.translation import get_language

from accounts.models import Company
from catalog.models import Product
from core.listings import of_each
from core.money import Money, exponent
from procurement.models import (
    ForecastLine,
    OrderConfirmation,
    OrderDocument,
    OrderEvent,
    OrderShare,
    PoolRound,
    PurchaseOrder,
    PurchaseOrderLine,
    RoundResult,
    Shipment,
    ShipmentLine,
)
from procurement.queries.standing_shares import Stands, stands_of


@dataclass(frozen=True, slots=True)
class MyShare:
    """A seller's part of one order line, in the order's currency."""

    product: Product
    order_number: str
    order_state: str
    order_state_label: str
    currency: str
    #: Units that were ordered for it.
    quantity: int
    #: What stands of them costs, and what the goods would cost ordered by themselves of the same
    #: offer: no freight, no fees, no other supplier. Those are in the bill's cost of going alone.
    amount_minor: int
    alone_minor: int
    #: Units of the whole forecast line, of which other orders may meet a part.
    wished: int | None
    #: Units that stand after what was agreed, cancelled and counted.
    stands: int

    @property
    def saved_minor(self) -> int:
        """What pooling saves on the goods of these units."""
        return self.alone_minor - self.amount_minor

    @property
    def unit_cost(self) -> Decimal:
        """Derived, for reading only: two more decimals than the currency has."""
        return unit_price(self.amount_minor, self.stands, self.currency)


@dataclass(frozen=True, slots=True)
class ShareTotal:
    """A seller's sums of goods in one currency."""

    currency: str
    amount_minor: int
    alone_minor: int

    @property
    def saved_minor(self) -> int:
        return self.alone_minor - self.amount_minor

    @property
    def saved_percent(self) -> Decimal:
        """Of what it would have cost alone, one decimal."""
        if not self.alone_minor:
            return Decimal("0.0")
        part = Decimal(100 * self.saved_minor) / Decimal(self.alone_minor)
        return part.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Pooled:
    """What the goods of a closed round came to in one currency; minor units. ``alone_minor``: of
    the same offers, each seller by itself."""

    currency: str
    orders: int
    amount_minor: int
    surplus_minor: int
    sellers_minor: int
    alone_minor: int

    @property
    def saved_minor(self) -> int:
        """What the sellers save together on the goods."""
        return self.alone_minor - self.sellers_minor


def unit_price(amount_minor: int, quantity: int, currency: str) -> Decimal:
    """Amount over quantity in major units, two more decimals than the currency has, half up."""
    places = Decimal(1).scaleb(-exponent(currency) - 2)
    amount = Money(amount_minor, currency).amount / quantity if quantity else Decimal(0)
    return amount.quantize(places, ROUND_HALF_UP)


def my_shares(round: PoolRound, seller: Company) -> list[MyShare]:
    """A seller's shares of a round, by SKU. Nobody else's, and no pool total."""
    rows = _shares(seller, order__round=round)
    return _all_mine(list(rows.order_by("line__product__sku")), seller)


def most_saved(quarter: str, seller: Company, *, most: int) -> list[MyShare]:
    """Of a seller's shares of a round, the products on whose goods pooling saves the largest
    part."""
    alone = Cast("alone_minor", DecimalField(max_digits=30, decimal_places=4))
    part = Round((F("alone_minor") - F("amount_minor")) * 100 / alone, precision=1)
    found = OrderShare.objects.filter(owner=seller, order__round__code=quarter)
    keys = found.filter(alone_minor__gt=0).annotate(part=part).order_by("-part", "line_id")
    ranked = list(keys.values_list("pk", flat=True)[:most])
    rows = {row.pk: row for row in _shares(seller, pk__in=ranked)}
    return _all_mine([rows[key] for key in ranked], seller)


def _shares(seller: Company, **of: object) -> QuerySet[OrderShare]:
    found: QuerySet[OrderShare] = OrderShare.objects.filter(owner=seller, **of)
    return found.select_related("line__product", "line__order")


def _all_mine(rows: Sequence[OrderShare], seller: Company) -> list[MyShare]:
    """With what was wished for them and what stands of them; a few statements more."""
    wishes = [row.demand_id for row in rows if row.demand_id]
    stands = stands_of(rows, seller)
    wished = dict(ForecastLine.objects.filter(pk__in=wishes).values_list("pk", "quantity"))
    return [
        _mine(
            row,
            wished=wished.get(row.demand_id) if row.demand_id else None,
            stands=stands[row.line_id],
        )
        for row in rows
    ]


def _mine(row: OrderShare, *, wished: int | None, stands: Stands) -> MyShare:
    return MyShare(
        product=row.line.product,
        order_number=row.line.order.number,
        order_state=row.line.order.state,
        order_state_label=row.line.order.get_state_display(),
        currency=row.line.order.currency,
        quantity=row.quantity,
        amount_minor=stands.amount_minor,
        alone_minor=stands.alone_minor,
        wished=wished,
        stands=stands.units,
    )


def totals(shares: Sequence[MyShare]) -> list[ShareTotal]:
    """Sums per currency, by currency."""
    sums: dict[str, tuple[int, int]] = {}
    for share in shares:
        amount, alone = sums.get(share.currency, (0, 0))
        sums[share.currency] = (amount + share.amount_minor, alone + share.alone_minor)
    return [ShareTotal(currency, *sums[currency]) for currency in sorted(sums)]


def pooled(round: PoolRound) -> list[Pooled]:
    """What a closed round comes to by what stands of it, per currency; for operators."""
    newest = round.results.order_by("currency", "-run").distinct("currency")
    return [_pooled(row) for row in newest]


def _pooled(row: RoundResult) -> Pooled:
    return Pooled(
        currency=row.currency,
        orders=row.orders,
        amount_minor=row.amount_minor,
        surplus_minor=row.amount_minor - row.sellers_minor,
        sellers_minor=row.sellers_minor,
        alone_minor=row.alone_minor,
    )


def orders(*, round: PoolRound | None = None, state: str = "") -> QuerySet[PurchaseOrder]:
    """Orders with supplier, newest first."""
    found = PurchaseOrder.objects.select_related("supplier__company", "round", "buyer").annotate(
        line_count=of_each(PurchaseOrderLine.objects.all(), "order", Count("pk"))
    )
    if round is not None:
        found = found.filter(round=round)
    if state:
        found = found.filter(state=state)
    return found.order_by("-round__code", "number")


def counts() -> dict[str, int]:
    """How many orders are in which state."""
    told = PurchaseOrder.objects.order_by().values_list("state").annotate(n=Count("pk"))
    return {str(state): n for state, n in told}


def lines(order: PurchaseOrder) -> QuerySet[PurchaseOrderLine]:
    """The lines of an order in its own order, with what each adds beyond the wishes."""
    return (
        PurchaseOrderLine.objects.filter(order=order)
        .select_related("product")
        .annotate(surplus=F("quantity") - F("wanted"))
        .order_by("position")
    )


@dataclass(frozen=True, slots=True)
class Owner:
    """A company, as far as a list of very many names it."""

    code: str
    name_zh: str
    name_en: str
    kinds: Sequence[str]

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


def events(order: PurchaseOrder) -> QuerySet[OrderEvent]:
    """What happened to an order, first first."""
    return OrderEvent.objects.filter(order=order).select_related("by").order_by("happened_at", "pk")


def confirmations(order: PurchaseOrder) -> QuerySet[OrderConfirmation]:
    """What the supplier said to an order, newest first, and what was said to that."""
    return (
        OrderConfirmation.objects.filter(order=order)
        .select_related("entered_by", "decision__decided_by")
        .prefetch_related("lines__order_line__product")
        .order_by("-position")
    )


def documents(order: PurchaseOrder) -> QuerySet[OrderDocument]:
    """The papers of an order without their bytes."""
    return OrderDocument.objects.filter(order=order).defer("content").order_by("pk")


def shipments(*, state: str = "") -> QuerySet[Shipment]:
    """Shipments with order and supplier, newest first."""
    found = Shipment.objects.select_related("order__supplier__company")
    if state:
        found = found.filter(state=state)
    return found.order_by("-departed_at", "-pk")


def shipment_lines(shipment: Shipment) -> QuerySet[ShipmentLine]:
    """What a shipment says it carries, in the order's order."""
    return (
        ShipmentLine.objects.filter(shipment=shipment)
        .select_related("order_line__product")
        .order_by("order_line__position", "pk")
    )
