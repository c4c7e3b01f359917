from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, F, Min, QuerySet, Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Company
from config.home.words import BARS, amounts, day, link
from core.money import Money
from settlement.models import BatchState, Payable, PayableState, Payment, SettlementBatch
from web.pages import Chart, Figure, Home, Task
from web.templatetags.bondpool import money, qty

SOON_DAYS = 14
HOME_CURRENCY = "CNY"


def page(company: Company, *, now: datetime) -> Home:
    """What is owed, what waits for a second person, and what paying together saved."""
    today = localdate(now)
    unpaid = Payable.objects.filter(state=PayableState.OPEN)
    due = unpaid.filter(due_on__lte=today + timedelta(days=SOON_DAYS))
    count = dict(SettlementBatch.objects.values_list("state").annotate(n=Count("pk")))
    tasks = []
    if n := due.count():
        first = due.aggregate(first=Min("due_on"))["first"]
        tasks.append(
            Task(
                ngettext("%(n)s invoice is due soon", "%(n)s invoices are due soon", n) % {"n": n},
                _("The first on %(day)s; put them into a batch.") % {"day": day(first)},
                link("payables"),
                _("See the invoices"),
                "calendar-due",
                "red" if first < today else "orange",
            )
        )
    for state, title, detail, action, icon in _steps():
        if n := count.get(state, 0):
            tasks.append(
                Task(f"{title} ({n})", detail, f"{link('batches')}?state={state}", action, icon)
            )
    priced = SettlementBatch.objects.filter(alone_minor__isnull=False)
    saved = priced.aggregate(
        saved=Sum(F("alone_minor") - F("cny_minor") - F("fee_minor"), default=0)
    )["saved"]
    owed = dict(unpaid.order_by().values_list("currency").annotate(sum=Sum("amount_minor")))
    paid = Payment.objects.count()
    figures = [
        Figure(
            _("Owed to suppliers"),
            amounts({currency: int(minor) for currency, minor in owed.items()}) or qty(0),
            "",
            link("payables"),
        ),
        Figure(_("Payments written"), qty(paid), "", link("payment_files")),
        Figure(
            _("Saved by paying together"),
            money(int(saved), HOME_CURRENCY),
            _("wire fees and spread, against paying each invoice alone"),
            link("batches"),
        ),
    ]
    lead = _("Supplier invoices, settled together per supplier and currency.")
    charts = [_chart(priced)] if priced.exists() else []
    return Home(lead, tasks, figures, charts, calm=_("Nothing is due and no batch waits."))


def _steps() -> list[tuple[str, str, str, str, str]]:
    """What a batch goes through, with the words of each step."""
    return [
        (
            BatchState.DRAFT,
            _("Price the open batches"),
            _("With the stored rate of the day."),
            _("Price the batches"),
            "calculator",
        ),
        (
            BatchState.PRICED,
            _("Approve the priced batches"),
            _("By someone who did not make them."),
            _("Look and approve"),
            "user-check",
        ),
        (
            BatchState.APPROVED,
            _("Write the payment file"),
            _("For the batches that are approved."),
            _("Write the file"),
            "file-export",
        ),
    ]


def _chart(priced: QuerySet[SettlementBatch]) -> Chart:
    rows = list(priced.select_related("supplier__company").order_by("-pk")[:BARS])
    return Chart(
        key="saved",
        title=_("Saved per batch"),
        unit=HOME_CURRENCY,
        head=_("Settlement batch"),
        kind="rows",
        categories=[f"{row.supplier.company.name} ({row.currency})" for row in rows],
        series=[
            (
                _("saved"),
                [
                    str(
                        Money(
                            (row.alone_minor or 0) - (row.cny_minor or 0) - (row.fee_minor or 0),
                            HOME_CURRENCY,
                        ).amount
                    )
                    for row in rows
                ],
            )
        ],
    )
