"""A declaration's rows, turned into the words of its paper."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone

from core.money import Money, exponent
from customs.models import (
    ChargeKind,
    Declaration,
    DeclarationCharge,
    DeclarationDocument,
    GoodsLine,
)
from customs.papers import Box, Paper, PaperLine
from customs.rules import codes
from customs.rules.charges import Mark
from customs.rules.goods import kilograms

_LEVY = ("3 全免", "3 exempt")
_NO = ("否", "no")


def paper_of(document: DeclarationDocument) -> Paper:
    """What the form of this document shows; no clock is asked, the time is the row's."""
    declaration = Declaration.objects.select_related(
        "importer", "warehouse__operator", "shipment__order__supplier__company"
    ).get(pk=document.declaration_id)
    chinese = document.language.startswith("zh")
    lines = list(declaration.goods.order_by("position"))
    importer = declaration.importer
    return Paper(
        form=declaration.form,
        our_reference=declaration.our_reference,
        document_number=document.number,
        # The paper is what a person lodges: customs' number does not exist yet.
        their_reference="",
        district=_with_name(codes.DISTRICTS, declaration.warehouse.customs_district),
        rows=_rows(declaration, chinese),
        wide=_wide(declaration, chinese),
        lines=tuple(_line(declaration, line, chinese) for line in lines),
        foot=(
            (("特殊关系确认", "Special relation"), _NO[not chinese]),
            (("价格影响确认", "Price influence"), _NO[not chinese]),
            (("支付特许权使用费确认", "Royalties"), _NO[not chinese]),
            (("自报自缴", "Self-assessed"), _NO[not chinese]),
        ),
        declarant=importer.name_zh if chinese else importer.name_en,
        declarant_code=importer.uscc,
        author=importer.name_zh if chinese else importer.name_en,
        totals=_totals(declaration, len(lines), chinese),
        made_at=document.queued_at,
        language=document.language,
    )


def _with_name(table: dict[str, str], code: str) -> str:
    return f"{table[code]} {code}" if code in table else code


def _rows(declaration: Declaration, chinese: bool) -> tuple[tuple[Box, ...], ...]:
    shipment, order = declaration.shipment, declaration.shipment.order
    importer, warehouse = declaration.importer, declaration.warehouse
    supplier = order.supplier.company
    seller_country = codes.country(supplier.country, chinese=chinese)
    at = 0 if chinese else 1
    port_code, port_zh = codes.FOREIGN_PORTS.get(
        order.supplier.departure_port.lower(), ("", order.supplier.departure_port)
    )
    port = port_zh if chinese else order.supplier.departure_port
    term_code, term = codes.DEAL_TERMS.get(order.incoterm, ("", order.incoterm))
    charges = {one.kind: one for one in declaration.charges.all()}
    mode = shipment.transport_mode
    operator = warehouse.operator
    name = "name_zh" if chinese else "name_en"
    return (
        (
            Box(("境内收货人", "Consignee"), getattr(importer, name), importer.uscc),
            Box(
                ("进境关别", "Customs of entry"),
                codes.DISTRICTS.get(warehouse.customs_district, warehouse.customs_district),
                warehouse.customs_district,
            ),
            Box(("进口日期", "Date of import")),
            Box(("申报日期", "Date of declaration")),
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
            Box(("货物存放地点", "Place of storage"), getattr(warehouse, name)),
        ),
        (
            Box(("消费使用单位", "Consuming unit"), getattr(operator, name), operator.uscc),
            Box(
                ("监管方式", "Supervision mode"),
                codes.named(codes.SUPERVISION_MODES, declaration.supervision_mode, chinese=chinese),
                declaration.supervision_mode,
            ),
            # Empty for goods into bond.
            Box(("征免性质", "Nature of levy")),
            Box(("许可证号", "Licence no.")),
            Box(("启运港", "Port of departure"), port, port_code),
        ),
        (
            Box(("合同协议号", "Contract no."), order.number),
            Box(("贸易国(地区)", "Trading country"), seller_country, supplier.country),
            Box(("启运国(地区)", "Country of departure"), seller_country, supplier.country),
            Box(("经停港", "Port of call"), port, port_code),
            Box(
                ("入境口岸", "Port of entry"),
                codes.DOMESTIC_PORTS.get(warehouse.entry_port, warehouse.entry_port),
                warehouse.entry_port,
            ),
        ),
        (
            Box(("包装种类", "Packing"), codes.CARTON[1 + at], codes.CARTON[0], 1.6),
            Box(("件数", "Packages"), f"{declaration.packages:,}", share=0.8),
            Box(("毛重(千克)", "Gross kg"), kilograms(declaration.gross_weight_g)),
            Box(("净重(千克)", "Net kg"), kilograms(declaration.net_weight_g)),
            Box(("成交方式", "Terms"), term, term_code, 0.8),
            Box(
                ("运费", "Freight"),
                _fee(charges.get(ChargeKind.FREIGHT)),
            ),
            Box(
                ("保费", "Insurance"),
                _fee(charges.get(ChargeKind.INSURANCE)),
            ),
            Box(("杂费", "Other charges"), _fee(charges.get(ChargeKind.OTHER)), share=0.8),
        ),
    )


def _fee(charge: DeclarationCharge | None) -> str:
    """``USD/450.00/3``, ``0.3/1``: currency, value and mark; empty where the price holds it."""
    if charge is None:
        return ""
    if charge.mark == Mark.RATE:
        return f"{charge.value.normalize():f}/{charge.mark}"
    value = charge.value.quantize(Decimal(1).scaleb(-exponent(charge.currency)))
    return f"{charge.currency}/{value}/{charge.mark}"


def _wide(declaration: Declaration, chinese: bool) -> tuple[Box, ...]:
    shipment, order = declaration.shipment, declaration.shipment.order
    zone = timezone.get_default_timezone()
    if chinese:
        note = (
            f"标记唛码：N/M　备注：待申报（尚无海关编号，仅供录入单一窗口）；"
            f"合并采购订单 {order.number}；发货通知 {shipment.number}；"
            f"启运 {shipment.departed_at.astimezone(zone):%Y-%m-%d}；"
            f"保税账册 {declaration.warehouse.ledger_number}"
        )
    else:
        note = (
            "Marks: N/M. Remarks: draft for lodging (no customs number yet, for entry in the "
            f"single window); combined order {order.number}; ship notice {shipment.number}; "
            f"bonded ledger {declaration.warehouse.ledger_number}"
        )
    if declaration.replaces_id and declaration.replaces:
        old = declaration.replaces.our_reference
        note += f"；替代被退回的 {old}" if chinese else f"; replaces the rejected {old}"
    return (
        Box(("随附单证及编号", "Attached documents"), share=0.85),
        Box(("标记唛码及备注", "Marks and remarks"), note, share=1.25),
    )


def _line(declaration: Declaration, line: GoodsLine, chinese: bool) -> PaperLine:
    importer = declaration.importer
    return PaperLine(
        position=line.position,
        # The items of the account book stand on the bonded list, of which this is the sum.
        ledger_item="",
        hs_code=line.hs_code,
        name=line.name_zh,
        specification=line.specification,
        quantities=(
            _measured(line.legal_quantity, line.legal_unit, chinese),
            _measured(line.second_quantity, line.second_unit, chinese),
            f"{line.quantity}{codes.named(codes.UNITS, line.unit, chinese=chinese)}",
        ),
        unit_price=f"{line.unit_price:.4f}",
        total=f"{Money(line.total_minor, declaration.currency).amount:.2f}",
        currency=codes.CURRENCIES.get(declaration.currency, declaration.currency)
        if chinese
        else declaration.currency,
        origin=codes.country(line.origin, chinese=chinese),
        origin_code=line.origin,
        destination=codes.country("CHN", chinese=chinese),
        destination_code="CHN",
        place=importer.town,
        # The first five places of the registration number are the district in China.
        place_code=importer.customs_code[:5],
        levy=_LEVY[0 if chinese else 1],
    )


def _measured(quantity: Decimal | None, unit: str, chinese: bool) -> str:
    if quantity is None:
        return ""
    return f"{quantity.normalize():f}{codes.named(codes.UNITS, unit, chinese=chinese)}"


def _totals(declaration: Declaration, lines: int, chinese: bool) -> str:
    amount = Money(declaration.total_minor, declaration.currency)
    if chinese:
        return f"共 {lines} 项　总价 {amount}　净重 {kilograms(declaration.net_weight_g)} 千克"
    return f"{lines} items, total {amount}, net {kilograms(declaration.net_weight_g)} kg"
