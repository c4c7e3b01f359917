"""What the notes to the messages ask for beyond their form, as far as one message shows it.

A message may be well-formed and still come back from customs. Each rule is a class; its docstring
is what a person reads. Source: the specification for companies (企业对接报文规范), edition 2022-05,
pages 70 to 113, and the notes in its schema.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.errors import DomainError, InputError
from customs.rules.ceb.id_numbers import is_id_number
from customs.rules.ceb.messages import Business, Message, Values

_SAYS_NOTHING = frozenset({"", "空", "无", "/", "-", "null", "None"})
_FORMATS = {8: "%Y%m%d", 14: "%Y%m%d%H%M%S", 17: "%Y%m%d%H%M%S"}
_FULL_WIDTH = re.compile("[\u3000\uff01-\uff5e]")
_TIMES = ("appTime", "declTime", "ieDate", "payTime", "logisticsTime", "returnTime")
_NAMES = ("itemName", "gname", "buyerName", "payerName", "consignee")
#: Answers the authority is known to give; below zero each is an error with its own text.
_STATUSES = frozenset(
    {"1", "2", "3", "4", "100", "120", "300", "399", "400", "500", "501", "502", "503", "599"}
    | {"600", "700", "800", "899"}
)
#: What is new, changed or deleted; a draft, or declared. A list is of goods direct from abroad or
#: out of bond: 1239 is bond outside the pilot cities, which the declaration's table has [U].
BONDED = ("1210", "1239")
_VALUES = {
    "appType": ("1", "2", "3"),
    "appStatus": ("1", "2"),
    "tradeMode": (*BONDED, "9610"),
}
_AMOUNTS = (
    *("goodsValue", "freight", "insuredFee", "discount", "taxTotal", "acturalPaid", "amountPaid"),
    *("price", "totalPrice"),
)
_TARIFF_CODE = re.compile(r"[0-9]{10}")
_CENT = Decimal("0.01")
#: A unit price has five decimals: times the quantity it may miss half of the last one.
_HALF_LAST = Decimal("0.000005")


class PaidDiffers(InputError):
    """What was paid must be goods + freight + tax - discount."""

    code = "customs.ceb_paid_differs"


class GoodsDiffer(InputError):
    """The value of the goods must be the sum of the lines."""

    code = "customs.ceb_goods_differ"


class LineTotalDiffers(InputError):
    """The total of a line must be its unit price times its quantity."""

    code = "customs.ceb_line_total_differs"


class NotPositive(InputError):
    """A quantity and a weight must be above zero."""

    code = "customs.ceb_not_positive"


class NetAboveGross(InputError):
    """The net weight must not be above the gross weight."""

    code = "customs.ceb_net_above_gross"


class OnePackage(InputError):
    """A waybill and a list have one package."""

    code = "customs.ceb_one_package"


class LineRepeated(InputError):
    """Each line of a list has a number of its own."""

    code = "customs.ceb_line_repeated"


class GuidRepeated(InputError):
    """Each element of a message has an identifier of its own."""

    code = "customs.ceb_guid_repeated"


class GuidNotCapital(InputError):
    """The letters of an identifier are capitals."""

    code = "customs.ceb_guid_not_capital"


class BondedIncomplete(InputError):
    """A list of bonded goods (1210) names the ledger, its item and the company inside the zone."""

    code = "customs.ceb_bonded_incomplete"


class BondedFromAbroad(InputError):
    """Bonded goods (1210) are dispatched from China: the country of dispatch is 142."""

    code = "customs.ceb_bonded_from_abroad"


class BondedWithTransport(InputError):
    """A list of bonded goods (1210) names no vehicle, voyage or bill of lading."""

    code = "customs.ceb_bonded_with_transport"


class DirectIncomplete(InputError):
    """A list of goods direct from abroad (9610) names vehicle, voyage and bill of lading."""

    code = "customs.ceb_direct_incomplete"


class SecondUnitIncomplete(InputError):
    """The second legal unit and its quantity stand together or not at all."""

    code = "customs.ceb_second_unit_incomplete"


class IdTypeUnknown(InputError):
    """The kind of the buyer's document is 1, the identity card."""

    code = "customs.ceb_id_type_unknown"


class FlagWrong(InputError):
    """This field of an import message has one value only."""

    code = "customs.ceb_flag_wrong"


class SaysNothing(InputError):
    """A name must name something."""

    code = "customs.ceb_says_nothing"


class NotADay(InputError):
    """This is no day or time of the calendar."""

    code = "customs.ceb_not_a_day"


class NotHalfWidth(InputError):
    """Codes and numbers are written in half-width letters and digits."""

    code = "customs.ceb_not_half_width"


class ValueUnknown(InputError):
    """This field has one of the values that the specification names."""

    code = "customs.ceb_value_unknown"


class IdNumberWrong(InputError):
    """A resident identity number has 18 places with a right birthday and check digit."""

    code = "customs.ceb_id_number_wrong"


class NotATariffCode(InputError):
    """A commodity code has ten digits."""

    code = "customs.ceb_not_a_tariff_code"


class AmountNegative(InputError):
    """An amount is not below zero."""

    code = "customs.ceb_amount_negative"


class WaybillRepeated(InputError):
    """Each waybill stands once in what is delivered into the store."""

    code = "customs.ceb_waybill_repeated"


class StatusUnknown(InputError):
    """This answer is none that the authority is known to give."""

    code = "customs.ceb_status_unknown"


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule has against one field; ``path`` is as in ``reading``."""

    path: str
    error: DomainError


_Found = Iterator[tuple[str, DomainError]]


def remarks(message: Message) -> list[Remark]:
    """Everything in a valid message that customs would send back, as far as it shows."""
    kind = message.kind
    found: list[Remark] = []
    guids = Counter(one.head.get("guid") for one in message.elements)
    for number, one in enumerate(message.elements, 1):
        top = f"{kind.code}/{kind.element}" + (f"[{number}]" if kind.most != 1 else "")
        head = f"{top}/{kind.head}" if kind.head else top
        if guids[one.head.get("guid")] > 1:
            found.append(Remark(f"{head}/guid", GuidRepeated(guid=one.head.get("guid"))))
        for rule in (_everywhere, *_RULES.get(kind.code, ())):
            found += [Remark(f"{head}/{field}", error) for field, error in rule(one)]
        for line, values in enumerate(one.lines, 1):
            below = f"{top}/{kind.lines}[{line}]"
            for field, error in _in_a_line(values):
                found.append(Remark(f"{below}/{field}", error))
            if one.head.get("tradeMode") in BONDED and not values.get("itemRecordNo", "").strip():
                found.append(Remark(f"{below}/itemRecordNo", BondedIncomplete()))
        found += [Remark(f"{top}/{where}", error) for where, error in _numbers(one, kind.lines)]
        found += [Remark(f"{top}/{where}", error) for where, error in _waybills(one, kind.lines)]
    return found


def number(values: Values, name: str) -> Decimal:
    """The number in a field that was read as one; zero where it is left out."""
    return Decimal((values.get(name) or "0").strip())


def _everywhere(one: Business) -> _Found:
    values = one.head
    for name in _TIMES:
        text = values.get(name)
        if text is not None and not _is_moment(text):
            yield name, NotADay(value=text)
    yield from _names(values)
    for name, text in values.items():
        if name.endswith(("Code", "No")) and _FULL_WIDTH.search(text):
            yield name, NotHalfWidth(value=text)
    guid = values.get("guid", "")
    if any("a" <= letter <= "z" for letter in guid):
        yield "guid", GuidNotCapital(guid=guid)
    for name, allowed in _VALUES.items():
        if values.get(name, allowed[0]) not in allowed:
            yield name, ValueUnknown(value=values[name], wanted=", ".join(allowed))
    for who in ("buyer", "payer"):
        if values.get(f"{who}IdType", "1") != "1":
            yield f"{who}IdType", IdTypeUnknown(value=values[f"{who}IdType"])
        # The number itself is personal data, and does not go into what is told of it.
        elif f"{who}IdNumber" in values and not is_id_number(values[f"{who}IdNumber"].strip()):
            yield f"{who}IdNumber", IdNumberWrong()
    yield from _amounts(values)
    status = values.get("returnStatus")
    if status is not None and status not in _STATUSES and not status.startswith("-"):
        yield "returnStatus", StatusUnknown(value=status)


def _names(values: Values) -> _Found:
    for name in _NAMES:
        text = values.get(name)
        if text and text.strip() in _SAYS_NOTHING:
            yield name, SaysNothing(value=text)


def _is_moment(text: str) -> bool:
    form = _FORMATS.get(len(text))
    if form is None or not (text.isascii() and text.isdigit()):
        return False
    try:
        datetime.strptime(text[:14], form)  # noqa: DTZ007 - only whether there is such a moment
    except ValueError:
        return False
    return True


def _amounts(values: Values) -> _Found:
    for name in _AMOUNTS:
        if values.get(name) is not None and number(values, name) < 0:
            yield name, AmountNegative(value=values[name])


def _in_a_line(values: Values) -> _Found:
    yield from _names(values)
    yield from _amounts(values)
    if not _TARIFF_CODE.fullmatch(values.get("gcode", "0000000000").strip()):
        yield "gcode", NotATariffCode(value=values["gcode"])
    for name in ("qty", "qty1", "qty2"):
        if values.get(name) is not None and number(values, name) <= 0:
            yield name, NotPositive(value=values[name])
    if bool(values.get("unit2")) != bool(values.get("qty2")):
        yield "unit2", SecondUnitIncomplete()
    if "totalPrice" in values:
        qty, total = number(values, "qty"), number(values, "totalPrice")
        wanted = qty * number(values, "price")
        if abs(wanted - total) >= _CENT + abs(qty) * _HALF_LAST:
            yield "totalPrice", LineTotalDiffers(value=total, wanted=wanted)


def _numbers(one: Business, lines: str | None) -> _Found:
    seen: set[str] = set()
    for place, values in enumerate(one.lines, 1):
        text = str(int(values.get("gnum", "0")))
        if text in seen:
            yield f"{lines}[{place}]/gnum", LineRepeated(line=text)
        seen.add(text)


def _waybills(one: Business, lines: str | None) -> _Found:
    """A store's detail names parcels by their waybills; only there lines have any."""
    seen: set[str] = set()
    for place, values in enumerate(one.lines, 1):
        waybill = values.get("logisticsNo", "").strip()
        if waybill and waybill in seen:
            yield f"{lines}[{place}]/logisticsNo", WaybillRepeated(waybill=waybill)
        seen.add(waybill)


def _order(one: Business) -> _Found:
    values = one.head
    goods = number(values, "goodsValue")
    total = sum((number(line, "totalPrice") for line in one.lines), Decimal(0))
    if goods != total:
        yield "goodsValue", GoodsDiffer(value=goods, wanted=total)
    wanted = (
        goods + number(values, "freight") + number(values, "taxTotal") - number(values, "discount")
    )
    if number(values, "acturalPaid") != wanted:
        yield "acturalPaid", PaidDiffers(value=values["acturalPaid"], wanted=wanted)
    if values["orderType"] != "I":
        yield "orderType", FlagWrong(value=values["orderType"], wanted="I")


def _one_package(one: Business) -> _Found:
    if number(one.head, "packNo") != 1:
        yield "packNo", OnePackage(value=one.head["packNo"])


def _weight(one: Business) -> _Found:
    if number(one.head, "weight") <= 0:
        yield "weight", NotPositive(value=one.head["weight"])


def _retail_list(one: Business) -> _Found:
    values = one.head
    gross, net = number(values, "grossWeight"), number(values, "netWeight")
    for name, value in (("grossWeight", gross), ("netWeight", net)):
        if value <= 0:
            yield name, NotPositive(value=value)
    if net > gross:
        yield "netWeight", NetAboveGross(net=net, gross=gross)
    transport = ("trafNo", "voyageNo", "billNo")
    if values["tradeMode"] in BONDED:
        for name in ("emsNo", "areaCode", "areaName"):
            if not values.get(name, "").strip():
                yield name, BondedIncomplete()
        for name in transport:
            if values.get(name):
                yield name, BondedWithTransport(value=values[name])
        if values["country"] != "142":
            yield "country", BondedFromAbroad(value=values["country"])
    if values["tradeMode"] == "9610":
        for name in transport:
            if not values.get(name):
                yield name, DirectIncomplete()
    if values["ieFlag"] != "I":
        yield "ieFlag", FlagWrong(value=values["ieFlag"], wanted="I")


def _signed_for(one: Business) -> _Found:
    if one.head["logisticsStatus"] != "S":
        yield "logisticsStatus", FlagWrong(value=one.head["logisticsStatus"], wanted="S")


_RULES: dict[str, tuple[Callable[[Business], _Found], ...]] = {
    "CEB311": (_order,),
    "CEB511": (_one_package, _weight),
    "CEB513": (_signed_for,),
    "CEB621": (_one_package, _retail_list),
}
