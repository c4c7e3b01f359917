"""What a supplier may confirm, and what of an order may be cancelled."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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


class DearerNeedsTwo(DomainError):
    """A change that takes an order above the approval limit, or its round above the budget, is
    accepted by another person than who approved the order."""

    code = "procurement.dearer_needs_two"


class NothingCancelled(InputError):
    """A cancellation names at least one unit of one line, and says why."""

    code = "procurement.nothing_cancelled"


class LineNamedTwice(InputError):
    """A cancellation names each line of the order once."""

    code = "procurement.line_named_twice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """What stands of an order line.

    ``steps``: the price list, (from pack, price of a pack), of a line whose packs have prices of
    their own; empty where all of them cost ``pack_price_minor``, the price of the last one.
    """

    pack_quantity: int
    quantity: int
    amount_minor: int
    pack_price_minor: int
    promised_on: date | None
    shipped: int
    shipped_minor: int
    steps: tuple[tuple[int, int], ...] = ()

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


def priced(steps: Sequence[tuple[int, int]], packs: int) -> list[tuple[int, int]]:
    """So many packs at each price of a list in which packs have prices of their own.

    The pack that reaches a step is the first at its price. 150 packs, 10.00 from the first on
    and 9.00 from the 100th: 99 at 10.00 and 51 at 9.00.
    """
    ends = [start - 1 for start, _price in steps[1:]] + [packs]
    found, begun = [], 0
    for (_start, price), end in zip(steps, ends, strict=True):
        until = min(max(end, begun), packs)
        if until > begun:
            found.append((until - begun, price))
        begun = until
    return found


def last_price(stands: Stands, quantity: int) -> int:
    """What the last pack of so many units costs."""
    packs = -(-quantity // stands.pack_quantity)
    there = priced(stands.steps, packs) if stands.steps else []
    return there[-1][1] if there else stands.pack_price_minor


def with_price(
    steps: Sequence[tuple[int, int]], packs: int, price: int
) -> tuple[tuple[int, int], ...]:
    """The price list, the step that ``packs`` reach at another price."""
    reached = max((at for at, (start, _) in enumerate(steps) if packs >= start), default=0)
    return tuple((start, price if at == reached else its) for at, (start, its) in enumerate(steps))


def _by_list(stands: Stands, steps: Sequence[tuple[int, int]], quantity: int) -> int:
    """What is open of so many units costs by a price list; of a begun pack its part."""
    if quantity == stands.shipped:
        return 0
    packs, rest = divmod(quantity, stands.pack_quantity)
    total = sum(many * price for many, price in priced(steps, packs))
    if rest:
        price = priced(steps, packs + 1)[-1][1]
        total += (2 * price * rest + stands.pack_quantity) // (2 * stands.pack_quantity)
    return max(0, total - stands.shipped_minor)


def agreed(stands: Stands, told: Confirmed) -> tuple[int, int]:
    """Units and amount of a line once a change is accepted; what has left keeps its price.

    Where packs have prices of their own, the amount follows the price list, and another price
    is that of the last pack and of those at its step.
    """
    quantity = told.packs * stands.pack_quantity
    still_open = quantity - stands.shipped
    is_as_it_was = told.pack_price_minor == stands.pack_price_minor
    if stands.steps:
        if is_as_it_was and quantity == stands.quantity:
            return quantity, stands.amount_minor
        steps: Sequence[tuple[int, int]] = stands.steps
        if not is_as_it_was:
            steps = with_price(steps, told.packs, told.pack_price_minor)
        return quantity, stands.shipped_minor + _by_list(stands, steps, quantity)
    if is_as_it_was:
        rest = amount_of(
            quantity=still_open, open_quantity=stands.open, open_minor=stands.open_minor
        )
    else:
        twice = 2 * still_open * told.pack_price_minor + stands.pack_quantity
        rest = twice // (2 * stands.pack_quantity)
    return quantity, stands.shipped_minor + rest


def agreed_price(stands: Stands, told: Confirmed) -> int:
    """The price of the last pack once a change is accepted."""
    if told.pack_price_minor != stands.pack_price_minor:
        return told.pack_price_minor
    return last_price(stands, told.packs * stands.pack_quantity)


def check_acceptance(
    *,
    adds_minor: int,
    entered_by: int | None,
    accepted_by: int | None,
    approved_by: Collection[int] = (),
    count: int = 0,
) -> None:
    """Raises DearerNeedsAnother: nobody writes a price into an order that others approved; or
    DearerNeedsTwo: who approved the order and who accepts are fewer than the ``count`` that
    approve what it costs then."""
    if adds_minor <= 0:
        return
    if accepted_by is not None and accepted_by == entered_by:
        raise DearerNeedsAnother(adds_minor=adds_minor)
    people = {*approved_by} | ({accepted_by} if accepted_by is not None else set())
    if len(people) < count:
        raise DearerNeedsTwo(adds_minor=adds_minor, approvals=len(people), needed=count)


def cancelled(stands: Mapping[int, Stands], told: Sequence[tuple[int, int]]) -> dict[int, int]:
    """What the cancelled units of each line would have cost; ``told`` are (line, units).

    Raises LineNamedTwice, NothingCancelled, NotOfThisOrder or MoreThanIsOpen.
    """
    named = [line for line, _quantity in told]
    if len(set(named)) < len(named):
        raise LineNamedTwice(lines=sorted({line for line in named if named.count(line) > 1}))
    units = {line: quantity for line, quantity in told if quantity}
    if not units or any(quantity < 0 for quantity in units.values()):
        raise NothingCancelled
    if not set(units) <= set(stands):
        raise NotOfThisOrder(lines=sorted(units))
    for line in sorted(units):
        if units[line] > stands[line].open:
            raise MoreThanIsOpen(line=line, quantity=units[line], open=stands[line].open)
    return {line: _cost_of(stands[line], quantity) for line, quantity in sorted(units.items())}


def _cost_of(stands: Stands, cancelled: int) -> int:
    if stands.steps:
        left = _by_list(stands, stands.steps, stands.quantity - cancelled)
        return max(0, stands.open_minor - left)
    return amount_of(quantity=cancelled, open_quantity=stands.open, open_minor=stands.open_minor)
