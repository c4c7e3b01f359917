from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from ledger import queries, rules
from ledger.models import Account, JournalEntry, JournalLine
from ledger.rules import (
    AccountConflict,
    AccountRef,
    EntryConflict,
    EntryNotBalanced,
    EntryTooSmall,
    Leg,
)
from ledger.services import Posting, post, post_many

NOW = datetime(2026, 10, 30, 4, 0, tzinfo=UTC)
DAY = date(2026, 10, 30)
BANK = AccountRef("bank", "asset", "CNY")
GOODS = AccountRef("goods", "asset", "CNY")
EURO_BANK = AccountRef("euro-bank", "asset", "EUR")
EURO_DEBT = AccountRef("euro-debt", "liability", "EUR")


def _post(*legs: Leg, key: str = "k1", document: str = "D-1") -> JournalEntry:
    return post(key=key, kind="test", document=document, effective_on=DAY, legs=legs, now=NOW)


def _nothing_written() -> bool:
    return not JournalEntry.objects.exists() and not Account.objects.exists()


@pytest.mark.django_db
def test_an_entry_moves_money_between_accounts_that_open_by_themselves() -> None:
    _post(Leg(GOODS, 1234), Leg(BANK, -1234))

    assert queries.balance("goods") == 1234
    assert queries.balance("bank") == -1234
    assert queries.trial_balance() == {"CNY": 0}
    assert queries.prove_ledger() == []
    assert Account.objects.get(code="bank").kind == "asset"


@pytest.mark.django_db
def test_the_same_entry_posted_twice_is_there_once() -> None:
    first = _post(Leg(GOODS, 500), Leg(BANK, -500))

    # The same money told in other words: two legs on one account.
    again = _post(Leg(BANK, -500), Leg(GOODS, 200), Leg(GOODS, 300))

    assert again == first
    assert JournalLine.objects.count() == 2
    assert queries.balance("goods") == 500


@pytest.mark.django_db
def test_another_entry_under_the_same_key_is_refused() -> None:
    _post(Leg(GOODS, 500), Leg(BANK, -500))

    with pytest.raises(EntryConflict):
        _post(Leg(GOODS, 501), Leg(BANK, -501))
    with pytest.raises(EntryConflict):
        _post(Leg(GOODS, 500), Leg(BANK, -500), document="D-2")

    assert queries.balance("goods") == 500
    assert JournalEntry.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("legs", "refusal"),
    [
        ([Leg(GOODS, 100), Leg(BANK, -99)], EntryNotBalanced),
        # Balanced over all, but in neither currency.
        ([Leg(EURO_BANK, 100), Leg(BANK, -100)], EntryNotBalanced),
        ([Leg(GOODS, 100), Leg(GOODS, -100)], EntryTooSmall),
        ([], EntryTooSmall),
        ([Leg(GOODS, 1.5), Leg(BANK, -1.5)], EntryTooSmall),  # type: ignore[arg-type]
        ([Leg(GOODS, 1), Leg(AccountRef("goods", "asset", "EUR"), -1)], AccountConflict),
    ],
)
def test_a_refused_entry_leaves_nothing_behind(legs: list[Leg], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        _post(*legs)

    assert _nothing_written()


@pytest.mark.django_db
def test_an_account_keeps_its_currency_and_kind() -> None:
    _post(Leg(GOODS, 500), Leg(BANK, -500))

    with pytest.raises(AccountConflict):
        _post(Leg(AccountRef("goods", "expense", "CNY"), 1), Leg(BANK, -1), key="k2")

    assert JournalEntry.objects.count() == 1


@pytest.mark.django_db
def test_a_purchase_of_currency_balances_in_each_currency() -> None:
    sides = (AccountRef("conv:EUR", "asset", "EUR"), AccountRef("conv:CNY", "asset", "CNY"))

    _post(Leg(EURO_BANK, 100), Leg(sides[0], -100), Leg(sides[1], 810), Leg(BANK, -810))

    assert queries.trial_balance() == {"CNY": 0, "EUR": 0}
    assert queries.balance_under("conv:") == {"CNY": 810, "EUR": -100}


@transaction.atomic
def _write_raw(lines: list[tuple[str, int, str]]) -> None:
    entry = JournalEntry.objects.create(
        idempotency_key="raw", kind="t", document="D", effective_on=DAY, posted_at=NOW
    )
    for code, amount, currency in lines:
        account = Account.objects.get(code=code)
        JournalLine.objects.create(
            entry=entry, account=account, amount_minor=amount, currency=currency
        )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "lines",
    [
        [("bank", 100, "CNY"), ("goods", -99, "CNY")],
        [("bank", 100, "CNY")],
        [],
        [("bank", 100, "EUR"), ("goods", -100, "EUR")],
    ],
)
def test_the_database_itself_refuses_a_lopsided_entry(lines: list[tuple[str, int, str]]) -> None:
    for ref in (BANK, GOODS):
        Account.objects.create(code=ref.code, kind=ref.kind, currency=ref.currency)

    with pytest.raises(IntegrityError):
        _write_raw(lines)

    assert not JournalEntry.objects.exists()


@transaction.atomic
def _write_together(key: str, lines: list[tuple[str, int, str]]) -> None:
    entry = JournalEntry.objects.filter(idempotency_key=key).first()
    entry = entry or JournalEntry.objects.create(
        idempotency_key=key, kind="t", document="D", effective_on=DAY, posted_at=NOW
    )
    accounts = {account.code: account for account in Account.objects.all()}
    JournalLine.objects.bulk_create(
        JournalLine(entry=entry, account=accounts[code], amount_minor=amount, currency=currency)
        for code, amount, currency in lines
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ([("bank", 100, "CNY"), ("goods", -99, "CNY")], "is off by 1 in CNY"),
        ([("bank", 100, "CNY"), ("goods", -100, "EUR")], "is off by"),
        ([("bank", 100, "EUR"), ("goods", -100, "EUR")], "another currency than its account"),
    ],
)
def test_legs_that_come_together_must_balance_together(
    lines: list[tuple[str, int, str]], what: str
) -> None:
    _post(Leg(BANK, 7), Leg(GOODS, -7), key="there")

    # Neither in an entry of their own, nor in one that balances already.
    for key in ("raw", "there"):
        with pytest.raises(IntegrityError, match=what):
            _write_together(key, lines)

    assert [line.amount_minor for line in JournalLine.objects.order_by("-amount_minor")] == [7, -7]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_journalentry SET document = 'x'",
        "UPDATE ledger_journalline SET amount_minor = 1",
        "UPDATE ledger_account SET kind = 'expense'",
        "DELETE FROM ledger_journalline",
        "DELETE FROM ledger_journalentry",
    ],
)
def test_the_application_cannot_change_or_delete_what_was_posted(statement: str) -> None:
    _post(Leg(GOODS, 500), Leg(BANK, -500))

    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert queries.balance("goods") == 500


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(-(10**12), 10**12)), min_size=1, max_size=12)
)
def test_what_is_settled_sums_to_zero_in_every_currency(moves: list[tuple[int, int]]) -> None:
    refs = [AccountRef(f"a{n}", "asset", "CNY" if n % 2 else "EUR") for n in range(5)]
    ends = {
        "CNY": AccountRef("end-cny", "asset", "CNY"),
        "EUR": AccountRef("end-eur", "asset", "EUR"),
    }
    legs = [Leg(refs[n], amount) for n, amount in moves]
    legs += [Leg(ends[c], -total) for c, total in rules.totals(legs).items()]

    try:
        settled = rules.settled(legs)
    except EntryTooSmall:
        return

    assert set(rules.totals(settled).values()) == {0}
    assert all(leg.amount_minor for leg in settled)
    assert rules.settled(list(reversed(legs))) == settled


def _postings(*amounts: int, key: str = "many") -> list[Posting]:
    return [
        Posting(f"{key}-{at}", "test", f"D-{at}", DAY, [Leg(GOODS, amount), Leg(BANK, -amount)])
        for at, amount in enumerate(amounts)
    ]


@pytest.mark.django_db
def test_many_entries_are_posted_at_once_and_each_counts_once() -> None:
    assert post_many(postings=_postings(100, 200), now=NOW) == 2
    assert post_many(postings=_postings(100, 200, 300), now=NOW) == 1

    keys = JournalEntry.objects.order_by("pk").values_list("idempotency_key", flat=True)
    assert list(keys) == ["many-0", "many-1", "many-2"]
    assert queries.balance("goods") == 600
    assert queries.prove_ledger() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("postings", "refusal"),
    [
        ([*_postings(100), *_postings(100)], EntryConflict),
        ([*_postings(100, key="other"), *_postings(7)], EntryConflict),
        (
            [
                *_postings(100, key="other"),
                Posting("off", "test", "D", DAY, [Leg(GOODS, 2), Leg(BANK, -1)]),
            ],
            EntryNotBalanced,
        ),
        (
            [
                *_postings(100, key="other"),
                Posting(
                    "kind",
                    "test",
                    "D",
                    DAY,
                    [Leg(GOODS, 2), Leg(AccountRef("bank", "expense", "CNY"), -2)],
                ),
            ],
            AccountConflict,
        ),
    ],
)
def test_of_many_entries_all_are_posted_or_none(
    postings: list[Posting], refusal: type[Exception]
) -> None:
    post_many(postings=_postings(6), now=NOW)

    with pytest.raises(refusal), transaction.atomic():
        post_many(postings=postings, now=NOW)

    assert JournalEntry.objects.count() == 1


@pytest.mark.django_db
def test_many_entries_take_as_many_statements_as_few(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(6):
        post_many(postings=_postings(*range(1, 200)), now=NOW)
