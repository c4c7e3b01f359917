"""Between the cut-off and the end of a round nobody finds out what few others want."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from notices.models import Notice
from procurement import services
from procurement.models import FillTry, Forecast, PoolRound
from procurement.rules.forecasting import FillNotImproved, FillNotJudged, FillTriesUsedUp
from procurement.rules.sharing.packs import improves_any_fill
from tests.factories.accounts import SellerFactory
from tests.factories.procurement import AFTER, CUTOFF, DURING, PoolRoundFactory, scored

from .conftest import Market
from .test_phases import FILLED, FILLING, file

#: What the other one wants; `make slow` tries every rest of a pack.
OTHERS = (0, 1, 4, 6, 11) if os.environ.get("BONDPOOL_EVERY_TEXT") else (0, 4)


def answers(market: Market, others: int) -> list[str]:
    """What a seller with 20 units hears to every change it may try, one after another."""
    milk = market.milk.pk
    if others:
        file(market, {milk: others}, seller=market.bela)
    heard = []
    for units in range(60):
        # Before any score a tolerance is at most half of the quantity.
        for more in (0, 3) if units >= 6 else (0,):
            try:
                with_more = {milk: (0, more)} if units else {}
                market.round.refresh_from_db()
                services.file_forecast(
                    round=market.round,
                    seller=market.anna,
                    lines={milk: units},
                    tolerances=with_more,
                    filed_by=None,
                    now=FILLING,
                )
                heard.append(f"{units}+{more}: taken")
            except (FillNotJudged, FillNotImproved) as refused:
                heard.append(f"{units}+{more}: {type(refused).__name__}")
    return heard


def test_who_tries_every_quantity_hears_the_same_whatever_the_other_wants(market: Market) -> None:
    """Packs of six; the other one wants nothing, or any rest of a pack."""
    PoolRound.objects.update(fill_until=FILLED)
    rounds = {}
    for others in OTHERS:
        at = PoolRoundFactory.create(
            quarter=f"20{30 + others}-Q1", cutoff_at=CUTOFF, fill_until=FILLED
        )
        market.round = at
        file(market, {market.milk.pk: 20})
        rounds[others] = answers(market, others)

    assert len({tuple(heard) for heard in rounds.values()}) == 1
    heard = rounds[0]
    # 20 and three to take more stand at first; then whole packs on top.
    assert [one for one in heard if "taken" in one] == [
        "20+0: taken",
        "20+3: taken",
        "26+3: taken",
        "32+3: taken",
        "38+3: taken",
        "44+3: taken",
        "50+3: taken",
        "56+3: taken",
    ]
    assert {one.partition(": ")[2] for one in heard} == {"taken", "FillNotJudged"}


def test_from_three_sellers_on_it_is_judged_by_the_fill(market: Market) -> None:
    PoolRound.objects.update(fill_until=FILLED)
    milk = market.milk.pk
    for seller, units in ((market.anna, 8), (market.bela, 5), (SellerFactory.create(), 6)):
        file(market, {milk: units}, seller=seller)
    before = Forecast.objects.count()

    with pytest.raises(FillNotImproved):
        file(market, {milk: 6}, FILLING)

    assert Forecast.objects.count() == before
    # 19 in packs of six are three and one: seven instead of eight leave none begun.
    file(market, {milk: 7}, FILLING)


def test_who_has_tried_three_times_hears_no_more_of_what_others_want(market: Market) -> None:
    PoolRound.objects.update(fill_until=FILLED)
    milk, soap = market.milk.pk, market.soap.pk
    for seller, units in ((market.anna, 8), (market.bela, 5), (SellerFactory.create(), 6)):
        file(market, {milk: units, soap: 10}, seller=seller)

    heard = []
    for units in (5, 6, 7, 13, 4):
        try:
            file(market, {milk: units, soap: 10}, FILLING)
            heard.append("taken")
        except (FillNotImproved, FillTriesUsedUp) as refused:
            heard.append(type(refused).__name__)

    # The first two were rolled back with all that was filed, and count all the same.
    assert heard == ["FillNotImproved", "FillNotImproved", "taken", *["FillTriesUsedUp"] * 2]
    forecasts = Forecast.objects.filter(seller=market.anna)
    assert [one.units for one in forecasts.order_by("version")] == [18, 17]
    assert FillTry.objects.filter(seller=market.anna, product=milk).count() == 3
    with pytest.raises(FillTriesUsedUp) as spent:
        file(market, {milk: 13, soap: 11}, FILLING)
    assert spent.value.facts == {"products": "MILK", "count": 1, "most": 3}
    assert Forecast.objects.filter(seller=market.anna).count() == 2
    # Another product, another seller, and saying the same again are not refused.
    file(market, {milk: 7, soap: 11}, FILLING)
    file(market, {milk: 7, soap: 11}, FILLING)
    file(market, {milk: 11, soap: 10}, FILLING, seller=market.bela)


@pytest.mark.parametrize(
    ("before", "after", "is_taken"),
    [
        ((20, 0, 0), (26, 0, 0), True),
        ((20, 0, 0), (20, 0, 4), True),
        ((20, 5, 0), (20, 0, 0), True),
        ((20, 0, 0), (21, 0, 0), False),
        ((20, 0, 0), (14, 0, 0), False),
        ((20, 0, 4), (26, 0, 3), False),
        ((20, 0, 0), (26, 1, 0), False),
        ((0, 0, 0), (6, 0, 0), True),
    ],
)
def test_what_improves_any_fill(
    before: tuple[int, int, int], after: tuple[int, int, int], is_taken: bool
) -> None:
    assert improves_any_fill(before, after, 6) is is_taken


def test_who_filed_hears_once_that_packs_are_filled(market: Market) -> None:
    PoolRound.objects.update(fill_until=FILLED)
    file(market, {market.milk.pk: 20})

    told = [services.remind(now=at) for at in (FILLING, FILLING + timedelta(minutes=1))]

    assert told == [1, 0]
    (heard,) = Notice.objects.filter(event="round.filling")
    assert (heard.company, heard.subject) == (market.anna, "2026-Q3")
    assert services.remind(now=FILLED) == 0


def test_the_seller_hears_once_that_its_late_wish_is_in_the_next_round(market: Market) -> None:
    scored((market.anna, "A"))
    wish = services.keep_late_wish(
        round=market.round,
        seller=market.anna,
        lines={market.milk.pk: 30},
        wished_by=None,
        now=AFTER,
    )
    later = PoolRoundFactory.create(
        quarter="2026-Q4", opens_at=DURING, cutoff_at=AFTER + timedelta(days=30)
    )

    for _ in range(2):
        services.take_late_wish(wish=wish, round=later, filed_by=market.anna_person, now=AFTER)

    (heard,) = Notice.objects.filter(event="wish.taken")
    assert heard.company == market.anna
    assert heard.facts == {"quarter": "2026-Q4", "missed": "2026-Q3", "version": 1, "left_out": 0}
