"""What is to be billed of a round waits as rows; a worker takes one, and gives up in words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from core.queue import ring
from procurement.models import BillWork, BillWorkState, PoolRound
from procurement.rules import rebilling
from procurement.services import telling_money

BELL: Final = "warehouse.bills"
MOST_ATTEMPTS: Final = 5
#: How long a worker may take before another tries.
LEASE: Final = timedelta(minutes=10)
#: The cause of a round's first bills.
ORDERED: Final = "ordered"


def ask_first(round: PoolRound, *, now: datetime) -> BillWork:
    """A round was ordered and is to be billed; whoever orders it does so at once, and a worker
    when that one died over it. Call inside the transaction of the ordering."""
    return BillWork.objects.create(
        round=round,
        cause={"what": ORDERED, "document": round.code},
        asked_at=now,
        due_at=now + LEASE,
        attempts=1,
    )


def first_of(round_id: int) -> BillWork | None:
    """The work of a round's first bills while it is still to be done."""
    asked = BillWork.objects.filter(round=round_id, cause__what=ORDERED)
    return asked.exclude(state=BillWorkState.DONE).order_by("pk").first()


@transaction.atomic
def take(now: datetime) -> BillWork | None:
    """The next due one; the attempt is counted and stays counted if the worker dies."""
    due = BillWork.objects.select_for_update(skip_locked=True).filter(
        state=BillWorkState.QUEUED, due_at__lte=now
    )
    work = due.order_by("due_at", "pk").first()
    if work is None:
        return None
    if work.attempts >= MOST_ATTEMPTS:
        # A worker died over the last attempt.
        _give_up(work, now)
        return take(now)
    work.attempts, work.due_at = work.attempts + 1, now + LEASE
    work.save(update_fields=["attempts", "due_at"])
    return work


@transaction.atomic
def put_back(work: BillWork, error: Exception, now: datetime) -> None:
    """It did not work; it is due again later, or a person's when it was tried often enough."""
    work.last_error = f"{type(error).__name__}: {error}"[:500]
    waiting = BillWork.objects.filter(pk=work.pk, state=BillWorkState.QUEUED)
    if not waiting.update(
        due_at=now + timedelta(seconds=2**work.attempts), last_error=work.last_error
    ):
        return
    if work.attempts >= MOST_ATTEMPTS:
        _give_up(work, now)


def _give_up(work: BillWork, now: datetime) -> None:
    """Nobody tries again until a person asks; the operators hear of it, once for a round."""
    is_known = BillWork.objects.filter(round=work.round_id, state=BillWorkState.FAILED).exists()
    work.state = BillWorkState.FAILED
    work.save(update_fields=["state"])
    if not is_known:
        telling_money.tell_unbilled(work, now)


@transaction.atomic
def retry_bills(*, round: PoolRound, now: datetime) -> None:
    """Let the workers bill a round again that they gave up on; from its first attempt on.

    Raises BillingNotFailed; then nothing has been written.
    """
    failed = BillWork.objects.filter(round=round, state=BillWorkState.FAILED)
    if not failed.update(state=BillWorkState.QUEUED, attempts=0, due_at=now):
        raise rebilling.BillingNotFailed(round=round.code)
    ring(BELL)
