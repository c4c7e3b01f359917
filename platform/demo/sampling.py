"""With which rows the addresses are asked that name one: the busiest, and one that opens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

_PART = re.compile(r"<[^>]+>")
#: These end a session, change something when they are asked for, or are Django's own.
_NOT_ASKED = ("admin/", "logout/", "language/")

_ROUND = "SELECT code FROM procurement_poolround ORDER BY id DESC LIMIT 1"
_STATED = (
    "SELECT code FROM procurement_poolround WHERE id = "
    "(SELECT max(round_id) FROM procurement_roundbill WHERE owner_id = 1001)"
)
_PLAN = (
    "SELECT r.code, p.number FROM procurement_poolround r "
    "JOIN procurement_roundplan p ON p.round_id = r.id ORDER BY p.id DESC LIMIT 1"
)
_BILLED = (
    "SELECT code FROM procurement_poolround WHERE id = "
    "(SELECT max(round_id) FROM procurement_roundbill)"
)
_ORDER = "SELECT number FROM procurement_purchaseorder WHERE buyer_id = 21 ORDER BY id LIMIT 1"
_SHIPMENT = (
    "SELECT s.number FROM procurement_shipment s JOIN procurement_purchaseorder o "
    "ON o.id = s.order_id WHERE o.buyer_id = 21 {} ORDER BY s.id LIMIT 1"
)
_DECLARED = (
    "SELECT d.our_reference, p.number FROM customs_declaration d "
    "JOIN customs_declarationdocument p ON p.declaration_id = d.id "
    "WHERE d.importer_id = 21 ORDER BY d.id, p.id LIMIT 1"
)
_EXPORTED = "SELECT number FROM customs_exportlist WHERE importer_id = 21 ORDER BY id LIMIT 1"
_TOLD = "SELECT number FROM customs_outgoingmessage WHERE company_id = 21 ORDER BY id LIMIT 1"
_MEMBER = (
    "SELECT c.code, m.id FROM accounts_membership m JOIN accounts_company c "
    "ON c.id = m.company_id WHERE m.id = 1"
)
_JOB = "SELECT public_id FROM jobs_job WHERE user_id = 1 ORDER BY id DESC LIMIT 1"
_CHANNEL = "SELECT uid FROM warehouse_channel WHERE seller_id = 1001 ORDER BY id LIMIT 1"
_CAME = "SELECT uid FROM warehouse_channeldelivery WHERE seller_id = 1001 ORDER BY id LIMIT 1"
_HOOK = "SELECT uid FROM notices_webhookendpoint WHERE company_id = 1001 ORDER BY id LIMIT 1"
_MESSAGE = "SELECT uid FROM notices_webhookdelivery WHERE company_id = 1001 ORDER BY id LIMIT 1"
_PAPER = "SELECT id FROM accounts_admissiondocument WHERE company_id = 1001"
_ACCOUNT = "SELECT number FROM settlement_bankaccount ORDER BY id LIMIT 1"
_FILE = "SELECT id FROM warehouse_retailupload WHERE seller_id = 1001 ORDER BY id LIMIT 1"
_RETAIL_ORDER = (
    "SELECT number FROM warehouse_retailorder WHERE seller_id = 1001 "
    "ORDER BY state = 'handed_over' DESC, id LIMIT 1"
)
_WAVE = "SELECT number FROM warehouse_pickwave WHERE keeper_id = 11 AND state = 'open' LIMIT 1"
_COUNT = "SELECT number FROM warehouse_stockcount WHERE keeper_id = 11 LIMIT 1"
_PALLET = "SELECT sscc FROM warehouse_pallet WHERE keeper_id = 11 ORDER BY id LIMIT 1"
_HAND_OVER = "SELECT number FROM warehouse_handover WHERE keeper_id = 11 ORDER BY id LIMIT 1"
_RECEIPT = "SELECT number FROM warehouse_receipt WHERE warehouse_id = 1 LIMIT 1"
_AT_GATE = (
    "SELECT number FROM procurement_shipment s WHERE bound_for_id = 11 AND state = 'cleared' "
    "AND NOT EXISTS (SELECT FROM warehouse_receipt r WHERE r.shipment_id = s.id) LIMIT 1"
)
_CLAIM = "SELECT number FROM warehouse_supplierclaim WHERE buyer_id = 21 ORDER BY id LIMIT 1"
_PICTURE = "SELECT id FROM warehouse_gatepicture WHERE keeper_id = 11 ORDER BY id LIMIT 1"
_BATCH = "SELECT number FROM settlement_settlementbatch ORDER BY id LIMIT 1"
_PAYMENT_FILE = "SELECT message_id FROM settlement_paymentfile ORDER BY id LIMIT 1"
_ITEM = "FROM traceability_itemidentity ORDER BY id LIMIT 1"

#: How an address begins: a query for its parts, one column each, in their order. The longest
#: beginning counts. Addresses of the API are looked up without theirs where none stands here.
_SAMPLES = {
    "01/<str:gtin>/10/": f"SELECT gtin, lot_number, serial {_ITEM}",
    "01/": f"SELECT gtin, serial {_ITEM}",
    "admission/documents/": _PAPER,
    "admissions/": "SELECT admission_id, id FROM accounts_admissiondocument ORDER BY id LIMIT 1",
    "api/v1/history/": "SELECT 'warehouse.retailorder', number FROM warehouse_retailorder "
    "WHERE seller_id = 1001 ORDER BY id LIMIT 1",
    "api/v1/invitations/": "SELECT uid FROM accounts_invitation WHERE company_id = 1001 LIMIT 1",
    "api/v1/orders/<number>/file.": "SELECT number, 'csv' FROM procurement_purchaseorder "
    "WHERE buyer_id = 21 ORDER BY id LIMIT 1",
    "api/v1/orders/<number>/papers/": "SELECT o.number, d.number FROM procurement_purchaseorder o "
    "JOIN procurement_orderdocument d ON d.order_id = o.id WHERE o.buyer_id = 21 LIMIT 1",
    "api/v1/counts/": _COUNT,
    "api/v1/pallets/": _PALLET,
    "api/v1/people/": "SELECT 1",
    "api/v1/products/": "SELECT sku FROM catalog_product ORDER BY id LIMIT 1",
    "api/v1/retail-order-template.": "SELECT 'csv'",
    "api/v1/rounds/<code>/forecasts/<int:version>": "SELECT code, 1 "
    "FROM procurement_poolround WHERE id = 5",
    "api/v1/rounds/<code>/forecast-template.": "SELECT code, 'csv' "
    "FROM procurement_poolround ORDER BY id DESC LIMIT 1",
    "api/v1/rounds/<code>/statement": _STATED,
    "api/v1/rounds/<code>/statement.": _STATED.replace("code", "code, 'csv'", 1),
    "api/v1/own-skus/": "SELECT id FROM procurement_sellersku WHERE seller_id = 1001 LIMIT 1",
    "audit/": "SELECT 'warehouse.retailorder', min(id) FROM warehouse_retailorder "
    "WHERE seller_id = 1001",
    "api/v1/waves/": _WAVE,
    "audit/people/": "SELECT min(id) FROM accounts_user",
    "bank-accounts/": _ACCOUNT,
    "batches/": _BATCH,
    "claims/": _CLAIM,
    "companies/": "SELECT c.code, h.code FROM accounts_company c "
    "JOIN warehouse_bondedwarehouse h ON h.operator_id = c.id ORDER BY h.id LIMIT 1",
    "companies/<str:code>/trade/": "SELECT code FROM accounts_company WHERE id = 101",
    "customs/declarations/": _DECLARED,
    "customs/exports/": _EXPORTED,
    "customs/export-lists/": _EXPORTED,
    "customs/messages/": _TOLD,
    "customs/gateways/": "SELECT code FROM customs_gateway WHERE company_id = 21 LIMIT 1",
    "customs/books/": "SELECT number, '2026-Q3' FROM customs_accountbook WHERE keeper_id = 11",
    "customs/facilitation/": "SELECT code FROM accounts_company WHERE id = 21",
    "customs/products/": "SELECT sku FROM catalog_product ORDER BY id LIMIT 1",
    **dict.fromkeys(
        ("customs/tariff/", "tariff/"), "SELECT hs_code FROM customs_tariffrate LIMIT 1"
    ),
    "customs/shipments/": _SHIPMENT.format(
        "AND NOT EXISTS (SELECT FROM customs_declaration d WHERE d.shipment_id = s.id)"
    ),
    "declarations/": _DECLARED,
    "forecasts/": _ROUND,
    "forecasts/<str:code>/share/statement.": _STATED.replace("code", "code, 'csv'", 1),
    "forecasts/<str:code>/template.": "SELECT code, 'csv' FROM procurement_poolround "
    "ORDER BY id DESC LIMIT 1",
    "customs/parcels/": _RETAIL_ORDER,
    "customs/parcels/template.": "SELECT 'csv'",
    "parcel-template.": "SELECT 'csv'",
    "forecasts/<str:code>/upload/": "SELECT r.code, u.id FROM procurement_poolround r "
    "JOIN procurement_forecastupload u ON u.round_id = r.id ORDER BY u.id LIMIT 1",
    "forecasts/<str:code>/versions/": "SELECT code, 1 FROM procurement_poolround WHERE id = 5",
    "hand-overs/": _HAND_OVER,
    "jobs/": _JOB,
    "labels/": "SELECT number FROM traceability_labelsheet ORDER BY id LIMIT 1",
    "notices/": "SELECT c.id FROM notices_noticecopy c WHERE c.membership_id = 1 LIMIT 1",
    "offers/": "SELECT id FROM procurement_supplieroffer ORDER BY id LIMIT 1",
    "offers/template.": "SELECT 'csv'",
    "offer-template.": "SELECT 'csv'",
    "orders/": _ORDER,
    "orders/<str:number>/lines/": "SELECT o.number, l.position FROM procurement_purchaseorder o "
    "JOIN procurement_purchaseorderline l ON l.order_id = o.id WHERE o.buyer_id = 21 "
    "ORDER BY l.id LIMIT 1",
    "orders/<str:number>/file.": "SELECT number, 'csv' FROM procurement_purchaseorder "
    "WHERE buyer_id = 21 ORDER BY id LIMIT 1",
    "orders/papers/": "SELECT d.number FROM procurement_orderdocument d "
    "JOIN procurement_purchaseorder o ON o.id = d.order_id WHERE o.buyer_id = 21 LIMIT 1",
    "payables/": "SELECT number FROM settlement_payable ORDER BY id LIMIT 1",
    "payment-files/": _PAYMENT_FILE,
    "people/": _MEMBER,
    "deposits/payments/template.": "SELECT 'csv'",
    "problems/": "SELECT 'core.bad_filter'",
    "products/": "SELECT id FROM catalog_product ORDER BY id LIMIT 1",
    "receipts/": _RECEIPT,
    "retail-lists/": "SELECT number FROM customs_retaillist WHERE seller_id = 1001 LIMIT 1",
    "retail-order-files/": _FILE,
    "retail-orders/": _RETAIL_ORDER,
    "retail-orders/template.": "SELECT 'csv'",
    "retail-orders/upload/": _FILE,
    "pictures/": _PICTURE,
    "pool-rounds/": _ROUND,
    "pool-rounds/<code>/plans/<": _PLAN,
    "pool-rounds/<code>/bills": _BILLED,
    "rounds/": _ROUND,
    "rounds/<str:code>/plans/": _PLAN,
    "rounds/<str:code>/bills/": _BILLED,
    "sales/template.": "SELECT 'csv'",
    "settlement/accounts/": _ACCOUNT,
    "settlement/batches/": _BATCH,
    "settlement/files/": _PAYMENT_FILE,
    "settlement/terms/": "SELECT code FROM accounts_company WHERE id = 21",
    "shipments/": _SHIPMENT.format(""),
    "shipments/<number>/pictures": _AT_GATE,
    "sellers/accounts/": "SELECT code FROM accounts_company WHERE id = 1001",
    "seller-accounts/": "SELECT code FROM accounts_company WHERE id = 1001",
    "sellers/accounts/payments/template.": "SELECT 'csv'",
    "stock/transfers/": "SELECT number FROM warehouse_stocktransfer "
    "WHERE giver_id = 1001 ORDER BY id LIMIT 1",
    "storage/bills/": "SELECT number FROM warehouse_storagebill WHERE owner_id = 1001 "
    "AND keeper_id = 11 ORDER BY id LIMIT 1",
    "suppliers/": "SELECT code FROM accounts_company WHERE id = 101",
    "voc/btt/": "SELECT 'cn-entry-record-list'",
    "warehouse/counts/": _COUNT,
    "warehouse/counts/terms/": "SELECT code FROM warehouse_bondedwarehouse WHERE operator_id = 11",
    "warehouse/hand-overs/": _HAND_OVER,
    "warehouse/hand-overs/<str:number>/manifest.": _HAND_OVER.replace("number", "number, 'csv'", 1),
    "warehouse/limits/": "SELECT code FROM warehouse_bondedwarehouse WHERE operator_id = 11",
    "warehouse/lots/": "SELECT number FROM warehouse_lot WHERE warehouse_id = 1 LIMIT 1",
    "warehouse/places/": "SELECT id FROM warehouse_location WHERE warehouse_id = 1 "
    "ORDER BY id LIMIT 1",
    "warehouse/pallets/": _PALLET,
    "warehouse/places/template.": "SELECT 'csv'",
    "warehouse/receipts/": _RECEIPT,
    "warehouse/shipments/": _AT_GATE,
    "warehouse/waves/": _WAVE,
    "channels/": _CHANNEL,
    "channels/deliveries/": _CAME,
    "channel-deliveries/": _CAME,
    "webhook-messages/": _MESSAGE,
    "webhooks/": _HOOK,
    "webhooks/messages/": _MESSAGE,
}


#: The same address with a row in another state, of which its page asks other things; by name.
OTHERWISE = {
    "customs/declarations/<str:reference>/bonded-list/#ready": "SELECT our_reference FROM "
    "customs_declaration WHERE importer_id = 21 AND state = 'ready' ORDER BY id LIMIT 1",
    **{
        f"customs/declarations/<str:reference>/#{state}": "SELECT our_reference FROM "  # noqa: S608 - our own text
        f"customs_declaration WHERE importer_id = 21 AND state = '{state}' ORDER BY id LIMIT 1"
        for state in ("draft", "ready")
    },
    **dict.fromkeys(
        (f"customs/shipments/<str:number>/{page}/#declared" for page in ("way", "statement")),
        _SHIPMENT.format(
            "AND EXISTS (SELECT FROM customs_declaration d WHERE d.shipment_id = s.id)"
        ),
    ),
}


_SIGNED_OUT = "who is signed in, or has a company, is led on"
_LETTER = "opens by the link in a letter"
_OWN = "of a password, codes or passkeys that nobody here has"
_ONCE = "is shown once, to who made it"
_NO_DEPOSIT = "no round of the crowd asks for deposits"
_NOT_CHANGED = "no order of the crowd was changed after it was placed"
_NOT_PROPOSED = "nobody of the crowd proposes a change of reference data"
_NOT_BILLED = "a statement can be recomputed, and the crowd's orders come from no plan"
_NOT_RELEASED = "no set of papers of the crowd was released"
_NOT_PRINTED = "no list of the crowd was printed"
_NOT_DAMAGED = "no goods of the crowd came damaged"
#: What can be read and is not asked, and why.
_NOT_TOGETHER = "no importer of the crowd declares months together"
_NO_POST = "the crowd hears nothing back from customs"
UNASKED = {
    "customs/declarations/<str:reference>/papers/set.zip": _NOT_RELEASED,
    "api/v1/declarations/<reference>/papers.zip": _NOT_RELEASED,
    "customs/share-sheets/<str:document>.pdf": _NOT_RELEASED,
    "api/v1/share-sheets/<number>.pdf": _NOT_RELEASED,
    "papers/<str:token>/": _NOT_RELEASED,
    "papers/<str:token>/set.zip": _NOT_RELEASED,
    "papers/<str:token>/<str:document>.pdf": _NOT_RELEASED,
    "retail-lists/<str:number>/papers/<str:document>.pdf": _NOT_PRINTED,
    "api/v1/retail-lists/<number>/papers/<document>.pdf": _NOT_PRINTED,
    "login/": _SIGNED_OUT,
    "login/second-factor/": _SIGNED_OUT,
    "login/passkey/": _SIGNED_OUT,
    "signup/": _SIGNED_OUT,
    "apply/": _SIGNED_OUT,
    "signup/confirm/<str:key>/": _LETTER,
    "password/reset/<str:uidb36>/<str:key>/": _LETTER,
    "invitation/<str:token>/": _LETTER,
    "mail/stop/<str:token>/": _LETTER,
    "account/password/": _OWN,
    "account/confirm/": _OWN,
    "account/confirm/passkey/": _OWN,
    "account/second-factor/": _OWN,
    "account/codes/": _OWN,
    "account/codes/codes.txt": _OWN,
    "account/passkeys/<int:pk>/remove/": _OWN,
    "tokens/<int:pk>/made/": _ONCE,
    "webhooks/<uuid:uid>/secret/": _ONCE,
    "channels/<uuid:uid>/secret/": _ONCE,
    "deposits/<str:number>/": _NO_DEPOSIT,
    "api/v1/deposits/<number>": _NO_DEPOSIT,
    "api/v1/rounds/<code>/statement": _NOT_BILLED,
    "api/v1/rounds/<code>/statement.<kind>": _NOT_BILLED,
    "forecasts/<str:code>/share/statement.<str:kind>": _NOT_BILLED,
    "orders/<str:number>/changes/<int:sequence>.xml": _NOT_CHANGED,
    "customs/reference/<str:number>/": _NOT_PROPOSED,
    "customs/reference/<str:number>.csv": _NOT_PROPOSED,
    "api/v1/reference-proposals/<number>": _NOT_PROPOSED,
    "api/v1/reference-proposals/<number>/changes": _NOT_PROPOSED,
    "api/v1/reference-proposals/<number>/changes.csv": _NOT_PROPOSED,
    "customs/receipts/<int:pk>/": _NO_POST,
    "customs/receipts/files/<int:pk>/": _NO_POST,
    "customs/guarantees/<path:code>/<str:month>/": _NO_POST,
    "customs/guarantees/<path:code>/<str:month>/bills.<str:kind>": _NO_POST,
    "api/v1/customs/guarantee-months/<month>": _NO_POST,
    "api/v1/customs/guarantee-months/<month>/bills.<kind>": _NO_POST,
    "api/v1/customs/deadlines/<int:number>": "no worker looks at the crowd's days",
    **{
        f"customs/collective/<str:reference>/{page}": _NOT_TOGETHER
        for page in (
            *("", "amend/", "withdraw/"),
            *("papers/<str:document>.pdf", "papers-<str:language>.zip"),
        )
    },
    **{
        f"api/v1/collective-declarations/<reference>{part}": _NOT_TOGETHER
        for part in ("", "/papers/<number>.pdf", "/papers/<language>.zip")
    },
    "api/v1/customs/clients/<code>": "no seller of the crowd named who declares",
    "api/v1/counter-documents/<number>": "the crowd asks customs to change nothing",
    "api/v1/orders/<number>/changes/<int:sequence>.xml": _NOT_CHANGED,
    "rounds/<str:code>/bills/beside.csv": _NOT_BILLED,
    "rounds/<str:code>/statements/<str:seller>/": _NOT_BILLED,
    "api/v1/pool-rounds/<code>/statements/<seller>": _NOT_BILLED,
    "api/v1/stock/pictures/<int:pk>.jpg": _NOT_DAMAGED,
    "stock/pictures/<int:pk>.jpg": _NOT_DAMAGED,
    "sales/upload/<int:pk>/": "a file that nobody has sent",
    "warehouse/returns/<str:number>/": "the crowd's buyers send nothing back",
    "notices/<int:pk>/": "leads to what it is about",
}


def routes() -> list[str]:
    """Every address of the site, pages and API, as it is written in its urls."""

    def walk(patterns: list[Any], before: str) -> Iterator[str]:
        for one in patterns:
            route = before + str(one.pattern)
            if isinstance(one, URLResolver):
                if not route.startswith(_NOT_ASKED):
                    yield from walk(one.url_patterns, route)
            elif isinstance(one, URLPattern) and not route.startswith(_NOT_ASKED):
                yield route

    return list(dict.fromkeys(walk(get_resolver().url_patterns, "")))


def otherwise() -> dict[str, str]:
    """Addresses with a row in another state, by route and that state: ``orders/<number>/#draft``.

    Call platform-wide.
    """
    told = {name: _filled(name.partition("#")[0], query) for name, query in OTHERWISE.items()}
    return {name: address for name, address in told.items() if address}


def address_of(route: str) -> str | None:
    """The route with values of rows that are there; None where a row is not known."""
    return _filled(route, _query_of(route))


def _filled(route: str, query: str | None) -> str | None:
    parts = _PART.findall(route)
    values = _row(query) if parts and query else ()
    if len(values) < len(parts):
        return None
    for part, value in zip(parts, values, strict=False):
        route = route.replace(part, value, 1)
    return f"/{route}"


def _query_of(route: str) -> str | None:
    for told in (route, route.removeprefix("api/v1/")):
        starts = [one for one in _SAMPLES if told.startswith(one)]
        if starts:
            return _SAMPLES[max(starts, key=len)]
    return None


def _row(query: str) -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    return tuple(str(value) for value in row or ())
