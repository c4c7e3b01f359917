"""What stands against whose guarantee, and what a month's tax comes to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.timezone import get_default_timezone

from accounts.models import Company
from customs.models import BillStatus, Guarantee, GuaranteePayment, TaxBill
from customs.queries.deadlines import terms
from customs.queries.tax_bills import in_month
from customs.rules.guarantees import Balance, due_on

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class MonthDue:
    """What is still to be paid of a month's tax, yuan, and by when."""

    month: date
    due: Decimal
    due_on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """One guarantee of a company (id), as it stands on a day."""

    company: int
    assure_code: str
    guarantee: Guarantee | None
    balance: Balance
    months: tuple[MonthDue, ...]


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
    billed = {
        (who, code, month.date()): total
        for who, code, month, total in bills.order_by()
        .annotate(month=month_of)
        .values_list("company_id", "assure_code", "month")
        .annotate(sum=Sum("total"))
    }
    paid = {
        (who, code, month): total
        for who, code, month, total in payments.order_by()
        .values_list("company_id", "assure_code", "month")
        .annotate(sum=Sum("amount"))
    }
    found = []
    for who, code in sorted({*told, *((key[0], key[1]) for key in billed)}):
        mine = {key[2]: total for key, total in billed.items() if key[:2] == (who, code)}
        gone = {key[2]: total for key, total in paid.items() if key[:2] == (who, code)}
        guarantee = told.get((who, code))
        balance = Balance(
            amount=guarantee.amount if guarantee else None,
            billed=sum(mine.values(), _NOTHING),
            paid=sum(gone.values(), _NOTHING),
        )
        months = tuple(
            MonthDue(month, due, _by(month))
            for month, total in sorted(mine.items())
            if (due := total - gone.get(month, _NOTHING)) > 0
        )
        found.append(Standing(who, code, guarantee, balance, months))
    return found


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
    return due_on(month, working_days=law.pay_working_day, holidays=law.holidays)
