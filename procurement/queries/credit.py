"""Sellers' scores, and the numbers they are made from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pandas as pd
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from accounts.models import Company
from procurement.models import CreditPolicy, CreditRun, ForecastScore, RunKind, RunState
from procurement.rules import crediting
from procurement.rules.crediting import WHOLE, Band, Credit, Market, Policy
from procurement.rules.quarters import named

#: The lines of all sellers in some quarters, added up by seller and quarter: what would be a row
#: for each seller's product stays in the database. Lines count of who filed by the cut-off and of
#: whom any sales are known, for products that somebody forecast. Which of them are left out is
#: what :func:`procurement.rules.crediting.censored` says of one line.
_LINES = """
WITH frozen AS (
    SELECT DISTINCT ON (filed.round_id, filed.seller_id) filed.id, filed.seller_id,
        substr(held.quarter, 1, 4)::int * 4 + substr(held.quarter, 7)::int - 1 AS quarter,
        held.state = 'closed' AS is_ordered,
        -- Left out for want of its deposit: as the closing decided, whatever was paid later.
        held.state = 'closed' AND EXISTS (
            SELECT FROM procurement_deposit AS asked WHERE asked.round_id = held.id
            AND asked.seller_id = filed.seller_id AND NOT EXISTS (
                SELECT FROM procurement_depositevent AS counted
                WHERE counted.deposit_id = asked.id AND counted.step = 'applied')) AS is_dropped
    FROM procurement_forecast AS filed JOIN procurement_poolround AS held
        ON held.id = filed.round_id
    WHERE filed.filed_at < held.cutoff_at
    ORDER BY filed.round_id, filed.seller_id, filed.version DESC
), wished AS (
    SELECT frozen.seller_id, line.product_id, frozen.quarter,
        sum(line.quantity) AS forecast, bool_and(frozen.is_ordered) AS is_ordered,
        bool_or(frozen.is_dropped) AS is_dropped
    FROM frozen JOIN procurement_forecastline AS line ON line.forecast_id = frozen.id
    WHERE frozen.quarter BETWEEN %(oldest)s AND %(newest)s
    GROUP BY 1, 2, 3
), sold AS (
    SELECT DISTINCT ON (seller_id, product_id, quarter)
        seller_id, product_id, quarter, units,
        -- Seen in the warehouse; of what a seller reports itself it is a word and no more.
        is_stocked_out AND is_from_bond AS is_stocked_out
    FROM procurement_sellersales WHERE quarter BETWEEN %(oldest)s AND %(newest)s
    ORDER BY seller_id, product_id, quarter, is_from_bond DESC, id DESC
), revised AS (
    SELECT DISTINCT ON (share.order_line_id, share.owner_id)
        share.order_line_id, share.owner_id, share.quantity
    FROM procurement_revisedshare AS share
    ORDER BY share.order_line_id, share.owner_id, share.revision_id DESC
), missing AS (
    SELECT order_line_id, owner_id, sum(quantity) AS quantity
    FROM procurement_missingshare GROUP BY 1, 2
), got AS (
    -- What stands: as agreed, less what did not arrive.
    SELECT share.owner_id AS seller_id, line.product_id,
        substr(held.quarter, 1, 4)::int * 4 + substr(held.quarter, 7)::int - 1 AS quarter,
        sum(coalesce(revised.quantity, share.quantity) - coalesce(missing.quantity, 0)) AS units
    FROM procurement_ordershare AS share
        JOIN procurement_purchaseorderline AS line ON line.id = share.line_id
        JOIN procurement_poolround AS held ON held.id = share.round_id
        LEFT JOIN revised ON revised.order_line_id = share.line_id
            AND revised.owner_id = share.owner_id
        LEFT JOIN missing ON missing.order_line_id = share.line_id
            AND missing.owner_id = share.owner_id
    WHERE held.quarter BETWEEN %(oldest_name)s AND %(newest_name)s
    GROUP BY 1, 2, 3
), lines AS (
    SELECT seller_id, product_id, quarter, coalesce(wished.forecast, 0) AS forecast,
        coalesce(sold.units, 0) AS actual, coalesce(sold.is_stocked_out, false) AS is_out,
        coalesce(wished.is_ordered, false) AS is_ordered,
        coalesce(wished.is_dropped, false) AS is_dropped,
        CASE WHEN wished.is_ordered THEN coalesce(got.units, 0) ELSE got.units END AS got
    FROM wished FULL JOIN sold USING (seller_id, product_id, quarter)
        LEFT JOIN got USING (seller_id, product_id, quarter)
    WHERE (seller_id, quarter) IN (SELECT seller_id, quarter FROM frozen)
        AND (seller_id, quarter) IN (SELECT seller_id, quarter FROM sold)
        AND (product_id, quarter) IN (SELECT product_id, quarter FROM wished)
), told AS (
    -- Who did not pay went short by its own doing: its forecast is scored as it was.
    SELECT *, CASE WHEN is_dropped THEN false WHEN got IS NULL THEN is_out
        ELSE actual >= got AND (is_out OR (is_ordered AND got < forecast)) END AS is_censored
    FROM lines
)
SELECT seller_id, quarter,
    coalesce(sum(forecast) FILTER (WHERE NOT is_censored), 0)::bigint,
    coalesce(sum(actual) FILTER (WHERE NOT is_censored), 0)::bigint,
    coalesce(sum(abs(actual - forecast)) FILTER (WHERE NOT is_censored), 0)::bigint,
    count(*) FILTER (WHERE NOT is_censored), count(*) FILTER (WHERE is_censored)
FROM told GROUP BY 1, 2 ORDER BY 1, 2
"""


def quarters_frame(newest: int) -> pd.DataFrame:
    """What each seller forecast and sold in the eight quarters up to ``newest``."""
    oldest = newest - len(crediting.WEIGHTS) + 1
    facts: dict[str, int | str] = {
        "oldest": oldest,
        "newest": newest,
        "oldest_name": named(oldest),
        "newest_name": named(newest),
    }
    with connection.cursor() as cursor:
        cursor.execute(_LINES, facts)
        return pd.DataFrame(cursor.fetchall(), columns=list(crediting.QUARTERS))


def last_run(kind: RunKind, quarter: str = "") -> CreditRun | None:
    """The newest working out that is done, of the latest quarter where none is named."""
    return runs_done(kind, quarter).first()


def runs_done(kind: RunKind, quarter: str = "") -> QuerySet[CreditRun]:
    """The workings out that are done, the latest quarter's first, of one quarter the newest.

    An earlier quarter that is worked out again later says nothing of today.
    """
    found = CreditRun.objects.filter(kind=kind, state=RunState.DONE)
    if quarter:
        found = found.filter(quarter=quarter)
    return found.order_by("-quarter", "-pk")


def score_of(seller: Company) -> ForecastScore | None:
    """A seller's score of the newest working out; None of whom that one knows nothing."""
    return scores_of(seller).filter(run=last_run(RunKind.SCORE)).first()


def scores_of(seller: Company) -> QuerySet[ForecastScore]:
    """All of a seller's scores, newest first."""
    found: QuerySet[ForecastScore] = ForecastScore.objects.filter(seller=seller)
    return found.order_by("-pk")


def newest() -> QuerySet[ForecastScore]:
    """The scores of the newest run; for operators."""
    run = last_run(RunKind.SCORE)
    found: QuerySet[ForecastScore] = ForecastScore.objects.filter(run=run)
    return found.select_related("seller")


def bands() -> dict[int, str]:
    """Every seller's band, by its id; of the newest run."""
    rows = ForecastScore.objects.filter(run=last_run(RunKind.SCORE)).order_by()
    return dict(rows.values_list("seller_id", "band"))


def market_of(run: CreditRun | None) -> Market:
    """The market that a run found; without one it is taken at its word."""
    if run is None:
        return Market()
    told = run.facts
    return Market(
        ratio=int(told.get("market_ratio", WHOLE)),
        wape=int(told.get("market_wape", 0)),
        bias=int(told.get("market_bias", 0)),
    )


@dataclass(frozen=True, slots=True)
class MarketTold:
    """The market in percent."""

    ratio: Decimal
    wape: Decimal
    bias: Decimal


def market_in_words(run: CreditRun | None) -> MarketTold:
    """The same in percent, for people."""
    market = market_of(run)
    return MarketTold(*(Decimal(one) / 100 for one in (market.ratio, market.wape, market.bias)))


def policies() -> list[Policy]:
    """The policies that were set, newest first; of one day the one that was set last."""
    rows = CreditPolicy.objects.order_by("-valid_from", "-pk").distinct("valid_from")
    return [
        Policy(
            valid_from=row.valid_from,
            shrunk_by=row.shrunk_by,
            newcomer_band=row.newcomer_band,
            newcomer_units=row.newcomer_units,
            bands=tuple(crediting.Band(*band) for band in row.bands),
        )
        for row in rows
    ]


def policy_on(day: date) -> Policy:
    """The policy of a day."""
    return crediting.policy_on(day, policies())


def credit_on(
    on: date, *, sellers: Collection[int] | None = None
) -> tuple[dict[int, Credit], Credit]:
    """What counts of each seller's score on a day, and what stands for whoever has none.

    For :func:`procurement.rules.crediting.apply`; ask ``platform_wide``.
    """
    policy = policy_on(on)
    run = last_run(RunKind.SCORE)
    rows = ForecastScore.objects.filter(run=run).order_by()
    if sellers is not None:
        rows = rows.filter(seller__in=list(sellers))
    known = {
        seller: Credit(factor, policy.band(band), policy, is_new)
        for seller, factor, band, is_new in rows.values_list(
            "seller_id", "factor", "band", "is_new"
        )
    }
    newcomer = Credit(market_of(run).ratio, policy.band(policy.newcomer_band), policy, True)
    return known, newcomer


def bands_on(day: date, sellers: Collection[int]) -> dict[int, Band]:
    """The band of each of these sellers on a day, a newcomer's for whoever has no score.

    In one statement while nobody has set a policy, in two after that.
    """
    newest = runs_done(RunKind.SCORE).values("pk")[:1]
    scores = ForecastScore.objects.filter(seller=OuterRef("pk"), run=Subquery(newest))
    rows = (
        Company.objects.filter(pk__in=list(sellers))
        .order_by("pk")
        .values_list("pk", Subquery(scores.values("band")[:1]), Exists(CreditPolicy.objects.all()))
    )
    told = {pk: (band, is_set) for pk, band, is_set in rows}
    is_set = any(one for _band, one in told.values())
    policy = crediting.policy_on(day, policies() if is_set else [])
    return {pk: policy.band(band or policy.newcomer_band) for pk, (band, _) in told.items()}


def credit_of(seller: Company, on: date) -> Credit:
    """What counts of one seller's score on a day."""
    known, newcomer = credit_on(on, sellers=[seller.pk])
    return known.get(seller.pk, newcomer)
