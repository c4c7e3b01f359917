"""An order as a program of the supplier reads it: UBL, JSON and CSV (docs/order-file.md)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from accounts.models import Company
from core.money import Money
from core.sheets import write_csv
from procurement.models import OrderState, PurchaseOrder, PurchaseOrderLine
from procurement.queries.orders import unit_price
from procurement.queries.standing import Standing, local_day, standings
from procurement.rules import ubl
from procurement.rules.confirming import priced
from settlement.rules.banking import two_letters

FORMAT = "bondpool-order-1"
#: A supplier's system takes what it gets as an order.
_NOT_SENT = {OrderState.DRAFT, OrderState.CANCELLED}
COLUMNS = (
    *("order", "position", "sku", "gtin", "supplier_code", "name_en", "name_zh"),
    *("packs", "pack_quantity", "quantity", "packs_per_layer", "layers_per_pallet"),
    *(
        "currency",
        "pack_price",
        "prices",
        "unit_price",
        "amount",
        "incoterm",
        "place",
        "promised_on",
    ),
    *("shipped_quantity", "open_quantity"),
)


def order_json(order: PurchaseOrder) -> bytes:
    """The order as it stands, with who buys, who sells and where it goes."""
    lines = standings(order)
    placed_on = local_day(order)
    told = {
        "format": FORMAT,
        "number": order.number,
        "placed_on": placed_on.isoformat() if placed_on else None,
        "state": order.state,
        "round": order.round.code,
        "currency": order.currency,
        "incoterm": order.incoterm,
        "place": order.supplier.departure_port,
        "buyer": _party(order.buyer),
        "supplier": _party(order.supplier.company),
        "ship_to": _party(order.buyer),
        "amount": _money(sum(one.terms.amount_minor for one in lines), order.currency),
        "lines": [_line(order, one) for one in lines],
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode()


def order_csv(order: PurchaseOrder) -> bytes:
    """One row a line, with the order's own terms in each."""
    rows = []
    for one in standings(order):
        told = {
            **_line(order, one),
            "order": order.number,
            "currency": order.currency,
            "incoterm": order.incoterm,
            "place": order.supplier.departure_port,
        }
        told["prices"] = "; ".join(
            f"{step['packs']} x {step['pack_price']}" for step in told["prices"] or ()
        )
        rows.append(["" if told[name] is None else told[name] for name in COLUMNS])
    return write_csv(COLUMNS, rows)


def order_ubl(order: PurchaseOrder) -> bytes | None:
    """The order as a UBL Order; None while it is not placed, and when nothing of it stands."""
    placed_on = local_day(order)
    lines = [one for one in standings(order) if one.quantity]
    if placed_on is None or order.state in _NOT_SENT or not lines:
        return None
    told = [
        ubl_line(
            order,
            one.line,
            quantity=one.quantity,
            amount_minor=one.terms.amount_minor,
            pack_price_minor=one.terms.pack_price_minor,
            promised_on=one.terms.promised_on,
        )
        for one in lines
    ]
    return ubl.order_xml(ubl_order(order, placed_on, told))


def ubl_order(order: PurchaseOrder, placed_on: date, lines: Sequence[ubl.Line]) -> ubl.Order:
    """Its head, as every document about it tells it, with some of its lines."""
    return ubl.Order(
        number=order.number,
        issued_on=placed_on,
        currency=order.currency,
        incoterm=order.incoterm,
        place=order.supplier.departure_port,
        buyer=_ubl_party(order.buyer),
        supplier=_ubl_party(order.supplier.company),
        ship_to=_ubl_party(order.buyer),
        lines=lines,
    )


def ubl_line(
    order: PurchaseOrder,
    line: PurchaseOrderLine,
    *,
    quantity: int,
    amount_minor: int,
    pack_price_minor: int,
    promised_on: date | None,
) -> ubl.Line:
    """A line with the terms that stood of it."""
    product = line.product
    return ubl.Line(
        position=line.position,
        packs=quantity // line.pack_quantity,
        pack_quantity=line.pack_quantity,
        pack_price=Money(pack_price_minor, order.currency).amount,
        amount=Money(amount_minor, order.currency).amount,
        name_en=product.name_en,
        name_zh=product.name_zh,
        sku=product.sku,
        gtin=product.gtin or "",
        supplier_code=line.offer.supplier_code if line.offer else "",
        origin=two_letters(product.origin) if product.origin else "",
        # The six places that all countries share.
        hs_code=product.hs_code[:6],
        promised_on=promised_on,
    )


def _ubl_party(company: Company) -> ubl.Party:
    return ubl.Party(
        code=company.code,
        name=company.name_en or company.name_zh,
        street=company.street,
        town=company.town,
        postcode=company.postcode,
        country=two_letters(company.country) if company.country else "",
        vat_number=company.vat_number,
        registered=company.uscc,
        lei=company.lei,
    )


def _line(order: PurchaseOrder, one: Standing) -> dict[str, Any]:
    line, terms, offer = one.line, one.terms, one.line.offer
    unit = unit_price(terms.amount_minor, terms.quantity, order.currency) if terms.quantity else ""
    return {
        "position": line.position,
        "sku": line.product.sku,
        "gtin": line.product.gtin,
        "supplier_code": offer.supplier_code if offer else "",
        "name_en": line.product.name_en,
        "name_zh": line.product.name_zh,
        "packs": terms.quantity // line.pack_quantity,
        "pack_quantity": line.pack_quantity,
        "quantity": terms.quantity,
        "packs_per_layer": offer.packs_per_layer if offer else 0,
        "layers_per_pallet": offer.layers_per_pallet if offer else 0,
        "pack_price": _money(terms.pack_price_minor, order.currency),
        "prices": _prices(one, order.currency),
        "unit_price": str(unit),
        "amount": _money(terms.amount_minor, order.currency),
        "promised_on": terms.promised_on.isoformat() if terms.promised_on else None,
        "shipped_quantity": terms.shipped,
        "open_quantity": terms.open,
    }


def _prices(one: Standing, currency: str) -> list[dict[str, Any]] | None:
    """So many packs at each price, which come to the amount; None where parts that have left
    keep a price that no list tells."""
    terms = one.terms
    steps = priced(terms.steps, one.packs) if terms.steps else [(one.packs, terms.pack_price_minor)]
    if sum(packs * price for packs, price in steps) != terms.amount_minor:
        return None
    return [
        {"packs": packs, "pack_price": _money(price, currency)} for packs, price in steps if packs
    ]


def _money(minor: int, currency: str) -> str:
    return str(Money(minor, currency).amount)


def _party(company: Company) -> dict[str, str]:
    return {
        "code": company.code,
        "name_en": company.name_en,
        "name_zh": company.name_zh,
        "street": company.street,
        "postcode": company.postcode,
        "town": company.town,
        "country": company.country,
    }
