"""Who has approved an order, and how many must."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from procurement.models import ApprovalLimit, OrderApproval, PurchaseOrder
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


def needed_for(order: PurchaseOrder, *, now: datetime) -> int:
    """How many people approve an order of this amount.

    Raises PlanningRateMissing where only a limit in CNY is set and no rate is known.
    """
    known = dict(
        ApprovalLimit.objects.filter(currency__in=[order.currency, HOME]).values_list(
            "currency", "amount_minor"
        )
    )
    if order.currency in known:
        return needed(amount=order.amount_minor, limit=known[order.currency])
    if HOME not in known:
        return 0
    on = timezone.localtime(now, timezone.get_default_timezone()).date()
    # Rounded up: of an amount just above the limit two people approve.
    fen = -(-order.amount_minor * rate_ppb(order.currency, on=on) // BILLION)
    return needed(amount=fen, limit=known[HOME])
