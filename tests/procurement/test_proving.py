"""Bills, sellers' accounts and the ledger agree to the fen, and what does not is found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from ledger.services import AccountRef, Leg, post
from procurement.models import SellerEntry
from procurement.queries.proving import prove_accounts
from procurement.services import book_run, record_account_payment
from tests.factories.procurement import AFTER

from .conftest import Market
from .test_charging import bill_again


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def billed(market: Market) -> Market:
    bill_again(market.round, 1, ANNA=40_000, BELA=30_000, **{market.platform.code: 500})
    book_run(round=market.round, run=1, now=AFTER)
    record_account_payment(
        seller=market.anna,
        amount_minor=15_000,
        value_date=date(2026, 6, 1),
        reference="B-1",
        noted_by=None,
        now=AFTER,
    )
    return market


def test_what_is_billed_booked_and_posted_proves(billed: Market) -> None:
    proof = prove_accounts()

    assert (proof.entries, proof.billed_minor, proof.owed_minor) == (3, 70_500, 55_000)
    assert proof.faults == []
    told = StringIO()
    call_command("prove_accounts", stdout=told)
    assert "3 entries" in told.getvalue()


def test_an_entry_that_is_not_in_the_books_is_found(billed: Market) -> None:
    entry = SellerEntry.objects.filter(kind="payment").get()
    entry.pk, entry.number, entry.reference = None, "SA-2026-999999", "B-2"
    entry.save(force_insert=True)

    (fault,) = prove_accounts().faults

    assert fault == (
        f"Account receivable:{billed.platform.pk}:{billed.anna.pk}:CNY stands at 25000, "
        "its seller's entries say 10000."
    )


def test_bills_that_nobody_booked_are_found(billed: Market) -> None:
    bill_again(billed.round, 2, ANNA=41_000, BELA=30_000, **{billed.platform.code: 500})

    faults = prove_accounts().faults

    assert faults == [
        f"Round {billed.round.code}: of 1 sellers what is booked is not what is billed.",
        f"Account pool:{billed.platform.pk}:{billed.round.pk}:CNY stands at -70500, "
        "the bills say -71500.",
    ]
    err = StringIO()
    with pytest.raises(CommandError, match="2 faults"):
        call_command("prove_accounts", stderr=err)
    assert "what is booked is not what is billed" in err.getvalue()


def test_money_that_came_onto_an_account_past_the_entries_is_found(billed: Market) -> None:
    post(
        key="by hand",
        kind="test",
        document="D",
        effective_on=date(2026, 6, 1),
        legs=[
            Leg(
                AccountRef(
                    f"receivable:{billed.platform.pk}:{billed.bela.pk}:CNY",
                    "asset",
                    "CNY",
                    billed.platform.pk,
                ),
                1,
            ),
            Leg(
                AccountRef(f"bank:{billed.platform.pk}:CNY", "asset", "CNY", billed.platform.pk),
                -1,
            ),
        ],
        now=AFTER,
    )

    assert len(prove_accounts().faults) == 1
