"""零售进口清单 as it is printed for one parcel, and its tax with the working.

No official image of the form could be had: the fields are those of CEB621, head and lines, in their
order. Who buys is masked as everywhere in the house.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core import pdf
from core.flowing import Column, Facts, Grid, Words
from customs.papers.sheet import Sheet, amount, unit
from customs.papers.words import In, titled
from customs.rules import codes


@dataclass(frozen=True, slots=True)
class RetailLine:
    """A line with its share of the freight and its tax; fen."""

    position: int
    sku: str
    hs_code: str
    name: str
    specification: str
    origin: str
    unit: str
    quantity: int
    price: int
    dutiable: int
    duty: int
    consumption_tax: int
    vat: int


@dataclass(frozen=True, slots=True)
class RetailPrint:
    """One parcel's list as its papers tell it; fen, and what stands of the buyer is masked."""

    number: str
    order: str
    shop: str
    shop_order: str
    seller: str
    seller_code: str
    warehouse: str
    ledger: str
    district: str
    buyer: str
    buyer_id: str
    telephone: str
    address: str
    regime: str
    rule: str
    payable: Decimal
    is_full: bool
    freight: int
    dutiable: int
    tax: int
    state: str
    drawn_at: datetime
    day: date
    lines: tuple[RetailLine, ...]


def retail_list(data: RetailPrint, *, chinese: bool) -> Sheet:
    """The list of the parcel."""
    word = In(chinese=chinese)
    title, other = titled(("跨境电商零售进口申报清单", "Retail import list"), chinese=chinese)
    china = codes.country("CHN", chinese=chinese)
    return Sheet(
        title=title,
        other_title=f"{other} · CEB621",
        reference=data.number,
        party=data.seller,
        blocks=(
            Facts(
                (
                    (word("清单编号", "List"), data.number),
                    (word("订单编号", "Order"), data.order),
                    (word("电商平台", "Shop"), data.shop),
                    (word("平台订单号", "Shop order"), data.shop_order),
                    (word("电商企业", "Seller"), f"{data.seller}\n{data.seller_code}".strip()),
                    (word("区内企业", "Warehouse"), data.warehouse),
                    (word("账册编号", "Account book"), data.ledger),
                    (word("监管方式", "Supervision"), "1210"),
                    (word("申报日期", "Date"), f"{data.day:%Y-%m-%d}"),
                    (word("关区", "Customs"), data.district),
                    (word("启运国", "From"), china),
                    (word("状态", "State"), data.state),
                    (word("订购人", "Buyer"), data.buyer),
                    (word("证件号码", "Identity number"), data.buyer_id),
                    (word("电话", "Telephone"), data.telephone),
                    (word("收货地址", "Address"), data.address),
                    (word("运费", "Freight"), f"CNY {amount(data.freight, 'CNY')}"),
                    (word("税款合计", "Tax due"), f"CNY {amount(data.tax, 'CNY')}"),
                ),
                ruled=True,
            ),
            Grid(
                (
                    Column(word("序号", "No."), 9),
                    Column(word("货号\nHS 编码", "Item\nHS code"), 28),
                    Column(word("品名、规格", "Goods"), 60),
                    Column(word("原产国", "Origin"), 18),
                    Column(word("数量", "Quantity"), 20, "r"),
                    Column(f"{word('单价', 'Price')}\nCNY", 20, "r"),
                    Column(f"{word('完税价格', 'Dutiable')}\nCNY", 22, "r"),
                    Column(f"{word('税款', 'Tax')}\nCNY", 20, "r"),
                ),
                tuple(
                    (
                        str(line.position),
                        f"{line.sku}\n{line.hs_code}",
                        "\n".join(part for part in (line.name, line.specification) if part),
                        codes.country(line.origin, chinese=chinese),
                        f"{line.quantity:,} {unit(line.unit, chinese=chinese)}",
                        amount(line.price, "CNY"),
                        amount(line.dutiable, "CNY"),
                        amount(line.duty + line.consumption_tax + line.vat, "CNY"),
                    )
                    for line in data.lines
                ),
                total=(
                    "",
                    "",
                    word("合计", "Total"),
                    "",
                    f"{sum(line.quantity for line in data.lines):,}",
                    "",
                    amount(data.dutiable, "CNY"),
                    amount(data.tax, "CNY"),
                ),
                after=(_masked(word),),
            ),
        ),
    )


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
