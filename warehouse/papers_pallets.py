"""The label of a pallet: A5, as GS1's logistic label, with its SSCC as GS1-128."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.colors import black
from reportlab.lib.pagesizes import A5
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from core.pdf import BOLD, MUTED, REGULAR, fit, load_fonts
from warehouse.models import Holding, Pallet
from warehouse.rules import pallets as rules
from warehouse.rules.pallets import Content

#: GS1 General Specifications 5.5.2.7: 31.75 mm high, modules of 0.495 mm at least.
BAR_HEIGHT = 32 * mm
MODULE = 0.495 * mm
WIDTH, HEIGHT = A5
SIDE = 8 * mm
#: Lines of what lies on the pallet; the rest is counted.
MOST_LINES = 8


def pallet_label(pallet: Pallet, lying: Sequence[Holding]) -> bytes:
    """Goods, their lot, last day and units, and the SSCC; the same pallet makes the same bytes as
    long as the same goods lie on it. Raises FontMissing."""
    load_fonts()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A5, invariant=1, pageCompression=1)
    canvas.setTitle(f"SSCC {pallet.sscc}")
    canvas.setAuthor("Bondpool")
    canvas.setCreator("Bondpool")
    canvas.setSubject(pallet.sscc)
    house = pallet.location.warehouse
    top = HEIGHT - 9 * mm
    canvas.setFont(BOLD, 13)
    canvas.drawString(SIDE, top, "托盘标签 Pallet label")
    canvas.setFont(REGULAR, 8)
    canvas.setFillColor(MUTED)
    told = f"{house.code} {house.name_zh} {house.name_en}"
    canvas.drawString(SIDE, top - 6 * mm, fit(told, REGULAR, 8, WIDTH - 2 * SIDE))
    canvas.setFillColor(black)
    line = _lines(canvas, lying, top - 14 * mm)
    elements = rules.label_elements([_content(one) for one in lying])
    if elements:
        _bars(canvas, elements, line - BAR_HEIGHT)
    canvas.setFont(BOLD, 14)
    canvas.drawString(SIDE, 14 * mm + BAR_HEIGHT + 3 * mm, f"SSCC {pallet.sscc}")
    _bars(canvas, [("00", pallet.sscc)], 14 * mm)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _lines(canvas: Canvas, lying: Sequence[Holding], top: float) -> float:
    """One for each lot; returns where the last one stands."""
    lots: dict[int, tuple[Holding, int]] = {}
    for one in lying:
        lots[one.lot_id] = (one, lots.get(one.lot_id, (one, 0))[1] + one.on_hand)
    at = top
    for holding, units in list(lots.values())[:MOST_LINES]:
        lot = holding.lot
        day = lot.expires_on.isoformat() if lot.expires_on else "—"
        canvas.setFont(BOLD, 10)
        canvas.drawString(SIDE, at, fit(lot.product.name_zh, BOLD, 10, WIDTH - 2 * SIDE))
        canvas.setFont(REGULAR, 8.5)
        told = f"GTIN {lot.product.gtin}  批 Lot {lot.number}  至 Exp. {day}  件 Units {units}"
        canvas.drawString(SIDE, at - 4.4 * mm, fit(told, REGULAR, 8.5, WIDTH - 2 * SIDE))
        at -= 10.5 * mm
    if (more := len(lots) - MOST_LINES) > 0:
        canvas.setFont(REGULAR, 8.5)
        canvas.drawString(SIDE, at, f"另有 {more} 批 {more} more lots")
        at -= 5 * mm
    return at + 4 * mm


def _content(one: Holding) -> Content:
    return Content(one.lot.product.gtin.zfill(14), one.lot.number, one.on_hand, one.lot.expires_on)


def _bars(canvas: Canvas, elements: Sequence[tuple[str, str]], bottom: float) -> None:
    """A GS1-128 barcode from ``bottom`` on, what it says below it; as wide as the label lets."""
    text = rules.barcode_text(elements)
    made = Code128(text, barHeight=BAR_HEIGHT, barWidth=MODULE, quiet=0)
    room = WIDTH - 2 * SIDE
    if made.width > room:
        made = Code128(text, barHeight=BAR_HEIGHT, barWidth=MODULE * room / made.width, quiet=0)
    made.drawOn(canvas, (WIDTH - made.width) / 2, bottom)
    canvas.setFont(REGULAR, 9)
    canvas.drawCentredString(WIDTH / 2, bottom - 4.2 * mm, rules.readable(elements))
