"""What was announced of a round is changed, as long as it may."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.rules.seen import check_unchanged
from procurement.models import Deposit, PoolRound
from procurement.queries import forecasts
from procurement.rules import changing, ordering

_TOLD = (
    *("opens_at", "cutoff_at", "fill_until", "deposit_due_at", "deposit_percent"),
    *("tolerance_limit_percent", "shortage_rule", "is_credit_applied", "budget_minor"),
    "payment_days",
)


def policy_of(round: PoolRound) -> dict[str, Any]:
    """What may be changed of a round, as it stands: a page recognises by it what it showed."""
    return {name: getattr(round, name) for name in _TOLD}


def may_change(round: PoolRound, now: datetime) -> tuple[str, ...]:
    """The fields that may still change at this moment."""
    return changing.CHANGEABLE[forecasts.phase(round, now)]


@transaction.atomic
def change_round(
    *,
    round: PoolRound,
    opens_at: datetime,
    cutoff_at: datetime,
    policy: ordering.RoundPolicy,
    seen: str = "",
    now: datetime,
) -> PoolRound:
    """Run a round otherwise than was announced.

    Raises ChangedMeanwhile, RoundFixed, MomentPast, ToleranceLowered, DepositAsked, or what
    announcing such a round raises; then nothing has been written.
    """
    # Filing and closing hold the same lock.
    held = PoolRound.objects.select_for_update().get(pk=round.pk)
    stands = policy_of(held)
    check_unchanged(seen, **stands)
    wanted = {"opens_at": opens_at, "cutoff_at": cutoff_at, **asdict(policy)}
    changed = changing.check_change(
        forecasts.phase(held, now),
        stands=stands,
        wanted=wanted,
        is_filed=held.forecasts.exists(),
        is_asked=Deposit.objects.filter(round=held).exists(),
        now=now,
    )
    ordering.check_round(opens_at=opens_at, cutoff_at=cutoff_at, policy=policy)
    for name in changed:
        setattr(held, name, wanted[name])
        setattr(round, name, wanted[name])
    if changed:
        held.save(update_fields=sorted(changed))
    return held
