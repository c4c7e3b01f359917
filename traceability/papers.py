"""The label sheet: A4, 3 by 8 labels of 63.5 x 33.9 mm, a common self-adhesive format."""

from __future__ import annotations

import io
from itertools import groupby
from urllib.parse import urlsplit

import segno
from django.conf import settings
from reportlab.lib.colors import HexColor, black
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from catalog.models import Product
from core.pdf import BOLD, MUTED, REGULAR, fit, load_fonts, plain
from core.queue import MadeFile
from traceability import links
from traceability.countries import country_name
from traceability.models import ItemIdentity, LabelSheet
from traceability.queries import labels as known

COLUMNS, ROWS = 3, 8
PER_PAGE = COLUMNS * ROWS
WIDTH, HEIGHT = 63.5 * mm, 33.9 * mm
GAP = 2.5 * mm
LEFT = (A4[0] - COLUMNS * WIDTH - (COLUMNS - 1) * GAP) / 2
TOP = (A4[1] - ROWS * HEIGHT) / 2
QR_SIDE = 25 * mm
#: Four light modules around a QR code, as its standard wants.
QUIET = 4


def label_sheet(sheet: LabelSheet) -> MadeFile:
    """Print the labels of a sheet; the same row makes the same bytes."""
    load_fonts()
    item = ItemIdentity.objects.select_related("product").get(serial=sheet.serials[0])
    expires_on = known.expiry_of(sheet.gtin, sheet.lot_number)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1)
    canvas.setTitle(f"{sheet.number} {sheet.lot_number}")
    canvas.setAuthor("Bondpool")
    canvas.setCreator("Bondpool")
    canvas.setSubject(f"GTIN {sheet.gtin}")
    for position, serial in enumerate(sheet.serials):
        place = position % PER_PAGE
        if position and place == 0:
            canvas.showPage()
        row, column = divmod(place, COLUMNS)
        canvas.saveState()
        canvas.translate(LEFT + column * (WIDTH + GAP), A4[1] - TOP - (row + 1) * HEIGHT)
        _label(canvas, item.product, sheet, serial, expires_on)
        canvas.restoreState()
    pages = canvas.getPageNumber()
    canvas.save()
    return MadeFile(content=out.getvalue(), page_count=pages)


def qr_code(address: str) -> segno.QRCode:
    """The QR code of an address: 15 % of it may be damaged and it still reads."""
    return segno.make_qr(address, error="m", boost_error=False)


def _label(
    canvas: Canvas, product: Product, sheet: LabelSheet, serial: str, expires_on: str
) -> None:
    address = links.digital_link(settings.BONDPOOL_PUBLIC_URL, sheet.gtin, sheet.lot_number, serial)
    _qr(canvas, address, 1.5 * mm, HEIGHT - QR_SIDE - 1.5 * mm)
    canvas.setFillColor(black)
    canvas.setFont(BOLD, 7.5)
    canvas.drawString(2.6 * mm, 2.4 * mm, links.grouped(serial))
    canvas.setFillColor(MUTED)
    canvas.setFont(REGULAR, 4.8)
    # The host is printed so that a look-alike page can be told from ours.
    host = urlsplit(settings.BONDPOOL_PUBLIC_URL).netloc
    hint = fit(f"扫码查来源 {host}", REGULAR, 4.8, WIDTH - 38 * mm)
    canvas.drawRightString(WIDTH - 2 * mm, 2.4 * mm, hint)

    left, width, line = QR_SIDE + 4 * mm, WIDTH - QR_SIDE - 6 * mm, HEIGHT - 4.6 * mm
    canvas.setFillColor(black)
    for text in _two_lines(plain(product.name_zh), BOLD, 7.5, width):
        canvas.setFont(BOLD, 7.5)
        canvas.drawString(left, line, text)
        line -= 3.3 * mm
    canvas.setFillColor(MUTED)
    for text in _two_lines(plain(product.name_en), REGULAR, 5.5, width):
        canvas.setFont(REGULAR, 5.5)
        canvas.drawString(left, line, text)
        line -= 2.4 * mm
    facts = [
        ("原产国 Origin", _origin(product.origin)),
        ("批号 Lot", sheet.lot_number),
        ("有效期至 Expires", expires_on),
    ]
    line = 8.4 * mm + 2.9 * mm * (sum(1 for _, value in facts if value) - 1)
    for name, value in facts:
        if not value:
            continue
        canvas.setFillColor(MUTED)
        canvas.setFont(REGULAR, 4.8)
        canvas.drawString(left, line, name)
        canvas.setFillColor(HexColor("#1d2733"))
        shift = stringWidth(name, REGULAR, 4.8) + 1.2 * mm
        canvas.setFont(REGULAR, 6)
        canvas.drawString(left + shift, line, fit(plain(value), REGULAR, 6, width - shift))
        line -= 2.9 * mm


def _origin(iso3: str) -> str:
    return f"{country_name(iso3, 'zh')} {country_name(iso3, 'en')}"


def _qr(canvas: Canvas, address: str, x: float, y: float) -> None:
    """Dark modules as one path of merged rectangles: small, sharp at any printer."""
    matrix = qr_code(address).matrix
    module = QR_SIDE / (len(matrix) + 2 * QUIET)
    path = canvas.beginPath()
    for down, row in enumerate(matrix):
        top = y + QR_SIDE - (QUIET + down + 1) * module
        across = QUIET
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                path.rect(x + across * module, top, length * module, module)
            across += length
    canvas.setFillColor(black)
    canvas.drawPath(path, stroke=0, fill=1)


def _two_lines(text: str, font: str, size: float, width: float) -> list[str]:
    """Text on at most two lines, broken at a space where that wastes little."""
    cut = len(text)
    while cut and stringWidth(text[:cut], font, size) > width:
        cut -= 1
    if cut == len(text):
        return [text]
    space = text.rfind(" ", 0, cut + 1)
    if space > cut * 0.6:
        cut = space
    return [text[:cut].rstrip(), fit(text[cut:].strip(), font, size, width)]
