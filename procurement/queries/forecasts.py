"""What sellers have filed. A seller's session sees its own rows only (both walls)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, Max, Q, QuerySet, Subquery, Sum
from django.utils.translation import get_language

from accounts.models import Company
from core.listings import among
from procurement.models import (
    Forecast,
    ForecastLine,
    LateWish,
    PoolRound,
    RoundStanding,
    RoundState,
)
from procurement.rules import forecasting
from procurement.rules.forecasting import Phase


@dataclass(frozen=True, slots=True)
class Demand:
    """One product of a round before it closes: units, and how many sellers want it."""

    product_id: int
    sku: str
    name_zh: str
    name_en: str
    units: int
    sellers: int

    @property
    def pk(self) -> int:
        """A product stands once in a demand."""
        return self.product_id

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


def newest(round: PoolRound) -> QuerySet[Forecast]:
    """The version of each seller that counts so far."""
    return Forecast.objects.filter(pk__in=_latest(round))


def frozen(round: PoolRound) -> QuerySet[Forecast]:
    """What each seller had filed at the cut-off: the version that is scored."""
    return Forecast.objects.filter(pk__in=_latest(round, before=round.cutoff_at))


def counting(round: PoolRound) -> QuerySet[Forecast]:
    """What each seller had filed when the round ended: the version that is ordered."""
    return Forecast.objects.filter(pk__in=counting_versions(round))


def wishing(round: PoolRound) -> set[int]:
    """The sellers whose version that is ordered wishes for anything."""
    # Looked through here: joined to itself, a table that was just filled is read once a row.
    rows = counting_versions(round).values_list("seller_id", "units")
    return {seller for seller, units in rows if units}


def counting_versions(round: PoolRound) -> Any:
    """The keys of the versions that are ordered, one of each seller."""
    return _latest(round, before=round.ends_at)


def _latest(*rounds: PoolRound, before: datetime | None = None) -> Any:
    """The keys of the versions that count."""
    filed = Forecast.objects.filter(round__in=rounds)
    if before is not None:
        filed = filed.filter(filed_at__lt=before)
    return (
        filed.order_by("round_id", "seller_id", "-version")
        .distinct("round_id", "seller_id")
        .values("pk")
    )


def versions(round: PoolRound, seller: Company) -> QuerySet[Forecast]:
    """A seller's versions, newest first."""
    found: QuerySet[Forecast] = Forecast.objects.filter(round=round, seller=seller)
    return found.select_related("filed_by").order_by("-version")


def current(round: PoolRound, seller: Company) -> Forecast | None:
    """The version that counts, if the seller filed any."""
    return Forecast.objects.filter(round=round, seller=seller).order_by("-version").first()


def quantities(forecast: Forecast | None) -> dict[int, int]:
    """Units by product id."""
    if forecast is None:
        return {}
    lines = ForecastLine.objects.filter(forecast=forecast)
    return dict(lines.values_list("product_id", "quantity"))


def wanted(forecast: Forecast | None) -> dict[int, tuple[int, int, int]]:
    """Units, and how many less or more would do, by product id."""
    if forecast is None:
        return {}
    lines = ForecastLine.objects.filter(forecast=forecast)
    return {
        product: (quantity, less, more)
        for product, quantity, less, more in lines.values_list(
            "product_id", "quantity", "less", "more"
        )
    }


def wanted_by(
    round: PoolRound, sellers: Collection[int]
) -> dict[int, dict[int, tuple[int, int, int]]]:
    """The same for several sellers of a round, by seller."""
    latest = newest(round).filter(seller__in=sellers)
    lines = ForecastLine.objects.filter(forecast__in=latest.values("pk"))
    found: dict[int, dict[int, tuple[int, int, int]]] = {}
    for seller, product, *units in lines.values_list(
        "seller_id", "product_id", "quantity", "less", "more"
    ):
        found.setdefault(seller, {})[product] = (units[0], units[1], units[2])
    return found


def pooled(round: PoolRound, products: Collection[int]) -> dict[int, tuple[int, int]]:
    """What all sellers want of these products, and how much more they would take."""
    lines = ForecastLine.objects.filter(
        among("forecast_id", _latest(round)), product__in=list(products)
    )
    sums = lines.order_by().values("product_id").annotate(units=Sum("quantity"), extra=Sum("more"))
    return {row["product_id"]: (int(row["units"]), int(row["extra"])) for row in sums}


def pool_sizes(round: PoolRound, products: Collection[int]) -> dict[int, tuple[int, int]]:
    """Units that all sellers want of these products, and how many sellers want any."""
    lines = ForecastLine.objects.filter(
        among("forecast_id", _latest(round)), product__in=list(products)
    )
    sums = lines.order_by().values("product_id").annotate(units=Sum("quantity"), n=Count("*"))
    return {row["product_id"]: (int(row["units"]), int(row["n"])) for row in sums}


def newest_wanted(
    round: PoolRound, seller: Company
) -> tuple[Forecast | None, dict[int, tuple[int, int, int]]]:
    """:func:`current` and what it wants, as :func:`wanted` tells it; mostly in one statement."""
    mine = Forecast.objects.filter(round=round, seller=seller).order_by("-version")
    lines = list(
        ForecastLine.objects.filter(forecast=Subquery(mine.values("pk")[:1])).select_related(
            "forecast"
        )
    )
    if not lines:
        return current(round, seller), {}
    told = {one.product_id: (one.quantity, one.less, one.more) for one in lines}
    return lines[0].forecast, told


def is_filed(round: PoolRound, category: str) -> bool:
    """Whether what counts so far wants anything of a category."""
    lines = ForecastLine.objects.filter(forecast__in=_latest(round), product__category=category)
    return lines.exists()


def lines(forecast: Forecast) -> QuerySet[ForecastLine]:
    """The lines of one version with their products, by SKU."""
    return (
        ForecastLine.objects.filter(forecast=forecast)
        .select_related("product")
        .order_by("product__sku")
    )


def filings(round: PoolRound) -> QuerySet[Forecast]:
    """Who filed, newest version each, by company code; for operators."""
    return newest(round).select_related("seller", "filed_by").order_by("seller__code")


def wished_products(round: PoolRound) -> QuerySet[ForecastLine, Any]:
    """The keys of the products of which anybody wants anything, so far."""
    lines = ForecastLine.objects.filter(among("forecast_id", _latest(round)), quantity__gt=0)
    return lines.order_by().values("product_id").distinct()


@dataclass(frozen=True, slots=True)
class Pool:
    """What counts so far of a round: the products most wanted, and how many are wanted at all."""

    most: Sequence[Demand]
    products: int


def demand(round: PoolRound, *, most: int | None = None) -> Pool:
    """What counts so far, pooled per product, the ``most`` wanted first; for operators."""
    # A product stands once in a forecast, and one forecast of each seller counts.
    lines = (
        ForecastLine.objects.filter(among("forecast_id", _latest(round)))
        .order_by()
        .values("product_id")
        .annotate(units=Sum("quantity"), sellers=Count("*"))
        .values("product_id", "units", "sellers")
    )
    wanted, told = lines.query.sql_with_params()
    # Products are named once they are added up: of few rows, and in the same statement.
    statement = (
        "SELECT product.id, product.sku, product.name_zh, product.name_en, "  # noqa: S608 - ours
        f"wanted.units, wanted.sellers, count(*) OVER () FROM ({wanted}) AS wanted "
        "JOIN catalog_product AS product ON product.id = wanted.product_id "
        "ORDER BY wanted.units DESC, product.sku LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*told, most])
        rows = cursor.fetchall()
    return Pool([Demand(*row[:-1]) for row in rows], rows[0][-1] if rows else 0)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a round has at a moment; for operators."""

    sellers: int
    lines: int
    units: int
    last_filed_at: datetime | None
    less: int = 0
    more: int = 0

    @property
    def firm(self) -> int:
        """What is wanted in any case."""
        return self.units - self.less

    @property
    def most(self) -> int:
        """What would be taken at most."""
        return self.units + self.more


def standing(round: PoolRound) -> Standing:
    """Sellers, lines, units and the last filing of a round."""
    return standings([round])[round.pk]


def standings(rounds: Sequence[PoolRound]) -> dict[int, Standing]:
    """The same for several rounds at once, by the round's key; a closed one's was written down."""
    closed = [held.pk for held in rounds if held.state == RoundState.CLOSED]
    stood = {
        one.round_id: Standing(
            *(one.sellers, one.lines, one.units, one.last_filed_at, one.less, one.more)
        )
        for one in (RoundStanding.objects.filter(round__in=closed) if closed else ())
    }
    return stood | count_standings([held for held in rounds if held.pk not in stood])


def count_standings(rounds: Sequence[PoolRound]) -> dict[int, Standing]:
    """The same, added up from the forecasts."""
    if not rounds:
        return {}
    told = {
        round_id: Standing(*told)
        for round_id, *told in Forecast.objects.filter(among("pk", _latest(*rounds)))
        .order_by()
        .values_list("round_id")
        .annotate(
            sellers=Count("pk"),
            filed=Sum("products"),
            wanted=Sum("units"),
            last=Max("filed_at"),
            without=Sum("less"),
            on_top=Sum("more"),
        )
    }
    return {held.pk: told.get(held.pk, Standing(0, 0, 0, None)) for held in rounds}


def sums_of(rounds: QuerySet[PoolRound]) -> dict[str, int]:
    """Lines and units of all these rounds together."""
    told = standings(list(rounds)).values()
    return {"lines": sum(one.lines for one in told), "units": sum(one.units for one in told)}


def newest_of(seller: Company, rounds: Sequence[PoolRound]) -> dict[int, Forecast]:
    """What a seller filed last in each of these rounds, by the round's key."""
    filed = Forecast.objects.filter(seller=seller, round__in=rounds).order_by("version")
    return {forecast.round_id: forecast for forecast in filed}


def phase(held: PoolRound, at: datetime) -> Phase:
    """Where a round stands at a moment."""
    return forecasting.phase(
        opens_at=held.opens_at,
        cutoff_at=held.cutoff_at,
        fill_until=held.fill_until,
        is_closed=held.state == RoundState.CLOSED,
        now=at,
    )


def latest_before(round: PoolRound, seller: Company) -> Any:
    """The keys of what a seller filed last in each round of the quarters before."""
    filed = Forecast.objects.filter(seller=seller, round__quarter__lt=round.quarter)
    return filed.order_by("round_id", "-version").distinct("round_id").values("pk")


def takes_forecasts(held: PoolRound, at: datetime) -> bool:
    """Whether the pages offer to file; the service has the last word."""
    return phase(held, at) in {Phase.OPEN, Phase.FILLING}


def late_wishes(seller: Company) -> QuerySet[LateWish]:
    """What a seller wanted when a round took nothing any more, newest first."""
    found: QuerySet[LateWish] = LateWish.objects.filter(seller=seller)
    return found.select_related("round", "wished_by", "taken_as__round").order_by(
        "-wished_at", "-pk"
    )


def waiting(seller: Company, now: datetime) -> list[Any]:
    """What a seller has not taken into another round yet, each with the round it can go ``into``.

    ``is_open``: that round takes forecasts at this moment.
    """
    found: list[Any] = list(late_wishes(seller).filter(taken_as__isnull=True))
    later = list(_later(now)) if found else []
    for wish in found:
        fit = [one for one in later if _follows(one, wish.round)]
        wish.into = fit[0] if fit else None
        wish.is_open = wish.into is not None and takes_forecasts(wish.into, now)
    return found


def next_round(missed: PoolRound, now: datetime) -> PoolRound | None:
    """The round into which what came too late for another can go, as far as one is announced.

    Of the same category, else of all categories; the nearest cut-off first.
    """
    return next((one for one in _later(now) if _follows(one, missed)), None)


def _later(now: datetime) -> QuerySet[PoolRound]:
    later = PoolRound.objects.filter(state=RoundState.OPEN, cutoff_at__gt=now)
    return later.order_by("-category", "cutoff_at")


def _follows(later: PoolRound, missed: PoolRound) -> bool:
    return later.pk != missed.pk and later.category in {missed.category, ""}


def rounds() -> QuerySet[PoolRound]:
    """All rounds, newest quarter first."""
    return PoolRound.objects.order_by("-code")


def open_rounds(now: datetime) -> QuerySet[PoolRound]:
    """Rounds that take forecasts at this moment, the nearest cut-off first."""
    return PoolRound.objects.filter(Q(opens_at__lte=now, cutoff_at__gt=now), state="open").order_by(
        F("cutoff_at")
    )
