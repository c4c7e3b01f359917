"""What sellers have filed. A seller's session sees its own rows only (both walls)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import get_language

from accounts.models import Company
from core.listings import of_each
from procurement.models import Forecast, ForecastLine, PoolRound, RoundState
from procurement.rules import pooling


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
    def name(self) -> str:
        """In the reader's language."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


def newest(round: PoolRound) -> QuerySet[Forecast]:
    """The version of each seller that counts."""
    latest = (
        Forecast.objects.filter(round=round, seller=OuterRef("seller"))
        .order_by("-version")
        .values("pk")[:1]
    )
    return Forecast.objects.filter(round=round, pk=Subquery(latest))


def versions(round: PoolRound, seller: Company) -> QuerySet[Forecast]:
    """A seller's versions, newest first, with how many products and units each has."""
    return (
        Forecast.objects.filter(round=round, seller=seller)
        .select_related("filed_by")
        .annotate(**_sizes())
        .order_by("-version")
    )


def _sizes() -> dict[str, Any]:
    lines = ForecastLine.objects.all()
    return {
        "products": of_each(lines, "forecast", Count("pk")),
        "units": of_each(lines, "forecast", Sum("quantity")),
    }


def current(round: PoolRound, seller: Company) -> Forecast | None:
    """The version that counts, if the seller filed any."""
    return Forecast.objects.filter(round=round, seller=seller).order_by("-version").first()


def quantities(forecast: Forecast | None) -> dict[int, int]:
    """Units by product id."""
    if forecast is None:
        return {}
    lines = ForecastLine.objects.filter(forecast=forecast)
    return dict(lines.values_list("product_id", "quantity"))


def lines(forecast: Forecast) -> QuerySet[ForecastLine]:
    """The lines of one version with their products, by SKU."""
    return (
        ForecastLine.objects.filter(forecast=forecast)
        .select_related("product")
        .order_by("product__sku")
    )


def filings(round: PoolRound) -> QuerySet[Forecast]:
    """Who filed, newest version each, by company code; for operators."""
    return (
        newest(round)
        .select_related("seller", "filed_by")
        .annotate(**_sizes())
        .order_by("seller__code")
    )


def demand(round: PoolRound) -> list[Demand]:
    """What counts so far, pooled per product, most wanted first; for operators."""
    rows = (
        ForecastLine.objects.filter(forecast__in=newest(round))
        .values("product_id", "product__sku", "product__name_zh", "product__name_en")
        .annotate(units=Sum("quantity"), sellers=Count("seller_id", distinct=True))
        .order_by("-units", "product__sku")
    )
    return [
        Demand(
            product_id=row["product_id"],
            sku=row["product__sku"],
            name_zh=row["product__name_zh"],
            name_en=row["product__name_en"],
            units=row["units"],
            sellers=row["sellers"],
        )
        for row in rows
    ]


def demand_frame(round: PoolRound) -> pd.DataFrame:
    """Every line that counts, as the pooling rule wants it."""
    counting = list(newest(round).values_list("pk", flat=True))
    rows = ForecastLine.objects.filter(forecast_id__in=counting).values_list(
        "product_id", "seller_id", "quantity"
    )
    return pd.DataFrame(rows.iterator(chunk_size=20_000), columns=list(pooling.DEMAND))


@dataclass(frozen=True, slots=True)
class Standing:
    """What a round has at a moment; for operators."""

    sellers: int
    lines: int
    units: int
    last_filed_at: datetime | None


def standing(round: PoolRound) -> Standing:
    """Sellers, lines, units and the last filing of a round."""
    told = newest(round).aggregate(
        sellers=Count("pk", distinct=True),
        line_count=Count("lines"),
        units=Sum("lines__quantity", default=0),
        last=Max("filed_at"),
    )
    return Standing(told["sellers"], told["line_count"], told["units"], told["last"])


def standings(rounds: Sequence[PoolRound]) -> dict[int, Standing]:
    """The same for several rounds at once, by the round's key."""
    latest = (
        Forecast.objects.filter(round__in=rounds)
        .order_by("round_id", "seller_id", "-version")
        .distinct("round_id", "seller_id")
        .values("pk")
    )
    rows = (
        Forecast.objects.filter(pk__in=latest)
        .values("round_id")
        .annotate(
            sellers=Count("pk", distinct=True),
            line_count=Count("lines"),
            units=Sum("lines__quantity", default=0),
            last=Max("filed_at"),
        )
    )
    told = {
        row["round_id"]: Standing(row["sellers"], row["line_count"], row["units"], row["last"])
        for row in rows
    }
    return {held.pk: told.get(held.pk, Standing(0, 0, 0, None)) for held in rounds}


def newest_of(seller: Company, rounds: Sequence[PoolRound]) -> dict[int, Forecast]:
    """What a seller filed last in each of these rounds, by the round's key."""
    filed = Forecast.objects.filter(seller=seller, round__in=rounds).order_by("version")
    return {forecast.round_id: forecast for forecast in filed}


def takes_forecasts(held: PoolRound, at: datetime) -> bool:
    """Whether the pages offer to file; the service has the last word."""
    return held.state == RoundState.OPEN and held.opens_at <= at < held.cutoff_at


def rounds() -> QuerySet[PoolRound]:
    """All rounds, newest quarter first."""
    return PoolRound.objects.order_by("-quarter")


def open_rounds(now: datetime) -> QuerySet[PoolRound]:
    """Rounds that take forecasts at this moment, the nearest cut-off first."""
    return PoolRound.objects.filter(Q(opens_at__lte=now, cutoff_at__gt=now), state="open").order_by(
        F("cutoff_at")
    )
