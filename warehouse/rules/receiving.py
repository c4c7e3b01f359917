"""How a count at the gate is checked, and who bears what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.errors import DomainError, InputError
from core.money import shared
from warehouse.rules.fulfilling import is_expired
from warehouse.rules.posting import Status


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
    """More was counted than the ship notice announced and this warehouse may take over it."""

    code = "warehouse.count_over_notice"


class MoreDamagedThanCounted(InputError):
    """What is damaged is part of what was counted, and cannot be more."""

    code = "warehouse.more_damaged_than_counted"


class ProducedAfterExpiry(InputError):
    """Goods are produced before they expire, and before they arrive."""

    code = "warehouse.produced_after_expiry"


class WrongBatch(InputError):
    """A maker's batch has up to 20 printable characters."""

    code = "warehouse.wrong_batch"


class SharesDoNotAddUp(DomainError):
    """The shares of an order line do not add up to what the shipment announced."""

    code = "warehouse.shares_do_not_add_up"


@dataclass(frozen=True, slots=True)
class Found:
    """What the gate saw of one shipment line beside its count.

    ``damaged`` units are part of the count, and so are those of the ``serials``. Batch and days
    are what stands on the goods; None where the ship notice is right about them.
    """

    damaged: int = 0
    batch: str | None = None
    produced_on: date | None = None
    expires_on: date | None = None
    serials: tuple[str, ...] = ()


#: Nothing is damaged and the ship notice is right.
AS_ANNOUNCED = Found()


@dataclass(frozen=True, slots=True)
class Entitled:
    """Units of one shipment line that an owner has a right to."""

    owner: int
    quantity: int


def tolerance(*, house: int, supplier: int | None) -> int:
    """How many percent more than announced are taken: the supplier's own, or else the house's."""
    return house if supplier is None else supplier


def check_count(announced: int, counted: object, *, over_percent: int = 0) -> int:
    """The count of one line; ``over_percent`` of what was announced may come on top of it, in
    whole units, rounded down. Raises NotACount, or CountOverNotice with the figures."""
    if not isinstance(counted, int) or isinstance(counted, bool) or counted < 0:
        raise NotACount(counted=counted)
    if counted > announced + announced * over_percent // 100:
        raise CountOverNotice(announced=announced, counted=counted)
    return counted


def check_found(counted: int, found: Found, today: date) -> None:
    """Raises NotACount, MoreDamagedThanCounted, WrongBatch or ProducedAfterExpiry."""
    if found.damaged < 0:
        raise NotACount(counted=found.damaged)
    if found.damaged > counted:
        raise MoreDamagedThanCounted(damaged=found.damaged, counted=counted)
    if found.batch is not None and not (len(found.batch) <= 20 and found.batch.isprintable()):
        raise WrongBatch(given=found.batch[:40])
    if found.produced_on is not None and (
        found.produced_on > today
        or (found.expires_on is not None and found.produced_on > found.expires_on)
    ):
        raise ProducedAfterExpiry(produced_on=found.produced_on, expires_on=found.expires_on)


def check_all_found(counted: Mapping[int, int], found: Mapping[int, Found], today: date) -> None:
    """What was seen of a whole shipment, by shipment line id.

    Raises NotOnShipment, or what :func:`check_found` refuses, naming the line.
    """
    if foreign := sorted(found.keys() - counted.keys()):
        raise NotOnShipment(lines=foreign)
    for line in sorted(found):
        try:
            check_found(counted[line], found[line], today)
        except InputError as error:
            raise type(error)(line=line, **error.facts) from error


def arrives_as(expires_on: date | None, today: date) -> Status:
    """What has expired is not to be sold, however well it arrived."""
    return Status.EXPIRED if is_expired(expires_on, today) else Status.AVAILABLE


def check_counts(
    announced: Mapping[int, int], counted: Mapping[int, int], *, over_percent: int = 0
) -> None:
    """Counts of a whole shipment, by shipment line id.

    Raises CountIncomplete, NotOnShipment, NotACount or CountOverNotice, naming the line.
    """
    if missing := sorted(announced.keys() - counted.keys()):
        raise CountIncomplete(lines=missing)
    if foreign := sorted(counted.keys() - announced.keys()):
        raise NotOnShipment(lines=foreign)
    for line in sorted(announced):
        try:
            check_count(announced[line], counted[line], over_percent=over_percent)
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
