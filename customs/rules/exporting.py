"""The list under which parcels leave the zone (INV101, kind 8), and its truck's pass (SAS121).

Values are the text that stands in the file; weights come in grams, amounts in fen. No form of it is
public: what is chosen here is what systems at work with the zones write, and each such choice
says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from core.errors import DomainError
from customs.rules.articles import material_number
from customs.rules.import_set import Party
from customs.rules.legal_units import in_legal_unit
from customs.rules.passing import OF_A_LIST, ONE_TO_ONE, Truck
from customs.rules.retail_messages import CNY
from customs.rules.sas.documents import KINDS, Document, Values
from customs.rules.sas.remarks import E_COMMERCE
from customs.rules.zone import ADDED, CHINA, LIST, MATERIAL, Absent, Way, named, plain, weight

#: Out of the zone, for consumers: it is not declared once more, each retail list was.
OUT, NOT_DECLARED, MAKES_NO_DRAFT = "E", "2", "2"
#: Goods that were taxed on their retail lists; that zones want 1 here is seen, not published.
TAXED = "1"
#: Second line: between the zone and the country.
SECOND_LINE = "3"
_UNIT = Decimal("0.0001")


class NothingToExport(DomainError):
    """Every released retail list that customs has numbered stands on an export list already."""

    code = "customs.nothing_to_export"


class ExportsFailed(DomainError):
    """Something went wrong on our side while the export lists were made, and is written down. The
    button on their page tries it again."""

    code = "customs.exports_failed"


class ExportListCounts(DomainError):
    """An export list is gathered anew only after customs refused it, and once."""

    code = "customs.export_list_counts"


class PassNeedsExportList(DomainError):
    """A pass out of the zone names an export list that counts and has its number from customs."""

    code = "customs.pass_needs_export_list"


class PassUnderWay(DomainError):
    """One truck takes an export list out of the zone: it has a pass already."""

    code = "customs.pass_under_way"


@dataclass(frozen=True, slots=True)
class Leaving:
    """What of one item of the book leaves: ``worth`` is the fen of its prices on the retail lists,
    before discounts, as customs has them and taxed them; ``legal``
    the units of the tariff, ``country`` customs' old code of the origin."""

    item: int
    sku: str
    hs_code: str
    name: str
    specification: str
    unit: str
    country: str
    quantity: int
    worth: int
    net: int
    gross: int
    legal: tuple[str, ...]
    content_ml: int = 0


@dataclass(frozen=True, slots=True)
class House:
    """Where parcels leave from."""

    keeper: Party
    district: str
    port: str
    traffic: str
    ledger: str
    system: str
    mode: str = "1210"


@dataclass(frozen=True, slots=True)
class Export:
    """All of one list: ``parcels`` are customs' numbers of its retail lists."""

    number: str
    importer: Party
    house: House
    goods: Sequence[Leaving]
    parcels: Sequence[str]

    @property
    def gross(self) -> int:
        return sum(one.gross for one in self.goods)

    @property
    def net(self) -> int:
        return sum(one.net for one in self.goods)


def absent_of(importer: Party, house: House, goods: Sequence[tuple[str, str]]) -> list[Absent]:
    """What is missing for the list; ``goods`` are article and old code of origin of each line."""
    found = [
        Absent(field)
        for field, told in (
            ("importer_customs_code", importer.customs_code),
            ("operator_customs_code", house.keeper.customs_code),
            ("ledger_number", house.ledger),
            ("office_of_port", house.port),
            ("traffic_mode", house.traffic),
        )
        if not told
    ]
    return found + [Absent("country_code", sku) for sku, country in goods if not country]


def export_list(data: Export, way: Way) -> Document:
    """The list as it goes. Call once nothing is absent."""
    importer, house = data.importer, data.house
    head = {
        "EtpsInnerInvtNo": data.number,
        "PutrecNo": house.ledger,
        "ChgTmsCnt": "0",
        "DclTypecd": "1",
        "InvtType": E_COMMERCE,
        **named("Bizop", house.keeper),
        "RvsngdEtpsSccd": importer.uscc,
        "RcvgdEtpsno": importer.customs_code,
        "RcvgdEtpsNm": importer.name_zh,
        **named("Dcl", importer),
        "InputCreditCode": importer.uscc,
        "InputCode": importer.customs_code,
        "InputName": importer.name_zh,
        "InputTime": way.at.strftime("%Y%m%d"),
        "ImpexpMarkcd": OUT,
        "MtpckEndprdMarkcd": MATERIAL,
        "SupvModecd": house.mode,
        "TrspModecd": house.traffic,
        "ImpexpPortcd": house.port,
        "DclPlcCuscd": house.district,
        "StshipTrsarvNatcd": CHINA,
        "DclcusFlag": NOT_DECLARED,
        "GenDecFlag": MAKES_NO_DRAFT,
    }
    return Document(
        KINDS[LIST],
        way.envelope,
        {
            "InvtHeadType": [head],
            "InvtListType": [_line(place, one) for place, one in enumerate(data.goods, 1)],
            "InvtCbecBill": [
                {"SeqNo": str(place), "CbecBillNo": number}
                for place, number in enumerate(data.parcels, 1)
            ],
        },
        operator=way.operator,
        system=house.system,
    )


def _line(place: int, one: Leaving) -> Values:
    total = Decimal(one.worth).scaleb(-2)
    legal = [
        (plain(found), unit)
        for unit in one.legal
        if (
            found := in_legal_unit(
                unit,
                quantity=one.quantity,
                net=one.net,
                declared_unit=one.unit,
                content_ml=one.content_ml,
            )
        )
        is not None
    ]
    first = legal[0] if legal else ("", "")
    second = {"SecdLawfUnitcd": legal[1][1], "SecdLawfQty": legal[1][0]} if legal[1:] else {}
    return {
        "GdsSeqno": str(place),
        "PutrecSeqno": str(one.item),
        "GdsMtno": material_number(one.sku),
        "Gdecd": one.hs_code,
        "GdsNm": one.name,
        "GdsSpcfModelDesc": one.specification,
        "DclUnitcd": one.unit,
        "DclQty": str(one.quantity),
        "LawfUnitcd": first[1],
        "LawfQty": first[0],
        **second,
        # Consumers paid different prices for one item: the average, to the last of its decimals.
        "DclUprcAmt": plain((total / one.quantity).quantize(_UNIT, ROUND_HALF_UP)),
        "DclTotalAmt": plain(total),
        "DclCurrcd": CNY,
        "Natcd": one.country,
        "DestinationNatcd": CHINA,
        "LvyrlfModecd": TAXED,
        "GrossWt": weight(one.gross),
        "NetWt": weight(one.net),
        "ModfMarkcd": ADDED,
    }


def out_pass(
    data: Export, truck: Truck, way: Way, *, number: str, list_number: str, applicant: str
) -> Document:
    """The pass (SAS121) of the one truck that takes an export list out of the zone."""
    importer, house = data.importer, data.house
    head = {
        "EtpsPreentNo": number,
        "DclTypecd": "1",
        "PassportTypecd": SECOND_LINE,
        "IoTypecd": OUT,
        "BindTypecd": ONE_TO_ONE,
        "MasterCuscd": house.district,
        "RltTbTypecd": OF_A_LIST,
        "RltNo": list_number,
        "AreainOriactNo": house.ledger,
        **named("Areain", house.keeper),
        **named("Dcl", importer),
        "InputSccd": importer.uscc,
        "InputCode": importer.customs_code,
        "InputName": importer.name_zh,
        "VehicleNo": truck.number,
        "VehicleWt": weight(truck.weight),
        "VehicleFrameNo": truck.frame_number,
        "VehicleFrameWt": weight(truck.frame_weight),
        "ContainerNo": truck.container_number,
        "ContainerWt": weight(truck.container_weight),
        "TotalGrossWt": weight(data.gross),
        "TotalNetWt": weight(data.net),
        "TotalWt": weight(truck.weight + truck.frame_weight + truck.container_weight + data.gross),
        "DclErConc": applicant,
    }
    return Document(
        KINDS["SAS121"],
        way.envelope,
        {
            "PassportHead": [head],
            "PassportList": [],
            "PassportAcmp": [{"RtlBillTypecd": OF_A_LIST, "RtlBillNo": list_number}],
        },
        operator=way.operator,
        system=house.system,
    )


def parts_of(parcels: Sequence[int], most: int) -> list[Sequence[int]]:
    """Cut to lists of at most so many parcels, in their order."""
    return [parcels[start : start + most] for start in range(0, len(parcels), most)]


def summed(rows: Mapping[int, Sequence[tuple[int, int, int, int, int]]]) -> dict[int, list[int]]:
    """Of parcels (item, quantity, worth, net, gross): by item, the four sums."""
    found: dict[int, list[int]] = {}
    for lines in rows.values():
        for item, *figures in lines:
            before = found.setdefault(item, [0, 0, 0, 0])
            for place, figure in enumerate(figures):
                before[place] += figure
    return found
