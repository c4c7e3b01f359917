"""Every address of the house, for whom it is, and how a stranger would ask for it.

A new address must be put here, or the tests fail: somebody has to say who may open it.
"""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Membership
from tests.walls.world import World

SELLER, IMPORTER, WAREHOUSE, FINANCE, OPERATOR = (
    "seller",
    "importer",
    "warehouse",
    "finance",
    "operator",
)
EVERYBODY = frozenset({SELLER, IMPORTER, WAREHOUSE, FINANCE, OPERATOR})


@dataclass(frozen=True)
class Address:
    """``read`` and ``write`` are the roles that may GET and POST; ``public`` needs no role.

    ``is_owned``: it names a row of one company, so another company of a right role gets 404.
    ``is_file``: what a reader gets there is a file to keep, not a page.
    """

    read: frozenset[str] = frozenset()
    write: frozenset[str] = frozenset()
    public: bool = False
    is_owned: bool = False
    is_file: bool = False


def _for(*roles: str) -> frozenset[str]:
    return frozenset(roles)


def _read(*roles: str, owned: bool = False) -> Address:
    return Address(read=_for(*roles), is_owned=owned)


def _file(*roles: str, owned: bool = False) -> Address:
    return Address(read=_for(*roles), is_owned=owned, is_file=True)


def _write(*roles: str, owned: bool = False) -> Address:
    return Address(write=_for(*roles), is_owned=owned)


def _both(*roles: str, owned: bool = False) -> Address:
    return Address(read=_for(*roles), write=_for(*roles), is_owned=owned)


PUBLIC = Address(public=True)

TABLE: dict[str, Address] = {
    "": _both(*EVERYBODY),
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
    "account/": _both(*EVERYBODY),
    "account/closed/": PUBLIC,
    "account/sign-out-elsewhere/": _write(*EVERYBODY),
    "account/email/": _both(*EVERYBODY),
    "account/password/": _both(*EVERYBODY),
    "account/confirm/": _both(*EVERYBODY),
    "account/confirm/code/": _both(*EVERYBODY),
    "account/confirm/passkey/": _both(*EVERYBODY),
    "account/second-factor/": _read(*EVERYBODY),
    "account/app/": _both(*EVERYBODY),
    "account/app/remove/": _both(*EVERYBODY),
    "account/codes/": _read(*EVERYBODY),
    "account/codes/new/": _both(*EVERYBODY),
    "account/codes/codes.txt": _file(*EVERYBODY),
    "account/passkeys/new/": _both(*EVERYBODY),
    "account/passkeys/<int:pk>/remove/": _both(*EVERYBODY, owned=True),
    "people/": _read(*EVERYBODY),
    "people/<str:code>/": _read(*EVERYBODY, owned=True),
    "people/<str:code>/invite/": _write(*EVERYBODY, owned=True),
    "people/<str:code>/members/<int:pk>/change/": _write(*EVERYBODY, owned=True),
    "people/<str:code>/members/<int:pk>/remove/": _write(*EVERYBODY, owned=True),
    "people/<str:code>/invitations/<uuid:uid>/again/": _write(*EVERYBODY, owned=True),
    "people/<str:code>/invitations/<uuid:uid>/revoke/": _write(*EVERYBODY, owned=True),
    "language/": PUBLIC,
    "act-for/": _write(*EVERYBODY),
    "jobs/": _read(*EVERYBODY),
    "jobs/<str:public_id>/": _read(*EVERYBODY, owned=True),
    "jobs/<str:public_id>/cancel/": _write(*EVERYBODY, owned=True),
    "jobs/<str:public_id>/file/": _file(*EVERYBODY, owned=True),
    "lists/<slug:key>/file/": _write(*EVERYBODY),
    "lists/<slug:key>/act/": _write(*EVERYBODY),
    "notices/": _read(*EVERYBODY),
    "notices/read/": _write(*EVERYBODY),
    "notices/settings/": _both(*EVERYBODY),
    "notices/<int:pk>/": _read(*EVERYBODY, owned=True),
    "mail/stop/<str:token>/": PUBLIC,
    "webhooks/": _read(SELLER, IMPORTER),
    "webhooks/new/": _both(SELLER, IMPORTER),
    "webhooks/messages/<str:uid>/": _read(SELLER, IMPORTER, owned=True),
    "webhooks/messages/<str:uid>/replay/": _write(SELLER, IMPORTER, owned=True),
    "webhooks/<uuid:uid>/": _read(SELLER, IMPORTER, owned=True),
    "webhooks/<uuid:uid>/change/": _both(SELLER, IMPORTER, owned=True),
    "webhooks/<uuid:uid>/rotate/": _write(SELLER, IMPORTER, owned=True),
    "webhooks/<uuid:uid>/enable/": _write(SELLER, IMPORTER, owned=True),
    "webhooks/<uuid:uid>/disable/": _write(SELLER, IMPORTER, owned=True),
    "webhooks/<uuid:uid>/ping/": _write(SELLER, IMPORTER, owned=True),
    "webhooks/<uuid:uid>/replay/": _write(SELLER, IMPORTER, owned=True),
    "tokens/": _read(*EVERYBODY),
    "tokens/new/": _both(*EVERYBODY),
    "tokens/<int:pk>/revoke/": _write(*EVERYBODY, owned=True),
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
    "audit/export.<str:kind>": _file(OPERATOR),
    "audit/<str:kind>/<int:pk>/": _read(SELLER, OPERATOR, owned=True),
    # Who applies acts for nobody yet; tests/accounts/test_admission_pages.py.
    "apply/": _both(*EVERYBODY),
    # The canary's application is nobody else's; who applied for nothing has no such page.
    "admission/": _read(SELLER, owned=True),
    "admission/answer/": _write(SELLER, owned=True),
    "admission/documents/<int:pk>/": _file(SELLER, owned=True),
    "company/": _read(*EVERYBODY),
    "company/edit/": _both(*EVERYBODY),
    "admissions/": _read(OPERATOR),
    "admissions/<int:pk>/": _both(OPERATOR),
    "admissions/<int:pk>/documents/<int:document>/": _file(OPERATOR),
    "companies/": _read(OPERATOR),
    "companies/<str:code>/": _read(OPERATOR),
    "companies/<str:code>/decide/": _write(OPERATOR),
    "companies/<str:code>/kinds/": _write(OPERATOR),
    "products/": _read(*EVERYBODY),
    "products/import/": _both(OPERATOR),
    "products/template.csv": _file(OPERATOR),
    "products/<int:pk>/": _read(*EVERYBODY),
    "forecasts/": _read(SELLER),
    "forecasts/<str:quarter>/": _read(SELLER),
    "forecasts/<str:quarter>/edit/": _both(SELLER),
    "forecasts/<str:quarter>/upload/": _both(SELLER),
    "forecasts/<str:quarter>/upload/<int:pk>/file/": _write(SELLER, owned=True),
    "forecasts/<str:quarter>/template.<str:kind>": _file(SELLER),
    "forecasts/<str:quarter>/versions/<int:number>/": _read(SELLER),
    "forecasts/<str:quarter>/share/": _read(SELLER),
    "rounds/": _read(OPERATOR),
    "rounds/new/": _both(OPERATOR),
    "rounds/<str:quarter>/": _read(OPERATOR),
    "rounds/<str:quarter>/close/": _both(OPERATOR),
    "offers/": _read(OPERATOR),
    "orders/": _read(OPERATOR, FINANCE, IMPORTER),
    "orders/papers/<str:number>.pdf": _file(OPERATOR, FINANCE, IMPORTER, owned=True),
    "orders/papers/<str:number>/retry/": _write(OPERATOR),
    "orders/<str:number>/": _read(OPERATOR, FINANCE, IMPORTER, owned=True),
    "orders/<str:number>/place/": _write(OPERATOR),
    "orders/<str:number>/ship/": _both(OPERATOR),
    "shipments/<str:number>/": _read(OPERATOR, FINANCE, IMPORTER, owned=True),
    "shipments/<str:number>/invoice/": _both(OPERATOR, FINANCE),
    "warehouse/shipments/": _read(WAREHOUSE, OPERATOR),
    "warehouse/shipments/<str:number>/count/": _both(WAREHOUSE, owned=True),
    "warehouse/receipts/": _read(WAREHOUSE, OPERATOR),
    "warehouse/receipts/<str:number>/": _read(WAREHOUSE, OPERATOR, owned=True),
    "warehouse/lots/": _read(WAREHOUSE, OPERATOR),
    "warehouse/lots/<str:number>/": _read(WAREHOUSE, OPERATOR, owned=True),
    "warehouse/stock/": _read(WAREHOUSE, OPERATOR),
    "warehouse/movements/": _read(WAREHOUSE, OPERATOR),
    "stock/": _read(SELLER),
    "stock/movements/": _read(SELLER),
    "retail-orders/": _read(SELLER),
    "retail-orders/new/": _both(SELLER),
    "retail-orders/upload/": _both(SELLER),
    "retail-orders/upload/<int:pk>/": _both(SELLER, owned=True),
    "retail-orders/template.<str:kind>": _file(SELLER),
    "retail-orders/<str:number>/": _read(SELLER, owned=True),
    "retail-orders/<str:number>/cancel/": _write(SELLER, owned=True),
    "customs/declarations/": _read(IMPORTER, OPERATOR),
    "customs/shipments/<str:number>/declare/": _both(IMPORTER, owned=True),
    "customs/declarations/<str:reference>.pdf": _file(IMPORTER, OPERATOR, owned=True),
    "customs/declarations/<str:reference>/": _read(IMPORTER, OPERATOR, owned=True),
    "customs/declarations/<str:reference>/paper/": _write(IMPORTER, owned=True),
    "customs/declarations/<str:reference>/retry/": _write(IMPORTER, owned=True),
    "customs/declarations/<str:reference>/lodge/": _write(IMPORTER, owned=True),
    "customs/declarations/<str:reference>/release/": _write(IMPORTER, owned=True),
    "customs/declarations/<str:reference>/reject/": _write(IMPORTER, owned=True),
    "customs/declarations/<str:reference>/redraft/": _write(IMPORTER, owned=True),
    "customs/tariff/": _read(OPERATOR, IMPORTER),
    "retail-lists/": _read(SELLER, OPERATOR),
    "retail-lists/<str:number>/": _read(SELLER, OPERATOR, owned=True),
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
    "charges/": _read(SELLER),
    "trace/": _read(OPERATOR, WAREHOUSE),
    "labels/": _read(OPERATOR, WAREHOUSE),
    "labels/issue/": _write(OPERATOR, WAREHOUSE),
    "labels/<str:number>.pdf": _file(OPERATOR, WAREHOUSE, owned=True),
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
        "shipments/": world.shipment.number,
        "customs/shipments/": world.shipment.number,
        "warehouse/shipments/": world.shipment.number,
        "warehouse/receipts/": world.receipt.number,
        "warehouse/lots/": world.lot.number,
        "retail-orders/": world.retail_order.number,
        "retail-lists/": world.retail_list.number,
        "settlement/batches/": world.batch.number,
        "labels/": world.sheet.number,
    }
    if route.startswith("people/"):
        member = Membership.objects.get(company=world.seller)
        route = route.replace("<str:code>", world.seller.code).replace("<int:pk>", str(member.pk))
        return "/" + route.replace("<uuid:uid>", str(world.invitation.uid))
    if route.startswith("account/passkeys/<"):
        return f"/account/passkeys/{world.passkey.pk}/remove/"
    number = next((text for start, text in named.items() if route.startswith(start)), "")
    pk = world.retail_upload.pk if route.startswith("retail-orders/") else world.upload.pk
    if route.startswith("notices/"):
        pk = world.notice.pk
    if route.startswith("tokens/"):
        pk = world.token.pk
    if route.startswith("products/"):
        pk = world.lot.product_id
    if route.startswith("audit/"):
        route = route.replace("<str:kind>/", "accounts.company/")
        pk = world.seller.pk
    if route.startswith(("admission/", "admissions/")):
        pk = world.paper.pk if route.startswith("admission/") else world.paper.admission_id
    for part, value in {
        "<str:public_id>": world.job.public_id,
        "<slug:key>": "retail-orders",
        "<int:document>": world.paper.pk,
        "<uuid:uid>": world.endpoint.uid,
        "<str:uid>": world.message.uid,
        "<str:token>": "no-token",
        "<int:pk>": pk,
        "<str:quarter>": world.round.quarter,
        "<str:kind>": "csv",
        "<int:number>": world.forecast.version,
        "<str:number>": number,
        "<str:reference>": world.declaration.our_reference,
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
