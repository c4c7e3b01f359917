"""The trade over the API: what the pages do, with figures."""

from __future__ import annotations

from typing import Any

from accounts.models import Role
from core.walls import platform_wide
from customs.services import make_due_documents
from tests.rest.calls import order_body
from tests.rest.conftest import Hire
from tests.rest.test_keys import selling
from tests.walls.world import DECLARES, World

__all__ = ["selling"]


def test_a_forecast_is_filed_by_sku_and_its_newest_version_counts(
    selling: World, hire: Hire
) -> None:
    robot = hire("seller")
    assert robot.get("rounds/2026-Q4/forecast").status_code == 404

    for version, units in ((1, 12), (2, 30)):
        answer = robot.post(
            "rounds/2026-Q4/forecasts",
            {"lines": [{"sku": "MILK", "quantity": units}]},
            idempotency_key=f"v{version}",
        )
        assert (answer.status_code, answer.json()["version"]) == (201, version)

    counts = robot.get("rounds/2026-Q4/forecast").json()
    assert (counts["version"], counts["source"]) == (2, "api")
    assert counts["lines"] == [{"sku": "MILK", "quantity": 30, "less": 0, "more": 0}]
    versions = robot.get("rounds/2026-Q4/forecasts?sort=-version").json()["data"]
    assert [one["version"] for one in versions] == [2, 1]
    nothing = robot.post("rounds/2026-Q4/forecasts", {"lines": []}, idempotency_key="v3")
    assert (nothing.status_code, nothing.json()["lines"]) == (201, [])


def test_a_wrong_line_is_named_and_nothing_is_filed(selling: World, hire: Hire) -> None:
    robot = hire("seller")
    lines = [{"sku": "MILK", "quantity": 1}, {"sku": "NO-SUCH", "quantity": 1}]

    answer = robot.post("rounds/2026-Q4/forecasts", {"lines": lines}, idempotency_key="k")

    assert (answer.status_code, answer.json()["code"]) == (422, "procurement.forecast_refused")
    assert answer.json()["errors"] == [
        {"row": 2, "field": "sku", "message": "The product NO-SUCH is not in the catalogue."}
    ]
    assert robot.get("rounds/2026-Q4/forecast").status_code == 404


def test_a_wrong_value_is_named_by_a_pointer(selling: World, hire: Hire) -> None:
    lines = [{"sku": "MILK", "quantity": "12"}, {"sku": "MILK", "colour": "red"}]

    answer = hire("seller").post("rounds/2026-Q4/forecasts", {"lines": lines}, idempotency_key="k")

    assert answer.status_code == 422
    assert {(one["pointer"], one["message"]) for one in answer.json()["errors"]} == {
        ("/lines/0/quantity", "This must be a whole number."),
        ("/lines/1/quantity", "This must be filled in."),
        ("/lines/1/colour", "There is no such field."),
    }


def test_a_batch_says_what_became_of_each_order(world: World, hire: Hire) -> None:
    robot = hire("seller")
    good, wrong = order_body(world, "B-1"), order_body(world, "B-2")
    wrong["lines"][0]["sku"] = "NO-SUCH"

    answer = robot.post(
        "retail-order-batches", {"orders": [good, wrong, good]}, idempotency_key="b"
    )

    told = answer.json()
    assert (answer.status_code, told["accepted"]) == (200, 1)
    assert [one["outcome"] for one in told["results"][:2]] == ["accepted", "refused"]
    assert told["results"][1]["code"] == "warehouse.product_unknown"
    found = robot.get("retail-orders?q=B-1").json()["data"]
    assert [one["order_number"] for one in found] == ["B-1"]


def test_pages_of_a_list_lead_to_each_other(world: World, hire: Hire) -> None:
    robot = hire("seller")
    orders = [order_body(world, f"P-{n}") for n in range(5)]
    robot.post("retail-order-batches", {"orders": orders}, idempotency_key="p")

    seen: list[str] = []
    path: str | None = "/api/v1/retail-orders?q=P-&limit=2&sort=number"
    while path:
        page = robot.get(path)
        seen += [one["order_number"] for one in page.json()["data"]]
        path = page.json()["next"]
        assert (path is None) == ('rel="next"' not in page.get("Link", ""))

    assert seen == [f"P-{n}" for n in range(5)]
    bad = robot.get("retail-orders?sort=colour")
    assert (bad.status_code, bad.json()["facts"]["parameter"]) == (422, "sort")


def test_a_declaration_goes_its_way_and_comes_back(world: World, hire: Hire) -> None:
    robot = hire("importer")
    path = f"declarations/{world.declaration.our_reference}"
    shown = robot.get(path)
    assert (shown.json()["state"], shown.json()["paper_state"]) == ("released", "ready")
    assert robot.get(f"{path}/paper.pdf").content.startswith(b"%PDF")

    late = robot.post(f"{path}/lodge", if_match=shown["ETag"])

    assert (late.status_code, late.json()["code"]) == (409, "customs.wrong_state")


def test_a_paper_is_ordered_once_and_made_by_a_worker(world: World, hire: Hire) -> None:
    robot = hire("importer")
    again = robot.post(
        f"shipments/{world.shipment.number}/declaration",
        {"warehouse": world.lot.warehouse.code},
        idempotency_key="d",
    )
    assert (again.status_code, again.json()["code"]) == (409, "customs.already_declared")
    packed = robot.post(
        "declaration-papers", {"references": [world.declaration.our_reference, "DEC-0"]}
    )
    assert packed["Content-Type"] == "application/zip"
    with platform_wide():
        assert make_due_documents(now=lambda: DECLARES) == 0


def test_four_eyes_hold_over_the_api(world: World, hire: Hire) -> None:
    maker, path = hire("finance"), f"batches/{world.batch.number}"
    shown = maker.get(path)

    answer = maker.post(f"{path}/price", {}, if_match=shown["ETag"])

    assert answer.status_code == 409, "it is exported"
    assert shown.json()["approved_by"] == world.people["checker"].email
    assert shown.json()["charges"][0]["seller"] == "CANARY-S"
    blind = hire("finance", "settlement:read", "settlement:write")
    assert blind.post(f"{path}/approve", if_match="*").status_code == 403


def test_odd_text_is_stored_as_it_is_or_refused_in_words(world: World, hire: Hire) -> None:
    robot = hire("seller")
    odd = ("<script>alert(1)</script>", "\u202emoc", "x" * 10_000, "=HYPERLINK(1)")
    statuses = {}
    for number, text in enumerate(odd):
        body = order_body(world, f"ODD-{number}") | {"buyer_name": text}
        answer = robot.post("retail-orders", body, idempotency_key=f"odd-{number}")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Type"].startswith(("application/json", "application/problem+json"))
        statuses[text[:10]] = answer.status_code

    assert statuses == {"<script>al": 201, "\u202emoc": 422, "xxxxxxxxxx": 422, "=HYPERLINK": 201}


def test_a_form_is_no_json(world: World, hire: Hire) -> None:
    robot: Any = hire("seller", "retail:write")

    answer = robot.post(
        "retail-orders",
        b"channel=shop",
        idempotency_key="k",
        content_type="application/x-www-form-urlencoded",
    )

    assert (answer.status_code, answer.json()["code"]) == (415, "rest.wrong_type")
    large = b'{"a": "' + b"x" * 3_000_000 + b'"}'
    assert robot.post("retail-orders", large, idempotency_key="k").status_code == 413
    assert robot.get("products").json()["facts"] == {
        "scope": "products:read",
        "role": Role.SELLER.value,
    }
