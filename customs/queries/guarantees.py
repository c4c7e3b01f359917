"""What stands against whose guarantee, and what a month's tax comes to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.timezone import get_default_timezone

from accounts.models import Company
from core.walls import platform_wide
from customs.models import (
    BillStatus,
    Guarantee,
    GuaranteePayment,
    MessageKind,
    RetailList,
    TaxBill,
)
from customs.queries.deadlines import terms
from customs.queries.retelling import IS_BACK, last_of
from customs.queries.tax_bills import in_month
from customs.rules.guarantees import Balance, GuaranteeUsedUp, due_on
from customs.rules.receipts.billing import yuan

_NOTHING = Decimal(0)
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
#: Who declares a list, and who guarantees its tax.
_AGENT, _CODE = "seller__retail_parties__agent", "seller__retail_parties__assure_code"


@dataclass(frozen=True, slots=True)
class MonthDue:
    """What is still to be paid of a month's tax, yuan, and by when."""

    month: date
    due: Decimal
    due_on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """One guarantee of a company (id), as it stands on a day; ``held``: lists that wait for it."""

    company: int
    assure_code: str
    guarantee: Guarantee | None
    balance: Balance
    months: tuple[MonthDue, ...]
    held: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """The bills of a month against one guarantee; void ones are listed and not summed. Yuan."""

    assure_code: str
    month: date
    bills: QuerySet[TaxBill]
    count: int
    duty: Decimal
    consumption_tax: Decimal
    vat: Decimal
    total: Decimal
    payments: list[GuaranteePayment]
    due_on: date

    @property
    def paid(self) -> Decimal:
        return sum((one.amount for one in self.payments), _NOTHING)

    @property
    def due(self) -> Decimal:
        return self.total - self.paid


def guarantees_of(company: Company | None) -> QuerySet[Guarantee]:
    """All that was told of a company's guarantees, the newest first; everybody's without one."""
    found = Guarantee.objects.select_related("set_by", "company").order_by("-valid_from", "-pk")
    return found.filter(company=company) if company else found


def guarantees_on(company: Company | None, *, day: date) -> list[Standing]:
    """Each guarantee that was told of, or that customs billed, by company and code."""
    told = {
        (one.company_id, one.assure_code): one
        for one in guarantees_of(company).filter(valid_from__lte=day).reverse()
    }
    bills = _due_bills(company).exclude(assure_code="")
    payments = GuaranteePayment.objects.all()
    if company is not None:
        payments = payments.filter(company=company)
    month_of = TruncMonth("made_at", tzinfo=get_default_timezone())
    billed: dict[tuple[int, str], dict[date, Decimal]] = defaultdict(dict)
    for who, code, month, total in (
        bills.order_by()
        .annotate(month=month_of)
        .values_list("company_id", "assure_code", "month")
        .annotate(sum=Sum("total"))
    ):
        billed[who, code][month.date()] = total
    paid: dict[tuple[int, str], dict[date, Decimal]] = defaultdict(dict)
    for who, code, month, total in (
        payments.order_by()
        .values_list("company_id", "assure_code", "month")
        .annotate(sum=Sum("amount"))
    ):
        paid[who, code][month] = total
    unbilled, waiting = unbilled_of(company, day=day), waiting_of(company)
    found = []
    for who, code in sorted({*told, *billed, *unbilled, *waiting}):
        mine, gone = billed.get((who, code), {}), paid.get((who, code), {})
        guarantee = told.get((who, code))
        balance = Balance(
            amount=guarantee.amount if guarantee else None,
            billed=sum(mine.values(), _NOTHING),
            paid=sum(gone.values(), _NOTHING),
            told=unbilled.get((who, code), _NOTHING),
        )
        months = tuple(
            MonthDue(month, due, _by(month))
            for month, total in sorted(mine.items())
            if (due := total - gone.get(month, _NOTHING)) > 0
        )
        held = waiting.get((who, code), 0)
        found.append(Standing(who, code, guarantee, balance, months, held))
    return found


def holding_on(codes: Collection[tuple[int, str]], *, day: date) -> list[Guarantee]:
    """Of these guarantees (company and code) those that hold lists back on a day."""
    told = {
        (one.company_id, one.assure_code): one
        for one in Guarantee.objects.filter(
            company__in={who for who, _code in codes},
            assure_code__in={code for _who, code in codes},
            valid_from__lte=day,
        ).order_by("valid_from", "pk")
    }
    return [one for key, one in sorted(told.items()) if key in codes and one.holds]


def free_of(guarantee: Guarantee, *, day: date, without: Collection[int]) -> Decimal:
    """What is free of a guarantee, leaving out lists (ids) that are only now to be told; yuan. Call
    platform-wide."""
    company, code = guarantee.company, guarantee.assure_code
    billed = _due_bills(company).filter(assure_code=code)
    paid = GuaranteePayment.objects.filter(company=company, assure_code=code)
    told = _unbilled(day).filter(**{_AGENT: company.pk, _CODE: code}).exclude(pk__in=list(without))
    due: Decimal = billed.aggregate(sum=Sum("total", default=_NOTHING))["sum"]
    gone: Decimal = paid.aggregate(sum=Sum("amount", default=_NOTHING))["sum"]
    fen: int = told.aggregate(sum=Sum("tax_minor", default=0))["sum"]
    return guarantee.amount - due + gone - yuan(fen)


def unbilled_of(company: Company | None, *, day: date) -> dict[tuple[int, str], Decimal]:
    """By company and code the tax of lists that customs has and did not bill yet, as worked out
    here, yuan: by who guarantees for their sellers now."""
    # Of sellers' lists an importer sees the sum alone.
    with platform_wide():
        rows = list(_by_guarantor(_unbilled(day), company).annotate(sum=Sum("tax_minor")))
    return {(who, code): yuan(total) for who, code, total in rows}


def waiting_of(company: Company | None) -> dict[tuple[int, str], int]:
    """By company and code how many lists wait because the guarantee does not cover their tax."""
    with platform_wide():
        rows = list(_by_guarantor(held_lists(), company).annotate(n=Count("pk")))
    return {(who, code): count for who, code, count in rows}


def held_lists() -> QuerySet[RetailList]:
    """Lists that a guarantee holds back."""
    found: QuerySet[RetailList] = RetailList.objects.filter(
        missing__gaps__contains=[{"code": GuaranteeUsedUp.code}], void__isnull=True
    )
    return found


def _by_guarantor(lists: QuerySet[RetailList], company: Company | None) -> QuerySet[Any, Any]:
    mine = lists.filter(seller__retail_parties__agreed_at__isnull=False)
    if company is not None:
        mine = mine.filter(seller__retail_parties__agent=company)
    return mine.order_by().values_list(_AGENT, _CODE)


def _unbilled(day: date) -> QuerySet[RetailList]:
    """Lists that customs was told, has not refused and has not billed."""
    since = day - timedelta(days=settings.BONDPOOL_BILLED_DAYS)
    told = last_of([MessageKind.RETAIL_LIST]).filter(
        ~IS_BACK, retail_list=OuterRef("pk"), message__queued_at__date__gte=since
    )
    found: QuerySet[RetailList] = RetailList.objects.filter(
        Exists(told),
        ~Exists(TaxBill.objects.filter(retail_list=OuterRef("pk"))),
        void__isnull=True,
    )
    return found


def month_told(text: str) -> date | None:
    """The first day of ``2026-07``; None where it is no month of this century."""
    told = _MONTH.fullmatch(text)
    return date(int(told[1]), int(told[2]), 1) if told else None


def statement_of(company: Company, assure_code: str, month: date) -> Statement | None:
    """A month (its first day) of a company's guarantee; None where it has no bill and no amount."""
    bills = TaxBill.objects.filter(
        in_month(month), company=company, assure_code=assure_code
    ).order_by("made_at", "pk")
    payments = GuaranteePayment.objects.filter(
        company=company, assure_code=assure_code, month=month
    )
    known = Guarantee.objects.filter(company=company, assure_code=assure_code)
    sums = bills.exclude(status=BillStatus.VOID).aggregate(
        count=Count("*"),
        duty=Sum("duty", default=_NOTHING),
        consumption_tax=Sum("consumption_tax", default=_NOTHING),
        vat=Sum("vat", default=_NOTHING),
        total=Sum("total", default=_NOTHING),
    )
    if not sums["count"] and not bills.exists() and not known.exists():
        return None
    return Statement(
        assure_code=assure_code,
        month=month,
        bills=bills.select_related("retail_list", "seller"),
        payments=list(payments.select_related("recorded_by").order_by("pk")),
        due_on=_by(month),
        **sums,
    )


def _due_bills(company: Company | None) -> QuerySet[TaxBill]:
    found = TaxBill.objects.exclude(status=BillStatus.VOID)
    return found.filter(company=company) if company else found


def _by(month: date) -> date:
    law = terms()
    return due_on(month, working_days=law.pay_working_day, holidays=law.holidays, worked=law.worked)
