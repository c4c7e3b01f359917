"""How a count at the gate is checked, and who bears what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.errors import DomainError, InputError
from core.money import shared


class ShipmentNotCleared(DomainError):
    """Goods enter the bonded warehouse only after customs has cleared the shipment into bond."""

    code = "warehouse.shipment_not_cleared"


class ClearedForAnother(DomainError):
    """Customs cleared this shipment into another company's bonded warehouse."""

    code = "warehouse.cleared_for_another"


class AlreadyReceived(DomainError):
    """A shipment is counted once; its receipt is there already."""

    code = "warehouse.already_received"


class CountIncomplete(InputError):
    """Every line of the shipment must be counted; write 0 where nothing arrived."""

    code = "warehouse.count_incomplete"


class NotOnShipment(InputError):
    """A counted line does not belong to this shipment."""

    code = "warehouse.not_on_shipment"


class NotACount(InputError):
    """A count is a whole number of units, 0 or more."""

    code = "warehouse.not_a_count"


class CountOverNotice(InputError):
    """More was counted than the ship notice announced and customs cleared."""

    code = "warehouse.count_over_notice"


class SharesDoNotAddUp(DomainError):
    """The shares of an order line do not add up to what the shipment announced."""

    code = "warehouse.shares_do_not_add_up"


@dataclass(frozen=True, slots=True)
class Entitled:
    """Units of one shipment line that an owner has a right to."""

    owner: int
    quantity: int


def check_count(announced: int, counted: object) -> int:
    """The count of one line. Raises NotACount, or CountOverNotice with both figures."""
    if not isinstance(counted, int) or isinstance(counted, bool) or counted < 0:
        raise NotACount(counted=counted)
    if counted > announced:
        raise CountOverNotice(announced=announced, counted=counted)
    return counted


def check_counts(announced: Mapping[int, int], counted: Mapping[int, int]) -> None:
    """Counts of a whole shipment, by shipment line id.

    Raises CountIncomplete, NotOnShipment, NotACount or CountOverNotice, naming the line.
    """
    if missing := sorted(announced.keys() - counted.keys()):
        raise CountIncomplete(lines=missing)
    if foreign := sorted(counted.keys() - announced.keys()):
        raise NotOnShipment(lines=foreign)
    for line in sorted(announced):
        try:
            check_count(announced[line], counted[line])
        except (NotACount, CountOverNotice) as error:
            raise type(error)(line=line, **error.facts) from error


def entitle(announced: int, still_open: Sequence[Entitled]) -> list[Entitled]:
    """Each owner's part of what one shipment line announced.

    ``still_open`` is each owner's share of the order line, less what earlier shipments gave
    it. A shipment of the whole line gives everybody exactly its share; a part of it is split
    by largest remainder of what is open, so that the parts of all shipments add up to the
    shares and nobody is ever given more.

    Raises SharesDoNotAddUp when more was announced than is open.
    """
    ordered = sorted(still_open, key=lambda one: one.owner)
    total = sum(one.quantity for one in ordered)
    if announced > total:
        raise SharesDoNotAddUp(announced=announced, shares=total)
    parts = shared(announced, [one.quantity for one in ordered])
    return [Entitled(one.owner, part) for one, part in zip(ordered, parts, strict=True)]
