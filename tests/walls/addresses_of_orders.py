"""The addresses of consumers' orders that wait, for their sellers and for warehouses."""

from __future__ import annotations

from tests.walls.who import IMPORTER, OPERATOR, SELLER, WAREHOUSE, Address

_KEEPERS = frozenset({WAREHOUSE})
_SELLERS = frozenset({SELLER})
_BUYING = frozenset({SELLER, IMPORTER, OPERATOR})

_STEP = Address(write=_SELLERS, owner=SELLER)

ORDERED = {
    "customs/tax/": Address(read=_BUYING, write=_BUYING),
    "warehouse/returns/": Address(read=_KEEPERS),
    "warehouse/returns/<str:number>/": Address(read=_KEEPERS, write=_KEEPERS, owner=WAREHOUSE),
    "warehouse/returns/<str:number>/refuse/": Address(write=_KEEPERS, owner=WAREHOUSE),
    "retail-returns/": Address(read=_SELLERS),
    "retail-orders/terms/": Address(read=_SELLERS, write=_SELLERS),
    "retail-orders/mergeable/": Address(read=_SELLERS),
    "retail-orders/<str:number>/merge/": Address(read=_SELLERS, write=_SELLERS, owner=SELLER),
    "stock/restocking/": Address(read=_SELLERS),
    "retail-orders/<str:number>/return/": Address(read=_SELLERS, write=_SELLERS, owner=SELLER),
    "warehouse/holds/": Address(read=_KEEPERS, write=_KEEPERS),
    "warehouse/holds/<str:number>/free/": Address(write=_KEEPERS, owner=WAREHOUSE),
    "retail-orders/<str:number>/confirm/": _STEP,
    "retail-orders/<str:number>/hold/": _STEP,
    "retail-orders/<str:number>/free/": _STEP,
}
