"""The quarterly report of a bonded account book: 保税账册季度报告, A4 across and as CSV."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from reportlab.lib.units import mm

from core import pdf
from core.sheets import write_csv
from customs.models import AccountBook
from customs.queries.book import Quarter
from customs.rules.book import Kind
from customs.rules.codes import UNITS

TITLE = ("保税电子账册季度报告", "Quarterly report of the bonded account book")
_HEAD = (
    ("项号", "Item"),
    ("料号", "Material no."),
    ("商品编码", "HS code"),
    ("商品名称、规格", "Name, specification"),
    ("原产国", "Origin"),
    ("单位", "Unit"),
    ("期初", "Opening"),
    ("实增", "Increase"),
    ("实减", "Decrease"),
    ("期末", "Closing"),
    ("期末预增", "Pre-inc. left"),
    ("期末预减", "Pre-dec. left"),
    ("均价 USD", "Avg. USD"),
    ("总价 USD", "Total USD"),
)
_PARTS = (9, 32, 19, 43, 11, 13, 16, 16, 16, 17, 15, 15, 19, 26)
_ALIGN = "lllllcrrrrrrrr"

#: What a spreadsheet tells beside the paper: by which type of receipt a quarter moved an item.
_KINDS = (
    (Kind.POSTED_IN, ("进口核扣", "Imports posted")),
    (Kind.RETURNED, ("退货入账", "Returns posted")),
    (Kind.COUNTED, ("盘点调账", "Counts squared")),
    (Kind.POSTED_OUT, ("零售核扣", "Retail lists posted")),
    (Kind.DESTROYED, ("销毁核销", "Destruction recorded")),
    (Kind.APPROVED_IN, ("进口预增", "Imports announced")),
    (Kind.CHANGED_IN, ("预增核减", "Imports lessened")),
    (Kind.APPROVED_OUT, ("零售预减", "Retail lists announced")),
)


def _word(pair: tuple[str, str], language: str) -> str:
    return pair[0 if language.startswith("zh") else 1]


def _usd(figure: Decimal | None) -> str:
    return "–" if figure is None else f"{figure:,.5f}"


def _figures(one: Quarter) -> tuple[int, ...]:
    return (
        one.opening,
        one.moved.actl_inc,
        one.moved.actl_redc,
        one.closing.on_hand,
        one.closing.prevd_inc,
        one.closing.prevd_redc,
    )


def _names(one: Quarter, language: str) -> tuple[str, str]:
    """Name and unit in a language."""
    row = one.row
    name = row.name_zh if language.startswith("zh") else row.product.name_en or row.name_zh
    return name, _word(UNITS.get(row.unit, (row.unit, row.unit)), language)


def _sums(rows: Sequence[Quarter]) -> list[str]:
    """Of units of one kind alone: cans and kilograms make no sum."""
    if len({one.row.unit for one in rows}) > 1:
        return [""] * 6
    return [f"{sum(column):,}" for column in zip(*map(_figures, rows), strict=True)] or ["0"] * 6


def _standing(as_of: date | None, language: str) -> str:
    """Whether a report is the last word; ``as_of``: the quarter is running on this day."""
    if as_of is None:
        return _word(("终稿", "final"), language)
    return _word((f"暂定，截至 {as_of}", f"provisional, as of {as_of}"), language)


def book_sheet(
    book: AccountBook,
    quarter: str,
    rows: Sequence[Quarter],
    *,
    language: str,
    as_of: date | None = None,
) -> bytes:
    """The report as a CSV file, its book and quarter in each row; ``as_of`` for a running one."""
    head = [("账册号", "Account book"), ("季度", "Quarter"), ("状态", "Status")]
    head += [*_HEAD[:4], ("规格", "Specification")]
    head += [*_HEAD[4:], *(words for _kind, words in _KINDS)]
    return write_csv(
        [_word(pair, language) for pair in head],
        [
            (
                *(book.number, quarter, _standing(as_of, language)),
                *(one.row.item, one.row.product.sku, one.row.hs_code),
                *(_names(one, language)[0], one.row.specification, one.row.origin),
                *(_names(one, language)[1], *_figures(one)),
                *("" if usd is None else f"{usd:.5f}" for usd in (one.average_usd, one.total_usd)),
                *(one.by_kind.get(kind, 0) for kind, _words in _KINDS),
            )
            for one in rows
        ],
    )


def book_paper(
    book: AccountBook,
    quarter: str,
    rows: Sequence[Quarter],
    *,
    language: str,
    made_at: datetime,
    as_of: date | None = None,
) -> bytes:
    """The report as a PDF, header and column heads on every page; ``as_of`` for a running quarter.
    Raises FontMissing."""
    zh = language.startswith("zh")
    lines = []
    for one in rows:
        name, unit = _names(one, language)
        lines.append(
            (
                *(one.row.item, one.row.product.sku, one.row.hs_code),
                "\n".join(filter(None, (name, one.row.specification if zh else ""))),
                *(one.row.origin, unit, *(f"{units:,}" for units in _figures(one))),
                *(_usd(one.average_usd), _usd(one.total_usd)),
            )
        )
    sums = _sums(rows)
    known = [one.total_usd for one in rows if one.total_usd is not None]
    total = f"{sum(known, Decimal(0)):,.5f}" + ("" if len(known) == len(rows) else " *")
    title = f"{_word(TITLE, language)} {quarter}"
    if as_of is not None:
        standing = _standing(as_of, language)
        title += f"（{standing}）" if zh else f" ({standing})"
    words = (
        f"账册号 {book.number} · 经营单位 {book.keeper.name_zh} · {quarter}"
        if zh
        else f"Account book {book.number} · operated by {book.keeper.name_en} · {quarter}"
    )
    story = [
        pdf.para(title, "title"),
        pdf.para(words, "body"),
        pdf.table(
            [_word(pair, language) for pair in _HEAD],
            lines,
            [part * mm for part in _PARTS],
            align=_ALIGN,
            total=("", "", "", "合计" if zh else "Total", "", "", *sums, "", total),
        ),
        pdf.para(
            "期末 = 期初 + 实增 − 实减；预增尚不可用，预减已不可用。带 * 的总价不含价值未知的项目。"
            if zh
            else "Closing = opening + increase − decrease. Pre-increase is not available yet, "
            "pre-decrease no longer is. A total with * leaves out items whose worth is not known.",
            "note",
        ),
    ]
    made = pdf.render(
        title=title,
        number=book.number,
        story=story,
        made_at=made_at,
        landscape=True,
        language=language,
        author=book.keeper.name_en,
        fingerprint=hashlib.sha256(repr((title, lines)).encode()).hexdigest()[:16],
    )
    return made.content
