"""What nobody may assume is asked: answers, ports, packing, the broker."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from core.errors import DomainError
from core.walls import platform_wide
from customs import queries, services
from customs.models import DeclarationState, EntryStatement, HouseAtCustoms, ShipmentWay
from customs.papers import Stamp, declared, fingerprint_of
from customs.papers.attorney import attorney
from customs.papers.form import Box, Paper
from customs.queries.zone import needed
from customs.rules import stating as rules
from customs.rules.declared import RulesBroken
from customs.rules.import_set import Statement
from customs.rules.stating import Broker, Told
from procurement.models import Shipment
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.customs import (
    DECLARES,
    CustomsCodeFactory,
    EntryStatementFactory,
    a_draft,
    a_lodged,
    a_shipment,
    a_warehouse,
)
from tests.factories.procurement import ShipmentFactory

pytestmark = pytest.mark.django_db
TOLD = Told(special_relation="0", price_influence="9", royalties="1", package_kind="92")
BROKER = Broker("宁波示例报关有限公司", "91330200MA2B7Q0X1K", "3302980001")
STAMP = Stamp("DOC-1", 1, "en", DECLARES)
DAY = date(2026, 7, 14)


@pytest.fixture(autouse=True)
def _platform() -> Any:
    with platform_wide():
        yield


def keep(
    shipment: Shipment, told: Told = TOLD, *, for_supplier: bool = False, now: datetime = DECLARES
) -> EntryStatement:
    return services.keep_statement(
        shipment=shipment,
        told=told,
        for_supplier=for_supplier,
        told_by=UserFactory.create(),
        now=now,
    )


def unstated_draft() -> Any:
    shipment = a_shipment(is_stated=False)
    return services.draft_declaration(
        shipment=shipment, importer=shipment.order.buyer, warehouse=a_warehouse(), now=DECLARES
    )


def boxes(paper: Paper) -> dict[str, Box]:
    return {box.label[1]: box for row in paper.rows for box in row}


def form_of(draft: Any, language: str = "en") -> Paper:
    return declared(queries.import_set(draft.pk), Stamp("DOC-1", 1, language, DECLARES))


@pytest.mark.parametrize(
    ("rule", "field", "changes"),
    [
        (rules.AnswerUnknown, "special_relation", {"special_relation": ""}),
        (rules.AnswerUnknown, "price_influence", {"price_influence": "2"}),
        (rules.AnswerUnknown, "royalties", {"royalties": "no"}),
        (rules.PackingNotInTable, "package_kind", {"package_kind": "77"}),
        (rules.PackingNotInTable, "package_kind", {"package_kind": ""}),
        (rules.PortNotInTable, "departure_port", {"departure_port": "DEU999"}),
        (rules.PortNotInTable, "call_port", {"call_port": "Hamburg"}),
        (rules.BrokerIncomplete, "broker_name", {"broker": replace(BROKER, name=" ")}),
        (rules.BrokerIncomplete, "broker_uscc", {"broker": replace(BROKER, uscc="9133")}),
        (
            rules.BrokerIncomplete,
            "broker_customs_code",
            {"broker": Broker("某报关行", BROKER.uscc)},
        ),
    ],
)
def test_what_is_not_right_is_refused_by_its_field_and_nothing_kept(
    rule: type[DomainError], field: str, changes: dict[str, Any]
) -> None:
    shipment = a_shipment(is_stated=False)

    with pytest.raises(rule) as refused:
        keep(shipment, replace(TOLD, **changes))

    assert refused.value.facts["field"] == field
    assert not EntryStatement.objects.exists()


def test_until_it_is_stated_the_form_is_not_ordered_and_a_person_is_told_what_is_missing() -> None:
    draft = unstated_draft()

    with pytest.raises(RulesBroken) as refused:
        services.queue_document(declaration=draft, now=DECLARES)

    rows: Any = refused.value.facts["rows"]
    assert [one.field for one in rows] == [
        *("special_relation", "price_influence", "royalties", "package_kind"),
    ]
    draft.refresh_from_db()
    assert draft.state == DeclarationState.DRAFT
    assert list(queries.unstated(draft.importer)) == [draft.shipment]
    assert not draft.documents.exists()
    keep(draft.shipment)
    services.queue_document(declaration=draft, now=DECLARES)
    assert list(queries.unstated(draft.importer)) == []


def test_the_form_says_what_was_stated_and_nothing_where_nobody_did() -> None:
    draft = unstated_draft()
    before = form_of(draft)
    keep(draft.shipment, replace(TOLD, departure_port="nld066", call_port="KOR003", broker=BROKER))
    after, chinese = form_of(draft), form_of(draft, "zh-hans")

    assert [value for _label, value in before.foot] == ["not stated"] * 3 + ["no"]
    assert [value for _label, value in after.foot] == ["no", "not applicable", "yes", "no"]
    assert [value for _label, value in chinese.foot] == ["否", "不适用", "是", "否"]
    told = boxes(after)
    assert (told["Port of departure"].value, told["Port of departure"].number) == (
        *("Rotterdam", "NLD066"),
    )
    # The seller is German; the goods came from the Netherlands, by way of Korea.
    assert (told["Trading country"].number, told["Country of departure"].number) == ("DEU", "NLD")
    assert (told["Port of call"].value, told["Port of call"].number) == ("Busan", "KOR003")
    assert (told["Packing"].value, told["Packing"].number) == ("pallets of processed wood", "92")
    assert (after.declarant, after.declarant_code) == (BROKER.name, BROKER.uscc)
    assert boxes(before)["Packing"].value == ""
    assert needed(draft).country == "NLD"


def test_a_record_list_is_of_the_company_in_the_zone_and_its_goods_stay_there() -> None:
    draft = a_draft()
    data = replace(queries.import_set(draft.pk), form="3")
    paper, operator = declared(data, STAMP), draft.warehouse.operator
    told = boxes(paper)

    assert (data.consignee.code, told["Consignee"].value) == (operator.code, operator.name_en)
    assert {(one.place, one.place_code) for one in paper.lines} == {
        (operator.town, operator.customs_code[:5])
    }
    assert (told["Customs of entry"].value, told["Customs of entry"].number) == (
        *("北仑海关", "3104"),
    )


def test_outside_a_special_zone_the_buyer_is_the_consignee() -> None:
    data = replace(queries.import_set(a_draft().pk), form="1")

    assert data.consignee == data.importer


def test_without_the_office_of_its_port_nothing_is_printed() -> None:
    draft = a_draft()
    HouseAtCustoms.objects.all().delete()

    found = queries.findings_of(draft, day=DAY)

    assert [(one.field, one.line) for one in found] == [("office_of_port", 0)]
    assert boxes(form_of(draft))["Customs of entry"].number == ""


def test_the_port_of_a_supplier_is_looked_up_by_its_name_in_the_table_of_the_day() -> None:
    shipment = a_shipment()
    supplier = shipment.order.supplier

    assert queries.stated(shipment, day=DAY).departure.code == "DEU063"
    for code, name in (("DEU063", "Hamburg, Germany"), ("USA777", "Hamburg, United States")):
        CustomsCodeFactory.create(
            table="port-foreign", code=code, name_zh="汉堡（某国）", name_en=name
        )
    # Two of the name: a person says which.
    assert queries.stated(shipment, day=DAY).departure.code == ""
    CustomsCodeFactory.create(
        table="port-foreign", code="ITA075", name_zh="热那亚（意大利）", name_en="Genoa, Italy"
    )
    supplier.departure_port = "genoa"
    supplier.save(update_fields=["departure_port"])
    shipment.order.supplier.refresh_from_db()
    found = queries.stated(shipment, day=DAY).departure
    assert (found.code, found.country, found.name(chinese=True)) == ("ITA075", "ITA", "热那亚")


def test_a_statement_of_the_supplier_holds_until_a_shipment_has_its_own() -> None:
    older = a_shipment(is_stated=False)
    keep(older, for_supplier=True)
    newer = ShipmentFactory.create(order=older.order)

    assert queries.stated(newer, day=DAY).royalties == "1"
    keep(newer, replace(TOLD, royalties="0"), now=DECLARES + timedelta(hours=1))
    assert queries.stated(newer, day=DAY).royalties == "0"
    assert queries.stated(older, day=DAY).royalties == "1"


def test_what_was_printed_stays_whatever_is_stated_of_the_supplier_later() -> None:
    lodged = a_lodged()
    data = queries.import_set(lodged.pk)
    said = fingerprint_of("declaration", data, STAMP)

    with pytest.raises(rules.StatementPrinted):
        keep(lodged.shipment)
    assert EntryStatement.objects.count() == 1
    EntryStatementFactory.create(
        shipment=None,
        importer=lodged.importer,
        supplier=lodged.shipment.order.supplier,
        royalties="1",
        told_at=DECLARES + timedelta(days=1),
    )

    again = queries.import_set(lodged.pk)
    assert again.statement.royalties == "0"
    assert fingerprint_of("declaration", again, STAMP) == said


def test_the_power_of_attorney_names_the_broker_who_declares() -> None:
    draft = a_draft()
    EntryStatementFactory.create(
        shipment=draft.shipment,
        broker_name=BROKER.name,
        broker_uscc=BROKER.uscc,
        broker_customs_code=BROKER.customs_code,
        told_at=DECLARES,
    )
    data = queries.import_set(draft.pk)

    letter = repr(attorney(data, chinese=True))
    assert letter.count("宁波示例报关有限公司 3302980001") == 2
    assert BROKER.name not in repr(attorney(replace(data, statement=Statement()), chinese=True))
    assert data.declarant.customs_code == "3302980001"


def test_the_importer_states_on_a_page_and_sees_what_is_missing() -> None:
    draft = unstated_draft()
    clerk = MembershipFactory.create(company=draft.importer, role=Role.IMPORTER)
    client = Client()
    client.force_login(clerk.user)
    path = f"/customs/shipments/{draft.shipment.number}/statement/"

    assert b"customs_statement" not in client.get(path).content
    assert f'href="{path}"' in client.get("/customs/to-do/").content.decode()
    asked = {
        "special_relation": "0",
        "price_influence": "0",
        "royalties": "",
        "package_kind": "22",
    }
    assert client.post(path, asked).status_code == 422
    assert not EntryStatement.objects.exists()
    kept = client.post(path, {**asked, "royalties": "1"})
    assert kept["Location"] == f"/customs/declarations/{draft.our_reference}/"
    (one,) = EntryStatement.objects.all()
    assert (one.shipment, one.royalties, one.told_by) == (draft.shipment, "1", clerk.user)
    assert path not in client.get("/customs/to-do/").content.decode()


def test_a_printed_statement_is_shown_as_the_form_has_it() -> None:
    lodged = a_lodged()
    EntryStatementFactory.create(
        shipment=None,
        importer=lodged.importer,
        supplier=lodged.shipment.order.supplier,
        royalties="1",
        told_at=DECLARES + timedelta(days=1),
    )
    clerk = MembershipFactory.create(company=lodged.importer, role=Role.IMPORTER)
    client = Client(headers={"accept-language": "en"})
    client.force_login(clerk.user)

    page = client.get(f"/customs/shipments/{lodged.shipment.number}/statement/").content.decode()

    told = re.findall(r"<dt[^>]*>([^<]+)</dt><dd[^>]*>([^<]+)</dd>", page)
    assert ("Are royalties paid to the seller for these goods?", "no") in told
    assert ("Port of departure", "DEU063 Hamburg") in told
    assert ("Kind of packing", "cartons") in told
    assert ("Customs broker", "—") in told
    assert "<form" not in page.partition("<main")[2]


def test_the_day_of_import_stands_once_the_importer_told_that_the_goods_came() -> None:
    draft = a_draft()
    before = queries.import_set(draft.pk)
    assert form_of(draft).rows[0][2].value == ""

    for arrived_on in (date(2026, 7, 13), None):
        ShipmentWay.objects.create(
            shipment=draft.shipment,
            importer=draft.importer,
            way="ordinary",
            arrived_on=arrived_on or date(2026, 7, 12),
            told_at=DECLARES,
            told_by=UserFactory.create(),
        )

    # The newest word counts, and what is told later makes no other set of it.
    assert boxes(form_of(draft))["Date of import"].value == "20260712"
    assert queries.import_set(draft.pk).digest == before.digest
