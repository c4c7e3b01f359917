"""Sellers' payments: what they count for, what stands as credit, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Company
from core.errors import DomainError
from ledger import queries as ledger
from ledger.models import JournalEntry
from notices.models import Notice
from procurement import services
from procurement.models import SellerEntry
from procurement.queries import charging as told
from procurement.rules import charging
from procurement.rules.charging import (
    CreditExceeded,
    Entry,
    NoCredit,
    OpenItem,
    PaidInFuture,
    PaymentNotPositive,
    PaymentTooLarge,
)
from procurement.rules.depositing import BankLineCounted, BankLineWithoutReference
from procurement.services import BankLine
from tests.factories.procurement import AFTER

from .conftest import Market
from .test_charging import bill_again, owed

#: The fourth of July; the bill of the first of June was due on the fifteenth.
NOW = datetime(2026, 7, 4, 4, 0, tzinfo=UTC)
TODAY = date(2026, 7, 4)


@pytest.fixture
def billed(market: Market) -> Market:
    """Anna owes 400.00 yuan, Bela 300.00, both since the first of June."""
    bill_again(market.round, 1, ANNA=40_000, BELA=30_000)
    services.book_run(round=market.round, run=1, now=AFTER)
    return market


def pay(seller: Company, minor: int, reference: str = "B-1", **more: Any) -> SellerEntry:
    return services.record_account_payment(
        **{
            "seller": seller,
            "amount_minor": minor,
            "value_date": date(2026, 6, 20),
            "reference": reference,
            "noted_by": None,
            "now": NOW,
            **more,
        }
    )


def pay_back(seller: Company, minor: int, reference: str = "R-1") -> SellerEntry:
    return services.pay_back(
        seller=seller,
        amount_minor=minor,
        value_date=date(2026, 7, 1),
        reference=reference,
        noted_by=None,
        now=NOW,
    )


def test_what_is_paid_is_owed_no_longer_and_stands_in_the_books(billed: Market) -> None:
    entry = pay(billed.anna, 15_000)

    stands = told.account(billed.anna, TODAY)
    assert (stands.balance_minor, stands.overdue_minor) == (25_000, 25_000)
    assert stands.open == [OpenItem(billed.round.code, date(2026, 6, 15), 40_000, 25_000)]
    assert owed(billed, billed.anna) == 25_000
    assert ledger.balance(f"bank:{billed.platform.pk}:CNY") == 15_000
    assert ledger.prove_ledger() == []
    notice = Notice.objects.get(event="account.payment")
    assert notice.company_id == billed.anna.pk
    assert notice.facts == {
        "number": entry.number,
        "reference": "B-1",
        "amount": {"minor": 15_000, "currency": "CNY"},
        "balance": {"minor": 25_000, "currency": "CNY"},
    }


def test_what_is_paid_beyond_what_is_owed_is_credit_and_goes_back(billed: Market) -> None:
    pay(billed.anna, 45_000)
    assert told.account(billed.anna, TODAY).credit_minor == 5_000

    pay_back(billed.anna, 5_000)

    assert told.account(billed.anna, TODAY) == told.Account(0, 0, [])
    assert ledger.balance(f"bank:{billed.platform.pk}:CNY") == 40_000
    assert Notice.objects.get(event="account.refund").company_id == billed.anna.pk


def test_a_credit_counts_for_the_next_bill(billed: Market) -> None:
    pay(billed.anna, 45_000)
    bill_again(billed.round, 2, ANNA=48_000, BELA=30_000)

    services.book_run(round=billed.round, run=2, now=NOW)

    stands = told.account(billed.anna, TODAY)
    assert (stands.balance_minor, stands.overdue_minor) == (3_000, 0)
    # Of the correction of 80.00 what the credit of 50.00 does not pay, two weeks from now.
    assert stands.open == [OpenItem(billed.round.code, date(2026, 7, 18), 8_000, 3_000)]


def test_a_bill_that_is_lowered_after_it_was_paid_leaves_a_credit(billed: Market) -> None:
    pay(billed.anna, 40_000)
    bill_again(billed.round, 2, ANNA=31_000, BELA=30_000)

    services.book_run(round=billed.round, run=2, now=NOW)

    assert told.account(billed.anna, TODAY).credit_minor == 9_000
    notice = Notice.objects.get(event="account.corrected")
    assert notice.company_id == billed.anna.pk
    assert notice.facts["amount"] == {"minor": -9_000, "currency": "CNY"}
    assert notice.facts["total"] == {"minor": 31_000, "currency": "CNY"}


def test_a_bill_that_is_lowered_before_it_is_due_is_due_for_less(billed: Market) -> None:
    bill_again(billed.round, 2, ANNA=31_000, BELA=30_000)

    services.book_run(round=billed.round, run=2, now=AFTER + timedelta(days=3))

    due = date(2026, 6, 15)
    assert told.account(billed.anna, due).open == [OpenItem(billed.round.code, due, 31_000, 31_000)]
    assert told.account(billed.anna, due).overdue_minor == 0
    assert told.account(billed.anna, due + timedelta(days=1)).overdue_minor == 31_000


def test_a_line_of_the_bank_told_again_counts_once(billed: Market) -> None:
    first = pay(billed.anna, 15_000)

    assert pay(billed.anna, 15_000, " B-1 ") == first
    assert owed(billed, billed.anna) == 25_000
    assert Notice.objects.filter(event="account.payment").count() == 1


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"amount_minor": 0}, PaymentNotPositive),
        ({"amount_minor": -1}, PaymentNotPositive),
        ({"amount_minor": 10**12}, PaymentTooLarge),
        ({"value_date": TODAY + timedelta(days=1)}, PaidInFuture),
        ({"reference": "  "}, BankLineWithoutReference),
        ({"reference": "x" * 65}, BankLineWithoutReference),
        ({"reference": "TAKEN"}, BankLineCounted),
        ({"reference": "TAKEN", "amount_minor": 700, "seller": "bela"}, BankLineCounted),
    ],
)
def test_a_payment_that_cannot_be_is_refused_and_nothing_is_written(
    billed: Market, changed: dict[str, Any], refusal: type[DomainError]
) -> None:
    pay(billed.anna, 700, "TAKEN")
    before = (SellerEntry.objects.count(), JournalEntry.objects.count(), Notice.objects.count())
    if changed.get("seller"):
        changed = {**changed, "seller": billed.bela}

    with pytest.raises(refusal):
        pay(**{"seller": billed.anna, "minor": 100, "reference": "NEW", **changed})

    after = (SellerEntry.objects.count(), JournalEntry.objects.count(), Notice.objects.count())
    assert after == before


def test_no_more_goes_back_than_the_credit(billed: Market) -> None:
    pay(billed.anna, 45_000)
    entries = SellerEntry.objects.count()

    for seller, minor in ((billed.anna, 5_001), (billed.bela, 1)):
        with pytest.raises(CreditExceeded):
            pay_back(seller, minor)

    assert SellerEntry.objects.count() == entries


def test_a_line_of_a_deposit_is_no_payment_on_account_nor_the_other_way_round(
    billed: Market,
) -> None:
    billed.round.deposit_due_at, billed.round.deposit_percent = NOW, 30
    billed.round.save()
    (deposit,) = services.ask_deposits(
        round=billed.round, expected={billed.anna.pk: 10_000}, now=AFTER
    )

    def deposited(reference: str) -> None:
        services.record_payment(
            deposit=deposit,
            amount_minor=1_000,
            value_date=date(2026, 6, 20),
            reference=reference,
            noted_by=None,
            now=NOW,
        )

    deposited("D-1")
    pay(billed.anna, 1_000, "A-1")
    with pytest.raises(BankLineCounted):
        pay(billed.anna, 1_000, "D-1")
    with pytest.raises(BankLineCounted):
        deposited("A-1")

    assert SellerEntry.objects.filter(kind="payment").count() == 1
    assert deposit.events.count() == 1


def test_a_file_of_payments_is_noted_as_a_whole(billed: Market) -> None:
    content = (
        "卖家编号,金额,到账日期,银行流水号\n"
        "ANNA,400.00,2026-06-20,B-1\n"
        'BELA,"1,300.00",2026-06-21,B-2\n'
    ).encode()

    done = services.record_account_file(
        file_name="bank.csv", content=content, noted_by=None, now=NOW
    )

    assert [one.amount_minor for one in done.taken] == [-40_000, -130_000]
    assert told.account(billed.bela, TODAY).credit_minor == 100_000
    again = services.record_account_file(
        file_name="bank.csv", content=content, noted_by=None, now=NOW
    )
    assert again.taken == done.taken


def test_a_file_with_a_fault_is_refused_row_by_row_and_nothing_is_noted(billed: Market) -> None:
    content = (
        b"seller,amount,paid_on,bank_reference\n"
        b"ANNA,400.00,2026-06-20,B-1\n"
        b"NOBODY,1.00,2026-06-20,B-2\n"
        b"BELA,0,2026-06-20,B-3\n"
        b"BELA,1.001,2026-06-20,B-4\n"
        b"BELA,1.00,20 June,B-5\n"
        b"BELA,1.00,2026-07-05,B-6\n"
        b"BELA,1.00,2026-06-20,\n"
        b"BELA,1.00,2026-06-20,B-1\n"
    )

    done = services.record_account_file(
        file_name="bank.csv", content=content, noted_by=None, now=NOW
    )

    assert [(one.row, one.field) for one in done.errors] == [
        (3, "seller"),
        (4, "amount"),
        (5, "amount"),
        (6, "paid_on"),
        (7, "paid_on"),
        (8, "bank_reference"),
        (9, "bank_reference"),
    ]
    assert not SellerEntry.objects.filter(kind="payment").exists()


def test_a_file_in_which_a_line_was_noted_for_another_amount_is_refused(billed: Market) -> None:
    pay(billed.anna, 700, "B-2")
    lines = [
        BankLine(2, "ANNA", "1.00", "2026-06-20", "B-1"),
        BankLine(3, "ANNA", "8.00", "2026-06-20", "B-2"),
    ]

    with pytest.raises(BankLineCounted):
        services.record_account_payments(lines=lines, noted_by=None, now=NOW)

    assert SellerEntry.objects.filter(kind="payment").count() == 1


def test_the_file_to_fill_in_names_who_owes_and_what(billed: Market) -> None:
    pay(billed.anna, 40_000)

    assert told.to_fill_in(TODAY) == [("BELA", 30_000)]
    assert told.open_sums(TODAY) == (30_000, 30_000, 0)


_ENTRIES = st.lists(
    st.builds(
        Entry,
        st.sampled_from(["R1", "R2", "R3"]),
        st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 9)),
        st.integers(-1000, 1000),
    ),
    max_size=12,
)


@given(_ENTRIES)
def test_what_is_open_sums_to_what_is_owed(entries: list[Entry]) -> None:
    # As on every account: no more is paid back than was credit.
    moved = sum(one.amount_minor for one in entries if one.due_on is None)
    if moved > 0:
        entries = [*entries, Entry("", None, -moved)]

    items = charging.open_items(entries)

    balance = sum(one.amount_minor for one in entries)
    assert sum(one.open_minor for one in items) == max(balance, 0)
    assert all(0 < one.open_minor <= one.amount_minor for one in items)
    assert [one.due_on for one in items] == sorted(one.due_on for one in items)


def asked() -> list[tuple[str, object]]:
    found = Notice.objects.filter(event="account.asked_back").order_by("pk")
    return [(one.subject, one.facts) for one in found]


def test_a_seller_asks_for_its_credit_and_finance_hears_of_it_once(billed: Market) -> None:
    with pytest.raises(NoCredit) as refused:
        services.ask_back(seller=billed.anna, now=NOW)
    assert refused.value.facts == {"balance_minor": told.balance(billed.anna)}
    assert asked() == []
    pay(billed.anna, told.balance(billed.anna))
    with pytest.raises(NoCredit):
        services.ask_back(seller=billed.anna, now=NOW)

    entry = pay(billed.anna, 5_000, "B-2")
    asked_for = [services.ask_back(seller=billed.anna, now=NOW) for _time in range(2)]

    assert asked_for == [5_000, 5_000]
    ((subject, facts),) = asked()
    assert subject == f"ANNA {entry.number}"
    assert facts == {
        "seller": "ANNA",
        "company": {"zh": billed.anna.name_zh, "en": billed.anna.name_en},
        "amount": {"minor": 5_000, "currency": "CNY"},
    }
    assert told.asked_back_at(billed.anna) == NOW
    assert told.asked_back_at(billed.bela) is None
    pay_back(billed.anna, 2_000)
    assert told.asked_back_at(billed.anna) is None
    assert services.ask_back(seller=billed.anna, now=NOW) == 3_000
    assert len(asked()) == 2
