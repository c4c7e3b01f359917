"""What a seller's forecasts were worth: its score, its band, and what the band sets.

Everything is exact. Weights are thousandths, so weighted units are whole thousandths of a unit;
ratios are whole ten-thousandths ("parts"), halves rounded up. Who has the numbers that a score
stores comes to the same score with pencil and paper.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from procurement.rules.disclosing import FEWEST_SELLERS

#: Columns of the history: a line is one product of one seller in one quarter. ``quarter`` counts
#: quarters since the year 0; ``is_censored`` says that more would have been sold.
HISTORY = ("seller_id", "product_id", "quarter", "forecast", "actual", "is_censored")

#: The same added up by seller and quarter: lines that are left out are counted and no more.
QUARTERS = ("seller_id", "quarter", "forecast", "actual", "error", "lines", "censored")

Whole = npt.NDArray[np.int64]

#: More units than anybody may file of one product.
NO_CAP = 2**31

#: A ratio of 1, in parts.
WHOLE = 10_000
#: Weight of a quarter that is so many quarters older than the newest: half after two quarters.
WEIGHTS = (1000, 707, 500, 354, 250, 177, 125, 88)
#: A tracking signal beyond this says that a seller errs to one side (hundredths).
ONE_SIDED = 400


@dataclass(frozen=True, slots=True)
class Band:
    """What sellers with a score of at least ``from_score`` pay and may; all of it in percent.

    ``deposit`` and ``tolerance`` are of what the round sets, ``priority`` of the entitlement.
    """

    name: str
    from_score: int
    deposit: int
    tolerance: int
    priority: int


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one period; a score keeps the day of the policy it was made under.

    ``shrunk_by``: so many units of the market's history stand beside each seller's own.
    ``newcomer_units``: whoever has no history yet is entitled to no more of one product.
    """

    valid_from: date
    shrunk_by: int
    newcomer_band: str
    newcomer_units: int
    bands: tuple[Band, ...]

    def band_of(self, score: int) -> Band:
        return next(band for band in self.bands if score >= band.from_score)

    def band(self, name: str) -> Band:
        return next(band for band in self.bands if band.name == name)


#: Newest first. Counting each line is strict: of 2,162 real small sellers half come to 3 or less.
POLICIES = (
    Policy(
        valid_from=date(2026, 1, 1),
        shrunk_by=20,
        newcomer_band="C",
        newcomer_units=240,
        bands=(
            Band("A", 50, deposit=50, tolerance=100, priority=100),
            Band("B", 25, deposit=75, tolerance=75, priority=95),
            Band("C", 10, deposit=100, tolerance=50, priority=85),
            Band("D", 0, deposit=150, tolerance=25, priority=70),
        ),
    ),
)


def policy_on(day: date, kept: Sequence[Policy] = ()) -> Policy:
    """The policy of a day; before the first one began it is the first. ``kept`` are those that
    were set since, of which the newest stands first."""
    begun = [one for one in (*kept, *POLICIES) if one.valid_from <= day]
    return max(begun, key=lambda one: one.valid_from, default=POLICIES[-1])


@dataclass(frozen=True, slots=True)
class Market:
    """All sellers together, in parts: sold of what was forecast, error and bias of what was sold.

    Of fewer than three sellers, or without any history, it is taken at its word: who knows its own
    history and these figures would know the other's.
    """

    ratio: int = WHOLE
    wape: int = 0
    bias: int = 0


@dataclass(frozen=True, slots=True)
class Past:
    """One quarter of one seller: units of the lines that count, and how many lines do not."""

    quarter: int
    weight: int
    forecast: int
    actual: int
    error: int
    lines: int
    censored: int


@dataclass(frozen=True, slots=True)
class Score:
    """A seller's score with the numbers it was made of.

    ``*_milli`` are weighted thousandths of units; ``wape``, ``bias`` and ``factor`` are parts,
    already shrunk to the market; ``tracking`` is hundredths.
    """

    seller_id: int
    pasts: tuple[Past, ...]
    forecast_milli: int
    actual_milli: int
    error_milli: int
    wape: int
    bias: int
    factor: int
    tracking: int
    score: int
    band: str

    @property
    def is_new(self) -> bool:
        """Nothing of this seller could be counted: it stands where the market stands."""
        return not (self.forecast_milli or self.actual_milli)

    @property
    def is_one_sided(self) -> bool:
        return abs(self.tracking) > ONE_SIDED


def censored(
    *, forecast: int, actual: int, got: int | None, is_seen_out: bool, is_ordered: bool
) -> bool:
    """Whether a line is left out because what was sold does not tell what was wanted.

    ``got``: the units the pool gave the seller, None where it does not know. Two cases, both of
    which the platform sees itself. The pool gave less than was forecast and all that it gave was
    sold (``is_ordered``: the round had come to its orders). Or nothing was left in the bonded
    warehouse at the quarter's end (``is_seen_out``, by its movements), where the seller sold at
    least what it had been given. What a seller says of its stock elsewhere is its word and leaves
    nothing out: it would hide a forecast that was wrong.
    """
    if got is None:
        return is_seen_out
    if is_ordered and got < forecast and actual >= got:
        return True
    return is_seen_out and actual >= got


def score(
    history: pd.DataFrame,
    *,
    newest: int,
    policy: Policy,
    sellers: Collection[int] = (),
) -> tuple[Market, list[Score]]:
    """Score every seller in the history, and ``sellers`` even without one, by id.

    ``newest`` is the last quarter that is over; the eight up to it count. Lines are pooled with
    numpy, what is left is one row a seller and is worked out in whole numbers of any size.
    """
    return score_quarters(by_quarter(history), newest=newest, policy=policy, sellers=sellers)


def score_quarters(
    told: pd.DataFrame, *, newest: int, policy: Policy, sellers: Collection[int] = ()
) -> tuple[Market, list[Score]]:
    """The same of lines that are added up already (:data:`QUARTERS`)."""
    age = newest - told["quarter"]
    quarters = told[(age >= 0) & (age < len(WEIGHTS))].sort_values(["seller_id", "quarter"])
    weights = [WEIGHTS[newest - quarter] for quarter in quarters["quarter"].tolist()]
    quarters = quarters.assign(weight=weights)
    sums = {
        pk: (sum_f, sum_a, sum_e)
        for pk, sum_f, sum_a, sum_e in _weighted(quarters).itertuples(name=None)
    }
    market = _market(sums.values())
    pasts = _pasts(quarters)
    found = []
    for pk in sorted({*pasts, *sellers}):
        found.append(_score(pk, pasts.get(pk, ()), sums.get(pk, (0, 0, 0)), market, policy))
    return market, found


def by_quarter(history: pd.DataFrame) -> pd.DataFrame:
    """Lines (:data:`HISTORY`) added up by seller and quarter (:data:`QUARTERS`)."""
    counts = ~history["is_censored"].astype(bool)
    forecast = history["forecast"].astype("int64").where(counts, 0)
    actual = history["actual"].astype("int64").where(counts, 0)
    told = pd.DataFrame(
        {
            "seller_id": history["seller_id"],
            "quarter": history["quarter"],
            "forecast": forecast,
            "actual": actual,
            "error": (actual - forecast).abs(),
            "lines": counts.astype("int64"),
            "censored": (~counts).astype("int64"),
        }
    )
    return told.groupby(["seller_id", "quarter"], as_index=False, sort=True).sum()


def _weighted(quarters: pd.DataFrame) -> pd.DataFrame:
    columns = ["forecast", "actual", "error"]
    weighted = quarters[columns].mul(quarters["weight"], axis=0)
    return weighted.groupby(quarters["seller_id"], sort=True).sum()[columns]


def _pasts(quarters: pd.DataFrame) -> dict[int, tuple[Past, ...]]:
    names = ("quarter", "weight", "forecast", "actual", "error", "lines", "censored")
    found: dict[int, list[Past]] = {}
    for seller, *told in zip(
        quarters["seller_id"].tolist(), *(quarters[name].tolist() for name in names), strict=True
    ):
        found.setdefault(seller, []).append(Past(*told))
    return {seller: tuple(pasts) for seller, pasts in found.items()}


def _market(sums: Iterable[tuple[int, int, int]]) -> Market:
    forecast = actual = error = 0
    told = [one for one in sums if any(one)]
    if len(told) < FEWEST_SELLERS:
        return Market()
    for one in told:
        forecast, actual, error = forecast + one[0], actual + one[1], error + one[2]
    return Market(
        ratio=_parts(actual * WHOLE, forecast) if forecast else WHOLE,
        wape=_parts(error * WHOLE, actual) if actual else 0,
        bias=_parts((forecast - actual) * WHOLE, actual) if actual else 0,
    )


def _score(
    seller: int,
    pasts: tuple[Past, ...],
    sums: tuple[int, int, int],
    market: Market,
    policy: Policy,
) -> Score:
    forecast, actual, error = sums
    k = policy.shrunk_by * 1000
    wape = _parts(error * WHOLE + k * market.wape, actual + k)
    bias = _parts((forecast - actual) * WHOLE + k * market.bias, actual + k)
    factor = _parts(actual * WHOLE + k * market.ratio, forecast + k)
    points = points_of(wape=wape, bias=bias)
    is_new = not (forecast or actual)
    return Score(
        seller_id=seller,
        pasts=pasts,
        forecast_milli=forecast,
        actual_milli=actual,
        error_milli=error,
        wape=wape,
        bias=bias,
        factor=factor,
        tracking=_tracking(pasts),
        score=points,
        band=policy.newcomer_band if is_new else policy.band_of(points).name,
    )


def points_of(*, wape: int, bias: int) -> int:
    """100 x (1 - min(1, WAPE)) x (1 - |bias| / 2), never below 0; halves are rounded up."""
    exact = (WHOLE - min(wape, WHOLE)) * (2 * WHOLE - min(abs(bias), 2 * WHOLE))
    return _parts(100 * exact, 2 * WHOLE * WHOLE)


def _tracking(pasts: Iterable[Past]) -> int:
    """Sum of (forecast - sold) in the quarters' mean absolute differences, in hundredths."""
    apart = [past.forecast - past.actual for past in pasts if past.lines]
    absolute = sum(abs(one) for one in apart)
    return _parts(100 * sum(apart) * len(apart), absolute) if absolute else 0


def _parts(numerator: int, denominator: int) -> int:
    """The quotient as a whole number; halves go up."""
    return (2 * numerator + denominator) // (2 * denominator)


# --- what the band sets


def deposit_percent(base: int, band: Band) -> int:
    """Percent of the expected landed cost that is due before the order, at most all of it."""
    return min(100, _parts(base * band.deposit, 100))


def tolerance_percent(limit: int, band: Band) -> int:
    """Percent of a wish that may be declared as "could do without" or "would take more"."""
    return limit * band.tolerance // 100


def entitlement(
    *, quantity: int, most: int, factor: int, band: Band, policy: Policy, is_new: bool = False
) -> int:
    """Units a seller stands with in a shortage: f x forecast, weighted by its band.

    Never more than it would take. A newcomer stands with the market's factor and a cap.
    """
    units = _parts(quantity * factor * band.priority, WHOLE * 100)
    if is_new:
        units = min(units, policy.newcomer_units)
    return min(units, most)


def ordered(*, quantity: int, factor: int) -> int:
    """Units of a wish that are ordered where the round applies credit: f x forecast, never more
    than was wished, and never nothing of a wish."""
    return min(quantity, max(1, _parts(quantity * factor, WHOLE))) if quantity else 0


def counted(*, quantity: int, less: int, factor: int) -> tuple[int, int]:
    """What a round that orders by credit counts of a wish, and what of that may be done without.

    ``less`` changes nothing of how much counts. The discount takes first what could be done
    without, then of the firm part: of 100, less 40, at half 50 count, all of them firm.
    """
    units = ordered(quantity=quantity, factor=factor)
    return units, max(0, units - (quantity - less))


def discounted(quantity: Whole, less: Whole, ordered: Whole) -> Whole:
    """The second part of :func:`counted` for many wishes whose ``ordered`` units are known."""
    return np.maximum(ordered - (quantity - less), 0).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Credit:
    """What counts of a seller's score when a round is worked out."""

    factor: int
    band: Band
    policy: Policy
    is_new: bool

    def entitled(self, quantity: int, most: int) -> int:
        return entitlement(
            quantity=quantity,
            most=most,
            factor=self.factor,
            band=self.band,
            policy=self.policy,
            is_new=self.is_new,
        )

    def ordered(self, quantity: int) -> int:
        return ordered(quantity=quantity, factor=self.factor)


def apply(
    lines: pd.DataFrame, known: Mapping[int, Credit], newcomer: Credit
) -> tuple[Whole, Whole]:
    """Entitlements and ordered units of many lines (``seller_id``, ``quantity``, ``more``).

    Whoever was never scored is a ``newcomer``. The same as :meth:`Credit.entitled` and
    :meth:`Credit.ordered` of each line, for a million of them at once.
    """
    sellers, at = np.unique(lines["seller_id"].to_numpy(np.int64), return_inverse=True)
    of = [known.get(pk, newcomer) for pk in sellers.tolist()]
    factor, priority, cap = (
        np.array(numbers, dtype=np.int64)[at]
        for numbers in (
            [one.factor for one in of],
            [one.band.priority for one in of],
            [one.policy.newcomer_units if one.is_new else NO_CAP for one in of],
        )
    )
    quantity = lines["quantity"].to_numpy(np.int64)
    most = quantity + lines["more"].to_numpy(np.int64)
    claim = (2 * quantity * factor * priority + WHOLE * 100) // (2 * WHOLE * 100)
    units = np.maximum((2 * quantity * factor + WHOLE) // (2 * WHOLE), 1)
    return (
        np.minimum(np.minimum(claim, cap), most),
        np.where(quantity > 0, np.minimum(quantity, units), 0),
    )
