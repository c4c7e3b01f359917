"""A consumer's order is told the same in the answer to its sending as when it is asked for."""

from __future__ import annotations

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
