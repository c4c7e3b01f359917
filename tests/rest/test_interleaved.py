"""A page changes what a program is about to change: the program's change is refused, not the page's
lost. And who waits for another waits a while, and for nobody of another company."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import Company, Membership
from core.clock import now
from core.walls import platform_wide
from jobs.services import work
from notices.models import WebhookEndpoint
from rest import serving
from rest.services import answers
from settlement.models import SellerCharge, SettlementBatch
from tests.factories.accounts import MembershipFactory
from tests.rest.calls import ADDRESS, HOOK
from tests.rest.conftest import Hire, Robot
from tests.walls.world import SETTLES, World

Meanwhile = Callable[[Callable[[], Any]], None]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Something happens after the ETag was compared and before the change is made."""
    serve = serving._once

    def arrange(happens: Callable[[], Any]) -> None:
        def later(*args: Any) -> Any:
            with platform_wide():
                happens()
            return serve(*args)

        monkeypatch.setattr(serving, "_once", later)

    return arrange


def test_a_price_that_was_made_after_the_etag_was_compared_is_approved_by_nobody(
    world: World, hire: Hire, meanwhile: Meanwhile
) -> None:
    with platform_wide():
        batch = SettlementBatch.objects.filter(pk=world.batch.pk)
        batch.update(state="priced", approved_by=None, approved_at=None, priced_at=SETTLES)
        charges = SellerCharge.objects.count()
    checker, path = hire("checker"), f"batches/{world.batch.number}"
    seen = checker.get(path)
    meanwhile(lambda: batch.update(priced_at=SETTLES + timedelta(seconds=1)))

    answer = checker.post(f"{path}/approve", if_match=seen["ETag"])

    assert seen.json()["priced_at"] == "2026-10-30T04:00:00Z"
    assert (answer.status_code, answer.json()["code"]) == (409, "settlement.priced_anew")
    with platform_wide():
        assert batch.get().state == "priced"
        assert SellerCharge.objects.count() == charges


def test_many_are_approved_at_the_prices_that_the_program_saw(world: World, hire: Hire) -> None:
    with platform_wide():
        batch = SettlementBatch.objects.filter(pk=world.batch.pk)
        batch.update(state="priced", approved_by=None, approved_at=None, priced_at=SETTLES)
        charges, number = SellerCharge.objects.count(), world.batch.number
    checker = hire("checker")
    asked = {"listing": "batches", "action": "approve", "names": [number]}
    seen = {number: checker.get(f"batches/{number}").json()["priced_at"]}
    without = checker.post("actions", asked, idempotency_key="1")
    of_another = {**asked, "seen": {"SB-1999-000001": seen[number]}}
    unseen = checker.post("actions", of_another, idempotency_key="2")
    naive = checker.post("actions", {**asked, "seen": {number: "2026-10-30"}}, idempotency_key="3")
    with platform_wide():
        batch.update(priced_at=SETTLES + timedelta(seconds=1))

    made = checker.post("actions", {**asked, "seen": seen}, idempotency_key="4")

    told = {"listing": "batches", "every": True, "seen": seen}
    every = [
        checker.post("actions", {**told, "action": action}, idempotency_key=action)
        for action in ("approve", "export")
    ]

    assert [one.status_code for one in (without, unseen, naive, made)] == [422, 422, 422, 201]
    assert [one.json()["code"] for one in every] == ["jobs.name_them"] * 2
    assert without.json()["code"] == unseen.json()["code"] == "jobs.not_looked_at"
    with platform_wide():
        work(now=now)
        assert batch.get().state == "priced"
        assert SellerCharge.objects.count() == charges
    (outcome,) = checker.get(f"jobs/{made.json()['id']}/outcomes").json()["data"]
    assert (outcome["is_done"], outcome["code"]) == (False, "settlement.priced_anew")


def test_a_star_approves_and_promotes_nobody(world: World, hire: Hire) -> None:
    checker, admin = hire("checker"), hire("seller")
    with platform_wide():
        member = Membership.objects.get(user=world.people["seller"])
    path = f"batches/{world.batch.number}"
    starred = [
        checker.post(f"{path}/approve", if_match="*"),
        hire("finance").post(f"{path}/price", {}, if_match=" * "),
        admin("PUT", f"people/{member.pk}", {"role": "seller"}, if_match="*"),
    ]

    assert [one.json()["code"] for one in starred] == ["rest.if_match_missing"] * 3


def test_what_a_page_changed_since_is_not_written_over(
    world: World, hire: Hire, meanwhile: Meanwhile
) -> None:
    robot = hire("seller")
    with platform_wide():
        company = Company.objects.filter(pk=world.seller.pk)
        hook = WebhookEndpoint.objects.filter(pk=world.endpoint.pk)
        colleague = MembershipFactory.create(company=world.seller, role="seller")
    person, endpoint = f"people/{colleague.pk}", f"webhooks/{world.endpoint.uid}"
    tags = {path: robot.get(path)["ETag"] for path in ("company", person, endpoint)}

    meanwhile(lambda: company.update(street="门户路 9 号"))
    told = [robot("PUT", "company", ADDRESS, if_match=tags["company"])]
    meanwhile(lambda: hook.update(description="portal"))
    told.append(robot("PUT", endpoint, {**HOOK, "description": "API"}, if_match=tags[endpoint]))
    meanwhile(lambda: Membership.objects.filter(pk=colleague.pk).update(is_admin=True))
    told.append(robot("PUT", person, {"role": "seller"}, if_match=tags[person]))

    assert [one.json()["code"] for one in told] == ["accounts.changed_meanwhile"] * 3
    with platform_wide():
        assert (company.get().street, hook.get().description) == ("门户路 9 号", "portal")
        assert Membership.objects.get(pk=colleague.pk).is_admin is True


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_another_is_told_so_and_other_companies_do_not_wait(
    world: World, hire: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    robot, other = hire("seller"), hire("importer")
    serve, is_in, may_go = serving._once, threading.Event(), threading.Event()

    def slow(request: Any, *args: Any) -> Any:
        if "X-Slow" in request.headers:
            is_in.set()
            assert may_go.wait(timeout=60)
        return serve(request, *args)

    monkeypatch.setattr(serving, "_once", slow)
    monkeypatch.setattr(answers, "PATIENCE", "200ms")

    def change() -> int:
        try:
            twin = Robot(robot.text)
            return int(twin("PUT", "company", ADDRESS, if_match="*", x_slow="1").status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(change)
        assert is_in.wait(timeout=60)
        second = robot("PUT", "company", ADDRESS, if_match="*")
        third = other("PUT", "company", ADDRESS, if_match="*")
        may_go.set()
        first_status = first.result(timeout=60)

    assert (second.status_code, second.json()["code"]) == (409, "rest.busy")
    assert third.json().get("code") != "rest.busy"
    assert first_status == 200
    assert robot("PUT", "company", ADDRESS, if_match="*").status_code == 200
