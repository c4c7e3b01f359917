"""One effect per idempotency key, one winner per ETag."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from core.walls import inside, platform_wide
from procurement.models import Forecast
from rest import services, tasks
from rest.models import StoredAnswer
from tests.factories.accounts import MembershipFactory
from tests.rest.calls import TERMS, order_body
from tests.rest.conftest import Hire, Robot, token_for
from tests.walls.world import SELLS, SETTLES, World
from warehouse.models import RetailOrder


def _mine(world: World) -> int:
    with inside(world.seller.pk):
        return RetailOrder.objects.count()


@pytest.fixture
def selling(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> World:
    """While the next round takes forecasts."""
    file = tmp_path / "selling"
    file.write_text(SELLS.isoformat())
    monkeypatch.setenv("BONDPOOL_CLOCK_FILE", str(file))
    return world


def test_the_same_request_again_has_the_same_answer_and_no_second_effect(
    world: World, hire: Hire
) -> None:
    robot, body, before = hire("seller"), order_body(world), _mine(world)

    first = robot.post("retail-orders", body, idempotency_key="k-1")
    again = robot.post("retail-orders", body, idempotency_key="k-1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert (first["Idempotency-Hit"], again["Idempotency-Hit"]) == ("false", "true")
    assert (again.content, again["ETag"]) == (first.content, first["ETag"])
    assert _mine(world) == before + 1
    assert "360426199101010071" not in first.content.decode()


def test_the_same_key_for_another_request_is_refused(world: World, hire: Hire) -> None:
    robot = hire("seller")
    robot.post("retail-orders", order_body(world), idempotency_key="k-1")
    before = _mine(world)

    other_body = robot.post("retail-orders", order_body(world, "T-2"), idempotency_key="k-1")
    other_route = robot.post(
        "retail-order-batches", {"orders": [order_body(world)]}, idempotency_key="k-1"
    )

    assert [one.json()["code"] for one in (other_body, other_route)] == ["rest.key_reused"] * 2
    assert (other_body.status_code, _mine(world)) == (409, before)


def test_a_token_in_the_place_of_another_knows_what_that_one_did(world: World, hire: Hire) -> None:
    """A request that timed out is sent again with the new token, and has no second effect."""
    one, other = hire("seller"), hire("seller")
    first = one.post("retail-orders", order_body(world), idempotency_key="k-1")

    again = other.post("retail-orders", order_body(world), idempotency_key="k-1")

    assert (again.headers["Idempotency-Hit"], again.content) == ("true", first.content)


def test_another_persons_key_is_another_key(world: World, hire: Hire) -> None:
    hire("seller").post("retail-orders", order_body(world), idempotency_key="k-1")
    company = world.people["seller"].memberships.get().company
    colleague = MembershipFactory.create(company=company, role="seller").user
    other = Robot(token_for(company, "seller", colleague))

    answer = other.post("retail-orders", order_body(world, "T-3"), idempotency_key="k-1")

    assert answer.status_code == 201


def test_a_key_is_needed_and_checked(world: World, hire: Hire) -> None:
    robot, body = hire("seller"), order_body(world)
    told = [robot.post("retail-orders", body)] + [
        robot.post("retail-orders", body, idempotency_key=key)
        for key in ("", "a b", "x" * 256, "\u00e9")
    ]

    assert {answer.status_code for answer in told} == {400}
    assert [answer.json()["code"] for answer in told] == [
        "rest.key_missing",
        *["rest.key_malformed"] * 4,
    ]


def test_a_refusal_is_not_kept_so_the_mended_request_may_use_its_key(
    world: World, hire: Hire
) -> None:
    robot = hire("seller")
    wrong = order_body(world) | {"buyer_id_number": "360426199101010072"}

    refused = robot.post("retail-orders", wrong, idempotency_key="k-1")
    mended = robot.post("retail-orders", order_body(world), idempotency_key="k-1")

    assert (refused.status_code, refused.json()["code"]) == (422, "warehouse.id_number_wrong")
    assert mended.status_code == 201


def test_keys_of_money_are_kept_for_ever_and_others_for_thirty_days(
    world: World, hire: Hire
) -> None:
    hire("finance").post("terms", TERMS, idempotency_key="money")
    hire("seller").post("retail-orders", order_body(world), idempotency_key="goods")

    with platform_wide():
        kept = dict(
            StoredAnswer.objects.filter(key__in=["money", "goods"]).values_list("key", "kept_until")
        )
        services.forget_answers(now=SETTLES + timedelta(days=29))
        tasks.tidy()
        assert StoredAnswer.objects.filter(key="goods").exists()
        services.forget_answers(now=SETTLES + timedelta(days=400))
        left = set(StoredAnswer.objects.values_list("key", flat=True))

    assert kept["money"] is None
    assert kept["goods"] == SETTLES + timedelta(hours=1, days=30)
    assert left >= {"money"}
    assert "goods" not in left


@pytest.mark.django_db(transaction=True)
def test_fifty_pairs_of_twins_have_fifty_effects(world: World, hire: Hire) -> None:
    """Each order is sent twice at the same moment, by real threads."""
    robot, before = hire("seller"), _mine(world)
    gate = threading.Barrier(2)

    def send(number: int) -> tuple[int, str, str]:
        try:
            gate.wait(timeout=30)
            twin = Robot(robot.text)
            answer = twin.post(
                "retail-orders", order_body(world, f"TWIN-{number}"), idempotency_key=f"k{number}"
            )
            return answer.status_code, answer["Idempotency-Hit"], answer.json()["number"]
        finally:
            connection.close()

    with platform_wide():
        world.lot.product.refresh_from_db()
    counted = Counter[tuple[int, str]]()
    numbers = set()
    with ThreadPoolExecutor(2) as pool:
        for number in range(50):
            for status, hit, ours in pool.map(send, [number, number]):
                counted[status, hit] += 1
                numbers.add(ours)

    assert counted == {(201, "false"): 50, (201, "true"): 50}
    assert len(numbers) == 50
    assert _mine(world) == before + 50


@pytest.mark.django_db(transaction=True)
def test_a_crash_before_the_answer_is_kept_leaves_no_effect(
    world: World, hire: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    robot, before = hire("seller"), _mine(world)

    def die(**_told: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(services, "store_answer", die)
        with pytest.raises(KeyboardInterrupt):
            robot.post("retail-orders", order_body(world), idempotency_key="k-1")
    assert _mine(world) == before

    again = robot.post("retail-orders", order_body(world), idempotency_key="k-1")

    assert (again.status_code, again["Idempotency-Hit"], _mine(world)) == (201, "false", before + 1)


def test_what_one_has_already_is_304(world: World, hire: Hire) -> None:
    robot = hire("seller")
    path = f"retail-orders/{world.retail_order.number}"
    tag = robot.get(path)["ETag"]

    answer = robot.get(path, if_none_match=tag)

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    assert robot.get(path, if_none_match='"other"').status_code == 200


def test_a_change_needs_the_etag_of_what_was_read(world: World, hire: Hire) -> None:
    robot = hire("seller")
    made = robot.post("retail-orders", order_body(world), idempotency_key="k-1")
    path = f"retail-orders/{made.json()['number']}/cancel"

    assert robot.post(path).json()["code"] == "rest.if_match_missing"
    assert robot.post(path, if_match='"stale"').json()["code"] == "rest.changed"
    done = robot.post(path, if_match=made["ETag"])
    assert (done.status_code, done.json()["state"]) == (200, "cancelled")
    assert done["ETag"] != made["ETag"]
    assert robot.post(path, if_match=made["ETag"]).status_code == 412
    missing = robot.post("retail-orders/RO-0/cancel")
    assert missing.status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_writers_with_the_same_etag_exactly_one_wins(world: World, hire: Hire) -> None:
    robot = hire("seller")
    made = robot.post("retail-orders", order_body(world), idempotency_key="k-1")
    path, gate = f"retail-orders/{made.json()['number']}/cancel", threading.Barrier(8)

    def cancel(_n: int) -> int:
        try:
            gate.wait(timeout=30)
            return int(Robot(robot.text).post(path, if_match=made["ETag"]).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        statuses = Counter(pool.map(cancel, range(8)))

    assert statuses == {200: 1, 412: 7}


def test_a_file_sent_again_is_known_by_its_content(selling: World, hire: Hire) -> None:
    robot = hire("seller")
    content = b"quarter,sku,forecast_units\n2026-Q4,MILK,24\n"

    def send(boundary: str) -> Any:
        body = (
            (
                f'--{boundary}\r\nContent-Disposition: form-data; name="file"; '
                'filename="f.csv"\r\nContent-Type: text/csv\r\n\r\n'
            ).encode()
            + content
            + f"\r\n--{boundary}--\r\n".encode()
        )
        return robot.post(
            "rounds/2026-Q4/forecast-files",
            body,
            idempotency_key="file-1",
            content_type=f"multipart/form-data; boundary={boundary}",
        )

    first, again = send("one"), send("two")

    assert first.status_code == 201, first.content
    assert (again["Idempotency-Hit"], again.json()) == ("true", first.json())
    filed = robot.post(
        f"rounds/2026-Q4/forecast-files/{first.json()['id']}/forecast", idempotency_key="file-2"
    )
    assert filed.json()["lines"] == [{"sku": "MILK", "quantity": 24, "less": 0, "more": 0}]
    with inside(selling.seller.pk):
        assert Forecast.objects.filter(round=selling.open_round).count() == 1


def test_the_effect_and_the_answer_share_a_transaction(world: World, hire: Hire) -> None:
    """What the test above shows with a crash, said of the one transaction."""
    robot = hire("seller")
    with transaction.atomic():
        robot.post("retail-orders", order_body(world), idempotency_key="k-1")
        transaction.set_rollback(True)

    with platform_wide():
        assert not StoredAnswer.objects.filter(key="k-1").exists()
    assert Client().get("/api/v1/me").status_code == 401
