"""Whatever is typed into a form, an address or a search, the answer is never a crash."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from core.walls import platform_wide
from settlement.services import open_batches
from tests.factories.accounts import MembershipFactory
from tests.factories.customs import a_draft, a_lodged
from tests.factories.procurement import (
    OrderShareFactory,
    PurchaseOrderFactory,
    PurchaseOrderLineFactory,
    ShipmentFactory,
    ShipmentLineFactory,
)
from tests.factories.settlement import Q3, book
from tests.factories.warehouse import ID_NUMBERS, a_cleared_shipment, an_incoming_order
from tests.walls.addresses import EVERYBODY, TABLE, path_of
from tests.walls.conftest import SignIn
from tests.walls.world import RETAIL_HEAD, SELLS, SETTLES, World
from warehouse.services import accept_orders

NASTY = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\x1b[31m",
    "\r\nSet-Cookie: a=b",
    "' OR 1=1 --",
    "\\",
    "%",
    "{{ 7*7 }}",
    "%(name)s %s {0}",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "=1+1",
    "0",
    "-1",
    "1.5",
    "1e9",
    "1e400",
    "NaN",
    "Infinity",
    "9" * 19,
    "9" * 400,
    "٣",
    "²",
    "true",
    "0001-01-01",
    "0001-01-01T00:00",
    "9999-12-31",
    "9999-12-31T23:59",
    "2026-02-30",
    "2026-Q9",
    "9999-Q4",
    "0001-Q1",
    "2026-11-01T10:00+99:99",
    "\u202e\u200b\ufeff",
    "💥" * 40,
    "\ud7ff\ue000\uffff",
    "例" * 5000,
    "//evil.example/",
    "javascript:alert(1)",
)

#: Those that are put into one field at a time, with the others filled in rightly, and into
#: every address; the others go into all fields at once.
TELLING = (
    "\x00",
    "\r\nSet-Cookie: a=b",
    "-1",
    "1e400",
    "9" * 19,
    "0001-01-01",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "💥" * 40,
)


#: `make slow` tries each of them in each field.
EVERY_ONE = bool(os.environ.get("BONDPOOL_EVERY_TEXT"))


@dataclass
class Form:
    """A form as it would be taken: who sends it, where, with what, and what shows it then."""

    name: str
    path: str
    values: dict[str, str] = field(default_factory=dict)
    shown_on: str = "/"


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is taken back, so that every string meets the same state."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _client(sign_in: SignIn, name: str) -> Client:
    client = sign_in(name)
    client.raise_request_exception = False
    return client


def _forms(world: World) -> list[Form]:
    """Every form there is, each on a row in the state that takes it."""
    placed = PurchaseOrderFactory.create(buyer=world.importer)
    line = PurchaseOrderLineFactory.create(order=placed)
    waiting = a_cleared_shipment({world.seller: 60})
    at_sea = ShipmentFactory.create(order__buyer=world.importer)
    at_sea_line = ShipmentLineFactory.create(shipment=at_sea).order_line
    OrderShareFactory.create(line=at_sea_line, owner=world.seller, quantity=60, amount_minor=60_000)
    draft, lodged = a_draft(importer=world.importer), a_lodged(importer=world.importer)
    book(world.order.supplier, world.importer, {world.seller.pk: 5_000}, number="INV-2")
    book(placed.supplier, world.importer, {world.seller.pk: 7_000}, number="INV-3")
    (batch,) = [
        one
        for one in open_batches(
            debtor=world.importer,
            period_start=Q3[0],
            period_end=Q3[1],
            created_by=world.people["finance"],
            now=SETTLES,
        )
        if one.supplier_id == placed.supplier_id
    ]
    book(at_sea.order.supplier, world.importer, {world.seller.pk: 900}, number="INV-4")
    accept_orders(
        seller=world.seller, orders=[an_incoming_order("MILK", 1, number="T-9")], now=SELLS
    )
    milk = world.lot.product
    membership = world.people["seller"].memberships.get()
    ship = f"line{line.pk}"
    return [
        Form("", "/login/", {"email": "a@b.example", "password": "x", "next": "/"}),
        Form("", "/language/", {"language": "en", "next": "/"}),
        Form("seller", "/act-for/", {"membership": str(membership.pk)}),
        Form(
            "operator",
            "/rounds/new/",
            {
                "quarter": "2027-Q1",
                "opens_at": "2026-11-01T10:00",
                "cutoff_at": "2026-12-01T10:00",
            },
            shown_on="/rounds/",
        ),
        Form("operator", f"/rounds/{world.open_round.quarter}/close/", {"buyer": "1"}),
        Form(
            "operator",
            f"/orders/{placed.number}/ship/",
            {
                "vessel": "STAR",
                "voyage": "1E",
                "bill_of_lading": "BL1",
                "departed_at": "2026-10-01T10:00",
                "expected_on": "2026-10-20",
                "packages": "1",
                "freight": "1.00",
                "insurance": "1.00",
                "freight_currency": "USD",
                f"{ship}-is_shipped": "on",
                f"{ship}-batch": "B1",
                f"{ship}-produced_on": "2026-01-01",
                f"{ship}-expires_on": "2028-01-01",
            },
            shown_on="/orders/",
        ),
        Form("operator", f"/orders/{placed.number}/place/"),
        Form("operator", "/orders/papers/{}/retry/"),
        Form(
            "finance",
            f"/shipments/{at_sea.number}/invoice/",
            {"invoice_number": "INV-9", "invoiced_on": "2026-08-03", "due_on": "2026-10-31"},
            shown_on="/settlement/payables/",
        ),
        Form(
            "warehouse",
            f"/warehouse/shipments/{waiting.shipment.number}/count/",
            {
                "warehouse": str(world.lot.warehouse_id),
                f"line_{waiting.pk}": "60",
                "step": "review",
            },
        ),
        Form(
            "warehouse",
            "/labels/issue/",
            {"gtin": milk.gtin, "lot_number": world.lot.number, "count": "1", "next": "/labels/"},
            shown_on="/labels/",
        ),
        Form("seller", "/forecasts/2026-Q4/edit/", {f"p{milk.pk}": "12"}, shown_on="/forecasts/"),
        Form(
            "seller",
            "/retail-orders/new/",
            {
                "channel": "shop",
                "order_number": "T-77",
                "placed_at": "2026-07-30T10:00",
                "buyer_name": "张三",
                "buyer_id_number": ID_NUMBERS[1],
                "buyer_telephone": "13800000000",
                "consignee_address": "浙江省杭州市",
                "freight": "1.00",
                "line1-product": "MILK",
                "line1-quantity": "1",
                "line1-unit_price": "10.00",
            },
            shown_on="/retail-orders/",
        ),
        Form("seller", "/retail-orders/{}/cancel/"),
        Form("importer", "/lists/declarations/act/", {"action": "zip", "row": str(draft.pk)}),
        Form(
            "importer",
            f"/customs/shipments/{at_sea.number}/declare/",
            {"warehouse": str(world.lot.warehouse_id)},
        ),
        Form("importer", f"/customs/declarations/{draft.our_reference}/paper/", {"language": "en"}),
        Form(
            "importer",
            f"/customs/declarations/{lodged.our_reference}/release/",
            {"their_reference": "310520261000000099"},
        ),
        Form(
            "importer",
            f"/customs/declarations/{lodged.our_reference}/reject/",
            {"reason": "no"},
            shown_on=f"/customs/declarations/{lodged.our_reference}/",
        ),
        Form(
            "finance",
            "/settlement/batches/open/",
            {
                "debtor": str(world.importer.pk),
                "period_start": "2026-07-01",
                "period_end": "2026-09-30",
            },
            shown_on="/settlement/batches/",
        ),
        Form("finance", f"/settlement/batches/{batch.number}/price/", {"priced_on": "2026-10-30"}),
        Form("finance", "/settlement/batches/export/", {"batch": batch.number}),
        Form(
            "finance",
            f"/settlement/terms/{world.importer.code}/",
            {
                "period": "month",
                "valid_from": "2027-01-01",
                "wire_fee": "100.00",
                "spread": "0.5",
                "bulk_spread": "0.3",
                "bulk_from": "1000",
            },
            shown_on="/settlement/",
        ),
    ]


@pytest.fixture
def while_open(tmp_path: Path, world: World) -> None:
    """The doors' clock stands where forecasts are taken."""
    (tmp_path / "clock").write_text(SELLS.isoformat())


def test_no_form_crashes_whatever_is_typed_into_it(
    world: World, sign_in: SignIn, tmp_path: Path
) -> None:
    with platform_wide():
        forms = _forms(world)
    clients = {form.name: _client(sign_in, form.name) for form in forms}
    crashed = []
    for form in forms:
        if "forecasts" in form.path:
            (tmp_path / "clock").write_text(SELLS.isoformat())
        else:
            (tmp_path / "clock").write_text((SETTLES + timedelta(hours=1)).isoformat())
        client = clients[form.name]
        for nasty in NASTY:
            if not form.values and "{}" not in form.path:
                continue
            sent = [dict.fromkeys(form.values, nasty)]
            # Each of these in each field alone takes minutes; here every field meets some of them.
            for number, name in enumerate(form.values):
                mine = TELLING if EVERY_ONE else TELLING[number % len(TELLING) :: 4]
                if nasty in mine:
                    sent.append({**form.values, name: nasty})
            path = form.path.replace("{}", quote(nasty, safe="") or "x")
            for values in sent:
                with undone():
                    answer = client.post(path, values)
                    # What was taken must not close the page that shows it.
                    taken = answer.status_code in {200, 302} and form.shown_on != "/"
                    after = client.get(form.shown_on) if taken else answer
                if answer.status_code >= 500 or after.status_code >= 500:
                    crashed.append((path, values, answer.status_code, after.status_code))

    assert crashed == []


def test_the_forms_of_this_test_are_taken_when_nothing_is_nasty(
    world: World, sign_in: SignIn, tmp_path: Path
) -> None:
    """Otherwise the strings above would never get past the first check."""
    with platform_wide():
        forms = _forms(world)
    refused = []
    for form in forms:
        inside = SELLS if "forecasts" in form.path else SETTLES + timedelta(hours=1)
        (tmp_path / "clock").write_text(inside.isoformat())
        if (
            not form.values
            or "close" in form.path
            or "export" in form.path
            or "lists/" in form.path
        ):
            continue
        with undone():
            answer = _client(sign_in, form.name).post(form.path, form.values)
        if answer.status_code not in ({422} if form.path == "/login/" else {200, 302}):
            refused.append((form.path, answer.status_code, answer.content[-3000:]))

    assert refused == []


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_no_address_crashes_whatever_stands_in_it(world: World, sign_in: SignIn, role: str) -> None:
    client = _client(sign_in, role)
    crashed: list[tuple[str, str, int]] = []
    for route, address in TABLE.items():
        if role not in address.read and not address.public:
            continue
        path = path_of(route, world)
        tail = route.rpartition("<")[0].rpartition("/")[0]
        for nasty in ("\x00", "9" * 19, "1e400", "💥" * 40):
            if "<" in route:
                asked = f"/{tail}/{quote(nasty, safe='')}/".replace("//", "/")
                if (answer := client.get(asked)).status_code >= 500:
                    crashed.append((asked, nasty, answer.status_code))
                continue
            query = dict.fromkeys(("q", "page", "state", "days", "category", "currency"), nasty)
            if (answer := client.get(path, {**query, "code": nasty})).status_code >= 500:
                crashed.append((path, nasty, answer.status_code))

    assert crashed == []


@pytest.mark.parametrize("cookie", ['"\\000"', "\\", "é", "a" * 4000])
def test_no_cookie_crashes_a_page(db: None, cookie: str) -> None:
    client = Client(raise_request_exception=False)
    for name in ("sessionid", "django_language", "csrftoken", "messages"):
        answer = client.get("/login/", headers={"cookie": f"{name}={cookie}"})
        assert answer.status_code < 500, name


def test_a_search_of_a_thousand_words_is_answered(world: World, sign_in: SignIn) -> None:
    words = " ".join(f"w{n}" for n in range(1_000))
    for name, path in (
        ("operator", "/offers/"),
        ("operator", "/products/"),
        ("seller", "/forecasts/2026-Q4/edit/"),
    ):
        answer = _client(sign_in, name).get(path, {"q": words})
        assert answer.status_code == 200, path


_CSV = {
    "/forecasts/2026-Q4/upload/": b"quarter,sku,forecast_units\n2026-Q4,MILK,%s\n",
    "/retail-orders/upload/": (RETAIL_HEAD.encode() + b"shop,T-1,%s,a,b,c,MILK,1,1.00\n"),
    "/products/import/": (
        b"sku,name_zh,name_en,hs_code,origin,net_weight_g,gross_weight_g\nX,%s,b,1,DEU,1,2\n"
    ),
}
_FILE_NAMES = ("a.csv", "🙂.csv", "a" * 300 + ".csv", '"; x=y.csv', "..", "例.xlsx", "\r\na.csv")


@pytest.mark.usefixtures("while_open")
@pytest.mark.parametrize("path", sorted(_CSV))
def test_no_file_crashes_a_page(world: World, sign_in: SignIn, path: str) -> None:
    client = _client(sign_in, "operator" if "products" in path else "seller")
    contents = [_CSV[path].replace(b"%s", nasty.encode()) for nasty in NASTY]
    contents += [
        b"",
        b"PK\x03\x04",
        b"PK\x03\x04" + b"\x00" * 200,
        b"%PDF-1.7",
        b"\xff\xfe" + "quarter".encode("utf-16-le"),
        b'"' * 9,
        b"quarter,sku,forecast_units" + b"," * 500,
        b"a" * 200_000,
        b"\x80\x81\xff",
    ]
    sent = [(content, "a.csv") for content in contents]
    sent += [(_CSV[path].replace(b"%s", b"1"), name) for name in _FILE_NAMES]
    crashed = []
    for content, name in sent:
        with undone():
            file = SimpleUploadedFile("a.csv", content)
            file.__dict__["_name"] = name
            answer = client.post(path, {"file": file}, follow=True)
        if answer.status_code >= 500:
            crashed.append((name, content[:80], answer.status_code))

    assert crashed == []


def test_a_person_without_a_company_sees_no_page_of_the_trade(world: World) -> None:
    person = MembershipFactory.create().user
    with platform_wide():
        person.memberships.all().delete()
    client = Client(raise_request_exception=False)
    client.force_login(person)

    for route in TABLE:
        if route.startswith("admin") or TABLE[route].public:
            continue
        answer = client.get(path_of(route, world))
        if route == "" or route.startswith(("account/", "apply/")):
            # One's own account, and the way to a company.
            assert answer.status_code < 500, route
        else:
            assert answer.status_code in {404, 405}, route
