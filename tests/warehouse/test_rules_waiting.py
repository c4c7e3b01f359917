"""Who may wait how long, and who may hold what back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.warehouse import SELLS
from warehouse.rules import waiting as rules

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("until", [None, SELLS + HOUR, SELLS + timedelta(days=7)])
def test_stock_stands_unpaid_for_a_week_at_most(until: object) -> None:
    rules.check_unpaid_until(until, SELLS)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("until", "refusal"),
    [
        (SELLS, rules.UnpaidInThePast),
        (SELLS - HOUR, rules.UnpaidInThePast),
        (SELLS + timedelta(days=7, seconds=1), rules.UnpaidTooLong),
    ],
)
def test_no_other_end_is_taken(until: object, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        rules.check_unpaid_until(until, SELLS)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "until", "refusal"),
    [
        ("cancelled", SELLS + HOUR, rules.NotWaitingForPayment),
        ("allocated", None, rules.AlreadyPaid),
        ("listed", None, rules.AlreadyPaid),
        ("allocated", SELLS, rules.NotPaidInTime),
    ],
)
def test_what_is_not_paid(state: str, until: object, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        rules.check_payable(state, until, SELLS)  # type: ignore[arg-type]


def test_the_last_moment_before_the_end_still_pays() -> None:
    rules.check_payable("allocated", SELLS + timedelta(microseconds=1), SELLS)


@pytest.mark.parametrize("reason", ["", "   ", "a" * 201, "a\x00b"])
def test_a_hold_says_why(reason: str) -> None:
    with pytest.raises(rules.ReasonMissing):
        rules.check_reason(reason)


def test_a_reason_is_kept_without_stray_spaces() -> None:
    assert rules.check_reason("  the buyer\n moves ") == "the buyer moves"


@pytest.mark.parametrize("state", ["handed_over", "delivered", "cancelled", "returned"])
def test_what_has_left_is_not_held(state: str) -> None:
    with pytest.raises(rules.PastHolding):
        rules.check_holdable(state, is_held=False)


def test_nobody_holds_twice_or_frees_what_it_does_not_hold() -> None:
    rules.check_holdable("listed", is_held=False)
    rules.check_freeable(is_held=True)

    with pytest.raises(rules.HeldAlready):
        rules.check_holdable("allocated", is_held=True)
    with pytest.raises(rules.NotHeld):
        rules.check_freeable(is_held=False)
