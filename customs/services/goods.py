"""What a declaration carries is written down: goods lines, list lines, charges, owners' parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.walls import platform_wide
from customs import queries
from customs.models import (
    Declaration,
    DeclarationCharge,
    DeclarationLine,
    DeclarationShare,
    GoodsLine,
)
from customs.rules import goods as rules
from customs.rules.charges import Charge


def keep_goods(
    *,
    declaration: Declaration,
    lines: Sequence[rules.ListLine],
    goods: Sequence[rules.GoodsLine],
    charges: Sequence[Charge],
) -> None:
    """Write the goods of a declaration that was just drafted; call in its transaction.

    Raises MoreOwnedThanShipped.
    """
    forms = GoodsLine.objects.bulk_create(
        GoodsLine(
            declaration=declaration,
            position=one.position,
            hs_code=one.hs_code,
            name_zh=one.name_zh,
            specification=one.specification,
            origin=one.origin,
            unit=one.unit,
            **_figures(one),
        )
        for one in goods
    )
    by_place = {one.position: one for one in forms}
    products = queries.products_of(declaration.shipment)
    kept = DeclarationLine.objects.bulk_create(
        DeclarationLine(
            declaration=declaration,
            goods_line=(form := by_place[one.goods]),
            position=one.position,
            product=products[one.key],
            order_line_id=one.key,
            hs_code=form.hs_code,
            name_zh=form.name_zh,
            specification=form.specification,
            origin=form.origin,
            unit=form.unit,
            **_figures(one),
        )
        for one in lines
    )
    DeclarationCharge.objects.bulk_create(
        DeclarationCharge(
            declaration=declaration,
            kind=one.kind.value,
            mark=one.mark.value,
            value=one.value,
            currency=one.currency,
        )
        for one in charges
    )
    keep_shares(declaration, kept, lines)


def _figures(one: rules.GoodsLine | rules.ListLine) -> dict[str, Any]:
    return {
        "quantity": one.quantity,
        "legal_quantity": one.legal_quantity,
        "legal_unit": one.legal_unit,
        "second_quantity": one.second_quantity,
        "second_unit": one.second_unit,
        "unit_price": one.unit_price,
        "total_minor": one.total,
        "net_weight_g": one.net_weight,
        "gross_weight_g": one.gross_weight,
    }


def keep_shares(
    declaration: Declaration, kept: Sequence[DeclarationLine], lines: Sequence[rules.ListLine]
) -> None:
    """Write each owner's part of every list line; call in the transaction that keeps the lines.

    Raises MoreOwnedThanShipped.
    """
    # Whose the goods are stands behind their owners' walls, which the importer's own do not open.
    with platform_wide():
        owned = queries.owned_units(declaration.shipment)
    DeclarationShare.objects.bulk_create(
        (
            DeclarationShare(
                line=row,
                owner_id=part.owner,
                importer_id=declaration.importer_id,
                reference=declaration.our_reference,
                position=row.position,
                goods_position=line.goods,
                product_id=row.product_id,
                hs_code=row.hs_code,
                name_zh=row.name_zh,
                origin=row.origin,
                quantity=part.quantity,
                unit=row.unit,
                unit_price=row.unit_price,
                currency=declaration.currency,
                amount_minor=part.amount,
                net_weight_g=part.net_weight,
                gross_weight_g=part.gross_weight,
                drafted_at=declaration.drafted_at,
            )
            for row, line in zip(kept, lines, strict=True)
            for part in rules.own_parts(
                line, owned.get(line.key, {}), buyer=declaration.importer_id
            )
        ),
        batch_size=5_000,
    )
