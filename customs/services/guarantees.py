"""Guarantees for tax that is paid by month: told, paid for, and watched."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction

from accounts.models import Company, User
from core.taking import take_turns
from core.walls import platform_wide
from customs.models import Guarantee, GuaranteePayment
from customs.queries.guarantees import MonthDue, Standing, guarantees_on, statement_of
from customs.rules import guarantees as rules
from customs.services.holding_back import look_again
from notices.services import once, tell
from warehouse.days import day_of


@transaction.atomic
def keep_guarantee(
    *,
    company: Company,
    assure_code: str,
    amount: Decimal,
    valid_from: date,
    evidence: str,
    set_by: User,
    now: datetime,
    holds: bool = False,
) -> Guarantee:
    """Keep how many yuan a guarantee is good for from a day on, and whether lists wait (``holds``)
    whose tax is more than what is free of it.

    Raises CustomsCodeWrong or GuaranteeWrong; then nothing has been written.
    """
    code, yuan, paper = rules.check_guarantee(assure_code, amount, evidence)
    take_turns("guarantee", f"{company.pk} {code}")
    made = Guarantee.objects.create(
        company=company,
        assure_code=code,
        amount=yuan,
        valid_from=valid_from,
        holds=holds,
        evidence=paper,
        set_at=now,
        set_by=set_by,
    )
    with platform_wide():
        look_again(company=company.pk, assure_code=code, now=now)
    return made


@transaction.atomic
def pay_tax(
    *,
    company: Company,
    assure_code: str,
    month: date,
    amount: Decimal,
    paid_on: date,
    evidence: str,
    recorded_by: User,
    now: datetime,
) -> GuaranteePayment:
    """Record that tax of a month (its first day) was paid: its guarantee is free for as much.

    Raises TaxPaymentWrong or PaidMoreThanDue; then nothing has been written.
    """
    # Two who record the same payment are told of one another.
    take_turns("guarantee", f"{company.pk} {assure_code}")
    found = statement_of(company, assure_code, month)
    paper = rules.check_payment(
        amount,
        due=found.due if found else Decimal(0),
        paid_on=paid_on,
        today=day_of(now),
        evidence=evidence,
    )
    made = GuaranteePayment.objects.create(
        company=company,
        assure_code=assure_code,
        month=month,
        amount=amount,
        paid_on=paid_on,
        evidence=paper,
        recorded_at=now,
        recorded_by=recorded_by,
    )
    with platform_wide():
        look_again(company=company.pk, assure_code=assure_code, now=now)
    return made


def watch_guarantees(*, now: datetime) -> int:
    """Tell importers which guarantee is exceeded, and which month's tax is to be paid soon or was
    not, once each. Ask ``platform_wide``. Safe to run any number of times. Returns how many were
    told.
    """
    today = day_of(now)
    near = today + timedelta(days=settings.BONDPOOL_DEADLINE_DAYS)
    told = 0
    for one in guarantees_on(None, day=today):
        if one.balance.is_exceeded:
            told += _tell_exceeded(one, today, now)
        for month in one.months:
            # Of a running month customs may still bill.
            if month.month < today.replace(day=1) and month.due_on <= near:
                told += _tell_due(one, month, today, now)
    return told


@transaction.atomic
def _tell_exceeded(one: Standing, today: date, now: datetime) -> int:
    # Once a month, and anew for another amount.
    key = one.guarantee.pk if one.guarantee else 0
    if not once("guarantee.exceeded", f"{key} {today:%Y-%m}", now=now):
        return 0
    balance = one.balance
    tell(
        "guarantee.exceeded",
        subject=f"{one.assure_code} {today:%Y-%m}",
        facts={
            "guarantee": one.assure_code,
            "used": f"{balance.used:.2f}",
            "amount": f"{balance.amount:.2f}",
        },
        companies=[one.company],
        now=now,
    )
    return 1


@transaction.atomic
def _tell_due(one: Standing, month: MonthDue, today: date, now: datetime) -> int:
    event = "tax.missed" if month.due_on < today else "tax.near"
    name = f"{month.month:%Y-%m}"
    if not once(event, f"{one.company} {one.assure_code} {name}", now=now):
        return 0
    tell(
        event,
        subject=f"{one.assure_code} {name}",
        facts={
            "guarantee": one.assure_code,
            "month": name,
            "due": f"{month.due:.2f}",
            "due_on": month.due_on,
        },
        companies=[one.company],
        now=now,
    )
    return 1
