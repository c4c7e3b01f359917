from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Min, Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership
from config.home import landed
from config.home.words import BARS, amounts, link, plainly, yuan
from procurement.queries import charging
from settlement.bank_accounts import waiting_for
from settlement.exposing import exposures
from settlement.models import BatchState, Payable, PayableState, Payment, SettlementBatch
from settlement.queries import Steps, steps_for
from web.pages import Chart, Figure, Home, Task
from web.templatetags.bondpool import day, money, qty

SOON_DAYS = 14
HOME_CURRENCY = "CNY"


def page(membership: Membership, *, now: datetime) -> Home:
    """What is owed, what waits for a second person, and what paying together saved."""
    today = localdate(now)
    unpaid = Payable.objects.filter(state=PayableState.OPEN)
    due = unpaid.filter(due_on__lte=today + timedelta(days=SOON_DAYS)).aggregate(
        count=Count("pk"), first=Min("due_on")
    )
    steps = steps_for(membership.user)
    tasks = []
    if n := due["count"]:
        first = due["first"]
        tasks.append(
            Task(
                ngettext("%(n)s invoice is due soon", "%(n)s invoices are due soon", n) % {"n": n},
                (
                    _("The first was due on %(day)s; put them into a batch.")
                    if first < today
                    else _("The first on %(day)s; put them into a batch.")
                )
                % {"day": day(first)},
                link("payables"),
                _("See the invoices"),
                "calendar-due",
                "red" if first < today else "orange",
            )
        )
    if n := waiting_for(membership.user):
        tasks.append(
            Task(
                ngettext(
                    "%(n)s bank account waits for your eyes",
                    "%(n)s bank accounts wait for your eyes",
                    n,
                )
                % {"n": n},
                _("Ask the company by a telephone number you know already, then confirm it."),
                f"{link('bank_accounts')}?state=entered",
                _("See the bank accounts"),
                "building-bank",
                "orange",
            )
        )
    owing, overdue, credit = charging.open_sums(today)
    if overdue:
        tasks.append(
            Task(
                _("Sellers owe %(amount)s that are overdue")
                % {"amount": plainly(overdue, HOME_CURRENCY)},
                _("Look at the accounts, and note what has come in."),
                f"{link('seller_accounts')}?overdue=yes",
                _("See the accounts"),
                "receipt",
                "orange",
            )
        )
    tasks += _tasks(steps)
    owed = dict(unpaid.order_by().values_list("currency").annotate(sum=Sum("amount_minor")))
    paid = Payment.objects.count()
    figures = [
        Figure(
            _("Owed to suppliers"),
            amounts({currency: int(minor) for currency, minor in owed.items()}) or qty(0),
            "",
            link("payables"),
        ),
        Figure(
            _("Owed by sellers"),
            money(owing, HOME_CURRENCY),
            _("and %(amount)s their credit") % {"amount": plainly(credit, HOME_CURRENCY)}
            if credit
            else "",
            link("seller_accounts"),
        ),
        Figure(_("Payments written"), qty(paid), "", link("payment_files")),
        Figure(
            _("Saved by paying together"),
            money(steps.saved_minor or 0, HOME_CURRENCY),
            _("wire fees and spread, against paying each invoice alone"),
            link("batches"),
        ),
    ]
    lead = _("Supplier invoices, settled together per supplier and currency.")
    charts = [*_exposure_chart(), *landed.chart()]
    if steps.saved_minor is not None:
        charts.append(_chart())
    return Home(lead, tasks, figures, charts, calm=_("Nothing is due and no batch waits."))


def _tasks(steps: Steps) -> list[Task]:
    """What waits at each step of a batch; what one made oneself waits for somebody else."""
    told = [
        (
            steps.theirs,
            BatchState.PRICED,
            ngettext("%(n)s payout to approve", "%(n)s payouts to approve", steps.theirs),
            _("Another person opened and priced it; look at the rate and the charges."),
            _("Look and approve"),
            "user-check",
            "orange",
        ),
        (
            steps.approved,
            BatchState.APPROVED,
            ngettext(
                "%(n)s approved batch goes to the bank",
                "%(n)s approved batches go to the bank",
                steps.approved,
            ),
            _("Write the payment file and hand it in."),
            _("Write the file"),
            "file-export",
            "orange",
        ),
        (
            steps.drafts,
            BatchState.DRAFT,
            ngettext(
                "%(n)s open batch has no price", "%(n)s open batches have no price", steps.drafts
            ),
            _("With the stored rate of the day."),
            _("Price the batches"),
            "calculator",
            "primary",
        ),
        (
            steps.mine,
            BatchState.PRICED,
            ngettext(
                "%(n)s batch of yours waits for a second person",
                "%(n)s batches of yours wait for a second person",
                steps.mine,
            ),
            _("Who opened or priced a batch does not approve it."),
            _("See the batches"),
            "user-exclamation",
            "grey",
        ),
    ]
    return [
        Task(title % {"n": n}, detail, f"{link('batches')}?state={state}", action, icon, tone)
        for n, state, title, detail, action, icon, tone in told
        if n
    ]


def _exposure_chart() -> list[Chart]:
    found = exposures()
    if not found:
        return []
    return [
        Chart(
            key="exposure",
            title=_("Currency exposure"),
            unit=HOME_CURRENCY,
            head=_("Currency"),
            kind="rows",
            categories=[one.currency for one in found],
            series=[
                (_("still to be paid"), [yuan(one.home_minor) for one in found]),
                (
                    _("one time in twenty dearer by, in 91 days"),
                    [yuan(risk.at_risk_minor) if (risk := one.risks[1]) else "" for one in found],
                ),
            ],
            note=_("At the newest stored rate of each currency."),
        )
    ]


def _chart() -> Chart:
    done = SettlementBatch.objects.filter(state__in=[BatchState.APPROVED, BatchState.EXPORTED])
    rows = list(done.select_related("supplier__company").order_by("-pk")[:BARS])
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
                    yuan((row.alone_minor or 0) - (row.cny_minor or 0) - (row.fee_minor or 0))
                    for row in rows
                ],
            )
        ],
    )
