"""Goods arrive damaged, over the notice, or expired, and each unit has its owner."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from accounts.models import Company, Role, User
from catalog.models import Product, TradingPartner
from core.errors import DomainError
from core.walls import platform_wide
from notices.models import Notice
from procurement.models import ShipmentLine
from tests.factories.accounts import (
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
    UserFactory,
)
from tests.factories.warehouse import (
    ARRIVES,
    SELLS,
    BondedWarehouseFactory,
    a_cleared_shipment,
    an_incoming_order,
)
from tests.walls.rows import all_rows
from tests.warehouse.browsing import signed_in
from warehouse.models import (
    BondedWarehouse,
    Holding,
    Lot,
    Receipt,
    ReceiptLine,
    ReceiptShare,
    SupplierClaim,
)
from warehouse.queries.proving import prove_stock
from warehouse.rules import receiving as rules
from warehouse.rules.claims import ClaimDoesNotFollow, State
from warehouse.rules.fulfilling import NotEnoughStock
from warehouse.rules.receiving import Found
from warehouse.services import accept_orders, carry_on_claim, change_gate, receive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts")]


@pytest.fixture(autouse=True)
def house() -> Iterator[BondedWarehouse]:
    with platform_wide():
        made: BondedWarehouse = BondedWarehouseFactory.create()
        yield made


@pytest.fixture
def clerk() -> User:
    return UserFactory.create()


@pytest.fixture
def platform() -> Company:
    return PlatformCompanyFactory.create()


@pytest.fixture
def bert() -> Company:
    return SellerFactory.create()


def count(
    line: ShipmentLine, house: BondedWarehouse, clerk: User, units: int, found: Found | None = None
) -> Receipt:
    return receive(
        shipment=line.shipment,
        warehouse=house,
        counts={line.pk: units},
        found={line.pk: found} if found else None,
        received_by=clerk,
        now=ARRIVES,
    )


def lying() -> dict[tuple[str, str], int]:
    """Units by owner's code and status."""
    held = Holding.objects.filter(on_hand__gt=0).select_related("owner")
    return {(one.owner.code, one.status): one.on_hand for one in held}


def test_damaged_units_have_owners_and_are_claimed_at_the_orders_price(
    house: BondedWarehouse, milk: Product, anna: Company, bert: Company, clerk: User
) -> None:
    line = a_cleared_shipment({anna: 60, bert: 30}, product=milk, bound_for=house.operator)

    receipt = count(line, house, clerk, 90, Found(damaged=9))

    assert lying() == {
        (anna.code, "available"): 54,
        (bert.code, "available"): 27,
        (anna.code, "damaged"): 6,
        (bert.code, "damaged"): 3,
    }
    shares = ReceiptShare.objects.order_by("owner_id").values_list("received", "damaged", "over")
    assert list(shares) == [(60, 6, 0), (30, 3, 0)]
    bought = line.order_line
    claim = SupplierClaim.objects.get()
    assert (claim.number, claim.state, claim.receipt) == ("CL-2026-000001", "open", receipt)
    assert claim.buyer == line.shipment.order.buyer
    assert claim.amount_minor == 9 * bought.pack_price_minor
    told = claim.lines.get()
    assert (told.quantity, told.amount_minor) == (9, claim.amount_minor)
    aside = Notice.objects.filter(event="stock.set_aside").order_by("company_id")
    assert [(one.company, one.facts["units"]) for one in aside] == [(anna, 6), (bert, 3)]
    notice = Notice.objects.get(event="claim.opened")
    assert (notice.company, notice.facts["number"]) == (claim.buyer, claim.number)
    assert prove_stock() == []


def test_what_is_claimed_is_what_the_shipment_cost_and_not_what_was_first_ordered(
    house: BondedWarehouse, milk: Product, anna: Company, clerk: User
) -> None:
    line = a_cleared_shipment(
        {anna: 90}, product=milk, bound_for=house.operator, amount_minor=90 * 777
    )

    count(line, house, clerk, 90, Found(damaged=2))

    assert SupplierClaim.objects.get().amount_minor == 2 * 777


def test_the_platforms_surplus_is_the_first_to_be_damaged(
    house: BondedWarehouse, milk: Product, anna: Company, platform: Company, clerk: User
) -> None:
    shares = {anna: 10, platform: 2}
    line = a_cleared_shipment(shares, product=milk, bound_for=house.operator)

    count(line, house, clerk, 12, Found(damaged=3))

    assert lying() == {
        (anna.code, "available"): 9,
        (anna.code, "damaged"): 1,
        (platform.code, "damaged"): 2,
    }
    assert prove_stock() == []


def test_what_is_missing_and_what_is_damaged_are_told_apart(
    house: BondedWarehouse, milk: Product, anna: Company, clerk: User
) -> None:
    line = a_cleared_shipment({anna: 10}, product=milk, bound_for=house.operator)

    count(line, house, clerk, 8, Found(damaged=1))

    share = ReceiptShare.objects.get()
    assert (share.entitled, share.received, share.damaged, share.missing) == (10, 8, 1, 2)
    assert Notice.objects.get(event="shipment.received").facts["missing"] == 2
    assert prove_stock() == []


def test_what_is_over_within_the_tolerance_is_the_platforms(
    house: BondedWarehouse, milk: Product, anna: Company, platform: Company, clerk: User
) -> None:
    change_gate(house=house, counts_blind=True, over_percent=5)
    house.refresh_from_db()
    line = a_cleared_shipment({anna: 100}, product=milk, bound_for=house.operator)
    before = all_rows()
    with pytest.raises(rules.CountOverNotice) as refused:
        count(line, house, clerk, 106)
    assert refused.value.facts == {"line": line.pk, "announced": 100, "counted": 106}
    assert all_rows() == before

    count(line, house, clerk, 105)

    assert lying() == {(anna.code, "available"): 100, (platform.code, "available"): 5}
    counted = ReceiptLine.objects.get()
    assert (counted.announced, counted.counted, counted.over, counted.missing) == (100, 105, 5, 0)
    assert list(
        ReceiptShare.objects.order_by("owner__code").values_list("entitled", "received", "over")
    ) in ([(100, 100, 0), (0, 5, 5)], [(0, 5, 5), (100, 100, 0)])
    assert prove_stock() == []


@pytest.mark.parametrize(("supplier", "most"), [(2, 102), (0, 100), (None, 105)])
def test_a_suppliers_own_tolerance_stands_before_the_houses(
    house: BondedWarehouse,
    milk: Product,
    anna: Company,
    platform: Company,
    clerk: User,
    supplier: int | None,
    most: int,
) -> None:
    change_gate(house=house, counts_blind=True, over_percent=5)
    house.refresh_from_db()
    line = a_cleared_shipment({anna: 100}, product=milk, bound_for=house.operator)
    TradingPartner.objects.update(over_percent=supplier)
    line.refresh_from_db()
    before = all_rows()

    with pytest.raises(rules.CountOverNotice):
        count(line, house, clerk, most + 1)
    assert all_rows() == before
    told = {"warehouse": house.pk, f"line_{line.pk}": most + 1, "step": "review"}
    address = f"/warehouse/shipments/{line.shipment.number}/count/"
    page = signed_in(house.operator, Role.WAREHOUSE).post(address, told)
    assert "More was counted than the ship notice announced" in page.content.decode()

    count(line, house, clerk, most)
    assert ReceiptLine.objects.get().over == most - 100


def test_without_a_tolerance_nothing_is_taken_over_the_notice(
    house: BondedWarehouse, milk: Product, anna: Company, clerk: User
) -> None:
    line = a_cleared_shipment({anna: 10}, product=milk, bound_for=house.operator)
    before = all_rows()

    with pytest.raises(rules.CountOverNotice):
        count(line, house, clerk, 11)

    assert all_rows() == before


def test_what_stands_on_the_goods_is_what_the_lot_says(
    house: BondedWarehouse, milk: Product, anna: Company, clerk: User
) -> None:
    line = a_cleared_shipment({anna: 10}, product=milk, bound_for=house.operator)
    seen = Found(batch="L-9", produced_on=date(2026, 5, 1), expires_on=date(2028, 1, 31))

    count(line, house, clerk, 10, seen)

    lot = Lot.objects.get()
    assert (lot.batch, lot.produced_on, lot.expires_on) == (
        "L-9",
        date(2026, 5, 1),
        date(2028, 1, 31),
    )
    assert Holding.objects.get().expires_on == date(2028, 1, 31)


def test_what_expired_on_its_way_is_not_for_sale(
    house: BondedWarehouse, milk: Product, anna: Company, clerk: User
) -> None:
    line = a_cleared_shipment({anna: 10}, product=milk, bound_for=house.operator)

    count(line, house, clerk, 10, Found(damaged=2, expires_on=date(2026, 7, 1)))

    assert lying() == {(anna.code, "expired"): 8, (anna.code, "damaged"): 2}
    (order,) = accept_orders(seller=anna, orders=[an_incoming_order("MILK")], now=SELLS)
    assert isinstance(order.refusal, NotEnoughStock)
    assert Notice.objects.get(event="stock.set_aside").facts["units"] == 10
    assert prove_stock() == []


@pytest.mark.parametrize(
    ("found", "refusal"),
    [
        (Found(damaged=11), rules.MoreDamagedThanCounted),
        (Found(damaged=-1), rules.NotACount),
        (Found(batch="x" * 21), rules.WrongBatch),
        (Found(batch="a\nb"), rules.WrongBatch),
        (Found(produced_on=date(2026, 8, 1)), rules.ProducedAfterExpiry),
        (
            Found(produced_on=date(2026, 5, 1), expires_on=date(2026, 4, 1)),
            rules.ProducedAfterExpiry,
        ),
    ],
)
def test_what_cannot_be_seen_is_refused_and_leaves_nothing(
    house: BondedWarehouse,
    milk: Product,
    anna: Company,
    clerk: User,
    found: Found,
    refusal: type[DomainError],
) -> None:
    line = a_cleared_shipment({anna: 10}, product=milk, bound_for=house.operator)
    before = all_rows()

    with pytest.raises(refusal):
        count(line, house, clerk, 10, found)

    assert all_rows() == before


def test_a_claim_goes_on_step_by_step_on_its_importers_pages(
    house: BondedWarehouse, milk: Product, anna: Company, clerk: User
) -> None:
    line = a_cleared_shipment({anna: 10}, product=milk, bound_for=house.operator)
    count(line, house, clerk, 10, Found(damaged=2))
    claim = SupplierClaim.objects.get()
    with pytest.raises(ClaimDoesNotFollow):
        carry_on_claim(claim=claim, state=State.SETTLED)
    claim.refresh_from_db()
    assert claim.state == "open"
    member = MembershipFactory.create(company=claim.buyer, role=Role.IMPORTER)
    client = Client(headers={"accept-language": "en", "accept": "text/html"})
    client.force_login(member.user)
    path = f"/claims/{claim.number}/"

    assert claim.number in client.get("/claims/").content.decode()
    for state in ("sent", "refused", "sent", "accepted"):
        assert f'value="{state}"' in client.get(path).content.decode()
        assert client.post(path, {"to": state}).status_code == 302
    claim.refresh_from_db()
    assert claim.state == "accepted"
    assert 'name="to"' not in client.get(path).content.decode()
    paper = client.get(f"/claims/{claim.number}.pdf")
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(paper.content)).pages)
    assert claim.number in text
    assert "残损" in text
    assert milk.gtin in text


def test_the_count_page_takes_what_was_seen_and_shows_it_before_it_is_booked(
    house: BondedWarehouse, milk: Product, anna: Company
) -> None:
    change_gate(house=house, counts_blind=False, over_percent=0)
    line = a_cleared_shipment({anna: 10}, product=milk, bound_for=house.operator)
    member = MembershipFactory.create(company=house.operator, role=Role.WAREHOUSE)
    client = Client(headers={"accept-language": "en", "accept": "text/html"})
    client.force_login(member.user)
    page = f"/warehouse/shipments/{line.shipment.number}/count/"
    assert "beside what the supplier announced" in client.get(page).content.decode()
    told = {f"line_{line.pk}": "10", f"damaged_{line.pk}": "11", "warehouse": house.pk}

    wrong = client.post(page, told | {"step": "book"}).content.decode()
    assert "What is damaged is part of what was counted" in wrong
    assert not Receipt.objects.exists()
    told |= {f"damaged_{line.pk}": "1", f"batch_{line.pk}": "L-7"}
    shown = client.post(page, told | {"step": "review"}).content.decode()
    assert "1 unit is damaged." in shown
    assert f'name="batch_{line.pk}" value="L-7"' in shown
    assert client.post(page, told | {"step": "book"}).status_code == 302

    assert Lot.objects.get().batch == "L-7"
    assert lying() == {(anna.code, "available"): 9, (anna.code, "damaged"): 1}
