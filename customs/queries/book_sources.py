"""What has happened and is not in the account book yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from customs.rules.book import Kind
from warehouse.rules.posting import Kind as Moved

_RELEASED = """
SELECT declared.id, declared.our_reference, declared.decided_at
FROM customs_declaration AS declared
WHERE declared.state = 'released' AND declared.decided_at >= %(since)s AND NOT EXISTS (
    SELECT FROM customs_bookreceipt AS told
    WHERE told.document = declared.our_reference AND told.kind = 'inv201_in')
ORDER BY declared.decided_at, declared.id
"""

# A list is posted once it is approved: a count whose declaration is in no book yet waits.
_COUNTED = """
SELECT receipt.id, receipt.number, receipt.received_at, declared.id
FROM warehouse_receipt AS receipt
JOIN customs_declaration AS declared
    ON declared.shipment_id = receipt.shipment_id AND declared.state = 'released'
WHERE receipt.received_at >= %(since)s AND EXISTS (
    SELECT FROM customs_bookreceipt AS told
    WHERE told.document = declared.our_reference AND told.kind = 'inv201_in')
AND NOT EXISTS (
    SELECT FROM customs_bookreceipt AS told
    WHERE told.document = receipt.number AND told.kind IN ('inv211_in', 'changed_in'))
ORDER BY receipt.received_at, receipt.id
"""

#: Of a shipment as it was counted: by item, the declaration's line, what was announced and came.
_CAME = """
SELECT made.row_id, goods.id, sum(counted.announced), sum(counted.counted)
FROM warehouse_receiptline AS counted
JOIN procurement_shipmentline AS sent ON sent.id = counted.shipment_line_id
JOIN customs_declarationline AS goods
    ON goods.declaration_id = %(declaration)s AND goods.order_line_id = sent.order_line_id
JOIN customs_bookline AS made ON made.declaration_line_id = goods.id
WHERE counted.receipt_id = %(receipt)s
GROUP BY 1, 2 ORDER BY 1, 2
"""

_LOTS = """
SELECT lot.id, made.row_id
FROM warehouse_receiptline AS counted
JOIN warehouse_lot AS lot ON lot.receipt_line_id = counted.id
JOIN customs_declarationline AS goods
    ON goods.declaration_id = %(declaration)s AND goods.order_line_id = lot.order_line_id
JOIN customs_bookline AS made ON made.declaration_line_id = goods.id
WHERE counted.receipt_id = %(receipt)s
ORDER BY 1
"""

# What is reserved for an order says of which lots its list is; what became of it does not change
# that. A list of which something is in no book yet waits.
_DRAWN = """
SELECT list.number, item.book_id, list.drawn_at, item.id, sum(reserved.quantity)
FROM customs_retaillist AS list
JOIN warehouse_retailorderline AS line ON line.order_id = list.order_id
JOIN warehouse_reservation AS reserved ON reserved.line_id = line.id
JOIN warehouse_holding AS held ON held.id = reserved.holding_id
JOIN customs_booklot AS inside ON inside.lot_id = held.lot_id
JOIN customs_bookrow AS item ON item.id = inside.row_id
WHERE list.drawn_at >= %(since)s
AND NOT EXISTS (
    SELECT FROM customs_bookreceipt AS told
    WHERE told.document = list.number AND told.kind = 'inv201_out')
AND NOT EXISTS (
    SELECT FROM warehouse_retailorderline AS line
    JOIN warehouse_reservation AS reserved ON reserved.line_id = line.id
    JOIN warehouse_holding AS held ON held.id = reserved.holding_id
    LEFT JOIN customs_booklot AS inside ON inside.lot_id = held.lot_id
    WHERE line.order_id = list.order_id AND inside.id IS NULL)
GROUP BY 1, 2, 3, 4 ORDER BY 3, 1, 4
"""

_VOIDED = """
SELECT told.id, void.voided_at
FROM customs_retailvoid AS void
JOIN customs_retaillist AS list ON list.id = void.retail_list_id
JOIN customs_bookreceipt AS told
    ON told.document = list.number AND told.kind = 'inv201_out' AND told.reverses_id IS NULL
WHERE void.voided_at >= %(since)s
AND NOT EXISTS (SELECT FROM customs_bookreceipt AS back WHERE back.reverses_id = told.id)
AND NOT EXISTS (
    SELECT FROM customs_bookreceipt AS gone
    WHERE gone.document = list.number AND gone.kind = 'inv211_out')
ORDER BY void.voided_at, told.id
"""

_GONE = """
SELECT told.book_id, told.document, told.id, max(moved.moved_at)
FROM warehouse_stockmovement AS moved
JOIN warehouse_retailorder AS orders ON orders.number = moved.document
JOIN customs_retaillist AS list ON list.order_id = orders.id
JOIN customs_bookreceipt AS told
    ON told.document = list.number AND told.kind = 'inv201_out' AND told.reverses_id IS NULL
WHERE moved.account = 'stock' AND moved.kind = 'shipped' AND moved.moved_at >= %(since)s
AND NOT EXISTS (
    SELECT FROM customs_bookreceipt AS gone
    WHERE gone.document = list.number AND gone.kind = 'inv211_out')
AND NOT EXISTS (SELECT FROM customs_bookreceipt AS back WHERE back.reverses_id = told.id)
GROUP BY 1, 2, 3 ORDER BY 4, 2
"""

# What an export list took off the book at customs, whether a carrier has said so or not.
_LEFT = """
SELECT told.book_id, told.document, told.id, min(posted.returned_at)
FROM customs_receipt AS posted
JOIN customs_receiptmatch AS match ON match.receipt_id = posted.id
JOIN customs_exportlist AS export ON export.element_id = match.element_id
JOIN customs_exportparcel AS parcel
    ON parcel.export_list_id = export.id AND parcel.freed_at IS NULL
JOIN customs_retaillist AS list ON list.id = parcel.retail_list_id
JOIN customs_bookreceipt AS told
    ON told.document = list.number AND told.kind = 'inv201_out' AND told.reverses_id IS NULL
WHERE posted.message = 'INV211' AND posted.came_at >= %(since)s
AND NOT EXISTS (
    SELECT FROM customs_bookreceipt AS gone
    WHERE gone.document = list.number AND gone.kind = 'inv211_out')
AND NOT EXISTS (SELECT FROM customs_bookreceipt AS back WHERE back.reverses_id = told.id)
GROUP BY 1, 2, 3 ORDER BY 4, 2
"""

# A document is posted once: while a lot of it is in no book yet, all of it waits.
_MOVED = """
SELECT moved.document, item.book_id, max(moved.moved_at), item.id,
    %(sign)s * sum(moved.quantity)
FROM warehouse_stockmovement AS moved
JOIN customs_booklot AS inside ON inside.lot_id = moved.lot_id
JOIN customs_bookrow AS item ON item.id = inside.row_id
WHERE moved.account = 'stock' AND moved.kind = %(moved)s AND moved.moved_at >= %(since)s
AND NOT EXISTS (
    SELECT FROM customs_bookreceipt AS told
    WHERE told.document = moved.document AND told.kind = %(told)s)
AND NOT EXISTS (
    SELECT FROM warehouse_stockmovement AS other
    LEFT JOIN customs_booklot AS inside ON inside.lot_id = other.lot_id
    WHERE other.document = moved.document AND other.account = 'stock'
    AND other.kind = moved.kind AND inside.id IS NULL)
GROUP BY 1, 2, 4 HAVING sum(moved.quantity) <> 0
ORDER BY 3, 1, 4
"""


@dataclass(frozen=True, slots=True)
class Source:
    """What is due: a document with units by book and item (row ids), and when it happened."""

    document: str
    happened_at: datetime
    units: dict[int, list[tuple[int, int]]]


def _asked(statement: str, **facts: datetime | int | str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return list(cursor.fetchall())


def released(since: datetime) -> list[tuple[int, str, datetime]]:
    """Released declarations without a receipt: id, our reference, when they were released."""
    return _asked(_RELEASED, since=since)  # type: ignore[return-value]


def counted(since: datetime) -> list[tuple[int, str, datetime, int]]:
    """Counts at the gate: receipt's id, number and moment, and its declaration's id."""
    return _asked(_COUNTED, since=since)  # type: ignore[return-value]


def came(receipt: int, declaration: int) -> list[tuple[int, int, int, int]]:
    """By item: the declaration's line, what was announced and what was counted."""
    return _asked(_CAME, receipt=receipt, declaration=declaration)  # type: ignore[return-value]


def lots(receipt: int, declaration: int) -> list[tuple[int, int]]:
    """The lots that a count at the gate made, and the items they are in."""
    return _asked(_LOTS, receipt=receipt, declaration=declaration)  # type: ignore[return-value]


def drawn(since: datetime) -> list[Source]:
    """Retail lists that are not in a book yet."""
    return _grouped(_asked(_DRAWN, since=since))


def destroyed(since: datetime) -> list[Source]:
    """Records of what was destroyed."""
    return _moved(Moved.DESTROYED, Kind.DESTROYED, since, sign=-1)


def returned(since: datetime) -> list[Source]:
    """Returns that arrived."""
    return _moved(Moved.SENT_BACK, Kind.RETURNED, since, sign=1)


def squared(since: datetime) -> list[Source]:
    """Counts whose differences an operator approved, with what stands in the book beside them."""
    return _moved(Moved.COUNTED, Kind.COUNTED, since, sign=1)


def voided(since: datetime) -> list[tuple[int, datetime]]:
    """Receipts (ids) of lists that were voided, and when."""
    return _asked(_VOIDED, since=since)  # type: ignore[return-value]


def left(since: datetime) -> list[tuple[int, str, int, datetime]]:
    """The same of lists that customs posted with an export list."""
    return _asked(_LEFT, since=since)  # type: ignore[return-value]


def gone(since: datetime) -> list[tuple[int, str, int, datetime]]:
    """Lists whose parcels a carrier has: book, number, their receipt (id), when they went."""
    return _asked(_GONE, since=since)  # type: ignore[return-value]


def _moved(moved: Moved, told: Kind, since: datetime, *, sign: int) -> list[Source]:
    return _grouped(_asked(_MOVED, since=since, moved=moved.value, told=told.value, sign=sign))


def _grouped(rows: Iterable[Sequence[object]]) -> list[Source]:
    found: dict[str, Source] = {}
    for document, book, at, row, units in rows:
        one = found.setdefault(
            str(document),
            Source(str(document), at, defaultdict(list)),  # type: ignore[arg-type]
        )
        one.units[int(str(book))].append((int(str(row)), int(str(units))))
    return list(found.values())
