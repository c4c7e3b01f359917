"""A consumer's order is told the same in the answer to its sending as when it is asked for."""

from __future__ import annotations

from core.clock import now
from tests.rest.calls import order_body
from tests.rest.conftest import Hire
from tests.walls.world import World


def test_what_is_answered_to_an_order_is_what_is_shown_of_it(world: World, hire: Hire) -> None:
    robot, order = hire("seller"), order_body(world)
    (line,) = order["lines"]
    order["lines"] = [line, line | {"quantity": 2, "unit_price_minor": 5_000}]
    order["buyer_name"] = f" {order['buyer_name']} "

    answer = robot.post("retail-orders", order, idempotency_key="told-1")

    assert answer.status_code == 201
    told = answer.json()
    assert told["units"] == line["quantity"] + 2
    assert [pick["quantity"] for pick in told["picks"]] == [line["quantity"], 2]
    shown = robot.get(f"retail-orders/{told['number']}")
    assert told == shown.json()
    assert answer["ETag"] == shown["ETag"]
    again = robot.post("retail-orders", order, idempotency_key="told-2")
    assert again.json() == told


def test_two_orders_are_merged_and_their_numbers_lead_to_the_one(world: World, hire: Hire) -> None:
    robot = hire("seller")
    first, second = (
        order_body(world, number) | {"placed_at": now().isoformat()}
        for number in ("CANARY-T-11", "CANARY-T-12")
    )
    numbers = [
        robot.post("retail-orders", one, idempotency_key=one["order_number"]).json()["number"]
        for one in (first, second)
    ]
    (row,) = robot.get("mergeable-retail-orders").json()["data"]
    assert (row["orders"], row["goods_minor"]) == (numbers, 10_000)
    told = {"orders": numbers, "order_number": "CANARY-M-11", "placed_at": first["placed_at"]}

    answer = robot.post("retail-order-merges", told, idempotency_key="merge-1")
    again = robot.post("retail-order-merges", told, idempotency_key="merge-1")
    refused = robot.post("retail-order-merges", told, idempotency_key="merge-2")

    assert answer.status_code == 201
    made = answer.json()
    assert again.json() == made, "the key repeats the answer"
    assert (made["order_number"], made["units"], made["merged_from"]) == ("CANARY-M-11", 2, numbers)
    assert (refused.status_code, refused.json()["code"]) == (409, "warehouse.order_merged")
    assert refused.json()["facts"]["into"] == made["number"]
    old = robot.post("retail-orders", first, idempotency_key="again-1").json()
    assert (old["number"], old["state"]) == (numbers[0], "merged")
    assert (old["merged_into"], old["merged_from"]) == (made["number"], [])
    batch = robot.post("retail-order-batches", {"orders": [second]}, idempotency_key="again-2")
    (result,) = batch.json()["results"]
    assert (result["outcome"], result["number"], result["merged_into"]) == (
        "already_taken",
        numbers[1],
        made["number"],
    )
    assert robot.get("mergeable-retail-orders").json()["data"] == []
