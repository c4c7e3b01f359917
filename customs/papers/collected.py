"""集中申报清单汇总: the lists of a month that are declared together, and where each line goes."""

from __future__ import annotations

from core.flowing import Column, Facts, Grid, Words
from customs.papers.sheet import Sheet, amount, unit, weight
from customs.papers.words import In, day, titled
from customs.rules import codes
from customs.rules.collected import Collected
from customs.rules.import_set import ImportSet, Listed


def lists_together(data: ImportSet, *, chinese: bool) -> Sheet:
    """Every list with its sums, and every list line with the line of the form it goes into."""
    word = In(chinese=chinese)
    title, other = titled(("集中申报清单汇总", "Lists that are declared together"), chinese=chinese)
    mode = codes.named(codes.SUPERVISION_MODES, data.supervision_mode, chinese=chinese)
    return Sheet(
        title=title,
        other_title=other,
        reference=data.reference,
        party=data.importer.name(chinese=chinese),
        landscape=True,
        blocks=(
            Facts(
                (
                    (word("集中申报单", "Collective declaration"), data.reference),
                    (word("海关编号", "Customs number"), data.customs_number or "—"),
                    (word("申报月份", "Month"), f"{data.month:%Y-%m}" if data.month else "—"),
                    (word("经营企业", "Importer"), data.importer.name(chinese=chinese)),
                    (word("境外发货人", "Consignor abroad"), data.supplier.name_en),
                    (word("保税仓库", "Bonded warehouse"), data.warehouse.name(chinese=chinese)),
                    (word("账册编号", "Account book"), data.warehouse.ledger_number),
                    (word("监管方式", "Supervision"), f"{data.supervision_mode} {mode}"),
                    (word("成交方式、币制", "Terms, currency"), f"{data.incoterm} {data.currency}"),
                ),
                columns=3,
                ruled=True,
            ),
            _lists(data, chinese),
            _lines(data, chinese),
        ),
    )


def _lists(data: ImportSet, chinese: bool) -> Grid:
    word = In(chinese=chinese)
    return Grid(
        (
            Column(word("序号", "No."), 10),
            Column(word("清单（报关单）\n海关编号", "List\ncustoms number"), 46),
            Column(word("发货通知\n合同", "Shipment\ncontract"), 42),
            Column(word("运输工具\n提运单号", "Vessel\nbill of lading"), 48),
            Column(word("海关接受日", "Accepted on"), 24),
            Column(word("件数", "Packages"), 18, "r"),
            Column(word("毛重\n净重 kg", "Gross\nnet kg"), 24, "r"),
            Column(f"{word('总价', 'Value')} {data.currency}", 30, "r"),
        ),
        tuple(
            (
                str(position),
                f"{one.reference}\n{one.customs_number}",
                f"{one.shipment}\n{one.contract}",
                f"{one.vessel}\n{one.bill_of_lading}",
                day(one.accepted_on) if one.accepted_on else "—",
                f"{one.packages:,}",
                f"{weight(one.gross_weight)}\n{weight(one.net_weight)}",
                amount(one.total, data.currency),
            )
            for position, one in enumerate(data.lists, 1)
        ),
        total=(
            *("", "", ""),
            word(f"合计 {len(data.lists)} 份", f"Total of {len(data.lists)} lists"),
            "",
            f"{sum(one.packages for one in data.lists):,}",
            f"{weight(sum(one.gross_weight for one in data.lists))}\n"
            f"{weight(sum(one.net_weight for one in data.lists))}",
            amount(sum(one.total for one in data.lists), data.currency),
        ),
        size=7.5,
        after=(
            Words(
                word(
                    "税款和汇率适用海关接受各清单之日的税率和汇率。",
                    "Tax and exchange rate are those of the day on which customs accepted each "
                    "list.",
                ),
                size=7.5,
                grey=True,
            ),
        ),
    )


def _lines(data: ImportSet, chinese: bool) -> Grid:
    word = In(chinese=chinese)
    of = {position: one for one in data.lists for position in one.lines}
    return Grid(
        (
            Column(word("清单行", "List line"), 14),
            Column(word("清单", "List"), 40),
            Column(word("备案序号\n料号", "Book item\nmaterial"), 34),
            Column(word("商品编码", "HS code"), 24),
            Column(word("商品名称", "Name"), 56),
            Column(word("数量", "Quantity"), 26, "r"),
            Column(f"{word('总价', 'Value')} {data.currency}", 28, "r"),
            Column(word("归入报关单项号", "Goes into line"), 24, "r"),
        ),
        tuple(_row(data, of.get(line.position), line, chinese) for line in data.listed),
        total=(
            *("", "", "", ""),
            word(f"合计 {len(data.listed)} 行", f"Total of {len(data.listed)} lines"),
            f"{sum(line.quantity for line in data.listed):,}",
            amount(sum(line.total for line in data.listed), data.currency),
            "",
        ),
        size=7.5,
    )


def _row(data: ImportSet, of: Collected | None, line: Listed, chinese: bool) -> tuple[str, ...]:
    return (
        str(line.position),
        of.reference if of else "—",
        f"{line.ledger_item or '—'}\n{line.sku}",
        line.hs_code,
        line.name_zh,
        f"{line.quantity:,} {unit(line.unit, chinese=chinese)}",
        amount(line.total, data.currency),
        str(line.goods_position),
    )
