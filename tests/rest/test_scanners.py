"""A scanner's program does what the pages of a warehouse do."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest

from accounts.models import Company, Membership, Role
from catalog.models import Product
from core.walls import platform_wide
from tests.factories.accounts import MembershipFactory, SellerFactory
from tests.factories.catalog import ProductFactory
from tests.factories.warehouse import (
    ARRIVES,
    SELLS,
    BondedWarehouseFactory,
    a_cleared_shipment,
    received_stock,
)
from tests.rest.conftest import Robot, token_for
from tests.walls.rows import all_rows
from tests.warehouse.leaving import picked, released
from warehouse.models import (
    BondedWarehouse,
    CountEntry,
    Lot,
    Pallet,
    Parcel,
    PickWave,
    StockCount,
)
from warehouse.rules.counting import Terms
from warehouse.rules.receiving import Found
from warehouse.services import make_places, receive, set_count_terms

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts")]


@pytest.fixture(autouse=True)
def house() -> Iterator[BondedWarehouse]:
    with platform_wide():
        made: BondedWarehouse = BondedWarehouseFactory.create(code="NGB01")
        make_places(house=made, first="A-1", last="A-2", zone="storage")
        yield made


@pytest.fixture
def member(house: BondedWarehouse) -> Membership:
    return MembershipFactory.create(company=house.operator, role=Role.WAREHOUSE)


@pytest.fixture
def scanner(member: Membership) -> Robot:
    return Robot(token_for(member.company, "warehouse", member.user))


@pytest.fixture
def tea() -> Product:
    return ProductFactory.create(sku="TEA", gross_weight_g=300, net_weight_g=250)


@pytest.fixture
def anna(tea: Product, house: BondedWarehouse) -> Company:
    seller: Company = SellerFactory.create()
    received_stock({seller: 20}, product=tea, warehouse=house)
    return seller


def sent(answer: Any, status: int) -> Any:
    assert answer.status_code == status, answer.content
    return answer.json()


def once(scanner: Robot, path: str, body: Any, status: int = 201) -> Any:
    """Something new."""
    return sent(scanner.post(path, body, idempotency_key=secrets.token_hex(12)), status)


def changed(scanner: Robot, path: str, body: Any, status: int = 200) -> Any:
    """A change of what was just read."""
    tag = scanner.get(path.rpartition("/")[0])["ETag"]
    return sent(scanner.post(path, body, if_match=tag), status)


def test_a_wave_is_made_walked_and_packed(scanner: Robot, anna: Company, tea: Product) -> None:
    orders = released(anna, tea, [2, 3])

    wave = once(scanner, "waves", {"warehouse": "NGB01", "most": 9})
    (line,) = wave["lines"]
    assert (line["place"], line["sku"], line["units"]) == ("GATE", "TEA", 5)
    short = {"place": "GATE", "lot": line["lot"], "units": 4}
    before = all_rows()
    path = f"waves/{wave['number']}/confirm"
    wrong = changed(scanner, path, {"found": [short | {"lot": "L-9"}]}, 422)
    assert (wrong["code"], all_rows() == before) == ("warehouse.not_on_the_list", True)
    twice = changed(scanner, path, {"found": [short, short | {"units": 5}]}, 422)
    assert (twice["code"], all_rows() == before) == ("warehouse.not_on_the_list", True)
    done = changed(scanner, path, {"found": [short]})
    assert (done["state"], done["lines"]) == ("picked", [])
    assert [one["outcome"] for one in done["parts"]] == ["picked", "aside"]

    (waits,) = scanner.get("packing").json()["orders"]
    assert (waits["order"], waits["goods"]) == (orders[0].number, [{"sku": "TEA", "units": 2}])
    body = {"warehouse": "NGB01", "order": orders[0].number, "parcels": [{"weight_g": 700}]}
    before = all_rows()
    light = body | {"parcels": [{"weight_g": 5}]}
    assert once(scanner, "parcels", light, 409)["code"] == "warehouse.parcels_too_light"
    assert not Parcel.objects.exists()
    (parcel,) = once(scanner, "parcels", body)["parcels"]
    assert (parcel["order"], parcel["weight_g"]) == (orders[0].number, 700)
    assert [one["number"] for one in scanner.get("parcels").json()["data"]] == [parcel["number"]]


def test_serial_numbers_go_with_their_parcel(
    scanner: Robot, house: BondedWarehouse, member: Membership
) -> None:
    seller: Company = SellerFactory.create()
    phone = ProductFactory.create(sku="PHONE", keeps_serials=True)
    line = a_cleared_shipment({seller: 2}, product=phone, bound_for=house.operator)
    receive(
        shipment=line.shipment,
        warehouse=house,
        counts={line.pk: 2},
        received_by=member.user,
        now=ARRIVES,
        found={line.pk: Found(serials=("S-1", "S-2"))},
    )
    (order,) = released(seller, phone, [1])
    picked([order], member.user)
    parcel = {"weight_g": phone.gross_weight_g}
    body = {"warehouse": "NGB01", "order": order.number, "parcels": [parcel]}

    assert once(scanner, "parcels", body, 422)["code"] == "warehouse.serials_missing"
    body["parcels"] = [parcel | {"serials": ["S-2"]}]
    (made,) = once(scanner, "parcels", body)["parcels"]
    assert made["serials"] == ["S-2"]


def test_a_count_tells_no_figure_of_the_books_and_is_entered(
    scanner: Robot, anna: Company, house: BondedWarehouse, member: Membership
) -> None:
    set_count_terms(house=house, terms=Terms(tolerance_bp=0), set_by=member.user, now=SELLS)

    count = once(scanner, "counts", {"warehouse": "NGB01", "subject": "TEA"})
    (line,) = count["lines"]
    assert line.keys() == {"line", "place", "sku", "lot", "status"}
    path = f"counts/{count['number']}/entries"
    assert changed(scanner, path, {"lines": [{"line": 999_999, "units": 20}]}, 422)["code"] == (
        "warehouse.count_incomplete"
    )
    twice = [{"line": line["line"], "units": units} for units in (20, 19)]
    assert changed(scanner, path, {"lines": twice}, 422)["code"] == "warehouse.count_incomplete"
    assert not CountEntry.objects.exists()
    done = changed(scanner, path, {"lines": [{"line": line["line"], "units": 20}]})
    assert (done["state"], done["lines"]) == ("done", [])
    other = once(scanner, "counts", {"warehouse": "NGB01", "subject": Lot.objects.get().number})
    assert changed(scanner, f"counts/{other['number']}/call-off", None)["state"] == "called_off"
    assert StockCount.objects.count() == 2


def test_a_pallet_is_made_and_moved(scanner: Robot, anna: Company) -> None:
    goods = {"lot": Lot.objects.get().number, "place": "GATE", "units": 12}

    refused = {"warehouse": "NGB01", "place": "GATE", "goods": [goods | {"units": 21}]}
    assert once(scanner, "pallets", refused, 409)["code"] == "warehouse.too_few_there"
    assert not Pallet.objects.exists()
    pallet = once(scanner, "pallets", {"warehouse": "NGB01", "place": "GATE", "goods": [goods]})
    (lies,) = pallet["goods"]
    assert (lies["sku"], lies["owner"], lies["units"]) == ("TEA", anna.code, 12)
    path = f"pallets/{pallet['sscc']}/move"
    assert changed(scanner, path, {"place": "A-9"}, 422)["code"] == "warehouse.place_unknown"
    moved = changed(scanner, path, {"place": "A-2"})
    assert (moved["place"], moved["zone"], moved["units"]) == ("A-2", "storage", 12)


def test_another_warehouses_work_is_not_there(scanner: Robot, anna: Company, tea: Product) -> None:
    released(anna, tea, [2])
    wave = once(scanner, "waves", {"warehouse": "NGB01"})
    stranger = MembershipFactory.create(
        company=BondedWarehouseFactory.create().operator, role=Role.WAREHOUSE
    )
    other = Robot(token_for(stranger.company, "warehouse", stranger.user))

    assert other.get(f"waves/{wave['number']}").status_code == 404
    assert once(other, "waves", {"warehouse": "NGB01"}, 404)
    assert other.get("packing").json() == {"orders": []}
    assert PickWave.objects.count() == 1
