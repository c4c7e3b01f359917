"""Lists page by key: every row once, in order, whatever ties, gaps and newcomers there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import Product
from core import listing as lists
from core.errors import InputError
from core.filters import BadFilter, BadNumber, BadRange
from core.listing import BadCursor, BadLimit, BadSort, Listing, parse, take
from core.walls import platform_wide
from procurement.models import PurchaseOrder
from tests.core.products import PRODUCTS, asked, walked
from tests.factories.catalog import ProductFactory, gtin
from tests.factories.procurement import PurchaseOrderFactory

pytestmark = pytest.mark.django_db


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(st.tuples(st.none() | st.integers(1, 3), st.sampled_from("ab")), max_size=12),
    limit=st.integers(1, 5),
    order=st.sampled_from(["life", "-life", "category", "-category", "newest", "-newest", "-sku"]),
)
def test_every_row_is_seen_once_in_order_both_ways(
    rows: list[tuple[int | None, str]], limit: int, order: str
) -> None:
    Product.objects.all().delete()
    Product.objects.bulk_create(
        ProductFactory.build(sku=f"S-{n}", gtin=gtin(n), shelf_life_days=life, category=category)
        for n, (life, category) in enumerate(rows)
    )
    down = order.startswith("-")

    def place(one: Product) -> tuple[object, ...]:
        key = one.pk
        told = {
            "life": one.shelf_life_days,
            "category": one.category,
            "newest": key,
            "sku": one.sku,
        }[order.removeprefix("-")]
        return (told, key)

    everything = list(Product.objects.all())
    full = sorted((one for one in everything if place(one)[0] is not None), key=place, reverse=down)
    empty = sorted(
        (one for one in everything if place(one)[0] is None), key=lambda one: one.pk, reverse=down
    )
    expected = [one.pk for one in [*full, *empty]]

    forward = walked(f"sort={order}&limit={limit}")
    backward = walked(f"sort={order}&limit={limit}", back=True)

    assert [one.pk for one in forward] == expected
    # Going back ends with a page that may be short; nothing is seen twice.
    assert [one.pk for one in backward] == expected


def test_rows_that_come_in_between_move_no_page(a_product: Callable[..., Product]) -> None:
    for n in range(4):
        a_product(sku=f"M-{n}0")
    first = asked("limit=2")

    a_product(sku="M-05")
    second = asked(f"limit=2&after={first.next}")

    assert [one.sku for one in first.rows] == ["M-00", "M-10"]
    assert [one.sku for one in second.rows] == ["M-20", "M-30"]
    assert second.next is None


def test_a_page_knows_what_lies_beside_it(a_product: Callable[..., Product]) -> None:
    for n in range(3):
        a_product(sku=f"M-{n}")

    first = asked("limit=2")
    last = asked(f"limit=2&after={first.next}")
    again = asked(f"limit=2&before={last.previous}")

    assert (first.previous, last.next) == (None, None)
    assert [one.sku for one in again.rows] == ["M-0", "M-1"]
    assert (again.previous, again.next) == (None, first.next)


def test_the_rest_of_a_list_without_values_is_walked_too(
    a_product: Callable[..., Product],
) -> None:
    a_product(sku="KEEPS", shelf_life_days=None)
    a_product(sku="SOON", shelf_life_days=30)
    a_product(sku="LATER", shelf_life_days=90)

    assert [one.sku for one in walked("sort=life&limit=1")] == ["SOON", "LATER", "KEEPS"]
    assert [one.sku for one in walked("sort=-life&limit=1")] == ["LATER", "SOON", "KEEPS"]


@pytest.mark.parametrize(
    ("query", "kind", "parameter"),
    [
        ("sort=net_weight_g", BadSort, "sort"),
        ("sort=--sku", BadSort, "sort"),
        ("sort=sku;drop", BadSort, "sort"),
        ("limit=0", BadLimit, "limit"),
        ("limit=201", BadLimit, "limit"),
        ("limit=-1", BadLimit, "limit"),
        ("limit=ten", BadLimit, "limit"),
        ("limit=١٢", BadLimit, "limit"),
        ("limit=" + "9" * 5000, BadLimit, "limit"),
        ("after=nonsense", BadCursor, "after"),
        ("before=" + "x" * 10_000, BadCursor, "before"),
        ("after=%00", BadCursor, "after"),
        ("storage=warm", BadFilter, "storage"),
        ("origin=DEU,XXX", BadFilter, "origin"),
        ("life_min=many", BadNumber, "life_min"),
        ("life_max=1e9", BadNumber, "life_max"),
        ("life_max=" + "1" * 400, BadNumber, "life_max"),
        ("life_min=3&life_max=2", BadRange, "life_min"),
        ("expires=perhaps", BadFilter, "expires"),
        ("sku=" + "x" * 81, BadFilter, "sku"),
    ],
)
def test_what_cannot_be_understood_is_told_with_its_parameter(
    query: str, kind: type[InputError], parameter: str
) -> None:
    with pytest.raises(kind) as told:
        take(PRODUCTS, Product.objects.all(), parse(PRODUCTS, QueryDict(query)))

    assert told.value.facts["parameter"] == parameter
    assert told.value.status == 422


def test_a_cursor_is_good_for_its_own_list_and_order_only(
    a_product: Callable[..., Product],
) -> None:
    a_product(sku="A")
    a_product(sku="B")
    page = asked("limit=1")
    other = Listing(name="others", sorts={"sku": "sku"}, default="sku")

    with pytest.raises(BadCursor):
        parse(other, {"after": page.next})
    with pytest.raises(BadCursor):
        parse(PRODUCTS, {"after": page.next, "sort": "-sku"})
    with pytest.raises(BadCursor):
        parse(PRODUCTS, {"after": page.next, "before": page.next})


@pytest.mark.parametrize(
    "told", [["sku", 1], "sku", ["sku", "A", "no key"], ["life", "many", "1"], [[], {}, None]]
)
def test_a_sealed_cursor_that_fits_no_row_is_refused_in_words(told: object) -> None:
    sealed = signing.dumps(told, salt="core.listing.products")
    order = "life" if told == ["life", "many", "1"] else "sku"

    with pytest.raises(BadCursor):
        take(
            PRODUCTS,
            Product.objects.all(),
            parse(PRODUCTS, {"after": sealed, "sort": order}),
        )


def test_a_walk_for_an_export_sees_every_row_once(a_product: Callable[..., Product]) -> None:
    for n in range(7):
        a_product(sku=f"M-{n}", shelf_life_days=None if n % 2 else n)
    query = parse(PRODUCTS, {"sort": "-life"})

    pages = list(lists.walk(PRODUCTS, Product.objects.all(), query, step=3))

    assert [len(page) for page in pages] == [3, 3, 1]
    assert [one.sku for page in pages for one in page] == [
        *("M-6", "M-4", "M-2", "M-0"),
        *("M-5", "M-3", "M-1"),
    ]


def test_a_row_that_moves_while_an_export_is_written_is_in_it_once(
    a_product: Callable[..., Product],
) -> None:
    made = [a_product(sku=f"M-{n}") for n in range(6)]
    pages = lists.walk(
        PRODUCTS, Product.objects.all(), parse(PRODUCTS, {"sort": "sku", "q": "m-"}), step=2
    )

    first = next(pages)
    # One that is written already moves behind, one that is to come moves before, one no longer
    # matches, and one comes in that did not.
    for product, sku in ((made[0], "M-9"), (made[5], "M-00"), (made[3], "OTHER")):
        Product.objects.filter(pk=product.pk).update(sku=sku)
    a_product(sku="M-7")
    rest = [one for page in pages for one in page]

    assert [one.pk for one in (*first, *rest)] == [one.pk for one in made]


def test_a_sort_across_tables_uses_no_query_per_row(django_assert_num_queries: object) -> None:
    listing = Listing(
        name="orders", sorts={"quarter": "round__quarter"}, default="-quarter", limit=1
    )
    with platform_wide():
        PurchaseOrderFactory.create()
        orders = PurchaseOrder.objects.all()

        # The keys, and what belongs to their rows.
        with django_assert_num_queries(2):  # type: ignore[operator]
            assert len(take(listing, orders, parse(listing, {})).rows) == 1


@pytest.mark.parametrize("query", ["", "&q=m-"])
@pytest.mark.parametrize("is_gone", [True, False])
@pytest.mark.parametrize("way", ["forth", "back"])
def test_a_row_that_goes_while_its_page_is_read_ends_no_list(
    a_product: Callable[..., Product],
    monkeypatch: pytest.MonkeyPatch,
    query: str,
    is_gone: bool,
    way: str,
) -> None:
    monkeypatch.setattr(lists, "MOST_FOUND", 2)
    made = [a_product(sku=f"M-{n}") for n in range(5)]
    beside = f"&before={_place_of(made[4])}" if way == "back" else ""
    leaving = Product.objects.filter(pk=made[2 if way == "back" else 1].pk)

    def meanwhile(execute: Any, sql: str, *told: Any) -> Any:
        """Between the keys of a page and its rows."""
        if '"id" IN (' in sql and not between:
            between.append(sql)
            leaving.delete() if is_gone else leaving.update(sku="A-0" if beside else "Z-0")
        return execute(sql, *told)

    between: list[str] = []
    with connection.execute_wrapper(meanwhile):
        page = asked(f"limit=2{query}{beside}")

    assert len(between) == 1
    assert len(page.rows) == (1 if is_gone else 2)
    cursor = page.previous if beside else page.next
    assert cursor is not None
    rest = asked(f"limit=2{query}&{'before' if beside else 'after'}={cursor}")
    assert [one.sku for one in rest.rows] == (["M-0", "M-1"] if beside else ["M-2", "M-3"])


def _place_of(product: Product) -> str:
    """The cursor of a row in the order of the list."""
    return signing.dumps(["sku", product.sku, str(product.pk)], salt=lists.salt_of(PRODUCTS))
