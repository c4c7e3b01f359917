"""The list by which a wave is picked, on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _
from reportlab.lib.units import mm

from core import pdf
from core.queue import MadeFile
from warehouse.models import PickWave
from warehouse.rules.picking import PickLine


def pick_paper(wave: PickWave, lines: Sequence[PickLine], language: str) -> MadeFile:
    """Place, product, lot and units, with a box to tick; the wave's number as Code 128.

    Raises FontMissing.
    """
    with translation.override(language):
        house = f"{wave.warehouse.code} {wave.warehouse.name}"
        widths = [24 * mm, 26 * mm, 48 * mm, 36 * mm, 20 * mm, 14 * mm, 12 * mm]
        head = [_("Place"), _("SKU"), _("Product"), _("Lot"), _("Expires"), _("Units"), ""]
        rows = [
            [
                line.place_code,
                line.sku,
                line.product,
                line.lot_number,
                _day(line.expires_on),
                line.units,
                "\u25a1",
            ]
            for line in lines
        ]
        total = ["", "", "", "", _("Sum"), sum(line.units for line in lines), ""]
        title = _("Pick list")
        story = [
            pdf.para(title, "title"),
            pdf.para(f"{house} · {_('Orders')}: {wave.orders}", "body"),
            pdf.table(head, rows, widths, align="lllllrc", total=total),
        ]
        return pdf.render(
            title=title,
            number=wave.number,
            story=story,
            made_at=wave.made_at,
            language=language,
            barcode=wave.number,
        )


def _day(day: date | None) -> str:
    return "—" if day is None else day.isoformat()
