"""The addresses of the warehouse's people: the gate, the shelves, what lies there."""

from __future__ import annotations

from tests.walls.who import FINANCE, IMPORTER, OPERATOR, SELLER, WAREHOUSE, Address
from tests.walls.world_of_stock import Stocked

_KEEPERS = frozenset({WAREHOUSE})
_BOTH = frozenset({WAREHOUSE, OPERATOR})

_LIST = Address(read=_BOTH)
_ONE = Address(read=_BOTH, owner=WAREHOUSE)
_FORM = Address(read=_KEEPERS, write=_KEEPERS)
_STEP = Address(write=_KEEPERS, owner=WAREHOUSE)

HOUSED = {
    "warehouse/shipments/": _LIST,
    "warehouse/shipments/<str:number>/count/": Address(
        read=_KEEPERS, write=_KEEPERS, owner=WAREHOUSE
    ),
    "warehouse/receipts/": _LIST,
    "warehouse/receipts/<str:number>/": _ONE,
    "warehouse/lots/": _LIST,
    "warehouse/lots/<str:number>/": _ONE,
    "warehouse/lots/<str:number>/serials/": Address(read=_BOTH, write=_KEEPERS, owner=WAREHOUSE),
    "warehouse/put-away/": _FORM,
    "warehouse/move/": _FORM,
    "warehouse/places/": _LIST,
    "warehouse/places/new/": _FORM,
    "warehouse/places/upload/": _FORM,
    "warehouse/places/template.<str:kind>": Address(read=_KEEPERS, is_file=True),
    "warehouse/places/<int:pk>/": Address(read=_BOTH, write=_KEEPERS, owner=WAREHOUSE),
    "warehouse/pallets/": _LIST,
    "warehouse/pallets/new/": _FORM,
    "warehouse/pallets/<str:sscc>/": Address(read=_BOTH, write=_KEEPERS, owner=WAREHOUSE),
    "warehouse/pallets/<str:sscc>/label.pdf": Address(read=_BOTH, is_file=True, owner=WAREHOUSE),
    "warehouse/carriers/": _FORM,
    "warehouse/hand-overs/": _FORM,
    "warehouse/hand-overs/<str:number>/": Address(read=_KEEPERS, owner=WAREHOUSE),
    "warehouse/hand-overs/<str:number>/manifest.<str:kind>": Address(
        read=_KEEPERS, is_file=True, owner=WAREHOUSE
    ),
    "warehouse/hand-overs/<str:number>/tracking/": _STEP,
    "warehouse/hand-overs/<str:number>/events/": _STEP,
    "warehouse/packing/": _FORM,
    "warehouse/waves/": _FORM,
    "warehouse/waves/<str:number>/": Address(read=_KEEPERS, write=_KEEPERS, owner=WAREHOUSE),
    "warehouse/waves/<str:number>/list.pdf": Address(read=_KEEPERS, is_file=True, owner=WAREHOUSE),
    "warehouse/orders/<str:number>/again/": _STEP,
    "warehouse/stock/": _LIST,
    "warehouse/movements/": _LIST,
    "warehouse/ageing/": _LIST,
    "warehouse/counts/": _LIST,
    "warehouse/counts/start/": Address(write=_KEEPERS),
    "warehouse/counts/terms/<str:code>/": Address(read=_KEEPERS, write=_KEEPERS, owner=WAREHOUSE),
    "warehouse/limits/<str:code>/": Address(read=_BOTH, write=_BOTH, owner=WAREHOUSE),
    "warehouse/counts/<str:number>/": _ONE,
    "warehouse/counts/<str:number>/enter/": _STEP,
    "warehouse/counts/<str:number>/decide/": Address(write=frozenset({OPERATOR})),
    "warehouse/transfers/": _LIST,
}

_SELLERS = frozenset({SELLER})

#: What sellers see and do of their own stock.
SOLD = {
    "stock/": Address(read=_SELLERS),
    "stock/movements/": Address(read=_SELLERS),
    "stock/ageing/": Address(read=_SELLERS),
    "stock/to-sell/": Address(read=_SELLERS),
    "stock/minimums/": Address(read=_SELLERS, write=_SELLERS),
    "stock/pictures/<int:pk>.jpg": Address(read=_SELLERS, owner=SELLER, is_file=True),
    "stock/transfers/": Address(read=_SELLERS),
    "stock/transfers/new/": Address(read=_SELLERS, write=_SELLERS),
    "stock/transfers/<str:number>/": Address(read=_SELLERS, owner=SELLER),
    "stock/transfers/<str:number>/answer/": Address(write=_SELLERS, owner=SELLER),
}

_BUYERS = frozenset({IMPORTER, OPERATOR})

HOUSED |= {
    "claims/": Address(read=_BUYERS),
    "claims/<str:number>.pdf": Address(read=_BUYERS, owner=IMPORTER, is_file=True),
    "claims/<str:number>/": Address(read=_BUYERS, write=frozenset({IMPORTER}), owner=IMPORTER),
}
#: Who keeps what came damaged, and who claims it, look at its pictures.
_PICTURE = Address(
    read=_BUYERS | _KEEPERS, is_file=True, owner=WAREHOUSE, also=frozenset({IMPORTER})
)
HOUSED |= {
    "warehouse/shipments/<str:number>/pictures/": Address(
        read=_KEEPERS, write=_KEEPERS, owner=WAREHOUSE
    ),
    "pictures/<int:pk>.jpg": _PICTURE,
    "pictures/<int:pk>/small.jpg": _PICTURE,
    "pictures/<int:pk>/withdraw/": Address(read=_KEEPERS, write=_KEEPERS, owner=WAREHOUSE),
}
_CHARGED = frozenset({SELLER, WAREHOUSE, OPERATOR, FINANCE})

#: What storage costs: the house's, and each owner's of it.
STORED = {
    "storage/tariffs/": Address(read=_BOTH, write=_BOTH),
    "storage/charges/": Address(read=_CHARGED),
    "storage/bills/": Address(read=_CHARGED),
    "storage/bills/<str:number>/": Address(
        read=_CHARGED, owner=SELLER, also=frozenset({WAREHOUSE})
    ),
}
HOUSED |= STORED


def in_stock(route: str, world: Stocked) -> str:
    """With the canary's own pallet and picture."""
    route = route.replace("<str:sscc>", world.pallet.sscc)
    if route.startswith(("pictures/", "stock/pictures/")):
        route = route.replace("<int:pk>", str(world.picture.pk))
    return route
