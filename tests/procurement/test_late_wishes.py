"""What comes too late for a round, and what is copied from the last one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.errors import DomainError
from procurement import services
from procurement.models import Forecast, LateWish, PoolRound
from procurement.queries import forecasts
from procurement.rules import forecasting
from procurement.services.copying import Copied, NothingToCopy
from tests.factories.accounts import SellerFactory
from tests.factories.procurement import AFTER, DURING, OPENS, PoolRoundFactory
from tests.procurement.conftest import Market
from tests.procurement.test_phases import file


def late(market: Market, lines: dict[int, int], now: Any = AFTER) -> LateWish:
    return services.keep_late_wish(
        round=market.round,
        seller=market.anna,
        lines=lines,
        wished_by=market.anna_person,
        now=now,
    )


def following(**told: Any) -> PoolRound:
    return PoolRoundFactory.create(
        quarter="2026-Q4", opens_at=AFTER, cutoff_at=AFTER + timedelta(days=30), **told
    )


def test_a_late_wish_waits_and_is_taken_into_the_next_round_once(market: Market) -> None:
    wish = late(market, {market.milk.pk: 30, market.soap.pk: 0})
    assert [one.into for one in forecasts.waiting(market.anna, AFTER)] == [None]
    later = following()
    file(market, {market.soap.pk: 5}, AFTER, round=later)

    (waiting,) = forecasts.waiting(market.anna, AFTER)
    told: dict[str, Any] = {
        "wish": wish,
        "round": later,
        "filed_by": market.anna_person,
        "now": AFTER,
    }
    taken = services.take_late_wish(**told)
    again = services.take_late_wish(**told)

    assert (waiting.into, waiting.is_open) == (later, True)
    assert forecasts.wanted(taken.forecast) == {
        market.milk.pk: (30, 0, 0),
        market.soap.pk: (5, 0, 0),
    }
    assert (again.forecast, taken.left_out) == (taken.forecast, [])
    assert forecasts.waiting(market.anna, AFTER) == []


def test_what_the_next_round_does_not_take_is_told(market: Market) -> None:
    wish = late(market, {market.milk.pk: 30, market.soap.pk: 4})
    market.soap.offers.update(valid_to=DURING)

    taken = services.take_late_wish(
        wish=wish, round=following(), filed_by=market.anna_person, now=AFTER
    )

    assert taken.left_out == ["SOAP"]
    assert forecasts.wanted(taken.forecast) == {market.milk.pk: (30, 0, 0)}


@pytest.mark.parametrize(
    ("units", "now", "refusal"),
    [
        (5, DURING, forecasting.RoundStillOpen),
        (5, OPENS - timedelta(1), forecasting.RoundNotOpenYet),
        (0, AFTER, forecasting.NothingWished),
        (10**9, AFTER, forecasting.ForecastRefused),
    ],
)
def test_a_late_wish_that_is_none_is_refused(
    market: Market, units: int, now: Any, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        late(market, {market.milk.pk: units}, now)

    assert not LateWish.objects.exists()


def test_a_forecast_is_begun_from_what_was_filed_or_ordered_last(market: Market) -> None:
    file(market, {market.milk.pk: 70}, tolerances={market.milk.pk: (0, 10)})
    services.close_round(
        round=market.round, buyer=market.buyer, platform=market.platform, now=AFTER
    )
    later = following(tolerance_limit_percent=10)
    told: dict[str, Any] = {
        "round": later,
        "seller": market.anna,
        "filed_by": market.anna_person,
        "now": AFTER,
    }

    filed = services.copy_last(what=Copied.FILED, **told)
    ordered = services.copy_last(what=Copied.ORDERED, **told)

    # Of the round's 10 % band C, where everybody begins, may use half.
    assert forecasts.wanted(filed.forecast) == {market.milk.pk: (70, 0, 3)}
    # Two of the ten units more completed the twelfth pack of six.
    assert forecasts.wanted(ordered.forecast) == {market.milk.pk: (72, 0, 0)}
    assert (filed.forecast.version, ordered.forecast.version) == (1, 2)
    with pytest.raises(NothingToCopy):
        services.copy_last(what=Copied.FILED, **{**told, "seller": SellerFactory.create()})
    assert Forecast.objects.filter(round=later).count() == 2
