"""What an offer of a supplier must say so that it can be ordered from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date
from itertools import pairwise
from typing import Final

from catalog.rules import CURRENCIES
from core.errors import DomainError, InputError

#: Of these the buyer carries the main freight; of the others the supplier does.
BUYER_CARRIES: Final = ("EXW", "FCA", "FAS", "FOB")
#: Of these the goods travel at the buyer's risk and the buyer insures them, if anybody does: of CIF
#: and CIP the seller buys the cover, of DAP, DPU and DDP it bears the risk until they arrive.
BUYER_INSURES: Final = (*BUYER_CARRIES, "CFR", "CPT")
INCOTERMS: Final = (*BUYER_CARRIES, "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP")
PRICINGS: Final = ("all_units", "incremental")
MULTIPLES: Final = ("pack", "layer", "pallet")

#: More units than any supplier delivers of one product in a quarter: a typing mistake.
LARGEST_QUANTITY: Final = 100_000_000
LARGEST_PACK: Final = 1_000_000
LONGEST_LEAD_TIME: Final = 730
#: More steps than any price list has.
MOST_BREAKS: Final = 50


#: The most a pack may cost, in minor units.
LARGEST_PACK_PRICE: Final = 1_000_000_000


class OfferMissing(DomainError):
    """A product was wished for that no supplier offers at the cut-off."""

    code = "procurement.offer_missing"


class OfferedProductUnknown(InputError):
    """The catalogue has no product of this SKU."""

    code = "procurement.offered_product_unknown"


class OfferingSupplierUnknown(InputError):
    """No supplier with terms of trade has this code."""

    code = "procurement.offering_supplier_unknown"


class OffersRefused(InputError):
    """Some offers cannot be taken as they are; none has been stored."""

    code = "procurement.offers_refused"


class OfferEndsBeforeItBegins(InputError):
    """An offer ends on its first day or later."""

    code = "procurement.offer_ends_before_it_begins"


class OfferEndsLater(InputError):
    """An offer is ended by the day it holds until, and no later; to let it hold longer, change its
    terms."""

    code = "procurement.offer_ends_later"


class OffersOverlap(DomainError):
    """Another offer of this supplier on the same terms holds on some of these days; end it
    first."""

    code = "procurement.offers_overlap"


class FreightRefused(InputError):
    """Prices of freight are not negative, and a container holds cubic metres and kilograms."""

    code = "procurement.freight_refused"


class MinimumRefused(InputError):
    """An order minimum is an amount of zero or more, in a traded currency on a known incoterm."""

    code = "procurement.minimum_refused"


def _(message: str) -> str:
    """Marks a message for translation; the door translates it."""
    return message


@dataclass(frozen=True, slots=True)
class Box:
    """What goes into a container, in cm³ and grams."""

    volume_cm3: int
    weight_g: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One offer as somebody wrote it; ``breaks`` are (from packs, price per pack)."""

    row: int = 0
    sku: str
    supplier: str
    currency: str
    incoterm: str = "FOB"
    pricing: str = "all_units"
    pack_quantity: int
    packs_per_layer: int = 0
    layers_per_pallet: int = 0
    multiple: str = "pack"
    minimum_quantity: int = 0
    capacity: int | None = None
    lead_time_days: int = 30
    supplier_code: str = ""
    valid_from: date
    valid_to: date | None = None
    breaks: Sequence[tuple[int, int]]

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What may have one offer a day."""
        return (self.sku, self.supplier, self.currency, self.incoterm)

    @property
    def multiple_packs(self) -> int:
        if self.multiple == "pallet":
            return max(1, self.packs_per_layer * self.layers_per_pallet)
        return max(1, self.packs_per_layer) if self.multiple == "layer" else 1

    @property
    def minimum_packs(self) -> int:
        """The smallest order: the minimum in whole multiples, and at least one of them."""
        packs = -(-self.minimum_quantity // self.pack_quantity)
        return max(1, -(-packs // self.multiple_packs)) * self.multiple_packs


@dataclass(frozen=True, slots=True)
class Around:
    """What an offer is looked at beside: its goods (per unit), the containers of its supplier,
    and the days of the same supplier's other offers of the same terms."""

    gross_weight_g: int = 0
    volume_cm3: int = 0
    is_poolable: bool = True
    boxes: Sequence[Box] = ()
    others: Sequence[tuple[date, date | None]] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field of one offer; ``message`` is an English msgid."""

    row: int
    sku: str
    field: str
    message: str
    facts: Mapping[str, object] = made(default_factory=dict)


def faults(terms: Sequence[Terms], around: Mapping[int, Around]) -> list[Fault]:
    """Everything that is wrong with some offers, in their order; ``around`` by position."""
    found: list[Fault] = []
    taken: dict[tuple[str, str, str, str], list[tuple[date, date | None]]] = {}
    for at, one in enumerate(terms):
        beside = around.get(at, Around())
        wrong = [*_words(one), *_numbers(one)]
        if not wrong:
            wrong = [*_breaks(one), *_fits(one, beside)]
        # The same terms from the same day on replace; so they may not stand twice in a file.
        earlier = taken.setdefault(one.key, [])
        wrong += _days(one, beside.others, earlier)
        earlier.append((one.valid_from, one.valid_to))
        if not beside.is_poolable:
            wrong.append((_SKU, _("Goods that spoil within 180 days are not pooled."), {}))
        found += [Fault(one.row, one.sku, name, text, facts) for name, text, facts in wrong]
    return found


_Wrong = tuple[str, str, Mapping[str, object]]
_SKU = "sku"
_PRICES = "price_breaks"


def _words(one: Terms) -> Iterable[_Wrong]:
    if one.currency not in CURRENCIES:
        yield (
            "currency",
            _("Nothing is bought in the currency %(given)s."),
            {"given": one.currency[:10]},
        )
    if one.incoterm not in INCOTERMS:
        yield "incoterm", _("There is no incoterm %(given)s."), {"given": one.incoterm[:10]}
    if one.pricing not in PRICINGS:
        yield "pricing", _("Price breaks count as all_units or incremental."), {}
    if one.multiple not in MULTIPLES:
        yield "multiple", _("Orders are made in multiples of pack, layer or pallet."), {}
    if len(one.supplier_code) > 64:
        yield "supplier_code", _("This is too long."), {}


def _numbers(one: Terms) -> Iterable[_Wrong]:
    limits = (
        ("pack_quantity", one.pack_quantity, 1, LARGEST_PACK),
        ("packs_per_layer", one.packs_per_layer, 0, LARGEST_PACK),
        ("layers_per_pallet", one.layers_per_pallet, 0, 1_000),
        ("minimum_quantity", one.minimum_quantity, 0, LARGEST_QUANTITY),
        ("capacity", one.capacity, 1, LARGEST_QUANTITY),
        ("lead_time_days", one.lead_time_days, 0, LONGEST_LEAD_TIME),
    )
    for name, number, least, most in limits:
        if number is not None and (type(number) is not int or not least <= number <= most):
            yield (
                name,
                _("A whole number from %(least)s to %(most)s is needed here."),
                {
                    "least": least,
                    "most": most,
                },
            )
    if one.layers_per_pallet and not one.packs_per_layer:
        yield "packs_per_layer", _("Who tells layers tells how many packs a layer has."), {}
    if one.multiple in ("layer", "pallet") and not one.packs_per_layer:
        yield "packs_per_layer", _("Ordering in layers or pallets needs the packs of a layer."), {}
    if one.multiple == "pallet" and not one.layers_per_pallet:
        yield "layers_per_pallet", _("Ordering in pallets needs the layers of a pallet."), {}


def _breaks(one: Terms) -> Iterable[_Wrong]:
    if not one.breaks:
        yield _PRICES, _("An offer needs at least one price."), {}
        return
    if len(one.breaks) > MOST_BREAKS:
        yield _PRICES, _("An offer has at most %(most)s prices."), {"most": MOST_BREAKS}
        return
    steps = sorted(one.breaks)
    for start, price in steps:
        if type(start) is not int or not 1 <= start <= LARGEST_QUANTITY:
            yield (
                _PRICES,
                _("A price starts at one pack or more, and not at %(packs)s."),
                {"packs": start},
            )
            return
        if type(price) is not int or not 0 < price <= LARGEST_PACK_PRICE:
            yield _PRICES, _("The price from %(packs)s packs on is not one."), {"packs": start}
            return
    for (start, price), (following, lower) in pairwise(steps):
        if start == following:
            yield _PRICES, _("Two prices start at %(packs)s packs."), {"packs": start}
        elif lower > price:
            yield (
                _PRICES,
                _("From %(packs)s packs on a pack costs more than before."),
                {"packs": following},
            )
    first, least = steps[0][0], one.minimum_packs
    if first > least:
        yield (
            _PRICES,
            _("The first price starts at %(packs)s packs; %(least)s can be ordered already."),
            {"packs": first, "least": least},
        )
    if one.capacity is not None and one.capacity < least * one.pack_quantity:
        yield (
            "capacity",
            _("The capacity of %(capacity)s units is below the smallest order of %(least)s."),
            {"capacity": one.capacity, "least": least * one.pack_quantity},
        )


def _fits(one: Terms, beside: Around) -> Iterable[_Wrong]:
    """One multiple goes into one of the containers, if the supplier's are known."""
    units = one.pack_quantity * one.multiple_packs
    weight, volume = units * beside.gross_weight_g, units * beside.volume_cm3
    if not beside.boxes:
        return
    if all(weight > box.weight_g or volume > box.volume_cm3 for box in beside.boxes):
        yield (
            "pack_quantity",
            _(
                "%(units)s units at a time weigh %(kg)s kg and fill %(litres)s litres:"
                " no container of the supplier holds that."
            ),
            {"units": units, "kg": -(-weight // 1000), "litres": -(-volume // 1000)},
        )


def _days(
    one: Terms,
    others: Sequence[tuple[date, date | None]],
    earlier: Sequence[tuple[date, date | None]],
) -> Iterable[_Wrong]:
    if one.valid_to is not None and one.valid_to < one.valid_from:
        yield "valid_to", _("The offer ends before it begins."), {}
        return
    if any(begins == one.valid_from for begins, _ends in earlier):
        yield "valid_from", _("The same terms begin on the same day twice."), {}
        return
    for begins, ends in (*others, *earlier):
        if begins == one.valid_from:
            continue  # The stored one of the same day: it is replaced.
        starts_in_time = ends is None or one.valid_from <= ends
        ends_in_time = one.valid_to is None or one.valid_to >= begins
        if starts_in_time and ends_in_time:
            yield (
                "valid_from",
                _("The same supplier's offer from %(begins)s on still holds; end it first."),
                {"begins": begins.isoformat()},
            )
            return


def check_end(*, valid_from: date, valid_to: date | None, ends_on: date) -> None:
    """Raises OfferEndsBeforeItBegins or OfferEndsLater."""
    if ends_on < valid_from:
        raise OfferEndsBeforeItBegins(begins=valid_from, ends=ends_on)
    if valid_to is not None and ends_on > valid_to:
        raise OfferEndsLater(until=valid_to, ends=ends_on)
