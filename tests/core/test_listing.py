"""Lists page by key: every row once, in order, whatever ties, gaps and newcomers there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import signing
from django.db.models import Count, Q
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import Product, Storage
from core import listing as lists
from core import listings
from core.errors import InputError
from core.filters import (
    BadDay,
    BadFilter,
    BadNumber,
    BadRange,
    Choice,
    Choices,
    Code,
    Days,
    Flag,
    Numbers,
)
from core.listing import (
    BadCursor,
    BadLimit,
    BadSort,
    Listing,
    Related,
    Search,
    Sort,
    Total,
    parse,
    take,
    totals,
)
from core.walls import platform_wide
from procurement.models import PoolRound, PurchaseOrder, Shipment
from tests.factories.catalog import ProductFactory, gtin
from tests.factories.procurement import PurchaseOrderFactory, ShipmentFactory

pytestmark = pytest.mark.django_db

PRODUCTS = Listing(
    name="products",
    sorts={
        "sku": "sku",
        "category": "category",
        "life": Sort("shelf_life_days", nullable=True),
        "newest": "pk",
    },
    default="sku",
    search=Search(
        prefix=("sku",),
        exact=("gtin",),
        related=(Related("pk", lambda words: Product.objects.filter(brand__icontains=words)),),
    ),
    filters=(
        Choice(name="storage", path="storage", choices=Storage.choices),
        Choices(name="origin", path="origin", choices=(("DEU", "Germany"), ("NZL", "New Zealand"))),
        Numbers(name="life", path="shelf_life_days"),
        Flag(name="expires", when=Q(shelf_life_days__isnull=False)),
        Code(name="sku", path="sku"),
    ),
    totals=(Total("packs", "pack_quantity"),),
)


@pytest.fixture
def a_product() -> Callable[..., Product]:
    return ProductFactory.create


def walked(query: str, *, back: bool = False) -> list[Product]:
    """All pages one after the other, from the start, or from the end to the start."""
    page = take(PRODUCTS, Product.objects.all(), parse(PRODUCTS, QueryDict(query)))
    if back:
        while page.next:
            page = asked(f"{query}&after={page.next}")
    rows = list(page.rows)
    while cursor := page.previous if back else page.next:
        page = asked(f"{query}&{'before' if back else 'after'}={cursor}")
        rows = [*page.rows, *rows] if back else [*rows, *page.rows]
    return rows


def asked(query: str) -> lists.Slice[Product]:
    return take(PRODUCTS, Product.objects.all(), parse(PRODUCTS, QueryDict(query)))


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


def test_a_list_is_narrowed_by_each_filter(a_product: Callable[..., Product]) -> None:
    a_product(sku="TIN", storage="ambient", origin="DEU", shelf_life_days=720)
    a_product(sku="WINE", storage="ambient", origin="NZL", shelf_life_days=None)
    a_product(sku="BUTTER", storage="chilled", origin="NZL", shelf_life_days=90)

    def found(query: str) -> list[str]:
        return [one.sku for one in asked(query).rows]

    assert found("storage=ambient") == ["TIN", "WINE"]
    assert found("origin=NZL") == ["BUTTER", "WINE"]
    assert found("origin=NZL,DEU") == found("origin=NZL&origin=DEU") == ["BUTTER", "TIN", "WINE"]
    assert found("life_min=90&life_max=100") == ["BUTTER"]
    assert found("expires=no") == ["WINE"]
    assert found("expires=true&origin=DEU") == ["TIN"]
    assert found("sku=WINE") == ["WINE"]
    assert found("utm_source=mail&storage=") == ["BUTTER", "TIN", "WINE"]


def test_words_are_found_at_the_beginning_of_numbers_and_inside_small_tables(
    a_product: Callable[..., Product],
) -> None:
    milk = a_product(sku="MILK-1", brand="Sternental")
    a_product(sku="OIL-1", brand="100%_pure")

    def found(words: str) -> list[str]:
        return [one.sku for one in take_words(words).rows]

    def take_words(words: str) -> lists.Slice[Product]:
        return take(PRODUCTS, Product.objects.all(), parse(PRODUCTS, {"q": words}))

    assert found("milk") == ["MILK-1"]
    assert found("ILK") == []
    assert found("  stern\x00 ") == ["MILK-1"]
    assert found(milk.gtin) == ["MILK-1"]
    assert found("%") == found("%_") == ["OIL-1"]
    assert found("\u202eKLIM") == []
    assert found("x" * 10_000) == []
    assert found("' OR 1=1 --") == []


def test_a_search_that_finds_very_many_is_still_sorted_and_paged(
    a_product: Callable[..., Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "_FEW", 2)
    for n in range(5):
        a_product(sku=f"M-{n}")

    assert [one.sku for one in walked("q=m-&sort=-sku&limit=2")] == [
        "M-4",
        "M-3",
        "M-2",
        "M-1",
        "M-0",
    ]


def test_a_search_that_finds_very_many_of_a_small_table_leaves_none_of_them_out(
    a_product: Callable[..., Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listings, "MOST_RELATED", 2)
    for n in range(5):
        a_product(sku=f"M-{n}", brand="Sternental", pack_quantity=10)
    a_product(sku="OIL", brand="Other")
    query = parse(PRODUCTS, {"q": "stern", "sort": "sku"})
    rows = Product.objects.all()

    everything = [f"M-{n}" for n in range(5)]
    assert [one.sku for one in walked("q=stern&limit=2")] == everything
    assert totals(PRODUCTS, rows, query) == lists.Sums(5, False, {"packs": {"": 50}})
    assert [one.sku for page in lists.walk(PRODUCTS, rows, query) for one in page] == everything


def test_totals_are_those_of_what_is_filtered(a_product: Callable[..., Product]) -> None:
    a_product(origin="DEU", pack_quantity=6)
    a_product(origin="DEU", pack_quantity=12)
    a_product(origin="NZL", pack_quantity=100)

    told = totals(PRODUCTS, Product.objects.all(), parse(PRODUCTS, {"origin": "DEU"}))

    assert told == lists.Sums(2, False, {"packs": {"": 18}})


def test_very_many_rows_are_not_counted_to_the_end(
    a_product: Callable[..., Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_COUNTED", 2)
    for _n in range(4):
        a_product()

    assert totals(PRODUCTS, Product.objects.all(), parse(PRODUCTS, {})) == lists.Sums(2, True, {})


def test_amounts_are_added_up_per_currency_even_beside_counted_figures() -> None:
    listing = Listing(
        name="lines",
        sorts={"newest": "pk"},
        default="newest",
        totals=(Total("freight", "freight_minor", currency="freight_currency"),),
    )
    with platform_wide():
        for currency, freight in (("EUR", 100), ("EUR", 250), ("JPY", 7)):
            ShipmentFactory.create(freight_currency=currency, freight_minor=freight)

        plain = totals(listing, Shipment.objects.all(), parse(listing, {}))
        grouped = totals(listing, Shipment.objects.annotate(n=Count("lines")), parse(listing, {}))

    assert plain.sums == grouped.sums == {"freight": {"EUR": 350, "JPY": 7}}


def test_a_day_of_a_filter_is_a_day_of_the_house() -> None:
    """16:30 in London is already the next day in Shanghai."""
    listing = Listing(
        name="rounds",
        sorts={"quarter": "quarter"},
        default="quarter",
        filters=(Days(name="opens", path="opens_at"),),
    )
    opens = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)
    PoolRound.objects.create(quarter="2026-Q2", opens_at=opens, cutoff_at=opens + timedelta(days=9))

    def found(**params: str) -> int:
        query = parse(listing, params)
        return len(take(listing, PoolRound.objects.all(), query).rows)

    assert found(opens_from="2026-04-01", opens_to="2026-04-01") == 1
    assert found(opens_to="2026-03-31") == 0
    for wrong in ("31.03.2026", "0001-01-01", "2026-02-30", str(date.max)):
        with pytest.raises(BadDay) as told:
            found(opens_from=wrong)
        assert told.value.facts["parameter"] == "opens_from"


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
