"""What would come back of a bonded list or a pass, as far as the message shows it.

Source: the checks of systems at work with these messages, and the identities that hold in real
ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from core.errors import DomainError, InputError
from customs.rules.ceb.remarks import (
    BondedFromAbroad,
    FlagWrong,
    LineRepeated,
    NetAboveGross,
    NotPositive,
    Remark,
    SecondUnitIncomplete,
)
from customs.rules.sas.documents import Document, Values

#: The kinds of list, pass and binding that customs knows.
LIST_TYPES = frozenset({"0", "1", "3", "4", "5", "6", "7", "8", "9"})
PASS_TYPES = frozenset({"1", "2", "3", "4", "5", "6"})
BINDINGS = frozenset({"1", "2", "3"})
E_COMMERCE = "8"
_OF_AN_ENTRY = (
    *("Gdecd", "GdsNm", "GdsSpcfModelDesc", "DclUnitcd", "DclUprcAmt", "DclCurrcd", "Natcd"),
)
ONE_DOCUMENT_MANY_TRUCKS = "3"
_CENT = Decimal("0.01")
_HALF_LAST = Decimal("0.00005")


class TotalDiffers(InputError):
    """The total of a line must be its unit price (four decimals) times its quantity."""

    code = "customs.sas_total_differs"


class WeightDiffers(InputError):
    """The weight at the gate must be vehicle + frame + container + gross weight of the goods."""

    code = "customs.sas_weight_differs"


class RetailListsMissing(InputError):
    """A list of bonded e-commerce (type 8) names the retail lists that it stands for."""

    code = "customs.sas_retail_lists_missing"


class PartnerMissing(InputError):
    """A list that is declared names who declares: of its own or of the related declaration."""

    code = "customs.sas_partner_missing"


class GoodsOfPassMissing(InputError):
    """A pass for one document on many trucks names the goods on this one."""

    code = "customs.sas_goods_of_pass_missing"


class LinesOfOneEntryDiffer(InputError):
    """List lines of one declaration line agree in code, name, specification, unit, price, currency
    and origin."""

    code = "customs.sas_lines_of_one_entry_differ"


class RetailListRepeated(InputError):
    """A retail list is named once."""

    code = "customs.sas_retail_list_repeated"


class CodeUnknown(InputError):
    """This code is none that customs knows here."""

    code = "customs.sas_code_unknown"


def remarks(document: Document) -> list[Remark]:
    """Everything in a message of ours that customs would send back, as far as it shows."""
    found: list[Remark] = []
    if document.kind.code == "INV101":
        found += _told("INV101/InvtHeadType[1]", _list_head(document))
        for number, values in enumerate(document.parts["InvtListType"], 1):
            found += _told(f"INV101/InvtListType[{number}]", _list_line(values))
        found += _told("INV101", _numbers(document, "InvtListType", "GdsSeqno"))
        found += _told("INV101", _entries(document))
        found += _told("INV101", _retail_lists(document))
    elif document.kind.code == "SAS121":
        found += _told("SAS121/PassportHead[1]", _pass_head(document))
        found += _told("SAS121", _numbers(document, "PassportList", "PassportSeqNo"))
    return found


_Found = Iterator[tuple[str, DomainError]]


def _told(path: str, found: _Found) -> list[Remark]:
    return [Remark(f"{path}/{where}", error) for where, error in found]


def _number(values: Values, name: str) -> Decimal:
    return Decimal(values.get(name) or "0")


def _list_head(document: Document) -> _Found:
    values = document.one("InvtHeadType")
    if values["InvtType"] not in LIST_TYPES:
        yield "InvtType", CodeUnknown(value=values["InvtType"])
    if values["ImpexpMarkcd"] not in ("I", "E"):
        yield "ImpexpMarkcd", CodeUnknown(value=values["ImpexpMarkcd"])
    if values["MtpckEndprdMarkcd"] != "I":
        yield "MtpckEndprdMarkcd", FlagWrong(value=values["MtpckEndprdMarkcd"], wanted="I")
    if values["InvtType"] == E_COMMERCE:
        if not document.parts.get("InvtCbecBill"):
            yield "InvtType", RetailListsMissing()
        if values["StshipTrsarvNatcd"] != "142":
            yield "StshipTrsarvNatcd", BondedFromAbroad(value=values["StshipTrsarvNatcd"])
    kind = values.get("DclcusTypecd", "")
    if values["DclcusFlag"] not in ("1", "2"):
        yield "DclcusFlag", CodeUnknown(value=values["DclcusFlag"])
    elif values["DclcusFlag"] == "2":
        if kind:
            yield "DclcusTypecd", FlagWrong(value=kind, wanted="")
    elif kind == "2" and not values.get("CorrEntryDclEtpsNo"):
        yield "CorrEntryDclEtpsNo", PartnerMissing()
    elif kind == "1" and not values.get("RltEntryDclEtpsno"):
        yield "RltEntryDclEtpsno", PartnerMissing()
    elif kind not in ("1", "2"):
        yield "DclcusTypecd", CodeUnknown(value=kind)


def _list_line(values: Values) -> _Found:
    for name in ("DclQty", "LawfQty"):
        if _number(values, name) <= 0:
            yield name, NotPositive(value=values[name])
    if bool(values.get("SecdLawfUnitcd")) != bool(values.get("SecdLawfQty")):
        yield "SecdLawfUnitcd", SecondUnitIncomplete()
    wanted = _number(values, "DclUprcAmt") * _number(values, "DclQty")
    # A unit price has four decimals: times the quantity it may miss half of the last one.
    rounding = _CENT + _number(values, "DclQty") * _HALF_LAST
    if abs(wanted - _number(values, "DclTotalAmt")) >= rounding:
        yield "DclTotalAmt", TotalDiffers(value=values["DclTotalAmt"], wanted=wanted)
    gross, net = _number(values, "GrossWt"), _number(values, "NetWt")
    if values.get("GrossWt") and net > gross:
        yield "NetWt", NetAboveGross(net=net, gross=gross)


def _numbers(document: Document, part: str, name: str) -> _Found:
    seen: set[str] = set()
    for place, values in enumerate(document.parts.get(part, ()), 1):
        number = str(int(values[name]))
        if number in seen:
            yield f"{part}[{place}]/{name}", LineRepeated(line=number)
        seen.add(number)


def _entries(document: Document) -> _Found:
    first: dict[str, tuple[str, ...]] = {}
    for place, values in enumerate(document.parts.get("InvtListType", ()), 1):
        entry = values.get("EntryGdsSeqno", "")
        if entry and first.setdefault(entry, _declared(values)) != _declared(values):
            yield f"InvtListType[{place}]/EntryGdsSeqno", LinesOfOneEntryDiffer(line=entry)


def _declared(values: Values) -> tuple[str, ...]:
    return tuple(values.get(name, "") for name in _OF_AN_ENTRY)


def _retail_lists(document: Document) -> _Found:
    seen: set[str] = set()
    for place, values in enumerate(document.parts.get("InvtCbecBill", ()), 1):
        number = values.get("CbecBillNo", "")
        if number in seen:
            yield f"InvtCbecBill[{place}]/CbecBillNo", RetailListRepeated(list=number)
        seen.add(number)


def _pass_head(document: Document) -> _Found:
    values = document.one("PassportHead")
    for name, known in (("PassportTypecd", PASS_TYPES), ("BindTypecd", BINDINGS)):
        if values[name] not in known:
            yield name, CodeUnknown(value=values[name])
    if values["IoTypecd"] not in ("I", "E"):
        yield "IoTypecd", CodeUnknown(value=values["IoTypecd"])
    parts = ("VehicleWt", "VehicleFrameWt", "ContainerWt", "TotalGrossWt")
    wanted = sum((_number(values, name) for name in parts), Decimal(0))
    if _number(values, "TotalWt") != wanted:
        yield "TotalWt", WeightDiffers(value=values["TotalWt"], wanted=wanted)
    gross, net = _number(values, "TotalGrossWt"), _number(values, "TotalNetWt")
    if net > gross:
        yield "TotalNetWt", NetAboveGross(net=net, gross=gross)
    many = values["BindTypecd"] == ONE_DOCUMENT_MANY_TRUCKS
    if many and not document.parts.get("PassportList"):
        yield "BindTypecd", GoodsOfPassMissing()
