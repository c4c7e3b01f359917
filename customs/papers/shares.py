"""份额单: what of an entry one seller of the pool has. It names nobody else."""

from __future__ import annotations

from core.flowing import Column, Facts, Grid, Sides, Words
from customs.papers.sheet import Sheet, amount, unit, weight
from customs.papers.words import In, day, party_lines, titled
from customs.rules import codes
from customs.rules.import_set import ImportSet


def share_sheet(data: ImportSet, *, chinese: bool, owner: str) -> Sheet:
    """The parts of the company with the code ``owner``, exact in units, money and weight."""
    word = In(chinese=chinese)
    parts = data.shares_of(owner)
    party = parts[0].owner
    title, other = titled(("报关货物份额单", "Share of an entry"), chinese=chinese)
    return Sheet(
        title=title,
        other_title=other,
        reference=data.reference,
        party=data.importer.name(chinese=chinese),
        blocks=(
            Sides(
                (word("货主", "Owner"), party_lines(party, chinese=chinese)),
                (word("申报的进口商", "Declared by"), party_lines(data.importer, chinese=chinese)),
                boxed=True,
                before=2,
            ),
            Facts(
                (
                    (word("报关单", "Declaration"), data.reference),
                    (word("海关编号", "Customs number"), data.customs_number or "—"),
                    (word("保税仓库", "Bonded warehouse"), data.warehouse.name(chinese=chinese)),
                    (word("账册编号", "Account book"), data.warehouse.ledger_number),
                    (word("监管方式", "Supervision"), data.supervision_mode),
                    (word("日期", "Date"), day(data.drafted_on)),
                ),
                ruled=True,
            ),
            Grid(
                (
                    Column(word("清单行", "Line"), 12),
                    Column(word("货号\nHS 编码", "Item\nHS code"), 30),
                    Column(word("品名", "Goods"), 50),
                    Column(word("原产国", "Origin"), 18),
                    Column(word("数量", "Quantity"), 22, "r"),
                    Column(f"{word('单价', 'Unit price')} {data.currency}", 22, "r"),
                    Column(f"{word('金额', 'Amount')} {data.currency}", 24, "r"),
                    Column(word("净重\n毛重 kg", "Net\ngross kg"), 20, "r"),
                ),
                tuple(
                    (
                        str(one.position),
                        f"{one.sku}\n{one.hs_code}",
                        one.name_zh,
                        codes.country(one.origin, chinese=chinese),
                        f"{one.quantity:,} {unit(one.unit, chinese=chinese)}",
                        f"{one.unit_price:.4f}",
                        amount(one.amount, data.currency),
                        f"{weight(one.net_weight)}\n{weight(one.gross_weight)}",
                    )
                    for one in parts
                ),
                total=(
                    "",
                    "",
                    word("合计", "Total"),
                    "",
                    f"{sum(one.quantity for one in parts):,}",
                    "",
                    amount(sum(one.amount for one in parts), data.currency),
                    f"{weight(sum(one.net_weight for one in parts))}\n"
                    f"{weight(sum(one.gross_weight for one in parts))}",
                ),
                after=(
                    Words(
                        word(
                            "各货主的数量、金额和重量之和等于报关单。本单只载明该货主的份额。",
                            "The parts of all owners sum to the declaration in units, money and "
                            "weight. This sheet tells this owner's alone.",
                        ),
                        size=8,
                        grey=True,
                    ),
                ),
            ),
        ),
    )
