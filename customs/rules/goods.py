"""From what a shipment carries to the lines of its bonded list and of its declaration.

Weights are grams, quantities whole declared units, amounts minor units of the order's currency.
The list has a line for each order line, which is one item of the account book; the declaration has
one for all list lines that agree in code, name, specification, unit, price, currency and origin.
Whose how much of a line is, is shared so that the parts sum to it exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from core.errors import InputError
from core.money import exponent, shared
from customs.rules.legal_units import in_legal_unit


class DataMissing(InputError):
    """The declaration cannot be drafted until the missing data is filled in."""

    code = "customs.data_missing"


class NetOverGross(InputError):
    """Goods cannot weigh more net than gross."""

    code = "customs.net_over_gross"


class NothingShipped(InputError):
    """A declaration needs at least one goods line."""

    code = "customs.nothing_shipped"


class TooManyGoodsLines(InputError):
    """A declaration holds only so many goods lines, and one bill of lading has one declaration:
    the supplier must split the bill of lading and announce the goods as two shipments."""

    code = "customs.too_many_goods_lines"


class MoreOwnedThanShipped(InputError):
    """The parts of the owners come to more than was shipped."""

    code = "customs.more_owned_than_shipped"


@dataclass(frozen=True, slots=True)
class Shipped:
    """One order line with what of it is on board, and the product as it is catalogued.

    ``amount`` is what all ``ordered`` units cost. ``legal_unit`` and ``second_unit`` are the
    tariff's, the first empty where no tariff row is in force, the second where there is none.
    ``content_ml`` is what one unit holds, 0 where nobody said so; ``has_elements`` whether the
    specification gives all that the code asks for, ``has_permits`` whether each permit that the
    tariff asks for has its number.
    """

    key: int
    sku: str
    hs_code: str
    name_zh: str
    origin: str
    declared_unit: str
    legal_unit: str
    unit_net: int
    unit_gross: int
    ordered: int
    shipped: int
    amount: int
    specification: str = ""
    second_unit: str = ""
    content_ml: int = 0
    has_elements: bool = True
    has_permits: bool = True


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line of the bonded list; ``goods`` is the place of its goods line."""

    key: int
    position: int
    goods: int
    quantity: int
    legal_quantity: Decimal
    legal_unit: str
    second_quantity: Decimal | None
    second_unit: str
    unit_price: Decimal
    total: int
    net_weight: int
    gross_weight: int


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """One goods line of the declaration: the sum of its list lines."""

    position: int
    hs_code: str
    name_zh: str
    specification: str
    origin: str
    unit: str
    quantity: int
    legal_quantity: Decimal
    legal_unit: str
    second_quantity: Decimal | None
    second_unit: str
    unit_price: Decimal
    total: int
    net_weight: int
    gross_weight: int


@dataclass(frozen=True, slots=True)
class OwnPart:
    """What of a list line one owner has."""

    owner: int
    quantity: int
    amount: int
    net_weight: int
    gross_weight: int


def list_lines(lines: Sequence[Shipped], *, gross_weight: int, currency: str) -> list[ListLine]:
    """The list lines of a shipment that weighs ``gross_weight`` grams with all its packing.

    Net weight and legal quantities come from the catalogue; the gross weight is shared over the
    lines by largest remainder, so the lines sum exactly to the head.

    Raises NothingShipped, NetOverGross or DataMissing.
    """
    if not lines or any(line.shipped <= 0 for line in lines):
        raise NothingShipped()
    nets = [line.unit_net * line.shipped for line in lines]
    if sum(nets) > gross_weight:
        raise NetOverGross(net_kg=kilograms(sum(nets)), gross_kg=kilograms(gross_weight))
    # What the packing adds is shared; so no line ends up lighter gross than net.
    packing = shared(
        gross_weight - sum(nets),
        [max(line.unit_gross - line.unit_net, 0) * line.shipped or 1 for line in lines],
    )
    places: dict[tuple[object, ...], int] = {}
    made = []
    for position, (line, net, extra) in enumerate(zip(lines, nets, packing, strict=True), 1):
        legal = legal_quantity(line, line.legal_unit)
        second = legal_quantity(line, line.second_unit) if line.second_unit else None
        if legal is None or (line.second_unit and second is None):
            raise DataMissing(**{line.sku: "second_unit" if legal else "legal_unit"})
        total = cost_of(line.amount, line.shipped, line.ordered)
        price = unit_price(total, line.shipped, currency)
        made.append(
            ListLine(
                key=line.key,
                position=position,
                goods=places.setdefault(_sameness(line, price), len(places) + 1),
                quantity=line.shipped,
                legal_quantity=legal,
                legal_unit=line.legal_unit,
                second_quantity=second,
                second_unit=line.second_unit,
                unit_price=price,
                total=total,
                net_weight=net,
                gross_weight=net + extra,
            )
        )
    return made


def sameness(
    *,
    hs_code: str,
    name_zh: str,
    specification: str,
    origin: str,
    units: tuple[str, str, str],
    price: Decimal,
) -> tuple[object, ...]:
    """In what list lines agree that are one goods line; ``units`` are the declared one and the two
    legal ones. The currency is the declaration's."""
    return (hs_code, name_zh, specification, origin, *units, price)


def _sameness(line: Shipped, price: Decimal) -> tuple[object, ...]:
    return sameness(
        hs_code=line.hs_code,
        name_zh=line.name_zh,
        specification=line.specification,
        origin=line.origin,
        units=(line.declared_unit, line.legal_unit, line.second_unit),
        price=price,
    )


def together(before: GoodsLine, one: GoodsLine) -> GoodsLine:
    """The sum of two lines that agree; it keeps the place of the first."""
    second = None
    if before.second_quantity is not None and one.second_quantity is not None:
        second = before.second_quantity + one.second_quantity
    return replace(
        before,
        quantity=before.quantity + one.quantity,
        legal_quantity=before.legal_quantity + one.legal_quantity,
        second_quantity=second,
        total=before.total + one.total,
        net_weight=before.net_weight + one.net_weight,
        gross_weight=before.gross_weight + one.gross_weight,
    )


def goods_lines(
    lines: Sequence[Shipped], listed: Sequence[ListLine], *, most: int
) -> list[GoodsLine]:
    """The goods lines that list lines are merged into; they sum to them in every figure.

    One bill of lading stands on one declaration (column 11 of the form), and a shipment is cleared
    at once: more than ``most`` lines are therefore no second declaration of the same shipment.

    Raises TooManyGoodsLines.
    """
    by_key = {line.key: line for line in lines}
    found: dict[int, GoodsLine] = {}
    for one in listed:
        of, before = by_key[one.key], found.get(one.goods)
        line = GoodsLine(
            position=one.goods,
            hs_code=of.hs_code,
            name_zh=of.name_zh,
            specification=of.specification,
            origin=of.origin,
            unit=of.declared_unit,
            quantity=one.quantity,
            legal_quantity=one.legal_quantity,
            legal_unit=one.legal_unit,
            second_quantity=one.second_quantity,
            second_unit=one.second_unit,
            unit_price=one.unit_price,
            total=one.total,
            net_weight=one.net_weight,
            gross_weight=one.gross_weight,
        )
        found[one.goods] = together(before, line) if before else line
    if len(found) > most:
        raise TooManyGoodsLines(lines=len(found), most=most)
    return [found[place] for place in sorted(found)]


def own_parts(line: ListLine, owned: Mapping[int, int], *, buyer: int) -> list[OwnPart]:
    """Whose how much of a list line is, by owner: units as owned, the rest by largest remainder.

    ``owned`` is units by owner; what nobody owns is the ``buyer``'s, who bought all of it. Net
    and packing are shared apart, so that no part is lighter gross than net.

    Raises MoreOwnedThanShipped.
    """
    units = {owner: quantity for owner, quantity in owned.items() if quantity}
    rest = line.quantity - sum(units.values())
    if rest < 0:
        raise MoreOwnedThanShipped(shipped=line.quantity, owned=line.quantity - rest)
    if rest:
        units[buyer] = units.get(buyer, 0) + rest
    owners = sorted(units)
    weights = [units[owner] for owner in owners]
    amounts = shared(line.total, weights)
    nets = shared(line.net_weight, weights)
    packing = shared(line.gross_weight - line.net_weight, weights)
    return [
        OwnPart(owner, units[owner], amount, net, net + extra)
        for owner, amount, net, extra in zip(owners, amounts, nets, packing, strict=True)
    ]


def unit_price(total: int, quantity: int, currency: str) -> Decimal:
    """Four decimals of the currency, half up: what the form's column 37 takes.

    The total is the truth; times the quantity, the printed price may differ from it by its
    own rounding, half of the fourth decimal a unit.
    """
    exact = Decimal(total).scaleb(-exponent(currency)) / quantity
    return exact.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


def legal_quantity(line: Shipped, unit: str) -> Decimal | None:
    """Of what is on board, in a legal unit; None where it cannot be derived."""
    return in_legal_unit(
        unit,
        quantity=line.shipped,
        net=line.unit_net * line.shipped,
        declared_unit=line.declared_unit,
        content_ml=line.content_ml,
    )


def cost_of(amount: int, shipped: int, ordered: int) -> int:
    """Of what ``ordered`` units cost, that of ``shipped``, half up."""
    return _half_up(amount * shipped, ordered)


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def kilograms(grams: int) -> str:
    """``54.5`` for 54,500 g: exact, with no more decimals than there are."""
    whole, rest = divmod(grams, 1000)
    return f"{whole}.{rest:03d}".rstrip("0").rstrip(".") if rest else str(whole)
