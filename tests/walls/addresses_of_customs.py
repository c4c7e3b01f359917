"""The addresses of customs: declarations, the account book, reference data, retail lists."""

from __future__ import annotations

from typing import Any, Protocol

from accounts.models import Company
from core.walls import platform_wide
from customs.models import (
    AccountBook,
    BookFiling,
    CounterDocument,
    Deadline,
    Declaration,
    Gateway,
    PaperLink,
    Receipt,
    ReceiptFile,
    RetailList,
)
from procurement.models import Shipment
from tests.walls.who import IMPORTER, OPERATOR, SELLER, WAREHOUSE, Address
from tests.walls.world_of_customs import EXPORTED, NOT_SENT
from tests.walls.world_of_declaring import CANARY_GUARANTEE, CANARY_MONTH
from warehouse.models import Lot


class Declared(Protocol):
    """What of the world stands in these addresses."""

    declaration: Declaration
    lot: Lot
    importer: Company

    @property
    def filing(self) -> BookFiling: ...

    @property
    def deadline(self) -> Deadline: ...

    @property
    def counter_document(self) -> CounterDocument: ...

    shipment: Shipment
    retail_list: RetailList
    book: AccountBook
    gateway: Gateway

    @property
    def month_paper(self) -> str: ...

    @property
    def answer(self) -> Receipt: ...


def _read(*roles: str, **more: Any) -> Address:
    return Address(read=frozenset(roles), **more)


def _file(*roles: str, **more: Any) -> Address:
    return _read(*roles, is_file=True, **more)


def _write(*roles: str, **more: Any) -> Address:
    return Address(write=frozenset(roles), **more)


def _both(*roles: str, **more: Any) -> Address:
    return Address(read=frozenset(roles), write=frozenset(roles), **more)


#: Who sends to customs, and operators.
SENDERS = (IMPORTER, WAREHOUSE, OPERATOR)
DECLARED = {
    "customs/declarations/": _read(IMPORTER, OPERATOR),
    "customs/shipments/<str:number>/declare/": _both(IMPORTER, owner=IMPORTER),
    "customs/shipments/<str:number>/statement/": _both(IMPORTER, owner=IMPORTER),
    "customs/shipments/<str:number>/permits/": Address(
        read=frozenset({IMPORTER, OPERATOR}), write=frozenset({IMPORTER}), owner=IMPORTER
    ),
    "customs/declarations/<str:reference>.pdf": _file(IMPORTER, OPERATOR, owner=IMPORTER),
    "customs/declarations/<str:reference>/": _read(IMPORTER, OPERATOR, owner=IMPORTER),
    "customs/declarations/<str:reference>/paper/": _write(IMPORTER, owner=IMPORTER),
    "customs/declarations/<str:reference>/retry/": _write(IMPORTER, owner=IMPORTER),
    "customs/declarations/<str:reference>/lodge/": _write(IMPORTER, owner=IMPORTER),
    "customs/declarations/<str:reference>/release/": _write(IMPORTER, owner=IMPORTER),
    "customs/declarations/<str:reference>/reject/": _write(IMPORTER, owner=IMPORTER),
    "customs/declarations/<str:reference>/redraft/": _write(IMPORTER, owner=IMPORTER),
    "customs/declarations/<str:reference>/papers/": _read(IMPORTER, OPERATOR, owner=IMPORTER),
    "customs/declarations/<str:reference>/papers/order/": _write(IMPORTER, owner=IMPORTER),
    "customs/declarations/<str:reference>/papers/<str:document>.pdf": _file(
        IMPORTER, OPERATOR, owner=IMPORTER
    ),
    "customs/declarations/<str:reference>/amend/": _both(IMPORTER, owner=IMPORTER),
    "customs/declarations/<str:reference>/withdraw/": _both(IMPORTER, owner=IMPORTER),
    "customs/declarations/<str:reference>/drop/": _write(IMPORTER, owner=IMPORTER),
    "customs/declarations/<str:reference>/bonded-list/": _both(IMPORTER, owner=IMPORTER),
    "customs/declarations/<str:reference>/list-change/": _write(IMPORTER, owner=IMPORTER),
    "customs/declarations/<str:reference>/list-deletion/": _write(IMPORTER, owner=IMPORTER),
    "customs/declarations/<str:reference>/pass/": _write(IMPORTER, owner=IMPORTER),
    "customs/exports/": _read(IMPORTER, OPERATOR),
    "customs/exports/gather/": _write(IMPORTER),
    "customs/exports/<str:number>/": _read(IMPORTER, OPERATOR, owner=IMPORTER),
    "customs/exports/<str:number>/anew/": _write(IMPORTER, owner=IMPORTER),
    "customs/exports/<str:number>/deletion/": _write(IMPORTER, owner=IMPORTER),
    "customs/exports/<str:number>/pass/": _write(IMPORTER, owner=IMPORTER),
    "customs/collective/": _read(IMPORTER, OPERATOR),
    "customs/collective/draw/": _write(IMPORTER),
    "customs/collective/<str:reference>/": _read(IMPORTER, OPERATOR, owner=IMPORTER),
    "customs/collective/<str:reference>/papers/<str:document>.pdf": _file(
        IMPORTER, OPERATOR, owner=IMPORTER
    ),
    "customs/collective/<str:reference>/papers-<str:language>.zip": _file(
        IMPORTER, OPERATOR, owner=IMPORTER
    ),
    **{
        f"customs/collective/<str:reference>/{act}/": _write(IMPORTER, owner=IMPORTER)
        for act in ("papers", "lodge", "release", "reject", "drop")
    },
    "customs/collective/<str:reference>/amend/": _both(IMPORTER, owner=IMPORTER),
    "customs/collective/<str:reference>/withdraw/": _both(IMPORTER, owner=IMPORTER),
    "customs/requests/<str:number>/accept/": _write(IMPORTER, owner=IMPORTER),
    "customs/requests/<str:number>/refuse/": _write(IMPORTER, owner=IMPORTER),
    "customs/to-do/": _read(IMPORTER, OPERATOR),
    "customs/products/<str:sku>/elements/": _both(IMPORTER, OPERATOR, owner=IMPORTER),
    "customs/products/<str:sku>/remark/": _both(IMPORTER, OPERATOR, owner=IMPORTER),
    "customs/filings/": Address(
        read=frozenset({IMPORTER, WAREHOUSE, OPERATOR}), write=frozenset({IMPORTER})
    ),
    "customs/filings/<str:number>/answer/": _write(WAREHOUSE, owner=WAREHOUSE),
    "customs/deadlines/": _read(IMPORTER, OPERATOR),
    "customs/deadlines/<int:pk>/done/": _write(IMPORTER, owner=IMPORTER),
    "customs/facilitation/<str:code>/": _both(OPERATOR),
    "customs/shipments/<str:number>/way/": Address(
        read=frozenset({IMPORTER, OPERATOR}), write=frozenset({IMPORTER}), owner=IMPORTER
    ),
    "customs/shipments/<str:number>/enter/": _write(IMPORTER, owner=IMPORTER),
    "customs/declarations/<str:reference>/papers/release/": _write(IMPORTER, owner=IMPORTER),
    "customs/declarations/<str:reference>/papers/links/": _write(IMPORTER, owner=IMPORTER),
    "customs/declarations/<str:reference>/papers/links/<uuid:uid>/revoke/": _write(
        IMPORTER, owner=IMPORTER
    ),
    "customs/declarations/<str:reference>/papers/set.zip": _file(
        IMPORTER, OPERATOR, owner=IMPORTER
    ),
    "customs/share-sheets/": _read(SELLER),
    "customs/share-sheets/<str:document>.pdf": _file(SELLER, owner=SELLER),
    "papers/<str:token>/": Address(public=True),
    "papers/<str:token>/set.zip": Address(public=True),
    "papers/<str:token>/<str:document>.pdf": Address(public=True),
    "retail-lists/<str:number>/anew/": _write(SELLER, owner=SELLER),
    "retail-lists/<str:number>/papers/": _write(SELLER, owner=SELLER),
    "retail-lists/<str:number>/papers/<str:document>.pdf": _file(SELLER, OPERATOR, owner=SELLER),
    "customs/tariff/": _read(OPERATOR, IMPORTER),
    "customs/messages/": _read(IMPORTER, OPERATOR),
    "customs/messages/<str:number>/": _read(IMPORTER, OPERATOR, owner=IMPORTER),
    "customs/messages/<str:number>/retry/": _write(IMPORTER, OPERATOR, owner=IMPORTER),
    "customs/parties/": _both(SELLER, admins=True),
    "customs/parcels/": _both(SELLER),
    "customs/parcels/template.<str:kind>": _file(SELLER),
    "customs/parcels/<str:number>/": _both(SELLER, owner=SELLER),
    "customs/clients/": _read(IMPORTER),
    "customs/clients/<str:code>/agree/": _write(IMPORTER, owner=IMPORTER, admins=True),
    "customs/houses/": _both(WAREHOUSE),
    "customs/gateways/": _read(IMPORTER, OPERATOR),
    "customs/gateways/new/": _both(IMPORTER, admins=True),
    "customs/gateways/<slug:code>/": _read(IMPORTER, OPERATOR, owner=IMPORTER),
    "customs/gateways/<slug:code>/change/": _write(IMPORTER, owner=IMPORTER, admins=True),
    "customs/tariff/<str:code>/": _read(OPERATOR, IMPORTER),
    "customs/positive-list/": _read(OPERATOR, IMPORTER),
    "customs/exchange-rates/": _read(OPERATOR, IMPORTER),
    "customs/codes/": _read(OPERATOR, IMPORTER),
    "customs/reference/": _both(OPERATOR),
    "customs/reference/<str:number>.csv": _file(OPERATOR),
    "customs/reference/<str:number>/": _read(OPERATOR),
    "customs/reference/<str:number>/approve/": _write(OPERATOR),
    "customs/reference/<str:number>/refuse/": _write(OPERATOR),
    "customs/receipts/": _read(*SENDERS),
    "customs/receipts/files/": _read(*SENDERS),
    "customs/receipts/files/<int:pk>/": _read(*SENDERS, owner=IMPORTER),
    "customs/receipts/files/<int:pk>/content/": _write(*SENDERS, owner=IMPORTER, wide=frozenset()),
    "customs/receipts/upload/": _write(*SENDERS),
    "customs/receipts/<int:pk>/": _read(*SENDERS, owner=IMPORTER),
    **{
        f"customs/receipts/<int:pk>/{act}/": _write(*SENDERS, owner=IMPORTER)
        for act in ("assign", "aside", "again")
    },
    "customs/guarantees/": _both(IMPORTER),
    "customs/guarantees/<path:code>/<str:month>/": _both(IMPORTER, owner=IMPORTER),
    "customs/guarantees/<path:code>/<str:month>/bills.<str:kind>": _file(IMPORTER, owner=IMPORTER),
    "customs/tax-bills/": _read(SELLER, IMPORTER, OPERATOR),
    "retail-lists/": _read(SELLER, OPERATOR),
    "retail-lists/<str:number>/": _read(SELLER, OPERATOR, owner=SELLER),
    "retail-lists/<str:number>/release/": _write(OPERATOR, owner=SELLER),
    "customs/books/": _read(WAREHOUSE, OPERATOR),
    "customs/books/<str:number>/": _read(WAREHOUSE, OPERATOR, owner=WAREHOUSE),
    "customs/books/<str:number>/receipts/": _read(WAREHOUSE, OPERATOR, owner=WAREHOUSE),
    "customs/books/<str:number>/<str:quarter>.pdf": _file(WAREHOUSE, OPERATOR, owner=WAREHOUSE),
    "customs/books/<str:number>/<str:quarter>.csv": _file(WAREHOUSE, OPERATOR, owner=WAREHOUSE),
}


def in_customs(route: str, world: Declared) -> str:
    """With the canary's own declaration, retail list and account book."""
    if route.startswith("customs/collective/"):
        return _of_month(route, world)
    route = route.replace("<str:reference>", world.declaration.our_reference)
    if "<str:document>" in route:
        with platform_wide():
            route = route.replace("<str:document>", _document_in(route, world))
    if route.endswith("papers/links/<uuid:uid>/revoke/"):
        with platform_wide():
            link = PaperLink.objects.get(release__declaration=world.declaration)
        route = route.replace("<uuid:uid>", str(link.uid))
    if route.startswith("customs/receipts/files/<"):
        with platform_wide():
            kept = ReceiptFile.objects.get(name="canary.xml").pk
        route = route.replace("<int:pk>", f"{kept}")
    if route.startswith("customs/receipts/"):
        route = route.replace("<int:pk>", f"{world.answer.pk}")
    if route.startswith("customs/deadlines/<"):
        route = route.replace("<int:pk>", str(world.deadline.pk))
    if route.startswith("customs/facilitation/"):
        route = route.replace("<str:code>", world.importer.code)
    route = route.replace("<str:sku>", world.lot.product.sku)
    for start, number in {
        "customs/shipments/": world.shipment.number,
        "customs/filings/": world.filing.number,
        "customs/requests/": world.counter_document.number,
        "customs/books/": world.book.number,
        "customs/messages/": NOT_SENT,
        "customs/exports/": EXPORTED,
        "retail-lists/": world.retail_list.number,
        "customs/reference/": "RD-2026-000001",
    }.items():
        if route.startswith(start):
            route = route.replace("<str:number>", number)
    if route.startswith("customs/parcels/<str:number>"):
        with platform_wide():
            route = route.replace("<str:number>", world.retail_list.order.number)
    route = route.replace("customs/tariff/<str:code>/", "customs/tariff/1901101010/")
    route = route.replace("<slug:code>", world.gateway.code)
    if route.startswith("customs/guarantees/"):
        route = route.replace("<path:code>", CANARY_GUARANTEE).replace("<str:month>", "2026-10")
        route = route.replace("<str:kind>", "csv")
    if route.startswith("customs/clients/"):
        route = route.replace("<str:code>", world.retail_list.seller.code)
    return route


def _of_month(route: str, world: Declared) -> str:
    told = {"reference": CANARY_MONTH, "document": world.month_paper, "language": "zh-hans"}
    for part, value in told.items():
        route = route.replace(f"<str:{part}>", value)
    return route


def _document_in(route: str, world: Declared) -> str:
    """The number of the canary's own document under this address."""
    papers = world.declaration.documents.order_by("pk")
    if route.startswith("retail-lists/"):
        found = world.retail_list.documents.order_by("pk")[0].number
    elif route.startswith("customs/share-sheets/"):
        found = papers.get(kind="share_sheet", seller=world.retail_list.seller_id).number
    else:
        found = papers[0].number
    return str(found)
