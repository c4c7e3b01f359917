"""Every list of the API is asked for alike, and says what the portal's page says."""

from __future__ import annotations

from typing import Any

from config.api import api
from core.walls import platform_wide
from customs.models import Declaration
from procurement.models import Shipment
from settlement import exposing, queries
from settlement.models import SettlementBatch
from tests.factories.warehouse import BondedWarehouseFactory
from tests.rest.conftest import Hire
from tests.walls.world import World

#: Answers with ``data`` that are no lists of rows: all of it is always there, and why.
WHOLE = {
    "get_notice_settings": "a choice for each event of the role, changed as a whole",
    "list_lists": "the lists of one's role: a part of the program, not of the data",
    "list_warehouses": "the few bonded warehouses of the house, to choose one of",
    "get_missing": "what one form lacks: a list of faults, all of which have to be mended",
    "get_exposure": "a row per currency, with sums below that belong to all of them",
    "get_approval_limits": "one for each currency that has one, changed one by one",
    "get_credit_policies": "a policy for each day from which one holds, with its bands",
    "get_suggestions": "worked out for a whole round at once, a line for each product",
    "list_share_sheets": "files of one's own, the newest two hundred",
    "get_joint_costs": "worked out for a whole round at once, a line for each seller",
}


def test_whatever_answers_with_rows_is_paged_searched_and_sorted_like_every_list() -> None:
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    parts = schema["components"]["schemas"]
    bare: set[str] = set()
    listed: set[str] = set()
    for methods in schema["paths"].values():
        told = methods.get("get")
        if told is None:
            continue
        content = told["responses"][200].get("content", {}).get("application/json")
        if content is None:
            continue
        schema_of = content["schema"]
        if "$ref" in schema_of:
            schema_of = parts[schema_of["$ref"].rsplit("/", 1)[-1]]
        # A statement is a document of its own; its fields stand in docs/statements.md.
        shape = schema_of.get("properties", {})
        names = {one["name"] for one in told.get("parameters", [])}
        if "data" in shape:
            is_list = {"next", "previous", "totals"} <= shape.keys() and {
                *("sort", "after", "before", "limit", "totals")
            } <= names
            (listed if is_list else bare).add(told["operationId"])

    assert bare == WHOLE.keys()
    assert len(listed) >= 30


def test_terms_invitations_and_arrivals_are_narrowed_and_paged(world: World, hire: Hire) -> None:
    seller, finance = hire("seller"), hire("finance")

    def data(robot: Any, path: str) -> list[Any]:
        answer = robot.get(path)
        assert answer.status_code == 200, answer.content
        return list(answer.json()["data"])

    arrived = data(seller, "stock/arrivals")
    receipt, sku = arrived[0]["receipt"], arrived[0]["sku"]
    told = seller.get(f"stock/arrivals?q={receipt}&totals=yes").json()
    assert told["totals"]["sums"]["received"] == {"": sum(one["received"] for one in told["data"])}
    assert data(seller, f"stock/arrivals?product={sku}&sort=-received")
    assert data(seller, "stock/arrivals?q=REC-NONE") == []
    (selling,) = data(seller, f"stock/to-sell?sku={sku}&channel=tmall")
    assert selling["units"] == sum(one["units"] for one in selling["houses"]) > 0
    assert data(seller, f"stock/to-sell?changed_since={selling['changed_at']}")
    assert data(seller, "stock/to-sell?changed_since=2090-01-01T00:00:00Z") == []
    for wrong in ("changed_since=yesterday", "channel=%00", "since=2026-08-01T00:00:00Z"):
        assert seller.get(f"stock/to-sell?{wrong}").status_code in {400, 422}
    assert data(seller, "stock/arrivals?received_from=2035-01-01") == []

    terms = data(finance, "terms?sort=valid_from")
    assert {one["debtor"] for one in terms} >= {"CANARY-I"}
    assert data(finance, "terms?debtor=NOBODY") == []
    assert data(finance, "terms?period=invoice") == []
    assert len(data(finance, "terms?limit=1")) == 1

    asked = data(seller, "invitations?q=canary&role=seller")
    assert [one["email"] for one in asked] == ["canary@example.test"]
    assert data(seller, "invitations?q=nobody") == []


def test_stored_rates_are_told_with_their_source_and_day(world: World, hire: Hire) -> None:
    robot = hire("finance")
    batch = robot.get(f"batches/{world.batch.number}").json()
    rates = robot.get(f"rates?currency={batch['currency']}").json()["data"]

    assert (batch["rate_source"], batch["rate_on"], batch["rate"]) in [
        (one["source"], one["rate_on"], one["rate"]) for one in rates
    ]
    assert robot.get("rates?currency=XXX").json()["data"] == []


def test_what_waiting_may_cost_is_told_as_on_the_page(world: World, hire: Hire) -> None:
    robot = hire("finance")
    exposure = robot.get("exposure").json()
    batch = robot.get(f"batches/{world.batch.number}").json()
    with platform_wide():
        found = exposing.exposures()
        priced = SettlementBatch.objects.get(pk=world.batch.pk)
        lines = list(queries.lines_of(priced))
        figures = queries.figures_of(priced, lines, queries.invoices_of(priced, lines))

    assert exposure["quarter_at_risk_cny_minor"] == exposing.quarter_risk(found)
    assert exposure["risk_source"].startswith("ECB")
    for one, known in zip(exposure["data"], found, strict=True):
        assert [each["at_risk_cny_minor"] for each in one["risks"]] == [
            each.at_risk_minor for each in known.risks if each
        ]
    assert figures is not None
    assert figures.risk is not None
    assert batch["risk"]["at_risk_cny_minor"] == figures.risk.at_risk_minor > 0


def test_an_importer_sees_what_is_to_be_declared_and_what_each_warehouse_lacks(
    world: World, hire: Hire
) -> None:
    robot = hire("importer")
    with platform_wide():
        bare = BondedWarehouseFactory.create(code="BARE")
        Declaration.objects.filter(shipment=world.shipment).update(state="lodged")
        Shipment.objects.filter(pk=world.shipment.pk).update(state="shipped")
    before = robot.get("declarable-shipments").json()["data"]
    missing = robot.get(f"shipments/{world.shipment.number}/missing?warehouse={bare.code}")
    nowhere = robot.get(f"shipments/{world.shipment.number}/missing?warehouse=NOWHERE")

    assert world.shipment.number not in {one["number"] for one in before}
    assert (missing.status_code, nowhere.status_code) == (200, 404)
