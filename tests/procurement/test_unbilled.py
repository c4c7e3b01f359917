"""A round that the workers cannot bill is an operator's business, and tried again by its hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from accounts.models import Membership
from config.home import build
from core.walls import platform_wide
from notices.models import Notice, NoticeCopy
from procurement import services
from procurement.models import BillRun, BillWork, BillWorkState, OrderBill, PurchaseOrder
from procurement.queries import bearing
from procurement.rules.rebilling import BillingNotFailed
from tests.factories.procurement import AFTER

from .conftest import AsPerson, Market
from .test_bills_again import changes, confirm, work
from .test_order_lives import order, placed  # noqa: F401  the fixtures' names
from .test_ordering import TOLD

At = Callable[[datetime], None]


def a_bill_of_no_kind(order: PurchaseOrder) -> OrderBill:  # noqa: F811
    """Nothing in the house writes one; a run that meets it cannot be made."""
    return OrderBill.objects.create(
        order=order,
        buyer=order.buyer,
        kind="freight",
        driver="nonsense",
        amount_minor=100,
        document="FR-1",
        billed_on=AFTER.date(),
        entered_at=AFTER,
    )


def take_back(wrong: OrderBill) -> None:
    """What was wrong is mended, as who keeps the house would: by a counter-entry."""
    OrderBill.objects.create(
        order=wrong.order,
        buyer=wrong.buyer,
        kind=wrong.kind,
        driver=wrong.driver,
        amount_minor=-wrong.amount_minor,
        document=wrong.document,
        billed_on=wrong.billed_on,
        reverses=wrong,
        entered_at=AFTER,
    )


def try_until_given_up(asked: PurchaseOrder, start: datetime = TOLD) -> datetime:
    """Ask for a run, and let workers try it until nothing waits any more."""
    services.bill_again(order=asked, what="billed", document="FR-1", now=start)
    at = start
    for _turn in range(services.MOST_ATTEMPTS):
        at += timedelta(minutes=1)
        assert services.work_bills(now=lambda: at, sold=lambda _lines: {}) == 0  # noqa: B023
    return at


def test_operators_hear_once_that_a_round_could_not_be_billed(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    a_bill_of_no_kind(placed)

    at = try_until_given_up(placed)

    failed = changes().get()
    assert (failed.state, failed.attempts) == (BillWorkState.FAILED, 5)
    assert "nonsense" in failed.last_error
    notice = Notice.objects.get(event="round.unbilled")
    assert notice.facts == {"quarter": market.round.code, "attempts": 5}
    assert NoticeCopy.objects.get(notice=notice).membership.user == market.operator
    assert NoticeCopy.objects.get(notice=notice).mail is not None, "by e-mail as well"
    try_until_given_up(placed, at)
    assert Notice.objects.filter(event="round.unbilled").count() == 1, "it is known already"
    assert BillRun.objects.count() == 1


def test_the_next_step_of_an_operator_is_the_round_that_could_not_be_billed(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    operator = Membership.objects.get(user=market.operator)
    assert not _unbilled_tasks(operator)
    a_bill_of_no_kind(placed)
    try_until_given_up(placed)

    assert _unbilled_tasks(operator) == [(f"/rounds/{market.round.code}/bills/", "red")]


def _unbilled_tasks(operator: Membership) -> list[tuple[str, str]]:
    tasks = build(operator, now=TOLD).tasks
    return [(task.url, task.tone) for task in tasks if task.url.endswith("/bills/")]


def test_an_operator_tries_again_and_the_round_is_billed_as_it_stands(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
    as_person: AsPerson,
    at: At,
) -> None:
    wrong = a_bill_of_no_kind(placed)
    given_up = try_until_given_up(placed)
    at(given_up)
    client, page = as_person(market.operator), f"/rounds/{market.round.code}/bills/"
    shown = client.get(page).content.decode()
    assert "the workers gave up" in shown
    assert "nonsense" in shown
    with platform_wide():
        take_back(wrong)

    answer = client.post(f"{page}again/")

    assert (answer.status_code, answer["Location"]) == (302, page)
    with platform_wide():
        assert bearing.last_failure(market.round) is None
        services.work_bills(now=lambda: given_up, sold=lambda _lines: {})
        assert changes().get().state == BillWorkState.DONE
    assert "the workers gave up" not in client.get(page).content.decode()


def test_a_later_change_that_is_billed_takes_in_what_had_failed(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    wrong = a_bill_of_no_kind(placed)
    try_until_given_up(placed)
    take_back(wrong)
    confirm(market, placed, 15)

    assert work() == 1

    assert set(BillWork.objects.values_list("state", flat=True)) == {BillWorkState.DONE}
    assert [one["what"] for one in BillRun.objects.get(number=2).causes] == ["billed", "accepted"]


def test_it_is_told_again_when_it_fails_after_somebody_tried_again(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    a_bill_of_no_kind(placed)
    at = try_until_given_up(placed)
    services.retry_bills(round=market.round, now=at)

    for _turn in range(services.MOST_ATTEMPTS):
        at += timedelta(minutes=1)
        services.work_bills(now=lambda: at, sold=lambda _lines: {})  # noqa: B023

    assert Notice.objects.filter(event="round.unbilled").count() == 2


def test_a_worker_that_dies_over_the_last_attempt_is_told_of_as_well(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    services.bill_again(order=placed, what="billed", document="FR-1", now=TOLD)
    changes().update(attempts=services.MOST_ATTEMPTS)

    work()

    assert changes().get().state == BillWorkState.FAILED
    assert Notice.objects.filter(event="round.unbilled").count() == 1
    assert bearing.last_failure(market.round) == "", "it left no word"
    assert list(bearing.unbilled()) == [market.round]


def test_what_has_not_failed_is_not_tried_again(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
    as_person: AsPerson,
) -> None:
    services.bill_again(order=placed, what="billed", document="FR-1", now=TOLD)
    before = list(BillWork.objects.values())

    with pytest.raises(BillingNotFailed):
        services.retry_bills(round=market.round, now=TOLD)
    answer = as_person(market.operator).post(f"/rounds/{market.round.code}/bills/again/")

    assert answer.status_code == 409
    assert list(BillWork.objects.values()) == before
