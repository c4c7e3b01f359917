"""Lists are narrowed by filters and words, and their totals are those of what is left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import Count

from catalog.models import Product
from core import listing as lists
from core import listings, searching
from core.filters import BadDay, Days
from core.listing import Listing, Total, parse, take, totals
from core.walls import platform_wide
from procurement.models import PoolRound, Shipment
from tests.core.products import PRODUCTS, asked, walked
from tests.factories.procurement import PoolRoundFactory, ShipmentFactory

pytestmark = pytest.mark.django_db


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
    monkeypatch.setattr(lists, "MOST_FOUND", 2)
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
    monkeypatch.setattr(lists, "MOST_COUNTED", 3)
    monkeypatch.setattr(lists, "MOST_FOUND", 2)
    for _n in range(4):
        a_product(brand="Alm")
    everything = Product.objects.all()

    assert totals(PRODUCTS, everything, parse(PRODUCTS, {})) == lists.Sums(3, True, {})
    assert totals(PRODUCTS, everything, parse(PRODUCTS, {"q": "alm"})) == lists.Sums(2, True, {})


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
    PoolRoundFactory.create(quarter="2026-Q2", opens_at=opens, cutoff_at=opens + timedelta(days=9))

    def found(**params: str) -> int:
        query = parse(listing, params)
        return len(take(listing, PoolRound.objects.all(), query).rows)

    assert found(opens_from="2026-04-01", opens_to="2026-04-01") == 1
    assert found(opens_to="2026-03-31") == 0
    for wrong in ("31.03.2026", "0001-01-01", "2026-02-30", str(date.max)):
        with pytest.raises(BadDay) as told:
            found(opens_from=wrong)
        assert told.value.facts["parameter"] == "opens_from"


@pytest.mark.parametrize(
    ("most", "stretch"), [(10_000, 1_000), (2, 1_000), (2, 1)], ids=["few", "many", "far off"]
)
@pytest.mark.parametrize("order", ["life", "-life", "category", "-category", "sku", "-newest"])
def test_what_words_find_is_sorted_and_paged_as_the_whole_list_is(
    a_product: Callable[..., Product],
    monkeypatch: pytest.MonkeyPatch,
    order: str,
    most: int,
    stretch: int,
) -> None:
    monkeypatch.setattr(lists, "MOST_FOUND", most)
    monkeypatch.setattr(searching, "STRETCH", stretch)
    for n, life in enumerate((30, None, 90, 30, None)):
        a_product(sku=f"M-{n}", category="ab"[n % 2], shelf_life_days=life, brand="Sternental")
    listed = [one.sku for one in walked(f"sort={order}&limit=2")]
    for n, life in enumerate((None, 1, 365)):
        a_product(sku=f"OTHER-{n}", category="aab"[n], shelf_life_days=life, brand="Other")
    # Each is found twice, by its brand and by the beginning of its number, and stands once.
    a_product(sku="STERN-1", category="c", shelf_life_days=999, brand="Stern")
    wanted = f"q=stern&sort={order}&limit=2"

    found = [one.sku for one in walked(wanted)]
    assert [sku for sku in found if sku != "STERN-1"] == listed
    assert len(found) == len(listed) + 1
    assert [one.sku for one in walked(wanted, back=True)] == found
