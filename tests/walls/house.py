"""Who walks through the forms, what they would write there, and what is a stranger's."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from allauth.usersessions.models import UserSession
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.template import Template
from django.test import Client
from django_scopes import scopes_disabled

from core.walls import _session, platform_wide
from settlement.models import SettlementBatch
from tests.accounts.authenticator import totp
from tests.factories.accounts import PASSWORD, SECRET, uscc_of
from tests.factories.admissions import a_pdf
from tests.factories.pictures import drawn
from tests.walls.addresses import EVERYBODY, PEOPLE, TABLE, Person, path_of
from tests.walls.forms import Form, each_once, forms_of
from tests.walls.matters import open_matters
from tests.walls.matters_of_stock import SHELF, Page, sent_of_stock
from tests.walls.test_database import _with_a_wall
from tests.walls.walking import Walker, undone
from tests.walls.world import World
from tests.walls.world_of_stock import RETAIL_HEAD
from warehouse.models import BondedWarehouse

#: What a person would write where the page has nothing yet; by name of the field.
USUAL = {
    "email|contact_email": "lin@example.test",
    "password[12]?": "shells & paper 9",
    "oldpassword": PASSWORD,
    "name|contact_name": "林晓",
    "name_zh": "新店商贸有限公司",
    "name_en": "New Shop Ltd",
    "uscc": uscc_of("91330106MA9ABCDEF"),
    "street|consignee_address": "浙江省杭州市示例路 1 号",
    "town": "杭州",
    "contact_phone|buyer_telephone": "13800000000",
    "url": "https://shop.example.test/hook",
    "reason": "as agreed",
    "quarter": "2027-Q3",
    "own_sku": "OWN-7",
    "opens_at": "2026-11-01T10:00",
    "cutoff_at": "2026-12-01T10:00",
    "channel": "shop",
    "order_number": "T-77",
    "placed_at": "2026-10-30T10:00",
    "buyer_name": "张三",
    "buyer_id_number": "11010119900307803X",
    "freight|insurance": "1.00",
    "line(?:[2-9]|1\\d)-.*": "",
    "line1-quantity": "1",
    "line1-unit_price": "10.00",
    "[p]\\d+": "12",
    "[lm]\\d+": "0",
    "line\\d+-quantity": "6",
    "line\\d+-batch": "B1",
    "line\\d+-produced_on": "2026-01-01",
    "line\\d+-expires_on": "2028-01-01",
    "vessel": "STAR",
    "voyage": "1E",
    "bill_of_lading": "BL1",
    "departed_at": "2026-10-29T10:00",
    "expected_on": "2026-11-20",
    "to_.*|place": SHELF,
    "packages": "1",
    "invoice_number": "INV-9",
    "invoiced_on": "2026-10-29",
    "due_on": "2026-12-31",
    "line_\\d+": "60",
    "their_reference": "310520261000000099",
    "wire_fee": "100.00",
    "spread": "0.5",
    "bulk_spread": "0.3",
    "bulk_from": "1000",
    "valid_from": "2027-01-01",
    "code": "NB9",
    "subject": "MILK",
    "a_days": "7",
    "b_days": "30",
    "c_days": "90",
    "tolerance": "1.00",
    "taker": "PARTNER-S",
    "units": "1",
    "price": "10.00",
    "valid_until": "2026-11-10",
    "remark|book": "",
    "customs_district": "3105",
    "entry_port": "310501",
    "ledger_number": "T3105W000009",
    "account": "DE89370400440532013000",
    "bic": "COBADEFFXXX",
    "bank_name": "Example Bank",
}
#: Of certain forms, by pattern.
THERE: dict[str, dict[str, Any]] = {
    "settlement/terms/<str:code>/": {"valid_from": "2027-01-01"},
    "products/import/": {
        "file": b"sku,name_zh,name_en,hs_code,origin,net_weight_g,gross_weight_g\n"
        b"X,a,b,0902302090,DEU,1,2\n"
    },
    "own-skus/": {"product": "MILK"},
    "customs/reference/": {
        "file": b"hs_code,valid_from,duty_rate,vat_rate,legal_unit\n"
        b"3304990039,2027-01-01,0.01,0.13,035\n",
        "kind": "tariff",
        "source": "example tariff 2027",
        "complete_from": "",
    },
    "customs/exports/<str:number>/pass/": {
        "vehicle_number": "浙B00001",
        "vehicle_kg": "7000",
    },
    "customs/declarations/<str:reference>/pass/": {
        "vehicle_number": "浙B00001",
        "vehicle_kg": "7000",
    },
    "customs/filings/": {"product": "MILK", "warehouse": "FILED"},
    "customs/gateways/new/": {
        "code": "new-way",
        "cop_code": "3302961HZ6",
        "dxp_id": "DXPENT0000000001",
        "sender_id": "DXPENT0000000001",
        "receiver_ids": "DXPEDCCEB0000002",
    },
    "customs/parcels/": {"file": b"order,waybill\nT-9,SF0000000077\n"},
    "customs/parcels/<str:number>/": {"waybill": "SF0000000078", "payment": "PAY-78"},
    "customs/houses/": {"port_code": "3104", "traf_mode": "Y", "site_code": ""},
    "customs/receipts/upload/": {"receipts": b"<nothing/>"},
    "customs/receipts/<int:pk>/assign/": {"document": "CANARY-CEB621"},
    "customs/tax/": {"goods_1": "MILK", "quantity_1": "1", "price_1": "50.00"},
    "retail-orders/<str:number>/return/": {"line_1": "1"},
    "storage/tariffs/": {"rate_1": "1.50"},
    "warehouse/places/new/": {"first": "B-01-01"},
    "warehouse/shipments/<str:number>/pictures/": {"of": "", "pictures": drawn(color="green")},
    "warehouse/places/upload/": {"file": b"code,zone\nC-01-01,storage\n"},
    "warehouse/counts/<str:number>/decide/": {"remark": "INV-4711"},
    "sales/upload/": {"file": b"quarter,sku,actual_units\n2026-Q1,MILK,12\n"},
    "deposits/<str:number>/": {
        "amount": "1.00",
        "value_date": "2026-10-01",
        "reference": "BANK-LINE-7",
    },
    "sellers/accounts/<str:code>/": {
        "amount": "1.00",
        "value_date": "2026-10-01",
        "reference": "BANK-LINE-9",
    },
    "rounds/categories/": {"categories": "infant formula"},
    "orders/<str:number>/bills/": {
        "amount": "12.00",
        "billed_on": "2026-05-01",
        "line": "",
        "kind": "freight",
        "document": "FR-8",
        "file": b"line,kind,amount,document,billed_on,driver\n,freight,1.00,FR-9,2026-05-01,\n",
    },
    "orders/<str:number>/cancel/": {"reason": "The factory stands still"},
    "orders/limits/": {"amount": "1000"},
    "customs/shipments/<str:number>/declare/": {"freight_charge": "", "insurance_charge": ""},
    "customs/shipments/<str:number>/statement/": {
        **dict.fromkeys(("departure_port", "call_port"), ""),
        **dict.fromkeys(("broker_name", "broker_uscc", "broker_customs_code"), ""),
    },
    "customs/shipments/<str:number>/way/": {"arrived_on": ""},
    "customs/guarantees/": {"amount": "1000.00", "evidence": "B-1", "assure_code": "3302961HZ9"},
    "customs/guarantees/<path:code>/<str:month>/": {
        "amount": "0.01",
        "evidence": "P-1",
        "paid_on": "2026-10-01",
    },
    "customs/shipments/<str:number>/enter/": {"pass_number": "P310426A79190002"},
    "customs/filings/<str:number>/answer/": {"item": "7", "reason": ""},
    "customs/facilitation/<str:code>/": {"evidence": "AEO-1"},
    **{
        f"customs/{one}/<str:reference>/amend/": {
            "value1": "77",
            **{f"{name}{row}": "" for name in ("what", "value") for row in range(2, 7)},
        }
        for one in ("declarations", "collective")
    },
    "offers/new/": {
        "sku": "MILK",
        "pack_quantity": "6",
        "valid_from": "2019-01-01",
        "valid_to": "2019-12-31",
        "p0-from_packs": "1",
        "p0-price": "9.00",
    },
    "offers/<int:pk>/change/": {"p0-from_packs": "1", "p0-price": "9.00", "valid_to": ""},
    "offers/<int:pk>/end/": {"ends_on": "2027-12-31"},
    "offers/upload/": {
        "file": b"sku,supplier,currency,pack_quantity,valid_from,valid_to,price_breaks\n"
        b"MILK,SUP-OF-MILK,EUR,6,2019-01-01,2019-12-31,1:9.00\n",
        "look": "yes",
    },
    "suppliers/<str:code>/freight/": {"amount": "500", "freight-lcl": "1.00"},
    "forecasts/<str:code>/upload/": {"file": b"quarter,sku,forecast_units\n2027-Q2,MILK,12\n"},
    "retail-orders/upload/": {
        "file": f"{RETAIL_HEAD}shop,T-78,2026-10-30 10:00,a,b,c,MILK,1,1.00\n".encode()
    },
    "retail-orders/new/": {"unpaid_until": ""},
    "retail-orders/terms/": {"shortage": "back_order", "back_order_days": "14"},
    # The factory's importers have one number.
    "companies/<str:code>/change/": {"customs_code": "3302960009"},
    "apply/": {"licence": a_pdf()},
}


@dataclass
class House:
    """The town with its open matters, who walks in it, and the forms found on the way."""

    world: World
    walkers: dict[str, Walker]
    pages: list[Page]
    forms: list[Form] = field(default_factory=list)
    templates: set[str] = field(default_factory=set)

    def open(self, page: Page) -> HttpResponse:
        client = self.enter(page.person, page.before)
        if page.sent is None:
            return cast(HttpResponse, client.get(page.path))
        return cast(HttpResponse, client.post(page.path, _with_files(page.sent)))

    def send(self, form: Form, values: Mapping[str, Any], **more: Any) -> HttpResponse:
        client = self.enter(form.person, form.before)
        return cast(HttpResponse, client.post(form.action, _with_files(values), **more))

    def enter(self, name: str, before: Iterable[tuple[str, Any]] = ()) -> Client:
        """The browser of a person who has done these things before in the session."""
        walker = self.walkers[name]
        walker.client.cookies.clear()
        if walker.session:
            walker.client.cookies["sessionid"] = walker.session
        for path, sent in before:
            if sent is None:
                walker.client.get(path)
            else:
                walker.client.post(path, sent)
        return walker.client

    def filled(self, form: Form) -> dict[str, Any]:
        """As the person would send it."""
        sent: dict[str, Any] = form.filled(USUAL)
        sent |= THERE.get(form.route, {}) | sent_of_stock(form, self.world)
        if form.route == "login/":
            sent |= {"email": self.world.people["seller"].email, "password": PASSWORD}
        elif form.route == "account/confirm/":
            sent["password"] = PASSWORD
        elif form.route == "orders/<str:number>/cancel/":
            # Its lines are named by their keys, whatever these are.
            sent |= {name: "6" for name in form.fields if name.endswith("-quantity")}
        elif form.route == "deposits/payments/":
            paid = f"{self.world.deposit.number},1.00,2026-10-01,BANK-LINE-8"
            sent["file"] = f"deposit,amount,paid_on,bank_reference\n{paid}\n".encode()
        elif form.route == "sellers/accounts/payments/":
            paid = f"{self.world.seller.code},1.00,2026-10-01,BANK-LINE-10"
            sent["file"] = f"seller,amount,paid_on,bank_reference\n{paid}\n".encode()
        elif form.route == "channels/<uuid:uid>/rotate/" and "secret" in form.fields:
            # Only some shops bring their own.
            sent["secret"] = "y" * 16
        if "code" in form.fields and form.route.startswith(("account/", "login/")):
            sent["code"] = totp(SECRET, at=time.time())
        return sent


def _with_files(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: SimpleUploadedFile("a.csv", value) if isinstance(value, bytes) else value
        for name, value in values.items()
    }


def _of_the_table(world: World) -> Iterator[Page]:
    """Each page by who may open it; what is for everybody has the same forms for everybody."""
    for route, address in TABLE.items():
        path = path_of(route, world)
        if address.is_file or route.startswith(("api/v1/", "admin/")):
            continue
        if address.public:
            yield Page("", path)
        elif address.owner in address.read:
            yield Page(address.owner, path)
        elif address.read and not address.owner:
            some = ["operator", "seller"] if route else sorted(EVERYBODY)
            names = some if address.read == EVERYBODY else sorted(address.read)
            yield from (Page(name, path) for name in names)


def furnished(town: World) -> House:
    """Everything is opened once, and its forms are kept; each row stays until the module ends."""
    with platform_wide():
        waiting = list(open_matters(town))
    pages = [*waiting, *_of_the_table(town)]
    people = {one.name: one for one in PEOPLE}
    walkers = {}
    for name in {one.person for one in pages}:
        walkers[name] = Walker.of(people.get(name, Person(name, is_signed_in=bool(name))), town)
    seller = people["seller"]
    # The seller has another browser open.
    for one in (walkers["seller"], Walker.of(seller, town)):
        UserSession.objects.create(
            user=town.people["seller"], ip="192.0.2.1", user_agent="x", session_key=one.session
        )
    made = House(town, walkers, pages)
    plain = Template._render  # type: ignore[attr-defined]

    def note(template: Template, context: Any) -> Any:
        made.templates.add(template.name or "")
        return plain(template, context)

    found: list[Form] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", note)
        for page in pages:
            if page.sent is None:
                with undone():
                    answer = made.open(page)
            else:
                # What a preview or a confirmation names must still be there.
                answer = made.open(page)
            if answer.status_code != 200 or "html" not in answer.headers["Content-Type"]:
                continue
            for form in forms_of(answer.content.decode(), person=page.person, page=page.path):
                form.before = page.before
                found.append(form)
    made.forms = each_once(found)
    return made


#: The platform's own people work for everybody.
WORKS_FOR_ALL = {"finance", "operator", "checker", "two companies"}


def rows_of_others(tables: Iterable[str], world: World) -> dict[str, str]:
    """The rows that the strangers have in these tables, as they stand."""
    walled = _with_a_wall()
    found = {}
    for table in sorted(set(tables) & walled):
        for company in (world.stranger, world.other_importer):
            with scopes_disabled(), _session(str(company.pk)), connection.cursor() as cursor:
                cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')  # noqa: S608
                found[f"{table} of {company.code}"] = "\n".join(one for (one,) in cursor)
    # Without that wall: by the importer, or by the house that is kept.
    named = {
        "procurement_purchaseorder": "buyer_id",
        "settlement_payable": "debtor_id",
        "settlement_settlementbatch": "debtor_id",
        "settlement_settlementpolicy": "debtor_id",
        "accounts_membership": "company_id",
    }
    others = [world.stranger.pk, world.other_importer.pk]
    for table in sorted(set(tables) & set(named)):
        with platform_wide(), connection.cursor() as cursor:
            cursor.execute(
                f'SELECT t::text FROM "{table}" t WHERE {named[table]} = ANY(%s) ORDER BY 1',  # noqa: S608
                [others],
            )
            found[table] = "\n".join(one for (one,) in cursor)
    return found


def names_of_others(world: World) -> list[str]:
    """Ids, numbers and uids by which a form could name something of a stranger's."""
    found: set[str] = set()
    with platform_wide():
        for name in ("stranger", "other_importer", "other_warehouse"):
            (membership,) = world.people[name].memberships.select_related("company")
            found |= {str(membership.pk), str(membership.company_id), membership.company.code}
        for house in BondedWarehouse.objects.exclude(pk=world.lot.warehouse_id):
            found.add(str(house.pk))
        for batch in SettlementBatch.objects.filter(debtor=world.other_importer):
            found.add(batch.number)
    for table in sorted(_with_a_wall()):
        for company in (world.stranger, world.other_importer):
            with scopes_disabled(), _session(str(company.pk)), connection.cursor() as cursor:
                cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t LIMIT 1')  # noqa: S608
                for (row,) in cursor.fetchall():
                    told = json.loads(row)
                    names = (told.get(name) for name in ("number", "uid", "public_id", "id"))
                    found |= {str(one) for one in names if one}
    return sorted(found)
