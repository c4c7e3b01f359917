"""What stands in the boxes of the declaration, from the one reading of its data."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.money import Money, exponent
from customs.papers.form import Box, Paper, PaperLine
from customs.papers.sheet import Stamp, unit, weight
from customs.rules import codes
from customs.rules.charges import Mark
from customs.rules.import_set import Charge, Goods, ImportSet
from customs.rules.stating import Answer

_LEVY = ("3 全免", "3 exempt")
_NO = ("否", "no")
#: What was answered; nobody answers in the importer's place.
_ANSWERS = {
    Answer.NO.value: _NO,
    Answer.YES.value: ("是", "yes"),
    Answer.NOT_APPLICABLE.value: ("不适用", "not applicable"),
}
_UNTOLD = ("未填", "not stated")
#: What a version stands in the place of.
_REPLACES = {
    "rejected": ("替代被退回的", "replaces the rejected"),
    "amended": ("经海关准予修改，替代", "amended with customs' leave, replaces"),
    "withdrawn": ("替代已撤销的", "replaces the withdrawn"),
}
#: Lists that the remarks of a month's form name; it has a paper with all of them.
_NAMED = 6


def declared(data: ImportSet, stamp: Stamp) -> Paper:
    """The form of this declaration."""
    chinese, told = stamp.chinese, data.statement

    def answer(value: str) -> str:
        return stamp.word(_ANSWERS.get(value, _UNTOLD))

    return Paper(
        form=data.form,
        our_reference=data.reference,
        document_number=stamp.number,
        # Before it is lodged there is no number of customs; the form then says so.
        their_reference=data.customs_number,
        district=_with_name(codes.DISTRICTS, data.warehouse.customs_district),
        rows=_rows(data, chinese),
        wide=_wide(data, chinese),
        lines=tuple(_line(data, line, chinese) for line in data.goods),
        foot=(
            (("特殊关系确认", "Special relation"), answer(told.special_relation)),
            (("价格影响确认", "Price influence"), answer(told.price_influence)),
            (("支付特许权使用费确认", "Royalties"), answer(told.royalties)),
            # Nothing is paid for goods into bond.
            (("自报自缴", "Self-assessed"), stamp.word(_NO)),
        ),
        declarant=data.declarant.name(chinese=chinese),
        declarant_code=data.declarant.uscc,
        declarant_phone=data.declarant.phone,
        author=data.importer.name(chinese=chinese),
        totals=_totals(data, chinese),
        made_at=stamp.made_at,
        language=stamp.language,
        version=stamp.version,
    )


def _with_name(table: dict[str, str], code: str) -> str:
    return f"{table[code]} {code}" if code in table else code


def _rows(data: ImportSet, chinese: bool) -> tuple[tuple[Box, ...], ...]:
    shipment, order = data.shipment, data.order
    warehouse, supplier = data.warehouse, data.supplier
    seller_country = codes.country(supplier.country, chinese=chinese)
    told, consignee, office = data.statement, data.consignee, warehouse.office
    # A port that the table does not know stands as the supplier calls it, without a code.
    port = told.departure.name(chinese=chinese) or shipment.departure_port
    departure = told.departure.country
    term_code, term = codes.DEAL_TERMS.get(data.incoterm, ("", data.incoterm))
    mode = shipment.mode
    operator = data.operator
    return (
        (
            Box(("境内收货人", "Consignee"), consignee.name(chinese=chinese), consignee.uscc),
            Box(("进境关别", "Customs of entry"), office.name(chinese=True), office.code),
            Box(("进口日期", "Date of import"), _on(data.entered_on)),
            Box(("申报日期", "Date of declaration"), _on(data.declared_on)),
            Box(("备案号", "Ledger no."), warehouse.ledger_number),
        ),
        (
            Box(("境外发货人", "Consignor abroad"), supplier.name_en),
            Box(
                ("运输方式", "Transport"),
                codes.named(codes.TRANSPORT_MODES, mode, chinese=chinese),
                mode,
            ),
            Box(
                ("运输工具名称及航次号", "Vessel and voyage"),
                f"{shipment.vessel}/{shipment.voyage}",
            ),
            Box(("提运单号", "Bill of lading"), shipment.bill_of_lading),
            Box(("货物存放地点", "Place of storage"), warehouse.name(chinese=chinese)),
        ),
        (
            Box(("消费使用单位", "Consuming unit"), operator.name(chinese=chinese), operator.uscc),
            Box(
                ("监管方式", "Supervision mode"),
                codes.named(codes.SUPERVISION_MODES, data.supervision_mode, chinese=chinese),
                data.supervision_mode,
            ),
            # Empty for goods into bond.
            Box(("征免性质", "Nature of levy")),
            Box(("许可证号", "Licence no."), data.licence),
            Box(("启运港", "Port of departure"), port, told.departure.code),
        ),
        (
            Box(("合同协议号", "Contract no."), order.number),
            Box(("贸易国(地区)", "Trading country"), seller_country, supplier.country),
            Box(
                ("启运国(地区)", "Country of departure"),
                codes.country(departure, chinese=chinese) if departure else "",
                departure,
            ),
            Box(("经停港", "Port of call"), told.call.name(chinese=chinese), told.call.code),
            Box(
                ("入境口岸", "Port of entry"),
                codes.DOMESTIC_PORTS.get(warehouse.entry_port, warehouse.entry_port),
                warehouse.entry_port,
            ),
        ),
        (
            Box(
                ("包装种类", "Packing"), told.packing.name(chinese=chinese), told.packing.code, 1.6
            ),
            Box(("件数", "Packages"), f"{data.packages:,}", share=0.8),
            Box(("毛重(千克)", "Gross kg"), weight(data.gross_weight)),
            Box(("净重(千克)", "Net kg"), weight(data.net_weight)),
            Box(("成交方式", "Terms"), term, term_code, 0.8),
            Box(("运费", "Freight"), _fee(data.charge("freight"))),
            Box(("保费", "Insurance"), _fee(data.charge("insurance"))),
            Box(("杂费", "Other charges"), _fee(data.charge("other")), share=0.8),
        ),
    )


def _on(day: date | None) -> str:
    return f"{day:%Y%m%d}" if day else ""


def _fee(charge: Charge | None) -> str:
    """``USD/450.00/3``, ``0.3/1``: currency, value and mark; empty where the price holds it."""
    if charge is None:
        return ""
    if charge.mark == Mark.RATE:
        return f"{charge.value.normalize():f}/{charge.mark}"
    value = charge.value.quantize(Decimal(1).scaleb(-exponent(charge.currency)))
    return f"{charge.currency}/{value}/{charge.mark}"


def _wide(data: ImportSet, chinese: bool) -> tuple[Box, ...]:
    shipment, order = data.shipment, data.order
    pending = not data.customs_number
    if chinese:
        note = (
            f"标记唛码：N/M　备注："
            f"{'尚无海关编号，供录入单一窗口；' if pending else ''}"
            f"合并采购订单 {order.number}；发货通知 {shipment.number}；"
            f"启运 {shipment.departed_on:%Y-%m-%d}；"
            f"保税账册 {data.warehouse.ledger_number}；"
            f"境外合同签约方 {data.importer.name(chinese=True)}"
        )
    else:
        note = (
            "Marks: N/M. Remarks: "
            + ("no customs number yet, for entry in the single window; " if pending else "")
            + f"combined order {order.number}; ship notice {shipment.number}; "
            f"bonded ledger {data.warehouse.ledger_number}; "
            f"bought by {data.importer.name(chinese=False)}"
        )
    if data.lists:
        return _together(data, chinese)
    permits = "；".join(data.attached) if chinese else ", ".join(data.attached)
    if chinese:
        attached = (
            f"随附单证1：{permits}　随附单证2：发票 {data.invoice_number}；"
            f"装箱单 PL-{shipment.number}；"
            f"合同 {order.number}；提运单 {shipment.bill_of_lading}"
        )
        attached += "；代理报关委托协议" if data.statement.broker else ""
    else:
        attached = (
            f"1: {permits or 'none'}. 2: invoice {data.invoice_number}; "
            f"packing list PL-{shipment.number}; "
            f"contract {order.number}; bill of lading {shipment.bill_of_lading}"
        )
        attached += "; power of attorney" if data.statement.broker else ""
    if old := data.replaces:
        zh, en = _REPLACES.get(data.replaced_as, ("替代", "replaces"))
        note += f"；{zh} {old}" if chinese else f"; {en} {old}"
    return (
        Box(("随附单证及编号", "Attached documents"), attached, share=0.85),
        Box(("标记唛码及备注", "Marks and remarks"), note, share=1.25),
    )


def _together(data: ImportSet, chinese: bool) -> tuple[Box, ...]:
    """Of a month: which lists it is of; all of them stand on their own paper."""
    pending, lists, month = not data.customs_number, data.lists, f"{data.month:%Y-%m}"
    if chinese:
        named = "、".join(one.reference for one in lists[:_NAMED])
        named += f"等共 {len(lists)} 份" if len(lists) > _NAMED else ""
        note = (
            f"标记唛码：N/M　备注：集中申报 {month}；"
            f"{'待申报（尚无海关编号，仅供录入单一窗口）；' if pending else ''}"
            f"清单 {named}；保税账册 {data.warehouse.ledger_number}；"
            f"境外合同签约方 {data.importer.name(chinese=True)}"
        )
        attached = (
            f"随附单证1：{'；'.join(data.attached)}　"
            f"随附单证2：集中申报清单汇总 {data.reference}；"
            f"合同 {data.order.number}；提运单 {data.shipment.bill_of_lading}"
        )
        note += f"；替代 {data.replaces}" if data.replaces else ""
    else:
        named = ", ".join(one.reference for one in lists[:_NAMED])
        named += f" and {len(lists) - _NAMED} more" if len(lists) > _NAMED else ""
        draft = "draft for lodging (no customs number yet, for entry in the single window); "
        note = (
            f"Marks: N/M. Remarks: collective declaration of {month}; {draft if pending else ''}"
            f"lists {named}; bonded ledger {data.warehouse.ledger_number}; "
            f"bought by {data.importer.name(chinese=False)}"
        )
        attached = (
            f"1: {', '.join(data.attached) or 'none'}. "
            f"2: lists that are declared together {data.reference}; "
            f"contract {data.order.number}; bill of lading {data.shipment.bill_of_lading}"
        )
        note += f"; replaces {data.replaces}" if data.replaces else ""
    return (
        Box(("随附单证及编号", "Attached documents"), attached, share=0.85),
        Box(("标记唛码及备注", "Marks and remarks"), note, share=1.25),
    )


def _line(data: ImportSet, line: Goods, chinese: bool) -> PaperLine:
    # What goes into bond stays in the zone: it is kept where its warehouse's company is.
    keeper = data.operator
    legal = f"{line.legal_quantity.normalize():f}"
    gap = "" if chinese else " "
    return PaperLine(
        position=line.position,
        # Of a line that sums several, the items stand on the bonded list.
        ledger_item=line.ledger_item,
        hs_code=line.hs_code,
        name=line.name_zh,
        specification=line.specification,
        quantities=(
            f"{legal}{gap}{unit(line.legal_unit, chinese=chinese)}",
            _second(line, chinese),
            f"{line.quantity}{gap}{unit(line.unit, chinese=chinese)}",
        ),
        unit_price=f"{line.unit_price:.4f}",
        total=f"{Money(line.total, data.currency).amount:.2f}",
        currency=codes.CURRENCIES.get(data.currency, data.currency) if chinese else data.currency,
        origin=codes.country(line.origin, chinese=chinese),
        origin_code=line.origin,
        destination=codes.country("CHN", chinese=chinese),
        destination_code="CHN",
        place=keeper.town,
        # The first five places of the registration number are the district in China.
        place_code=keeper.customs_code[:5],
        levy=_LEVY[0 if chinese else 1],
    )


def _second(line: Goods, chinese: bool) -> str:
    if line.second_quantity is None:
        return ""
    gap = "" if chinese else " "
    return f"{line.second_quantity.normalize():f}{gap}{unit(line.second_unit, chinese=chinese)}"


def _totals(data: ImportSet, chinese: bool) -> str:
    amount, lines = Money(data.total, data.currency), len(data.goods)
    if chinese:
        return f"共 {lines} 项　总价 {amount}　净重 {weight(data.net_weight)} 千克"
    return f"{lines} items, total {amount}, net {weight(data.net_weight)} kg"
