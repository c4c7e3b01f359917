"""What comes too late for a round is kept for a later one; nothing is lost or silently taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Company, User
from catalog.models import Product
from procurement.models import Forecast, LateWish, PoolRound
from procurement.queries import forecasts, offers, tolerating
from procurement.rules.forecasting import (
    NothingWished,
    Phase,
    RoundNotOpenYet,
    RoundStillOpen,
    Wish,
)
from procurement.services import telling
from procurement.services.filing import check_seller, file_forecast, sort_out


@dataclass(frozen=True, slots=True)
class Taken:
    """The forecast that a wish became part of, and the SKUs that its round does not take."""

    forecast: Forecast
    left_out: list[str]


@transaction.atomic
def keep_late_wish(
    *,
    round: PoolRound,
    seller: Company,
    lines: Mapping[int, int],
    tolerances: Mapping[int, tuple[int, int]] | None = None,
    wished_by: User | None,
    source: str = "form",
    now: datetime,
) -> LateWish:
    """Keep what a seller wants after the cut-off, until it takes it into a later round.

    Raises NotASeller, RoundNotOpenYet, RoundStillOpen, NothingWished or ForecastRefused; then
    nothing has been written.
    """
    skus = dict(Product.objects.filter(pk__in=lines).values_list("pk", "sku"))
    told = tolerances or {}
    wishes = [
        Wish(
            row, round.quarter, skus.get(pk, f"#{pk}"), str(units), "", *map(str, told.get(pk, ""))
        )
        for row, (pk, units) in enumerate(lines.items(), start=1)
    ]
    return keep_late_wishes(
        round=round, seller=seller, wishes=wishes, wished_by=wished_by, source=source, now=now
    )


@transaction.atomic
def keep_late_wishes(
    *,
    round: PoolRound,
    seller: Company,
    wishes: list[Wish],
    wished_by: User | None,
    source: str = "api",
    now: datetime,
) -> LateWish:
    """The same by SKU, as a program sends it."""
    phase = forecasts.phase(round, now)
    if phase == Phase.ANNOUNCED:
        raise RoundNotOpenYet(opens_at=round.opens_at)
    if phase == Phase.OPEN:
        raise RoundStillOpen(round=round.code, cutoff_at=round.cutoff_at)
    check_seller(seller)
    sellers = {wish.seller: seller for wish in wishes}
    taken = sort_out(round, wishes, sellers=sellers, now=now)
    wants = [want for want in taken if want.quantity]
    if not wants:
        raise NothingWished(round=round.code)
    return LateWish.objects.create(
        round=round,
        seller=seller,
        wished_at=now,
        wished_by=wished_by,
        source=source,
        lines=[[want.product_id, want.quantity, want.less, want.more] for want in wants],
        products=len(wants),
        units=sum(want.quantity for want in wants),
    )


@transaction.atomic
def take_late_wish(*, wish: LateWish, round: PoolRound, filed_by: User, now: datetime) -> Taken:
    """File the next version of a later round with what was kept in it; safe to do twice.

    What was filed there before stays, but for the products that the wish names. What this round
    does not take is left out and told, and a tolerance is cut to the seller's limit in it.

    Raises what ``file_forecast`` raises, or NothingWished when nothing of it can be taken; then
    nothing has been written.
    """
    held = PoolRound.objects.select_for_update().get(pk=round.pk)
    kept = {pk: (units, less, more) for pk, units, less, more in wish.lines}
    before = Forecast.objects.filter(late_wish=wish).first()
    if before is not None:
        return Taken(before, _split(held, kept)[1])
    taken = file_on_top(
        round=held,
        seller=wish.seller,
        wanted=kept,
        filed_by=filed_by,
        source="late",
        late_wish=wish,
        now=now,
    )
    telling.tell_taken(wish, taken.forecast, len(taken.left_out), now)
    return taken


def file_on_top(
    *,
    round: PoolRound,
    seller: Company,
    wanted: Mapping[int, tuple[int, int, int]],
    filed_by: User,
    source: str,
    late_wish: LateWish | None = None,
    now: datetime,
) -> Taken:
    """File a version in which ``wanted`` (quantity, less, more) replaces what it names.

    What the round does not take is left out, and a tolerance of it is cut to the seller's limit.
    Raises NothingWished when nothing is left.
    """
    fits, left_out = _split(round, wanted)
    if not fits:
        raise NothingWished(round=round.code)
    limit = tolerating.limit_of(round, seller, now)
    cut = {pk: limit.cut(*row) for pk, row in fits.items()}
    merged = forecasts.wanted(forecasts.current(round, seller)) | cut
    filed = file_forecast(
        round=round,
        seller=seller,
        lines={pk: row[0] for pk, row in merged.items()},
        tolerances={pk: (less, more) for pk, (_units, less, more) in merged.items()},
        filed_by=filed_by,
        source=source,
        late_wish=late_wish,
        now=now,
    )
    return Taken(filed, left_out)


def _split(
    round: PoolRound, wanted: Mapping[int, tuple[int, int, int]]
) -> tuple[dict[int, tuple[int, int, int]], list[str]]:
    """What of it the round takes, and the SKUs of the rest."""
    skus = dict(Product.objects.filter(pk__in=wanted).values_list("pk", "sku"))
    taken = set(offers.forecastable(round).filter(pk__in=wanted).values_list("pk", flat=True))
    fits = {pk: row for pk, row in wanted.items() if pk in taken and row[0]}
    return fits, sorted(sku for pk, sku in skus.items() if pk not in taken)
