"""Passes (SAS121): what of a bonded list is on which truck, and what the truck weighs.

Weights are grams. Which kind of pass a zone wants is not public: this is what systems at work with
the zones write for goods that come from abroad.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.errors import DomainError, InputError
from core.money import shared
from customs.rules.articles import material_number
from customs.rules.deadlines import Route
from customs.rules.goods import NetOverGross, kilograms
from customs.rules.import_set import ImportSet, Listed, Party
from customs.rules.sas.documents import KINDS, Document, Values
from customs.rules.sas.remarks import ONE_DOCUMENT_MANY_TRUCKS
from customs.rules.zone import Way, named, system_of, weight

SAS121 = KINDS["SAS121"]
#: First line, from abroad into the zone, in one stop.
FIRST_LINE, OF_A_LIST, ONE_TO_ONE = "2", "1", "2"
#: In the zone first, declared then.
ENTERS_FIRST = "1"
MOST_KILOGRAMS = 1_000_000


class PassNeedsList(DomainError):
    """A pass names the bonded list: customs must have given the list its number first, and have
    answered any change of it."""

    code = "customs.pass_needs_list"


class MoreThanListed(DomainError):
    """All passes of a list together carry no more of a line than stands on it."""

    code = "customs.more_than_listed"


class NothingOnTruck(DomainError):
    """A pass is for goods of the list, and there is nothing left that no pass carries."""

    code = "customs.nothing_on_truck"


class LoadWrong(InputError):
    """What is on a truck is told by line of the list, each once, in whole units above nothing."""

    code = "customs.load_wrong"


class TruckWrong(InputError):
    """A truck has its plate and its weight: kilograms above nothing, to the gram."""

    code = "customs.truck_wrong"


@dataclass(frozen=True, slots=True)
class Truck:
    """A truck as it stands at the gate; weights in grams, 0 without frame or container."""

    number: str
    weight: int
    frame_number: str = ""
    frame_weight: int = 0
    container_number: str = ""
    container_weight: int = 0


@dataclass(frozen=True, slots=True)
class Loaded:
    """Units of one line of the list on a truck."""

    position: int
    quantity: int
    net: int
    gross: int


def grams_of(kilogram: Decimal, field: str) -> int:
    """Raises TruckWrong for no weight, and for one finer than a gram."""
    grams = kilogram.scaleb(3) if kilogram.is_finite() else Decimal(-1)
    if not 0 <= grams <= MOST_KILOGRAMS * 1000 or grams != int(grams):
        raise TruckWrong(field=field, value=str(kilogram)[:40])
    return int(grams)


def check_truck(truck: Truck) -> None:
    """Raises TruckWrong."""
    if not truck.number.strip():
        raise TruckWrong(field="vehicle_number")
    if truck.weight <= 0:
        raise TruckWrong(field="vehicle_kg", value=0)


def load(
    listed: Sequence[Listed],
    before: Mapping[int, int],
    wanted: Sequence[tuple[int, int]],
    *,
    gross: int | None = None,
) -> list[Loaded]:
    """What goes on a truck, by line of the list; ``wanted`` empty is all that is left.

    ``before`` are the units that other passes carry, by line. Weights are parts of the line's, so
    that all passes of a list sum to it exactly; where the goods were weighed (``gross``), what they
    weigh beyond their net weight is shared by it.

    Raises LoadWrong, MoreThanListed, NothingOnTruck or NetOverGross.
    """
    by_position = {line.position: line for line in listed}
    told = dict(wanted)
    for position, quantity in wanted:
        if position not in by_position or quantity <= 0:
            raise LoadWrong(line=position, quantity=quantity)
    if len(told) != len(wanted):
        raise LoadWrong(lines=", ".join(str(position) for position, _quantity in wanted))
    if not told:
        told = {line.position: line.quantity - before.get(line.position, 0) for line in listed}
    on_truck = []
    for line in listed:
        quantity, used = told.get(line.position, 0), before.get(line.position, 0)
        if quantity > line.quantity - used:
            raise MoreThanListed(
                line=line.position, sku=line.sku, wanted=quantity, remaining=line.quantity - used
            )
        if quantity > 0:
            on_truck.append(_part(line, used, quantity))
    if not on_truck:
        raise NothingOnTruck()
    return on_truck if gross is None else _weighed(on_truck, gross)


def _part(line: Listed, used: int, quantity: int) -> Loaded:
    def part(total: int) -> int:
        return total * (used + quantity) // line.quantity - total * used // line.quantity

    net = part(line.net_weight)
    # Of net and packing apart: no part ends up lighter gross than net.
    return Loaded(line.position, quantity, net, net + part(line.gross_weight - line.net_weight))


def _weighed(on_truck: Sequence[Loaded], gross: int) -> list[Loaded]:
    net = sum(one.net for one in on_truck)
    if net > gross:
        raise NetOverGross(net_kg=kilograms(net), gross_kg=kilograms(gross))
    packing = shared(gross - net, [one.net or 1 for one in on_truck])
    return [
        Loaded(one.position, one.quantity, one.net, one.net + extra)
        for one, extra in zip(on_truck, packing, strict=True)
    ]


def applicant_of(importer: Party) -> str:
    """Who asks for the pass, and how he is reached: the company where it named nobody."""
    return (f"{importer.contact} {importer.phone}".strip() or importer.name_zh)[:64]


def a_pass(
    data: ImportSet,
    truck: Truck,
    on_truck: Sequence[Loaded],
    way: Way,
    *,
    number: str,
    list_number: str,
    route: Route = Route.ORDINARY,
) -> Document:
    """The pass (SAS121) of a truck; it names goods only where the list goes on several trucks."""
    gross = sum(one.gross for one in on_truck)
    is_whole = {one.position: one.quantity for one in on_truck} == {
        line.position: line.quantity for line in data.listed
    }
    importer = data.importer
    head = {
        "EtpsPreentNo": number,
        "DclTypecd": "1",
        "PassportTypecd": ENTERS_FIRST if route == Route.FIRST_IN else FIRST_LINE,
        "IoTypecd": "I",
        "BindTypecd": ONE_TO_ONE if is_whole else ONE_DOCUMENT_MANY_TRUCKS,
        "MasterCuscd": data.warehouse.customs_district,
        "RltTbTypecd": OF_A_LIST,
        "RltNo": list_number,
        "AreainOriactNo": data.warehouse.ledger_number,
        **named("Areain", data.operator),
        **named("Dcl", data.declarant),
        "InputSccd": importer.uscc,
        "InputCode": importer.customs_code,
        "InputName": importer.name_zh,
        "VehicleNo": truck.number,
        "VehicleWt": weight(truck.weight),
        "VehicleFrameNo": truck.frame_number,
        "VehicleFrameWt": weight(truck.frame_weight),
        "ContainerNo": truck.container_number,
        "ContainerWt": weight(truck.container_weight),
        "TotalGrossWt": weight(gross),
        "TotalNetWt": weight(sum(one.net for one in on_truck)),
        "TotalWt": weight(truck.weight + truck.frame_weight + truck.container_weight + gross),
        "DclErConc": applicant_of(importer),
    }
    lines = [] if is_whole else [_line(data, place, one) for place, one in enumerate(on_truck, 1)]
    return Document(
        SAS121,
        way.envelope,
        {
            "PassportHead": [head],
            "PassportList": lines,
            "PassportAcmp": [{"RtlBillTypecd": OF_A_LIST, "RtlBillNo": list_number}],
        },
        operator=way.operator,
        system=system_of(data),
    )


def _line(data: ImportSet, place: int, one: Loaded) -> Values:
    line = next(it for it in data.listed if it.position == one.position)
    return {
        "PassportSeqNo": str(place),
        "RltGdsSeqno": str(one.position),
        "GdsMtno": material_number(line.sku),
        "Gdecd": line.hs_code,
        "GdsNm": line.name_zh,
        "DclUnitcd": line.unit,
        "DclQty": str(one.quantity),
        "GrossWt": weight(one.gross),
        "NetWt": weight(one.net),
    }
