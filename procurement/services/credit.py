"""Scores and suggestions for all sellers at once: asked for as a row, worked out by a worker."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from core.queue import ring
from notices.services import once
from procurement.models import (
    CreditRun,
    ForecastScore,
    PoolRound,
    RoundState,
    RunKind,
    RunState,
    Suggestion,
)
from procurement.queries import credit, sales
from procurement.rules import crediting, quarters, suggesting
from procurement.rules.crediting import Market, Score
from procurement.services import telling
from procurement.services.rows import insert_columns
from procurement.services.sales import last_quarter

BELL = "procurement.credit"
MOST_ATTEMPTS = 5
#: How long a worker may take before another tries.
LEASE = timedelta(minutes=10)


@transaction.atomic
def ask_run(
    *, kind: RunKind, quarter: str, asked_by: User | None = None, now: datetime
) -> CreditRun:
    """Ask for one working out; what is asked already and not done yet is not asked twice.

    Raises NotAQuarter; then nothing has been written.
    """
    quarters.check_quarter(quarter)
    waiting = CreditRun.objects.filter(kind=kind, quarter=quarter, state=RunState.QUEUED)
    run = waiting.order_by("pk").first() or CreditRun.objects.create(
        kind=kind, quarter=quarter, asked_at=now, asked_by=asked_by, due_at=now
    )
    ring(BELL)
    return run


@transaction.atomic
def ask_due(*, now: datetime) -> int:
    """Ask for what is due because of the time, each once: scores once a quarter is over, and
    suggestions for each open round; both again once a day while figures still come in.

    Safe to run any number of times. Returns how many were asked for.
    """
    asked = 0
    day = timezone.localtime(now, timezone.get_default_timezone()).date()
    over = quarters.named(last_quarter(now))
    wanted = [(RunKind.SCORE, over)]
    running = PoolRound.objects.filter(state=RoundState.OPEN, opens_at__lte=now, cutoff_at__gt=now)
    wanted += [
        (RunKind.SUGGEST, quarter)
        for quarter in running.order_by("quarter").values_list("quarter", flat=True).distinct()
    ]
    for kind, quarter in wanted:
        last = credit.last_run(kind, quarter)
        if last is not None and not sales.came_in_since(last.asked_at):
            continue
        if once(f"credit.{kind}", f"{quarter} {day}", now=now):
            ask_run(kind=kind, quarter=quarter, now=now)
            asked += 1
    return asked


def work_runs(*, now: Callable[[], datetime]) -> int:
    """Work out what is asked for, one after the other. Safe beside itself and after a crash.

    Each is done in one transaction: either its rows are there and it is done, or nothing is.
    Returns how many were done.
    """
    done = 0
    while run := _take(now()):
        done += _work(run, now())
    return done


@transaction.atomic
def _take(now: datetime) -> CreditRun | None:
    """The next due one; the attempt is counted and stays counted if the worker dies."""
    run = (
        CreditRun.objects.select_for_update(skip_locked=True)
        .filter(state=RunState.QUEUED, due_at__lte=now)
        .order_by("due_at", "pk")
        .first()
    )
    if run is None:
        return None
    if run.attempts >= MOST_ATTEMPTS:
        run.state = RunState.FAILED
        run.save(update_fields=["state"])
        return _take(now)
    run.attempts, run.due_at = run.attempts + 1, now + LEASE
    run.save(update_fields=["attempts", "due_at"])
    return run


@transaction.atomic
def _work(run: CreditRun, now: datetime) -> bool:
    held = (
        CreditRun.objects.select_for_update(skip_locked=True)
        .filter(Q(pk=run.pk), state=RunState.QUEUED)
        .first()
    )
    if held is None:
        return False
    work = score_all if held.kind == RunKind.SCORE else suggest_all
    held.sellers, held.rows, held.facts = work(run=held, now=now)
    held.state, held.done_at = RunState.DONE, now
    held.save(update_fields=["sellers", "rows", "facts", "state", "done_at"])
    return True


def score_all(*, run: CreditRun, now: datetime) -> tuple[int, int, Mapping[str, object]]:
    """Score every seller that filed and of whom sales are known; tell whose band has changed."""
    newest = quarters.number_of(run.quarter)
    policy = credit.policy_on(timezone.localdate(now, timezone.get_default_timezone()))
    before = credit.bands()
    market, scores = crediting.score_quarters(
        credit.quarters_frame(newest), newest=newest, policy=policy
    )
    ForecastScore.objects.bulk_create(
        [_score(run, one, market, policy, now) for one in scores], batch_size=2000
    )
    telling.tell_bands(run.quarter, _changed(before, scores), now)
    facts = {
        "market_ratio": market.ratio,
        "market_wape": market.wape,
        "market_bias": market.bias,
        "policy_from": str(policy.valid_from),
        "shrunk_by": policy.shrunk_by,
    }
    return len(scores), len(scores), facts


def _score(
    run: CreditRun, one: Score, market: Market, policy: crediting.Policy, now: datetime
) -> ForecastScore:
    return ForecastScore(
        run=run,
        seller_id=one.seller_id,
        quarter=run.quarter,
        made_at=now,
        policy_from=policy.valid_from,
        shrunk_by=policy.shrunk_by,
        forecast_milli=one.forecast_milli,
        actual_milli=one.actual_milli,
        error_milli=one.error_milli,
        market_ratio=market.ratio,
        market_wape=market.wape,
        market_bias=market.bias,
        wape=one.wape,
        bias=one.bias,
        factor=one.factor,
        tracking=one.tracking,
        score=one.score,
        band=one.band,
        is_new=one.is_new,
        pasts=[{**asdict(past), "quarter": quarters.named(past.quarter)} for past in one.pasts],
    )


def _changed(before: Mapping[int, str], scores: Iterable[Score]) -> dict[int, tuple[str, Score]]:
    """By seller, the band it had and the score that has brought it into another."""
    return {
        one.seller_id: (before[one.seller_id], one)
        for one in scores
        if before.get(one.seller_id, one.band) != one.band
    }


def suggest_all(*, run: CreditRun, now: datetime) -> tuple[int, int, Mapping[str, object]]:
    """Suggest to every seller what it will probably sell of what it ever sold."""
    newest = min(quarters.number_of(run.quarter) - 1, last_quarter(now))
    found = suggesting.suggest(sales.frame(newest), newest=newest)
    at = [place for place, high in enumerate(found.high) if high]
    columns = {
        name: [getattr(found, name)[place] for place in at]
        for name in (
            *("seller_id", "product_id", "units", "low", "high"),
            *("own_quarters", "market_percent", "fitted_quarters"),
        )
    }
    insert_columns(Suggestion, {"run_id": [run.pk] * len(at), **columns})
    facts = {
        "newest": quarters.named(newest),
        "smoothing_percent": found.chosen.smoothing,
        "even_percent": found.chosen.even,
        "again_percent": list(found.chosen.again),
        "tried_quarters": found.chosen.tried,
    }
    return len(set(columns["seller_id"])), len(at), facts
