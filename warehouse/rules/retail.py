"""What a consumer's order must say, and what becomes of a batch of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from core.errors import DomainError, InputError
from warehouse.rules.buyers import ROUNDED, NumberRounded, check_id_number
from warehouse.rules.fulfilling import NotEnoughStock, Shelf, Take, Want
from warehouse.rules.parting import ALL_OR_NOTHING, Part, Terms, plan_serving
from warehouse.rules.shelf_life import NO_MINIMUMS, Minimums
from warehouse.rules.waiting import check_unpaid_until

MOST_ORDERS = 1_000
MOST_LINES = 50
MOST_UNITS = 9_999
HIGHEST_PRICE_MINOR = 10_000_000  # CNY 100,000 a unit
LONGEST = {
    "channel": 32,
    "order_number": 60,
    "buyer_name": 100,
    "buyer_telephone": 20,
    "consignee_address": 300,
    "consignee_name": 100,
    "consignee_telephone": 20,
}
_MAY_BE_EMPTY = frozenset({"buyer_telephone", "consignee_name", "consignee_telephone"})
#: Amounts of a whole order as people call them, and where they stand.
_AMOUNTS = {
    "freight": "freight_minor",
    "insurance": "insurance_minor",
    "discount": "discount_minor",
    "collected_tax": "collected_tax_minor",
    "paid": "paid_minor",
}

_TELEPHONE = re.compile(r"\+?[0-9][0-9 -]{4,18}")


class FieldEmpty(InputError):
    """This must be filled in."""

    code = "warehouse.field_empty"


class FieldTooLong(InputError):
    """This text is too long."""

    code = "warehouse.field_too_long"


class NotPrintable(InputError):
    """This text holds line breaks or control characters."""

    code = "warehouse.not_printable"


class TelephoneWrong(InputError):
    """A telephone number has digits, spaces and hyphens only."""

    code = "warehouse.telephone_wrong"


class PlacedInTheFuture(InputError):
    """A consumer's order cannot be placed in the future."""

    code = "warehouse.placed_in_the_future"


class NoLines(InputError):
    """A consumer's order needs at least one line."""

    code = "warehouse.no_lines"


class TooManyLines(InputError):
    """A consumer's order has more lines than a retail list can carry."""

    code = "warehouse.too_many_lines"


class TooManyOrders(InputError):
    """Too many orders at once; send them in smaller parts."""

    code = "warehouse.too_many_orders"


class QuantityOutOfRange(InputError):
    """A quantity is a whole number of units from 1 on, within reason for one consumer."""

    code = "warehouse.quantity_out_of_range"


class PriceOutOfRange(InputError):
    """A price or freight is in CNY, not negative, and within reason for one consumer."""

    code = "warehouse.price_out_of_range"


class DiscountTooHigh(InputError):
    """A discount is not more than the goods that it is given on cost."""

    code = "warehouse.discount_too_high"


class ProductUnknown(InputError):
    """The catalogue has no product under this SKU or GTIN."""

    code = "warehouse.product_unknown"


class OrderDiffers(DomainError):
    """An order of this number was taken before with other content; cancel that one first."""

    code = "warehouse.order_differs"


class OrderTakenMeanwhile(DomainError):
    """One of these orders was taken by somebody else at the same moment; send the orders again."""

    code = "warehouse.order_taken_meanwhile"


@dataclass(frozen=True, slots=True)
class IncomingLine:
    """Units of a product (by SKU) at the consumer's price, CNY minor units, tax not in it."""

    sku: str
    quantity: int
    unit_price_minor: int


@dataclass(frozen=True, slots=True)
class IncomingOrder:
    """A consumer's order as the shop sends it. ``placed_at`` is aware, freight CNY minor units.

    ``unpaid_until`` (aware): it is not paid yet, and keeps its stock until then. The order that
    comes again is the same one, paid or not. ``took_place``: of one that is known, whether it took
    the place of others (``rules.merging``).

    Prices are before the ``discount_minor``, which is what was paid with points, vouchers and the
    like; ``insurance_minor`` is paid beside the freight. ``collected_tax_minor`` and
    ``paid_minor`` are told by whoever was paid, None where nobody did; they may be told later.
    ``consignee_name`` and ``consignee_telephone`` are the receiver's, empty where it is the buyer.
    """

    channel: str
    order_number: str
    placed_at: datetime
    buyer_name: str
    buyer_id_number: str
    consignee_address: str
    lines: tuple[IncomingLine, ...]
    buyer_telephone: str = ""
    freight_minor: int = 0
    insurance_minor: int = 0
    discount_minor: int = 0
    consignee_name: str = ""
    consignee_telephone: str = ""
    collected_tax_minor: int | None = field(default=None, compare=False)
    paid_minor: int | None = field(default=None, compare=False)
    unpaid_until: datetime | None = field(default=None, compare=False)
    took_place: bool = field(default=False, compare=False)

    @property
    def key(self) -> tuple[str, str]:
        return (self.channel, self.order_number)


@dataclass(frozen=True, slots=True)
class Taken:
    """An order that was taken: its key and number here, and what its shop calls it."""

    pk: int
    number: str
    channel: str
    order_number: str

    @property
    def channel_key(self) -> tuple[str, str]:
        return (self.channel, self.order_number)


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    ALREADY_TAKEN = "already_taken"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one incoming order: its parcels, or why it is refused.

    ``missing`` are units by position that no parcel has: the seller's terms say what of them.
    """

    order: IncomingOrder
    outcome: Outcome
    parts: tuple[Part, ...] = ()
    missing: tuple[tuple[int, int], ...] = ()
    refusal: DomainError | None = None

    @property
    def takes(self) -> tuple[tuple[int, Take], ...]:
        """Of all parcels, by position."""
        return tuple(take for part in self.parts for take in part)


def tidy(order: IncomingOrder) -> IncomingOrder:
    """The same order without stray spaces, so that the same order is seen to be the same; a
    receiver who is the buyer is not told twice."""
    buyer, telephone = order.buyer_name.strip(), order.buyer_telephone.strip()
    consignee, theirs = order.consignee_name.strip(), order.consignee_telephone.strip()
    return replace(
        order,
        channel=order.channel.strip(),
        order_number=order.order_number.strip(),
        buyer_name=buyer,
        buyer_id_number=order.buyer_id_number.replace(" ", "").upper(),
        buyer_telephone=telephone,
        consignee_name="" if consignee == buyer else consignee,
        consignee_telephone="" if theirs == telephone else theirs,
        consignee_address=order.consignee_address.strip(),
        lines=tuple(replace(line, sku=line.sku.strip()) for line in order.lines),
    )


def faults(
    order: IncomingOrder, *, products: Collection[str], now: datetime
) -> Iterator[InputError]:
    """Everything wrong with one (tidied) order.

    Each error names its ``field`` and, for a line, ``line`` counted from 1. ``products`` are
    the SKUs of the catalogue.
    """
    for name, longest in LONGEST.items():
        text = str(getattr(order, name))
        if not text and name not in _MAY_BE_EMPTY:
            yield FieldEmpty(field=name)
        elif len(text) > longest:
            yield FieldTooLong(field=name, longest=longest)
        elif not text.isprintable():
            yield NotPrintable(field=name)
    if ROUNDED.fullmatch(order.order_number):
        yield NumberRounded(field="order_number")
    try:
        check_id_number(order.buyer_id_number)
    except InputError as error:
        yield error
    for name in ("buyer_telephone", "consignee_telephone"):
        told = getattr(order, name)
        if told and not _TELEPHONE.fullmatch(told):
            yield TelephoneWrong(field=name)
    if order.placed_at > now:
        yield PlacedInTheFuture(field="placed_at")
    for name, column in _AMOUNTS.items():
        if not 0 <= (getattr(order, column) or 0) <= HIGHEST_PRICE_MINOR:
            yield PriceOutOfRange(field=name)
    if not order.lines:
        yield NoLines(field="lines")
    if len(order.lines) > MOST_LINES:
        yield TooManyLines(field="lines", limit=MOST_LINES)
    for position, line in enumerate(order.lines, start=1):
        if line.sku not in products:
            yield ProductUnknown(field="product", line=position, product=line.sku)
        if not 1 <= line.quantity <= MOST_UNITS:
            yield QuantityOutOfRange(field="quantity", line=position, highest=MOST_UNITS)
        if not 0 <= line.unit_price_minor <= HIGHEST_PRICE_MINOR:
            yield PriceOutOfRange(field="unit_price", line=position)
    goods = sum(line.quantity * line.unit_price_minor for line in order.lines)
    if order.discount_minor > max(goods, 0):
        yield DiscountTooHigh(field="discount", discount=yuan(order.discount_minor))


def decide(
    orders: Sequence[IncomingOrder],
    *,
    known: Mapping[tuple[str, str], IncomingOrder],
    products: Collection[str],
    shelves: Mapping[str, Sequence[Shelf]],
    today: date,
    now: datetime,
    terms: Terms = ALL_OR_NOTHING,
    minimums: Minimums = NO_MINIMUMS,
) -> list[Decision]:
    """What becomes of each (tidied) order, in the order given; each by its seller's ``terms``.

    ``known`` are the orders taken before, by channel and number: the same content is
    recognised and changes nothing, other content is refused. ``shelves`` are the seller's
    own, by SKU; what an order takes is not there for the next one. ``minimums``: of its life a
    sale must leave so much.
    """
    seen = dict(known)
    taken: Counter[int] = Counter()
    decisions: list[Decision] = []
    for order in orders:
        try:
            for fault in faults(order, products=products, now=now):
                raise fault
            if order.key in seen:
                _check_same(order, seen[order.key])
                decisions.append(Decision(order, Outcome.ALREADY_TAKEN))
                continue
            check_unpaid_until(order.unpaid_until, now)
            wants = [
                Want(position, line.sku, line.quantity, minimums.of(order.channel, line.sku))
                for position, line in enumerate(order.lines, start=1)
            ]
            serving = plan_serving(shelves, wants, terms=terms, today=today, taken=taken)
            _check_discount(order, serving.parts)
        except DomainError as refusal:
            decisions.append(Decision(order, Outcome.REFUSED, refusal=refusal))
            continue
        for part in serving.parts:
            for _position, take in part:
                taken[take.holding] += take.quantity
        seen[order.key] = order
        decisions.append(Decision(order, Outcome.ACCEPTED, serving.parts, serving.missing))
    return decisions


def _check_discount(order: IncomingOrder, parts: Sequence[Part]) -> None:
    """Of an order of which some is missing, the discount goes with what is there.

    Raises DiscountTooHigh.
    """
    goods = sum(
        order.lines[position - 1].unit_price_minor * take.quantity
        for part in parts
        for position, take in part
    )
    if order.discount_minor > goods:
        raise DiscountTooHigh(field="discount", discount=yuan(order.discount_minor))


def yuan(fen: int) -> str:
    """For the facts of a refusal."""
    return f"{fen // 100}.{fen % 100:02d}"


def _check_same(order: IncomingOrder, before: IncomingOrder) -> None:
    """Raises OrderDiffers.

    Of an order that took the place of others its seller said the moment, to the minute, and its
    lines follow theirs; its shop says both in its own way.
    """
    told = order
    if before.took_place and _units_at(order) == _units_at(before):
        told = replace(order, placed_at=before.placed_at, lines=before.lines)
    if told != before:
        raise OrderDiffers(order=order.order_number)


def _units_at(order: IncomingOrder) -> Counter[tuple[str, int]]:
    """Units by SKU and price."""
    units = Counter[tuple[str, int]]()
    for line in order.lines:
        units[line.sku, line.unit_price_minor] += line.quantity
    return units


def saying_what_is_counted(decision: Decision, standing: Mapping[str, int]) -> Decision:
    """The refusal of an order for want of goods of which some are being counted says so;
    ``standing`` are these units by SKU."""
    refusal = decision.refusal
    if not isinstance(refusal, NotEnoughStock):
        return decision
    units = standing.get(str(refusal.facts.get("product")), 0)
    if not units:
        return decision
    said = type(refusal)(**refusal.facts, being_counted=units)
    return replace(decision, refusal=said)
