"""Every address of the house, for whom it is, and how a stranger would ask for it.

A new address must be put here, or the tests fail: somebody has to say who may open it.
"""

from __future__ import annotations

from typing import Any

from tests.walls.addresses_of_channels import CHANNELS, in_channels
from tests.walls.addresses_of_customs import DECLARED, in_customs
from tests.walls.addresses_of_orders import ORDERED
from tests.walls.addresses_of_stock import HOUSED, SOLD, in_stock
from tests.walls.who import (
    EVERYBODY,
    FINANCE,
    IMPORTER,
    OPERATOR,
    PEOPLE,
    SELLER,
    WAREHOUSE,
    Address,
    Person,
)
from tests.walls.world import World

__all__ = [
    "EVERYBODY",
    "FINANCE",
    "IMPORTER",
    "NOT_EVEN_THEY",
    "OPERATOR",
    "OPERATORS",
    "PEOPLE",
    "PUBLIC",
    "SELLER",
    "TABLE",
    "WAREHOUSE",
    "Address",
    "Person",
    "path_of",
]


def _read(*roles: str, **more: Any) -> Address:
    return Address(read=frozenset(roles), **more)


def _file(*roles: str, **more: Any) -> Address:
    return Address(read=frozenset(roles), is_file=True, **more)


def _write(*roles: str, **more: Any) -> Address:
    return Address(write=frozenset(roles), **more)


def _both(*roles: str, **more: Any) -> Address:
    return Address(read=frozenset(roles), write=frozenset(roles), **more)


PUBLIC = Address(public=True)
OPERATORS = frozenset({OPERATOR})
NOT_EVEN_THEY = frozenset[str]()

TABLE: dict[str, Address] = CHANNELS | {
    "": _both(*EVERYBODY, nobody=True),
    "login/": PUBLIC,
    "login/second-factor/": PUBLIC,
    "login/passkey/": PUBLIC,
    "logout/": PUBLIC,
    "signup/": PUBLIC,
    "signup/sent/": PUBLIC,
    "signup/confirm/<str:key>/": PUBLIC,
    "password/reset/": PUBLIC,
    "password/reset/sent/": PUBLIC,
    "password/reset/done/": PUBLIC,
    "password/reset/<str:uidb36>/<str:key>/": PUBLIC,
    "invitation/<str:token>/": PUBLIC,
    "account/": _both(*EVERYBODY, nobody=True),
    "account/closed/": PUBLIC,
    "account/sign-out-elsewhere/": _write(*EVERYBODY, nobody=True),
    "account/email/": _both(*EVERYBODY, nobody=True),
    "account/password/": _both(*EVERYBODY, nobody=True),
    "account/confirm/": _both(*EVERYBODY, nobody=True),
    "account/confirm/code/": _both(*EVERYBODY, nobody=True),
    "account/confirm/passkey/": _both(*EVERYBODY, nobody=True),
    "account/second-factor/": _read(*EVERYBODY, nobody=True),
    "account/app/": _both(*EVERYBODY, nobody=True),
    "account/app/remove/": _both(*EVERYBODY, nobody=True),
    "account/codes/": _read(*EVERYBODY, nobody=True),
    "account/codes/new/": _both(*EVERYBODY, nobody=True),
    "account/codes/codes.txt": _file(*EVERYBODY, nobody=True),
    "account/passkeys/new/": _both(*EVERYBODY, nobody=True),
    "account/passkeys/<int:pk>/remove/": _both(*EVERYBODY, owner=SELLER, mine=True),
    "people/": _read(*EVERYBODY, admins=True, wide=NOT_EVEN_THEY),
    "people/<str:code>/": _read(*EVERYBODY, owner=SELLER, admins=True, wide=OPERATORS),
    "people/<str:code>/invite/": _write(*EVERYBODY, owner=SELLER, admins=True, wide=OPERATORS),
    "people/<str:code>/members/<int:pk>/": _read(
        *EVERYBODY, owner=SELLER, admins=True, wide=OPERATORS
    ),
    "people/<str:code>/members/<int:pk>/change/": _write(
        *EVERYBODY, owner=SELLER, admins=True, wide=OPERATORS
    ),
    "people/<str:code>/members/<int:pk>/remove/": _write(
        *EVERYBODY, owner=SELLER, admins=True, wide=OPERATORS
    ),
    "people/<str:code>/members/<int:pk>/account/": _write(OPERATOR, owner=SELLER, wide=OPERATORS),
    "people/<str:code>/invitations/<uuid:uid>/again/": _write(
        *EVERYBODY, owner=SELLER, admins=True, wide=OPERATORS
    ),
    "people/<str:code>/invitations/<uuid:uid>/revoke/": _write(
        *EVERYBODY, owner=SELLER, admins=True, wide=OPERATORS
    ),
    "language/": PUBLIC,
    "act-for/": _write(*EVERYBODY),
    "jobs/": _read(*EVERYBODY),
    "jobs/failed/": _read(OPERATOR),
    "jobs/<str:public_id>/": _read(*EVERYBODY, owner=SELLER, mine=True),
    "jobs/<str:public_id>/cancel/": _write(*EVERYBODY, owner=SELLER, mine=True),
    "jobs/<str:public_id>/file/": _file(*EVERYBODY, owner=SELLER, mine=True),
    "lists/<slug:key>/file/": _write(*EVERYBODY),
    "lists/<slug:key>/act/": _write(*EVERYBODY),
    "notices/": _read(*EVERYBODY),
    "notices/read/": _write(*EVERYBODY),
    "notices/settings/": _both(*EVERYBODY),
    "notices/<int:pk>/": _read(*EVERYBODY, owner=SELLER, mine=True),
    "mail/stop/<str:token>/": PUBLIC,
    "webhooks/": _read(SELLER, IMPORTER, admins=True),
    "webhooks/new/": _both(SELLER, IMPORTER, admins=True),
    "webhooks/messages/<str:uid>/": _read(SELLER, IMPORTER, admins=True, owner=SELLER),
    "webhooks/messages/<str:uid>/replay/": _write(SELLER, IMPORTER, admins=True, owner=SELLER),
    "webhooks/<uuid:uid>/": _read(SELLER, IMPORTER, admins=True, owner=SELLER),
    "webhooks/<uuid:uid>/change/": _both(SELLER, IMPORTER, admins=True, owner=SELLER),
    "webhooks/<uuid:uid>/secret/": _read(SELLER, IMPORTER, admins=True, owner=SELLER),
    "webhooks/<uuid:uid>/rotate/": _write(SELLER, IMPORTER, admins=True, owner=SELLER),
    "webhooks/<uuid:uid>/enable/": _write(SELLER, IMPORTER, admins=True, owner=SELLER),
    "webhooks/<uuid:uid>/disable/": _write(SELLER, IMPORTER, admins=True, owner=SELLER),
    "webhooks/<uuid:uid>/end/": _write(SELLER, IMPORTER, admins=True, owner=SELLER),
    "webhooks/<uuid:uid>/ping/": _write(SELLER, IMPORTER, admins=True, owner=SELLER),
    "webhooks/<uuid:uid>/replay/": _write(SELLER, IMPORTER, admins=True, owner=SELLER),
    "tokens/": _read(*EVERYBODY, admins=True, wide=NOT_EVEN_THEY),
    "tokens/new/": _both(*EVERYBODY, admins=True, wide=NOT_EVEN_THEY),
    "tokens/<int:pk>/made/": _read(*EVERYBODY, owner=SELLER, admins=True, wide=NOT_EVEN_THEY),
    "tokens/<int:pk>/revoke/": _write(*EVERYBODY, owner=SELLER, admins=True, wide=NOT_EVEN_THEY),
    "problems/": PUBLIC,
    "problems/<str:code>": PUBLIC,
    "api/docs/": PUBLIC,
    "api/v1/openapi.json": PUBLIC,
    # Every operation below it is walked in tests/rest/test_walls.py.
    "api/v1/": Address(),
    # Django's own: only for staff, which no company's person is.
    "admin/": Address(),
    "audit/": _read(OPERATOR),
    "audit/accounts/": _read(OPERATOR),
    "audit/people/": _read(OPERATOR),
    "audit/people/<int:pk>/": _read(OPERATOR),
    "audit/people/<int:pk>/change/": _write(OPERATOR),
    "audit/<str:kind>/<int:pk>/": _read(SELLER, OPERATOR, owner=SELLER),
    # Who applies acts for nobody yet; tests/accounts/test_admission_pages.py.
    "apply/": _both(*EVERYBODY, nobody=True),
    # The canary's application is nobody else's; who applied for nothing has no such page.
    "admission/": _read(SELLER, owner=SELLER),
    "admission/answer/": _write(SELLER, owner=SELLER),
    "admission/documents/<int:pk>/": _file(SELLER, owner=SELLER),
    "company/": _read(*EVERYBODY),
    "company/edit/": _both(*EVERYBODY, admins=True, wide=NOT_EVEN_THEY),
    "admissions/": _read(OPERATOR),
    "admissions/<int:pk>/": _both(OPERATOR),
    "admissions/<int:pk>/documents/<int:document>/": _file(OPERATOR),
    "companies/": _read(OPERATOR),
    "companies/new/": _both(OPERATOR),
    "companies/<str:code>/": _read(OPERATOR),
    "companies/<str:code>/change/": _both(OPERATOR),
    "companies/<str:code>/trade/": _both(OPERATOR),
    "companies/<str:code>/warehouses/": _both(OPERATOR),
    "companies/<str:code>/warehouses/<str:house>/": _both(OPERATOR),
    "companies/<str:code>/decide/": _write(OPERATOR),
    "companies/<str:code>/kinds/": _write(OPERATOR),
    "products/": _read(*EVERYBODY),
    "products/import/": _both(OPERATOR),
    "products/template.csv": _file(OPERATOR),
    "products/<int:pk>/": _read(*EVERYBODY),
    "forecasts/": _read(SELLER),
    "forecasts/<str:code>/": _read(SELLER),
    "forecasts/<str:code>/edit/": _both(SELLER),
    "forecasts/<str:code>/copy/": _write(SELLER),
    "forecasts/<str:code>/late/<int:pk>/take/": _write(SELLER, owner=SELLER),
    "own-skus/": _both(SELLER),
    "own-skus/<int:pk>/remove/": _write(SELLER, owner=SELLER),
    "forecasts/<str:code>/upload/": _both(SELLER),
    "forecasts/<str:code>/upload/<int:pk>/": _read(SELLER, owner=SELLER),
    "forecasts/<str:code>/upload/<int:pk>/file/": _write(SELLER, owner=SELLER),
    "forecasts/<str:code>/template.<str:kind>": _file(SELLER),
    "forecasts/<str:code>/versions/<int:number>/": _read(SELLER),
    "forecasts/<str:code>/share/": _read(SELLER),
    "forecasts/<str:code>/share/statement.<str:kind>": _file(SELLER),
    "credit/": _read(SELLER),
    "credit/scores/": _read(OPERATOR),
    "credit/policy/": _both(OPERATOR),
    "credit/work-out/": _write(OPERATOR),
    "sales/": _read(SELLER),
    "sales/upload/": _both(SELLER),
    "sales/upload/<int:pk>/": _read(SELLER, owner=SELLER),
    "sales/upload/<int:pk>/record/": _write(SELLER, owner=SELLER),
    "sales/template.<str:kind>": _file(SELLER),
    "owed/": _read(SELLER),
    "owed/ask-back/": _write(SELLER),
    "sellers/accounts/": _read(FINANCE, OPERATOR),
    "sellers/accounts/payments/": _both(FINANCE),
    "sellers/accounts/payments/template.<str:kind>": _file(FINANCE),
    "sellers/accounts/<str:code>/": Address(
        read=frozenset({FINANCE, OPERATOR}), write=frozenset({FINANCE})
    ),
    "deposits/": _read(SELLER, FINANCE, OPERATOR),
    "deposits/payments/": _both(FINANCE),
    "deposits/payments/template.<str:kind>": _file(FINANCE),
    "deposits/<str:number>/": Address(
        read=frozenset({SELLER, FINANCE, OPERATOR}), write=frozenset({FINANCE}), owner=SELLER
    ),
    "rounds/": _read(OPERATOR),
    "rounds/new/": _both(OPERATOR),
    "rounds/categories/": _both(OPERATOR),
    "rounds/<str:code>/": _read(OPERATOR),
    "rounds/<str:code>/change/": _both(OPERATOR),
    "rounds/<str:code>/statements/<str:seller>/": _read(OPERATOR),
    "rounds/<str:code>/demand/": _read(OPERATOR),
    "rounds/<str:code>/close/": _both(OPERATOR),
    "rounds/<str:code>/plan/": _write(OPERATOR),
    "rounds/<str:code>/deposits/": _write(OPERATOR),
    "rounds/<str:code>/plans/<int:number>/": _read(OPERATOR),
    "rounds/<str:code>/bills/": _read(OPERATOR),
    "rounds/<str:code>/bills/again/": _write(OPERATOR),
    "rounds/<str:code>/bills/beside.csv": _file(OPERATOR),
    "offers/": _read(OPERATOR),
    "offers/new/": _both(OPERATOR),
    "offers/upload/": _both(OPERATOR),
    "offers/template.<str:kind>": _file(OPERATOR),
    "offers/<int:pk>/": _read(OPERATOR),
    "offers/<int:pk>/change/": _both(OPERATOR),
    "offers/<int:pk>/end/": _write(OPERATOR),
    "suppliers/<str:code>/freight/": _both(OPERATOR),
    "orders/": _read(OPERATOR, FINANCE, IMPORTER),
    "orders/papers/<str:number>.pdf": _file(OPERATOR, FINANCE, IMPORTER, owner=IMPORTER),
    "orders/papers/<str:number>/retry/": _write(OPERATOR),
    "orders/<str:number>/": _read(OPERATOR, FINANCE, IMPORTER, owner=IMPORTER),
    "orders/limits/": _both(OPERATOR),
    "orders/<str:number>/changes/<int:sequence>.xml": _file(
        OPERATOR, FINANCE, IMPORTER, owner=IMPORTER
    ),
    "orders/<str:number>/file.<str:kind>": _file(OPERATOR, FINANCE, IMPORTER, owner=IMPORTER),
    "orders/<str:number>/lines/<int:position>/": _read(OPERATOR, FINANCE),
    "orders/<str:number>/approve/": _write(OPERATOR, FINANCE),
    "orders/<str:number>/confirm/": _both(OPERATOR),
    "orders/<str:number>/confirmations/<int:position>/": _write(OPERATOR),
    "orders/<str:number>/cancel/": _both(OPERATOR),
    "orders/<str:number>/bills/": _both(OPERATOR, FINANCE),
    "orders/<str:number>/place/": _write(OPERATOR),
    "orders/<str:number>/ship/": _both(OPERATOR),
    "shipments/<str:number>/": _read(OPERATOR, FINANCE, IMPORTER, owner=IMPORTER),
    "shipments/<str:number>/invoice/": _both(OPERATOR, FINANCE),
    **HOUSED,
    **ORDERED,
    **SOLD,
    "retail-orders/": _read(SELLER),
    "retail-orders/new/": _both(SELLER),
    "retail-orders/upload/": _both(SELLER),
    "retail-orders/upload/<int:pk>/": _both(SELLER, owner=SELLER),
    "retail-orders/template.<str:kind>": _file(SELLER),
    "retail-orders/<str:number>/": _read(SELLER, owner=SELLER),
    "retail-orders/<str:number>/cancel/": _write(SELLER, owner=SELLER),
    **DECLARED,
    "settlement/": _read(FINANCE),
    "settlement/payables/": _read(FINANCE),
    "settlement/batches/": _read(FINANCE),
    "settlement/batches/open/": _write(FINANCE),
    "settlement/batches/export/": _write(FINANCE),
    "settlement/batches/<str:number>/": _read(FINANCE),
    "settlement/batches/<str:number>/price/": _write(FINANCE),
    "settlement/batches/<str:number>/approve/": _write(FINANCE),
    "settlement/files/": _read(FINANCE),
    "settlement/files/<str:message_id>.xml": _file(FINANCE),
    "settlement/terms/<str:code>/": _both(FINANCE),
    "settlement/accounts/": _read(FINANCE),
    "settlement/accounts/new/": _both(FINANCE),
    "settlement/accounts/<str:number>/": _read(FINANCE),
    "settlement/accounts/<str:number>/confirm/": _write(FINANCE),
    "settlement/accounts/<str:number>/close/": _write(FINANCE),
    "charges/": _read(SELLER),
    "trace/": _read(OPERATOR, WAREHOUSE),
    "labels/": _read(OPERATOR, WAREHOUSE),
    "labels/issue/": _write(OPERATOR, WAREHOUSE),
    "labels/<str:number>.pdf": _file(OPERATOR, WAREHOUSE, owner=WAREHOUSE),
    "verify/": PUBLIC,
    "01/<str:gtin>/10/<str:lot>/21/<str:serial>": PUBLIC,
    "01/<str:gtin>/10/<str:lot>/21/<str:serial>/": PUBLIC,
    "01/<str:gtin>/21/<str:serial>": PUBLIC,
    "01/<str:gtin>/21/<str:serial>/": PUBLIC,
    "voc/": PUBLIC,
    "voc/btt/<slug:word>": PUBLIC,
}


def path_of(route: str, world: World) -> str:
    """The address that names the canary's own row."""
    named = {
        "orders/": world.order.number,
        **dict.fromkeys(("shipments/", "warehouse/shipments/"), world.shipment.number),
        "warehouse/receipts/": world.receipt.number,
        "warehouse/hand-overs/": world.sent.hand_over.number,
        "warehouse/lots/": world.lot.number,
        "claims/": world.claim.number,
        **dict.fromkeys(("warehouse/orders/", "warehouse/holds/"), world.retail_order.number),
        "warehouse/waves/": world.sent.wave.number,
        "warehouse/returns/": "RT-2026-000001",
        "retail-orders/": world.retail_order.number,
        "settlement/batches/": world.batch.number,
        "settlement/accounts/": world.account.number,
        "labels/": world.sheet.number,
        "deposits/": world.deposit.number,
        "stock/transfers/": world.transfer.number,
        "warehouse/counts/": world.stock_count.number,
        "storage/bills/": world.storage_bill.number,
    }
    if route.startswith("people/"):
        member = world.people["seller"].memberships.get()
        route = route.replace("<str:code>", world.seller.code).replace("<int:pk>", str(member.pk))
        return "/" + route.replace("<uuid:uid>", str(world.invitation.uid))
    if route.startswith("audit/people/<"):
        return "/" + route.replace("<int:pk>", str(world.people["seller"].pk))
    if route.startswith("account/passkeys/<"):
        return f"/account/passkeys/{world.passkey.pk}/remove/"
    if route.startswith("companies/<str:code>/warehouses/"):
        house = world.lot.warehouse
        route = route.replace("<str:house>", house.code).replace("<str:code>", house.operator.code)
    if route == "companies/<str:code>/trade/" or route.startswith("suppliers/"):
        route = route.replace("<str:code>", world.order.supplier.company.code)
    route = in_customs(in_stock(in_channels(route, world), world), world)
    number = next((text for start, text in named.items() if route.startswith(start)), "")
    if route.startswith(("warehouse/counts/terms/", "warehouse/limits/")):
        return "/" + route.replace("<str:code>", world.lot.warehouse.code)
    pk = world.retail_upload.pk if route.startswith("retail-orders/") else world.upload.pk
    pk = world.late_wish.pk if "/late/" in route else pk
    if route == "rounds/<str:code>/change/":
        # Of a closed round nothing changes, so its page has no form.
        route = route.replace("<str:code>", world.open_round.code)
    if route.startswith(("rounds/", "forecasts/")):
        route = route.replace("<str:code>", world.round.code)
    if route.startswith("sellers/accounts/"):
        route = route.replace("<str:code>", world.seller.code)
    of_its_own = {"notices/": world.notice.pk, "tokens/": world.token.pk, "offers/": world.offer.pk}
    of_its_own |= {"own-skus/": world.own_sku.pk, "sales/": world.sales_report.pk}
    of_its_own |= {"warehouse/places/": world.place.pk, "products/": world.lot.product_id}
    pk = next((own for start, own in of_its_own.items() if route.startswith(start)), pk)
    if route.startswith("audit/"):
        route = route.replace("<str:kind>/", "accounts.company/")
        pk = world.seller.pk
    if route.startswith(("admission/", "admissions/")):
        pk = world.paper.pk if route.startswith("admission/") else world.paper.admission_id
    for part, value in {
        "<str:public_id>": world.job.public_id,
        "<str:seller>": world.seller.code,
        "<slug:key>": "retail-orders",
        "<int:document>": world.paper.pk,
        "<uuid:uid>": world.endpoint.uid,
        "<str:uid>": world.message.uid,
        "<str:token>": "no-token",
        "<int:pk>": pk,
        "<str:kind>": "csv",
        "<str:quarter>": world.round.quarter,
        **dict.fromkeys(("<int:position>", "<int:sequence>"), 1),
        "<int:number>": world.forecast.version,
        "<str:number>": number,
        "<str:message_id>": world.file.message_id,
        "<str:code>": "core.bad_input" if route.startswith("problems/") else world.importer.code,
        "<str:gtin>": world.lot.product.gtin,
        "<str:lot>": world.lot.number,
        "<str:serial>": world.sheet.serials[0],
        "<str:uidb36>": "1",
        "<str:key>": "no-key",
        "<slug:word>": "cn-entry-record-list",
    }.items():
        route = route.replace(part, str(value))
    return f"/{route}"
