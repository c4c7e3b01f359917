"""Goods are put onto pallets, and pallets move with all that lies on them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Company, Role, User
from catalog.models import Product
from core.errors import DomainError
from core.models import NumberSeries
from core.walls import platform_wide
from tests.factories.accounts import MembershipFactory, SellerFactory, UserFactory
from tests.factories.warehouse import (
    SELLS,
    BondedWarehouseFactory,
    an_incoming_order,
    received_stock,
)
from tests.walls.rows import all_rows
from tests.warehouse.browsing import signed_in, text_of
from warehouse.models import BondedWarehouse, Holding, Location, Lot, Pallet, PalletMove
from warehouse.queries.pallets import waiting_pallets
from warehouse.queries.proving import prove_stock
from warehouse.queries.putting import shelves_of, waiting
from warehouse.rules import pallets as rules
from warehouse.rules.counting import BeingCounted
from warehouse.rules.places import PlaceClosed
from warehouse.rules.posting import Status
from warehouse.rules.putting import (
    AlreadyThere,
    PlaceTooFull,
    PlaceUnknown,
    TooFewThere,
    ZoneDoesNotFit,
)
from warehouse.services import (
    Move,
    accept_orders,
    change_capacity,
    change_stock,
    close_place,
    make_pallet,
    make_places,
    move_pallet,
    move_stock,
    start_count,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts")]


@pytest.fixture(autouse=True)
def house(operator: Company) -> Iterator[BondedWarehouse]:
    with platform_wide():
        made: BondedWarehouse = BondedWarehouseFactory.create(operator=operator)
        make_places(house=made, first="A-1", last="A-3", zone="storage")
        make_places(house=made, first="Q-1", last="", zone="quarantine")
        yield made


@pytest.fixture
def clerk() -> User:
    return UserFactory.create()


@pytest.fixture
def lot(house: BondedWarehouse, milk: Product, anna: Company) -> Lot:
    received_stock({anna: 60, SellerFactory.create(code="BERT"): 30}, product=milk, warehouse=house)
    return Lot.objects.get()


def a_pallet(lot: Lot, clerk: User, units: int = 30) -> Pallet:
    goods = [Move(lot.number, Status.AVAILABLE, "GATE", "", units)]
    return make_pallet(house=lot.warehouse, place="GATE", goods=goods, made_by=clerk, now=SELLS)


def moved(pallet: Pallet, place: str, clerk: User) -> str:
    house = pallet.location.warehouse
    return move_pallet(house=house, sscc=pallet.sscc, place=place, moved_by=clerk, now=SELLS)


def on(pallet: Pallet) -> dict[tuple[str, str], int]:
    """Units by owner's code and status."""
    held = Holding.objects.filter(location=pallet.location_id, on_hand__gt=0)
    return {(one.owner.code, one.status): one.on_hand for one in held.select_related("owner")}


def test_goods_go_onto_a_pallet_each_owners_in_proportion(
    lot: Lot, anna: Company, clerk: User
) -> None:
    pallet = a_pallet(lot, clerk)

    assert rules.sscc_of(pallet.sscc) == pallet.sscc
    assert pallet.sscc.startswith("39520000")
    assert on(pallet) == {(anna.code, "available"): 20, ("BERT", "available"): 10}
    assert (pallet.location.where, pallet.location.zone) == (f"GATE {pallet.sscc}", "gate")
    assert prove_stock() == []
    assert a_pallet(lot, clerk, 1).sscc != pallet.sscc


def test_a_pallet_moves_with_all_that_lies_on_it_also_what_is_promised(
    lot: Lot, milk: Product, anna: Company, clerk: User
) -> None:
    pallet = a_pallet(lot, clerk, 90)
    order = an_incoming_order(milk.sku, 7)
    accept_orders(seller=anna, orders=[order], now=SELLS)

    number = moved(pallet, "A-2", clerk)

    at = Location.objects.get(code=pallet.sscc)
    assert (at.zone, at.where) == ("storage", f"A-2 {pallet.sscc}")
    assert on(pallet) == {
        (anna.code, "available"): 53,
        (anna.code, "reserved"): 7,
        ("BERT", "available"): 30,
    }
    went = PalletMove.objects.get()
    assert (went.number, went.origin.code, went.destination.code) == (number, "GATE", "A-2")
    assert prove_stock() == []


def test_what_lies_on_a_pallet_takes_room_where_it_stands(lot: Lot, clerk: User) -> None:
    Product.objects.update(volume_cm3=10_000)
    Location.objects.filter(code="A-1").update(volume_m3=Decimal("0.5"))
    older = a_pallet(lot, clerk, 30)
    newer = a_pallet(lot, clerk, 30)
    moved(older, "A-1", clerk)

    with pytest.raises(PlaceTooFull) as refused:
        moved(newer, "A-1", clerk)
    assert refused.value.facts == {"place": "A-1", "wanted": 30, "available": 20}

    # Nor by way of the pallet that stands there.
    onto = Move(lot.number, Status.AVAILABLE, "GATE", older.sscc, 21)
    with pytest.raises(PlaceTooFull):
        move_stock(house=lot.warehouse, moves=[onto], moved_by=clerk, now=SELLS)
    assert sum(on(older).values()) == 30


def test_a_pallet_waits_at_the_gate_as_a_whole_and_is_told_a_place(
    lot: Lot, house: BondedWarehouse, clerk: User
) -> None:
    pallet = a_pallet(lot, clerk, 50)

    (waits,) = waiting_pallets(house, most=9, shelves=shelves_of(house))
    assert (waits.pallet, waits.units) == (pallet, 50)
    assert waits.suggestion is not None
    assert waits.suggestion.code == "A-1"
    (loose,) = waiting(house, most=9)
    assert (loose.place.code, loose.units) == ("GATE", 40)

    moved(pallet, "A-1", clerk)
    assert waiting_pallets(house, most=9, shelves=shelves_of(house)) == []


def test_loose_goods_and_a_pallet_are_not_told_the_same_room(
    lot: Lot, house: BondedWarehouse, milk: Product, clerk: User
) -> None:
    a_pallet(lot, clerk, 50)
    only = Location.objects.get(warehouse=house, code="A-1")
    Location.objects.filter(warehouse=house, code__in=["A-2", "A-3"]).update(closed_at=SELLS)
    change_capacity(
        place=only, volume_m3=Decimal(50 * milk.volume_cm3) / 1_000_000, load_kg=None, seen=""
    )
    shelves = shelves_of(house)

    (loose,) = waiting(house, most=9, shelves=shelves)
    (pallet,) = waiting_pallets(house, most=9, shelves=shelves)

    assert loose.suggestion is not None
    assert (loose.suggestion.code, loose.suggestion.units) == ("A-1", 40)
    assert pallet.suggestion is None
    (alone,) = waiting_pallets(house, most=9, shelves=shelves_of(house))
    assert alone.suggestion is not None


def test_units_that_are_found_bad_on_a_pallet_are_to_be_taken_off(
    lot: Lot, house: BondedWarehouse, anna: Company, clerk: User
) -> None:
    pallet = a_pallet(lot, clerk, 90)
    moved(pallet, "A-1", clerk)
    held = Holding.objects.get(owner=anna, location=pallet.location_id, status="available")
    change_stock(
        holding=held,
        keeper=house.operator,
        after=Status.DAMAGED,
        changed_by=clerk,
        units=2,
        now=SELLS,
    )

    (bad,) = waiting(house, most=9)
    assert (bad.place.code, bad.status, bad.units) == (pallet.sscc, "damaged", 2)
    with pytest.raises(ZoneDoesNotFit):
        moved(pallet, "A-2", clerk)
    off = Move(lot.number, Status.DAMAGED, pallet.sscc, "Q-1", 2)
    move_stock(house=house, moves=[off], moved_by=clerk, now=SELLS)
    moved(pallet, "A-2", clerk)
    assert prove_stock() == []


@pytest.mark.parametrize(
    ("place", "refusal"),
    [
        ("A-9", PlaceUnknown),
        ("GATE", AlreadyThere),
        ("Q-1", ZoneDoesNotFit),
        ("A-3", PlaceClosed),
        ("another", rules.PalletOnPallet),
    ],
)
def test_a_pallet_that_may_not_go_there_stays(
    lot: Lot, clerk: User, place: str, refusal: type[DomainError]
) -> None:
    pallet, other = a_pallet(lot, clerk), a_pallet(lot, clerk)
    close_place(place=Location.objects.get(code="A-3"), now=SELLS)
    before = all_rows()

    with pytest.raises(refusal), transaction.atomic():
        moved(pallet, other.sscc if place == "another" else place, clerk)

    assert all_rows() == before


def test_a_house_moves_no_pallet_that_is_not_its_own(lot: Lot, clerk: User) -> None:
    pallet, far = a_pallet(lot, clerk), BondedWarehouseFactory.create()
    before = all_rows()

    for house, sscc in ((far, pallet.sscc), (lot.warehouse, "A-1")):
        with pytest.raises(rules.PalletUnknown), transaction.atomic():
            move_pallet(house=house, sscc=sscc, place="A-2", moved_by=clerk, now=SELLS)

    assert all_rows() == before


@pytest.mark.parametrize(
    ("place", "units", "refusal"),
    [
        ("A-9", 1, PlaceUnknown),
        ("GATE", 91, TooFewThere),
        ("GATE", 0, rules.PalletHoldsNothing),
    ],
)
def test_a_refused_pallet_leaves_no_number_behind(
    lot: Lot, clerk: User, place: str, units: int, refusal: type[DomainError]
) -> None:
    before = all_rows()
    goods = [Move(lot.number, Status.AVAILABLE, "GATE", "", units)] if units else []

    with pytest.raises(refusal), transaction.atomic():
        make_pallet(house=lot.warehouse, place=place, goods=goods, made_by=clerk, now=SELLS)

    assert all_rows() == before


def test_what_is_counted_stays_where_it_is(lot: Lot, house: BondedWarehouse, clerk: User) -> None:
    pallet = a_pallet(lot, clerk)
    count = start_count(
        house=house,
        keeper=house.operator,
        subject="GATE",
        freezes=True,
        started_by=clerk,
        now=SELLS,
    )

    assert {one.location.code for one in count.lines.all()} == {"GATE", pallet.sscc}
    with pytest.raises(BeingCounted):
        moved(pallet, "A-1", clerk)


def test_a_place_at_which_a_pallet_stands_stays_open(lot: Lot, clerk: User) -> None:
    pallet = a_pallet(lot, clerk)
    moved(pallet, "A-1", clerk)
    place = Location.objects.get(code="A-1")

    with pytest.raises(rules.PalletsStandThere):
        close_place(place=place, now=SELLS)

    off = Move(lot.number, Status.AVAILABLE, pallet.sscc, "A-2", 30)
    move_stock(house=lot.warehouse, moves=[off], moved_by=clerk, now=SELLS)
    close_place(place=pallet.location, now=SELLS)
    assert close_place(place=place, now=SELLS).closed_at == SELLS
    with pytest.raises(PlaceClosed):
        moved(pallet, "A-2", clerk)


@pytest.mark.parametrize("wrong", ["becomes", "ends", "on another", "elsewhere"])
def test_the_database_itself_keeps_pallets_at_places(lot: Lot, clerk: User, wrong: str) -> None:
    pallet, other = a_pallet(lot, clerk), a_pallet(lot, clerk)
    place = Location.objects.get(code="A-1")
    far = Location.objects.create(
        warehouse=BondedWarehouseFactory.create(), code="FAR", zone="storage"
    )
    who, to = {
        "becomes": (place, far),
        "ends": (pallet.location, None),
        "on another": (pallet.location, other.location),
        "elsewhere": (pallet.location, far),
    }[wrong]

    with pytest.raises(IntegrityError), transaction.atomic():
        Location.objects.filter(pk=who.pk).update(stands_at=to)


def test_the_page_makes_a_pallet_moves_it_and_prints_its_label(
    lot: Lot, house: BondedWarehouse, operator: Company
) -> None:
    keeper = signed_in(operator, Role.WAREHOUSE)
    assert "GATE" in text_of(keeper.get("/warehouse/pallets/new/"))
    field = f"units_{lot.pk}-{Location.objects.get(code='GATE').pk}-available"

    assert keeper.post("/warehouse/pallets/new/", {field: ""}).status_code == 422
    assert not Pallet.objects.exists()
    answer = keeper.post("/warehouse/pallets/new/", {field: "45"})
    pallet = Pallet.objects.get()
    address = f"/warehouse/pallets/{pallet.sscc}/"
    assert answer["Location"] == address
    assert "45" in text_of(keeper.get(address))
    assert f"{address}?to=A-1" in text_of(keeper.get("/warehouse/put-away/"))

    refused = keeper.post(address, {"place": "A-9"})
    assert refused.status_code == 422
    assert "no such place" in text_of(refused)
    assert keeper.post(address, {"place": "a-1"}).status_code == 302
    assert "A-1" in text_of(keeper.get(address))

    scanned = keeper.get("/warehouse/pallets/", {"q": f"(00){pallet.sscc}"})
    assert scanned["Location"] == address
    place = keeper.get(f"/warehouse/places/{pallet.location_id}/")
    assert place["Location"] == address
    label = keeper.get(f"{address}label.pdf")
    assert label["Content-Type"] == "application/pdf"
    assert label.content.startswith(b"%PDF")


def test_nobody_elses_pallet_is_seen_or_moved(lot: Lot, clerk: User, anna: Company) -> None:
    pallet = a_pallet(lot, clerk)
    address = f"/warehouse/pallets/{pallet.sscc}/"
    stranger = Client(headers={"accept-language": "en"})
    stranger.force_login(
        MembershipFactory.create(
            company=BondedWarehouseFactory.create().operator, role=Role.WAREHOUSE
        ).user
    )

    assert stranger.get(address).status_code == 404
    assert stranger.post(address, {"place": "A-1"}).status_code == 404
    assert signed_in(anna, Role.SELLER).get(address).status_code == 404
    assert not PalletMove.objects.exists()


def test_a_house_with_a_prefix_of_its_own_numbers_its_pallets_by_itself(
    lot: Lot, clerk: User, settings: Any
) -> None:
    platforms = a_pallet(lot, clerk, 3)
    BondedWarehouse.objects.update(gs1_prefix="697123456789")
    lot.warehouse.refresh_from_db()

    first, second = a_pallet(lot, clerk, 3), a_pallet(lot, clerk, 3)

    assert (first.sscc[:-1], second.sscc[:-1]) == ("36971234567890001", "36971234567890002")
    assert [rules.sscc_of(one.sscc) for one in (first, second)] == [first.sscc, second.sscc]
    # The platform may have the prefix one day: what was given out is left out.
    settings.BONDPOOL_GS1_PREFIX = "697123456789"
    NumberSeries.objects.filter(prefix="SSCC").update(last=0)
    assert a_pallet(lot, clerk, 3).sscc[:-1] == "36971234567890003"
    assert platforms.sscc.startswith("39520000")


def test_a_house_without_any_prefix_makes_no_pallet_and_one_used_up_neither(
    lot: Lot, clerk: User, settings: Any
) -> None:
    settings.BONDPOOL_GS1_PREFIX = ""
    with pytest.raises(rules.NoCompanyPrefix), transaction.atomic():
        a_pallet(lot, clerk, 3)
    BondedWarehouse.objects.update(gs1_prefix="697123456789")
    lot.warehouse.refresh_from_db()
    code, gate = rules.sscc("697123456789", 9_999), Location.objects.get(code="GATE")
    Pallet.objects.create(
        sscc=code,
        location=Location.objects.create(warehouse=gate.warehouse, code=code, stands_at=gate),
        keeper=lot.warehouse.operator,
        made_at=SELLS,
        made_by=clerk,
    )
    before = all_rows()

    with pytest.raises(rules.PalletNumbersUsedUp), transaction.atomic():
        a_pallet(lot, clerk, 3)

    assert all_rows() == before
