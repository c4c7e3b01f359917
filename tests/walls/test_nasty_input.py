"""Whatever is typed into a form, the answer is never a crash."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from core.walls import platform_wide
from settlement.services import open_batches
from tests.factories.customs import a_draft, a_lodged
from tests.factories.procurement import (
    OrderShareFactory,
    PurchaseOrderFactory,
    PurchaseOrderLineFactory,
    ShipmentFactory,
    ShipmentLineFactory,
)
from tests.factories.settlement import Q3, book
from tests.factories.warehouse import ID_NUMBERS, a_cleared_shipment, an_incoming_order
from tests.walls.conftest import SignIn
from tests.walls.nasty import NASTY, TELLING, browser_of
from tests.walls.walking import undone
from tests.walls.world import SELLS, SETTLES, World
from warehouse.services import accept_orders

#: `make slow` tries each of them in each field.
EVERY_ONE = bool(os.environ.get("BONDPOOL_EVERY_TEXT"))


@dataclass
class Form:
    """A form as it would be taken: who sends it, where, with what, and what shows it then."""

    name: str
    path: str
    values: dict[str, str] = field(default_factory=dict)
    shown_on: str = "/"


def _forms(world: World) -> list[Form]:
    """Every form there is, each on a row in the state that takes it."""
    placed = PurchaseOrderFactory.create(buyer=world.importer)
    line = PurchaseOrderLineFactory.create(order=placed)
    waiting = a_cleared_shipment({world.seller: 60}, bound_for=world.lot.warehouse.operator)
    at_sea = ShipmentFactory.create(order__buyer=world.importer)
    at_sea_line = ShipmentLineFactory.create(shipment=at_sea).order_line
    OrderShareFactory.create(line=at_sea_line, owner=world.seller, quantity=60, amount_minor=60_000)
    draft, lodged = a_draft(importer=world.importer), a_lodged(importer=world.importer)
    book(world.order.supplier, world.importer, {world.seller.pk: 5_000}, number="INV-2")
    book(placed.supplier, world.importer, {world.seller.pk: 7_000}, number="INV-3")
    (batch,) = [
        one
        for one in open_batches(
            debtor=world.importer,
            period_start=Q3[0],
            period_end=Q3[1],
            created_by=world.people["finance"],
            now=SETTLES,
        )
        if one.supplier_id == placed.supplier_id
    ]
    book(at_sea.order.supplier, world.importer, {world.seller.pk: 900}, number="INV-4")
    accept_orders(
        seller=world.seller, orders=[an_incoming_order("MILK", 1, number="T-9")], now=SELLS
    )
    milk = world.lot.product
    membership = world.people["seller"].memberships.get()
    ship = f"line{line.pk}"
    return [
        Form("", "/login/", {"email": "a@b.example", "password": "x", "next": "/"}),
        Form("", "/language/", {"language": "en", "next": "/"}),
        Form("seller", "/act-for/", {"membership": str(membership.pk)}),
        Form(
            "operator",
            "/rounds/new/",
            {
                "quarter": "2027-Q1",
                "opens_at": "2026-11-01T10:00",
                "cutoff_at": "2026-12-01T10:00",
            },
            shown_on="/rounds/",
        ),
        Form("operator", f"/rounds/{world.open_round.quarter}/close/", {"buyer": "1"}),
        Form(
            "operator",
            f"/orders/{placed.number}/ship/",
            {
                "vessel": "STAR",
                "voyage": "1E",
                "bill_of_lading": "BL1",
                "departed_at": "2026-10-01T10:00",
                "expected_on": "2026-10-20",
                "packages": "1",
                "freight": "1.00",
                "insurance": "1.00",
                "freight_currency": "USD",
                f"{ship}-is_shipped": "on",
                f"{ship}-batch": "B1",
                f"{ship}-produced_on": "2026-01-01",
                f"{ship}-expires_on": "2028-01-01",
            },
            shown_on="/orders/",
        ),
        Form("operator", f"/orders/{placed.number}/place/"),
        Form("operator", "/orders/papers/{}/retry/"),
        Form(
            "finance",
            f"/shipments/{at_sea.number}/invoice/",
            {"invoice_number": "INV-9", "invoiced_on": "2026-08-03", "due_on": "2026-10-31"},
            shown_on="/settlement/payables/",
        ),
        Form(
            "warehouse",
            f"/warehouse/shipments/{waiting.shipment.number}/count/",
            {
                "warehouse": str(world.lot.warehouse_id),
                f"line_{waiting.pk}": "60",
                "step": "review",
            },
        ),
        Form(
            "warehouse",
            "/labels/issue/",
            {"gtin": milk.gtin, "lot_number": world.lot.number, "count": "1", "next": "/labels/"},
            shown_on="/labels/",
        ),
        Form("seller", "/forecasts/2026-Q4/edit/", {f"p{milk.pk}": "12"}, shown_on="/forecasts/"),
        Form(
            "seller",
            "/retail-orders/new/",
            {
                "channel": "shop",
                "order_number": "T-77",
                "placed_at": "2026-07-30T10:00",
                "buyer_name": "张三",
                "buyer_id_number": ID_NUMBERS[1],
                "buyer_telephone": "13800000000",
                "consignee_address": "浙江省杭州市",
                "freight": "1.00",
                "line1-product": "MILK",
                "line1-quantity": "1",
                "line1-unit_price": "10.00",
            },
            shown_on="/retail-orders/",
        ),
        Form("seller", "/retail-orders/{}/cancel/"),
        Form("importer", "/lists/declarations/act/", {"action": "zip", "row": str(draft.pk)}),
        Form(
            "importer",
            f"/customs/shipments/{at_sea.number}/declare/",
            {"warehouse": str(world.lot.warehouse_id)},
        ),
        Form("importer", f"/customs/declarations/{draft.our_reference}/paper/", {"language": "en"}),
        Form(
            "importer",
            f"/customs/declarations/{lodged.our_reference}/release/",
            {"their_reference": "310520261000000099"},
        ),
        Form(
            "importer",
            f"/customs/declarations/{lodged.our_reference}/reject/",
            {"reason": "no"},
            shown_on=f"/customs/declarations/{lodged.our_reference}/",
        ),
        Form(
            "finance",
            "/settlement/batches/open/",
            {
                "debtor": str(world.importer.pk),
                "period_start": "2026-07-01",
                "period_end": "2026-09-30",
            },
            shown_on="/settlement/batches/",
        ),
        Form("finance", f"/settlement/batches/{batch.number}/price/", {"priced_on": "2026-10-30"}),
        Form("finance", "/settlement/batches/export/", {"batch": batch.number}),
        Form(
            "finance",
            f"/settlement/terms/{world.importer.code}/",
            {
                "period": "month",
                "valid_from": "2027-01-01",
                "wire_fee": "100.00",
                "spread": "0.5",
                "bulk_spread": "0.3",
                "bulk_from": "1000",
            },
            shown_on="/settlement/",
        ),
    ]


def test_no_form_crashes_whatever_is_typed_into_it(
    world: World, sign_in: SignIn, tmp_path: Path
) -> None:
    with platform_wide():
        forms = _forms(world)
    clients = {form.name: browser_of(sign_in, form.name) for form in forms}
    crashed = []
    for at, form in enumerate(forms):
        if "forecasts" in form.path:
            (tmp_path / "clock").write_text(SELLS.isoformat())
        else:
            (tmp_path / "clock").write_text((SETTLES + timedelta(hours=1)).isoformat())
        client = clients[form.name]
        for turn, nasty in enumerate(NASTY):
            if not form.values and "{}" not in form.path:
                continue
            # The walk of every form types the worst into each; here each form meets some more.
            if not EVERY_ONE and (at + turn) % 5:
                continue
            sent = [dict.fromkeys(form.values, nasty)]
            # Each of these in each field alone takes minutes; here every field meets some of them.
            for number, name in enumerate(form.values):
                mine = TELLING if EVERY_ONE else TELLING[number % len(TELLING) :: 4]
                if nasty in mine:
                    sent.append({**form.values, name: nasty})
            path = form.path.replace("{}", quote(nasty, safe="") or "x")
            for values in sent:
                with undone():
                    answer = client.post(path, values)
                    # What was taken must not close the page that shows it.
                    taken = answer.status_code in {200, 302} and form.shown_on != "/"
                    after = client.get(form.shown_on) if taken else answer
                if answer.status_code >= 500 or after.status_code >= 500:
                    crashed.append((path, values, answer.status_code, after.status_code))

    assert crashed == []


def test_the_forms_of_this_test_are_taken_when_nothing_is_nasty(
    world: World, sign_in: SignIn, tmp_path: Path
) -> None:
    """Otherwise the strings above would never get past the first check."""
    with platform_wide():
        forms = _forms(world)
    refused = []
    for form in forms:
        inside = SELLS if "forecasts" in form.path else SETTLES + timedelta(hours=1)
        (tmp_path / "clock").write_text(inside.isoformat())
        if (
            not form.values
            or "close" in form.path
            or "export" in form.path
            or "lists/" in form.path
        ):
            continue
        with undone():
            answer = browser_of(sign_in, form.name).post(form.path, form.values)
        if answer.status_code not in ({422} if form.path == "/login/" else {200, 302}):
            refused.append((form.path, answer.status_code, answer.content[-3000:]))

    assert refused == []
