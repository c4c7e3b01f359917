"""The letter by which damaged goods are claimed of a supplier, in Chinese and English."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Image, KeepTogether, Spacer, Table

from core import pdf
from core.money import Money
from warehouse.models import GatePicture, SupplierClaim, SupplierClaimLine

TITLE = "索赔函 Claim for damaged goods"
_HEAD = (
    "序号\nNo.",
    "商品 / GTIN\nProduct / GTIN",
    "批次\nBatch",
    "到货件数\nArrived",
    "残损件数\nDamaged",
    "索赔金额\nClaimed",
)


#: Pictures beside each other, and the room of each.
_BESIDE, _WIDE, _HIGH = 3, 56 * mm, 46 * mm


def claim_letter(
    claim: SupplierClaim,
    lines: Sequence[SupplierClaimLine],
    pictures: Sequence[GatePicture] = (),
) -> bytes:
    """The same bytes for the same claim and pictures. Raises FontMissing."""
    shipment = claim.shipment
    supplier, buyer = claim.supplier.company, claim.buyer
    total = Money(claim.amount_minor, claim.currency)
    story: list[Flowable] = [
        pdf.para(f"致 To: {supplier.name_en} {supplier.name_zh}"),
        pdf.para(f"索赔方 Claimant: {buyer.name_zh} {buyer.name_en}"),
        pdf.para(
            f"采购订单 Purchase order: {shipment.order.number} · 货运批次 Shipment: "
            f"{shipment.number} · 收货单 Receipt: {claim.receipt_number}"
        ),
        Spacer(1, 4 * mm),
        pdf.para(
            "上述货物运抵保税仓库清点时，发现以下商品残损。现按订单价格提出索赔，请予确认并赔付。"
        ),
        pdf.para(
            "When the goods above were counted at the bonded warehouse, the units below were found "
            "damaged. We claim their price under the order and ask you to confirm and pay."
        ),
        Spacer(1, 4 * mm),
        pdf.table(
            _HEAD,
            [_row(line, claim.currency) for line in lines],
            widths=[width * mm for width in (12, 70, 26, 22, 22, 28)],
            align="cllrrr",
        ),
        Spacer(1, 4 * mm),
        pdf.para(f"合计 Total: {total}"),
        Spacer(1, 16 * mm),
        pdf.para("签章 Signature: ____________________"),
        *_annex(pictures),
    ]
    made = pdf.render(
        title=TITLE,
        number=claim.number,
        story=story,
        made_at=claim.opened_at,
        barcode=claim.number,
    )
    return made.content


def _row(line: SupplierClaimLine, currency: str) -> tuple[str, ...]:
    product = line.product
    return (
        str(line.position),
        f"{product.name_zh}\n{product.name_en}\n{product.gtin}",
        line.batch or "—",
        str(line.counted),
        str(line.quantity),
        str(Money(line.amount_minor, currency)),
    )


def _annex(pictures: Sequence[GatePicture]) -> list[Flowable]:
    """All pictures, in rows that stay whole; the first stays with the heading."""
    cells = [_picture(number, one) for number, one in enumerate(pictures, start=1)]
    rows = [_beside(cells[at : at + _BESIDE]) for at in range(0, len(cells), _BESIDE)]
    if not rows:
        return []
    head = [
        pdf.para("附图 Annex: pictures", "heading"),
        pdf.para(
            "照片由保税仓库收货时拍摄并保存，此处为缩略图，下附所存照片 SHA-256 的前十二位。\n"
            "Taken and kept at the gate of the bonded warehouse; small here, each with the first "
            "twelve places of the SHA-256 of the picture as it is kept.",
            "note",
        ),
        Spacer(1, 3 * mm),
    ]
    return [KeepTogether([*head, rows[0]]), *rows[1:]]


def _beside(cells: Sequence[list[Flowable]]) -> Table:
    row = [*cells, *[""] * (_BESIDE - len(cells))]
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 10),
    ]
    width = _WIDE + 4 * mm
    return Table([row], colWidths=[width] * _BESIDE, style=style, hAlign="LEFT", splitByRow=0)


def _picture(number: int, one: GatePicture) -> list[Flowable]:
    scale = min(_WIDE / one.width, _HIGH / one.height)
    shown = Image(
        io.BytesIO(bytes(one.thumbnail)),
        width=one.width * scale,
        height=one.height * scale,
        hAlign="LEFT",
    )
    of = "整批货物 The shipment"
    if one.line is not None:
        product = one.line.order_line.product
        of = f"{product.name_zh} {product.name_en}"
    told = [f"{number}. {of}", *([one.caption] if one.caption else [])]
    proof = f"{pdf.stamp(one.taken_at)} · {one.sha256[:12]}"
    return [shown, Spacer(1, 1 * mm), pdf.para("\n".join(told)), pdf.para(proof, "small")]
