"""A score in words and numbers: the formula with what stands in it, and what it means in money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import Company
from procurement.models import CreditRun, ForecastScore, PoolRound, RunKind
from procurement.queries import credit
from procurement.rules import crediting
from procurement.rules.crediting import Band, Policy


@dataclass(frozen=True, slots=True)
class Quarter:
    """One past quarter: units of the lines that count, and how many lines are left out."""

    quarter: str
    weight: Decimal
    forecast: int
    sold: int
    error: int
    lines: int
    censored: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What a band sets, with what the coming round sets: percents, and units of 100 wished."""

    band: Band
    until_score: int
    deposit_percent: int
    tolerance_percent: int
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """A seller's credit, ready to be told. Without a score it is a newcomer's."""

    score: ForecastScore | None
    run: CreditRun | None
    policy: Policy
    band: Band
    is_new: bool
    shrunk_by: int
    #: Weighted units, three decimals.
    forecast: Decimal
    sold: Decimal
    error: Decimal
    #: Four decimals.
    market_ratio: Decimal
    market_wape: Decimal
    market_bias: Decimal
    wape: Decimal
    bias: Decimal
    factor: Decimal
    tracking: Decimal
    points: int
    quarters: Sequence[Quarter]
    terms: Sequence[Terms]
    advice: Sequence[str]

    @property
    def entitled_of_100(self) -> int:
        """Units of 100 wished that this seller stands with in a shortage."""
        return crediting.entitlement(
            quantity=100,
            most=100,
            factor=int(self.factor * crediting.WHOLE),
            band=self.band,
            policy=self.policy,
            is_new=self.is_new,
        )

    @property
    def accuracy(self) -> Decimal:
        """1 - min(1, WAPE)"""
        return max(1 - self.wape, Decimal(0))

    @property
    def evenness(self) -> Decimal:
        """1 - |bias| / 2"""
        return max(1 - abs(self.bias) / 2, Decimal(0))

    @property
    def error_share(self) -> Decimal | None:
        """The seller's own error before the market is mixed in."""
        return (self.error / self.sold).quantize(Decimal("0.0001")) if self.sold else None


def explain(seller: Company, *, on: date, round: PoolRound | None = None) -> Explained:
    """A seller's newest score; ``round`` is the one whose deposit and tolerance are told."""
    found = credit.score_of(seller)
    run = found.run if found else credit.last_run(RunKind.SCORE)
    policy = credit.policy_on(found.policy_from if found else on)
    market = credit.market_of(run)
    band = policy.band(found.band if found else policy.newcomer_band)
    is_new = found is None or found.is_new
    return Explained(
        score=found,
        run=run,
        policy=policy,
        band=band,
        is_new=is_new,
        shrunk_by=found.shrunk_by if found else policy.shrunk_by,
        forecast=_units(found.forecast_milli if found else 0),
        sold=_units(found.actual_milli if found else 0),
        error=_units(found.error_milli if found else 0),
        market_ratio=_ratio(found.market_ratio if found else market.ratio),
        market_wape=_ratio(found.market_wape if found else market.wape),
        market_bias=_ratio(found.market_bias if found else market.bias),
        wape=_ratio(found.wape if found else market.wape),
        bias=_ratio(found.bias if found else market.bias),
        factor=_ratio(found.factor if found else market.ratio),
        tracking=Decimal(found.tracking if found else 0) / 100,
        points=found.score if found else crediting.points_of(wape=market.wape, bias=market.bias),
        quarters=[_quarter(past) for past in (found.pasts if found else [])],
        terms=terms(policy, mine=band.name, round=round),
        advice=_advice(found),
    )


def terms(policy: Policy, *, mine: str = "", round: PoolRound | None = None) -> list[Terms]:
    """The bands of a policy, best first, with what a round makes of them."""
    deposit = round.deposit_percent if round else 0
    tolerance = round.tolerance_limit_percent if round else 100
    tops = [100, *(band.from_score - 1 for band in policy.bands)]
    return [
        Terms(
            band=band,
            until_score=top,
            deposit_percent=crediting.deposit_percent(deposit, band),
            tolerance_percent=crediting.tolerance_percent(tolerance, band),
            is_mine=band.name == mine,
        )
        for band, top in zip(policy.bands, tops, strict=False)
    ]


def _quarter(past: dict[str, int | str]) -> Quarter:
    return Quarter(
        quarter=str(past["quarter"]),
        weight=Decimal(past["weight"]) / 1000,
        forecast=int(past["forecast"]),
        sold=int(past["actual"]),
        error=int(past["error"]),
        lines=int(past["lines"]),
        censored=int(past["censored"]),
    )


def _units(milli: int) -> Decimal:
    return Decimal(milli) / 1000


def _ratio(parts: int) -> Decimal:
    return Decimal(parts) / crediting.WHOLE


def _advice(score: ForecastScore | None) -> list[str]:
    """What would raise the score most, in a seller's words; the nearest first."""
    if score is None or score.is_new:
        return [
            _(
                "File a forecast before the cut-off and report what you sold: one quarter is "
                "enough for a score of your own."
            ),
            _(
                "Sales drawn from bond count by themselves; only what you sold elsewhere needs a "
                "report."
            ),
        ]
    told = []
    if score.bias > crediting.WHOLE // 10:
        told.append(
            _(
                "You forecast more than you sell: %(percent)s %% too much. Forecast what you "
                "expect to sell: what was too much lowers the factor by which your forecasts "
                "count in a shortage."
            )
            % {"percent": _percent(score.bias)}
        )
    if score.bias < -crediting.WHOLE // 10:
        told.append(
            _(
                "You forecast less than you sell: %(percent)s %% too little. What is not forecast "
                "is not bought for you."
            )
            % {"percent": _percent(-score.bias)}
        )
    if abs(score.tracking) > crediting.ONE_SIDED:
        told.append(
            _(
                "You err to the same side in every quarter. Add or take off the usual difference "
                "before you file."
            )
        )
    if score.wape > score.market_wape:
        told.append(
            _(
                "Your error is larger than the market's. Start from the suggested quantity of each "
                "line and change only what you know better."
            )
        )
    if any(past["censored"] for past in score.pasts):
        told.append(
            _(
                "Lines that ran out in the bonded warehouse, or of which the pool gave less, are "
                "left out: they neither help nor harm."
            )
        )
    told.append(
        _(
            "Old quarters fade: after two quarters an error weighs half. Use the tolerance of a "
            "line for what you are not sure of; it is not scored."
        )
    )
    return told


def _percent(parts: int) -> Decimal:
    return (Decimal(parts) / 100).quantize(Decimal(1))
