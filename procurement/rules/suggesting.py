"""What a seller will probably sell of a product in a quarter, and between which bounds.

Three steps, all of them set-based. The market's series of each product is smoothed by
statsmodels (ETS with additive errors, no trend, no season: "simple exponential smoothing") where
it is long enough. Each seller's own series is smoothed with one factor for all of them and put
together with its share of the market's forecast; beside few own quarters the market weighs more.
What remains to choose (the smoothing factor, how fast own history outweighs the market, and how
much of a level of which size comes again) is chosen as what would have erred least in the
quarters known so far. The answer is whole units; floats live and die in here.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product as every

import numpy as np
import numpy.typing as npt
import pandas as pd

#: Columns of the history; ``quarter`` counts quarters, a line that ran out of stock is censored.
SALES = ("seller_id", "product_id", "quarter", "units", "is_censored")

#: Market series of at least so many quarters are fitted; shorter ones say their last quarter.
ENOUGH = 4
#: Of ten quarters about eight should fall between ``low`` and ``high``.
COVERS = 80
_Z = 1.2816
#: Where several erred the same the first is taken: a series of one quarter tells nothing of it.
_SMOOTHINGS = (0.9, 0.7, 0.5, 0.3)
#: Own quarters at which own history and market weigh the same.
_EVEN = (0.25, 0.5, 1.5)
#: How much of a level comes again, chosen for each size of level: a single sale seldom does.
_AGAIN = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.3, 1.1, 1.2, 1.3)
_SIZES = (1.5, 4.0, 10.0, 30.0)
#: A wrong sum of all sellers counts beside the sellers' own errors: the pool buys the sum. Without
#: it, little would be suggested to everybody, which errs least for each and starves the pool.
_SUM_COUNTS = 0.3

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen from the past, in percent; kept with what it led to."""

    smoothing: int = 90
    even: int = 50
    again: tuple[int, ...] = (100,) * (len(_SIZES) + 1)
    #: Quarters it was tried on; with none of them the figures above are the house's.
    tried: int = 0


@dataclass(frozen=True, slots=True)
class Suggested:
    """Columns of what was found, one place a seller's product."""

    seller_id: list[int]
    product_id: list[int]
    units: list[int]
    low: list[int]
    high: list[int]
    #: Quarters since the seller's first sale of it, and the market's weight in percent.
    own_quarters: list[int]
    market_percent: list[int]
    #: Quarters of the product's market that statsmodels smoothed; 0 where they were too few.
    fitted_quarters: list[int]
    chosen: Chosen


def suggest(sales: pd.DataFrame, *, newest: int) -> Suggested:
    """Suggest for the quarter after ``newest``: a line for every seller and product ever sold.

    A censored quarter counts as at least what was smoothed before it: less was sold than could
    have been.
    """
    series = _series(sales, newest)
    chosen = _choose(series)
    return _suggested(series, series.width, chosen)


@dataclass(frozen=True, slots=True)
class _Series:
    """``units`` has a row for each seller's product and a column for each quarter."""

    seller_id: Ints
    product_id: Ints
    product: Ints  # place of the row's product among ``products``
    products: Ints
    units: Floats
    censored: npt.NDArray[np.bool_]

    @property
    def width(self) -> int:
        return int(self.units.shape[1])


def _series(sales: pd.DataFrame, newest: int) -> _Series:
    known = sales[sales["quarter"] <= newest]
    first = int(known["quarter"].min()) if len(known) else newest
    width = newest - first + 1
    grouped = known.groupby(["seller_id", "product_id"], sort=True)
    pairs = grouped.ngroup().to_numpy(dtype=np.int64)
    heads = known[["seller_id", "product_id"]].drop_duplicates()
    heads = heads.sort_values(["seller_id", "product_id"])
    units = np.zeros((len(heads), width))
    censored = np.zeros((len(heads), width), dtype=bool)
    at = known["quarter"].to_numpy(dtype=np.int64) - first
    np.add.at(units, (pairs, at), known["units"].to_numpy(dtype=np.float64))
    np.logical_or.at(censored, (pairs, at), known["is_censored"].to_numpy(dtype=bool))
    products, place = np.unique(heads["product_id"].to_numpy(dtype=np.int64), return_inverse=True)
    return _Series(
        heads["seller_id"].to_numpy(dtype=np.int64),
        heads["product_id"].to_numpy(dtype=np.int64),
        place.astype(np.int64),
        products,
        units,
        censored,
    )


def _levels(series: _Series, upto: int, smoothing: float) -> tuple[Floats, Ints]:
    """Each row's smoothed level before column ``upto``, and its quarters since the first sale."""
    level = np.zeros(len(series.units))
    ages = np.zeros(len(series.units), dtype=np.int64)
    for at in range(upto):
        sold = series.units[:, at]
        sold = np.where(series.censored[:, at], np.maximum(sold, level), sold)
        started = ages > 0
        begins = ~started & (sold > 0)
        level = np.where(started, level + smoothing * (sold - level), np.where(begins, sold, 0.0))
        ages += started | begins
    return level, ages


def _of_market(series: _Series, upto: int, market: Floats) -> Floats:
    """Each row's share, in all quarters so far, of the market's forecast of its product."""
    own = series.units[:, :upto].sum(axis=1)
    every_one = np.bincount(series.product, weights=own, minlength=len(series.products))
    whole = every_one[series.product]
    share = np.divide(own, whole, out=np.zeros_like(own), where=whole > 0)
    found: Floats = share * market[series.product]
    return found


def _weights(ages: Ints, even: float) -> Floats:
    """The market's weight beside so many own quarters."""
    if not even:
        return np.zeros(len(ages))
    found: Floats = even / (even + np.maximum(ages, 1))
    return found


def _last(series: _Series, upto: int) -> Floats:
    found: Floats = np.zeros(len(series.products))
    np.add.at(found, series.product, series.units[:, upto - 1])
    return found


def _choose(series: _Series) -> Chosen:
    """What would have erred least in the quarters that are known; ties go to the first tried.

    While choosing, the market's forecast is its last quarter: 248 fits a quarter and a try would
    cost more than they tell.
    """
    if series.width < 2 or not series.units.any():
        return Chosen()
    targets = range(max(1, series.width - 4), series.width)
    best: tuple[float, Chosen] | None = None
    for smoothing, even in every(_SMOOTHINGS, _EVEN):
        off = np.zeros((len(_AGAIN), len(_SIZES) + 1))
        for upto in targets:
            plain = _mixed(series, upto, smoothing, even, _last(series, upto))[0]
            off += _errors(plain, series.units[:, upto])
        again = off.argmin(axis=0)
        erred = float(off.min(axis=0).sum())
        if best is None or erred < best[0]:
            chosen = Chosen(
                round(smoothing * 100),
                round(even * 100),
                tuple(round(_AGAIN[at] * 100) for at in again),
                len(targets),
            )
            best = (erred, chosen)
    return best[1] if best else Chosen()


def _errors(plain: Floats, actual: Floats) -> Floats:
    """What each part that could come again (row) errs for each size of level (column)."""
    size = np.digitize(plain, _SIZES)
    found = np.zeros((len(_AGAIN), len(_SIZES) + 1))
    for row, again in enumerate(_AGAIN):
        apart = np.floor(plain * again + 0.5) - actual
        told = plain > 0
        each = np.bincount(size[told], np.abs(apart[told]), len(_SIZES) + 1)
        summed = np.abs(np.bincount(size[told], apart[told], len(_SIZES) + 1))
        found[row] = each + _SUM_COUNTS * summed
    return found


def _expected(
    series: _Series, upto: int, chosen: Chosen, market: Floats
) -> tuple[Floats, Floats, Ints]:
    """What is expected of each row, the market's weight in it, and the row's own quarters."""
    plain, weight, ages = _mixed(series, upto, chosen.smoothing / 100, chosen.even / 100, market)
    again = np.array(chosen.again)[np.digitize(plain, _SIZES)] / 100
    found: Floats = plain * again
    return found, weight, ages


def _mixed(
    series: _Series, upto: int, smoothing: float, even: float, market: Floats
) -> tuple[Floats, Floats, Ints]:
    level, ages = _levels(series, upto, smoothing)
    weight = _weights(ages, even)
    found: Floats = (1 - weight) * level + weight * _of_market(series, upto, market)
    return found, weight, ages


def _suggested(series: _Series, upto: int, chosen: Chosen) -> Suggested:
    market, fitted = _market(series, upto)
    mean, weight, ages = _expected(series, upto, chosen, market)
    units = np.floor(mean + 0.5).astype(np.int64)
    spread = _Z * np.sqrt(_dispersion(series, upto, chosen) * np.maximum(mean, 0.25))
    low = np.maximum(np.floor(mean - spread), 0).astype(np.int64)
    high = np.ceil(mean + spread).astype(np.int64)
    return Suggested(
        series.seller_id.tolist(),
        series.product_id.tolist(),
        units.tolist(),
        np.minimum(low, units).tolist(),
        np.maximum(high, units).tolist(),
        ages.tolist(),
        np.floor(weight * 100 + 0.5).astype(np.int64).tolist(),
        fitted[series.product].tolist(),
        chosen,
    )


def _dispersion(series: _Series, upto: int, chosen: Chosen) -> float:
    """Variance of the errors so far in units of their level, over all sellers; 1 is Poisson's.

    One large seller among thousands of small ones must not widen everybody's bounds: errors are
    taken at their level's own measure, and the middle 80 % of them is what the bounds promise.
    """
    found: list[Floats] = []
    for at in range(max(1, upto - 4), upto):
        mean = _expected(series, at, chosen, _last(series, at))[0]
        told = mean > 0
        off = np.abs(series.units[:, at] - mean)[told]
        found.append(off / np.sqrt(np.maximum(mean[told], 0.25)))
    errors = np.concatenate(found) if found else np.zeros(0)
    if len(errors) < 30:  # too few to tell
        return 1.5
    return float((np.quantile(errors, COVERS / 100) / _Z) ** 2)


def _market(series: _Series, upto: int) -> tuple[Floats, Ints]:
    """The market's forecast of each product, and how many quarters were fitted."""
    places = len(series.products)
    table = np.zeros((places, upto))
    for at in range(upto):
        table[:, at] = np.bincount(series.product, weights=series.units[:, at], minlength=places)
    found, fitted = table[:, -1].copy(), np.zeros(places, dtype=np.int64)
    for place, row in enumerate(table):
        begun = np.flatnonzero(row)
        told = row[begun[0] :] if len(begun) else row[:0]
        if len(told) >= ENOUGH and np.ptp(told) > 0:
            found[place], fitted[place] = max(smoothed(told), 0.0), len(told)
    return found, fitted


def smoothed(series: Sequence[float] | Floats) -> float:
    """A series' next value by statsmodels' ETS(A,N,N)."""
    # Two seconds of import: only who fits pays them, and that is a worker.
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    with warnings.catch_warnings():
        # Of four quarters an optimum is often at the edge; it is as good as any.
        warnings.simplefilter("ignore")
        fit = ETSModel(np.asarray(series, dtype=np.float64), error="add").fit(disp=False)
    return float(fit.forecast(1)[0])


# --- how good it is


@dataclass(frozen=True, slots=True)
class Tried:
    """One quarter of the past, as if it had not happened yet; WAPE in ten-thousandths."""

    quarter: int
    lines: int
    sold: int
    suggested: int
    naive: int
    filed: int | None
    #: The same per product, all sellers together: what the pool feels.
    pooled_suggested: int
    pooled_naive: int
    #: Percent of lines with a suggestion whose sales fell between its bounds.
    covered: int


def backtest(sales: pd.DataFrame, filed: pd.DataFrame | None = None) -> list[Tried]:
    """For each quarter but the first: error of the suggestion made before it, of the naive
    forecast (last quarter again) and of what was ``filed`` (``SALES`` with forecasts as units).

    All three are measured over the same lines, those sold, suggested or filed by anybody; who
    sold what it had never sold before is an error of all that know only the past.
    """
    found = []
    for quarter in sorted(sales["quarter"].unique().tolist())[1:]:
        past = sales[sales["quarter"] < quarter]
        told = suggest(past, newest=quarter - 1)
        keys = pd.MultiIndex.from_arrays(
            [told.seller_id, told.product_id], names=["seller_id", "product_id"]
        )
        guess = pd.Series(told.units, index=keys, dtype="int64")
        bounds = (pd.Series(told.low, index=keys), pd.Series(told.high, index=keys))
        actual = _units_of(sales, quarter)
        before = _units_of(sales, quarter - 1)
        wish = None if filed is None else _units_of(filed, quarter)
        whole = int(actual.sum())
        seen = actual.reindex(keys, fill_value=0)
        within = (seen >= bounds[0]) & (seen <= bounds[1])
        found.append(
            Tried(
                quarter=int(quarter),
                lines=len(actual.index.union(keys)),
                sold=whole,
                suggested=_wape(guess, actual, whole),
                naive=_wape(before, actual, whole),
                filed=None if wish is None else _wape(wish, actual, whole),
                pooled_suggested=_wape(_pooled(guess), _pooled(actual), whole),
                pooled_naive=_wape(_pooled(before), _pooled(actual), whole),
                covered=int(100 * within.mean()) if len(within) else 0,
            )
        )
    return found


def _units_of(frame: pd.DataFrame, quarter: int) -> pd.Series:
    lines = frame[frame["quarter"] == quarter]
    found: pd.Series = lines.groupby(["seller_id", "product_id"])["units"].sum()
    return found


def _pooled(units: pd.Series) -> pd.Series:
    found: pd.Series = units.groupby(level="product_id").sum()
    return found


def _wape(guess: pd.Series, actual: pd.Series, whole: int) -> int:
    off = guess.sub(actual, fill_value=0).abs().sum()
    return int(10_000 * off // whole) if whole else 0
