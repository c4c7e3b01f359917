"""What a shop's delivery says, in our own words: orders to take, orders to cancel, what is left.

Our own shape (``signed``) is that of the API: one order, a list of them, ``{"orders": […]}``, or
``{"cancel": ["number", …]}``. Amounts are CNY minor units there, and text in the others.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from core.errors import DomainError, InputError
from core.money import Money
from warehouse.rules.retail import (
    HIGHEST_PRICE_MINOR,
    LONGEST,
    MOST_ORDERS,
    FieldEmpty,
    IncomingLine,
    IncomingOrder,
    QuantityOutOfRange,
    TooManyOrders,
)

#: Of one order in our own shape.
FIELDS = frozenset(
    {
        *("channel", "order_number", "placed_at", "buyer_name", "buyer_id_number"),
        *("buyer_telephone", "consignee_address", "freight_minor", "currency", "lines"),
        *("insurance_minor", "discount_minor", "collected_tax_minor", "paid_minor"),
        *("consignee_name", "consignee_telephone"),
    }
)
LINE_FIELDS = frozenset({"sku", "quantity", "unit_price_minor"})
COUNTRY = "CN"


class WrongShape(InputError):
    """This is not written as an order's field is."""

    code = "warehouse.wrong_shape"


class FieldUnknown(InputError):
    """An order has no such field."""

    code = "warehouse.field_unknown"


class NotInCny(InputError):
    """A consumer's order is taken in CNY only."""

    code = "warehouse.not_in_cny"


class NotToChina(InputError):
    """Goods under bond are sent to consumers in mainland China only."""

    code = "warehouse.not_to_china"


class FeesNotTaken(InputError):
    """An order carries products and freight, and no other fee; its tax would be wrong."""

    code = "warehouse.fees_not_taken"


class OfAnotherShop(InputError):
    """The order names another shop than the channel it came by."""

    code = "warehouse.of_another_shop"


@dataclass(frozen=True, slots=True)
class Unread:
    """An order that could not be understood, by its number if it has one, and why."""

    order_number: str
    refusal: DomainError


@dataclass(frozen=True, slots=True)
class Arrived:
    """What one delivery says. SKUs are the shop's own. ``waiting``: not paid, so not yet ours.
    ``told_at``: when the shop last changed it, if it says so."""

    orders: list[IncomingOrder] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    told_at: datetime | None = None

    @property
    def order_numbers(self) -> list[str]:
        """Each once."""
        told = [*(one.order_number for one in self.orders), *self.cancelled, *self.waiting]
        told += [one.order_number for one in self.unread]
        return [one for one in dict.fromkeys(told) if one]


def is_overtaken(told_at: datetime | None, *, gave_up_at: datetime, came_since: bool) -> bool:
    """Whether an order was given up by a delivery that came before it, though it was sent later.

    By the shop's own times where it tells them: what it changed after it gave it up is meant.
    Without them the first that comes after it was given up is overtaken, and the next is meant.
    """
    if told_at is not None:
        return told_at <= gave_up_at
    return not came_since


#: One order of a shop's in our words. Raises a DomainError with its ``field``.
Reader = Callable[["Told"], IncomingOrder]


@dataclass(frozen=True, slots=True)
class Told:
    """One JSON object of a delivery, read with the field named where it is not as expected.

    No value goes into a refusal: it may be a buyer's.
    """

    values: Mapping[str, Any]
    line: int | None = None

    def wrong(self, kind: type[DomainError], name: str, **facts: object) -> DomainError:
        placed = {} if self.line is None else {"line": self.line}
        return kind(field=name, **placed, **facts)

    def text(self, name: str, *, needed: bool = True) -> str:
        """Also a number that the shop writes without quotes."""
        told = self.values.get(name)
        if isinstance(told, int) and not isinstance(told, bool):
            told = str(told)
        if told is None or told == "":
            if needed:
                raise self.wrong(FieldEmpty, name)
            return ""
        if not isinstance(told, str):
            raise self.wrong(WrongShape, name)
        return told.strip()

    def whole(self, name: str) -> int:
        """Units. Raises QuantityOutOfRange for a fraction."""
        told = self.values.get(name)
        if isinstance(told, bool) or not isinstance(told, int):
            raise self.wrong(QuantityOutOfRange, name)
        return told

    def minor(self, name: str) -> int:
        """An amount of our own shape, in fen."""
        told = self.values.get(name, 0)
        if isinstance(told, bool) or not isinstance(told, int):
            raise self.wrong(WrongShape, name)
        return _bounded(told)

    def minor_if_told(self, name: str) -> int | None:
        """The same; None where nothing is told."""
        return None if self.values.get(name) is None else self.minor(name)

    def amount_if_told(self, name: str) -> int | None:
        """As :meth:`amount`; None where nothing is told."""
        return None if self.values.get(name) in (None, "") else self.amount(name)

    def amount(self, name: str) -> int:
        """An amount of a shop's, text in CNY, as fen; absent and empty are nothing."""
        told = self.values.get(name)
        if told is None or told == "":
            return 0
        if isinstance(told, bool) or not isinstance(told, int | str | Decimal):
            raise self.wrong(WrongShape, name)
        try:
            return _bounded(Money.of(Decimal(told), "CNY").minor)
        except (DomainError, InvalidOperation) as error:
            raise self.wrong(WrongShape, name) from error

    def moment(self, name: str) -> datetime:
        """With its offset."""
        told = self.text(name)
        try:
            moment = datetime.fromisoformat(told)
        except ValueError as error:
            raise self.wrong(WrongShape, name) from error
        # Outside this century it is a slip; taken to UTC it may not even be a date.
        if moment.tzinfo is None or not 2000 <= moment.year <= 2099:
            raise self.wrong(WrongShape, name)
        return moment

    def named(self, name: str, within: str, by: str) -> str:
        """The ``value`` of the object in the list ``within`` that is called ``name``, ``by`` this
        field. Raises FieldEmpty."""
        for one in self.parts(within):
            if one.values.get(by) == name:
                return Told({name: one.values.get("value")}).text(name)
        raise FieldEmpty(field=name)

    def part(self, name: str) -> Told:
        """An object within; an absent one is empty."""
        told = self.values.get(name)
        if told is None or told == []:
            return Told({})
        if not isinstance(told, dict):
            raise self.wrong(WrongShape, name)
        return Told(told)

    def parts(self, name: str) -> list[Told]:
        """A list of objects, counted from 1."""
        told = self.values.get(name)
        if told is None:
            return []
        if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
            raise self.wrong(WrongShape, name)
        return [Told(one, at) for at, one in enumerate(told, start=1)]


def _bounded(minor: int) -> int:
    # Keeps an absurd amount absurd, and inside the column.
    return max(-1, min(minor, HIGHEST_PRICE_MINOR + 1))


def read_own(body: str, *, channel: str) -> Arrived:
    """Our own shape. What is wrong of one order leaves the others as they are.

    Raises WrongShape where there is no order at all, or TooManyOrders.
    """
    told = load(body)
    if isinstance(told, dict) and told.keys() == {"cancel"}:
        return Arrived(cancelled=_numbers(told["cancel"]))
    if isinstance(told, dict) and told.keys() == {"orders"}:
        told = told["orders"] if isinstance(told["orders"], list) else []
    orders = told if isinstance(told, list) else [told]
    if not orders or not all(isinstance(one, dict) for one in orders):
        raise WrongShape(field="orders")
    if len(orders) > MOST_ORDERS:
        raise TooManyOrders(orders=len(orders), limit=MOST_ORDERS)
    return read_each([Told(one) for one in orders], lambda one: _own(one, channel))


def read_each(orders: Sequence[Told], read: Reader, *, numbered: str = "order_number") -> Arrived:
    """Each order by itself, with what is wrong of it."""
    found = Arrived()
    for one in orders:
        try:
            found.orders.append(read(one))
        except DomainError as refusal:
            found.unread.append(Unread(number_of(one, numbered), refusal))
    return found


def changed_at(order: Told, name: str) -> datetime | None:
    """When the shop last changed an order, UTC where it names no offset; None where it does not
    say so in a way that is understood: nothing but the order of two deliveries hangs on it."""
    told = order.values.get(name)
    try:
        moment = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None
    if moment is None or not 2000 <= moment.year <= 2099:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def number_of(order: Told, name: str) -> str:
    """As far as it can be told; cut, for it goes into the log of the channel."""
    try:
        return order.text(name, needed=False)[: LONGEST["order_number"]]
    except DomainError:
        return ""


def read_one(body: str) -> Told:
    """Of a shop that sends one order at a time. Raises WrongShape."""
    told = load(body)
    if not isinstance(told, dict):
        raise WrongShape(field="order")
    return Told(told)


def load(body: str) -> Any:
    """The door has looked whether it is JSON; a number with a point is a Decimal, never a float."""
    return json.loads(body, parse_float=Decimal)


def _numbers(told: Any) -> list[str]:
    if not isinstance(told, list) or not 1 <= len(told) <= MOST_ORDERS:
        raise WrongShape(field="cancel")
    if not all(isinstance(one, str) and 0 < len(one) <= LONGEST["order_number"] for one in told):
        raise WrongShape(field="cancel")
    return [one.strip() for one in told]


def _own(told: Told, channel: str) -> IncomingOrder:
    _check_known(told, FIELDS)
    if told.text("channel", needed=False) not in {"", channel}:
        raise OfAnotherShop(field="channel")
    check_currency(told.text("currency", needed=False) or "CNY")
    return IncomingOrder(
        channel=channel,
        order_number=told.text("order_number"),
        placed_at=told.moment("placed_at"),
        buyer_name=told.text("buyer_name"),
        buyer_id_number=told.text("buyer_id_number"),
        buyer_telephone=told.text("buyer_telephone", needed=False),
        consignee_address=told.text("consignee_address"),
        consignee_name=told.text("consignee_name", needed=False),
        consignee_telephone=told.text("consignee_telephone", needed=False),
        freight_minor=told.minor("freight_minor"),
        insurance_minor=told.minor("insurance_minor"),
        discount_minor=told.minor("discount_minor"),
        collected_tax_minor=told.minor_if_told("collected_tax_minor"),
        paid_minor=told.minor_if_told("paid_minor"),
        lines=tuple(_own_lines(told)),
    )


def _own_lines(told: Told) -> Iterator[IncomingLine]:
    for line in told.parts("lines"):
        _check_known(line, LINE_FIELDS)
        if "unit_price_minor" not in line.values:
            raise line.wrong(FieldEmpty, "unit_price_minor")
        yield IncomingLine(line.text("sku"), line.whole("quantity"), line.minor("unit_price_minor"))


def _check_known(told: Told, known: frozenset[str]) -> None:
    for name in told.values:
        if name not in known:
            raise told.wrong(FieldUnknown, name[:40])


def check_currency(currency: str) -> None:
    """Raises NotInCny."""
    if currency != "CNY":
        raise NotInCny(field="currency", currency=currency[:3])


def check_country(country: str, field: str) -> None:
    """Raises NotToChina; Hong Kong, Macao and Taiwan have codes of their own."""
    if country and country != COUNTRY:
        raise NotToChina(field=field, country=country[:2])


def shared_lines(sku: str, units: int, total_minor: int) -> list[IncomingLine]:
    """A line's sum over its units, to the fen: where it does not divide, some cost one fen more."""
    if units < 1:
        return [IncomingLine(sku, units, 0)]
    price, dearer = divmod(total_minor, units)
    lines = [IncomingLine(sku, units - dearer, price), IncomingLine(sku, dearer, price + 1)]
    return [line for line in lines if line.quantity]


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def full_address(region: str, city: str, street: str, *more: str, field: str) -> str:
    """From the largest to the smallest, written together in Chinese.

    Raises FieldEmpty, of ``field``, without a street.
    """
    if not street:
        raise FieldEmpty(field=field)
    parts = (part for part in (region, city, street, *more) if part)
    return ("" if _is_chinese(street) else " ").join(parts)


def full_name(first: str, last: str) -> str:
    """The family name leads in Chinese and is written together; it follows elsewhere."""
    if _is_chinese(first + last):
        return last + first
    return f"{first} {last}".strip()
