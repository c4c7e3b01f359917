"""What a round is expected to cost before it is ordered, and the deposits that are asked for it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from accounts.models import Company
from procurement.models import Deposit, PoolRound
from procurement.queries import deposits as deposits_told
from procurement.queries import forecasts
from procurement.queries.called import by_sku_and_code
from procurement.rules import allotting, billing, depositing, ordering
from procurement.rules.allotting import Allotment
from procurement.rules.billing import Bills
from procurement.rules.sharing.quantities import Policy
from procurement.rules.sharing.shortage import Shortage
from procurement.services.deposits import ask_deposits
from procurement.services.planning import Planned, plan_and, within


def allot(planned: Planned, platform: Company) -> Allotment:
    """Lay a plan over the demand it was made for, by the round's rule for shortages."""
    with by_sku_and_code():
        return allotting.allot(
            planned.problem,
            planned.best,
            planned.demand,
            policy=policy_of(planned.row.round),
            platform_id=platform.pk,
        )


def policy_of(round: PoolRound) -> Policy:
    """How a round shares a shortage."""
    return Policy(shortage=Shortage(round.shortage_rule))


def expect(planned: Planned, platform: Company) -> Bills | None:
    """What each owner would bear of a plan; None where it orders nothing."""
    if not planned.best.lines:
        return None
    made = allot(planned, platform)
    lanes = {order.lane: place for place, order in enumerate(planned.best.orders)}
    lines = made.lines[["line", "product_id"]].assign(
        line_id=made.lines["line"],
        order_id=[lanes[line.lane] for line in planned.best.lines],
    )
    shares = made.shares.merge(lines, on="line", how="left", validate="many_to_one")
    _charges, bills = billing.work_out(
        planned.problem, planned.best, lines, shares, platform_id=platform.pk
    )
    return bills


def ask_for_deposits(
    *,
    round: PoolRound,
    platform: Company,
    now: datetime,
    seconds: float | None = None,
) -> list[Deposit]:
    """Plan a round whose forecasts are final, and ask each seller for its part.

    Safe to do again: who was asked is not asked for another amount. Raises CutoffNotReached,
    RoundAlreadyClosed, NotThePlatform, RoundWithoutDeposit, or what planning refuses; then
    nothing has been written. Returns the new ones.
    """

    def drops(held: PoolRound) -> Collection[int]:
        ordering.check_closable(
            quarter=held.code, cutoff_at=held.ends_at, closed_at=held.closed_at, now=now
        )
        ordering.check_platform(code=platform.code, kinds=platform.kinds)
        if not held.deposit_percent:
            raise depositing.RoundWithoutDeposit(round=held.code)
        return ()

    def ask(held: PoolRound, planned: Planned) -> list[Deposit]:
        bills = expect(planned, platform)
        if bills is None:
            return ask_deposits(round=held, expected={}, now=now)
        mine = bills.rows.loc[bills.rows["owner_id"] != platform.pk]
        expected = dict(zip(mine["owner_id"].tolist(), mine["paid_minor"].tolist(), strict=True))
        return ask_deposits(round=held, expected=expected, now=now)

    return plan_and(ask, round=round, now=now, drops=drops, solver=within(seconds))


def without_deposit(round: PoolRound, now: datetime) -> Collection[int]:
    """The sellers who drop out of a round that is ordered now.

    Raises DepositsNotAsked, or DepositsNotDue while some may still be paid.
    """
    wishes = forecasts.counting(round).filter(units__gt=0)
    over_at = round.deposit_due_at and deposits_told.over_at(round.deposit_due_at)
    depositing.check_orderable(
        round=round.code,
        percent=round.deposit_percent,
        due_at=over_at,
        is_asked=round.deposits_asked_at is not None or not wishes.exists(),
        is_unpaid=over_at is not None and now < over_at and deposits_told.is_unpaid(round),
        now=now,
    )
    return deposits_told.dropped(round, now)
