"""What an operator's program does: offers and freight, a round's policy, an order's approval."""

from __future__ import annotations

import pytest

from accounts.queries.companies import the_platform
from core.walls import platform_wide
from procurement.models import (
    OrderApproval,
    OrderState,
    PurchaseOrder,
    SupplierOffer,
)
from procurement.services import set_approval_limit
from tests.factories.procurement import RoundBillFactory
from tests.rest.asking import etag_of
from tests.rest.calls import CALLS
from tests.rest.conftest import Hire
from tests.walls.world import World


def offer_body(world: World) -> dict[str, object]:
    body = CALLS["create_offer"].body
    assert body is not None
    with platform_wide():
        return dict(body(world))


def test_an_offer_is_entered_read_changed_and_ended(world: World, hire: Hire) -> None:
    robot, told = hire("operator"), offer_body(world)
    steps = [
        {"from_packs": 1, "pack_price_minor": 5400},
        {"from_packs": 20, "pack_price_minor": 4900},
    ]

    made = robot.post("offers", {**told, "pricing": "incremental"}, idempotency_key="o-1")
    assert made.status_code == 201, made.json()
    assert made.json()["pricing"] == "incremental"
    path = f"offers/{made.json()['id']}"
    assert robot.get(path).json() == made.json()
    changed = robot(
        "PUT", path, {"pack_quantity": 12, "prices": steps}, if_match=etag_of(robot, path)
    )
    assert (changed.status_code, changed.json()["prices"]) == (200, steps)
    assert (changed.json()["pack_quantity"], changed.json()["pricing"]) == (12, "all_units")
    ended = robot.post(f"{path}/end", {"ends_on": "2027-03-31"}, if_match=etag_of(robot, path))
    assert ended.json()["valid_to"] == "2027-03-31"


def test_rising_prices_are_refused_by_their_field(world: World, hire: Hire) -> None:
    robot = hire("operator")
    rising = [
        {"from_packs": 1, "pack_price_minor": 100},
        {"from_packs": 20, "pack_price_minor": 200},
    ]
    with platform_wide():
        before = SupplierOffer.objects.count()

    answer = robot.post("offers", {**offer_body(world), "prices": rising}, idempotency_key="o-2")

    assert (answer.status_code, answer.json()["code"]) == (422, "procurement.offers_refused")
    with platform_wide():
        assert SupplierOffer.objects.count() == before


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("sku", "procurement.offered_product_unknown"),
        ("supplier", "procurement.offering_supplier_unknown"),
    ],
)
def test_an_offer_of_what_nobody_knows_is_refused_by_its_field(
    world: World, hire: Hire, field: str, code: str
) -> None:
    with platform_wide():
        before = SupplierOffer.objects.count()

    answer = hire("operator").post(
        "offers", {**offer_body(world), field: "NOBODYS"}, idempotency_key=f"o-{field}"
    )

    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, code)
    assert (told["facts"]["field"], told["facts"][field]) == (field, "NOBODYS")
    with platform_wide():
        assert SupplierOffer.objects.count() == before


def test_freight_terms_and_least_orders_are_kept(world: World, hire: Hire) -> None:
    robot, code = hire("operator"), world.order.supplier.company.code
    box = {"kind": "20GP", "price_minor": 980_000, "volume_cm3": 28_000_000, "weight_g": 21_700_000}
    robot.post(
        f"suppliers/{code}/freight",
        {"valid_from": "2027-01-01", "lcl_minor": 48_000, "containers": [box]},
        idempotency_key="f-1",
    )
    robot.post(
        f"suppliers/{code}/minimums",
        {"currency": "EUR", "incoterm": "FOB", "amount_minor": 300_000},
        idempotency_key="m-1",
    )

    told = robot.get(f"suppliers/{code}/terms").json()

    assert told["freight"][0]["containers"] == [box]
    assert {"currency": "EUR", "incoterm": "FOB", "amount_minor": 300_000} in told["minimums"]


def test_a_rounds_budget_is_changed_and_what_is_left_out_stays(world: World, hire: Hire) -> None:
    robot, path = hire("operator"), f"pool-rounds/{world.open_round.code}"
    held = robot.get(path).json()
    assert "budget_minor" in held["may_change"]

    changed = robot("PATCH", path, {"budget_minor": 77_000}, if_match=etag_of(robot, path))

    assert changed.status_code == 200
    assert changed.json() == {**held, "budget_minor": 77_000}


def test_an_order_is_approved_as_it_was_read(world: World, hire: Hire) -> None:
    with platform_wide():
        PurchaseOrder.objects.filter(pk=world.order.pk).update(
            state=OrderState.DRAFT, placed_at=None
        )
        set_approval_limit(currency=world.order.currency, amount_minor=0)
    robot, path = hire("finance"), f"orders/{world.order.number}"

    blind = robot.post(f"{path}/approve", if_match="*")
    answer = robot.post(f"{path}/approve", if_match=etag_of(robot, path))

    assert blind.status_code == 428
    assert answer.status_code == 200, answer.json()
    assert answer.json()["number"] == world.order.number
    with platform_wide():
        newest = OrderApproval.objects.filter(order=world.order).latest("pk")
    assert newest.approved_by == world.people["finance"]


def test_the_platforms_people_read_a_sellers_statement(world: World, hire: Hire) -> None:
    path = f"pool-rounds/{world.round.code}/statements/{world.seller.code}"

    answer = hire("operator").get(path)
    seller = hire("seller")
    own = seller.get(f"rounds/{world.round.code}/statement")

    assert answer.json() == own.json()
    assert own.json() == seller.get(f"rounds/{world.round.code}/statement.json").json()
    again = seller.get(f"rounds/{world.round.code}/statement", if_none_match=own["ETag"])
    assert again.status_code == 304
    with platform_wide():
        house = the_platform()
        RoundBillFactory.create(round=world.round, owner=house)
    what_nobody_took = f"pool-rounds/{world.round.code}/statements/{house.code}"
    assert hire("operator").get(what_nobody_took).status_code == 404
