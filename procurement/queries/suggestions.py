"""Quantities suggested to sellers, and in words how they were come to."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Company
from procurement.models import PoolRound, RunKind, Suggestion
from procurement.queries import credit


def for_lines(
    round: PoolRound, seller: Company, products: Collection[int] | None = None
) -> dict[int, Suggestion]:
    """What is suggested to a seller for a round, by product id; of the newest working out."""
    run = credit.runs_done(RunKind.SUGGEST, round.quarter)
    rows = Suggestion.objects.filter(run=Subquery(run.values("pk")[:1]), seller=seller)
    if products is not None:
        rows = rows.filter(product__in=list(products))
    return {one.product_id: one for one in rows}


def method_of(one: Suggestion) -> str:
    """The method by its name, with its figures, in the reader's language."""
    own = ngettext(
        "exponential smoothing on %(n)s own quarter",
        "exponential smoothing on %(n)s own quarters",
        one.own_quarters,
    ) % {"n": one.own_quarters}
    if one.fitted_quarters:
        market = _("%(percent)s %% weight on the market (ETS over %(n)s quarters)") % {
            "percent": one.market_percent,
            "n": one.fitted_quarters,
        }
    else:
        market = _("%(percent)s %% weight on the market's last quarter") % {
            "percent": one.market_percent
        }
    return _("%(own)s, %(market)s") % {"own": own, "market": market}
