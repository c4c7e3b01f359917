"""What a supplier may confirm, and what of an order may be cancelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.errors import DomainError, InputError
from procurement.rules.offering import LARGEST_PACK_PRICE
from procurement.rules.ordering import NotOfThisOrder
from procurement.rules.parting import MoreThanIsOpen, amount_of


class NotConfirmable(DomainError):
    """Only an order that was placed, and of which something is open, is confirmed or cancelled."""

    code = "procurement.not_confirmable"


class ConfirmationWaits(DomainError):
    """A change the supplier asked for is decided before the next confirmation is taken."""

    code = "procurement.confirmation_waits"


class ConfirmationDecided(DomainError):
    """A change is accepted or refused once."""

    code = "procurement.confirmation_decided"


class ConfirmationRefused(InputError):
    """A supplier confirms no more than was ordered, no less than has left, at a price above
    zero."""

    code = "procurement.confirmation_refused"


class DearerNeedsAnother(DomainError):
    """A change that makes an order dearer is accepted by another person than who entered it."""

    code = "procurement.dearer_needs_another"


class NothingCancelled(InputError):
    """A cancellation names at least one unit of one line, and says why."""

    code = "procurement.nothing_cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """What stands of an order line."""

    pack_quantity: int
    quantity: int
    amount_minor: int
    pack_price_minor: int
    promised_on: date | None
    shipped: int
    shipped_minor: int

    @property
    def open(self) -> int:
        return self.quantity - self.shipped

    @property
    def open_minor(self) -> int:
        return self.amount_minor - self.shipped_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What a supplier confirms of a line: packs in all, what left already included."""

    packs: int
    pack_price_minor: int
    promised_on: date | None = None


def check_confirmation(stands: Mapping[int, Stands], told: Mapping[int, Confirmed]) -> None:
    """By order line. Raises NotOfThisOrder or ConfirmationRefused."""
    if not told or not set(told) <= set(stands):
        raise NotOfThisOrder(lines=sorted(set(told) - set(stands)))
    for line in sorted(told):
        one, there = told[line], stands[line]
        units = one.packs * there.pack_quantity
        if not there.shipped <= units <= there.quantity:
            raise ConfirmationRefused(
                line=line, units=units, shipped=there.shipped, ordered=there.quantity
            )
        if not 0 < one.pack_price_minor <= LARGEST_PACK_PRICE:
            raise ConfirmationRefused(line=line, pack_price_minor=one.pack_price_minor)


def changes(stands: Mapping[int, Stands], told: Mapping[int, Confirmed]) -> dict[int, Confirmed]:
    """Those lines of a confirmation that say something else than what stands."""
    return {
        line: one
        for line, one in told.items()
        if one.packs * stands[line].pack_quantity != stands[line].quantity
        or one.pack_price_minor != stands[line].pack_price_minor
        or (one.promised_on is not None and one.promised_on != stands[line].promised_on)
    }


def agreed(stands: Stands, told: Confirmed) -> tuple[int, int]:
    """Units and amount of a line once a change is accepted; what has left keeps its price."""
    quantity = told.packs * stands.pack_quantity
    still_open = quantity - stands.shipped
    if told.pack_price_minor == stands.pack_price_minor:
        rest = amount_of(
            quantity=still_open, open_quantity=stands.open, open_minor=stands.open_minor
        )
    else:
        twice = 2 * still_open * told.pack_price_minor + stands.pack_quantity
        rest = twice // (2 * stands.pack_quantity)
    return quantity, stands.shipped_minor + rest


def check_acceptance(*, adds_minor: int, entered_by: int | None, accepted_by: int | None) -> None:
    """Raises DearerNeedsAnother: nobody writes a price into an order that others approved."""
    if adds_minor > 0 and accepted_by is not None and accepted_by == entered_by:
        raise DearerNeedsAnother(adds_minor=adds_minor)


def cancelled(stands: Mapping[int, Stands], told: Sequence[tuple[int, int]]) -> dict[int, int]:
    """What the cancelled units of each line would have cost; ``told`` are (line, units).

    Raises NothingCancelled, NotOfThisOrder or MoreThanIsOpen.
    """
    units = {line: quantity for line, quantity in told if quantity}
    if not units or any(quantity < 0 for quantity in units.values()):
        raise NothingCancelled
    if len(units) != sum(1 for _line, quantity in told if quantity) or not set(units) <= set(
        stands
    ):
        raise NotOfThisOrder(lines=sorted(units))
    for line in sorted(units):
        if units[line] > stands[line].open:
            raise MoreThanIsOpen(line=line, quantity=units[line], open=stands[line].open)
    return {
        line: amount_of(
            quantity=quantity,
            open_quantity=stands[line].open,
            open_minor=stands[line].open_minor,
        )
        for line, quantity in sorted(units.items())
    }
