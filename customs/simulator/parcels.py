"""The messages of a parcel as the simulated authority holds them together: no retail list is taken
before its order, payment and waybill are there and say the same.

Which error the authority gives where they differ is not public: here the list is returned (100)
with a sentence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from customs.rules.ceb.agreeing import disagreements
from customs.rules.ceb.messages import Business
from customs.simulator.book import Book

ORDER, PAYMENT, WAYBILL, RETAIL_LIST = "CEB311", "CEB411", "CEB511", "CEB621"
#: What must be there before a list is taken, and what it is called.
NAMES = {
    ORDER: ("订单", "order"),
    PAYMENT: ("支付单", "payment"),
    WAYBILL: ("运单", "waybill"),
}
KEPT = frozenset({*NAMES, RETAIL_LIST, "CEB513", "CEB711"})
_DAY = 86_400
#: A carrier gives a waybill's number to no other parcel for six months.
WAYBILL_RESTS = 183 * _DAY


def parcel_of(one: Business) -> str:
    """The platform's order; a waybill names no platform."""
    return f"{one.head.get('ebpCode', '')}/{one.head.get('orderNo', '')}"


def waybill_of(one: Business) -> str:
    """The carrier's number; empty in what has none."""
    head = one.head
    return f"{head['logisticsCode']}/{head['logisticsNo']}" if "logisticsNo" in head else ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A message as it was taken. ``told`` is the sender's time, ``at`` ours (seconds)."""

    key: str
    told: str
    at: float
    one: Business


def keep(book: Book, kind: str, key: str, one: Business, at: float, year: str) -> None:
    """Remember what stood in it; ``year`` is the one in which it counts."""
    body = {"head": dict(one.head), "lines": [dict(line) for line in one.lines]}
    names = (parcel_of(one), waybill_of(one))
    book.remember(kind, key, body, names=names, told=one.head.get("appTime", ""), at=at, year=year)


def kept(book: Book, kind: str, key: str) -> Kept | None:
    """By the sender's own number."""
    return _last(book, kind, "key", key)


def _last(book: Book, kind: str, column: str, value: str) -> Kept | None:
    """The newest that still stands."""
    rows = book.rows(
        f"SELECT key, told, at, body FROM content JOIN document USING (kind, key)"  # noqa: S608 - words of our own
        f" WHERE kind = ? AND {column} = ? AND state NOT IN ('refused', 'withdrawn')"
        " ORDER BY at DESC LIMIT 1",
        *(kind, value),
    )
    return next((Kept(key, told, at, _business(body)) for key, told, at, body in rows), None)


def _business(body: str) -> Business:
    told = json.loads(body)
    return Business(told["head"], tuple(told["lines"]))


def waiting_for(book: Book, kind: str, one: Business) -> list[Kept]:
    """Lists of the same parcel that wait."""
    column, value = ("parcel", parcel_of(one))
    if kind == WAYBILL:
        column, value = ("waybill", waybill_of(one))
    rows = book.rows(
        f"SELECT key, told, at, body FROM content JOIN document USING (kind, key) WHERE"  # noqa: S608 - words of our own
        f" kind = 'CEB621' AND {column} = ? AND state = 'waiting'",
        value,
    )
    return [Kept(key, told, at, _business(body)) for key, told, at, body in rows]


@dataclass(frozen=True, slots=True)
class Held:
    """What of the three is not there, and what is said differently."""

    missing: Sequence[str]
    differs: Sequence[str]


def held_together(book: Book, listed: Business, elsewhere: frozenset[str]) -> Held:
    """A list against its order, payment and waybill; what others send (``elsewhere``) is not waited
    for, but held against it where it is there."""
    by_order = parcel_of(listed)
    found = {
        ORDER: _last(book, ORDER, "parcel", by_order),
        PAYMENT: _last(book, PAYMENT, "parcel", by_order),
        WAYBILL: _last(book, WAYBILL, "waybill", waybill_of(listed)),
    }
    missing = [kind for kind, one in found.items() if one is None and kind not in elsewhere]
    order, payment, waybill = (found[kind] for kind in NAMES)
    if missing or order is None:
        return Held(missing, [])
    remarks = disagreements(
        order=order.one,
        retail_list=listed,
        payment=payment.one if payment else None,
        waybill=waybill.one if waybill else None,
    )
    differs = [f"{one.path} {one.error}" for one in remarks]
    if payment is not None:
        differs += _payer(order.one, payment.one)
    return Held([], differs)


def _payer(order: Business, payment: Business) -> Iterator[str]:
    """Who paid is who ordered. Practice of the authority, no note of the specification says it."""
    for ours, theirs in (("buyerIdNumber", "payerIdNumber"), ("buyerName", "payerName")):
        if order.head[ours].strip().upper() != payment.head[theirs].strip().upper():
            yield f"CEB411/{theirs} 支付人与订购人不一致"
    if order.head.get("payTransactionId") not in (None, "", payment.head["payTransactionId"]):
        yield "CEB311/payTransactionId 与支付单不一致"


def waybill_taken(book: Book, key: str, one: Business, now: float) -> bool:
    """Whether the carrier gave this number to another order less than six months ago."""
    known = kept(book, WAYBILL, key)
    return (
        known is not None
        and known.one.head["orderNo"] != one.head["orderNo"]
        and now - known.at < WAYBILL_RESTS
    )


def is_on_a_list(book: Book, order: Business) -> bool:
    """Whether a list that stands names the order."""
    return _last(book, RETAIL_LIST, "parcel", parcel_of(order)) is not None
