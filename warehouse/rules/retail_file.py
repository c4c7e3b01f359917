"""Consumers' orders as rows of a table: one row per order line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal, InvalidOperation

from core.errors import DomainError, InputError
from core.money import Money
from warehouse.rules.retail import (
    HIGHEST_PRICE_MINOR,
    MOST_ORDERS,
    FieldEmpty,
    IncomingLine,
    IncomingOrder,
    ProductUnknown,
    QuantityOutOfRange,
    TooManyOrders,
    faults,
    tidy,
)

#: The columns of a file, in the order of the template; ``OPTIONAL`` ones may be left out.
COLUMNS = (
    "channel",
    "order_number",
    "placed_at",
    "buyer_name",
    "buyer_id_number",
    "consignee_address",
    "product",
    "quantity",
    "unit_price",
)
OPTIONAL = (
    *("buyer_telephone", "freight", "unpaid_until", "insurance", "discount", "collected_tax"),
    *("paid", "consignee_name", "consignee_telephone"),
)
MOST_ROWS = 10_000

_ORDER_FIELDS = (
    "placed_at",
    "buyer_name",
    "buyer_id_number",
    "consignee_address",
    *OPTIONAL,
)
_AMOUNTS = ("freight", "insurance", "discount", "collected_tax", "paid")
_READ = ("quantity", "unit_price", "product", "placed_at")
_READ_IF_THERE = (*_AMOUNTS, "unpaid_until")
_WHOLE = re.compile(r"[0-9]{1,9}")
_AMOUNT = re.compile(r"-?[0-9]{1,12}(\.[0-9]+)?")
_MOMENT = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?"
    r"(Z|[+-]\d{2}:?\d{2})?"
)


class NotAMoment(InputError):
    """A time is written 2026-09-30 14:05; a day alone is not enough."""

    code = "warehouse.not_a_moment"


class NotAnAmount(InputError):
    """An amount is a number in CNY with at most two decimals and no thousands separators."""

    code = "warehouse.not_an_amount"


class RowsDisagree(InputError):
    """The rows of one order must agree in everything but product, quantity and price."""

    code = "warehouse.rows_disagree"


class RowRepeated(InputError):
    """This row stands twice in the order; add the units up in one row."""

    code = "warehouse.row_repeated"


@dataclass(frozen=True, slots=True)
class Row:
    """One row as text; ``number`` is the spreadsheet's."""

    number: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in one row and column."""

    row: int
    field: str
    error: DomainError


@dataclass(frozen=True, slots=True)
class ReadOrders:
    """The orders of a file, and everything that is wrong in it, by row."""

    orders: list[IncomingOrder]
    faults: list[RowFault]


def read_moment(text: str, zone: tzinfo) -> datetime:
    """An aware time; without an offset it is the time of ``zone``. Raises NotAMoment."""
    found = _MOMENT.fullmatch(text)
    if not found:
        raise NotAMoment(value=text[:40])
    year, month, day, hour, minute, second, offset = found.groups()
    try:
        moment = datetime.fromisoformat(
            f"{year}-{int(month):02d}-{int(day):02d}T{int(hour):02d}:{minute}:{second or '00'}"
            f"{offset or ''}"
        )
    except ValueError as error:
        raise NotAMoment(value=text[:40]) from error
    # Outside this century it is a slip; taken to UTC it may not even be a date.
    if not 2000 <= moment.year <= 2099:
        raise NotAMoment(value=text[:40])
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def read_amount(text: str) -> int:
    """CNY in minor units. Raises NotAnAmount; a negative one is left to the order's own rule."""
    if not _AMOUNT.fullmatch(text):
        raise NotAnAmount(value=text[:40])
    try:
        minor = Money.of(Decimal(text), "CNY").minor
    except (DomainError, InvalidOperation) as error:
        raise NotAnAmount(value=text[:40]) from error
    # Keeps an absurd amount absurd, and inside the column.
    return min(minor, HIGHEST_PRICE_MINOR + 1)


def read_quantity(text: str) -> int:
    """Whole units. Raises QuantityOutOfRange for a fraction, a sign or a word."""
    if not _WHOLE.fullmatch(text):
        raise QuantityOutOfRange(value=text[:40])
    return int(text)


def read_orders(
    rows: Sequence[Row], *, products: Mapping[str, str], zone: tzinfo, now: datetime
) -> ReadOrders:
    """Rows to orders; rows of one (channel, order number) are its lines, wherever they stand.

    ``products`` gives the SKU for a SKU or a GTIN. An order with a wrong row is left out.
    Raises TooManyOrders for a file with more orders than are taken at once.
    """
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        key = (row.values["channel"].strip(), row.values["order_number"].strip())
        groups.setdefault(key, []).append(row)
    if len(groups) > MOST_ORDERS:
        raise TooManyOrders(orders=len(groups), limit=MOST_ORDERS)
    skus = frozenset(products.values())
    read = ReadOrders([], [])
    for members in groups.values():
        wrong = list(_row_faults(members, products, zone))
        if not wrong:
            order = _order(members, products, zone)
            wrong = [_placed(error, members) for error in faults(order, products=skus, now=now)]
            if not wrong:
                read.orders.append(order)
        read.faults.extend(wrong)
    read.faults.sort(key=lambda fault: (fault.row, fault.field))
    return read


def _row_faults(
    members: Sequence[Row], products: Mapping[str, str], zone: tzinfo
) -> Iterator[RowFault]:
    first = members[0]
    seen: dict[tuple[str, str], int] = {}
    for row in members:
        line = (row.values["product"], row.values["unit_price"])
        if line in seen:
            yield RowFault(row.number, "product", RowRepeated(first_row=seen[line]))
        seen.setdefault(line, row.number)
        for field in _ORDER_FIELDS:
            if row.values.get(field, "") != first.values.get(field, ""):
                yield RowFault(row.number, field, RowsDisagree(first_row=first.number))
        for field in (*_READ, *_READ_IF_THERE):
            text = row.values.get(field, "")
            if not text:
                if field in _READ:
                    yield RowFault(row.number, field, FieldEmpty())
                continue
            try:
                match field:
                    case "quantity":
                        read_quantity(text)
                    case "product":
                        if text not in products:
                            raise ProductUnknown(product=text[:64])
                    case "placed_at" | "unpaid_until":
                        read_moment(text, zone)
                    case _:
                        read_amount(text)
            except InputError as error:
                yield RowFault(row.number, field, error)


def _order(members: Sequence[Row], products: Mapping[str, str], zone: tzinfo) -> IncomingOrder:
    told = members[0].values
    until = told.get("unpaid_until")
    return tidy(
        IncomingOrder(
            channel=told["channel"],
            order_number=told["order_number"],
            placed_at=read_moment(told["placed_at"], zone),
            buyer_name=told["buyer_name"],
            buyer_id_number=told["buyer_id_number"],
            buyer_telephone=told.get("buyer_telephone", ""),
            consignee_address=told["consignee_address"],
            consignee_name=told.get("consignee_name", ""),
            consignee_telephone=told.get("consignee_telephone", ""),
            freight_minor=read_amount(told.get("freight") or "0"),
            insurance_minor=read_amount(told.get("insurance") or "0"),
            discount_minor=read_amount(told.get("discount") or "0"),
            collected_tax_minor=_if_told(told.get("collected_tax")),
            paid_minor=_if_told(told.get("paid")),
            unpaid_until=read_moment(until, zone) if until else None,
            lines=tuple(
                IncomingLine(
                    sku=products[row.values["product"]],
                    quantity=read_quantity(row.values["quantity"]),
                    unit_price_minor=read_amount(row.values["unit_price"]),
                )
                for row in members
            ),
        )
    )


def _if_told(text: str | None) -> int | None:
    return read_amount(text) if text else None


def _placed(error: InputError, members: Sequence[Row]) -> RowFault:
    """Where the reader finds it: the row of the line, or the order's first row."""
    facts = dict(error.facts)
    line = facts.pop("line", 1)
    field = str(facts.pop("field", ""))
    return RowFault(members[int(str(line)) - 1].number, field, type(error)(**facts))
