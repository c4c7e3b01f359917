"""When a round closes, and in which order an order is placed, shipped, cleared and invoiced."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from core.errors import DomainError, InputError
from procurement.rules.parting import MoreThanIsOpen
from procurement.rules.sharing.shortage import Shortage

#: A bill, and a correction of it, is paid within so many days where a round says nothing else.
PAYMENT_DAYS: Final = 14
#: Shorter no bank moves money, longer the platform would lend what it has paid.
LEAST_PAYMENT_DAYS: Final = 3
MOST_PAYMENT_DAYS: Final = 90


class RoundExists(DomainError):
    """A quarter has one round of all categories and one of each, and this one is there already."""

    code = "procurement.round_exists"


class CutoffBeforeOpening(InputError):
    """A round's cut-off lies after its opening."""

    code = "procurement.cutoff_before_opening"


class PhasesOutOfOrder(InputError):
    """After the cut-off packs are filled up, and after that deposits are due, in this order."""

    code = "procurement.phases_out_of_order"


class DepositIncomplete(InputError):
    """A deposit has a percentage and a day on which it is due: both or neither."""

    code = "procurement.deposit_incomplete"


class PolicyOutOfRange(InputError):
    """Deposit and tolerance go from 0 to 100 percent, a budget is more than nothing, a bill is paid
    within 3 to 90 days, and a shortage is split by a rule that is known."""

    code = "procurement.policy_out_of_range"


class CategoryNotKnown(InputError):
    """No product of the catalogue is of this category, so nobody could file anything."""

    code = "procurement.category_not_known"


class CategoryFiledAlready(DomainError):
    """Sellers have filed goods of this category in the quarter's round of all categories."""

    code = "procurement.category_filed_already"


class CutoffNotReached(DomainError):
    """A round closes after its cut-off: until then sellers may still change their forecasts."""

    code = "procurement.cutoff_not_reached"


class RoundAlreadyClosed(DomainError):
    """A round closes once, and this one has closed."""

    code = "procurement.round_already_closed"


class NotAnImporter(DomainError):
    """Only an importer of record buys for the pool."""

    code = "procurement.not_an_importer"


class NotThePlatform(DomainError):
    """What packs and minimum add belongs to the platform operator and to nobody else."""

    code = "procurement.not_the_platform"


class OrderAlreadyPlaced(DomainError):
    """An order is placed with its supplier once."""

    code = "procurement.order_already_placed"


class OrderNotPlaced(DomainError):
    """Only an order that was placed with the supplier, and is not all on its way, is shipped."""

    code = "procurement.order_not_placed"


class NotOfThisOrder(InputError):
    """A shipment, confirmation or cancellation names lines of its own order, each once."""

    code = "procurement.not_of_this_order"


class NothingShipped(InputError):
    """A shipment carries at least one order line."""

    code = "procurement.nothing_shipped"


class ShipmentDatesWrong(InputError):
    """Goods are made before they leave, expire after they arrive, and arrive after they left."""

    code = "procurement.shipment_dates_wrong"


class AmountNegative(InputError):
    """Freight and insurance are not negative, and a shipment has at least one package."""

    code = "procurement.amount_negative"


class ShipmentNotAtSea(DomainError):
    """Only a shipment that is on its way is cleared into bond, once."""

    code = "procurement.shipment_not_at_sea"


class ShipmentNotCleared(DomainError):
    """Only a shipment that customs cleared into bond is received, once."""

    code = "procurement.shipment_not_cleared"


class ShipmentAlreadyInvoiced(DomainError):
    """A shipment is invoiced once; a correction is a credit note of its own."""

    code = "procurement.shipment_already_invoiced"


class DocumentNotFailed(DomainError):
    """Only a paper that could not be made is tried again."""

    code = "procurement.document_not_failed"


@dataclass(frozen=True, slots=True)
class RoundPolicy:
    """How a round is run: its later moments, and what is decided by its operator.

    Percentages are whole; ``budget_minor`` is CNY, none is no limit; a bill is paid within
    ``payment_days``.
    """

    fill_until: datetime | None = None
    deposit_due_at: datetime | None = None
    shortage_rule: str = "uniform_floor"
    is_credit_applied: bool = False
    deposit_percent: int = 0
    tolerance_limit_percent: int = 100
    budget_minor: int | None = None
    payment_days: int = PAYMENT_DAYS


def check_round(
    *, opens_at: datetime, cutoff_at: datetime, policy: RoundPolicy | None = None
) -> None:
    """Raises CutoffBeforeOpening, PhasesOutOfOrder, DepositIncomplete or PolicyOutOfRange."""
    if opens_at >= cutoff_at:
        raise CutoffBeforeOpening(opens_at=opens_at, cutoff_at=cutoff_at)
    if policy is None:
        return
    ends_at = policy.fill_until or cutoff_at
    due_at = policy.deposit_due_at or ends_at
    if not cutoff_at <= ends_at <= due_at:
        raise PhasesOutOfOrder(cutoff_at=cutoff_at, fill_until=ends_at, deposit_due_at=due_at)
    percents = (policy.deposit_percent, policy.tolerance_limit_percent)
    if not all(0 <= percent <= 100 for percent in percents):
        raise PolicyOutOfRange(deposit=percents[0], tolerance=percents[1])
    if policy.budget_minor is not None and policy.budget_minor <= 0:
        raise PolicyOutOfRange(budget_minor=policy.budget_minor)
    if not LEAST_PAYMENT_DAYS <= policy.payment_days <= MOST_PAYMENT_DAYS:
        raise PolicyOutOfRange(payment_days=policy.payment_days)
    if policy.shortage_rule not in set(Shortage):
        raise PolicyOutOfRange(shortage_rule=policy.shortage_rule)
    if (policy.deposit_due_at is None) != (policy.deposit_percent == 0):
        raise DepositIncomplete(percent=policy.deposit_percent, due_at=policy.deposit_due_at)


def check_closable(
    *, quarter: str, cutoff_at: datetime, closed_at: datetime | None, now: datetime
) -> None:
    """Raises RoundAlreadyClosed or CutoffNotReached."""
    check_open(quarter=quarter, closed_at=closed_at)
    if now < cutoff_at:
        raise CutoffNotReached(quarter=quarter, cutoff_at=cutoff_at)


def check_open(*, quarter: str, closed_at: datetime | None) -> None:
    """Raises RoundAlreadyClosed."""
    if closed_at is not None:
        raise RoundAlreadyClosed(quarter=quarter, closed_at=closed_at)


def check_platform(*, code: str, kinds: Collection[str]) -> None:
    """Raises NotThePlatform."""
    if "platform" not in kinds:
        raise NotThePlatform(company=code)


def check_lines(
    wanted: Sequence[tuple[int, int | None]], *, of_order: Mapping[int, int]
) -> dict[int, int]:
    """The units of each order line that a shipment carries, of what is open (``of_order``);
    None stands for all of it.

    Raises NothingShipped, NotOfThisOrder or MoreThanIsOpen.
    """
    if not wanted:
        raise NothingShipped
    lines = [line for line, _units in wanted]
    if len(set(lines)) != len(lines) or not set(lines) <= set(of_order):
        raise NotOfThisOrder(lines=sorted(lines))
    carried = {}
    for line, told in sorted(wanted, key=lambda one: one[0]):
        units = of_order[line] if told is None else told
        if not 0 < units <= of_order[line]:
            raise MoreThanIsOpen(line=line, quantity=units, open=of_order[line])
        carried[line] = units
    return carried


def check_travel(
    *,
    departed_at: datetime,
    expected_on: date,
    goods: Iterable[tuple[date | None, date | None]],
) -> None:
    """``goods`` are days of making and expiry, where known. Raises ShipmentDatesWrong."""
    left_on = departed_at.date()
    if expected_on < left_on:
        raise ShipmentDatesWrong(departed_on=left_on, expected_on=expected_on)
    for produced_on, expires_on in goods:
        if produced_on and produced_on > left_on:
            raise ShipmentDatesWrong(produced_on=produced_on, departed_on=left_on)
        if expires_on and expires_on <= expected_on:
            raise ShipmentDatesWrong(expires_on=expires_on, expected_on=expected_on)
