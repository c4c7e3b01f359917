"""An operator's program announces a round, plans it, reads why, and closes it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core.walls import platform_wide
from jobs import services as jobs
from procurement import services
from procurement.models import BillWork, Deposit, PoolRound, PurchaseOrder, RoundState
from tests.factories.procurement import PoolRoundFactory
from tests.rest.asking import etag_of, twice
from tests.rest.conftest import Hire, Robot
from tests.walls.world import SETTLES, World

#: The doors' clock.
NOW = SETTLES + timedelta(hours=1)
ANNOUNCED = {
    "quarter": "2027-Q1",
    "opens_at": "2026-11-01T08:00:00+08:00",
    "cutoff_at": "2026-12-20T18:00:00+08:00",
    "fill_until": "2026-12-22T18:00:00+08:00",
    "payment_days": 30,
    "budget_minor": 90_000_000,
}


def work() -> None:
    with platform_wide():
        jobs.work(now=lambda: NOW)


def a_round_past_its_cutoff(world: World, **told: Any) -> PoolRound:
    """Of which one seller has filed."""
    with platform_wide():
        held: PoolRound = PoolRoundFactory.create(
            quarter="2027-Q2",
            opens_at=NOW - timedelta(days=9),
            cutoff_at=NOW - timedelta(days=1),
            **told,
        )
        services.file_forecast(
            round=held,
            seller=world.seller,
            lines={world.lot.product.pk: 7927},
            filed_by=None,
            now=NOW - timedelta(days=2),
        )
    return held


def asked(robot: Robot, path: str, key: str) -> Any:
    """A job that was asked for, once it is done."""
    made = robot.post(path, idempotency_key=key)
    assert made.status_code == 201, made.json()
    work()
    return robot.get(f"jobs/{made.json()['id']}").json()


def test_a_round_is_announced_once_under_one_key(world: World, hire: Hire) -> None:
    robot = hire("operator")

    first, again = twice(robot, "pool-rounds", ANNOUNCED)

    assert first.status_code == 201, first.json()
    assert again.json() == first.json()
    told = robot.get("pool-rounds/2027-Q1").json()
    assert told == first.json()
    assert (told["phase"], told["payment_days"], told["budget_minor"]) == (
        "announced",
        30,
        90_000_000,
    )
    assert told["tolerance_limit_percent"] == 100, "what is not said is the usual"


def test_what_the_page_refuses_is_refused_and_nothing_is_announced(
    world: World, hire: Hire
) -> None:
    robot = hire("operator")
    with platform_wide():
        before = PoolRound.objects.count()
    wrong: dict[str, dict[str, Any]] = {
        "procurement.not_a_quarter": {"quarter": "2027-Q9"},
        "procurement.cutoff_before_opening": {"cutoff_at": ANNOUNCED["opens_at"]},
        "procurement.phases_out_of_order": {"fill_until": ANNOUNCED["opens_at"]},
        "procurement.deposit_incomplete": {"deposit_percent": 20},
        "procurement.policy_out_of_range": {"shortage_rule": "by lot"},
        "procurement.category_not_known": {"category": "no such goods"},
        "procurement.round_exists": {"quarter": world.open_round.quarter},
    }

    told = {
        code: robot.post("pool-rounds", {**ANNOUNCED, **one}, idempotency_key=code).json()["code"]
        for code, one in wrong.items()
    }
    out = robot.post("pool-rounds", {**ANNOUNCED, "payment_days": 91}, idempotency_key="days")

    assert told == {code: code for code in told}
    assert out.status_code == 422
    with platform_wide():
        assert PoolRound.objects.count() == before


def test_categories_are_ranked_on_evidence_and_announced_together_or_not_at_all(
    world: World, hire: Hire
) -> None:
    robot, category = hire("operator"), world.lot.product.category
    (told,) = [one for one in robot.get("categories").json()["data"] if one["category"] == category]
    assert told["sellers"] >= 1
    assert 0 <= float(told["alone"]) <= float(told["pooled"]) <= 1
    body = {**ANNOUNCED, "categories": [category, "no such goods"]}

    refused = robot.post("category-rounds", body, idempotency_key="c-1")
    made = robot.post("category-rounds", {**body, "categories": [category]}, idempotency_key="c-2")

    assert refused.json()["code"] == "procurement.category_not_known"
    assert [one["category"] for one in made.json()["data"]] == [category]
    with platform_wide():
        assert PoolRound.objects.filter(quarter="2027-Q1").count() == 1


def test_a_round_is_planned_read_closed_and_billed_by_a_program(world: World, hire: Hire) -> None:
    robot = hire("operator")
    held = a_round_past_its_cutoff(world)
    path = f"pool-rounds/{held.code}"
    (wanted,) = robot.get(f"{path}/demand").json()["data"]
    assert wanted == {"sku": world.lot.product.sku, "sellers": 1, "units": 7927}
    assert [one["seller"] for one in robot.get(f"{path}/filings").json()["data"]] == ["CANARY-S"]

    job = asked(robot, f"{path}/plans", "p-1")

    assert (job["state"], job["action"]) == ("done", "plan")
    (head,) = robot.get(f"{path}/plans").json()["data"]
    plan = robot.get(f"{path}/plans/{head['number']}").json()
    assert {name: plan[name] for name in head} == head
    assert {one["kind"] for one in plan["compared"]} == {"plain", "greedy", "optimised"}
    assert sum(one["landed_minor"] for one in plan["orders"]) == plan["landed_minor"]
    (line,) = plan["lines"]
    assert line["units"] == line["packs"] * line["pack"] >= line["wanted"] == 7927
    assert line["why"], "each line says why it is what it is"
    assert plan["saved_minor"] == plan["plain_adjusted_minor"] - plan["adjusted_minor"] >= 0

    blind = robot.post(f"{path}/close", {"buyer": "CANARY-I"})
    stranger = robot.post(f"{path}/close", {"buyer": "CANARY-S"}, if_match=etag_of(robot, path))
    made = robot.post(f"{path}/close", {"buyer": "CANARY-I"}, if_match=etag_of(robot, path))

    assert (blind.status_code, stranger.json()["code"]) == (428, "procurement.not_an_importer")
    assert made.status_code == 200, made.json()
    with platform_wide():
        assert not PurchaseOrder.objects.filter(round=held).exists(), "a worker does it"
    work()
    assert robot.get(f"jobs/{made.json()['id']}").json()["state"] == "done"
    closed = robot.get(path).json()
    assert closed["state"] == RoundState.CLOSED
    assert closed["pooled"][0]["orders"] == 1
    bills = robot.get(f"{path}/bills?totals=yes").json()
    assert {one["owner"] for one in bills["data"]} >= {"CANARY-S"}
    assert bills["totals"]["sums"]["paid"]["CNY"] == plan["landed_minor"]
    again = robot.post(f"{path}/plans", idempotency_key="p-2")
    assert again.json()["code"] == "procurement.round_already_closed"
    assert robot.get(f"{path}/billing").json()["runs"][0]["causes"] == []
    (mine,) = robot.get(f"{path}/joint-costs").json()["data"]
    assert mine["seller"] == "CANARY-S"


def test_before_the_cutoff_nothing_is_closed_and_nobody_asked_for_a_deposit(
    world: World, hire: Hire
) -> None:
    robot, path = hire("operator"), f"pool-rounds/{world.open_round.code}"
    with platform_wide():
        PoolRound.objects.filter(pk=world.open_round.pk).update(cutoff_at=NOW + timedelta(days=1))

    closed = robot.post(f"{path}/close", {"buyer": "CANARY-I"}, if_match=etag_of(robot, path))
    asks = robot.post(f"{path}/deposit-requests", idempotency_key="d-1")

    assert closed.json()["code"] == asks.json()["code"] == "procurement.cutoff_not_reached"
    assert not robot.get("jobs").json()["data"]


def test_sellers_are_asked_for_their_deposits(world: World, hire: Hire) -> None:
    held = a_round_past_its_cutoff(
        world, deposit_percent=20, deposit_due_at=NOW + timedelta(days=5)
    )

    job = asked(hire("operator"), f"pool-rounds/{held.code}/deposit-requests", "d-2")

    assert job["state"] == "done"
    with platform_wide():
        assert Deposit.objects.get(round=held).seller == world.seller


def test_only_a_round_that_failed_is_billed_again_by_hand(world: World, hire: Hire) -> None:
    robot, path = hire("operator"), f"pool-rounds/{world.round.code}/billing"
    with platform_wide():
        BillWork.objects.filter(round=world.round).update(state="queued")
    early = robot.post(f"{path}/again", if_match=etag_of(robot, path))
    with platform_wide():
        BillWork.objects.filter(round=world.round).update(state="failed", last_error="no disk")
    told = robot.get(path).json()

    answer = robot.post(f"{path}/again", if_match=etag_of(robot, path))

    assert early.json()["code"] == "procurement.billing_not_failed"
    assert (told["has_failed"], told["error"]) == (True, "no disk")
    assert (answer.json()["has_failed"], answer.json()["is_waiting"]) == (False, True)
    with platform_wide():
        assert set(BillWork.objects.filter(round=world.round).values_list("state", flat=True)) == {
            "queued"
        }


def test_every_sellers_credit_is_listed(world: World, hire: Hire) -> None:
    (told,) = hire("operator").get("credit-scores").json()["data"]

    assert told["seller"] == "CANARY-S"
    assert 0 <= told["score"] <= 100


def test_the_lists_of_operators_go_out_as_files_with_their_scope(world: World, hire: Hire) -> None:
    held = a_round_past_its_cutoff(world)
    robot, narrow = hire("operator"), hire("operator", "jobs:read", "jobs:write")
    told = {"listing": "demand", "query": {"round": held.code}}

    refused = narrow.post("exports", told, idempotency_key="e-1")
    made = robot.post("exports", told, idempotency_key="e-2")
    work()

    assert (refused.status_code, refused.json()["facts"]["scope"]) == (403, "rounds:read")
    job = robot.get(f"jobs/{made.json()['id']}").json()
    file = b"".join(robot.get(job["file"]).streaming_content).decode("utf-8-sig")
    assert f"{world.lot.product.sku},1,7927" in file
    assert {one["key"] for one in robot.get("lists").json()["data"]} >= {
        *("rounds", "demand", "filings", "round-bills"),
        *("categories", "forecast-scores", "offers", "orders"),
    }
