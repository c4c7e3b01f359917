"""How far the tolerance of a line may go for a seller: its band's part of the round's limit."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils import timezone

from accounts.models import Company
from procurement.models import PoolRound
from procurement.queries import credit
from procurement.rules import crediting
from procurement.rules.forecasting import Limit


def limits(round: PoolRound, sellers: Collection[int], now: datetime) -> dict[int, Limit]:
    """The limit of each of these sellers in a round at a moment, by the seller's key."""
    day = timezone.localtime(now, timezone.get_default_timezone()).date()
    bands = credit.bands_on(day, sellers)
    of_round = round.tolerance_limit_percent
    found: dict[int, Limit] = {}
    for seller in sellers:
        band = bands[seller]
        found[seller] = Limit(crediting.tolerance_percent(of_round, band), of_round, band.name)
    return found


def limit_of(round: PoolRound, seller: Company, now: datetime) -> Limit:
    """The same of one seller."""
    return limits(round, [seller.pk], now)[seller.pk]
