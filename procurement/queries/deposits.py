"""Deposits: what is due, what was paid, and who has dropped out of a round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Company
from core.money import Money
from procurement.models import Deposit, DepositEvent, DepositStep, PoolRound
from procurement.rules import depositing
from procurement.rules.depositing import Moved


def day_due(due_at: datetime) -> date:
    """The day on which a deposit must be in the bank, where the house stands."""
    return timezone.localtime(due_at, timezone.get_default_timezone()).date()


def _sum(*steps: DepositStep) -> Coalesce:
    moved = (
        DepositEvent.objects.filter(deposit=OuterRef("pk"), step__in=steps)
        .order_by()
        .values("deposit")
        .annotate(sum=Sum("amount_minor"))
    )
    return Coalesce(Subquery(moved.values("sum")), Value(0))


def deposits() -> QuerySet[Any]:
    """All deposits with what became of them: ``paid_minor``, ``out_minor``, ``held_minor`` (still
    with the platform) and ``open_minor`` (still to be paid)."""
    taken = (DepositStep.APPLIED, DepositStep.REFUNDED, DepositStep.FORFEITED)
    found: QuerySet[Any] = Deposit.objects.select_related("round", "seller").annotate(
        paid_minor=_sum(DepositStep.PAID),
        applied_minor=_sum(DepositStep.APPLIED),
        refunded_minor=_sum(DepositStep.REFUNDED),
        out_minor=_sum(*taken),
    )
    found = found.annotate(
        held_minor=F("paid_minor") - F("out_minor"),
        open_minor=F("amount_minor") - F("paid_minor"),
    )
    return found


def deposit_of(round: PoolRound, seller: Company) -> Any:
    """What a seller deposits for a round."""
    return deposits().filter(round=round, seller=seller).first()


def events(deposit: Deposit) -> QuerySet[DepositEvent]:
    """What became of a deposit, oldest first."""
    found: QuerySet[DepositEvent] = DepositEvent.objects.filter(deposit=deposit)
    return found.select_related("noted_by").order_by("pk")


def moved(asked: Sequence[Deposit]) -> dict[int, list[Moved]]:
    """The steps of some deposits, by the deposit's key."""
    found: dict[int, list[Moved]] = defaultdict(list)
    rows = DepositEvent.objects.filter(deposit__in=asked).order_by("pk")
    for pk, step, amount, day in rows.values_list(
        "deposit_id", "step", "amount_minor", "value_date"
    ):
        found[pk].append(Moved(step, amount, day))
    return found


def dropped(round: PoolRound, now: datetime) -> set[int]:
    """The sellers whose share falls out of a round: at its second cut-off their deposit was not
    paid in full. Nobody's before that moment, or where no deposits are asked. Ask
    ``platform_wide``.
    """
    if round.deposit_due_at is None or now < round.deposit_due_at:
        return set()
    asked = list(Deposit.objects.filter(round=round))
    steps = moved(asked)
    return {
        one.seller_id
        for one in asked
        if not depositing.is_covered(
            one.amount_minor, steps.get(one.pk, ()), due_on=day_due(one.due_at)
        )
    }


@dataclass(frozen=True, slots=True)
class Received:
    """Sums of a round's deposits, in fen."""

    sellers: int
    asked_minor: int
    paid_minor: int
    unpaid_sellers: int


def received(round: PoolRound) -> Received:
    """What was asked of all sellers of a round and what has come in; for operators."""
    told = [(one.amount_minor, one.paid_minor) for one in deposits().filter(round=round)]
    return Received(
        sellers=len(told),
        asked_minor=sum(amount for amount, _paid in told),
        paid_minor=sum(paid for _amount, paid in told),
        unpaid_sellers=sum(paid < amount for amount, paid in told),
    )


UNPAID = Q(open_minor__gt=0)


def to_fill_in() -> list[tuple[str, str, str, str]]:
    """Deposits that are not paid in full, with what is open in yuan, for a file of payments."""
    rows = deposits().filter(UNPAID).order_by("number").values_list("number", "open_minor")
    return [(number, str(Money(open_minor, "CNY").amount), "", "") for number, open_minor in rows]
