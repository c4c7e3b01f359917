"""Which categories are pooled is decided on evidence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.walls import platform_wide
from procurement import services
from procurement.models import PoolRound
from procurement.queries import choosing
from procurement.rules.choosing import Evidence, scores
from tests.factories.catalog import ProductFactory
from tests.factories.procurement import DURING
from tests.procurement.conftest import AsPerson, Market, build_market

ASKED = {"quarter": "2026-Q4", "opens_at": "2026-07-01T00:00", "cutoff_at": "2026-09-01T00:00"}


@pytest.fixture
def market(db: None, at: object) -> Market:
    """The walls are down only while it is built."""
    with platform_wide():
        market = build_market()
        type(market.milk).objects.filter(pk=market.milk.pk).update(category="baby")
        type(market.milk).objects.filter(pk=market.soap.pk).update(category="beauty")
        ProductFactory.create(sku="CREAM", category="fresh food", storage="chilled")
        for seller, units in ((market.anna, 70), (market.bela, 30)):
            services.file_forecast(
                round=market.round,
                seller=seller,
                lines={market.milk.pk: units, market.soap.pk: 1},
                filed_by=None,
                now=DURING,
            )
        return market


def test_the_score_adds_up_to_a_hundred() -> None:
    best = Evidence("a", 4, 0, 100, 10, alone_units=0, pooled_units=100, value_minor=1000)
    half = Evidence("b", 4, 2, 100, 5, alone_units=50, pooled_units=100, value_minor=500)
    none = Evidence("c", 4, 0)

    assert scores([best, half, none]) == [100, 20 + 15 + 10 + 5, 0]
    assert (half.spoiled, half.alone, half.unit_value_minor) == (Decimal("0.5"), Decimal("0.5"), 5)


def test_categories_are_ranked_by_what_was_wanted_and_what_pooling_reaches(market: Market) -> None:
    with platform_wide():
        ranked = {one.category: one for one in choosing.categories(date(2026, 5, 1))}

    milk, cream = ranked["baby"], ranked["fresh food"]
    assert (milk.units, milk.sellers, milk.products) == (100, 2, 1)
    # Sixty is the minimum: Anna's seventy reach it alone, Bela's thirty only in the pool.
    assert (milk.alone_percent, milk.pooled_percent) == (Decimal("0.7"), Decimal(1))
    assert (cream.units, cream.spoiling_percent, cream.score) == (0, Decimal(1), 0)
    assert next(iter(ranked)) == "baby"


def test_the_operator_picks_several_and_announces_their_rounds(
    market: Market, as_person: AsPerson
) -> None:
    client = as_person(market.operator)
    page = client.get("/rounds/categories/").content.decode()
    assert 'name="categories" value="baby"' in page

    answer = client.post(
        "/rounds/categories/", {**ASKED, "categories": ["baby", "beauty"], "deposit_percent": ""}
    )

    assert answer["Location"] == "/rounds/"
    with platform_wide():
        codes = PoolRound.objects.filter(quarter="2026-Q4").values_list("code", flat=True)
        assert sorted(codes) == ["2026-Q4-baby", "2026-Q4-beauty"]
    page = client.get("/rounds/2026-Q4-baby/").content.decode()
    assert "2026-Q4-baby" in page


@pytest.mark.parametrize("picked", [[], ["no such"], ["baby", "no such"]])
def test_nothing_is_announced_unless_all_that_was_picked_can_be(
    market: Market, as_person: AsPerson, picked: list[str]
) -> None:
    answer = as_person(market.operator).post("/rounds/categories/", {**ASKED, "categories": picked})

    assert answer.status_code == 422
    with platform_wide():
        assert PoolRound.objects.count() == 1
