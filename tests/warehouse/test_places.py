"""A warehouse's people make its places, say what they bear, and close what is empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Role
from accounts.rules.seen import ChangedMeanwhile
from core.errors import DomainError
from core.walls import platform_wide
from tests.factories.accounts import MembershipFactory, SellerFactory
from tests.factories.warehouse import SELLS, BondedWarehouseFactory, received_stock
from warehouse import services
from warehouse.models import BondedWarehouse, Holding, Location, Lot, StockPosting
from warehouse.rules import places as rules
from warehouse.rules import posting
from warehouse.rules.posting import Kind, Posting, Status
from warehouse.services.posting import post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts")]


@pytest.fixture
def house() -> Iterator[BondedWarehouse]:
    with platform_wide():
        made: BondedWarehouse = BondedWarehouseFactory.create()
        yield made


@pytest.fixture
def keeper(house: BondedWarehouse) -> Client:
    member = MembershipFactory.create(company=house.operator, role=Role.WAREHOUSE)
    client = Client(headers={"accept-language": "en", "accept": "text/html"})
    client.force_login(member.user)
    return client


def codes() -> list[str]:
    return list(Location.objects.order_by("code").values_list("code", flat=True))


def test_a_range_is_made_on_its_page_and_refused_whole(
    house: BondedWarehouse, keeper: Client
) -> None:
    told = {"warehouse": house.pk, "first": "a-01", "last": "a-03", "zone": "storage"}
    path = "/warehouse/places/new/"

    sent = keeper.post(path, told | {"volume_m3": "1.5", "load_kg": "800"})

    assert sent.headers["Location"] == "/warehouse/places/"
    assert codes() == ["A-01", "A-02", "A-03"]
    shelf = Location.objects.get(code="A-02")
    bears = (shelf.zone, shelf.volume_m3, shelf.load_kg)
    assert bears == ("storage", Decimal("1.5"), Decimal(800))
    again = keeper.post(path, told | {"first": "A-03", "last": "A-05"})
    assert again.status_code == 422
    assert "has a place of this name already" in again.content.decode()
    assert codes() == ["A-01", "A-02", "A-03"]


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"first": "A 1"}, rules.WrongPlaceCode),
        ({"last": "B-9-9"}, rules.NotARange),
        ({"last": "A-99999"}, rules.NotARange),
        ({"zone": "cellar"}, rules.WrongZone),
        ({"volume_m3": Decimal(0)}, rules.WrongCapacity),
        ({"load_kg": Decimal("1.0001")}, rules.WrongCapacity),
        ({"first": "gate", "last": ""}, rules.PlaceCodeTaken),
    ],
)
def test_a_place_that_is_wrong_is_not_made(
    house: BondedWarehouse, wrong: dict[str, object], refusal: type[DomainError]
) -> None:
    told = {"first": "A-1", "last": "A-2", "zone": "storage"}

    with pytest.raises(refusal):
        services.make_places(house=house, **(told | wrong))  # type: ignore[arg-type]

    assert codes() == []


def test_a_file_is_taken_whole_or_each_wrong_cell_named(
    house: BondedWarehouse, keeper: Client
) -> None:
    def send(text: str) -> str:
        file = SimpleUploadedFile("places.csv", text.encode())
        told = {"file": file, "warehouse": house.pk}
        return keeper.post("/warehouse/places/upload/", told, follow=True).content.decode()

    body = send("code,zone,load_kg\nA-1,storage,1\nA-2,cellar,x\nA-1,picking,=1+1\n")
    assert re.findall(r'<td class="text-end">(\d+)</td><td><code>(\w+)</code>', body) == [
        *(("3", "load_kg"), ("3", "zone")),
        *(("4", "code"), ("4", "load_kg")),
    ]
    assert codes() == []

    assert "2 places are made" in send("code,zone\nA-1,storage\nQ-1,quarantine\n")
    assert codes() == ["A-1", "Q-1"]


def test_what_a_place_bears_is_changed_by_who_saw_it(
    house: BondedWarehouse, keeper: Client
) -> None:
    (shelf,) = services.make_places(house=house, first="A-1", last="", zone="storage")
    path = f"/warehouse/places/{shelf.pk}/"
    found = re.search(r'name="seen" value="(\w+)"', keeper.get(path).content.decode())
    assert found is not None

    told = {"volume_m3": "2", "load_kg": "", "seen": found[1]}
    assert keeper.post(path, told).status_code == 302
    late = keeper.post(path, told | {"volume_m3": "3"})

    assert late.status_code == ChangedMeanwhile.status
    shelf.refresh_from_db()
    assert shelf.volume_m3 == 2


def test_only_an_empty_place_is_closed_and_nothing_comes_there_any_more(
    house: BondedWarehouse, keeper: Client
) -> None:
    received_stock({SellerFactory.create(): 5})
    (shelf, other) = services.make_places(house=house, first="A-1", last="A-2", zone="storage")
    gate, lot = Location.objects.get(code="GATE"), Lot.objects.get()

    def move(units: int, origin: Location, destination: Location) -> None:
        legs = posting.moved(
            lot.pk,
            units,
            status=Status.AVAILABLE,
            origin=origin.pk,
            destination=destination.pk,
        )
        told = Posting(
            key=f"t:{StockPosting.objects.count()}",
            kind=Kind.MOVED,
            document="T",
            owner=Holding.objects.all()[0].owner_id,
            keeper=house.operator_id,
            moved_at=SELLS,
            legs=legs,
        )
        post(postings=[told], now=SELLS)

    move(5, gate, shelf)
    with pytest.raises(rules.PlaceNotEmpty) as refused:
        services.close_place(place=shelf, now=SELLS)
    assert refused.value.facts == {"place": "A-1", "units": 5}
    with pytest.raises(rules.GateStaysOpen):
        services.close_place(place=gate, now=SELLS)
    assert not Location.objects.exclude(closed_at=None).exists()

    assert keeper.post(f"/warehouse/places/{other.pk}/", {"close": "yes"}).status_code == 302
    other.refresh_from_db()
    assert other.closed_at is not None
    with pytest.raises(rules.PlaceClosed) as closed:
        move(1, shelf, other)
    assert closed.value.facts == {"place": "A-2"}
    assert not Holding.objects.filter(location=other).exists()
    with pytest.raises(rules.PlaceClosed):
        services.change_capacity(place=other, volume_m3=Decimal(1), load_kg=None)
