"""The way of a consumer's order: which stage follows which, and in what status its goods lie.

One table for every step, so that whoever builds one sees what may come before and after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from core.errors import DomainError
from warehouse.rules.posting import Status


class Stage(StrEnum):
    ALLOCATED = "allocated"
    LISTED = "listed"
    RELEASED = "released"
    PICKED = "picked"
    PACKED = "packed"
    HANDED_OVER = "handed_over"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    MERGED = "merged"


#: What may follow on a stage. An order that a carrier has is returned, never cancelled.
FOLLOWS: Mapping[Stage, frozenset[Stage]] = {
    Stage.ALLOCATED: frozenset({Stage.LISTED, Stage.CANCELLED, Stage.MERGED}),
    Stage.LISTED: frozenset({Stage.RELEASED, Stage.CANCELLED, Stage.MERGED}),
    Stage.RELEASED: frozenset({Stage.PICKED, Stage.CANCELLED}),
    Stage.PICKED: frozenset({Stage.PACKED, Stage.CANCELLED}),
    Stage.PACKED: frozenset({Stage.HANDED_OVER, Stage.CANCELLED}),
    Stage.HANDED_OVER: frozenset({Stage.DELIVERED, Stage.RETURNED}),
    Stage.DELIVERED: frozenset({Stage.RETURNED}),
    Stage.CANCELLED: frozenset(),
    Stage.RETURNED: frozenset(),
    # Its goods are another order's.
    Stage.MERGED: frozenset(),
}

#: In which status the units lie that an order of this stage holds; of one not named they are
#: no longer in the warehouse, or free again.
STATUS: Mapping[Stage, Status] = {
    Stage.ALLOCATED: Status.RESERVED,
    Stage.LISTED: Status.RESERVED,
    Stage.RELEASED: Status.RELEASED,
    Stage.PICKED: Status.PICKED,
    Stage.PACKED: Status.PICKED,
}

#: The carrier has these, or had them.
GONE = frozenset({Stage.HANDED_OVER, Stage.DELIVERED, Stage.RETURNED})


class OrderCancelled(DomainError):
    """This order is cancelled already."""

    code = "warehouse.order_cancelled"


class OrderMerged(DomainError):
    """This order was merged into another one; that one can be cancelled or paid."""

    code = "warehouse.order_merged"


class RetailListDrawn(DomainError):
    """The retail list of this order is drawn; it is voided before the order is cancelled."""

    code = "warehouse.retail_list_drawn"


class OrderHandedOver(DomainError):
    """The carrier has the parcel of this order; it can only be returned."""

    code = "warehouse.order_handed_over"


class StageDoesNotFollow(DomainError):
    """An order at this stage cannot come to that one directly."""

    code = "warehouse.stage_does_not_follow"


def check_follows(before: str, after: Stage, *, order: str) -> None:
    """``order`` is its number. Raises StageDoesNotFollow."""
    if after not in FOLLOWS[Stage(before)]:
        raise StageDoesNotFollow(order=order, before=str(before), after=after.value)


def check_cancellable(stage: str, *, is_voided: bool = False, into: str = "") -> None:
    """Stock may come back until a carrier has it. ``is_voided``: no retail list stands for it;
    ``into`` is the number of the order it was merged into.

    Raises OrderCancelled, OrderMerged, OrderHandedOver or RetailListDrawn.
    """
    if stage == Stage.CANCELLED:
        raise OrderCancelled
    if stage == Stage.MERGED:
        raise OrderMerged(into=into)
    if Stage(stage) in GONE:
        raise OrderHandedOver(state=str(stage))
    if stage != Stage.ALLOCATED and not is_voided:
        raise RetailListDrawn(state=str(stage))
