"""The letter by which damaged goods are claimed of a supplier, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer

from core import pdf
from core.money import Money
from warehouse.models import SupplierClaim, SupplierClaimLine

TITLE = "索赔函 Claim for damaged goods"
_HEAD = (
    "序号\nNo.",
    "商品 / GTIN\nProduct / GTIN",
    "批次\nBatch",
    "到货件数\nArrived",
    "残损件数\nDamaged",
    "索赔金额\nClaimed",
)


def claim_letter(claim: SupplierClaim, lines: Sequence[SupplierClaimLine]) -> bytes:
    """The same bytes for the same claim. Raises FontMissing."""
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
