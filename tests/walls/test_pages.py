"""Every address, asked for by everybody: it opens for whom it is made, and for nobody else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import cast

import pytest
from django.apps import apps
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver

from accounts.middleware import who
from config.urls import urlpatterns
from core.acting import acting
from core.walls import platform_wide
from tests.walls.addresses import EVERYBODY, IMPORTER, OPERATOR, SELLER, TABLE, WAREHOUSE, path_of
from tests.walls.conftest import SignIn
from tests.walls.world import IMPORTERS_SECRETS, SELLERS_SECRETS, World

_OF_EVERY_ACCOUNT = {"account/", "account/email/", "account/password/", "account/confirm/"}
#: What counts visitors and remembers who is signed in is no fact of the trade.
_NOT_OF_THE_TRADE = {"django_session", "accounts_user", "traceability_scan"}


def _all_rows() -> dict[str, str]:
    """A digest of every table, so that anything that was written shows."""
    found = {}
    with platform_wide(), connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            is_a_view = model._meta.proxy or not model._meta.managed
            if table in _NOT_OF_THE_TRADE or is_a_view:
                continue
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')  # noqa: S608 - our own names
            rows = "\n".join(row[0] for row in cursor.fetchall())
            found[table] = hashlib.sha256(rows.encode()).hexdigest()
    return found


def _body(answer: HttpResponseBase) -> str:
    return b"".join(answer).decode("utf-8", "replace")


def _tell_tales(body: str, secrets: Iterable[str]) -> list[str]:
    return [secret for secret in secrets if secret in body]


def _ask(client: Client, method: str, path: str) -> HttpResponseBase:
    return client.get(path) if method == "GET" else client.post(path, {})


def _is_turned_away(answer: HttpResponseBase) -> bool:
    to_login = answer.status_code == 302 and "login/?next=" in str(answer.headers["Location"])
    return to_login or answer.status_code in {404, 405}


def test_every_address_is_classified() -> None:
    known = [cast("URLPattern | URLResolver", one) for one in urlpatterns]

    assert {str(one.pattern) for one in known} == set(TABLE)


def test_who_is_signed_out_gets_the_public_pages_only(world: World, sign_in: SignIn) -> None:
    nobody = sign_in("")
    before = _all_rows()
    wrong = []
    for route, address in TABLE.items():
        for method in ("GET", "POST"):
            answer = _ask(nobody, method, path_of(route, world))
            # What an item's own public page tells is tested with traceability.
            body = "" if route.startswith("01/") else _body(answer)
            if not (address.public or _is_turned_away(answer)) or _tell_tales(
                body, SELLERS_SECRETS
            ):
                wrong.append((method, route, answer.status_code))

    assert wrong == []
    assert _all_rows() == before


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_a_page_of_another_role_is_not_there(world: World, sign_in: SignIn, role: str) -> None:
    client = sign_in(role)
    before = _all_rows()
    wrong = []
    for route, address in TABLE.items():
        for method, roles in (("GET", address.read), ("POST", address.write)):
            if address.public or role in roles:
                continue
            answer = _ask(client, method, path_of(route, world))
            if not _is_turned_away(answer):
                wrong.append((method, route, answer.status_code))

    assert wrong == []
    assert _all_rows() == before


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_a_page_of_ones_own_role_opens(world: World, sign_in: SignIn, role: str) -> None:
    client = sign_in(role)
    wrong = []
    for route, address in TABLE.items():
        # What is the seller's own is nobody's page by role alone.
        owned = ("notices/", "webhooks/", "tokens/", "jobs/")
        is_the_sellers = address.is_owned and route.startswith(owned)
        # Which of these opens depends on one's own second factor (tests/accounts).
        is_ones_own = route.startswith("account/") and route not in _OF_EVERY_ACCOUNT
        is_anothers_company = route.startswith("people/<") and role not in {SELLER, OPERATOR}
        if is_ones_own or is_anothers_company:
            continue
        if role not in address.read or (is_the_sellers and role != SELLER):
            continue
        answer = client.get(path_of(route, world))
        # Who acts for a company has applied; the shipment has been counted and declared.
        leads_on = route in {
            "apply/",
            "notices/<int:pk>/",
            "warehouse/shipments/<str:number>/count/",
            "customs/shipments/<str:number>/declare/",
        }
        if answer.status_code != (302 if leads_on else 200):
            wrong.append((route, answer.status_code))

    assert wrong == []


@pytest.mark.parametrize(
    ("name", "role", "secrets"),
    [
        ("stranger", SELLER, SELLERS_SECRETS),
        ("other_importer", IMPORTER, IMPORTERS_SECRETS),
        ("other_warehouse", WAREHOUSE, IMPORTERS_SECRETS),
    ],
)
def test_a_stranger_of_the_right_role_learns_nothing(
    world: World, sign_in: SignIn, name: str, role: str, secrets: tuple[str, ...]
) -> None:
    client = sign_in(name)
    before = _all_rows()
    wrong = []
    for route, address in TABLE.items():
        if route.startswith("01/") or route in {"logout/", "language/"}:
            continue
        path = path_of(route, world)
        for method, roles in (("GET", address.read), ("POST", address.write)):
            answer = _ask(client, method, path)
            refused = _is_turned_away(answer)
            # The page repeats the address that was asked for; nothing is learned from that.
            found = _tell_tales(_body(answer).replace(path, ""), secrets)
            if found or answer.status_code >= 500:
                wrong.append((method, route, answer.status_code, found))
            elif role in roles and address.is_owned and not refused:
                wrong.append((method, route, answer.status_code, ["opened"]))

    assert wrong == []
    assert _all_rows() == before


def test_the_canary_itself_sees_its_own(world: World, sign_in: SignIn) -> None:
    """Otherwise the tests above would find nothing because there is nothing to find."""
    seller, importer = sign_in("seller"), sign_in("importer")

    def shown(client: Client, route: str) -> str:
        return _body(client.get(path_of(route, world)))

    assert "7,919" in shown(seller, "forecasts/<str:quarter>/share/")
    assert "CANARY-T-1" in shown(seller, "retail-orders/<str:number>/")
    assert "VESSELCANARY" in shown(importer, "shipments/<str:number>/")
    assert "CANARY" in shown(importer, "")


def test_several_papers_at_once_hold_none_of_another_importer(
    world: World, sign_in: SignIn
) -> None:
    answer = sign_in("other_importer").post(
        "/lists/declarations/act/", {"action": "zip", "row": [world.declaration.pk]}
    )

    assert answer.status_code == 422, "nothing to pack"


def test_another_warehouse_finds_no_lot_label_or_word_of_this_one(
    world: World, sign_in: SignIn
) -> None:
    keeper, other = sign_in("warehouse"), sign_in("other_warehouse")
    asked = {"gtin": world.lot.product.gtin, "lot_number": world.lot.number, "count": 1}
    house = f"/audit/warehouse.bondedwarehouse/{world.lot.warehouse_id}/"
    sheets = {"action": "zip", "row": [world.sheet.pk]}
    before = _all_rows()

    refused = [
        other.get(f"/labels/{world.sheet.number}.pdf").status_code,
        other.post("/labels/issue/", asked).status_code,
        other.get(house).status_code,
    ]
    told = [_body(other.get(path)) for path in ("/", "/trace/", "/labels/", "/warehouse/lots/")]

    assert refused == [404, 404, 404]
    assert other.post("/lists/label-sheets/act/", sheets).status_code == 422, "nothing to pack"
    for word in (world.lot.number, world.sheet.number, world.receipt.number, world.order.number):
        assert word not in "".join(told)
    assert _all_rows() == before
    assert world.lot.number in _body(keeper.get("/trace/"))
    assert keeper.get(f"/labels/{world.sheet.number}.pdf").status_code == 200
    history = keeper.get(house)
    assert history.status_code == 200
    assert keeper.post("/labels/issue/", asked).status_code == 302


def test_a_warehouses_history_names_none_of_the_platforms_staff(
    world: World, sign_in: SignIn
) -> None:
    operator = world.people["operator"].memberships.get()
    with platform_wide(), acting(address="192.0.2.9", method="POST", path="/x", **who(operator)):
        world.lot.warehouse.name_en = "Ningbo Two"
        world.lot.warehouse.save()
    path = f"/audit/warehouse.bondedwarehouse/{world.lot.warehouse_id}/"

    page, all_of_it = (_body(sign_in(one).get(path)) for one in ("warehouse", "operator"))

    assert "Ningbo Two" in page
    assert operator.user.email not in page
    assert "192.0.2.9" not in page
    assert operator.user.email in all_of_it


def test_nobody_acts_for_a_company_of_others(world: World, sign_in: SignIn) -> None:
    with platform_wide():
        theirs = world.people["seller"].memberships.get()

    answer = sign_in("stranger").post("/act-for/", {"membership": theirs.pk})

    assert answer.status_code == 404
