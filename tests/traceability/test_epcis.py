"""The story as data that other systems read: EPCIS 2.0 JSON-LD."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from traceability import rules, services
from traceability.models import ItemIdentity, TraceEvent

from ..factories.traceability import NOON, FactFactory, TracedLot

SCHEMA = Path(__file__).parents[3] / "shared/data/epcis/EPCIS-JSON-Schema.json"
BASE = "https://id.example.test"

pytestmark = pytest.mark.usefixtures("public_url")


@pytest.fixture
def public_url() -> Any:
    with override_settings(BONDPOOL_PUBLIC_URL=BASE):
        yield


@pytest.fixture
def told(client: Client, path: str, item: ItemIdentity, lot: TracedLot) -> dict[str, Any]:
    """The document of an item that was also packed into a parcel and sold."""
    keys = (rules.item_key(item.gtin, item.serial), rules.retail_key("RO-2026-000001"))
    services.record(
        FactFactory.build(
            event_type="AggregationEvent",
            action="ADD",
            biz_step="packing",
            asserted_by=lot.warehouse.pk,
            keys=keys,
        ),
        FactFactory.build(
            event_type="TransactionEvent",
            action="ADD",
            biz_step="retail_selling",
            disposition="retail_sold",
            asserted_by=lot.importer.pk,
            keys=keys,
            documents=((rules.RETAIL_LIST, "RL-2026-000001"),),
        ),
        now=NOON,
    )
    answer = client.get(path, headers={"Accept": "application/ld+json"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/ld+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    document: dict[str, Any] = json.loads(answer.content)
    return document


def test_the_document_is_an_epcis_document(told: dict[str, Any]) -> None:
    assert told["@context"] == [
        "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
        {"bondpool": f"{BASE}/voc/"},
    ]
    assert (told["type"], told["schemaVersion"]) == ("EPCISDocument", "2.0")
    assert [event["bizStep"] for event in told["epcisBody"]["eventList"]] == [
        "accepting",
        "departing",
        "arriving",
        "accepting",
        "receiving",
        "storing",
        "commissioning",
        "packing",
        "retail_selling",
    ]


def test_an_event_says_what_when_where_why_and_who(
    told: dict[str, Any], item: ItemIdentity, lot: TracedLot
) -> None:
    departing = told["epcisBody"]["eventList"][1]
    stored = TraceEvent.objects.get(biz_step="departing")

    assert departing == {
        "type": "ObjectEvent",
        "eventID": f"urn:uuid:{stored.event_id}",
        "eventTime": "2026-06-27T20:00:00.000+08:00",
        "eventTimeZoneOffset": "+08:00",
        "recordTime": "2026-07-01T20:00:00.000+08:00",
        "action": "OBSERVE",
        "bizStep": "departing",
        "disposition": "in_transit",
        "readPoint": {"id": f"{BASE}/voc/place/DEHAM"},
        "bizTransactionList": [{"type": "bol", "bizTransaction": f"{BASE}/voc/bt/bol/OOLU2756301"}],
        "quantityList": [{"epcClass": f"{BASE}/01/{item.gtin}"}],
        "bondpool:assertedBy": lot.supplier.name_en,
        "bondpool:evidence": "documented",
        "bondpool:recordHash": stored.record_hash,
        "bondpool:previousHash": stored.previous_hash,
    }


def test_customs_papers_have_a_type_of_our_own_and_a_covered_number(told: dict[str, Any]) -> None:
    released = told["epcisBody"]["eventList"][3]

    assert released["bizTransactionList"] == [
        {
            "type": f"{BASE}/voc/btt/cn-entry-record-list",
            "bizTransaction": f"{BASE}/voc/bt/cn-entry-record-list/3101**********5678",
        }
    ]


def test_the_goods_are_named_as_nearly_as_the_event_does(
    told: dict[str, Any], item: ItemIdentity
) -> None:
    events = told["epcisBody"]["eventList"]
    lot = [{"epcClass": f"{BASE}/01/{item.gtin}/10/{item.lot_number}"}]
    one = [f"{BASE}/01/{item.gtin}/21/{item.serial}"]

    assert events[4]["quantityList"] == events[6]["quantityList"] == lot
    assert events[7]["childEPCs"] == events[8]["epcList"] == one
    assert events[6]["ilmd"] == {
        "cbvmda:lotNumber": item.lot_number,
        "cbvmda:countryOfOrigin": "DE",
        "cbvmda:itemExpirationDate": "2028-02-29",
    }


def test_the_suffix_gives_the_same_document(
    client: Client, told: dict[str, Any], path: str
) -> None:
    again = json.loads(client.get(f"{path}.json").content)

    assert again["epcisBody"] == told["epcisBody"]


def test_the_document_passes_gs1s_own_schema(told: dict[str, Any]) -> None:
    if not SCHEMA.is_file():
        pytest.skip("GS1's EPCIS-JSON-Schema.json is not beside the checkout")
    import jsonschema_rs

    validator = jsonschema_rs.validator_for(
        json.loads(SCHEMA.read_text("utf-8")), validate_formats=True
    )

    assert [error.message for error in validator.iter_errors(told)] == []
    # The schema with formats on is strict enough to see what matters.
    told["epcisBody"]["eventList"][0]["bizStep"] = "ordering"
    assert not validator.is_valid(told)
