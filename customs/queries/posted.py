"""What customs posted of a bonded list beside what the list and our own count say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from core.copying import array_of
from core.walls import platform_wide
from customs.models import Receipt

#: vrfdedMarkcd: 0 not, 1 announced, 2 written off.
WRITTEN_OFF = "2"

# By line of the list: what was declared, and what was counted at the gate, where it was. The line
# is the one that the answer names, else that of the article. Zones differ in what they write as the
# incoming quantity: that of the line, or in a book that files its goods the whole item's; one that
# agrees with either agrees.
_DECLARED = """
SELECT posted.element_id, posted.line, posted.item, posted.sku, posted.quantity, mine.position,
    coalesce(mine.counted, mine.quantity), mine.whole
FROM customs_posteditem AS posted
LEFT JOIN LATERAL (
    SELECT line.position, line.quantity, (
        SELECT sum(came.counted) FROM warehouse_receiptline AS came
        JOIN procurement_shipmentline AS sent ON sent.id = came.shipment_line_id
        JOIN customs_declaration AS declared ON declared.shipment_id = sent.shipment_id
        WHERE declared.id = line.declaration_id AND sent.order_line_id = line.order_line_id
    ) AS counted, (
        SELECT item.actl_inc + item.prevd_inc FROM customs_bookline AS made
        JOIN customs_bookrow AS item ON item.id = made.row_id
        WHERE made.declaration_line_id = line.id
    ) AS whole
    FROM customs_declarationline AS line
    JOIN customs_outgoingelement AS told ON told.declaration_id = line.declaration_id
    JOIN catalog_product AS product ON product.id = line.product_id
    WHERE told.id = posted.element_id
    -- rules.articles.material_number
    AND CASE WHEN posted.line IS NULL THEN posted.sku = CASE
            WHEN length(product.sku) <= 32 THEN product.sku
            ELSE left(product.sku, 23) || '-'
                || left(encode(sha256(convert_to(product.sku, 'UTF8')), 'hex'), 8) END
        ELSE line.position = posted.line END
    ORDER BY line.position LIMIT 1
) AS mine ON true
WHERE posted.element_id = ANY (%(elements)s::bigint[])
AND NOT EXISTS (SELECT FROM customs_exportlist AS out WHERE out.element_id = posted.element_id)
ORDER BY posted.receipt_id DESC, posted.place
"""

_EXPORTED = """
SELECT posted.element_id, posted.line, posted.item, posted.sku, NULL, mine.position, NULL, NULL
FROM customs_posteditem AS posted
JOIN customs_exportlist AS list ON list.element_id = posted.element_id
LEFT JOIN LATERAL (
    SELECT goods.position FROM customs_exportgoods AS goods
    JOIN customs_bookrow AS item ON item.id = goods.row_id
    WHERE goods.export_list_id = list.id AND item.item = posted.item
) AS mine ON true
WHERE posted.element_id = ANY (%(elements)s::bigint[])
ORDER BY posted.receipt_id DESC, posted.place
"""


# Every line of ours, as above.
_OURS_DECLARED = """
SELECT told.id, line.position, product.sku, line.quantity
FROM customs_declarationline AS line
JOIN customs_outgoingelement AS told ON told.declaration_id = line.declaration_id
JOIN catalog_product AS product ON product.id = line.product_id
WHERE told.id = ANY (%(elements)s::bigint[]) ORDER BY 1, 2
"""

_OURS_EXPORTED = """
SELECT list.element_id, goods.position, product.sku, goods.quantity
FROM customs_exportgoods AS goods
JOIN customs_exportlist AS list ON list.id = goods.export_list_id
JOIN customs_bookrow AS item ON item.id = goods.row_id
JOIN catalog_product AS product ON product.id = item.product_id
WHERE list.element_id = ANY (%(elements)s::bigint[]) ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class PostedBeside:
    """An item as customs posted it, beside ours. ``theirs`` is empty where the zone does not say,
    ``ours`` where we have no such line; ``is_posted`` is false, and ``item`` unknown, for a line of
    ours that customs left out of all that it posted."""

    line: int | None
    item: int | None
    sku: str
    theirs: Decimal | None
    ours: int | None
    whole: int | None
    is_known: bool
    is_posted: bool = True

    @property
    def differs(self) -> bool:
        if not self.is_known or not self.is_posted:
            return True
        return self.theirs is not None and self.theirs not in (self.ours, self.whole)


def posted_of(element: int) -> list[PostedBeside]:
    """What was posted of a bonded list (id of its element) that the asker may see, by the newest
    answer; nothing before it. Behind it what customs left out, once it says that all is posted."""
    return _posted([element]).get(element, [])


def _posted(elements: Collection[int]) -> dict[int, list[PostedBeside]]:
    """The same of many, by element: five statements, however many."""
    found: dict[int, dict[tuple[object, object], PostedBeside]] = defaultdict(dict)
    named: set[tuple[int, int]] = set()
    with platform_wide(), connection.cursor() as cursor:
        for statement in (_DECLARED, _EXPORTED):
            cursor.execute(statement, {"elements": array_of(elements)})
            for element, line, item, sku, theirs, position, ours, whole in cursor.fetchall():
                one = PostedBeside(line, item, sku, theirs, ours, whole, position is not None)
                found[element].setdefault((line, item), one)
                named.add((element, position))
        told = {element: list(rows.values()) for element, rows in found.items()}
        all_posted = _whole(told)
        for statement in (_OURS_DECLARED, _OURS_EXPORTED) if all_posted else ():
            cursor.execute(statement, {"elements": array_of(all_posted)})
            for element, position, sku, quantity in cursor.fetchall():
                if (element, position) not in named:
                    told[element].append(
                        PostedBeside(position, None, sku, None, quantity, None, True, False)
                    )
    return told


def _whole(elements: Collection[int]) -> list[int]:
    """Those of which customs says that the list is posted (written off: 2), in all parts in which
    it tells of a long one. That a list is never posted in several answers of one part is uncertain:
    no source says so."""
    told: dict[int, list[dict[str, str]]] = defaultdict(list)
    rows = Receipt.objects.filter(message="INV211", matches__element__in=list(elements))
    for element, facts in rows.values_list("matches__element", "facts"):
        told[element].append(facts)
    return sorted(element for element, facts in told.items() if _is_whole(facts))


def _is_whole(told: Collection[dict[str, str]]) -> bool:
    totals = [one.get("total", "") for one in told]
    parts = max((int(one) for one in totals if one.isascii() and one.isdigit()), default=1)
    is_written_off = any(one.get("vrfdedMarkcd") == WRITTEN_OFF for one in told)
    return is_written_off and len({one.get("current") for one in told}) >= parts


def differing(elements: Collection[int]) -> dict[int, list[PostedBeside]]:
    """By element those that are not as ours; no entry of one that agrees."""
    asked = {
        element: [one for one in rows if one.differs] for element, rows in _posted(elements).items()
    }
    return {element: rows for element, rows in asked.items() if rows}
