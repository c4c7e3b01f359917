"""A round that was ordered is billed for the first time, in a transaction of its own.

Whoever ordered the round does it at once, with what it holds in memory; where that one died or
failed, a worker does the same from what is stored. Until then the round is ordered and shared, and
nobody owes anything.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from django.db import transaction
from django.utils import timezone

from procurement.models import BillWork, BillWorkState, PoolRound, PurchaseOrderLine, RoundPlan
from procurement.queries import bearing
from procurement.queries.bearing import Stood
from procurement.rules import billing, charging
from procurement.rules.solving.alone import Alone
from procurement.rules.solving.evaluating import Evaluation
from procurement.rules.solving.terms import Problem
from procurement.services import bill_queue, sharing, telling
from procurement.services.charging import book_run
from procurement.services.deposits import enter_deposits, take_deposits

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ordered:
    """A round as it was ordered, before anything of it changed.

    ``lines``: line_id, order_id, product_id in the plan's order; ``shares``: line_id, order_id,
    product_id, owner_id, quantity, amount_minor, by line and owner. ``alone`` gives what
    everybody's units would have cost alone.
    """

    plan: RoundPlan
    problem: Problem
    best: Evaluation
    lines: pd.DataFrame
    shares: pd.DataFrame
    platform_id: int
    alone: Callable[[], Alone]


def bill_at_once(round: PoolRound, ordered: Ordered | None, *, now: datetime) -> None:
    """Bill a round that was just ordered; ``ordered`` is None where it orders nothing. What goes
    wrong does not undo the ordering: it is tried again by a worker."""
    work = bill_queue.first_of(round.pk)
    if work is None:
        return
    try:
        _bill(work, ordered, now)
    except Exception as error:
        log.exception("round %s could not be billed as it was ordered", round.code)
        bill_queue.put_back(work, error, now)


def bill_if_due(round_id: int, *, now: datetime) -> int:
    """The first bills of a round from what is stored, where nobody made them yet. Returns how many
    runs were written."""
    work = bill_queue.first_of(round_id)
    if work is None:
        return 0
    return _bill(work, read_ordered(work.round), now)


def read_ordered(round: PoolRound) -> Ordered | None:
    """A round as it was ordered, from what is stored; None where it ordered nothing."""
    rows = PurchaseOrderLine.objects.filter(order__round=round).order_by("pk")
    names = ["line_id", "order_id", "product_id"]
    lines = pd.DataFrame(
        list(rows.values_list("pk", "order_id", "product_id")), columns=names, dtype="int64"
    )
    if lines.empty:
        return None
    plan = RoundPlan.objects.filter(round=round).order_by("-number")[:1].get()
    problem, best = bearing.made_of(plan)
    platform_id = bearing.platform_of(round)
    shares = bearing.held(round, Stood({}, ()), platform_id)
    mine = shares.loc[shares["owner_id"] != platform_id]
    given = mine.rename(columns={"owner_id": "seller_id", "quantity": "units"})
    return Ordered(
        plan=plan,
        problem=problem,
        best=best,
        lines=lines,
        shares=shares,
        platform_id=platform_id,
        alone=lambda: billing.going_alone(problem, given),
    )


@transaction.atomic
def _bill(work: BillWork, ordered: Ordered | None, now: datetime) -> int:
    """Bills, books, deposits and what each seller hears, all or nothing."""
    held = PoolRound.objects.select_for_update(no_key=True).get(pk=work.round_id)
    first = bill_queue.first_of(held.pk)
    if first is None:
        # Somebody was faster.
        return 0
    run = None
    billed: dict[int, int] = {}
    with ThreadPoolExecutor(max_workers=1) as beside:
        # Pure arithmetic, while the deposits are written.
        working = beside.submit(_worked_out, ordered) if ordered else None
        taken = take_deposits(round=held, now=now)
        if ordered and working:
            charges, bills = working.result()
            told = bills.rows
            billed = dict(zip(told["owner_id"].tolist(), told["paid_minor"].tolist(), strict=True))
            run = sharing.write_bills(
                round=held, charges=charges, bills=bills, plan=ordered.plan, now=now
            )
            book_run(round=held, run=run.number, now=now)
    enter_deposits(taken, round=held, now=now)
    first.state, first.done_at, first.run = BillWorkState.DONE, now, run
    first.save(update_fields=["state", "done_at", "run"])
    if ordered:
        today = timezone.localdate(now, timezone.get_default_timezone())
        telling.tell_shares(
            held,
            ordered.shares.loc[ordered.shares["owner_id"] != ordered.platform_id],
            billed=billed,
            due_on=charging.due_on(today, held.payment_days),
            now=now,
        )
    return int(run is not None)


def _worked_out(ordered: Ordered) -> tuple[pd.DataFrame, billing.Bills]:
    return billing.work_out(
        ordered.problem,
        ordered.best,
        ordered.lines,
        ordered.shares,
        platform_id=ordered.platform_id,
        own_orders=ordered.alone(),
    )
