"""An operator of the platform enters the bonded warehouses of their keepers."""

from __future__ import annotations

import re

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import Company, Role
from accounts.rules.seen import ChangedMeanwhile
from core.errors import DomainError
from tests.factories.accounts import (
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
    WarehouseOperatorFactory,
)
from tests.factories.warehouse import BondedWarehouseFactory
from tests.walls.rows import all_rows
from warehouse import services
from warehouse.models import BondedWarehouse
from warehouse.rules import houses

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts")]

SAID = {
    "code": "nb2",
    "name_zh": "北仑保税仓2号",
    "name_en": "Beilun bonded warehouse No. 2",
    "customs_district": "3104",
    "entry_port": "310 901",
    "ledger_number": "l3104b26a002",
}


@pytest.fixture
def keeper() -> Company:
    return WarehouseOperatorFactory.create(code="WH")


@pytest.fixture
def operator() -> Client:
    company = PlatformCompanyFactory.create()
    client = Client(headers={"accept-language": "en", "accept": "text/html"})
    client.force_login(MembershipFactory.create(company=company, role=Role.OPERATOR).user)
    return client


def test_a_warehouse_is_entered_and_changed_on_its_pages(keeper: Company, operator: Client) -> None:
    sent = operator.post("/companies/WH/warehouses/", SAID)

    assert sent.headers["Location"] == "/companies/WH/warehouses/"
    house = BondedWarehouse.objects.get()
    assert (house.operator, house.code, house.entry_port, house.ledger_number) == (
        keeper,
        "NB2",
        "310901",
        "L3104B26A002",
    )
    path = "/companies/WH/warehouses/NB2/"
    assert f'href="{path}"' in operator.get("/companies/WH/warehouses/").content.decode()
    found = re.search(r'name="seen" value="(\w+)"', operator.get(path).content.decode())
    assert found is not None
    told = {**SAID, "seen": found[1], "name_en": "Another"}
    assert operator.post(path, told).status_code == 302
    assert operator.post(path, {**told, "name_en": "Late"}).status_code == 409
    house.refresh_from_db()
    assert (house.code, house.name_en) == ("NB2", "Another")
    assert "→ Another" in operator.get(path).content.decode().partition('id="history"')[2]


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"code": "A B"}, houses.WrongHouseCode),
        ({"code": ""}, houses.WrongHouseCode),
        ({"name_zh": " "}, houses.HouseWithoutName),
        ({"name_en": "x" * 10_000}, houses.HouseWithoutName),
        ({"customs_district": "31"}, houses.WrongDistrict),
        ({"customs_district": "三一〇四"}, houses.WrongDistrict),
        ({"entry_port": "31090A"}, houses.WrongEntryPort),
        ({"ledger_number": "L3104B26A00"}, houses.WrongLedger),
        ({"gs1_prefix": "69012"}, houses.WrongGs1Prefix),
        ({"gs1_prefix": "6901234A"}, houses.WrongGs1Prefix),
    ],
)
def test_what_customs_would_not_take_is_refused_at_its_field(
    keeper: Company, operator: Client, wrong: dict[str, str], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal) as told:
        services.enter_house(keeper=keeper, said=SAID | wrong)

    (field,) = wrong
    assert told.value.facts["field"] == field
    answer = operator.post("/companies/WH/warehouses/", SAID | wrong)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not BondedWarehouse.objects.exists()


def test_codes_are_unique_and_only_a_keeper_has_warehouses(keeper: Company) -> None:
    standing = BondedWarehouseFactory.create(code="NB2")
    before = standing.name_en

    with pytest.raises(houses.HouseCodeTaken):
        services.enter_house(keeper=keeper, said=SAID)
    with pytest.raises(houses.NoWarehouseOperator):
        services.enter_house(keeper=SellerFactory.create(), said=SAID | {"code": "NB3"})
    with pytest.raises(ChangedMeanwhile):
        services.change_house(house=standing, said=SAID, seen="another")

    standing.refresh_from_db()
    assert standing.name_en == before
    assert BondedWarehouse.objects.count() == 1


@pytest.mark.parametrize("prefix", ["6901234", "690123", "69012345", "95200001"])
def test_a_gs1_prefix_is_of_one_company(keeper: Company, prefix: str) -> None:
    own = services.enter_house(keeper=keeper, said=SAID | {"gs1_prefix": " 690 1234 "})
    services.enter_house(keeper=keeper, said=SAID | {"code": "NB3", "gs1_prefix": "6901234"})
    another = WarehouseOperatorFactory.create(code="WH2")

    with pytest.raises(houses.Gs1PrefixTaken) as told:
        services.enter_house(keeper=another, said=SAID | {"code": "X1", "gs1_prefix": prefix})

    assert told.value.facts["field"] == "gs1_prefix"
    assert own.gs1_prefix == "6901234"
    assert BondedWarehouse.objects.count() == 2


@pytest.mark.parametrize("prefix", ["690123", "69012345"])
def test_prefixes_of_one_company_are_the_same_or_none_begins_with_another(
    keeper: Company, prefix: str
) -> None:
    standing = SAID | {"gs1_prefix": "6901234"}
    first = services.enter_house(keeper=keeper, said=standing)
    other = services.enter_house(
        keeper=keeper, said=SAID | {"code": "NB3", "gs1_prefix": "6971234"}
    )
    before = all_rows()

    with pytest.raises(houses.Gs1PrefixNested) as told, transaction.atomic():
        services.enter_house(keeper=keeper, said=SAID | {"code": "X1", "gs1_prefix": prefix})
    with pytest.raises(houses.Gs1PrefixNested), transaction.atomic():
        services.change_house(house=other, said=SAID | {"gs1_prefix": prefix})

    assert told.value.facts == {"field": "gs1_prefix", "given": prefix, "standing": "6901234"}
    assert all_rows() == before
    # Its own former one is in nobody's way.
    assert (
        services.change_house(house=first, said=SAID | {"gs1_prefix": prefix}).gs1_prefix == prefix
    )
    assert (
        services.change_house(house=other, said=SAID | {"gs1_prefix": prefix}).gs1_prefix == prefix
    )
