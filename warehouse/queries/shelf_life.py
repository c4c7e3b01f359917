"""What nears its expiry or the end of its time in bond, and what of it will not be sold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.utils.timezone import get_default_timezone

from accounts.models import CompanyKind
from warehouse.days import day_of
from warehouse.models import Holding, Reservation, ReservationState
from warehouse.queries.stock import UNPROMISED
from warehouse.rules import shelf_life as rules
from warehouse.rules.shelf_life import Window


@dataclass(frozen=True, slots=True)
class Nearing:
    """Of one seller: lots, units that are promised to nobody, and the first day of all."""

    lots: int
    units: int
    first_on: date


def _of_sellers() -> QuerySet[Holding]:
    found: QuerySet[Holding] = Holding.objects.filter(
        UNPROMISED, owner__kinds__contains=[CompanyKind.SELLER]
    )
    return found


def expiring(window: Window, *, since: datetime | None) -> Mapping[int, Nearing]:
    """By seller (id), what reached a threshold before its expiry; ``since``: the last look."""
    news = Q(expires_on__gt=window.after, expires_on__lte=window.until)
    if since is not None:
        news |= Q(expires_on__gt=window.nearer, expires_on__lte=window.until, received_at__gt=since)
    rows = (
        _of_sellers()
        .filter(news)
        .order_by()
        .values_list("owner_id")
        .annotate(lots=Count("lot", distinct=True), units=Sum("on_hand"), first=Min("expires_on"))
    )
    return {owner: Nearing(lots, units, first) for owner, lots, units, first in rows}


def near_limit(window: Window, *, since: datetime | None) -> Mapping[int, Nearing]:
    """By seller (id), what reached a threshold before the end of its time in bond."""
    limit = timedelta(days=rules.BOND_LIMIT_DAYS)

    def came(day: date) -> datetime:
        """The end of the day of receipt whose limit is a day."""
        if day - date.min <= limit:
            day = date(1970, 1, 1) + limit
        end = datetime.combine(day - limit + timedelta(days=1), time.min, get_default_timezone())
        return end

    rows = (
        _of_sellers()
        .filter(received_at__gte=came(window.after), received_at__lt=came(window.until))
        .order_by()
        .values_list("owner_id")
        .annotate(lots=Count("lot", distinct=True), units=Sum("on_hand"), first=Min("received_at"))
    )
    return {
        owner: Nearing(lots, units, day_of(first) + limit) for owner, lots, units, first in rows
    }


def wasted_by_owner(*, today: date, now: datetime) -> Mapping[int, int]:
    """By seller (id), the units that will not be sold before they expire at the pace of late."""
    since = now - timedelta(days=rules.PACE_DAYS)
    sold = {
        (owner, product): int(units)
        for owner, product, units in Reservation.objects.filter(line__order__accepted_at__gte=since)
        .exclude(state=ReservationState.RETURNED)
        .order_by()
        .values_list("seller_id", "holding__product_id")
        .annotate(units=Sum("quantity"))
    }
    lots: dict[tuple[int, int], list[tuple[date, int]]] = defaultdict(list)
    held = (
        _of_sellers()
        .filter(expires_on__isnull=False)
        .order_by()
        .values_list("owner_id", "product_id", "expires_on")
        .annotate(units=Sum("on_hand"))
    )
    for owner, product, expires_on, units in held:
        if expires_on is not None:
            lots[owner, product].append((expires_on, int(units)))
    found: dict[int, int] = defaultdict(int)
    for (owner, product), told in lots.items():
        found[owner] += rules.wasted(told, sold=sold.get((owner, product), 0), today=today)
    return found
