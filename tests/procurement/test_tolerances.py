"""The tolerance of a line goes as far as the band of its seller's credit lets it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import translation

from core.walls import inside, platform_wide
from procurement import services
from procurement.models import Forecast, ForecastUpload, LateWish, PoolRound
from procurement.queries import forecasts, tolerating
from procurement.rules.forecasting import ForecastRefused, Limit, Wish
from procurement.services.copying import Copied
from tests.factories.procurement import AFTER, DURING, PoolRoundFactory, scored

from .conftest import AsPerson, Market
from .test_phases import file

#: Of a round that allows 80 %.
OF_80 = {"A": 80, "B": 60, "C": 40, "D": 20}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def sentences(refused: ForecastRefused) -> list[tuple[int, str, str]]:
    rows = refused.facts["rows"]
    assert isinstance(rows, list)
    return [(one.row, one.field, one.message) for one in rows]


def said(percent: int, band: str, of_round: int = 80) -> str:
    return (
        f"A tolerance is at most {percent} % of the quantity: the round allows {of_round} %, "
        f"and of that the credit band {band} its part."
    )


@pytest.mark.parametrize(("band", "most"), OF_80.items())
def test_each_band_may_use_its_part_of_the_rounds_limit(
    market: Market, band: str, most: int
) -> None:
    PoolRound.objects.update(tolerance_limit_percent=80)
    market.round.refresh_from_db()
    scored((market.anna, band))

    for less, more, field in ((most + 1, 0, "less"), (0, most + 1, "more")):
        with pytest.raises(ForecastRefused) as refused:
            file(market, {market.milk.pk: 100}, tolerances={market.milk.pk: (less, more)})
        assert sentences(refused.value) == [(1, field, said(most, band))]
    assert not Forecast.objects.exists()

    filed = file(market, {market.milk.pk: 100}, tolerances={market.milk.pk: (most, most)})
    assert forecasts.wanted(filed) == {market.milk.pk: (100, most, most)}


def test_who_was_never_scored_begins_in_band_c(market: Market) -> None:
    assert tolerating.limit_of(market.round, market.anna, DURING) == Limit(50, 100, "C")
    with pytest.raises(ForecastRefused):
        file(market, {market.milk.pk: 100}, tolerances={market.milk.pk: (51, 0)})
    assert not Forecast.objects.exists()


def test_an_import_of_many_holds_each_seller_to_its_own_limit(market: Market) -> None:
    scored((market.anna, "A"), (market.bela, "D"))
    rows = [
        Wish(2, "2026-Q3", "MILK", "100", "ANNA", "100", ""),
        Wish(3, "2026-Q3", "MILK", "100", "BELA", "25", "26"),
    ]

    with pytest.raises(ForecastRefused) as refused:
        services.import_forecasts(round=market.round, rows=rows, filed_by=None, now=DURING)

    assert sentences(refused.value) == [(3, "more", said(25, "D", 100))]
    assert not Forecast.objects.exists()


def test_a_program_is_held_to_it_inside_its_own_company(market: Market) -> None:
    scored((market.anna, "D"), (market.bela, "A"))
    wish = Wish(1, "2026-Q3", "MILK", "100", "ANNA", "26", "")

    with inside(market.anna.pk), pytest.raises(ForecastRefused) as refused:
        services.file_wishes(
            round=market.round,
            seller=market.anna,
            wishes=[wish],
            filed_by=market.anna_person,
            now=DURING,
        )

    assert sentences(refused.value) == [(1, "less", said(25, "D", 100))]
    with platform_wide():
        assert not Forecast.objects.exists()


def test_what_was_filed_before_the_band_fell_stays_and_grows_no_more(market: Market) -> None:
    milk, soap = market.milk.pk, market.soap.pk
    scored((market.anna, "A"))
    file(market, {milk: 100}, tolerances={milk: (100, 60)})
    scored((market.anna, "D"))

    same = file(market, {milk: 100, soap: 5}, tolerances={milk: (100, 60)})
    more_units = file(market, {milk: 110, soap: 5}, tolerances={milk: (100, 30)})
    for tolerance, field in (((101, 30), "less"), ((100, 31), "more")):
        with pytest.raises(ForecastRefused) as refused:
            file(market, {milk: 110, soap: 5}, tolerances={milk: tolerance})
        assert sentences(refused.value) == [(1, field, said(25, "D", 100))]
    with pytest.raises(ForecastRefused):
        file(market, {milk: 90, soap: 5}, tolerances={milk: (60, 0)})

    assert forecasts.wanted(same)[milk] == (100, 100, 60)
    assert forecasts.wanted(more_units)[milk] == (110, 100, 30)
    assert Forecast.objects.count() == 3


def test_the_cell_of_a_file_is_marked(market: Market) -> None:
    scored((market.anna, "B"))

    read = services.preview_upload(
        round=market.round,
        seller=market.anna,
        file_name="f.csv",
        content=b"quarter,sku,forecast_units,less,more\n2026-Q3,MILK,100,75,76\n",
        uploaded_by=market.anna_person,
        now=DURING,
    )

    assert [(one.row, one.field, one.message) for one in read.errors] == [
        (2, "more", said(75, "B", 100))
    ]
    assert not ForecastUpload.objects.exists()


def test_a_kept_file_is_held_to_the_band_of_the_day_it_is_filed(market: Market) -> None:
    scored((market.anna, "A"))
    read = services.preview_upload(
        round=market.round,
        seller=market.anna,
        file_name="f.csv",
        content=b"quarter,sku,forecast_units,less,more\n2026-Q3,MILK,100,90,\n",
        uploaded_by=market.anna_person,
        now=DURING,
    )
    scored((market.anna, "D"))
    assert read.upload is not None

    with pytest.raises(ForecastRefused):
        services.file_upload(upload=read.upload, filed_by=market.anna_person, now=DURING)

    assert not Forecast.objects.exists()


def test_what_is_copied_or_taken_from_before_is_cut_to_the_band(market: Market) -> None:
    milk, soap = market.milk.pk, market.soap.pk
    scored((market.anna, "A"))
    file(market, {milk: 100}, tolerances={milk: (90, 80)})
    wish = services.keep_late_wish(
        round=market.round,
        seller=market.anna,
        lines={soap: 10},
        tolerances={soap: (10, 10)},
        wished_by=None,
        now=AFTER,
    )
    scored((market.anna, "D"))
    later = PoolRoundFactory.create(
        quarter="2026-Q4", opens_at=AFTER, cutoff_at=AFTER + timedelta(days=30)
    )

    copied = services.copy_last(
        round=later,
        seller=market.anna,
        what=Copied.FILED,
        filed_by=market.anna_person,
        now=AFTER,
    )
    taken = services.take_late_wish(wish=wish, round=later, filed_by=market.anna_person, now=AFTER)

    assert forecasts.wanted(copied.forecast) == {milk: (100, 25, 25)}
    assert forecasts.wanted(taken.forecast) == {milk: (100, 25, 25), soap: (10, 2, 2)}


def test_a_late_wish_above_it_is_refused(market: Market) -> None:
    scored((market.anna, "D"))

    with pytest.raises(ForecastRefused) as refused:
        services.keep_late_wish(
            round=market.round,
            seller=market.anna,
            lines={market.milk.pk: 100},
            tolerances={market.milk.pk: (0, 26)},
            wished_by=None,
            now=AFTER,
        )

    assert sentences(refused.value) == [(1, "more", said(25, "D", 100))]
    assert not LateWish.objects.exists()


def test_the_grid_says_it_in_the_cell(market: Market, as_person: AsPerson, at: object) -> None:
    scored((market.anna, "D"))
    client = as_person(market.anna_person)

    page = client.get("/forecasts/2026-Q3/edit/").content.decode()
    milk = market.milk.pk
    answer = client.post(
        "/forecasts/2026-Q3/edit/",
        {f"p{milk}": "100", f"l{milk}": "26", f"m{milk}": "25", "seen": "0"},
    )

    assert "each at most 25 % of the quantity: your band is D, and the round allows 100 %." in page
    assert answer.status_code == 422
    assert answer.content.decode().count(said(25, "D", 100)) == 1
    with platform_wide():
        assert not Forecast.objects.exists()
