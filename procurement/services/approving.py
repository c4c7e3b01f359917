"""Orders are approved by people before they go to a supplier."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from catalog.rules import CURRENCIES
from procurement.models import ApprovalLimit, OrderApproval, OrderState, OrderStep, PurchaseOrder
from procurement.queries import approvals
from procurement.rules import approving
from procurement.services.holding import lock, note


@transaction.atomic
def approve_order(*, order: PurchaseOrder, by: User, now: datetime) -> OrderApproval:
    """Write down one person's yes to a drafted order.

    Raises NothingToApprove, ApprovedTwice, DrafterApprovesAlone or PlanningRateMissing; then
    nothing has been written.
    """
    held = lock(order.pk)
    if held.state != OrderState.DRAFT:
        raise approving.NothingToApprove(order=held.number, state=held.state)
    approving.check_approver(
        approver=by.pk,
        drafted_by=held.drafted_by_id,
        approved_by=approvals.approved_by(held),
        count=approvals.needed_for(held, now=now),
    )
    approval = OrderApproval.objects.create(
        order=held, buyer_id=held.buyer_id, approved_by=by, approved_at=now
    )
    note(held, OrderStep.APPROVED, now=now, by=by)
    return approval


@transaction.atomic
def set_approval_limit(*, currency: str, amount_minor: int | None) -> ApprovalLimit | None:
    """Up to this amount one person approves, above it two; without an amount there is no limit.

    Raises LimitRefused; then nothing has been written.
    """
    if currency not in CURRENCIES:
        raise approving.LimitRefused(field="currency", given=currency[:10])
    if amount_minor is None:
        ApprovalLimit.objects.filter(currency=currency).delete()
        return None
    if not 0 <= amount_minor <= 10**14:
        raise approving.LimitRefused(field="amount", given=amount_minor)
    limit, _is_new = ApprovalLimit.objects.update_or_create(
        currency=currency, defaults={"amount_minor": amount_minor}
    )
    return limit
