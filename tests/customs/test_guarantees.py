"""Guarantees for tax by month: what is used and left, what a month comes to, who hears of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from accounts.models import User
from core.errors import DomainError
from customs.models import Gateway, OutgoingElement
from customs.queries.guarantees import guarantees_on, statement_of
from customs.rules import guarantees as rules
from customs.rules.guarantees import Balance
from customs.services.guarantees import keep_guarantee, pay_tax, watch_guarantees
from customs.tables_guarantees import statement_file
from notices.models import Notice
from tests.customs.receipts.answers import answer, of_list
from tests.customs.receipts.sent_lists import _wide, come, gateway, seller, sent
from tests.customs.receipts.test_bills import a_bill
from tests.factories.accounts import UserFactory
from tests.walls.rows import all_rows

__all__ = ["_wide", "gateway", "seller", "sent"]

CODE, JULY, AUGUST = "3302961HZ6", date(2026, 7, 1), date(2026, 8, 1)
#: Still July in Greenwich, and August in China.
AT = "20260801003000000"


@pytest.mark.parametrize(
    ("amount", "billed", "paid", "left", "flags"),
    [
        ("1000", "0", "0", "1000", (False, False)),
        ("1000", "799.99", "0", "200.01", (False, False)),
        ("1000", "800", "0", "200", (False, True)),
        ("1000", "1000", "0", "0", (False, True)),
        ("1000", "1000.01", "0", "-0.01", (True, False)),
        ("1000", "1800", "900", "100", (False, True)),
    ],
)
def test_what_is_left_of_a_guarantee(
    amount: str, billed: str, paid: str, left: str, flags: tuple[bool, bool]
) -> None:
    one = Balance(Decimal(amount), Decimal(billed), Decimal(paid))

    assert (one.left, (one.is_exceeded, one.is_low)) == (Decimal(left), flags)


def test_of_a_guarantee_nobody_told_of_nothing_is_known_to_be_left() -> None:
    one = Balance(None, Decimal(10), Decimal(0))

    assert (one.used, one.left, one.is_exceeded, one.is_low) == (Decimal(10), None, False, False)


def test_a_months_tax_is_paid_by_the_fifth_working_day_of_the_next() -> None:
    assert rules.due_on(JULY, working_days=5) == date(2026, 8, 7)


@pytest.mark.parametrize(
    ("code", "amount", "paper"),
    [
        (CODE, "-1", "B-1"),
        (CODE, "1.005", "B-1"),
        (CODE, "NaN", "B-1"),
        (CODE, "1", " "),
    ],
)
def test_a_guarantee_has_its_code_amount_and_paper(code: str, amount: str, paper: str) -> None:
    with pytest.raises(rules.GuaranteeWrong):
        rules.check_guarantee(code, Decimal(amount), paper)


@pytest.fixture
def clerk(_wide: None) -> User:
    return UserFactory.create()


def refused(refusal: type[DomainError], act: Callable[[], object]) -> None:
    before = all_rows()
    with pytest.raises(refusal):
        act()
    assert all_rows() == before


def heard() -> list[str]:
    mine = ("guarantee.exceeded", "tax.near", "tax.missed")
    told = Notice.objects.filter(event__in=mine).order_by("pk")
    return list(told.values_list("event", flat=True))


@pytest.mark.django_db
def test_bills_are_summed_by_month_against_a_guarantee_until_they_are_paid(
    gateway: Gateway, sent: list[OutgoingElement], clerk: User, settings: Any
) -> None:
    settings.BONDPOOL_HOLIDAYS = frozenset({date(2026, 9, 7)})
    company, number = gateway.company, "310520261I00000017"
    come(gateway, of_list(sent[0].key, "120"), a_bill(number, "5.53", at=AT))

    def keep(amount: str) -> None:
        keep_guarantee(
            company=company,
            assure_code=CODE,
            amount=Decimal(amount),
            valid_from=AUGUST,
            evidence="保函 2026-1",
            set_by=clerk,
            now=datetime(2026, 8, 2, tzinfo=UTC),
        )

    keep("100")
    (one,) = guarantees_on(company, day=date(2026, 8, 2))
    assert (one.balance.used, one.balance.left) == (Decimal("5.53"), Decimal("94.47"))
    ((month, due, by),) = [(it.month, it.due, it.due_on) for it in one.months]
    # The fifth working day would be the 7th, which is a day off.
    assert (month, due, by) == (AUGUST, Decimal("5.53"), date(2026, 9, 8))
    assert watch_guarantees(now=datetime(2026, 8, 31, tzinfo=UTC)) == 0

    # Of one day the later row counts.
    keep("5")
    for day in (datetime(2026, 9, 5, tzinfo=UTC), datetime(2026, 9, 9, tzinfo=UTC)):
        watch_guarantees(now=day)
        watch_guarantees(now=day)
    assert heard() == ["guarantee.exceeded", "tax.near", "tax.missed"]

    statement = statement_of(company, CODE, AUGUST)
    assert statement is not None
    assert (statement.count, statement.vat, statement.total) == (
        *(1, Decimal("5.53"), Decimal("5.53")),
    )
    rows = statement_file(statement, "csv").decode("utf-8-sig").splitlines()
    assert len(rows) == 3
    assert rows[1].startswith(f"T-{number},{number},")
    assert [Decimal(cell) for cell in rows[2].split(",")[5:]] == [
        *(Decimal(0), Decimal(0), Decimal("5.53"), Decimal("5.53")),
    ]
    sheet = load_workbook(BytesIO(statement_file(statement, "xlsx"))).active
    assert sheet is not None
    assert sheet.max_row == 3

    pay = partial(
        pay_tax,
        company=company,
        assure_code=CODE,
        month=AUGUST,
        paid_on=date(2026, 9, 8),
        evidence="电子税单 1",
        recorded_by=clerk,
        now=datetime(2026, 9, 8, tzinfo=UTC),
    )
    refused(rules.PaidMoreThanDue, partial(pay, amount=Decimal("5.54")))
    refused(rules.TaxPaymentWrong, partial(pay, amount=Decimal(0)))
    refused(rules.TaxPaymentWrong, partial(pay, amount=Decimal("1.005")))
    refused(rules.TaxPaymentWrong, partial(pay, amount=Decimal(1), paid_on=date(2026, 9, 9)))
    refused(rules.PaidMoreThanDue, partial(pay, amount=Decimal(1), month=JULY))
    pay(amount=Decimal("5.00"))
    pay(amount=Decimal("0.53"))
    refused(rules.PaidMoreThanDue, partial(pay, amount=Decimal("0.01")))
    (one,) = guarantees_on(company, day=date(2026, 9, 8))
    assert (one.balance.left, one.months) == (Decimal(5), ())

    # What customs voids is not due: it was paid for nothing, and nothing is hidden of that.
    void = {"taxNo": f"T-{number}", "invtNo": number, "status": "3"}
    come(gateway, answer("CEB818", void | {"returnTime": "20260910120000000"}))
    after = statement_of(company, CODE, AUGUST)
    assert after is not None
    assert (after.count, after.total, after.paid) == (0, Decimal(0), Decimal("5.53"))
    assert after.bills.count() == 1
    assert statement_of(company, CODE, JULY) is not None
    assert statement_of(company, "NOBODY", AUGUST) is None
