"""What sellers sold before, made up and the same at every run; and what follows from it."""

from __future__ import annotations

import random

from django.db.models import F
from django.utils.translation import gettext as _

from demo.story import Story, wait_until_none
from demo.telling import Chapter
from procurement import services as procurement
from procurement.models import (
    CreditRun,
    ForecastLine,
    ForecastScore,
    PoolRound,
    RoundState,
    RunKind,
    RunState,
    SellerSales,
    Suggestion,
)
from procurement.queries import forecasts
from procurement.rules import quarters
from procurement.rules.selling import Told

#: A file of a million lines gets no made-up past.
MOST_LINES = 5_000
PAST_QUARTERS = 5


def score_and_suggest(story: Story, chapter: Chapter) -> None:
    """Sellers report their sales, are scored by them, and get quantities suggested."""
    last = procurement.last_quarter(story.today)
    # The worker may have told before what was drawn from bond, and be scoring by that alone.
    is_new = not SellerSales.objects.filter(is_from_bond=False).exists()
    if is_new:
        procurement.import_sales(rows=_past(story, last), now=story.today)
    over = quarters.named(last)
    coming = PoolRound.objects.filter(state=RoundState.OPEN).order_by("-quarter").first()
    if is_new or not ForecastScore.objects.exists():
        # The worker may have taken one before the story could.
        under_way = CreditRun.objects.filter(state=RunState.QUEUED)
        procurement.work_runs(now=lambda: story.today)
        wait_until_none(under_way.count)
        procurement.ask_run(kind=RunKind.SCORE, quarter=over, now=story.today)
        if coming is not None:
            procurement.ask_run(kind=RunKind.SUGGEST, quarter=coming.quarter, now=story.today)
        procurement.work_runs(now=lambda: story.today)
        wait_until_none(under_way.count)
    chapter.say(
        _("%(figures)s figures of sales, %(scores)s scores, %(suggestions)s suggestions"),
        figures=SellerSales.objects.count(),
        scores=ForecastScore.objects.count(),
        suggestions=Suggestion.objects.count(),
    )


def _past(story: Story, last: int) -> list[Told]:
    """Each seller sells its own part of what it forecasts, give or take a third."""
    lines = (
        ForecastLine.objects.filter(forecast__in=forecasts.newest(story.round))
        .order_by("seller__code", "product__sku")
        .annotate(code=F("seller__code"), sku=F("product__sku"))
        .values_list("code", "sku", "quantity")[:MOST_LINES]
    )
    found: list[Told] = []
    for code, sku, units in lines:
        # Some sell nearly what they forecast, others half of it.
        rng = random.Random(f"{code}/{sku}")  # noqa: S311 - repeatable, not secret
        usual = (95, 85, 105, 60, 90)[sum(map(ord, code)) % 5]
        for age in range(PAST_QUARTERS):
            sold = units * usual * rng.randint(85, 115) // 10_000
            found.append(Told(len(found) + 1, quarters.named(last - age), sku, str(sold), "", code))
    return found
