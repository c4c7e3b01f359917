"""Goods are put away and moved: each owner's part of them, once, with a number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import Company, Role, User
from catalog.models import Product
from core.errors import DomainError
from core.walls import platform_wide
from tests.factories.accounts import MembershipFactory, SellerFactory, UserFactory
from tests.factories.warehouse import (
    SELLS,
    BondedWarehouseFactory,
    an_incoming_order,
    received_stock,
)
from tests.walls.rows import all_rows
from warehouse.models import BondedWarehouse, Holding, Location, Lot, StockMovement, StockPosting
from warehouse.queries.proving import prove_stock
from warehouse.queries.putting import waiting
from warehouse.rules import places, putting
from warehouse.rules.posting import PromisedToAnOrder, Status
from warehouse.services import (
    Move,
    accept_orders,
    change_stock,
    close_place,
    empty_place,
    make_places,
    move_stock,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts")]


@pytest.fixture(autouse=True)
def house() -> Iterator[BondedWarehouse]:
    with platform_wide():
        made: BondedWarehouse = BondedWarehouseFactory.create()
        make_places(house=made, first="A-1", last="A-3", zone="storage")
        make_places(house=made, first="Q-1", last="", zone="quarantine")
        yield made


@pytest.fixture
def clerk() -> User:
    return UserFactory.create()


@pytest.fixture
def bert() -> Company:
    return SellerFactory.create()


def lying() -> dict[tuple[str, str, str], int]:
    """Units by owner's code, place and status."""
    held = Holding.objects.filter(on_hand__gt=0).select_related("owner", "location")
    return {(one.owner.code, one.location.code, one.status): one.on_hand for one in held}


def a_move(units: int, to: str, *, origin: str = "GATE", status: Status = Status.AVAILABLE) -> Move:
    return Move(Lot.objects.get().number, status, origin, to, units)


def test_each_owners_part_moves_under_one_number(
    house: BondedWarehouse, milk: Product, anna: Company, bert: Company, clerk: User
) -> None:
    received_stock({anna: 60, bert: 30}, product=milk)

    number = move_stock(house=house, moves=[a_move(30, "A-1")], moved_by=clerk, now=SELLS)

    assert number == "MV-2026-000001"
    assert lying() == {
        (anna.code, "GATE", "available"): 40,
        (bert.code, "GATE", "available"): 20,
        (anna.code, "A-1", "available"): 20,
        (bert.code, "A-1", "available"): 10,
    }
    booked = StockPosting.objects.filter(document=number).order_by("owner_id")
    assert [(one.kind, one.booked_by, one.owner) for one in booked] == [
        ("moved", clerk, anna),
        ("moved", clerk, bert),
    ]
    assert prove_stock() == []


def test_what_is_promised_stays_and_can_still_be_served(
    house: BondedWarehouse, milk: Product, anna: Company, clerk: User
) -> None:
    received_stock({anna: 5}, product=milk)
    accept_orders(seller=anna, orders=[an_incoming_order("MILK", 2)], now=SELLS)

    with pytest.raises(putting.TooFewThere) as refused:
        move_stock(house=house, moves=[a_move(4, "A-1")], moved_by=clerk, now=SELLS)
    assert refused.value.facts["available"] == 3
    empty_place(
        house=house,
        origin=Location.objects.get(code="GATE"),
        destination="A-1",
        moved_by=clerk,
        now=SELLS,
    )

    code = anna.code
    assert lying() == {(code, "GATE", "reserved"): 2, (code, "A-1", "available"): 3}
    (order,) = accept_orders(
        seller=anna, orders=[an_incoming_order("MILK", 3, number="T-2")], now=SELLS
    )
    assert order.outcome == "accepted"
    assert prove_stock() == []


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"units": 6}, putting.TooFewThere),
        ({"units": 0}, putting.MovesNothing),
        ({"destination": "GATE"}, putting.AlreadyThere),
        ({"destination": "Q-1"}, putting.ZoneDoesNotFit),
        ({"destination": "A-3"}, places.PlaceClosed),
        ({"destination": "Z-9"}, putting.PlaceUnknown),
        ({"origin": "Z-9"}, putting.PlaceUnknown),
        ({"lot": "LOT-2026-999999"}, putting.LotUnknown),
        ({"status": Status.DAMAGED, "destination": "Q-1"}, putting.TooFewThere),
        ({"status": Status.RESERVED}, PromisedToAnOrder),
        ({"destination": "S-1"}, putting.PlaceTooFull),
    ],
)
def test_a_refused_move_leaves_nothing_behind(
    house: BondedWarehouse,
    milk: Product,
    anna: Company,
    clerk: User,
    told: dict[str, object],
    refusal: type[DomainError],
) -> None:
    received_stock({anna: 5}, product=milk)
    close_place(place=Location.objects.get(code="A-3"), now=SELLS)
    small = Decimal(milk.gross_weight_g) / 1000
    make_places(house=house, first="S-1", last="", zone="storage", load_kg=small)
    plain = {
        "lot": Lot.objects.get().number,
        "status": Status.AVAILABLE,
        "origin": "GATE",
        "destination": "A-2",
        "units": 5,
    }
    before = all_rows()
    # The first of them could be done; it is all or none.
    moves = [a_move(1, "A-1"), Move(**(plain | told))]  # type: ignore[arg-type]

    with pytest.raises(refusal):
        move_stock(house=house, moves=moves, moved_by=clerk, now=SELLS)

    assert all_rows() == before


def test_two_moves_of_one_document_take_no_unit_twice(
    house: BondedWarehouse, milk: Product, anna: Company, clerk: User
) -> None:
    received_stock({anna: 5}, product=milk)

    with pytest.raises(putting.TooFewThere):
        move_stock(
            house=house, moves=[a_move(3, "A-1"), a_move(3, "A-2")], moved_by=clerk, now=SELLS
        )
    assert not StockMovement.objects.filter(kind="moved").exists()

    move_stock(house=house, moves=[a_move(3, "A-1"), a_move(2, "A-2")], moved_by=clerk, now=SELLS)
    code = anna.code
    assert lying() == {(code, "A-1", "available"): 3, (code, "A-2", "available"): 2}


def test_another_warehouses_goods_and_places_are_unknown(
    house: BondedWarehouse, milk: Product, anna: Company, clerk: User
) -> None:
    received_stock({anna: 5}, product=milk)
    other = BondedWarehouseFactory.create()

    with pytest.raises(putting.LotUnknown):
        move_stock(house=other, moves=[a_move(1, "A-1")], moved_by=clerk, now=SELLS)


def test_freed_goods_in_quarantine_wait_to_be_put_away_again(
    house: BondedWarehouse, milk: Product, anna: Company, clerk: User
) -> None:
    received_stock({anna: 5}, product=milk, expires_on=date(2028, 3, 31))
    (gate,) = waiting(house, most=9)
    assert gate.suggestion is not None
    assert (gate.units, gate.suggestion.code, gate.suggestion.reason) == (5, "A-1", "empty")
    held = Holding.objects.get()

    def change(after: Status, lies: Holding) -> None:
        change_stock(holding=lies, keeper=house.operator, after=after, changed_by=clerk, now=SELLS)

    change(Status.QUARANTINE, held)
    (gate,) = waiting(house, most=9)
    assert gate.suggestion is not None
    assert gate.suggestion.code == "Q-1"
    moves = [a_move(5, "Q-1", status=Status.QUARANTINE)]
    move_stock(house=house, moves=moves, moved_by=clerk, now=SELLS)
    assert waiting(house, most=9) == []

    change(Status.AVAILABLE, Holding.objects.get(on_hand=5))
    (again,) = waiting(house, most=9)
    assert again.suggestion is not None
    assert (again.place.code, again.suggestion.code) == ("Q-1", "A-1")
    assert prove_stock() == []


def test_the_pages_put_away_what_was_suggested_and_move_by_scan(
    house: BondedWarehouse, milk: Product, anna: Company
) -> None:
    received_stock({anna: 5}, product=milk)
    member = MembershipFactory.create(company=house.operator, role=Role.WAREHOUSE)
    client = Client(headers={"accept-language": "en", "accept": "text/html"})
    client.force_login(member.user)
    page = "/warehouse/put-away/"
    body = client.get(page).content.decode()
    told = dict(re.findall(r'name="((?:to|units)_[^"]+)" value="([^"]+)"', body))
    (key,) = {name.partition("_")[2] for name in told}
    assert told == {f"to_{key}": "A-1", f"units_{key}": "5"}

    assert client.post(page, told).status_code == 422
    assert client.post(page, told | {f"go_{key}": "on", f"units_{key}": "6"}).status_code == 422
    assert lying() == {(anna.code, "GATE", "available"): 5}
    done = client.post(page, told | {f"go_{key}": "on"}, follow=True).content.decode()
    assert "Moved: MV-2026-000001." in done
    assert "Nothing waits" in done

    move = {"lot": Lot.objects.get().number.lower(), "origin": "a-1", "status": "available"}
    sent = client.post("/warehouse/move/", move | {"destination": "a-2", "units": "2"})
    assert sent.headers["Location"] == "/warehouse/move/"
    code = anna.code
    assert lying() == {(code, "A-1", "available"): 3, (code, "A-2", "available"): 2}
    wrong = client.post("/warehouse/move/", move | {"destination": "Z-1", "units": "2"})
    assert wrong.status_code == 422
    assert "The warehouse has no such place." in wrong.content.decode()
    shelf = Location.objects.get(code="A-2")
    client.post(f"/warehouse/places/{shelf.pk}/", {"destination": "a-1"})
    assert lying() == {(code, "A-1", "available"): 5}
