"""What the bills of a round say is owed: booked once, corrected by the difference, to the fen."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.db.utils import ProgrammingError
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Company
from core.walls import inside
from ledger import queries as ledger
from notices.models import Notice
from procurement import services
from procurement.models import DepositEvent, PoolRound, RoundBill, SellerEntry
from procurement.rules import charging
from tests.factories.procurement import AFTER, DURING

from .conftest import Market

DUE = AFTER + timedelta(days=5)
LATER = AFTER + timedelta(days=40)


@pytest.fixture
def closed(market: Market) -> Market:
    """Anna wants 70 units, Bela 46; the pool orders 120."""
    for seller, units in ((market.anna, 70), (market.bela, 46)):
        file(market, seller, units)
    close(market)
    return market


def file(market: Market, seller: Company, units: int) -> None:
    services.file_forecast(
        round=market.round,
        seller=seller,
        lines={market.milk.pk: units},
        filed_by=None,
        now=DURING,
    )


def close(market: Market, now: object = AFTER) -> None:
    services.close_round(
        round=market.round,
        buyer=market.buyer,
        platform=market.platform,
        now=now,  # type: ignore[arg-type]
    )


def bill_again(round: PoolRound, run: int, **paid: int) -> None:
    """A further run of bills, by owner's code."""
    for owner, minor in paid.items():
        RoundBill.objects.create(
            round=round,
            run=run,
            owner=Company.objects.get(code=owner),
            units=1,
            goods_minor=minor,
            freight_minor=0,
            insurance_minor=0,
            duty_minor=0,
            fees_minor=0,
            shared_minor=minor,
            alone_minor=minor,
            cut_minor=0,
            added_minor=0,
            paid_minor=minor,
        )


def owed(market: Market, seller: Company) -> int:
    return ledger.balance(f"receivable:{market.platform.pk}:{seller.pk}:CNY")


def bills_of(round: PoolRound, run: int = 1) -> dict[int, int]:
    return dict(
        RoundBill.objects.filter(round=round, run=run).values_list("owner_id", "paid_minor")
    )


def test_closing_a_round_books_what_each_seller_is_billed(closed: Market) -> None:
    bills = bills_of(closed.round)
    entries = SellerEntry.objects.order_by("seller")

    assert [(one.seller_id, one.kind, one.run, one.amount_minor) for one in entries] == [
        (closed.anna.pk, "bill", 1, bills[closed.anna.pk]),
        (closed.bela.pk, "bill", 1, bills[closed.bela.pk]),
    ]
    assert {one.due_on for one in entries} == {date(2026, 6, 15)}
    assert owed(closed, closed.anna) == bills[closed.anna.pk]
    pool, cost = (
        ledger.balance(f"{name}:{closed.platform.pk}:{closed.round.pk}:CNY")
        for name in ("pool", "pool_cost")
    )
    # What nobody took is the platform's cost; all of it waits for the invoices.
    assert cost == bills[closed.platform.pk] > 0
    assert pool == -sum(bills.values())
    assert ledger.prove_ledger() == []


def test_a_bill_and_its_correction_are_due_within_the_days_of_the_round(market: Market) -> None:
    PoolRound.objects.update(payment_days=30)
    market.round.refresh_from_db()
    file(market, market.anna, 70)
    close(market)
    bill_again(market.round, 2, ANNA=10_000_000)
    services.book_run(round=market.round, run=2, now=LATER)

    bill, correction = SellerEntry.objects.order_by("pk")
    assert bill.value_date + timedelta(days=30) == bill.due_on == date(2026, 7, 1)
    assert correction.due_on == correction.value_date + timedelta(days=30)
    told = Notice.objects.get(event="round.closed", company=market.anna)
    assert told.facts["due_on"] == "2026-07-01"


def test_a_run_that_is_booked_is_not_booked_again(closed: Market) -> None:
    assert services.book_run(round=closed.round, run=1, now=LATER) == 0

    assert SellerEntry.objects.count() == 2


def test_a_further_run_books_the_difference_and_nothing_for_who_stays(closed: Market) -> None:
    first = bills_of(closed.round)
    bela = first[closed.bela.pk]
    bill_again(closed.round, 2, ANNA=40_000, BELA=bela, **{closed.platform.code: 100})

    assert services.book_run(round=closed.round, run=2, now=LATER) == 1

    entry = SellerEntry.objects.get(run=2)
    assert (entry.seller, entry.kind) == (closed.anna, "correction")
    assert entry.amount_minor == 40_000 - first[closed.anna.pk]
    assert (owed(closed, closed.anna), owed(closed, closed.bela)) == (40_000, bela)
    assert ledger.balance(f"pool_cost:{closed.platform.pk}:{closed.round.pk}:CNY") == 100
    assert ledger.balance(f"pool:{closed.platform.pk}:{closed.round.pk}:CNY") == -40_100 - bela


def test_who_is_in_no_further_run_gets_back_what_was_billed(closed: Market) -> None:
    bill_again(closed.round, 2, ANNA=40_000)

    assert services.book_run(round=closed.round, run=2, now=LATER) == 2

    assert (owed(closed, closed.anna), owed(closed, closed.bela)) == (40_000, 0)


def test_an_older_run_is_not_booked_after_a_newer_one(closed: Market) -> None:
    bill_again(closed.round, 2, ANNA=40_000, BELA=30_000)
    services.book_run(round=closed.round, run=2, now=LATER)

    assert services.book_run(round=closed.round, run=1, now=LATER) == 0

    assert owed(closed, closed.anna) == 40_000


def test_a_run_that_was_missed_is_booked_with_the_next(closed: Market) -> None:
    bill_again(closed.round, 2, ANNA=40_000, BELA=30_000)
    bill_again(closed.round, 3, ANNA=41_000, BELA=30_000)

    services.book_run(round=closed.round, run=3, now=LATER)

    assert (owed(closed, closed.anna), owed(closed, closed.bela)) == (41_000, 30_000)


def test_what_was_deposited_is_set_off_against_the_bill(market: Market) -> None:
    market.round.deposit_percent, market.round.deposit_due_at = 20, DUE
    market.round.save()
    file(market, market.anna, 70)
    file(market, market.bela, 46)
    for one in services.ask_for_deposits(round=market.round, platform=market.platform, now=AFTER):
        services.record_payment(
            deposit=one,
            amount_minor=one.amount_minor,
            value_date=date(2026, 6, 2),
            reference=f"BANK-{one.number}",
            noted_by=None,
            now=AFTER + timedelta(days=1),
        )

    close(market, AFTER + timedelta(days=2))

    bills = bills_of(market.round)
    for step in DepositEvent.objects.filter(step="applied").select_related("seller"):
        entry = SellerEntry.objects.get(deposit=step.deposit_id)
        assert (entry.kind, entry.amount_minor) == ("deposit", -step.amount_minor)
        assert ledger.balance(f"deposit:{market.platform.pk}:{step.seller_id}:CNY") == 0
        left = bills[step.seller_id] - step.amount_minor
        assert owed(market, step.seller) == left > 0
    assert SellerEntry.objects.count() == 4
    assert ledger.prove_ledger() == []


def test_a_round_that_orders_nothing_bills_nobody(market: Market) -> None:
    close(market)

    assert not SellerEntry.objects.exists()


def test_a_seller_sees_its_own_account_only(closed: Market) -> None:
    with inside(closed.bela.pk), connection.cursor() as cursor:
        cursor.execute("SELECT seller_id FROM procurement_sellerentry")
        assert cursor.fetchall() == [(closed.bela.pk,)]
        assert SellerEntry.objects.get().seller_id == closed.bela.pk


@pytest.mark.parametrize(
    "statement",
    ["UPDATE procurement_sellerentry SET amount_minor = 1", "DELETE FROM procurement_sellerentry"],
)
def test_an_entry_is_never_changed(closed: Market, statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_run_has_one_entry_of_a_seller(closed: Market) -> None:
    twice = SellerEntry.objects.filter(seller=closed.anna).get()
    twice.pk, twice.number = None, "SA-2026-999999"

    with pytest.raises(IntegrityError, match="one_entry_per_seller_and_run"), transaction.atomic():
        twice.save(force_insert=True)

    total = SellerEntry.objects.filter(seller=closed.anna).aggregate(sum=Sum("amount_minor"))
    assert total["sum"] == bills_of(closed.round)[closed.anna.pk]


Sums = st.dictionaries(st.integers(1, 6), st.integers(-(10**12), 10**12))


@given(st.lists(Sums, min_size=1, max_size=6))
def test_however_often_a_round_is_billed_what_is_booked_comes_to_its_last_bills(
    runs: list[dict[int, int]],
) -> None:
    booked: dict[int, int] = {}
    for billed in runs:
        off = charging.differences(billed, booked)
        assert all(off.values())
        booked = {one: booked.get(one, 0) + off.get(one, 0) for one in booked.keys() | off.keys()}

    last = runs[-1]
    assert {one: minor for one, minor in booked.items() if minor} == {
        one: minor for one, minor in last.items() if minor
    }
