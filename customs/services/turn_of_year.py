"""A retail list that is told to customs in a later year than it was drawn in counts in that year of
its buyer: customs counts by the day of the declaration (declTime)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Sum

from customs.models import MessageKind, QuotaEntry, RetailList
from customs.queries.quota import grams_in_year, used_in_year
from customs.queries.reference import positive_on
from customs.queries.retail import limits_on
from customs.rules.retail_tax import OverWeightLimit, OverYearLimit
from customs.services.quota import count_alone, move_quota
from warehouse.days import day_of

#: As :mod:`customs.gap_words` calls it.
YEAR = "year"


class TurnOfYear:
    """Of ``lists`` those that still count in a year that is over, while they are told in one
    transaction that holds their orders. Nobody else adds to a buyer's year until it ends."""

    def __init__(self, lists: Sequence[RetailList], *, now: datetime) -> None:
        self._now, self._day = now, day_of(now)
        year = self._day.year
        late = [one.pk for one in lists if day_of(one.drawn_at).year < year]
        #: By list its buyer and what it holds: fen under "", grams by eight digits.
        self._held: dict[int, tuple[str, dict[str, int]]] = {}
        if not late:
            return
        count_alone()
        found = (
            QuotaEntry.objects.filter(retail_list__in=late, year__lt=year)
            .order_by()
            .values_list("retail_list", "buyer", "code")
            .annotate(held=Sum("reserved"))
        )
        for key, buyer, code, held in found:
            if held:
                self._held.setdefault(key, (buyer, {}))[1][code] = int(held)
        buyers = {buyer for buyer, _held in self._held.values()}
        self._used: dict[tuple[str, str], int] = defaultdict(int)
        self._used |= {(one, ""): fen for one, fen in used_in_year(buyers, year).items()}
        self._used |= grams_in_year(buyers, year)
        self._limits = self._limits_of({code for _one, its in self._held.values() for code in its})

    def _limits_of(self, codes: Collection[str]) -> dict[str, int]:
        listed = positive_on([one for one in codes if one], self._day)
        found = {code: one.limit_g for code, one in listed.items() if one.limit_g is not None}
        year = limits_on(self._day)
        return found | ({"": year.year_limit} if year else {})

    def gaps_of(self, listed: RetailList) -> list[dict[str, object]]:
        """What its buyer's new year has no room for; else its room is taken, and the next one asks
        for what is left."""
        buyer, held = self._held.get(listed.pk, ("", {}))
        over = [
            code
            for code, amount in held.items()
            if buyer
            and code in self._limits
            and self._used[buyer, code] + amount > self._limits[code]
        ]
        if not over:
            for code, amount in held.items():
                self._used[buyer, code] += amount
        kind = MessageKind.RETAIL_LIST.value
        return [
            {"field": YEAR, "code": (OverWeightLimit if code else OverYearLimit).code, "kind": kind}
            for code in sorted(over)[:1]
        ]

    def told(self, lists: Collection[int]) -> None:
        """These (by id) were told: from now on they count in the new year."""
        move_quota([one for one in lists if one in self._held], year=self._day.year, now=self._now)
