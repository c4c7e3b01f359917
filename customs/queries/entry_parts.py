"""Parts of the one reading of an entry: parties, shares, charges, rates, the booked invoice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import Company
from customs.models import (
    CollectiveGoods,
    Declaration,
    DeclarationCharge,
    DeclarationLine,
    DeclarationShare,
    GoodsLine,
)
from customs.queries.reference import exchange_on
from customs.rules.import_set import Bill, Charge, Party, Share
from procurement.models import Shipment
from settlement.models import Payable


def party_of(company: Company) -> Party:
    """A company as papers name it."""
    return Party(
        code=company.code,
        name_zh=company.name_zh,
        name_en=company.name_en,
        uscc=company.uscc,
        customs_code=company.customs_code,
        street=company.street,
        town=company.town,
        postcode=company.postcode,
        country=company.country,
        contact=company.contact_name,
        phone=company.contact_phone,
    )


def shares_of(
    declaration_id: int, owners: Sequence[Party], articles: Mapping[int, str]
) -> tuple[Share, ...]:
    """``articles`` by the line of the list; ``owners`` as they were read before, if they were."""
    known = {one.code: one for one in owners}
    rows = (
        DeclarationShare.objects.filter(line__declaration=declaration_id)
        .select_related("owner", "product")
        .order_by("owner__code", "position")
    )
    return tuple(
        Share(
            owner=known.get(row.owner.code) or party_of(row.owner),
            position=row.position,
            sku=articles.get(row.position, row.product.sku),
            hs_code=row.hs_code,
            name_zh=row.name_zh,
            origin=row.origin,
            quantity=row.quantity,
            unit=row.unit,
            unit_price=row.unit_price,
            amount=row.amount_minor,
            net_weight=row.net_weight_g,
            gross_weight=row.gross_weight_g,
        )
        for row in rows
    )


def bill_of(shipment: Shipment) -> Bill | None:
    if not shipment.invoice_number:
        return None
    found = (
        Payable.objects.filter(
            supplier=shipment.order.supplier_id, invoice_number=shipment.invoice_number
        )
        .select_related("supplier__company", "debtor")
        .first()
    )
    if found is None:
        return None
    return Bill(
        number=found.invoice_number,
        contract=found.order_number,
        seller=found.supplier.company.code,
        buyer=found.debtor.code,
        currency=found.currency,
        amount=found.amount_minor,
    )


def exchange_of(
    declaration: Declaration, charges: Sequence[Charge], day: date
) -> tuple[tuple[str, Decimal], ...]:
    wanted = {declaration.currency, *(one.currency for one in charges)} - {""}
    known = exchange_on(wanted, day)
    return tuple((one, known[one].cny_per_unit) for one in sorted(wanted) if one in known)


def charges_of(declaration_id: int) -> tuple[Charge, ...]:
    rows = DeclarationCharge.objects.filter(declaration=declaration_id).order_by("pk")
    return tuple(Charge(row.kind, row.mark, row.value, row.currency) for row in rows)


def figures_of(
    line: GoodsLine | DeclarationLine | CollectiveGoods, position: int | None = None
) -> dict[str, Any]:
    """What a line of a form or of a list states, under its own number or another."""
    return {
        "position": line.position if position is None else position,
        "hs_code": line.hs_code,
        "name_zh": line.name_zh,
        "specification": line.specification,
        "origin": line.origin,
        "quantity": line.quantity,
        "unit": line.unit,
        "legal_quantity": line.legal_quantity,
        "legal_unit": line.legal_unit,
        "second_quantity": line.second_quantity,
        "second_unit": line.second_unit,
        "unit_price": line.unit_price,
        "total": line.total_minor,
        "net_weight": line.net_weight_g,
        "gross_weight": line.gross_weight_g,
    }
