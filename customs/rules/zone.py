"""From the papers of an entry to the zone's own messages: its bonded list and its trucks' passes.

Values are the text that stands in the file; weights come in grams, amounts in minor units. Which
codes a zone wants where is not public: what is chosen here is what systems at work write, and each
such choice says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.errors import DomainError, InputError
from core.money import exponent
from customs.rules.articles import material_number
from customs.rules.deadlines import Route
from customs.rules.import_set import IMPORT_DECLARATION, RECORD_LIST, ImportSet, Listed, Party
from customs.rules.sas.documents import (
    KINDS,
    LOGISTICS_CENTRE,
    SPECIAL_ZONE,
    Document,
    SasInvalid,
    Values,
    write,
)
from customs.rules.sas.remarks import remarks

LIST = "INV101"
#: An ordinary list of what comes in from abroad; levy mode 3 is full exemption in bond.
ORDINARY, MATERIAL, LEVY, ADDED = "0", "I", "3", "3"
#: Kinds of list: of goods that went in first, and of what is declared together by month.
LIST_OF_WAY = {Route.FIRST_IN: "3", Route.COLLECTIVE: "1"}
#: The declaration of two steps, by what it is in one.
TWO_STEPS = {IMPORT_DECLARATION: "X", RECORD_LIST: "Y"}
#: The list is declared, and customs makes the draft of the declaration from it.
DECLARED, CORRESPONDING, MAKES_DRAFT = "1", "2", "1"
CHINA = "142"


class ListUnderWay(DomainError):
    """The bonded list of this declaration is on its way to customs, or customs has taken it: it
    goes once, and anew only after customs refused it or took its deletion."""

    code = "customs.list_under_way"


class ZoneDataMissing(InputError):
    """The zone's message cannot be written until what is missing is told."""

    code = "customs.zone_data_missing"


class NoGateway(DomainError):
    """Messages leave by a gateway, and this company has none that is open."""

    code = "customs.no_gateway"


@dataclass(frozen=True, slots=True)
class Codes:
    """What customs' older tables call countries and currencies, and the office of entry.

    ``countries`` and ``currencies`` are by ISO code; what no table has is left out. ``items`` is
    the account book's item of each article, where goods are filed before they come.
    """

    office: str
    countries: Mapping[str, str]
    currencies: Mapping[str, str]
    items: Mapping[str, str]
    must_be_filed: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """Who hands a message over, to whom, and when; ``number`` is the message's own."""

    number: str
    operator: str
    sender: str
    receiver: str
    at: datetime

    @property
    def envelope(self) -> Values:
        return {
            "version": "1.0",
            "message_id": self.number,
            "file_name": f"{self.number}.xml",
            "sender_id": self.sender,
            "receiver_id": self.receiver,
            "send_time": self.at.strftime("%Y-%m-%dT%H:%M:%S"),
        }


@dataclass(frozen=True, slots=True)
class Absent:
    """A piece of data that nobody told: ``field`` by its name among the words of customs, ``of``
    the article, country or currency it is about, empty for the whole."""

    field: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Needs:
    """What of an entry the list cannot do without; ``country`` is the one of departure, ``lines``
    are article, origin, specification and tariff code."""

    importer: str
    operator: str
    ledger: str
    country: str
    currency: str
    lines: Sequence[tuple[str, str, str, str]]


def needs_of(data: ImportSet) -> Needs:
    return Needs(
        data.importer.customs_code,
        data.operator.customs_code,
        data.warehouse.ledger_number,
        data.statement.departure.country,
        data.currency,
        [(one.sku, one.origin, one.specification, one.hs_code) for one in data.listed],
    )


def absent_of(needs: Needs, codes: Codes) -> list[Absent]:
    """What is missing for the bonded list, the head first; each once."""
    found = [
        Absent(field)
        for field, told in (
            ("importer_customs_code", needs.importer),
            ("operator_customs_code", needs.operator),
            ("ledger_number", needs.ledger),
            ("office_of_port", codes.office),
            ("departure_port", needs.country),
        )
        if not told
    ]
    countries = dict.fromkeys((needs.country, *(origin for _sku, origin, *_more in needs.lines)))
    found += [
        Absent("country_code", one) for one in countries if one and not codes.countries.get(one)
    ]
    if not codes.currencies.get(needs.currency):
        found.append(Absent("currency_code", needs.currency))
    for sku, _origin, specification, _code in needs.lines:
        if not specification:
            found.append(Absent("elements", sku))
        if codes.must_be_filed and not codes.items.get(sku):
            found.append(Absent("filing", sku))
    return found


def bonded_list(
    data: ImportSet, codes: Codes, way: Way, *, number: str, route: Route = Route.ORDINARY
) -> Document:
    """The list (INV101) of an entry from abroad; ``number`` is its own, never used twice, and
    ``route`` the way on which the goods are declared.

    Call once nothing is absent.
    """
    return Document(
        KINDS[LIST],
        way.envelope,
        {
            "InvtHeadType": [_list_head(data, codes, number, way.at, route)],
            "InvtListType": [_list_line(data, line, codes) for line in data.listed],
        },
        operator=way.operator,
        system=system_of(data),
    )


def system_of(data: ImportSet) -> str:
    """Inside a special zone goods enter on the record list, elsewhere on the declaration."""
    return SPECIAL_ZONE if data.form == RECORD_LIST else LOGISTICS_CENTRE


def _list_head(data: ImportSet, codes: Codes, number: str, at: datetime, route: Route) -> Values:
    importer, consignee, declarant = data.importer, data.consignee, data.declarant
    return {
        "EtpsInnerInvtNo": number,
        "PutrecNo": data.warehouse.ledger_number,
        "ChgTmsCnt": "0",
        "DclTypecd": "1",
        "InvtType": kind_on(route),
        **named("Bizop", data.operator),
        "RvsngdEtpsSccd": consignee.uscc,
        "RcvgdEtpsno": consignee.customs_code,
        "RcvgdEtpsNm": consignee.name_zh,
        **named("Dcl", declarant),
        "InputCreditCode": importer.uscc,
        "InputCode": importer.customs_code,
        "InputName": importer.name_zh,
        "InputTime": at.strftime("%Y%m%d"),
        "ImpexpMarkcd": "I",
        "MtpckEndprdMarkcd": MATERIAL,
        "SupvModecd": data.supervision_mode,
        "TrspModecd": data.shipment.mode,
        "ImpexpPortcd": codes.office,
        "DclPlcCuscd": data.warehouse.customs_district,
        "StshipTrsarvNatcd": codes.countries.get(data.statement.departure.country, ""),
        "DclcusFlag": DECLARED,
        "GenDecFlag": MAKES_DRAFT,
        "DecType": form_on(route, data.form),
        "DclcusTypecd": CORRESPONDING,
        "CorrEntryDclEtpsSccd": declarant.uscc,
        "CorrEntryDclEtpsNo": declarant.customs_code,
        "CorrEntryDclEtpsNm": declarant.name_zh,
    }


def named(part: str, party: Party) -> Values:
    """A company by the beginning of its three fields."""
    return {
        f"{part}EtpsSccd": party.uscc,
        f"{part}Etpsno": party.customs_code,
        f"{part}EtpsNm": party.name_zh,
    }


def _list_line(data: ImportSet, line: Listed, codes: Codes) -> Values:
    total = Decimal(line.total).scaleb(-exponent(data.currency))
    second = {}
    if line.second_quantity is not None and line.second_unit:
        second = {
            "SecdLawfUnitcd": line.second_unit,
            "SecdLawfQty": plain(line.second_quantity),
        }
    return {
        "GdsSeqno": str(line.position),
        "EntryGdsSeqno": str(line.goods_position),
        # Empty in a book that each inbound line makes an item of: customs gives it at posting.
        "PutrecSeqno": codes.items.get(line.sku) or line.ledger_item,
        "GdsMtno": material_number(line.sku),
        "Gdecd": line.hs_code,
        "GdsNm": line.name_zh,
        "GdsSpcfModelDesc": line.specification,
        "DclUnitcd": line.unit,
        "DclQty": str(line.quantity),
        "LawfUnitcd": line.legal_unit,
        "LawfQty": plain(line.legal_quantity),
        **second,
        "DclUprcAmt": plain(line.unit_price),
        "DclTotalAmt": plain(total),
        "DclCurrcd": codes.currencies.get(data.currency, ""),
        "Natcd": codes.countries.get(line.origin, ""),
        "DestinationNatcd": CHINA,
        "LvyrlfModecd": LEVY,
        "GrossWt": weight(line.gross_weight),
        "NetWt": weight(line.net_weight),
        "ModfMarkcd": ADDED,
    }


def plain(number: Decimal) -> str:
    """Without an exponent, and without zeros that say nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def weight(grams: int) -> str:
    """Kilograms, exact."""
    return plain(Decimal(grams).scaleb(-3))


def written(document: Document) -> bytes:
    """The file, once nothing in it would come back.

    Raises SasInvalid with the first thing that would: its form, or what the zone holds against it.
    """
    data = write(document)
    for one in remarks(document):
        raise SasInvalid(field=one.path, why=one.error)
    return data


def kind_on(route: Route) -> str:
    """The kind of list (InvtType) on a way."""
    return LIST_OF_WAY.get(route, ORDINARY)


def form_on(route: Route, form: str) -> str:
    """The kind of declaration (DecType) that a list of a form's goods names on a way."""
    return TWO_STEPS[form] if route == Route.TWO_STEP else form


def own_number(reference: str, turn: int) -> str:
    """Customs refuses an own number that it knows: each turn has another."""
    return reference if turn == 1 else f"{reference}-{turn}"


def told_absent(absent: Sequence[Absent]) -> dict[str, str]:
    """What is missing by what it is about, for a refusal; ``declaration`` is the whole."""
    by_subject: dict[str, list[str]] = {}
    for one in absent:
        by_subject.setdefault(one.of or "declaration", []).append(one.field)
    return {of: ", ".join(fields) for of, fields in by_subject.items()}
