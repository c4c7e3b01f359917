"""Who has approved an order, and how many must."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet, Sum
from django.utils import timezone

from procurement.models import ApprovalLimit, OrderApproval, PurchaseOrder, RoundCharge
from procurement.queries.solving import rate_ppb
from procurement.rules.approving import needed
from procurement.rules.solving.terms import BILLION
from settlement.rules import HOME


def limits() -> QuerySet[ApprovalLimit]:
    """The platform's limits, by currency."""
    return ApprovalLimit.objects.order_by("currency")


def approved_by(order: PurchaseOrder) -> list[int]:
    """The people who have approved an order, first first."""
    found = OrderApproval.objects.filter(order=order).order_by("pk")
    return list(found.values_list("approved_by_id", flat=True))


def needed_for(order: PurchaseOrder, *, now: datetime, amount_minor: int | None = None) -> int:
    """How many people approve an order of this amount, or of another.

    Raises PlanningRateMissing where only a limit in CNY is set and no rate is known.
    """
    amount = order.amount_minor if amount_minor is None else amount_minor
    known = dict(
        ApprovalLimit.objects.filter(currency__in=[order.currency, HOME]).values_list(
            "currency", "amount_minor"
        )
    )
    if order.currency in known:
        return needed(amount=amount, limit=known[order.currency])
    if HOME not in known:
        return 0
    return needed(amount=_fen(order, amount, now), limit=known[HOME])


def is_above_budget(order: PurchaseOrder, *, adds_minor: int, now: datetime) -> bool:
    """Whether a round costs more than its budget once an order costs so much more.

    Raises PlanningRateMissing where no rate is known.
    """
    budget = order.round.budget_minor
    if budget is None:
        return False
    charges = RoundCharge.objects.filter(round=order.round_id)
    newest = charges.order_by("-run").values("run")[:1]
    cost = charges.filter(run=newest).aggregate(cost=Sum("amount_minor"))["cost"] or 0
    return int(cost) + _fen(order, adds_minor, now) > int(budget)


def _fen(order: PurchaseOrder, amount_minor: int, now: datetime) -> int:
    """Rounded up: of an amount just above a limit two people approve."""
    on = timezone.localtime(now, timezone.get_default_timezone()).date()
    return -(-amount_minor * rate_ppb(order.currency, on=on) // BILLION)
