"""An operator plans, asks for deposits and closes in the background, and sees why a plan is so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import ProgrammingError, transaction

from core.walls import inside, platform_wide
from jobs import services as jobs
from jobs.models import Job, JobOutcome
from procurement import services
from procurement.models import Deposit, PoolRound, PurchaseOrder, RoundPlan, RoundState
from tests.factories.accounts import ImporterFactory
from tests.factories.procurement import AFTER, DURING, FreightTermsFactory, OrderMinimumFactory

from .conftest import AsPerson, Market

At = Callable[[datetime], None]


def file(market: Market, seller: object, **units: int) -> None:
    products = {"milk": market.milk, "soap": market.soap}
    with platform_wide():
        services.file_forecast(
            round=market.round,
            seller=seller,  # type: ignore[arg-type]
            lines={products[name].pk: wanted for name, wanted in units.items()},
            filed_by=None,
            now=DURING,
        )


def work() -> None:
    with platform_wide():
        jobs.work(now=lambda: AFTER)


def test_a_round_is_planned_ahead_and_what_was_looked_at_is_ordered(
    market: Market, as_person: AsPerson, at: At
) -> None:
    file(market, market.anna, milk=70, soap=10)
    file(market, market.bela, milk=46)
    client = as_person(market.operator)
    at(AFTER)

    asked = client.post("/rounds/2026-Q3/plan/")

    assert asked["Location"].startswith("/jobs/")
    assert asked["Location"] in client.get("/rounds/2026-Q3/").content.decode()
    work()
    job = client.get(asked["Location"]).content.decode()
    assert 'href="/rounds/2026-Q3/"' in job
    page = client.get("/rounds/2026-Q3/").content.decode()
    assert 'href="/rounds/2026-Q3/plans/1/"' in page
    plan = client.get("/rounds/2026-Q3/plans/1/").content.decode()
    assert "it comes to the same, to the fen" in plan
    assert "Rounded up to 20 packs of 6." in plan
    with platform_wide():
        kept = RoundPlan.objects.get()
    assert kept.terms_digest in plan

    client.post("/rounds/2026-Q3/close/", {"buyer": market.buyer.pk})
    work()

    with platform_wide():
        assert RoundPlan.objects.count() == 1
        assert PurchaseOrder.objects.get().drafted_by == market.operator
    market.round.refresh_from_db()
    assert market.round.state == RoundState.CLOSED
    bills = client.get("/rounds/2026-Q3/bills/").content.decode()
    assert "ANNA" in bills
    assert "5,160.47" in bills


def test_what_stops_a_round_from_closing_is_named_and_nothing_is_written(
    market: Market, as_person: AsPerson, at: At
) -> None:
    file(market, market.anna, milk=70)
    with platform_wide():
        offer = market.milk.offers.get()
        offer.valid_to = offer.valid_from
        offer.save()
    client = as_person(market.operator)
    at(AFTER)

    asked = client.post("/rounds/2026-Q3/close/", {"buyer": market.buyer.pk})
    work()

    page = client.get(asked["Location"]).content.decode()
    with platform_wide():
        outcome = JobOutcome.objects.get()
        assert (outcome.is_done, outcome.facts) == (False, {"products": "MILK"})
        assert not PurchaseOrder.objects.exists()
    assert "MILK" in page
    market.round.refresh_from_db()
    assert market.round.state == RoundState.OPEN


def test_a_closed_round_is_not_planned_again(market: Market, as_person: AsPerson, at: At) -> None:
    file(market, market.anna, milk=70)
    with platform_wide():
        services.close_round(
            round=market.round, buyer=market.buyer, platform=market.platform, now=AFTER
        )
    client = as_person(market.operator)
    at(AFTER)

    for path in ("plan", "deposits"):
        assert client.post(f"/rounds/2026-Q3/{path}/").status_code == 409
    with platform_wide():
        assert not Job.objects.exists()


def test_deposits_are_asked_for_by_what_the_plan_would_cost(
    market: Market, as_person: AsPerson, at: At
) -> None:
    file(market, market.anna, milk=70)
    market.round.deposit_percent, market.round.deposit_due_at = 30, AFTER
    market.round.save()
    client = as_person(market.operator)
    assert client.post("/rounds/2026-Q3/deposits/").status_code == 409
    at(AFTER)

    client.post("/rounds/2026-Q3/deposits/")
    work()

    with platform_wide():
        assert Deposit.objects.get().seller == market.anna


def test_a_plan_that_no_longer_comes_to_the_same_says_so(
    market: Market, as_person: AsPerson, at: At
) -> None:
    file(market, market.anna, milk=70)
    at(AFTER)
    with platform_wide():
        services.plan_ahead(round=market.round, now=AFTER)
        plan = RoundPlan.objects.get()
        plan.pk, plan.number = None, 2
        plan.found["plans"][plan.chosen]["landed"] += 1
        plan.save(force_insert=True)

    page = as_person(market.operator).get("/rounds/2026-Q3/plans/2/").content.decode()

    assert "it comes to the same, to the fen" not in page
    assert "landed" in page


def test_suppliers_without_freight_are_named_wherever_a_round_is_planned_or_closed(
    market: Market, as_person: AsPerson, at: At
) -> None:
    file(market, market.anna, milk=70)
    client = as_person(market.operator)
    at(AFTER)
    named = f'href="/suppliers/{market.supplier.company.code}/freight/"'

    asked = client.post("/rounds/2026-Q3/plan/")
    work()

    for path in ("", "close/", "plans/1/"):
        page = client.get(f"/rounds/2026-Q3/{path}").content.decode()
        assert "they are compared as if it cost nothing" in page
        assert named in page
    job = client.get(asked["Location"]).content.decode()
    assert "they are compared as if it cost nothing" in job
    assert f"suppliers: {market.supplier.company.code}" in job

    with platform_wide():
        FreightTermsFactory.create(supplier=market.supplier)
    page = client.get("/rounds/2026-Q3/close/").content.decode()
    assert "as if it cost nothing" not in page


def test_a_round_that_would_order_nothing_says_so_before_it_is_closed(
    market: Market, as_person: AsPerson, at: At
) -> None:
    file(market, market.anna, milk=70)
    market.round.budget_minor = 1
    market.round.save()
    client = as_person(market.operator)
    at(AFTER)
    warned = "The plan orders nothing, although something is wished for"
    assert warned not in client.get("/rounds/2026-Q3/close/").content.decode()

    asked = client.post("/rounds/2026-Q3/plan/")
    work()

    for path in ("", "close/", "plans/1/"):
        assert warned in client.get(f"/rounds/2026-Q3/{path}").content.decode()
    assert warned in client.get(asked["Location"]).content.decode()


def test_what_is_wrong_with_a_plan_names_its_supplier(
    market: Market, as_person: AsPerson, at: At
) -> None:
    file(market, market.anna, milk=70)
    with platform_wide():
        OrderMinimumFactory.create(supplier=market.supplier, amount_minor=100_000)
        market.milk.offers.update(capacity=72)
        name = market.supplier.company.name_en
    client = as_person(market.operator)
    at(AFTER)

    client.post("/rounds/2026-Q3/plan/")
    work()

    page = client.get("/rounds/2026-Q3/plans/1/").content.decode()
    assert f"<div>{name}: The order of EUR 720.00 is below" in page


def test_a_plan_within_a_budget_that_the_plain_rule_breaks_claims_no_saving(
    market: Market, as_person: AsPerson, at: At
) -> None:
    file(market, market.anna, milk=70, soap=10)
    market.round.budget_minor = 100
    market.round.save()
    client = as_person(market.operator)
    at(AFTER)

    client.post("/rounds/2026-Q3/plan/")
    work()

    page = client.get("/rounds/2026-Q3/plans/1/").content.decode()
    assert "is above the budget of CNY 1.00." in page
    assert "cannot be carried out, so there is nothing to compare with" in page
    assert "It meets the wishes for less" not in page
    assert "Saved in all" not in page


def test_terms_that_hold_again_stand_as_the_newest_plan(
    market: Market, as_person: AsPerson, at: At
) -> None:
    file(market, market.anna, milk=70)
    client = as_person(market.operator)
    at(AFTER)
    for budget in (None, 1, None):
        PoolRound.objects.filter(pk=market.round.pk).update(budget_minor=budget)
        client.post("/rounds/2026-Q3/plan/")
        work()

    with platform_wide():
        plans = list(RoundPlan.objects.order_by("number"))
    assert [one.number for one in plans] == [1, 2, 3]
    assert plans[0].terms_digest == plans[2].terms_digest != plans[1].terms_digest
    assert plans[0].found == plans[2].found
    assert "The plan orders nothing" not in client.get("/rounds/2026-Q3/close/").content.decode()


def test_no_seller_reads_what_all_wish_together(market: Market) -> None:
    file(market, market.anna, milk=70)
    services.close_round(
        round=market.round, buyer=market.buyer, platform=market.platform, now=AFTER
    )

    with inside(market.anna.pk):
        assert not RoundPlan.objects.exists()
        with pytest.raises(ProgrammingError), transaction.atomic():
            RoundPlan.objects.create(round=market.round, number=2, **_empty_plan())
    with inside(market.buyer.pk):
        assert RoundPlan.objects.get().round == market.round
    with inside(ImporterFactory.create().pk):
        assert not RoundPlan.objects.exists()


def _empty_plan() -> dict[str, object]:
    amounts = dict.fromkeys(("landed", "adjusted", "plain_landed", "plain_adjusted", "bound"), 0)
    return {
        **{f"{name}_minor": amount for name, amount in amounts.items()},
        "made_at": AFTER,
        "gap_ppm": 0,
        "terms": b"",
        "found": {},
    }
