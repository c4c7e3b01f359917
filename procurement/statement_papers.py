"""A seller's round statement on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, Spacer

from core import pdf
from core.money import Money
from procurement.rules.sharing import wording
from procurement.stating import Told
from web.templatetags.bondpool import grouped

_WIDTH = 180


def statement_paper(shown: Told, *, made_at: datetime, language: str) -> bytes:
    """The statement as a PDF, in the language in force; the same statement, the same bytes."""
    title = _("Round statement")
    story: list[Flowable] = [
        pdf.para(title, "title"),
        pdf.para(f"{shown.seller} ({shown.seller_code}) · {shown.round}", "body"),
        *(pdf.para(one, "note") for one in _run(shown)),
        _summary(shown),
        Spacer(0, 1.5 * mm),
        pdf.para(shown.cap_formula, "note"),
        pdf.para(_("Products"), "heading"),
        _products(shown),
        *_by_credit(shown),
        pdf.para(_("Your part of each cost"), "heading"),
        _costs(shown),
        Spacer(0, 1.5 * mm),
        *(pdf.para(one, "note") for one in dict.fromkeys(cost.formula for cost in shown.costs)),
        *_corrections(shown),
        # A heading and a row or two of its table, or the next page.
        CondPageBreak(35 * mm),
        pdf.para(_("Alone against the pool"), "heading"),
        _parts(shown),
        pdf.para(_("How to check this statement"), "heading"),
        pdf.para(
            _(
                "Download the statement as JSON and run: bondpool verify_statement FILE. It needs "
                "no database and no network. The digest it prints is the one below."
            ),
            "body",
        ),
        pdf.para(f"SHA-256 {shown.digest}", "note"),
    ]
    made = pdf.render(
        title=title,
        number=f"{shown.round} · {shown.seller_code}",
        subject=f"{shown.round} {shown.seller_code}",
        story=story,
        made_at=made_at,
        language=language,
        fingerprint=shown.digest[:16],
    )
    return made.content


def _table(
    head: Sequence[str],
    rows: Sequence[Sequence[object]],
    parts: Sequence[float],
    align: str,
    total: Sequence[object] | None = None,
) -> Flowable:
    whole = sum(parts)
    widths = [part * _WIDTH / whole * mm for part in parts]
    return pdf.table(head, rows, widths, align=align, total=total)


def _summary(shown: Told) -> Flowable:
    rows = [
        (_("Your part of the bills"), _money(shown.shared_minor, shown)),
        (_("Cut to the cost of going alone"), _money(-shown.cut_minor, shown)),
        (_("Added of what others were cut"), _money(shown.added_minor, shown)),
        (_("You pay"), _money(shown.paid_minor, shown)),
        (_("Going alone would cost"), _money(shown.alone_minor, shown)),
    ]
    saved = f"{_money(shown.saving_minor, shown)} ({shown.saving_percent} %)"
    return _table(
        (_("In all"), shown.currency), rows, (120, 60), "lr", total=(_("You save"), saved)
    )


def _products(shown: Told) -> Flowable:
    head = (_("SKU"), _("Product"), _("Forecast"), _("Wished"), _("Ordered for you"), _("Got"))
    rows = [
        (
            row.sku,
            "\n".join([row.name, *row.why]),
            *(grouped(n) for n in (row.forecast, row.wished, row.ordered, row.got)),
        )
        for row in shown.products
    ]
    return _table(head, rows, (30, 78, 18, 18, 18, 18), "llrrrr")


def _by_credit(shown: Told) -> list[Flowable]:
    """In a round that orders by credit: what counted of each wish, and of its firm part."""
    if shown.factor is None:
        return []
    head = (_("SKU"), _("Wished"), _("Counted by credit"), _("Firm part"), _("Firm part counted"))
    rows = [
        (
            row.sku,
            *(grouped(n) for n in (row.wished, row.counted or 0)),
            *(grouped(n) for n in (row.firm, row.counted_firm or 0)),
        )
        for row in shown.products
    ]
    factor = _("Your factor: %(factor)s.") % {"factor": shown.factor}
    return [
        pdf.para(_("What counted of your wishes"), "heading"),
        _table(head, rows, (60, 30, 30, 30, 30), "lrrrr"),
        Spacer(0, 1.5 * mm),
        pdf.para(f"{shown.credit_formula} {factor}", "note"),
    ]


def _costs(shown: Told) -> Flowable:
    head = (_("Charge"), _("Of"), _("Shared by"), _("Your basis"), _("All bases"), _("Your part"))
    hidden = _(wording.NOT_SHOWN)
    rows = [
        (
            cost.kind,
            cost.of,
            cost.driver if cost.unit == cost.driver else f"{cost.driver}\n{cost.unit}",
            grouped(cost.own_basis),
            hidden if cost.pool_basis is None else grouped(cost.pool_basis),
            _money(cost.share_minor, shown),
        )
        for cost in shown.costs
    ]
    total = ("", "", "", "", "", _money(shown.shared_minor, shown))
    return _table(head, rows, (22, 36, 38, 26, 30, 28), "lllrrr", total=total)


def _run(shown: Told) -> Sequence[str]:
    """Which working out this is, and what it follows."""
    if shown.run == 1:
        return [_("Expected cost, as the round was ordered.")]
    head = _("Statement %(number)s of this round; it takes the place of the earlier ones.")
    return [head % {"number": shown.run}, *shown.causes]


def _corrections(shown: Told) -> list[Flowable]:
    if not shown.corrections:
        return []
    head = (_("SKU"), _("Units"), _("Sold"), _("Difference"), _("On units sold"), _("On stock"))
    rows = [
        (
            one.sku,
            *(grouped(number) for number in (one.units, one.sold)),
            *(
                _money(minor, shown)
                for minor in (one.difference_minor, one.sold_minor, one.stock_minor)
            ),
        )
        for one in shown.corrections
    ]
    title = pdf.para(_("What changed on goods already sold and in stock"), "heading")
    return [title, _table(head, rows, (40, 20, 20, 34, 33, 33), "lrrrrr")]


def _parts(shown: Told) -> Flowable:
    rows = [
        (row.label, _money(row.pool_minor, shown), _money(row.alone_minor, shown))
        for row in shown.parts
    ]
    total = (_("In all"), _money(shown.paid_minor, shown), _money(shown.alone_minor, shown))
    head = (_("Part"), _("In the pool"), _("Going alone"))
    return _table(head, rows, (80, 50, 50), "lrr", total=total)


def _money(minor: int, shown: Told) -> str:
    return str(Money(minor, shown.currency))
