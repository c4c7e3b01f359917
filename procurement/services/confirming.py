"""What a supplier says to an order, and what the platform says to that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import User
from procurement.models import (
    ConfirmationDecision,
    ConfirmationLine,
    OrderConfirmation,
    OrderState,
    OrderStep,
    PurchaseOrder,
)
from procurement.queries import approvals
from procurement.queries.standing import standings
from procurement.rules import confirming
from procurement.rules.confirming import Confirmed, Stands
from procurement.services import telling
from procurement.services.billing_again import bill_again
from procurement.services.holding import lock, note, settle_state
from procurement.services.sharing_again import share_again


@transaction.atomic
def confirm_order(
    *,
    order: PurchaseOrder,
    lines: Mapping[int, Confirmed],
    reference: str = "",
    by: User | None = None,
    now: datetime,
) -> OrderConfirmation:
    """Take down a supplier's confirmation, by order line. What it leaves out is as ordered.

    A confirmation that changes nothing stands at once; a change waits for the platform's yes.

    Raises NotConfirmable, ConfirmationWaits, NotOfThisOrder or ConfirmationRefused; then nothing
    has been written.
    """
    held = lock(order.pk)
    stands = {one.line.pk: one.terms for one in standings(held)}
    if held.state != OrderState.PLACED or not any(one.open for one in stands.values()):
        raise confirming.NotConfirmable(order=held.number, state=held.state)
    if OrderConfirmation.objects.filter(order=held, is_change=True, decision=None).exists():
        raise confirming.ConfirmationWaits(order=held.number)
    confirming.check_confirmation(stands, lines)
    is_change = bool(confirming.changes(stands, lines))
    confirmation = OrderConfirmation.objects.create(
        order=held,
        buyer_id=held.buyer_id,
        position=OrderConfirmation.objects.filter(order=held).count() + 1,
        reference=reference,
        is_change=is_change,
        entered_by=by,
        entered_at=now,
    )
    ConfirmationLine.objects.bulk_create(
        ConfirmationLine(
            confirmation=confirmation,
            order_line_id=line,
            buyer_id=held.buyer_id,
            packs=told.packs,
            pack_price_minor=told.pack_price_minor,
            promised_on=told.promised_on,
        )
        for line, told in sorted(lines.items())
    )
    step = OrderStep.PROPOSED if is_change else OrderStep.CONFIRMED
    note(held, step, now=now, by=by, document=document_of(confirmation))
    if is_change:
        telling.tell_proposed(held, confirmation, now)
    return confirmation


@transaction.atomic
def decide_confirmation(
    *,
    confirmation: OrderConfirmation,
    is_accepted: bool,
    reason: str = "",
    by: User | None = None,
    now: datetime,
) -> ConfirmationDecision:
    """Accept or refuse a change. What is accepted stands from now on and is shared again.

    Raises ConfirmationDecided, DearerNeedsAnother, DearerNeedsTwo, PlanningRateMissing, or
    ConfirmationRefused where more has left meanwhile than was confirmed; then nothing has been
    written.
    """
    held = lock(confirmation.order_id)
    if (
        not confirmation.is_change
        or ConfirmationDecision.objects.filter(confirmation=confirmation).exists()
    ):
        raise confirming.ConfirmationDecided(order=held.number, number=confirmation.position)
    decision = ConfirmationDecision.objects.create(
        confirmation=confirmation,
        buyer_id=held.buyer_id,
        is_accepted=is_accepted,
        decided_by=by,
        decided_at=now,
        reason=reason,
    )
    document = document_of(confirmation)
    if is_accepted:
        stands = {one.line.pk: one for one in standings(held)}
        told = {
            row.order_line_id: Confirmed(
                packs=row.packs,
                pack_price_minor=row.pack_price_minor,
                promised_on=row.promised_on,
            )
            for row in ConfirmationLine.objects.filter(confirmation=confirmation)
        }
        terms = {pk: one.terms for pk, one in stands.items()}
        confirming.check_confirmation(terms, told)
        changed = confirming.changes(terms, told)
        _check_acceptance(held, terms, changed, confirmation, by, now)
        for line, change in sorted(changed.items()):
            quantity, amount = confirming.agreed(terms[line], change)
            share_again(
                order=held,
                standing=stands[line],
                quantity=quantity,
                amount_minor=amount,
                pack_price_minor=confirming.agreed_price(terms[line], change),
                promised_on=change.promised_on or terms[line].promised_on,
                document=document,
                now=now,
            )
        settle_state(held)
        # Another day is no other share.
        shared = [
            line
            for line, change in changed.items()
            if confirming.agreed(terms[line], change)
            != (terms[line].quantity, terms[line].amount_minor)
        ]
        if shared:
            bill_again(order=held, what=OrderStep.ACCEPTED, document=document, now=now)
            telling.tell_changed(held, shared, document=document, now=now)
    step = OrderStep.ACCEPTED if is_accepted else OrderStep.REFUSED
    note(held, step, now=now, by=by, document=document, reason=reason)
    return decision


def _check_acceptance(
    order: PurchaseOrder,
    terms: Mapping[int, Stands],
    changed: Mapping[int, Confirmed],
    confirmation: OrderConfirmation,
    by: User | None,
    now: datetime,
) -> None:
    adds = sum(
        confirming.agreed(terms[line], change)[1] - terms[line].amount_minor
        for line, change in changed.items()
    )
    if adds <= 0:
        return
    total = sum(one.amount_minor for one in terms.values()) + adds
    count = approvals.needed_for(order, now=now, amount_minor=total)
    if approvals.is_above_budget(order, adds_minor=adds, now=now):
        count = 2
    confirming.check_acceptance(
        adds_minor=adds,
        entered_by=confirmation.entered_by_id,
        accepted_by=by.pk if by else None,
        approved_by=approvals.approved_by(order),
        count=count,
    )


def document_of(confirmation: OrderConfirmation) -> str:
    """What a confirmation is called: the supplier's own number, or its place."""
    return confirmation.reference or f"#{confirmation.position}"
