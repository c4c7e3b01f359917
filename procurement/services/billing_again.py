"""A round is billed again when what stands of it changes: a row and a bell, and a worker.

What a change brings is worked out for all sellers at once, which takes seconds; so it is never
done in the transaction of the change.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from django.db import transaction

from core.queue import ring
from procurement.models import (
    BillCorrection,
    BillRun,
    BillWork,
    BillWorkState,
    PoolRound,
    PurchaseOrder,
    PurchaseOrderLine,
    RoundResult,
)
from procurement.queries import bearing
from procurement.queries.bearing import Stood
from procurement.rules import rebilling
from procurement.rules.allotting import goods_alone
from procurement.rules.sharing.costs import corrections
from procurement.rules.solving.terms import Problem
from procurement.services import bill_queue, first_bills
from procurement.services.charging import book_run
from procurement.services.rows import insert_columns
from procurement.services.sharing import write_bills

log = logging.getLogger(__name__)

#: By order line and owner, how many units were sold already; asked for some lines. It comes from
#: the warehouse, which stands above.
Sold = Callable[[Collection[int]], Mapping[tuple[int, int], int]]


def bill_again(*, order: PurchaseOrder, what: str, document: str, now: datetime) -> None:
    """What stands or was billed of an order has changed: its round is to be billed again.

    Call inside the transaction of the change.
    """
    BillWork.objects.create(
        round_id=order.round_id,
        cause={"what": what, "order": order.number, "document": document},
        asked_at=now,
        due_at=now,
    )
    ring(bill_queue.BELL)


def work_bills(*, now: Callable[[], datetime], sold: Sold) -> int:
    """Bill again every round of which something changed. Safe beside itself and after a crash.

    Returns how many runs were written.
    """
    written = 0
    while work := bill_queue.take(now()):
        try:
            written += _bill(work.round_id, now(), sold)
        # A round that cannot be billed must not stop the others; the reason is kept.
        except Exception as error:
            log.exception("round %s could not be billed again", work.round_id)
            bill_queue.put_back(work, error, now())
    return written


@dataclass(frozen=True, slots=True)
class _Read:
    """Everything a run is made of, read at one moment."""

    works: list[BillWork]
    newest: BillRun
    problem: Problem
    stood: Stood
    lines: pd.DataFrame
    shares: pd.DataFrame
    expected: pd.DataFrame
    billed: pd.DataFrame
    owners: pd.Series[int]
    platform_id: int


@transaction.atomic
def _read(round_id: int) -> _Read | None:
    # Nothing changes while it is read: who changes an order holds it.
    list(PurchaseOrder.objects.select_for_update(no_key=True).filter(round=round_id).order_by("pk"))
    round = PoolRound.objects.get(pk=round_id)
    # What was given up on is taken in as well: a run is made of all that stands.
    asked = BillWork.objects.filter(round=round).exclude(state=BillWorkState.DONE)
    works = list(asked.order_by("pk"))
    if not works:
        return None
    newest, plan = bearing.newest(round), bearing.plan_of(round)
    if newest is None or plan is None:
        BillWork.objects.filter(pk__in=[one.pk for one in works]).update(state=BillWorkState.DONE)
        return None
    problem, stood = bearing.terms_of(plan), bearing.stands_now(round)
    platform_id = bearing.platform_of(round)
    return _Read(
        works=works,
        newest=newest,
        problem=problem,
        stood=stood,
        lines=bearing.lines(round, problem, stood),
        shares=bearing.held(round, stood, platform_id),
        expected=bearing.expected(round, plan),
        billed=bearing.billed(round),
        owners=bearing.billed_owners(round),
        platform_id=platform_id,
    )


def _bill(round_id: int, now: datetime, sold: Sold) -> int:
    """The first run of a round that has none yet, and one further run where what stands comes to
    something else than the one before. Returns how many were written."""
    first = first_bills.bill_if_due(round_id, now=now)
    read = _read(round_id)
    if read is None:
        return first
    costs, bills = rebilling.work_out_again(
        read.problem,
        read.lines,
        read.shares,
        rebilling.charges(read.lines, read.expected, read.billed),
        platform_id=read.platform_id,
        owners=read.owners,
    )
    found = rebilling.digest(costs, bills)
    with transaction.atomic():
        round = PoolRound.objects.select_for_update(no_key=True).get(pk=round_id)
        newest = bearing.newest(round)
        if newest is None or newest.pk != read.newest.pk:
            # Another worker was faster; the work is still due.
            return first
        run = None
        if found != newest.digest:
            run = write_bills(
                round=round,
                charges=costs,
                bills=bills,
                plan=newest.plan,
                now=now,
                number=newest.number + 1,
                stood=read.stood.told(),
                causes=[one.cause for one in read.works],
                digest=found,
            )
            _correct(run, read, costs, bills.rows, sold)
            _write_results(run, read)
            book_run(round=round, run=run.number, now=now)
        BillWork.objects.filter(pk__in=[one.pk for one in read.works]).update(
            state=BillWorkState.DONE, done_at=now, run=run
        )
    return first + int(run is not None)


def _correct(
    run: BillRun, read: _Read, costs: pd.DataFrame, bills: pd.DataFrame, sold: Sold
) -> None:
    """What the run changes for those who have sold of their goods already, line by line."""
    gone = sold(read.lines["line_id"].tolist())
    owners = {owner for _line, owner in gone} - {read.platform_id}
    if not owners:
        return
    round, last = run.round, read.newest
    before_stood = bearing.stood_of(last)
    before = rebilling.paid_by_line(
        read.problem,
        bearing.lines(round, read.problem, before_stood),
        bearing.held(round, before_stood, read.platform_id),
        bearing.charges(round, last.number).assign(charge_id=lambda f: range(len(f))),
        bearing.bills(round, last.number),
        platform_id=read.platform_id,
        owners=owners,
    )
    after = rebilling.paid_by_line(
        read.problem,
        read.lines,
        read.shares,
        costs,
        bills,
        platform_id=read.platform_id,
        owners=owners,
    )
    held = rebilling.sold_of(read.shares, before, after, gone)
    found = corrections(before, after, held)
    told = found.merge(held, on=["line_id", "owner_id"]).rename(
        columns={"line_id": "order_line_id"}
    )
    columns = {name: told[name].to_numpy(np.int64).tolist() for name in told.columns}
    insert_columns(BillCorrection, {"run_id": [run.pk] * len(told), **columns})


def _write_results(run: BillRun, read: _Read) -> None:
    """What the round comes to now, per currency: what pages tell of it."""
    orders = PurchaseOrder.objects.filter(round=run.round).order_by("pk")
    currency = dict(orders.values_list("pk", "currency"))
    offers = dict(
        PurchaseOrderLine.objects.filter(order__round=run.round).values_list("pk", "offer_id")
    )
    alive = read.lines.loc[read.lines["quantity"] > 0]
    amounts = alive.assign(currency=alive["order_id"].map(currency))
    mine = read.shares.loc[
        (read.shares["owner_id"] != read.platform_id) & (read.shares["quantity"] > 0)
    ]
    alone = goods_alone(
        read.problem,
        offers=np.array([offers[key] for key in mine["line_id"]], dtype=np.int64),
        products=mine["product_id"].to_numpy(np.int64),
        units=mine["quantity"].to_numpy(np.int64),
    )
    mine = mine.assign(currency=mine["order_id"].map(currency), alone=alone)
    paid = mine.groupby("currency")[["amount_minor", "alone"]].sum()
    RoundResult.objects.bulk_create(
        RoundResult(
            round=run.round,
            run=run.number,
            currency=code,
            orders=int(its["order_id"].nunique()),
            amount_minor=int(its["amount_minor"].sum()),
            sellers_minor=int(paid["amount_minor"].get(code, 0)),
            alone_minor=int(paid["alone"].get(code, 0)),
        )
        for code in sorted(set(currency.values()))
        for its in [amounts.loc[amounts["currency"] == code]]
    )
