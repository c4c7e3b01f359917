"""Deposits: asked once, paid, counted at the second cut-off, and posted to the fen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from ledger import queries as ledger
from ledger.models import JournalEntry
from notices.models import Notice
from procurement import services
from procurement.models import Deposit, DepositEvent
from procurement.queries import deposits
from procurement.rules import depositing
from procurement.rules.depositing import (
    BankLineCounted,
    BankLineWithoutReference,
    DepositExceeded,
    DepositNotPositive,
    DepositPaidInFuture,
    DepositsRefused,
    Moved,
    RoundWithoutDeposit,
)
from tests.factories.procurement import RoundPlanFactory

from .conftest import Market

#: Noon in Shanghai, ten days after the cut-off of the market's round.
DUE = datetime(2026, 6, 11, 4, 0, tzinfo=UTC)
ASKED = datetime(2026, 6, 2, 4, 0, tzinfo=UTC)
#: The end of that day there.
AFTER = DUE + timedelta(hours=12)
DAY = date(2026, 6, 5)


@pytest.fixture
def asked(market: Market) -> list[Deposit]:
    market.round.deposit_due_at, market.round.deposit_percent = DUE, 30
    market.round.save()
    return services.ask_deposits(
        round=market.round,
        expected={market.anna.pk: 100_001, market.bela.pk: 50_000},
        now=ASKED,
    )


def paid(deposit: Deposit, amount: int, reference: str, day: date = DAY) -> DepositEvent:
    return services.record_payment(
        deposit=deposit,
        amount_minor=amount,
        value_date=day,
        reference=reference,
        noted_by=None,
        now=datetime(2026, 6, 20, tzinfo=UTC),
    )


def test_a_newcomer_deposits_the_rounds_percentage_of_what_its_share_will_cost(
    market: Market, asked: list[Deposit]
) -> None:
    assert [
        (one.seller_id, one.band, one.percent, one.basis_minor, one.amount_minor) for one in asked
    ] == [
        (market.anna.pk, "C", 30, 100_001, 30_000),
        (market.bela.pk, "C", 30, 50_000, 15_000),
    ]
    assert {one.due_at for one in asked} == {DUE}
    assert Notice.objects.filter(event="deposit.asked").count() == 2


def test_nobody_is_asked_twice_nor_for_nothing(market: Market, asked: list[Deposit]) -> None:
    again = services.ask_deposits(
        round=market.round, expected={market.anna.pk: 999_999, market.buyer.pk: 0}, now=ASKED
    )

    assert again == []
    assert Deposit.objects.count() == 2


def test_a_round_without_deposits_asks_for_none(market: Market) -> None:
    with pytest.raises(RoundWithoutDeposit):
        services.ask_deposits(round=market.round, expected={market.anna.pk: 100}, now=ASKED)

    assert not Deposit.objects.exists()
    assert deposits.dropped(market.round, AFTER) == set()


def test_at_the_second_cutoff_whoever_has_not_paid_in_full_drops_out(
    market: Market, asked: list[Deposit]
) -> None:
    annas, belas = asked
    paid(annas, 20_000, "B-1")
    paid(annas, 10_000, "B-2", date(2026, 6, 11))
    paid(belas, 14_999, "B-3")
    paid(belas, 1, "B-4", date(2026, 6, 12))

    # A bank tells days: whoever pays later on the day it is due is in time.
    assert deposits.dropped(market.round, AFTER - timedelta(seconds=1)) == set()
    assert deposits.dropped(market.round, AFTER) == {market.bela.pk}


def test_every_step_stands_in_the_books_and_what_came_in_is_owed_to_the_seller(
    market: Market, asked: list[Deposit]
) -> None:
    annas, belas = asked
    paid(annas, 30_500, "B-1")
    paid(belas, 10_000, "B-2")
    owed = f"deposit:{market.platform.pk}:{market.anna.pk}:CNY"
    assert ledger.balance(owed) == -30_500

    applied = services.apply_deposits(round=market.round, now=AFTER)

    assert applied == {market.anna.pk: 30_000}
    assert services.apply_deposits(round=market.round, now=AFTER) == {}
    assert ledger.balance(owed) == -500
    assert ledger.balance(f"receivable:{market.platform.pk}:{market.anna.pk}:CNY") == -30_000
    now = datetime(2026, 6, 20, tzinfo=UTC)
    services.refund(
        deposit=belas,
        amount_minor=9_000,
        value_date=date(2026, 6, 15),
        reference="R-1",
        noted_by=None,
        now=now,
    )
    services.forfeit(deposit=belas, amount_minor=1_000, reference="agreed", noted_by=None, now=now)
    assert ledger.balance(f"bank:{market.platform.pk}:CNY") == 31_500
    assert ledger.balance(f"deposit:{market.platform.pk}:{market.bela.pk}:CNY") == 0
    assert ledger.balance(f"deposit_forfeited:{market.platform.pk}:CNY") == -1_000
    assert ledger.prove_ledger() == []
    told = deposits.deposits().get(pk=belas.pk)
    assert (told.paid_minor, told.refunded_minor, told.held_minor) == (10_000, 9_000, 0)
    assert deposits.received(market.round) == deposits.Received(2, 45_000, 30_500, 1)


@pytest.mark.parametrize("taken", ["refunded", "forfeited"])
def test_what_went_back_before_the_order_is_open_again(
    market: Market, asked: list[Deposit], taken: str
) -> None:
    annas = asked[0]
    paid(annas, 30_000, "B-1")
    assert deposits.deposits().get(pk=annas.pk).open_minor == 0

    common = {"deposit": annas, "amount_minor": 10_000, "noted_by": None, "now": AFTER}
    if taken == "refunded":
        services.refund(**common, value_date=date(2026, 6, 8), reference="R-1")  # type: ignore[arg-type]
    else:
        services.forfeit(**common, reference="agreed")  # type: ignore[arg-type]

    told = deposits.deposits().get(pk=annas.pk)
    assert (told.open_minor, told.held_minor) == (10_000, 20_000)
    assert deposits.deposits().filter(deposits.UNPAID, pk=annas.pk).exists()
    assert deposits.received(market.round).unpaid_sellers == 2
    assert market.anna.pk in deposits.dropped(market.round, AFTER)
    assert annas.number in [row[0] for row in deposits.to_fill_in()]


def test_who_is_out_is_what_the_closing_decided(market: Market, asked: list[Deposit]) -> None:
    annas, belas = asked
    paid(annas, 30_000, "B-1")
    RoundPlanFactory.create(round=market.round, dropped=[market.bela.pk])
    services.apply_deposits(round=market.round, now=AFTER)
    market.round.closed_at, market.round.state = AFTER, "closed"
    market.round.save()

    # The bank tells after the closing that Bela had paid in time.
    paid(belas, 15_000, "B-2")

    assert deposits.dropped(market.round, AFTER) == {market.bela.pk}
    found = {one.pk: one for one in deposits.deposits()}
    assert deposits.is_out(found[belas.pk], AFTER)
    assert not deposits.is_out(found[annas.pk], AFTER)
    # Nothing is asked of anybody any more, and what came too late goes back.
    assert (found[belas.pk].open_minor, found[belas.pk].held_minor) == (0, 15_000)
    assert services.apply_deposits(round=market.round, now=AFTER) == {}


def test_a_deposit_due_at_midnight_is_due_on_the_day_that_ends(market: Market) -> None:
    midnight = datetime(2026, 6, 11, 16, 0, tzinfo=UTC)

    assert deposits.day_due(midnight) == date(2026, 6, 11)
    assert deposits.over_at(midnight) == midnight
    assert deposits.day_due(DUE) == date(2026, 6, 11)
    assert deposits.over_at(DUE) == midnight


def test_a_line_of_the_bank_told_again_counts_once(market: Market, asked: list[Deposit]) -> None:
    first = paid(asked[0], 30_000, "B-1")

    assert paid(asked[0], 30_000, " B-1 ") == first
    with pytest.raises(BankLineCounted):
        paid(asked[1], 15_000, "B-1")
    assert DepositEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("amount", "day", "reference", "refusal"),
    [
        (0, DAY, "B-1", DepositNotPositive),
        (-5, DAY, "B-1", DepositNotPositive),
        (100, date(2026, 6, 21), "B-1", DepositPaidInFuture),
        (100, DAY, "  ", BankLineWithoutReference),
        (100, DAY, "B" * 65, BankLineWithoutReference),
    ],
)
def test_a_payment_that_cannot_be_is_refused_and_nothing_is_posted(
    market: Market,
    asked: list[Deposit],
    amount: int,
    day: date,
    reference: str,
    refusal: type[DomainError],
) -> None:
    with pytest.raises(refusal):
        paid(asked[0], amount, reference, day)

    assert not DepositEvent.objects.exists()
    assert not JournalEntry.objects.exists()


def test_no_more_goes_back_than_came_in(market: Market, asked: list[Deposit]) -> None:
    paid(asked[0], 100, "B-1")

    with pytest.raises(DepositExceeded) as refused:
        services.refund(
            deposit=asked[0],
            amount_minor=101,
            value_date=DAY,
            reference="R-1",
            noted_by=None,
            now=AFTER,
        )

    assert refused.value.facts == {"amount_minor": 101, "held_minor": 100}
    assert DepositEvent.objects.count() == 1


def test_many_payments_are_recorded_together_or_not_at_all(
    market: Market, asked: list[Deposit]
) -> None:
    annas, belas = (one.number for one in asked)
    good = [
        services.BankLine(2, annas, "300.00", "2026-06-05", "B-1"),
        services.BankLine(3, belas, "150.00", "2026-06-05", "B-2"),
    ]
    bad = [
        *good,
        services.BankLine(4, "DEP-1999-000001", "1.005", "5.6.2026", "B-1"),
        services.BankLine(5, annas, "-1", "2027-01-01", ""),
    ]

    with pytest.raises(DepositsRefused) as refused:
        services.record_payments(lines=bad, noted_by=None, now=AFTER)

    assert [(one.row, one.field) for one in refused.value.facts["rows"]] == [  # type: ignore[attr-defined]
        (4, "deposit"),
        (4, "amount"),
        (4, "paid_on"),
        (4, "bank_reference"),
        (5, "amount"),
        (5, "paid_on"),
        (5, "bank_reference"),
    ]
    assert not DepositEvent.objects.exists()
    for _again in range(2):
        services.record_payments(lines=good, noted_by=None, now=AFTER)
    assert list(DepositEvent.objects.order_by("pk").values_list("amount_minor", flat=True)) == [
        30_000,
        15_000,
    ]


def test_who_has_not_paid_is_reminded_once_two_days_before(
    market: Market, asked: list[Deposit]
) -> None:
    paid(asked[0], 30_000, "B-1")

    told = [services.remind_deposits(now=DUE - timedelta(days=before)) for before in (3, 1.5, 1)]

    assert told == [0, 1, 0]
    assert Notice.objects.get(event="deposit.due").company_id == market.bela.pk


_STEPS = st.lists(
    st.builds(
        Moved,
        st.sampled_from(["paid", "applied", "refunded", "forfeited"]),
        st.integers(1, 10**12),
        st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    ),
    max_size=8,
)


@pytest.mark.parametrize("step", ["refunded", "forfeited"])
def test_what_was_taken_back_no_longer_covers_a_deposit(step: str) -> None:
    paid, back = Moved("paid", 100, DAY), Moved(step, 1, DAY + timedelta(days=1))

    assert depositing.is_covered(100, [paid, Moved("applied", 100, DAY)], due_on=DAY)
    assert not depositing.is_covered(100, [paid, back], due_on=DAY)


@given(_STEPS, st.integers(1, 10**12), st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_paying_more_never_uncovers_a_deposit(steps: list[Moved], amount: int, day: date) -> None:
    before = depositing.is_covered(amount, steps, due_on=day)

    more = [*steps, Moved("paid", 1, day)]

    assert depositing.is_covered(amount, more, due_on=day) or not before
    assert depositing.balance(more) == depositing.balance(steps) + 1
