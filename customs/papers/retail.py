"""零售进口清单 as it is printed for one parcel, and its tax with the working.

No official image of the form could be had: the fields are those of the message (CEB621), head and
lines, in their order, as they are told, with customs' own numbers and answer once there are any;
the tax stands beside them. What an import out of bond leaves out (vehicle, voyage, bill of lading,
licence) is not printed. Who buys is masked as everywhere in the house.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core import pdf
from core.flowing import Column, Facts, Grid, Words
from customs.papers.sheet import Sheet, amount, unit
from customs.papers.words import In, titled
from customs.rules import codes


@dataclass(frozen=True, slots=True)
class RetailLine:
    """A line of the order with its share of freight and insurance, and its tax; fen."""

    position: int
    hs_code: str
    name: str
    dutiable: int
    duty: int
    consumption_tax: int
    vat: int


@dataclass(frozen=True, slots=True)
class ToldLine:
    """A line of the message, as text; tax and what it is due on (fen) stand on the first of those
    that serve one line of the order, and are None on the others."""

    values: Mapping[str, str]
    dutiable: int | None
    tax: int | None


@dataclass(frozen=True, slots=True)
class RetailPrint:
    """One parcel's list as its papers tell it; fen, and what stands of the buyer is masked.

    ``head`` and ``told`` are the message's, ``number_at_customs`` and ``pre_number`` customs' and
    the e-port's, ``answer`` how far it is there.
    """

    number: str
    order: str
    seller: str
    buyer: str
    buyer_id: str
    telephone: str
    address: str
    regime: str
    rule: str
    payable: Decimal
    is_full: bool
    dutiable: int
    tax: int
    state: str
    drawn_at: datetime
    lines: tuple[RetailLine, ...]
    head: Mapping[str, str]
    told: tuple[ToldLine, ...]
    number_at_customs: str
    pre_number: str
    answer: str


def retail_list(data: RetailPrint, *, chinese: bool) -> Sheet:
    """The list of the parcel."""
    word = In(chinese=chinese)
    title, other = titled(("跨境电商零售进口申报清单", "Retail import list"), chinese=chinese)
    return Sheet(
        title=title,
        other_title=f"{other} · CEB621",
        reference=data.number,
        party=data.seller,
        blocks=(Facts(_head(data, word), columns=3, ruled=True), _goods(data, word)),
        landscape=True,
    )


def _head(data: RetailPrint, word: In) -> tuple[tuple[str, str], ...]:
    """In the order of the message."""
    head = data.head

    def both(code: str, name: str) -> str:
        return "\n".join(part for part in (head.get(name, ""), head.get(code, "")) if part)

    def office(name: str) -> str:
        code = head.get(name, "")
        return " ".join(part for part in (code, word(codes.DISTRICTS.get(code, ""), "")) if part)

    day = head.get("declTime", "")
    mode = head.get("trafMode", "")
    return (
        (word("订单编号", "Order"), head.get("orderNo", "")),
        (word("电商平台", "Platform"), both("ebpCode", "ebpName")),
        (word("电商企业", "E-commerce company"), both("ebcCode", "ebcName")),
        (word("运单编号", "Waybill"), head.get("logisticsNo", "")),
        (word("物流企业", "Carrier"), both("logisticsCode", "logisticsName")),
        (word("企业内部编号", "List"), head.get("copNo", "")),
        (word("预录入编号", "Number at the e-port"), data.pre_number),
        (word("担保企业", "Guarantor of the tax"), head.get("assureCode", "")),
        (word("账册编号", "Account book"), head.get("emsNo", "")),
        (word("清单编号", "Number at customs"), data.number_at_customs),
        (word("进出口标记", "Import or export"), head.get("ieFlag", "")),
        (word("申报日期", "Date"), f"{day[:4]}-{day[4:6]}-{day[6:]}" if day else ""),
        (word("申报海关", "Customs"), office("customsCode")),
        (word("口岸海关", "Customs of the port"), office("portCode")),
        (word("订购人", "Buyer"), f"{data.buyer}\n{data.telephone}".strip()),
        (word("订购人证件", "Identity number"), f"{head.get('buyerIdType', '')} {data.buyer_id}"),
        (word("收货地址", "Address"), data.address),
        (word("申报企业", "Declared by"), both("agentCode", "agentName")),
        (word("区内企业", "Warehouse"), both("areaCode", "areaName")),
        (word("监管方式", "Supervision"), head.get("tradeMode", "")),
        (
            word("运输方式", "Transport"),
            " ".join(part for part in (mode, word(*_LEAVES.get(mode, ("", "")))) if part),
        ),
        (word("监管场所", "Supervised site"), head.get("loctNo", "")),
        (word("启运国", "From"), f"{head.get('country', '')} {word('中国', 'China')}"),
        (word("运费", "Freight"), f"CNY {head.get('freight', '')}"),
        (word("保费", "Insurance"), f"CNY {head.get('insuredFee', '')}"),
        (word("件数", "Packages"), head.get("packNo", "")),
        (word("毛重（千克）", "Gross weight (kg)"), head.get("grossWeight", "")),
        (word("净重（千克）", "Net weight (kg)"), head.get("netWeight", "")),
        (word("税款合计", "Tax due"), f"CNY {amount(data.tax, 'CNY')}"),
        (word("状态", "State"), "\n".join(part for part in (data.state, data.answer) if part)),
    )


#: How goods leave the zone, by customs' code.
_LEAVES = {"W": ("物流中心", "logistics centre"), "Y": ("保税港区", "bonded port area")}


def _goods(data: RetailPrint, word: In) -> Grid:
    """The lines in the order of the message, each with its tax."""
    return Grid(
        (
            Column(word("序号", "No."), 9),
            Column(word("HS 编码\n账册项号", "HS code\nItem of the book"), 26),
            Column(word("货号\n条码", "Article\nBarcode"), 32),
            Column(word("品名\n规格型号", "Goods\nSpecification"), 58),
            Column(word("原产国", "Origin"), 18),
            Column(word("申报数量", "Quantity"), 20, "r"),
            Column(word("法定数量", "Legal quantities"), 22, "r"),
            Column(f"{word('单价', 'Price')}\nCNY", 19, "r"),
            Column(f"{word('总价', 'Total')}\nCNY", 21, "r"),
            Column(f"{word('完税价格', 'Dutiable')}\nCNY", 22, "r"),
            Column(f"{word('税款', 'Tax')}\nCNY", 20, "r"),
        ),
        tuple(_row(one, word) for one in data.told),
        total=(
            "",
            "",
            "",
            word("合计", "Total"),
            *("", "", "", ""),
            amount(sum(_fen(one.values["totalPrice"]) for one in data.told), "CNY"),
            amount(data.dutiable, "CNY"),
            amount(data.tax, "CNY"),
        ),
        after=(_masked(word),),
    )


def _row(one: ToldLine, word: In) -> tuple[str, ...]:
    values = one.values

    def measured(quantity: str, unit_code: str) -> str:
        named = unit(values.get(unit_code, ""), chinese=word.chinese)
        return f"{values.get(quantity) or '—'} {named}" if values.get(unit_code) else ""

    return (
        values["gnum"],
        _lines(values["gcode"], values["itemRecordNo"]),
        _lines(values.get("itemNo", ""), values["barCode"]),
        _lines(values["gname"], values["gmodel"]),
        values["origin"],
        measured("qty", "unit"),
        _lines(measured("qty1", "unit1"), measured("qty2", "unit2")),
        values["price"],
        values["totalPrice"],
        "" if one.dutiable is None else amount(one.dutiable, "CNY"),
        "" if one.tax is None else amount(one.tax, "CNY"),
    )


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _fen(yuan: str) -> int:
    return int(Decimal(yuan) * 100)


def _masked(word: In) -> Words:
    told = word(
        "订购人的姓名、证件号码、电话和地址已作掩码处理。",
        "Name, identity number, telephone and address of the buyer are masked.",
    )
    return Words(told, size=8, grey=True)


def retail_tax(data: RetailPrint, *, chinese: bool) -> Sheet:
    """What the parcel is taxed, kind by kind."""
    word = In(chinese=chinese)
    title, other = titled(("零售进口税款估算单", "Tax of a parcel"), chinese=chinese)
    percent = f"{(data.payable * 100).normalize():f} %"
    how = (
        word(
            "超过单次限值的单件商品：关税、消费税、增值税全额征收。",
            "A single item above the limit for one order: duty and taxes in full.",
        )
        if data.is_full
        else word(
            f"限值以内：关税为零，消费税和增值税按法定应纳税额的 {percent} 征收。",
            f"Within the limits: no duty; {percent} of consumption tax and VAT.",
        )
    )
    taxes = [(line.duty, line.consumption_tax, line.vat) for line in data.lines]
    return Sheet(
        title=title,
        other_title=other,
        reference=data.number,
        party=data.seller,
        blocks=(
            Facts(
                (
                    (word("清单编号", "List"), data.number),
                    (word("订单编号", "Order"), data.order),
                    (word("税款依据", "By"), data.rule),
                    (word("开立时间", "Drawn"), pdf.stamp(data.drawn_at)),
                ),
                ruled=True,
            ),
            Words(how),
            Grid(
                (
                    Column(word("序号", "No."), 9),
                    Column(word("HS 编码", "HS code"), 26),
                    Column(word("品名", "Goods"), 60),
                    Column(word("完税价格", "Dutiable"), 24, "r"),
                    Column(word("关税", "Duty"), 22, "r"),
                    Column(word("消费税", "Consumption tax"), 26, "r"),
                    Column(word("增值税", "VAT"), 22, "r"),
                ),
                tuple(
                    (
                        str(line.position),
                        line.hs_code,
                        line.name,
                        amount(line.dutiable, "CNY"),
                        *(amount(part, "CNY") for part in parts),
                    )
                    for line, parts in zip(data.lines, taxes, strict=True)
                ),
                total=(
                    "",
                    "",
                    f"{word('应缴税款', 'Due')} CNY {amount(data.tax, 'CNY')}",
                    amount(data.dutiable, "CNY"),
                    *(amount(sum(part), "CNY") for part in zip(*taxes, strict=True)),
                ),
                after=(
                    Words(
                        word(
                            "估算，以海关电子税单（CEB816）为准；每一税种可相差一分。",
                            "An estimate: customs' own bill decides, a fen up or down per tax.",
                        ),
                        size=8,
                        grey=True,
                    ),
                ),
            ),
        ),
    )
