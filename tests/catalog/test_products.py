"""The shared catalogue: numbers, weights, and what may be pooled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Role
from catalog import rules, services
from catalog.models import Product
from catalog.rules import NewProduct, ProductsRefused, SpoilsTooSoon, WrongGtin
from core.sheets import SheetRefused
from tests.factories.accounts import MembershipFactory, PlatformCompanyFactory
from tests.factories.catalog import ProductFactory

TEA = NewProduct(
    sku="TEA",
    name_zh="示例红茶",
    name_en="Example black tea",
    hs_code="0902302090",
    origin="LKA",
    net_weight_g=250,
    gross_weight_g=300,
    shelf_life_days=900,
    row=2,
)
HEAD = "sku,name_zh,name_en,hs_code,origin,net_weight_g,gross_weight_g,shelf_life_days,storage\n"


@pytest.mark.parametrize("gtin", ["4006381333931", "96385074", "012345678905", "00012345600012"])
def test_gtins_of_each_length_are_known(gtin: str) -> None:
    assert rules.check_gtin(gtin) == gtin


@pytest.mark.parametrize("gtin", ["4006381333932", "123", "", "400638133393X", "40063813339310000"])
def test_a_wrong_gtin_is_refused(gtin: str) -> None:
    with pytest.raises(WrongGtin):
        rules.check_gtin(gtin)


@given(st.integers(0, rules.LARGEST_DEMO_NUMBER))
def test_a_demo_number_is_a_gtin_under_prefix_952(n: int) -> None:
    gtin = rules.demo_gtin(n)

    assert gtin.startswith("952")
    assert rules.check_gtin(gtin) == gtin


def test_the_first_demo_number() -> None:
    assert rules.demo_gtin(1) == "9520000000011"
    with pytest.raises(WrongGtin):
        rules.demo_gtin(10**9)


@pytest.mark.parametrize(
    ("storage", "days", "poolable"),
    [
        ("ambient", None, True),
        ("ambient", 180, True),
        ("ambient", 179, False),
        ("chilled", 720, False),
        ("frozen", None, False),
        ("fresh", 720, False),
    ],
)
def test_only_what_keeps_is_pooled(storage: str, days: int | None, poolable: bool) -> None:
    assert rules.is_poolable(storage=storage, shelf_life_days=days) is poolable
    if not poolable:
        with pytest.raises(SpoilsTooSoon):
            rules.check_poolable(sku="X", storage=storage, shelf_life_days=days)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sku": ""}, "sku"),
        ({"name_zh": ""}, "name_zh"),
        ({"gtin": "123"}, "gtin"),
        ({"hs_code": "0902"}, "hs_code"),
        ({"origin": "LK"}, "origin"),
        ({"net_weight_g": 0}, "net_weight_g"),
        ({"net_weight_g": 301}, "gross_weight_g"),
        ({"pack_quantity": 0}, "pack_quantity"),
        ({"shelf_life_days": 0}, "shelf_life_days"),
        ({"storage": "outside"}, "storage"),
    ],
)
def test_a_wrong_product_is_told_and_none_is_stored(
    db: None, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(ProductsRefused) as refused:
        services.add_products(products=[replace(TEA, sku="OTHER"), replace(TEA, **change)])

    rows = refused.value.facts["rows"]
    assert isinstance(rows, list)
    assert [(error.row, error.field) for error in rows] == [(2, field)]
    assert not Product.objects.exists()


def test_products_without_a_number_get_the_next_demo_numbers(db: None) -> None:
    coal, tea = services.add_products(products=[replace(TEA, sku="COAL"), TEA])

    assert (coal.gtin, tea.gtin) == (rules.demo_gtin(1), rules.demo_gtin(2))

    again, milk = services.add_products(
        products=[replace(TEA, name_en="Better tea"), replace(TEA, sku="MILK")]
    )

    assert (again.pk, again.gtin, again.name_en) == (tea.pk, tea.gtin, "Better tea")
    assert milk.gtin == rules.demo_gtin(3)
    assert Product.objects.count() == 3


def test_a_number_belongs_to_one_product(db: None) -> None:
    ProductFactory.create(sku="MILK", gtin="4006381333931")

    with pytest.raises(ProductsRefused):
        services.add_products(products=[replace(TEA, gtin="4006381333931")])
    with pytest.raises(ProductsRefused):
        services.add_products(products=[TEA, TEA])

    assert Product.objects.count() == 1


def test_a_file_of_products_is_stored_whole(db: None) -> None:
    rows = "TEA,红茶,Tea,0902302090,lka,250,300,,\n"
    rows += "MILK,奶粉,Milk,1901101010,DEU,900,1100,720,ambient\n"
    content = HEAD + rows

    stored = services.import_products(name="p.csv", content=content.encode("gb18030"))

    assert [(p.sku, p.origin, p.shelf_life_days, p.storage) for p in stored] == [
        ("TEA", "LKA", None, "ambient"),
        ("MILK", "DEU", 720, "ambient"),
    ]


def test_a_file_says_of_which_products_serial_numbers_are_kept(db: None) -> None:
    head = HEAD.replace("storage\n", "storage,keeps_serials\n")
    rows = "TEA,红茶,Tea,0902302090,LKA,250,300,,,\nPHONE,电话,Phone,8517130000,CHN,200,300,,,Yes\n"

    stored = services.import_products(name="p.csv", content=(head + rows).encode())

    assert [(p.sku, p.keeps_serials) for p in stored] == [("TEA", False), ("PHONE", True)]
    with pytest.raises(ProductsRefused) as refused:
        services.import_products(name="p.csv", content=(head + rows).replace("Yes", "1").encode())
    rows_told = refused.value.facts["rows"]
    assert isinstance(rows_told, list)
    assert [(one.row, one.field) for one in rows_told] == [(3, "keeps_serials")]
    assert Product.objects.get(sku="PHONE").keeps_serials
    # A file that says nothing of it leaves it as it is; one that says no ends it.
    shorter = HEAD + rows.replace(",,,\n", ",,\n").replace(",Yes", "")
    services.import_products(name="p.csv", content=shorter.encode())
    assert Product.objects.get(sku="PHONE").keeps_serials
    services.import_products(name="p.csv", content=(head + rows).replace("Yes", "no").encode())
    assert not Product.objects.get(sku="PHONE").keeps_serials


@pytest.mark.parametrize(
    "row",
    [
        "TEA,红茶,Tea,0902302090,LKA,2.5,300,,",
        "TEA,红茶,Tea,0902302090,LKA,-1,300,,",
        "TEA,红茶,Tea,0902302090,LKA,250,=300,,",
        "TEA,红茶,Tea,0902302090,LKA,400,300,,",
        "MILK,红茶,Tea,0902302090,LKA,250,300,,",
    ],
)
def test_a_file_with_a_wrong_row_stores_nothing(db: None, row: str) -> None:
    good = "MILK,奶粉,Milk,1901101010,DEU,900,1100,720,ambient"

    with pytest.raises(ProductsRefused) as refused:
        services.import_products(name="p.csv", content=f"{HEAD}{good}\n{row}\n".encode())

    rows = refused.value.facts["rows"]
    assert isinstance(rows, list)
    assert {error.row for error in rows} == {3}
    assert not Product.objects.exists()


def test_a_file_that_is_no_table_stores_nothing(db: None) -> None:
    with pytest.raises(SheetRefused):
        services.import_products(name="p.csv", content=b"sku\nTEA\n")

    assert not Product.objects.exists()


# -- pages --------------------------------------------------------------------------------


@pytest.fixture
def operator(client: Client, db: None) -> Client:
    person = MembershipFactory.create(company=PlatformCompanyFactory.create(), role=Role.OPERATOR)
    client.force_login(person.user)
    return client


def test_products_are_found_by_their_words(operator: Client) -> None:
    assert operator.get("/products/").status_code == 200
    milk = ProductFactory.create(sku="MILK", name_en="Infant formula")
    ProductFactory.create(sku="SOAP", name_en="Hand soap")

    page = operator.get("/products/?q=formula").content.decode()

    assert "MILK" in page
    assert "SOAP" not in page
    assert milk.gtin in operator.get(f"/products/{milk.pk}/").content.decode()


def test_a_product_that_spoils_says_why_it_is_not_pooled(operator: Client) -> None:
    fish = ProductFactory.create(sku="FISH", storage="frozen")

    page = operator.get(f"/products/{fish.pk}/", headers={"accept-language": "en"})

    assert "are pooled" in page.content.decode()


def test_an_operator_imports_a_file_and_sees_every_error(operator: Client) -> None:
    def send(content: str) -> Any:
        return operator.post(
            "/products/import/",
            {"file": SimpleUploadedFile("p.csv", content.encode())},
            headers={"accept-language": "en"},
        )

    wrong = send(f"{HEAD}TEA,红茶,Tea,0902,LKA,250,300,,\n")
    assert wrong.status_code == 422
    assert "An HS code of the Chinese tariff has ten digits." in wrong.content.decode()
    refused = send("sku\nTEA\n")
    assert refused.status_code == 422
    assert not Product.objects.exists()

    assert send(f"{HEAD}TEA,红茶,Tea,0902302090,LKA,250,300,,\n").status_code == 302
    assert Product.objects.get().sku == "TEA"
    assert operator.get("/products/template.csv").content.startswith(b"\xef\xbb\xbfsku,")


def test_a_seller_imports_nothing(client: Client, db: None) -> None:
    client.force_login(MembershipFactory.create().user)

    assert client.get("/products/").status_code == 200
    assert client.get("/products/import/").status_code == 404
