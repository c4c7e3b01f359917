"""Sellers hear of a bill before it is due, and when it is late: of each day once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from accounts.models import Membership
from config.home import build
from notices.models import MailWhen, Notice, NoticeCopy
from notices.services import choose
from procurement import services
from procurement.tasks import remind
from tests.factories.procurement import AFTER

from .conftest import Market
from .test_charging import bill_again

#: The bill of the first of June is due on this day.
DUE = date(2026, 6, 15)


def on(day: date) -> datetime:
    """Of that day, in the house's time."""
    return AFTER + (day - date(2026, 6, 1))


@pytest.fixture
def billed(market: Market) -> Market:
    """Anna owes 400.00 yuan, Bela 300.00."""
    bill_again(market.round, 1, ANNA=40_000, BELA=30_000)
    services.book_run(round=market.round, run=1, now=AFTER)
    return market


def told(event: str) -> dict[str, tuple[int, str]]:
    """By seller's code: what is open, and the day."""
    return {
        notice.company.code: (notice.facts["amount"]["minor"], notice.facts["due_on"])
        for notice in Notice.objects.filter(event=event).select_related("company")
        if notice.company is not None
    }


def pay(market: Market, minor: int) -> None:
    services.record_account_payment(
        seller=market.anna,
        amount_minor=minor,
        value_date=date(2026, 6, 2),
        reference=f"B-{minor}",
        noted_by=None,
        now=on(DUE),
    )


def test_three_days_before_a_bill_is_due_each_seller_hears_what_is_open_once(
    billed: Market,
) -> None:
    pay(billed, 15_000)
    assert services.remind_bills(now=on(DUE - timedelta(days=4))) == 0

    assert services.remind_bills(now=on(DUE - timedelta(days=3))) == 2

    assert told("account.due") == {"ANNA": (25_000, "2026-06-15"), "BELA": (30_000, "2026-06-15")}
    notice = Notice.objects.get(event="account.due", company=billed.anna)
    assert (notice.facts["quarter"], notice.facts["seller"]) == ("2026-Q3", "ANNA")
    for days in (2, 1, 0):
        assert services.remind_bills(now=on(DUE - timedelta(days=days))) == 0
    assert not told("account.overdue"), "on its day it is not late"


def test_the_day_after_who_has_not_paid_hears_that_it_is_late_once(billed: Market) -> None:
    pay(billed, 40_000)

    assert services.remind_bills(now=on(DUE + timedelta(days=1))) == 1

    assert told("account.overdue") == {"BELA": (30_000, "2026-06-15")}
    assert services.remind_bills(now=on(DUE + timedelta(days=2))) == 0


def test_a_worker_that_slept_through_the_day_tells_of_it_later(billed: Market) -> None:
    assert services.remind_bills(now=on(DUE + timedelta(days=9))) == 2

    assert not told("account.due"), "what is late is no more soon due"


def test_who_has_paid_all_and_who_has_credit_hear_nothing(billed: Market) -> None:
    pay(billed, 55_000)
    services.remind_bills(now=on(DUE - timedelta(days=1)))

    assert set(told("account.due")) == {"BELA"}


def test_a_correction_that_is_due_another_day_is_told_by_itself(billed: Market) -> None:
    services.remind_bills(now=on(DUE - timedelta(days=3)))
    pay(billed, 40_000)
    bill_again(billed.round, 2, ANNA=47_000, BELA=30_000)
    services.book_run(round=billed.round, run=2, now=on(DUE))

    services.remind_bills(now=on(DUE + timedelta(days=12)))

    facts = Notice.objects.filter(event="account.due", company=billed.anna).order_by("pk")
    assert [(one.facts["amount"]["minor"], one.facts["due_on"]) for one in facts] == [
        (40_000, "2026-06-15"),
        (7_000, "2026-06-29"),
    ]


def test_it_is_looked_at_once_a_day_however_often_the_bell_rings(
    billed: Market, django_assert_max_num_queries: object
) -> None:
    services.remind_bills(now=on(DUE - timedelta(days=5)))

    with django_assert_max_num_queries(3):  # type: ignore[operator]
        assert services.remind_bills(now=on(DUE - timedelta(days=5))) == 0


def test_each_person_chooses_whether_it_comes_by_mail(billed: Market) -> None:
    member = Membership.objects.get(company=billed.anna)
    choose(
        membership=member,
        choices={"account.due": (False, MailWhen.NEVER)},
    )

    services.remind_bills(now=on(DUE - timedelta(days=1)))

    copies = {
        copy.membership.company.code: (copy.in_portal, copy.mail is not None)
        for copy in NoticeCopy.objects.filter(notice__event="account.due")
    }
    assert copies == {"ANNA": (False, False), "BELA": (True, True)}


@pytest.mark.usefixtures("at")
def test_the_sweeper_reminds(billed: Market, at: object) -> None:
    at(on(DUE))  # type: ignore[operator]

    remind()

    assert set(told("account.due")) == {"ANNA", "BELA"}


def test_the_next_step_of_a_seller_is_what_it_has_to_pay(billed: Market) -> None:
    anna = Membership.objects.get(company=billed.anna)

    soon, late = (
        {task.url: task.tone for task in build(anna, now=on(day)).tasks}["/owed/"]
        for day in (DUE - timedelta(days=3), DUE + timedelta(days=1))
    )

    assert (soon, late) == ("orange", "red")
