"""Deposits: what is due, what was paid, and who has dropped out of a round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from accounts.models import Company
from core.copying import among_keys
from core.money import Money
from core.walls import platform_wide
from procurement.models import Deposit, DepositEvent, DepositStep, PoolRound, RoundPlan
from procurement.queries import credit, forecasts
from procurement.rules import crediting, depositing
from procurement.rules.depositing import Moved


def day_due(due_at: datetime) -> date:
    """The last day on which a deposit must be in the bank, where the house stands.

    A bank tells days: what is due at some hour is in time on all of that day; what is due at
    midnight, on the day that ends then.
    """
    before = due_at - timedelta(microseconds=1)
    return timezone.localtime(before, timezone.get_default_timezone()).date()


def over_at(due_at: datetime) -> datetime:
    """From when on a deposit that is not paid falls out: the end of the day it is due."""
    after = day_due(due_at) + timedelta(days=1)
    return datetime.combine(after, time(), tzinfo=timezone.get_default_timezone())


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
    with the platform) and ``open_minor`` (still to be paid; what was given back or lost is open
    again, and nothing is once the round is ordered)."""
    taken = (DepositStep.APPLIED, DepositStep.REFUNDED, DepositStep.FORFEITED)
    found: QuerySet[Any] = Deposit.objects.select_related("round", "seller").annotate(
        paid_minor=_sum(DepositStep.PAID),
        applied_minor=_sum(DepositStep.APPLIED),
        refunded_minor=_sum(DepositStep.REFUNDED),
        back_minor=_sum(DepositStep.REFUNDED, DepositStep.FORFEITED),
        out_minor=_sum(*taken),
    )
    found = found.annotate(
        held_minor=F("paid_minor") - F("out_minor"),
        open_minor=Case(
            When(round__closed_at__isnull=False, then=Value(0)),
            default=Greatest(F("amount_minor") - F("paid_minor") + F("back_minor"), Value(0)),
            output_field=BigIntegerField(),
        ),
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
    return _moved(DepositEvent.objects.filter(deposit__in=asked))


def moved_in(round: PoolRound) -> dict[int, list[Moved]]:
    """The same of all deposits of a round."""
    # By their keys: of tables that were just filled, a join may be planned as a loop over all.
    keys = Deposit.objects.filter(round=round).values_list("pk", flat=True)
    return _moved(DepositEvent.objects.filter(among_keys("deposit_id", keys)))


def _moved(events: QuerySet[DepositEvent]) -> dict[int, list[Moved]]:
    found: dict[int, list[Moved]] = defaultdict(list)
    rows = events.order_by("pk")
    for pk, step, amount, day in rows.values_list(
        "deposit_id", "step", "amount_minor", "value_date"
    ):
        found[pk].append(Moved(step, amount, day))
    return found


def dropped(round: PoolRound, now: datetime) -> set[int]:
    """The sellers whose share falls out of a round: at its second cut-off their deposit was not
    paid in full, or none was asked because nothing of theirs was going to be ordered. What others
    leave by dropping out goes to nobody without a deposit. Nobody falls out before that moment,
    or where no deposits are asked.

    Of a round that is ordered, those without whom it was planned: what the bank tells later
    changes nothing. Ask ``platform_wide``.
    """
    if round.closed_at is not None:
        return _left_aside(round)
    if round.deposit_due_at is None or now < over_at(round.deposit_due_at):
        return set()
    steps = moved_in(round)
    asked = Deposit.objects.filter(round=round)
    rows = list(asked.values_list("pk", "seller_id", "amount_minor", "due_at"))
    days = {at: day_due(at) for at in {due_at for *_one, due_at in rows}}
    unpaid = {
        seller
        for pk, seller, amount, due_at in rows
        if not depositing.is_covered(amount, steps.get(pk, ()), due_on=days[due_at])
    }
    return unpaid | _unasked(round, {seller for _pk, seller, *_one in rows}, now)


def _left_aside(round: PoolRound) -> set[int]:
    plans = RoundPlan.objects.filter(round=round).order_by("-number")
    return set(plans.values_list("dropped", flat=True).first() or ())


def _unasked(round: PoolRound, asked: set[int], now: datetime) -> set[int]:
    """Who wished for something and was expected to cost nothing when deposits were asked for.

    Not who pays none by its band: of those the order is as sure as the house decided it is.
    """
    if round.deposits_asked_at is None or not round.deposit_percent:
        return set()
    left = forecasts.wishing(round) - asked
    today = timezone.localdate(now, timezone.get_default_timezone())
    bands = credit.bands_on(today, left) if left else {}
    return {
        seller
        for seller, band in bands.items()
        if crediting.deposit_percent(round.deposit_percent, band)
    }


def is_out(deposit: Deposit, now: datetime) -> bool:
    """Whether the share of one deposit has fallen out of its round."""
    round = deposit.round
    if round.closed_at is not None:
        with platform_wide():
            return deposit.seller_id in _left_aside(round)
    if now < over_at(deposit.due_at):
        return False
    steps = moved([deposit]).get(deposit.pk, ())
    return not depositing.is_covered(deposit.amount_minor, steps, due_on=day_due(deposit.due_at))


@dataclass(frozen=True, slots=True)
class Received:
    """Sums of a round's deposits, in fen."""

    sellers: int
    asked_minor: int
    paid_minor: int
    unpaid_sellers: int


def received(round: PoolRound) -> Received:
    """What was asked of all sellers of a round and what came in and stayed; for operators."""
    steps = moved_in(round)
    rows = Deposit.objects.filter(round=round).values_list("pk", "amount_minor")
    asked = dict(rows)
    paid = {pk: depositing.paid_minor(steps.get(pk, ())) for pk in asked}
    return Received(
        sellers=len(asked),
        asked_minor=sum(asked.values()),
        paid_minor=sum(paid.values()),
        unpaid_sellers=sum(paid[pk] < amount for pk, amount in asked.items()),
    )


def is_unpaid(round: PoolRound) -> bool:
    """Whether some deposit of a round that is still to be ordered is not paid in full.

    Added up from all steps at once: asked deposit by deposit, ten thousand that were paid within
    a minute took half a minute, because the database did not know yet how many there are.
    """
    return received(round).unpaid_sellers > 0


UNPAID = Q(open_minor__gt=0)


def to_fill_in() -> list[tuple[str, str, str, str]]:
    """Deposits that are not paid in full, with what is open in yuan, for a file of payments."""
    rows = deposits().filter(UNPAID).order_by("number").values_list("number", "open_minor")
    return [(number, str(Money(open_minor, "CNY").amount), "", "") for number, open_minor in rows]
