"""Orders that wait: unpaid ones, for so long as the shop said, and those that somebody holds."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.errors import DomainError, InputError
from warehouse.rules.order_way import STATUS, OrderMerged, Stage

#: Stock that nobody paid for stands so long at most.
LONGEST_UNPAID = timedelta(days=7)
LONGEST_REASON = 200
#: Behind these an order is with the carrier, or over.
UNDER_WAY = frozenset(STATUS)


class UnpaidInThePast(InputError):
    """The time until which an order may stay unpaid must lie ahead."""

    code = "warehouse.unpaid_in_the_past"


class UnpaidTooLong(InputError):
    """An order may stay unpaid for seven days at most."""

    code = "warehouse.unpaid_too_long"


class NotPaidInTime(DomainError):
    """This order was not paid in time, so its stock went back; send it again once it is paid."""

    code = "warehouse.not_paid_in_time"


class AlreadyPaid(DomainError):
    """This order is paid already."""

    code = "warehouse.already_paid"


class NotWaitingForPayment(DomainError):
    """This order is cancelled, so it can no longer be paid; send it again."""

    code = "warehouse.not_waiting_for_payment"


class ReasonMissing(InputError):
    """Say why, in 200 characters at most."""

    code = "warehouse.reason_missing"


class HeldAlready(DomainError):
    """You hold this order already."""

    code = "warehouse.held_already"


class NotHeld(DomainError):
    """You do not hold this order; who holds it frees it."""

    code = "warehouse.not_held"


class PastHolding(DomainError):
    """This order has left, or is cancelled or merged, so it can no longer be held."""

    code = "warehouse.past_holding"


class OrderNotInHouse(InputError):
    """No order of this number takes stock from your warehouses."""

    code = "warehouse.order_not_in_house"


def check_unpaid_until(until: datetime | None, now: datetime) -> None:
    """Raises UnpaidInThePast or UnpaidTooLong; both times aware, None is paid."""
    if until is None:
        return
    if until <= now:
        raise UnpaidInThePast(field="unpaid_until")
    if until > now + LONGEST_UNPAID:
        raise UnpaidTooLong(field="unpaid_until", days=LONGEST_UNPAID.days)


def check_payable(
    state: str, unpaid_until: datetime | None, now: datetime, *, into: str = ""
) -> None:
    """Whether an order may be paid now: the moment it ran out of belongs to the sweep. ``into`` is
    the number of the order it was merged into.

    Raises OrderMerged, NotWaitingForPayment, AlreadyPaid or NotPaidInTime.
    """
    if state == Stage.MERGED:
        raise OrderMerged(into=into)
    if state == Stage.CANCELLED:
        raise NotWaitingForPayment
    if unpaid_until is None:
        raise AlreadyPaid
    if unpaid_until <= now:
        raise NotPaidInTime(unpaid_until=unpaid_until)


def check_reason(reason: str) -> str:
    """Without stray spaces. Raises ReasonMissing."""
    told = " ".join(reason.split())
    if not told or len(told) > LONGEST_REASON or not told.isprintable():
        raise ReasonMissing(field="reason", longest=LONGEST_REASON)
    return told


def check_holdable(state: str, *, is_held: bool) -> None:
    """Raises PastHolding or HeldAlready."""
    if state not in UNDER_WAY:
        raise PastHolding(state=state)
    if is_held:
        raise HeldAlready


def check_freeable(*, is_held: bool) -> None:
    """Raises NotHeld."""
    if not is_held:
        raise NotHeld
