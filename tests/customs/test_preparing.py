"""What is filled in before goods are declared, and what is still to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.http import Http404

from accounts.models import User
from catalog.models import Product
from core.errors import DomainError
from core.walls import platform_wide
from customs import queries
from customs.models import ProductElements
from customs.queries.checking import findings_of
from customs.rules import elements as rules
from customs.rules import goods
from customs.rules.declared import ElementsIncomplete
from customs.services import draft_declaration, drop_draft, keep_elements, queue_document
from tests.factories.accounts import ImporterFactory, UserFactory
from tests.factories.customs import DECLARES, TariffRateFactory, a_shipment, a_warehouse
from tests.factories.procurement import PurchaseOrderLineFactory
from tests.walls.rows import all_rows

NAMES = ["品牌类型", "出口享惠情况", "规格"]
VALUES = {"品牌类型": "境外品牌", "出口享惠情况": "不适用", "规格": "900克/罐"}
TODAY = DECLARES.date()


@pytest.fixture
def clerk(db: None) -> Iterator[User]:
    with platform_wide():
        yield UserFactory.create()


def asking(*, names: list[str] = NAMES, **figures: Any) -> None:
    """The code of the factory's tins asks for three elements."""
    TariffRateFactory.create(elements=names, **figures)


def test_values_stand_in_the_order_of_the_catalogue() -> None:
    told = dict(reversed(VALUES.items()))

    assert rules.values_of(NAMES, told) == ["境外品牌", "不适用", "900克/罐"]


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"品牌类型": "境外品牌"}, rules.ElementsMissing),
        (VALUES | {"规格": " "}, rules.ElementsMissing),
        (VALUES | {"规格": "900|克"}, rules.ElementWrong),
        (VALUES | {"规格": "长" * 256}, rules.ElementWrong),
        (dict.fromkeys(NAMES, "长" * 200), rules.ElementWrong),
        (VALUES | {"材质": "铁"}, rules.ElementUnknown),
    ],
)
def test_what_the_catalogue_does_not_take_is_refused(
    told: dict[str, str], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        rules.values_of(NAMES, told)


@pytest.mark.parametrize(
    ("names", "specification", "whole"),
    [
        (NAMES, "境外品牌|不适用|900克/罐", True),
        (NAMES, "境外品牌||900克/罐", False),
        (NAMES, "900克/罐", False),
        ([], "900克/罐", True),
    ],
)
def test_a_specification_has_all_elements_or_not(
    names: list[str], specification: str, whole: bool
) -> None:
    assert rules.has_all(names, specification) is whole


def test_goods_wait_for_their_elements_and_are_declared_with_them(clerk: User) -> None:
    asking()
    shipment = a_shipment()
    told: dict[str, Any] = {
        "shipment": shipment,
        "importer": shipment.order.buyer,
        "warehouse": a_warehouse(),
    }
    with pytest.raises(goods.DataMissing) as refused:
        draft_declaration(**told, now=DECLARES)
    assert list(refused.value.facts.values()) == ["elements"]
    product = Product.objects.get()

    keep_elements(product=product, values=VALUES, made_by=clerk, now=DECLARES)

    drafted = draft_declaration(**told, now=DECLARES)
    assert drafted.goods.get().specification == "境外品牌|不适用|900克/罐"
    queue_document(declaration=drafted, now=DECLARES)


def test_values_of_other_elements_never_pass_for_those_that_are_asked(clerk: User) -> None:
    asking()
    shipment = a_shipment()
    told: dict[str, Any] = {
        "shipment": shipment,
        "importer": shipment.order.buyer,
        "warehouse": a_warehouse(),
    }
    product = Product.objects.get()
    keep_elements(product=product, values=VALUES, made_by=clerk, now=DECLARES)
    earlier = draft_declaration(**told, now=DECLARES)
    assert findings_of(earlier, day=TODAY) == []

    # The same three elements in another order: as many values, each of another element.
    asking(names=[NAMES[0], NAMES[2], NAMES[1]], valid_from=TODAY)

    assert [one.fields for one in queries.to_do(shipment.order.buyer, day=TODAY)] == [("elements",)]
    (found,) = findings_of(earlier, day=TODAY)
    assert (found.field, type(found.error)) == ("specification", ElementsIncomplete)
    assert found.error.facts == {
        "value": "品牌类型|出口享惠情况|规格",
        "wanted": "品牌类型|规格|出口享惠情况",
    }
    drop_draft(declaration=earlier, reason="x", now=DECLARES)
    before = all_rows()
    with pytest.raises(goods.DataMissing) as refused:
        draft_declaration(**told, now=DECLARES)
    assert list(refused.value.facts.values()) == ["elements"]
    assert all_rows() == before

    keep_elements(product=product, values=VALUES, made_by=clerk, now=DECLARES)
    assert draft_declaration(**told, now=DECLARES).goods.get().specification == (
        "境外品牌|900克/罐|不适用"
    )


def test_the_newest_elements_of_the_code_count(clerk: User) -> None:
    asking()
    a_shipment()
    product = Product.objects.get()
    keep_elements(product=product, values=VALUES, made_by=clerk, now=DECLARES)
    keep_elements(
        product=product, values=VALUES | {"规格": "800克/罐"}, made_by=clerk, now=DECLARES
    )
    assert queries.elements_of([product])[product.pk].values[2] == "800克/罐"

    product.hs_code = "3304990099"
    assert queries.elements_of([product]) == {}


def test_contents_make_litres(clerk: User) -> None:
    TariffRateFactory.create(legal_unit_2="095")
    shipment = a_shipment()
    product = Product.objects.get()
    keep_elements(product=product, values={}, content_ml=750, made_by=clerk, now=DECLARES)

    drafted = draft_declaration(
        shipment=shipment, importer=shipment.order.buyer, warehouse=a_warehouse(), now=DECLARES
    )

    line = drafted.goods.get()
    assert (str(line.second_quantity), line.second_unit) == ("45.00000", "095")


def test_refused_elements_write_nothing(clerk: User) -> None:
    asking()
    a_shipment()
    product = Product.objects.get()
    unknown = Product(pk=product.pk, sku=product.sku, hs_code="0000000000")
    before = all_rows()

    for one, values, content, refusal in (
        (product, {}, None, rules.ElementsMissing),
        (product, VALUES, 0, rules.ContentWrong),
        (unknown, VALUES, None, rules.NoTariffRow),
    ):
        with pytest.raises(refusal):
            keep_elements(
                product=one, values=values, content_ml=content, made_by=clerk, now=DECLARES
            )

    assert all_rows() == before
    assert not ProductElements.objects.exists()


def test_the_to_do_list_names_what_is_under_way_with_its_day(clerk: User, settings: Any) -> None:
    asking()
    shipment = a_shipment(arrives=date(2026, 7, 20))
    Product.objects.update(net_weight_g=0)

    (row,) = queries.to_do(shipment.order.buyer, day=TODAY)

    assert row.product == Product.objects.get()
    assert row.fields == ("net_weight", "elements")
    assert (row.shipments, row.due_on) == ((shipment.number,), date(2026, 8, 3))
    assert queries.to_do(ImporterFactory.create(), day=TODAY) == []
    assert len(queries.to_do(None, day=TODAY)) == 1
    settings.BONDPOOL_CUSTOMS_DAYS = 10
    assert queries.to_do(None, day=TODAY)[0].due_on == date(2026, 7, 30)


def test_only_who_buys_the_goods_says_what_they_are(clerk: User) -> None:
    shipment = a_shipment()
    product = Product.objects.get()

    assert queries.product_of(product.sku, bought_by=shipment.order.buyer) == product
    assert queries.product_of(product.sku) == product
    with pytest.raises(Http404):
        queries.product_of(product.sku, bought_by=ImporterFactory.create())


def test_what_is_only_on_order_comes_behind(clerk: User) -> None:
    asking()
    shipment = a_shipment(arrives=date(2026, 7, 20))
    ordered = PurchaseOrderLineFactory.create(
        order__buyer=shipment.order.buyer, order__state="placed"
    )

    under_way, on_order = queries.to_do(shipment.order.buyer, day=TODAY)

    assert under_way.due_on == date(2026, 8, 3)
    assert (on_order.product, on_order.shipments, on_order.due_on) == (ordered.product, (), None)


def test_goods_whose_declaration_left_are_done(clerk: User) -> None:
    asking()
    shipment = a_shipment()
    product = Product.objects.get()
    keep_elements(product=product, values=VALUES, made_by=clerk, now=DECLARES)
    drafted = draft_declaration(
        shipment=shipment, importer=shipment.order.buyer, warehouse=a_warehouse(), now=DECLARES
    )
    Product.objects.update(name_zh=" ")
    assert len(queries.to_do(None, day=TODAY)) == 1

    type(drafted).objects.update(state="lodged")

    assert queries.to_do(None, day=TODAY) == []
