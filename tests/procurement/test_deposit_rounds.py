"""A round with deposits: asked for, paid or not, and ordered without who did not pay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db.models import Sum

from core.errors import DomainError
from notices.models import Notice
from procurement import services
from procurement.models import (
    Deposit,
    DepositEvent,
    Forecast,
    OrderShare,
    PoolRound,
    PurchaseOrder,
    RoundBill,
    RoundPlan,
    RoundState,
)
from procurement.queries import deposits
from procurement.rules import crediting, depositing, ordering
from procurement.rules.depositing import DepositsNotAsked, DepositsNotDue, RoundWithoutDeposit
from procurement.rules.forecasting import RoundClosed
from tests.factories.procurement import AFTER, DURING, scored

from .conftest import Market

ASKED, DUE = AFTER, AFTER + timedelta(days=5)
ENDED = DUE + timedelta(days=1)


@pytest.fixture
def filed(market: Market) -> Market:
    """Anna wants 70 units, Bela 46; a deposit of 20 % is asked."""
    market.round.deposit_percent, market.round.deposit_due_at = 20, DUE
    market.round.save()
    for seller, units in ((market.anna, 70), (market.bela, 46)):
        services.file_forecast(
            round=market.round,
            seller=seller,
            lines={market.milk.pk: units},
            filed_by=None,
            now=DURING,
        )
    return market


def ask(market: Market) -> list[Deposit]:
    return services.ask_for_deposits(round=market.round, platform=market.platform, now=ASKED)


def close(market: Market, now: object = ENDED) -> list[PurchaseOrder]:
    return services.close_round(
        round=market.round,
        buyer=market.buyer,
        platform=market.platform,
        now=now,  # type: ignore[arg-type]
    )


def pay(market: Market, deposit: Deposit) -> None:
    services.record_payment(
        deposit=deposit,
        amount_minor=deposit.amount_minor,
        value_date=date(2026, 6, 2),
        reference=f"BANK-{deposit.number}",
        noted_by=None,
        now=ASKED + timedelta(days=1),
    )


def nothing_ordered(market: Market) -> bool:
    held = PoolRound.objects.get(pk=market.round.pk)
    return held.state == RoundState.OPEN and not PurchaseOrder.objects.exists()


def test_each_seller_is_asked_for_its_part_of_what_the_plan_costs_it(filed: Market) -> None:
    told = {one.seller: one for one in ask(filed)}

    assert set(told) == {filed.anna, filed.bela}
    plan = RoundPlan.objects.get()
    platform = plan.landed_minor - sum(one.basis_minor for one in told.values())
    # 120 units at EUR 9.00 each: 70, 46, and 4 that stay with the platform.
    assert abs(platform * 116 - sum(one.basis_minor for one in told.values()) * 4) < 116 * 4
    assert {one.percent for one in told.values()} == {20}
    assert ask(filed) == []
    assert nothing_ordered(filed)


def test_who_did_not_pay_drops_out_and_the_pool_is_computed_again(filed: Market) -> None:
    by_seller = {one.seller: one for one in ask(filed)}
    pay(filed, by_seller[filed.anna])

    (order,) = close(filed)

    # 70 units alone are twelve packs of six at the price of ten.
    assert (order.amount_minor, order.lines.get().quantity) == (72_000, 72)
    shares = dict(OrderShare.objects.values_list("owner__code", "quantity"))
    assert shares == {"ANNA": 70, filed.platform.code: 2}
    first, second = RoundPlan.objects.order_by("number")
    assert (first.dropped, second.dropped) == ([], [filed.bela.pk])
    applied = DepositEvent.objects.filter(step="applied")
    assert [one.deposit.seller for one in applied] == [filed.anna]


def test_a_round_whose_deposits_are_all_paid_is_ordered_at_once(filed: Market) -> None:
    for one in ask(filed):
        pay(filed, one)

    (order,) = close(filed, ASKED + timedelta(days=2))

    # What was planned when the deposits were asked for is what is ordered.
    assert RoundPlan.objects.count() == 1
    assert order.lines.get().quantity == 120
    assert DepositEvent.objects.filter(step="applied").count() == 2


def test_what_is_billed_comes_to_what_the_plan_costs(filed: Market) -> None:
    for one in ask(filed):
        pay(filed, one)
    close(filed)

    plan = RoundPlan.objects.get()
    bills = RoundBill.objects.filter(round=filed.round)
    assert bills.aggregate(sum=Sum("paid_minor"))["sum"] == plan.landed_minor
    sellers = bills.exclude(owner=filed.platform)
    assert sellers.count() == 2
    assert all(bill.paid_minor <= bill.alone_minor for bill in sellers)
    deposits = dict(Deposit.objects.values_list("seller", "basis_minor"))
    assert deposits == dict(sellers.values_list("owner", "paid_minor"))


def test_nothing_is_ordered_before_deposits_were_asked_for(filed: Market) -> None:
    with pytest.raises(DepositsNotAsked):
        close(filed)

    assert nothing_ordered(filed)
    assert not RoundPlan.objects.exists()


def test_nothing_is_ordered_while_deposits_may_still_be_paid(filed: Market) -> None:
    ask(filed)

    with pytest.raises(DepositsNotDue):
        close(filed, ASKED + timedelta(days=1))

    assert nothing_ordered(filed)


@pytest.mark.parametrize(
    ("percent", "when", "refusal"),
    [(20, DURING, ordering.CutoffNotReached), (0, ASKED, RoundWithoutDeposit)],
)
def test_deposits_are_asked_for_after_the_cutoff_of_a_round_with_deposits(
    filed: Market, percent: int, when: object, refusal: type[DomainError]
) -> None:
    PoolRound.objects.filter(pk=filed.round.pk).update(
        deposit_percent=percent, deposit_due_at=DUE if percent else None
    )

    with pytest.raises(refusal):
        services.ask_for_deposits(
            round=filed.round,
            platform=filed.platform,
            now=when,  # type: ignore[arg-type]
        )

    assert not Deposit.objects.exists()
    assert not RoundPlan.objects.exists()


def test_who_was_not_asked_gets_nothing_of_what_others_leave(filed: Market) -> None:
    """A budget that Anna's goods use up: of Bela's nothing is planned, and Anna does not pay."""
    services.file_forecast(
        round=filed.round,
        seller=filed.bela,
        lines={filed.soap.pk: 40},
        filed_by=None,
        now=DURING,
    )
    expected = {filed.anna.pk: 500_000, filed.bela.pk: 0}
    services.ask_deposits(round=filed.round, expected=expected, now=ASKED)
    assert [one.seller for one in Deposit.objects.all()] == [filed.anna]

    assert deposits.dropped(filed.round, ASKED) == set()
    filed.round.refresh_from_db()
    assert deposits.dropped(filed.round, ENDED) == {filed.anna.pk, filed.bela.pk}
    pay(filed, Deposit.objects.get())
    assert deposits.dropped(filed.round, ENDED) == {filed.bela.pk}

    (order,) = close(filed)

    assert [line.product for line in order.lines.all()] == [filed.milk]
    assert not OrderShare.objects.filter(owner=filed.bela).exists()
    assert RoundPlan.objects.get().dropped == [filed.bela.pk]


def test_whose_band_pays_no_deposit_is_ordered_without_one(filed: Market) -> None:
    policy = crediting.POLICIES[0]
    bands = [replace(band, deposit=0) for band in policy.bands]
    free = replace(policy, valid_from=ASKED.date(), bands=tuple(bands))
    services.set_credit_policy(policy=free, by=filed.operator, now=DURING)
    assert ask(filed) == []

    told = Notice.objects.filter(event__startswith="deposit.").order_by("company_id")
    each = [(filed.anna, "deposit.none"), (filed.bela, "deposit.none")]
    assert [(one.company, one.event) for one in told] == each
    assert {one.facts["quarter"] for one in told} == {filed.round.code}
    assert ask(filed) == []
    assert Notice.objects.filter(event="deposit.none").count() == 2

    (order,) = close(filed)

    assert order.lines.get().quantity == 120
    assert deposits.dropped(filed.round, ENDED) == set()


def test_only_whose_band_pays_none_and_who_gets_something_is_told_so(filed: Market) -> None:
    """Band A is spared: Anna stands in it, Bela is new, of the buyer nothing is planned."""
    policy = crediting.POLICIES[0]
    best, *others = policy.bands
    free = replace(policy, valid_from=ASKED.date(), bands=(replace(best, deposit=0), *others))
    services.set_credit_policy(policy=free, by=filed.operator, now=DURING)
    scored((filed.anna, best.name))
    expected = {filed.anna.pk: 500_000, filed.bela.pk: 1, filed.buyer.pk: 0}

    (asked,) = services.ask_deposits(round=filed.round, expected=expected, now=ASKED)

    assert (asked.seller, asked.amount_minor) == (filed.bela, 1)
    heard = Notice.objects.filter(event__in=("deposit.none", "deposit.asked"))
    assert set(heard.values_list("company_id", "event")) == {
        (filed.anna.pk, "deposit.none"),
        (filed.bela.pk, "deposit.asked"),
    }


def test_a_fen_is_asked_for_what_costs_next_to_nothing() -> None:
    assert depositing.amount_due(1, 20) == 1
    assert (depositing.amount_due(0, 20), depositing.amount_due(1, 0)) == (0, 0)


def test_once_deposits_are_asked_for_nothing_is_filed(filed: Market) -> None:
    """The clock of a request that waited may still say that the round is open."""
    ask(filed)
    before = Forecast.objects.count()

    with pytest.raises(RoundClosed):
        services.file_forecast(
            round=filed.round,
            seller=filed.bela,
            lines={filed.milk.pk: 460},
            filed_by=None,
            now=DURING,
        )

    assert Forecast.objects.count() == before


def test_an_empty_round_with_deposits_closes_without_orders(market: Market) -> None:
    market.round.deposit_percent, market.round.deposit_due_at = 20, DUE
    market.round.save()

    assert ask(market) == []
    assert close(market) == []
