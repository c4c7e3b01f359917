"""Goods that went in first are declared as they were counted in, each owner with what it got."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.models import Company, Role, User
from core.walls import inside, platform_wide
from customs.models import CreditTier, Declaration, DeclarationShare
from customs.queries.checking import findings_of
from customs.queries.import_set import import_set
from customs.rules.agreeing import disagreements
from customs.rules.deadlines import Flags
from customs.rules.declared import CountDiffers, RulesBroken
from customs.services import (
    draft_declaration,
    drop_draft,
    enter_first,
    grant,
    lodge,
    queue_document,
)
from procurement.models import Shipment
from procurement.services import record_invoice
from tests.customs.test_pages import SignIn, sign_in
from tests.factories.accounts import SellerFactory, UserFactory
from tests.factories.customs import DECLARES, a_shipment, a_warehouse
from tests.factories.procurement import OrderShareFactory
from tests.walls.rows import all_rows
from warehouse.models import BondedWarehouse
from warehouse.services import receive

DAY = DECLARES.date()
__all__ = ["sign_in"]


@pytest.fixture
def clerk(db: None) -> Iterator[User]:
    with platform_wide():
        yield UserFactory.create()


@pytest.fixture
def house(clerk: User) -> BondedWarehouse:
    return a_warehouse()


@pytest.fixture
def owners(clerk: User) -> list[Company]:
    return [SellerFactory.create(), SellerFactory.create()]


@pytest.fixture
def inside_first(clerk: User, house: BondedWarehouse, owners: list[Company]) -> Shipment:
    """Sixty tins of two owners, forty and twenty, that went in on a pass."""
    shipment = a_shipment()
    line = shipment.lines.get()
    for owner, units in zip(owners, (40, 20), strict=True):
        OrderShareFactory.create(line=line.order_line, owner=owner, quantity=units)
    grant(
        importer=shipment.order.buyer,
        valid_from=DAY,
        tier=CreditTier.CERTIFIED,
        flags=Flags(first_in=True),
        evidence="x",
        set_by=clerk,
        now=DECLARES,
    )
    enter_first(
        shipment=shipment,
        warehouse=house,
        pass_number="P310426A0000000017",
        recorded_by=clerk,
        now=DECLARES,
    )
    return Shipment.objects.get(pk=shipment.pk)


def count(shipment: Shipment, house: BondedWarehouse, clerk: User, units: int) -> None:
    receive(
        shipment=shipment,
        warehouse=house,
        counts={shipment.lines.get().pk: units},
        received_by=clerk,
        now=DECLARES,
    )


def drafted(shipment: Shipment, house: BondedWarehouse) -> Declaration:
    # As the importer does it, inside its own walls: the count is its keeper's.
    with inside(shipment.order.buyer_id):
        return draft_declaration(
            shipment=shipment,
            importer=shipment.order.buyer,
            warehouse=house,
            now=DECLARES + timedelta(hours=1),
        )


def test_what_was_counted_in_is_declared_and_each_part_is_what_its_owner_got(
    inside_first: Shipment, house: BondedWarehouse, clerk: User, owners: list[Company]
) -> None:
    line = inside_first.lines.select_related("order_line__product").get()
    tin = line.order_line.product
    count(inside_first, house, clerk, 50)

    draft = drafted(inside_first, house)

    (form,) = draft.goods.all()
    assert (line.quantity, form.quantity) == (60, 50)
    assert form.total_minor == draft.total_minor == (line.amount_minor * 50 + 30) // 60
    assert form.net_weight_g == draft.net_weight_g == 50 * tin.net_weight_g
    assert draft.gross_weight_g == inside_first.gross_weight_g - 10 * tin.gross_weight_g
    parts = DeclarationShare.objects.filter(reference=draft.our_reference)
    assert sorted(parts.values_list("owner", "quantity")) == sorted(
        (owner.pk, units) for owner, units in zip(owners, (33, 17), strict=True)
    )
    assert findings_of(draft, day=DAY) == []


def test_the_papers_agree_with_a_short_count_and_with_the_bill_for_all(
    inside_first: Shipment, house: BondedWarehouse, clerk: User
) -> None:
    line = inside_first.lines.get()
    count(inside_first, house, clerk, 50)
    draft = drafted(inside_first, house)
    assert disagreements(import_set(draft.pk)) == []

    record_invoice(
        shipment=inside_first,
        invoice_number="R-1",
        invoiced_on=DAY,
        due_on=date(2026, 9, 1),
        now=DECLARES,
    )

    data = import_set(draft.pk)
    assert disagreements(data) == []
    assert data.bill is not None
    assert data.counted is not None
    assert data.bill.amount == line.amount_minor
    assert data.counted.missing == line.amount_minor - draft.total_minor
    assert [(one.quantity, one.amount) for one in data.shipment.lines] == [(50, draft.total_minor)]


def test_a_draft_from_before_the_count_is_not_ordered(
    inside_first: Shipment, house: BondedWarehouse, clerk: User
) -> None:
    early = drafted(inside_first, house)
    assert early.goods.get().quantity == 60
    count(inside_first, house, clerk, 50)

    (found,) = findings_of(early, day=DAY)
    assert (type(found.error), found.line, found.field) == (CountDiffers, 1, "quantity")
    assert found.error.facts == {"value": 60, "wanted": 50}
    before = all_rows()
    with pytest.raises(RulesBroken):
        queue_document(declaration=early, now=DECLARES)
    assert all_rows() == before

    drop_draft(declaration=early, reason="x", now=DECLARES)
    assert findings_of(drafted(inside_first, house), day=DAY) == []


def test_the_page_offers_amending_what_was_counted_and_lodged(
    inside_first: Shipment, house: BondedWarehouse, clerk: User, sign_in: SignIn
) -> None:
    count(inside_first, house, clerk, 60)
    draft = drafted(inside_first, house)
    Declaration.objects.filter(pk=draft.pk).update(state="ready")
    lodge(declaration=draft, now=DECLARES + timedelta(hours=2))
    client = sign_in(draft.importer, Role.IMPORTER)

    page = client.get(reverse("declaration", args=[draft.our_reference])).content.decode()

    assert reverse("declaration_amend", args=[draft.our_reference]) in page
