"""The canary's sales, score, suggestion and deposit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Company, User
from procurement.models import (
    Deposit,
    FillTry,
    ForecastLine,
    PoolRound,
    RoundCredit,
    RunKind,
    SalesReport,
)
from procurement.rules.selling import Told
from procurement.services import (
    ask_deposits,
    ask_run,
    preview_sales,
    record_payment,
    report_sales,
    state,
    work_runs,
)
from tests.factories.procurement import AFTER, DURING


@dataclass
class Owed:
    """What of it addresses name."""

    deposit: Deposit
    sales_report: SalesReport


def owe_and_sell(
    round: PoolRound, people: Mapping[str, User], seller: Company
) -> tuple[Deposit, SalesReport]:
    """A deposit that was paid, sales that were reported, a file that was only looked at, a try to
    fill a pack, and the factor of its credit."""
    (line,) = ForecastLine.objects.filter(forecast__round=round, seller=seller)[:1]
    FillTry.objects.create(round=round, seller=seller, product=line.product, tried_at=DURING)
    RoundCredit.objects.create(round=round, seller=seller, factor=10_000)
    round.deposit_due_at, round.deposit_percent = AFTER, 30
    round.save()
    (deposit,) = ask_deposits(round=round, expected={seller.pk: 7_919_000}, now=DURING)
    record_payment(
        deposit=deposit,
        amount_minor=deposit.amount_minor,
        value_date=DURING.date(),
        reference="CANARY-BANK-1",
        noted_by=people["finance"],
        now=DURING,
    )
    told = preview_sales(
        seller=seller,
        file_name="canary-sales.csv",
        content=b"quarter,sku,actual_units\n2026-Q1,MILK,7919\n",
        sent_by=people["seller"],
        now=DURING,
    )
    assert told.report
    rows = [Told(1, "2025-Q4", "MILK", "7919")]
    report_sales(seller=seller, rows=rows, sent_by=None, now=DURING)
    return deposit, told.report


def score(seller: Company, *, now: datetime) -> None:
    """The quarter is over: its sales are known, scored, and the next one suggested."""
    rows = [Told(1, "2026-Q3", "MILK", "7919")]
    report_sales(seller=seller, rows=rows, sent_by=None, now=now)
    ask_run(kind=RunKind.SCORE, quarter="2026-Q3", now=now)
    ask_run(kind=RunKind.SUGGEST, quarter="2026-Q4", now=now)
    work_runs(now=lambda: now)


def state_all(round: PoolRound, sellers: Iterable[Company]) -> None:
    """Each of them asks for its statement of the closed round."""
    for each in sellers:
        state(round=round, seller=each, now=AFTER)
