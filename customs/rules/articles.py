"""How an article is named to customs: by its SKU, where customs' field has room for it."""

from __future__ import annotations

import hashlib

#: Of itemNo: 30 in an order (CEB311), 20 in a list (CEB621); the two are to name the same goods.
ITEM_ROOM = 20
#: Of GdsMtno, of the zone's lists and passes.
MATERIAL_ROOM = 32
_BEGINS = 23


def item_number(sku: str) -> str:
    """itemNo, which may be left out: nothing where the SKU has no room, as cut it would be
    another's."""
    return sku if len(sku) <= ITEM_ROOM else ""


def material_number(sku: str) -> str:
    """GdsMtno, which must be there: of a longer SKU its beginning and eight digits of its SHA-256.

    Beware: ``queries.posted`` works out the same in SQL, and what was told once stays so.
    """
    if len(sku) <= MATERIAL_ROOM:
        return sku
    return f"{sku[:_BEGINS]}-{hashlib.sha256(sku.encode()).hexdigest()[:8]}"


def record_number(item: str, sku: str, names_material: bool) -> str:
    """itemRecordNo of a retail list, empty where the goods lie in no book: the book's item, as XA
    and the official notes have it, or its material number, as a template of XA has it [uncertain:
    zones differ, so the house's keeper tells which]."""
    return material_number(sku) if item and names_material else item
