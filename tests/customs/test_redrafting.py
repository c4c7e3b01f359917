"""A new draft corrects what was told with the one before; pages offer what the services allow."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Company, Role
from core.walls import platform_wide
from customs.models import Declaration
from customs.rules.charges import Charge, Kind, Mark
from customs.services import draft_declaration, lodge, record_rejection, redraft
from procurement.models import Shipment
from tests.customs.test_pages import SignIn, sign_in
from tests.factories.accounts import ImporterFactory
from tests.factories.customs import DECLARES, a_lodged, a_shipment, a_warehouse
from tests.factories.warehouse import BondedWarehouseFactory
from tests.walls.rows import all_rows
from warehouse.models import BondedWarehouse

pytestmark = pytest.mark.django_db

__all__ = ["sign_in"]


@pytest.fixture
def importer(db: None) -> Company:
    company: Company = ImporterFactory.create()
    return company


@pytest.fixture
def rejected(importer: Company) -> Declaration:
    """Its freight was mistyped: USD 999 where the notice says 450."""
    with platform_wide():
        shipment = a_shipment(importer=importer)
        draft = draft_declaration(
            shipment=shipment,
            importer=importer,
            warehouse=a_warehouse(),
            charges=[Charge(Kind.FREIGHT, Mark.TOTAL, Decimal(999), "USD")],
            now=DECLARES,
        )
        Declaration.objects.filter(pk=draft.pk).update(state="ready")
        return record_rejection(
            declaration=lodge(declaration=draft, now=DECLARES), reason="运费不符", now=DECLARES
        )


@pytest.fixture
def other(importer: Company) -> BondedWarehouse:
    with platform_wide():
        return BondedWarehouseFactory.create(code="OTHER")


def charged(declaration: Declaration) -> dict[str, str]:
    told = declaration.charges.order_by("pk")
    return {one.kind: f"{one.currency} {one.value:.2f}" for one in told}


def test_what_is_not_told_anew_stands_as_it_did(rejected: Declaration) -> None:
    with platform_wide():
        fresh = redraft(declaration=rejected, now=DECLARES)

        assert charged(fresh) == charged(rejected)
        assert charged(fresh)["freight"] == "USD 999.00"


def test_a_charge_is_corrected_or_left_to_the_notice(rejected: Declaration) -> None:
    with platform_wide():
        fresh = redraft(declaration=rejected, told={Kind.FREIGHT: None}, now=DECLARES)

        assert charged(fresh) == charged(rejected) | {"freight": "USD 450.00"}


def test_the_page_shows_what_stood_and_takes_what_is_right(
    sign_in: SignIn, importer: Company, rejected: Declaration, other: BondedWarehouse
) -> None:
    client = sign_in(importer, Role.IMPORTER)
    page = client.get(reverse("declaration", args=[rejected.our_reference])).content.decode()
    assert 'value="USD/999/3"' in page

    there = reverse("declaration_redraft", args=[rejected.our_reference])
    with platform_wide():
        before = all_rows()
    wrong = client.post(
        there, {"warehouse": other.pk, "freight_charge": "460", "insurance_charge": ""}
    )
    assert wrong.status_code == 422
    with platform_wide():
        assert all_rows() == before
    client.post(
        there, {"warehouse": other.pk, "freight_charge": "USD/460/3", "insurance_charge": ""}
    )

    with platform_wide():
        fresh = Declaration.objects.get(replaces=rejected)
        assert fresh.warehouse == other
        assert fresh.shipment.bound_for == other.operator
        assert charged(fresh) == charged(rejected) | {"freight": "USD 460.00"}


def test_what_one_warehouse_lacks_is_said_of_that_one(
    sign_in: SignIn, importer: Company, other: BondedWarehouse
) -> None:
    with platform_wide():
        shipment = a_shipment(importer=importer)
        house = BondedWarehouseFactory.create(code="A-FIRST")
        BondedWarehouse.objects.filter(pk=other.pk).update(ledger_number="")
    client = sign_in(importer, Role.IMPORTER)

    page = client.get(reverse("declare", args=[shipment.number])).content.decode()

    lacking = page.split('<div class="fw-bold">')[1].split("</ul>")[0]
    assert other.code in lacking
    assert house.code not in lacking
    assert "Head of the form" not in lacking


def test_the_page_offers_amending_until_the_list_is_posted(
    sign_in: SignIn, importer: Company
) -> None:
    with platform_wide():
        lodged = a_lodged(importer=importer)
    client = sign_in(importer, Role.IMPORTER)
    there = reverse("declaration", args=[lodged.our_reference])
    amend = reverse("declaration_amend", args=[lodged.our_reference])
    assert amend in client.get(there).content.decode()

    with platform_wide():
        Shipment.objects.update(state="received")

    assert amend not in client.get(there).content.decode()
