"""A seller's program files with a tolerance, by its own SKUs, in part, copied, and late."""

from __future__ import annotations

from typing import Any

import pytest

from core.walls import platform_wide
from procurement.models import Forecast, LateWish, SellerSku
from procurement.services import file_forecast
from tests.factories.accounts import SellerFactory
from tests.rest.asking import form_with_a_file
from tests.rest.conftest import Hire, Robot
from tests.rest.test_keys import selling
from tests.walls.world import SELLS, World

__all__ = ["selling"]

FORM = "multipart/form-data; boundary=b"
ROUND = "rounds/2026-Q4"


def check(robot: Robot, rows: str, *, partial: str, key: str) -> Any:
    content = f"quarter,sku,forecast_units,less\n{rows}".encode()
    form = form_with_a_file({"partial": partial}, "f.csv", content)
    return robot.post(f"{ROUND}/forecast-files", form, idempotency_key=key, content_type=FORM)


def test_a_line_has_a_tolerance_and_the_round_its_limit(selling: World, hire: Hire) -> None:
    robot = hire("seller")
    line = {"sku": "MILK", "quantity": 100, "less": 10, "more": 20}

    filed = robot.post(f"{ROUND}/forecasts", {"lines": [line]}, idempotency_key="1")
    refused = robot.post(
        f"{ROUND}/forecasts", {"lines": [{**line, "more": 101}]}, idempotency_key="2"
    )

    assert (filed.status_code, filed.json()["lines"]) == (201, [line])
    assert (refused.status_code, refused.json()["code"]) == (422, "procurement.forecast_refused")
    assert [(one["row"], one["field"]) for one in refused.json()["errors"]] == [(1, "more")]
    with platform_wide():
        assert Forecast.objects.filter(round=selling.open_round).count() == 1


def test_a_file_is_filed_in_part_only_if_that_is_asked(selling: World, hire: Hire) -> None:
    robot = hire("seller")
    rows = "2026-Q4,MILK,12,3\n2026-Q4,COAL,1,\n"

    whole = check(robot, rows, partial="no", key="1")
    part = check(robot, rows, partial="yes", key="2")
    kept = f"{ROUND}/forecast-files/{part.json()['id']}"
    refused = robot.post(f"{kept}/forecast", idempotency_key="3")
    filed = robot.post(f"{kept}/rows", idempotency_key="4")

    assert whole.status_code == 422
    told = part.json()
    assert (part.status_code, told["products"], told["left_out"]) == (201, 1, [3])
    assert [(one["row"], one["field"]) for one in told["errors"]] == [(3, "sku")]
    assert refused.status_code == 422
    assert filed.json()["lines"] == [{"sku": "MILK", "quantity": 12, "less": 3, "more": 0}]


def test_a_file_without_one_good_row_is_not_kept(selling: World, hire: Hire) -> None:
    answer = check(hire("seller"), "2026-Q4,COAL,1,\n", partial="yes", key="1")

    assert answer.status_code == 422


def test_own_skus_are_mapped_looked_for_and_removed(selling: World, hire: Hire) -> None:
    robot = hire("seller")
    likely = robot.post("own-skus/proposals", {"name": "milk"})
    made = robot.post("own-skus", {"own_sku": "A-17", "sku": "MILK"}, idempotency_key="1")
    again = robot.post("own-skus", {"own_sku": "A-17", "sku": "MILK"}, idempotency_key="2")
    unknown = robot.post("own-skus", {"own_sku": "A-18"}, idempotency_key="3")
    filed = robot.post(
        f"{ROUND}/forecasts", {"lines": [{"sku": "A-17", "quantity": 5}]}, idempotency_key="4"
    )

    assert "MILK" in [one["sku"] for one in likely.json()]
    assert (made.status_code, made.json()["how"]) == (201, "confirmed")
    assert (again.status_code, again.json()["code"]) == (409, "procurement.own_sku_taken")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "procurement.own_sku_not_known")
    assert filed.json()["lines"][0]["sku"] == "MILK"
    there = f"own-skus/{made.json()['id']}"
    shown = robot.get(there)
    assert robot.post(f"{there}/remove", if_match=shown["ETag"]).status_code == 200
    with platform_wide():
        assert not SellerSku.objects.filter(own_sku="A-17").exists()


def test_a_late_wish_is_kept_and_taken_into_the_next_round(selling: World, hire: Hire) -> None:
    robot = hire("seller")
    lines = {"lines": [{"sku": "MILK", "quantity": 9}]}

    early = robot.post(f"{ROUND}/late-wishes", lines, idempotency_key="1")
    kept = robot.post("rounds/2026-Q3/late-wishes", lines, idempotency_key="2")
    taken = robot.post(
        f"late-wishes/{kept.json()['id']}/forecast", {"round": "2026-Q4"}, idempotency_key="3"
    )

    assert (early.status_code, early.json()["code"]) == (409, "procurement.round_still_open")
    assert (kept.status_code, kept.json()["units"]) == (201, 9)
    assert taken.json()["forecast"]["source"] == "late"
    told = {one["id"]: one["taken_into"] for one in robot.get("late-wishes").json()["data"]}
    assert told[kept.json()["id"]] == "2026-Q4"
    with platform_wide():
        assert LateWish.objects.filter(seller=selling.seller).count() == 2


def test_the_last_round_is_copied(selling: World, hire: Hire) -> None:
    copied = hire("seller").post(f"{ROUND}/forecast-copies", {"what": "filed"}, idempotency_key="1")

    assert (copied.status_code, copied.json()["forecast"]["lines"][0]["quantity"]) == (201, 7919)
    assert copied.json()["left_out"] == []


@pytest.mark.parametrize("sellers", [2, 3])
def test_the_likely_cost_needs_three_sellers(selling: World, hire: Hire, sellers: int) -> None:
    with platform_wide():
        for _at in range(sellers):
            file_forecast(
                round=selling.open_round,
                seller=SellerFactory.create(),
                lines={selling.lot.product_id: 60},
                filed_by=None,
                now=SELLS,
            )

    (told,) = hire("seller").get(f"{ROUND}/outlook?q=MILK").json()["data"]

    assert told["earlier"] == [{"round": "2026-Q3", "forecast": 7919, "got": 7918}]
    assert (told["likely"] is None) == (sellers < 3)
