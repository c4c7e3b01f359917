"""核注清单: the bonded list (INV101) as it is printed, one line an item of the account book."""

from __future__ import annotations

from decimal import Decimal

from core.flowing import Column, Facts, Grid, Words
from core.money import exponent
from customs.papers.sheet import Sheet, unit, weight
from customs.papers.words import In, day, titled
from customs.rules import codes
from customs.rules.import_set import ImportSet, Listed, Party

#: Full exemption in bond.
_LEVY = "3"
#: By customs' codes, kinds of list and of declaration.
_KINDS = {
    "0": ("普通", "ordinary"),
    "1": ("集报", "collective"),
    "3": ("先入区后报关", "first in, then declared"),
}
_FORMS = {
    "1": ("进口报关单", "import declaration"),
    "3": ("进境备案清单", "entry record list"),
    "X": ("两步申报报关单", "import declaration in two steps"),
    "Y": ("两步申报备案清单", "entry record list in two steps"),
}


def bonded_list(data: ImportSet, *, chinese: bool) -> Sheet:
    """What the zone posts into its account book: every list line, with the form's line beside."""
    word = In(chinese=chinese)
    title, other = titled(("保税核注清单", "Bonded list"), chinese=chinese)
    head = data.list_head
    kind, form = head.kind or "0", head.form or data.form
    departure = data.statement.departure.country
    came_from = f"{codes.country(departure, chinese=chinese)} ({departure})" if departure else "—"
    mode = codes.named(codes.SUPERVISION_MODES, data.supervision_mode, chinese=chinese)
    traffic = codes.named(codes.TRANSPORT_MODES, data.shipment.mode, chinese=chinese)
    office = data.warehouse.office
    return Sheet(
        title=title,
        other_title=f"{other} · INV101",
        reference=data.reference,
        party=data.operator.name(chinese=chinese),
        landscape=True,
        blocks=(
            Facts(
                (
                    (word("企业内部编号", "Own number"), head.own_number or data.reference),
                    (word("账册编号", "Account book"), data.warehouse.ledger_number),
                    (word("清单编号", "List number"), head.number or "—"),
                    (word("经营企业", "Operating company"), _named(data.operator, chinese)),
                    (word("收货企业", "Receiving company"), _named(data.consignee, chinese)),
                    (word("申报单位", "Declarant"), _named(data.declarant, chinese)),
                    (word("清单类型", "Kind of list"), f"{kind} {word(*_KINDS[kind])}"),
                    (word("料件/成品", "Material/product"), f"I {word('料件', 'material')}"),
                    (word("监管方式", "Supervision"), f"{data.supervision_mode} {mode}"),
                    (word("运输方式", "Transport"), f"{data.shipment.mode} {traffic}"),
                    (
                        word("进境关别", "Customs of entry"),
                        f"{office.code} {office.name(chinese=True)}".strip() or "—",
                    ),
                    (word("启运国", "From"), came_from),
                    (word("报关标志", "Declared"), word("报关", "yes")),
                    (word("报关单类型", "Form"), f"{form} {word(*_FORMS[form])}"),
                    (word("报关单号", "Customs number"), data.customs_number or "—"),
                    (word("申报日期", "Date"), day(head.told_on or data.drafted_on)),
                    (word("总件数", "Packages"), f"{data.packages:,}"),
                    (
                        word("毛重/净重", "Gross/net"),
                        f"{weight(data.gross_weight)} / {weight(data.net_weight)} kg",
                    ),
                ),
                columns=3,
                ruled=True,
            ),
            _grid(data, chinese),
        ),
    )


def _named(party: Party, chinese: bool) -> str:
    return "\n".join(
        part for part in (party.name(chinese=chinese), f"{party.customs_code} {party.uscc}") if part
    )


def _grid(data: ImportSet, chinese: bool) -> Grid:
    word = In(chinese=chinese)
    return Grid(
        (
            Column(word("序号\n报关序号", "Line\nof form"), 13),
            Column(word("备案序号\n料号", "Book item\nmaterial"), 27),
            Column(word("商品编码", "HS code"), 21),
            Column(word("商品名称、规格型号", "Name and specification"), 70),
            Column(word("原产国", "Origin"), 20),
            Column(word("申报数量\n法定/第二法定", "Declared\nlegal/second"), 30, "r"),
            Column(f"{word('单价', 'Unit price')}\n{data.currency}", 20, "r"),
            Column(f"{word('总价', 'Total')}\n{data.currency}", 22, "r"),
            Column(word("净重\n毛重 kg", "Net\ngross kg"), 18, "r"),
            Column(word("征免", "Levy"), 12, "c"),
        ),
        tuple(_row(data, line, chinese) for line in data.listed),
        total=(
            "",
            "",
            "",
            word(f"合计 {len(data.listed)} 项", f"Total of {len(data.listed)} lines"),
            "",
            f"{sum(line.quantity for line in data.listed):,}",
            "",
            _major(data.total, data.currency),
            f"{weight(data.net_weight)}\n{weight(data.gross_weight)}",
            "",
        ),
        size=7.5,
        after=(
            Words(
                word(
                    "备案序号为空的，由海关在记账时给出。清单编号由海关审核后给出。",
                    "An empty book item is given by customs when it posts the list; the list's "
                    "number is given when it is approved.",
                ),
                size=7.5,
                grey=True,
            ),
        ),
    )


def _row(data: ImportSet, line: Listed, chinese: bool) -> tuple[str, ...]:
    legal = _measured(line.legal_quantity, line.legal_unit, chinese)
    second = _measured(line.second_quantity, line.second_unit, chinese)
    return (
        f"{line.position}\n{line.goods_position}",
        f"{line.ledger_item or '—'}\n{line.sku}",
        line.hs_code,
        "\n".join(part for part in (line.name_zh, line.specification) if part),
        f"{codes.country(line.origin, chinese=chinese)}\n({line.origin})",
        "\n".join(
            part
            for part in (f"{line.quantity:,} {unit(line.unit, chinese=chinese)}", legal, second)
            if part
        ),
        f"{line.unit_price:.4f}",
        _major(line.total, data.currency),
        f"{weight(line.net_weight)}\n{weight(line.gross_weight)}",
        _LEVY,
    )


def _measured(quantity: Decimal | None, code: str, chinese: bool) -> str:
    if quantity is None:
        return ""
    return f"{quantity.normalize():f} {unit(code, chinese=chinese)}"


def _major(minor: int, currency: str) -> str:
    return f"{Decimal(minor).scaleb(-exponent(currency)):,}"
