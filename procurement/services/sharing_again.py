"""What stands of an order line changed: whose how much of it is now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from core.money import shared
from procurement.models import LineRevision, PurchaseOrder, RevisedShare
from procurement.queries.standing import Standing, open_parts, owners
from procurement.rules.parting import Part, left_of
from procurement.services.sharing_units import share_less

#: Of a sharing: a line of an order was changed.
CHANGED: Final = "changed"


def share_again(
    *,
    order: PurchaseOrder,
    standing: Standing,
    quantity: int,
    amount_minor: int,
    pack_price_minor: int,
    promised_on: date | None,
    document: str,
    now: datetime,
) -> LineRevision:
    """Write down what stands of a line from now on, and whose it is.

    What has left stays as it is; what is open is shared as :func:`share_less` says. Money
    follows the units, each at its own price of one. Call inside the transaction that holds the
    order.
    """
    line = standing.line
    still_open = open_parts([line.pk])[line.pk]
    gone = left_of(owners([line.pk])[line.pk], still_open)
    units = share_less(
        round=order.round,
        line=line,
        had={owner: part.quantity for owner, part in still_open.items()},
        units=quantity - standing.terms.shipped,
        what=CHANGED,
        document=document,
        now=now,
    )
    money = _money(still_open, units, amount_minor - standing.terms.shipped_minor)
    last = standing.revision.position if standing.revision else 0
    revision = LineRevision.objects.create(
        order_line=line,
        buyer_id=line.buyer_id,
        position=last + 1,
        quantity=quantity,
        pack_price_minor=pack_price_minor,
        amount_minor=amount_minor,
        promised_on=promised_on,
        rule=order.round.shortage_rule,
        document=document,
        made_at=now,
    )
    RevisedShare.objects.bulk_create(
        (
            RevisedShare(
                revision=revision,
                order_line=line,
                owner_id=owner,
                quantity=gone[owner].quantity + units[owner],
                amount_minor=gone[owner].amount_minor + money[owner],
            )
            for owner in sorted(still_open)
        ),
        batch_size=5_000,
    )
    return revision


def _money(still_open: Mapping[int, Part], units: Mapping[int, int], amount: int) -> dict[int, int]:
    """What each owner's units of what is open cost; they sum to the amount exactly."""
    turn = sorted(still_open)
    fine = 10**6
    weights = [
        still_open[owner].amount_minor * units[owner] * fine // still_open[owner].quantity
        if still_open[owner].quantity
        else 0
        for owner in turn
    ]
    if amount and not sum(weights):
        weights = [units[owner] for owner in turn]
    return dict(zip(turn, shared(amount, weights), strict=True))
