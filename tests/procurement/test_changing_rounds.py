"""What was announced of a round changes as long as nobody's filing rests on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.rules.seen import ChangedMeanwhile, stamp
from core.errors import DomainError
from procurement import services
from procurement.models import PoolRound, RoundState
from procurement.queries import orders
from procurement.queries.glance import Glance, glance
from procurement.rules import changing, ordering
from procurement.rules.forecasting import Phase
from procurement.rules.ordering import RoundPolicy
from tests.factories.procurement import AFTER, CUTOFF, DURING, OPENS

from .conftest import AsPerson, Market

LATER = CUTOFF + timedelta(days=3)
#: As the market's round was announced.
USUAL = RoundPolicy()


def change(
    market: Market, *, now: datetime = DURING, cutoff: datetime = CUTOFF, **told: Any
) -> Any:
    return services.change_round(
        round=market.round,
        opens_at=OPENS,
        cutoff_at=cutoff,
        policy=replace(USUAL, **told),
        now=now,
    )


def stands() -> Any:
    return PoolRound.objects.values().get()


def test_while_forecasts_are_taken_the_policy_and_the_later_moments_change(market: Market) -> None:
    change(
        market,
        cutoff=CUTOFF + timedelta(days=1),
        fill_until=LATER,
        budget_minor=5_000_000,
        shortage_rule="pro_rata",
    )

    held = PoolRound.objects.get()
    assert (held.cutoff_at, held.fill_until) == (CUTOFF + timedelta(days=1), LATER)
    assert (held.budget_minor, held.shortage_rule) == (5_000_000, "pro_rata")
    assert market.round.budget_minor == 5_000_000


def filed(market: Market) -> None:
    services.file_forecast(
        round=market.round,
        seller=market.anna,
        lines={market.milk.pk: 70},
        filed_by=None,
        now=DURING,
    )


def closed(market: Market) -> None:
    PoolRound.objects.update(state=RoundState.CLOSED, closed_at=AFTER)


@pytest.mark.parametrize(
    ("before", "told", "refusal"),
    [
        (None, {"now": AFTER, "shortage_rule": "pro_rata"}, changing.RoundFixed),
        (None, {"now": AFTER, "cutoff": LATER}, changing.RoundFixed),
        (closed, {"now": AFTER, "budget_minor": 1_000}, changing.RoundFixed),
        (None, {"cutoff": DURING - timedelta(seconds=1)}, changing.MomentPast),
        (None, {"cutoff": DURING}, changing.MomentPast),
        (filed, {"tolerance_limit_percent": 50}, changing.ToleranceLowered),
        (filed, {"payment_days": 13}, changing.PaymentShortened),
        (closed, {"now": AFTER, "payment_days": 30}, changing.RoundFixed),
        (None, {"payment_days": 2}, ordering.PolicyOutOfRange),
        (None, {"payment_days": 91}, ordering.PolicyOutOfRange),
        (None, {"shortage_rule": "by lot"}, ordering.PolicyOutOfRange),
        (None, {"fill_until": CUTOFF - timedelta(days=1)}, ordering.PhasesOutOfOrder),
        (None, {"deposit_percent": 20}, ordering.DepositIncomplete),
    ],
)
def test_what_may_no_longer_change_is_refused_and_stays(
    market: Market, before: Any, told: dict[str, Any], refusal: type[DomainError]
) -> None:
    if before:
        before(market)
    held = stands()

    with pytest.raises(refusal):
        change(market, **told)

    assert stands() == held


def test_a_tolerance_may_rise_after_somebody_filed_and_fall_before(market: Market) -> None:
    change(market, tolerance_limit_percent=40)
    filed(market)
    change(market, tolerance_limit_percent=60)

    assert PoolRound.objects.get().tolerance_limit_percent == 60


def test_the_days_for_paying_become_more_until_the_first_bill_and_fewer_until_somebody_filed(
    market: Market,
) -> None:
    assert PoolRound.objects.get().payment_days == 14
    change(market, payment_days=10)
    filed(market)
    change(market, now=AFTER, payment_days=45)

    assert PoolRound.objects.get().payment_days == 45


def test_after_the_cutoff_the_budget_changes_and_the_deposit_is_put_off(market: Market) -> None:
    PoolRound.objects.update(deposit_percent=20, deposit_due_at=CUTOFF + timedelta(days=1))
    change(market, now=AFTER, deposit_percent=20, deposit_due_at=LATER, budget_minor=7)

    held = PoolRound.objects.get()
    assert (held.deposit_due_at, held.budget_minor) == (LATER, 7)


def test_once_deposits_are_asked_neither_percent_nor_day_changes() -> None:
    day = CUTOFF + timedelta(days=1)
    held = {"deposit_percent": 20, "deposit_due_at": day, "tolerance_limit_percent": 100}

    with pytest.raises(changing.DepositAsked):
        changing.check_change(
            Phase.ENDED,
            stands=held,
            wanted={**held, "deposit_due_at": LATER},
            is_filed=True,
            is_asked=True,
            now=AFTER,
        )


def test_of_two_who_change_a_round_the_second_looks_again(market: Market) -> None:
    seen = stamp(*services.policy_of(market.round).values())
    change(market, budget_minor=1_000)
    held = stands()

    with pytest.raises(ChangedMeanwhile):
        services.change_round(
            round=market.round,
            opens_at=OPENS,
            cutoff_at=CUTOFF,
            policy=replace(USUAL, budget_minor=2_000),
            seen=seen,
            now=DURING,
        )

    assert stands() == held


@pytest.mark.usefixtures("at")
def test_an_operator_changes_a_round_on_its_page(
    market: Market, as_person: AsPerson, at: Any
) -> None:
    at(DURING)
    client = as_person(market.operator)
    address = f"/rounds/{market.round.code}/change/"
    page = client.get(address)
    assert page.status_code == 200

    told = {
        "opens_at": "2026-04-01T08:00",
        "cutoff_at": "2026-06-01T08:00",
        "budget": "50000",
        "shortage_rule": "uniform",
        "tolerance_limit_percent": "100",
        "payment_days": "21",
    }
    assert client.post(address, told).status_code == 302
    held = PoolRound.objects.get()
    assert held.payment_days == 21
    assert "21 days" in client.get(f"/rounds/{market.round.code}/").content.decode()
    seen = as_person(market.anna_person).get(f"/forecasts/{market.round.code}/").content.decode()
    assert "21 days" in seen, "sellers read it before they file"
    assert (held.budget_minor, held.shortage_rule) == (5_000_000, "uniform")
    refused = client.post(address, {**told, "cutoff_at": "2026-04-02T08:00"})
    assert refused.status_code == 422
    assert PoolRound.objects.get().cutoff_at == CUTOFF


@pytest.mark.usefixtures("at")
def test_a_round_announced_to_the_microsecond_changes_on_its_page_after_the_cutoff(
    market: Market, as_person: AsPerson, at: Any
) -> None:
    exactly = {
        "opens_at": OPENS + timedelta(seconds=30.5),
        "cutoff_at": CUTOFF + timedelta(seconds=32.655596),
        "fill_until": LATER + timedelta(seconds=32.655596),
    }
    PoolRound.objects.update(**exactly)
    at(AFTER)
    client = as_person(market.operator)
    # What may no longer change is not sent by a browser.
    told = {"fill_until": f"{timezone.localtime(LATER):%Y-%m-%dT%H:%M}", "budget": "50000"}

    answer = client.post(f"/rounds/{market.round.code}/change/", told)

    assert answer.status_code == 302
    held = PoolRound.objects.get()
    assert held.budget_minor == 5_000_000
    assert {name: getattr(held, name) for name in exactly} == exactly


@pytest.mark.usefixtures("contexts")
def test_a_seller_reads_at_one_glance_what_it_wished_got_pays_and_saved(
    market: Market, as_person: AsPerson
) -> None:
    filed(market)
    services.close_round(
        round=market.round, buyer=market.buyer, platform=market.platform, now=AFTER
    )
    mine = glance(market.round, market.anna, orders.my_shares(market.round, market.anna))

    assert (mine.ordered, mine.got) == (70, 70)
    assert mine.paid_minor is not None
    assert mine.alone_minor is not None
    assert mine.saved_minor == mine.alone_minor - mine.paid_minor >= 0
    page = as_person(market.anna_person).get(f"/forecasts/{market.round.code}/")
    assert page.context["mine"] == mine


def test_nothing_billed_saves_nothing() -> None:
    mine = Glance(ordered=5, got=3, paid_minor=None, alone_minor=None)

    assert (mine.saved_minor, mine.saved_percent) == (None, None)
    assert Glance(ordered=5, got=5, paid_minor=750, alone_minor=1_000).saved_percent == 25
