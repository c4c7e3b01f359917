"""What a warehouse charges for a change of owner, and to whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Company, CompanyStatus, Role, User
from catalog.models import Product
from core.walls import platform_wide
from tests.factories.accounts import PlatformCompanyFactory, SellerFactory, UserFactory
from tests.factories.fees import a_tariff
from tests.factories.warehouse import SELLS, received_stock
from tests.warehouse.browsing import signed_in, text_of
from tests.warehouse.selling import on_hand
from warehouse.days import day_of
from warehouse.models import BondedWarehouse, Holding, StockTransfer, StorageCharge
from warehouse.queries import transfers
from warehouse.queries.fees import fee_of_transfer
from warehouse.queries.proving_fees import prove_storage
from warehouse.rules.transferring import FeeBy, GiverNotAdmitted, Offer
from warehouse.services import accept_offer, charge_day, offer_stock

pytestmark = pytest.mark.django_db

TODAY = day_of(SELLS)


@pytest.fixture(autouse=True)
def _platform() -> Iterator[None]:
    with platform_wide():
        PlatformCompanyFactory.create()
        yield


@pytest.fixture
def ben() -> Company:
    return SellerFactory.create(code="BEN")


@pytest.fixture
def person() -> User:
    return UserFactory.create()


def offered(anna: Company, person: User, fee_by: FeeBy, units: int = 4) -> StockTransfer:
    return offer_stock(
        giver=anna,
        taker="BEN",
        lot=Holding.objects.filter(owner=anna)[0].lot.number,
        offer=Offer(units, 0, TODAY + timedelta(days=7), fee_by=fee_by),
        offered_by=person,
        now=SELLS,
    )


def test_the_side_that_the_offer_names_pays_for_the_change_and_for_each_unit(
    milk: Product, anna: Company, ben: Company, person: User
) -> None:
    received_stock({anna: 10}, product=milk)
    house = BondedWarehouse.objects.get()
    Product.objects.update(volume_cm3=0)
    rates = {"transfer_rate": Decimal(500), "unit_given_rate": Decimal("12.5")}
    a_tariff(house, now=SELLS, valid_from=TODAY, **rates)
    by_giver = offered(anna, person, FeeBy.GIVER)
    by_taker = offered(anna, person, FeeBy.TAKER, units=3)
    for one in (by_giver, by_taker):
        accept_offer(transfer=one, company=ben, accepted_by=person, now=SELLS)
    offered(anna, person, FeeBy.GIVER, units=1)

    charge_day(warehouse=house, day=TODAY, now=SELLS + timedelta(days=1))

    rows = StorageCharge.objects.filter(kind__in=["transfer", "unit_given"]).order_by("pk")
    assert [(one.owner, one.kind, one.units, one.amount) for one in rows] == [
        (anna, "transfer", 1, Decimal(500)),
        (anna, "unit_given", 4, Decimal(50)),
        (ben, "transfer", 1, Decimal(500)),
        (ben, "unit_given", 3, Decimal("37.5")),
    ]
    assert fee_of_transfer(by_taker, today=TODAY) == 538
    assert prove_storage() == []


def test_a_giver_that_was_suspended_since_gives_nothing(
    milk: Product, anna: Company, ben: Company, person: User
) -> None:
    received_stock({anna: 10}, product=milk)
    made = offered(anna, person, FeeBy.GIVER)
    Company.objects.filter(pk=anna.pk).update(status=CompanyStatus.SUSPENDED)

    with pytest.raises(GiverNotAdmitted):
        accept_offer(transfer=made, company=ben, accepted_by=person, now=SELLS)

    assert (on_hand(anna, "offered"), on_hand(ben)) == ([4], [])
    assert StockTransfer.objects.get().state == "offered"


def test_the_form_lists_so_many_lots_and_the_page_says_who_pays(
    milk: Product, anna: Company, ben: Company, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = TODAY + timedelta(days=400)
    received_stock({anna: 2}, product=milk, expires_on=None)
    received_stock({anna: 3}, product=milk, expires_on=late)
    received_stock({anna: 5}, product=milk, expires_on=late - timedelta(days=1))
    monkeypatch.setattr(transfers, "MOST_LOTS", 2)

    listed = [said for _number, said in transfers.lots_to_offer(anna)]

    assert [said.rpartition(" ")[2] for said in listed] == ["5", "3"]
    seller = signed_in(anna, Role.SELLER)
    assert "others can be offered over the API" in text_of(seller.get("/stock/transfers/new/"))
    made = offered(anna, person, FeeBy.TAKER, units=1)
    assert "who takes the goods" in text_of(seller.get(f"/stock/transfers/{made.number}/"))
