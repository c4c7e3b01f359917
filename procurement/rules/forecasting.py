"""When a forecast may be filed and what may stand in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.errors import DomainError, InputError

#: More units of one product than any small seller sells in a quarter: a typing mistake.
LARGEST_LINE = 1_000_000

_NO_TOLERANCE: list[int | str] = [0, 0]
_WHOLE = re.compile(r"\d{1,18}", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,18}(?:[.,]\d+)?", re.ASCII)


class RoundNotOpenYet(DomainError):
    """Forecasts for this quarter cannot be filed yet: its round has not opened."""

    code = "procurement.round_not_open_yet"


class RoundClosed(DomainError):
    """The cut-off of this quarter's round has passed; forecasts are no longer taken."""

    # What comes now can be kept for the next round: services.keep_late_wish.

    code = "procurement.round_closed"


class FillNotImproved(DomainError):
    """After the cut-off only changes that improve the fill of packs are taken; this is none."""

    code = "procurement.fill_not_improved"


class FillNotJudged(DomainError):
    """Fewer than three sellers want this product: after the cut-off one adds whole packs to it,
    takes more or does without less. Whether another change fills packs would tell what they
    want."""

    code = "procurement.fill_not_judged"


class FillTriesUsedUp(DomainError):
    """After the cut-off a product is changed three times at most, taken or refused; more tries
    would tell what others want."""

    code = "procurement.fill_tries_used_up"


class RoundStillOpen(DomainError):
    """This round still takes forecasts: what is wanted is filed, not kept for a later round."""

    code = "procurement.round_still_open"


class NothingWished(InputError):
    """What is kept or taken for a later round wants at least one unit of one product."""

    code = "procurement.nothing_wished"


class NothingForecast(InputError):
    """A forecast wants at least one unit of one product: all its quantities are zero, and nothing
    was filed before that they would take back."""

    code = "procurement.nothing_forecast"


class ForecastChanged(DomainError):
    """Another version was filed since you fetched the form; look at it, then change it again."""

    code = "procurement.forecast_changed"


class ForecastRefused(InputError):
    """Some rows of the forecast cannot be taken as they are; nothing has been filed."""

    code = "procurement.forecast_refused"


class NotASeller(DomainError):
    """Only a seller files a forecast."""

    code = "procurement.not_a_seller"


def _(message: str) -> str:
    """Marks a message for translation; the door translates it."""
    return message


@dataclass(frozen=True, slots=True)
class Wish:
    """One row as somebody wrote it; ``seller`` is a company's code, empty when it is known."""

    row: int
    quarter: str
    sku: str
    units: str
    seller: str = ""
    less: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """What the catalogue says about one SKU; ``elsewhere`` is the round that takes it instead."""

    product_id: int
    is_poolable: bool
    is_offered: bool
    elsewhere: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one row; ``message`` is an English msgid for ``facts``."""

    row: int
    field: str
    message: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Want:
    """A row that can be taken: whole units of a product, for a seller's code."""

    row: int
    seller: str
    sku: str
    product_id: int
    quantity: int
    less: int = 0
    more: int = 0


#: Units, how many less and how many more would do.
Figures = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Limit:
    """How far a tolerance may go for a seller, in percent of a line's quantity.

    ``band`` is the seller's and sets how much of the round's own limit (``of_round``) that is.
    """

    percent: int = 100
    of_round: int = 100
    band: str = ""

    def cut(self, quantity: int, less: int, more: int) -> Figures:
        """The same wish with what its tolerance is above the limit left out."""
        most = quantity * self.percent // 100
        return quantity, min(less, most), min(more, most)


NO_LIMIT = Limit()


class Phase(StrEnum):
    """Where a round stands at a moment."""

    ANNOUNCED = "announced"
    #: Forecasts are taken.
    OPEN = "open"
    #: Only changes that improve the fill of packs are taken.
    FILLING = "filling"
    #: Nothing is taken any more, and nothing is ordered yet.
    ENDED = "ended"
    CLOSED = "closed"


def phase(
    *,
    opens_at: datetime,
    cutoff_at: datetime,
    fill_until: datetime | None,
    is_closed: bool,
    now: datetime,
) -> Phase:
    """Where a round stands; each moment belongs to what begins with it."""
    if is_closed:
        return Phase.CLOSED
    if now < opens_at:
        return Phase.ANNOUNCED
    if now < cutoff_at:
        return Phase.OPEN
    return Phase.FILLING if fill_until is not None and now < fill_until else Phase.ENDED


def check_open(
    *,
    opens_at: datetime,
    cutoff_at: datetime,
    is_closed: bool,
    now: datetime,
    fill_until: datetime | None = None,
) -> Phase:
    """OPEN or FILLING. Raises RoundNotOpenYet or RoundClosed; at its end a round is closed."""
    if not is_closed and now < opens_at:
        raise RoundNotOpenYet(opens_at=opens_at)
    found = phase(
        opens_at=opens_at,
        cutoff_at=cutoff_at,
        fill_until=fill_until,
        is_closed=is_closed,
        now=now,
    )
    if found not in {Phase.OPEN, Phase.FILLING}:
        raise RoundClosed(cutoff_at=cutoff_at)
    return found


def check_units(text: str) -> int | str:
    """The whole number that ``text`` says, or the message that tells why it is none."""
    if _WHOLE.fullmatch(text):
        units = int(text)
        return units if units <= LARGEST_LINE else _("More than %(limit)s units cannot be right.")
    if not text:
        return _("The quantity is missing.")
    if text.startswith("-") and _NUMBER.fullmatch(text):
        return _("A quantity cannot be negative.")
    if _NUMBER.fullmatch(text) and not text.startswith("+"):
        return _("Only whole units are taken, without separators.")
    return _("A quantity is written in digits only.")


def check_tolerance(text: str, *, quantity: int, limit: Limit, kept: int = 0) -> int | str:
    """Units of a tolerance, or the message that tells why they are refused; empty is none.

    ``kept`` units of it were taken before, when the limit was another: they stay.
    """
    if not text:
        return 0
    units = check_units(text)
    if isinstance(units, str):
        return units
    if units > kept and units * 100 > quantity * limit.percent:
        if not limit.band:
            return _("A tolerance is at most %(percent)s %% of the quantity in this round.")
        return _(
            "A tolerance is at most %(percent)s %% of the quantity: the round allows %(round)s %%, "
            "and of that the credit band %(band)s its part."
        )
    return units


def limit_facts(limit: Limit) -> dict[str, object]:
    """What the messages about a tolerance are filled with."""
    return {
        "limit": f"{LARGEST_LINE:,}",
        "percent": limit.percent,
        "round": limit.of_round,
        "band": limit.band,
    }


def kept_of(filed: Figures, quantity: int) -> tuple[int, int]:
    """The tolerance, less and more, that a line keeps as long as its quantity does not fall."""
    return filed[1:] if quantity >= filed[0] else (0, 0)


def check_rows(
    wishes: Iterable[Wish],
    *,
    quarter: str,
    products: Mapping[str, Offered],
    sellers: Collection[str] = ("",),
    code: str | None = None,
    limits: Mapping[str, Limit] | None = None,
    kept: Mapping[tuple[str, int], Figures] | None = None,
) -> tuple[list[Want], list[Fault]]:
    """Sort rows into those that can be taken and everything that is wrong with the others.

    ``products`` is keyed by SKU; ``sellers`` are the codes that may file. A row may have
    several faults, one a field. Nothing wanted (0 units) is a row that can be taken. A row may
    name the round by its quarter or by its ``code``. ``limits`` are those of the sellers'
    tolerances; what was filed before, ``kept`` by seller and product, stays though it is above.
    """
    wants: list[Want] = []
    faults: list[Fault] = []
    seen: dict[tuple[str, str], int] = {}
    for wish in wishes:
        before = len(faults)

        def fault(field: str, message: str, row: int = wish.row, **facts: object) -> None:
            faults.append(Fault(row, field, message, facts))

        if wish.quarter != quarter and (not code or wish.quarter.casefold() != code.casefold()):
            fault(
                "quarter",
                _("This round is for %(quarter)s, the row is for %(found)s."),
                quarter=quarter,
                found=wish.quarter or "–",
            )
        if wish.seller not in sellers:
            fault("seller", _("The seller %(seller)s is not known."), seller=wish.seller or "–")
        known = products.get(wish.sku)
        if not wish.sku:
            fault("sku", _("The product is missing."))
        elif known is None:
            fault("sku", _("The product %(sku)s is not in the catalogue."), sku=wish.sku)
        elif known.elsewhere is not None:
            fault(
                "sku",
                _("The product %(sku)s is pooled in the round %(round)s.")
                if known.elsewhere
                else _("The product %(sku)s is not of this round's category."),
                sku=wish.sku,
                round=known.elsewhere,
            )
        elif not known.is_poolable:
            fault("sku", _("The product %(sku)s spoils too soon to be pooled."), sku=wish.sku)
        elif not known.is_offered:
            fault("sku", _("No supplier offers the product %(sku)s."), sku=wish.sku)
        first = seen.setdefault((wish.seller, wish.sku), wish.row)
        if wish.sku and first != wish.row:
            fault("sku", _("The product stands in row %(first)s already."), first=first)
        units = check_units(wish.units)
        if isinstance(units, str):
            fault("units", units, limit=f"{LARGEST_LINE:,}")
        tolerances = _NO_TOLERANCE
        if wish.less or wish.more:
            most = units if isinstance(units, int) else LARGEST_LINE
            limit = (limits or {}).get(wish.seller, NO_LIMIT)
            filed = (kept or {}).get((wish.seller, known.product_id)) if known else None
            stays = kept_of(filed, most) if filed else (0, 0)
            tolerances = [
                check_tolerance(text, quantity=most, limit=limit, kept=before_it)
                for text, before_it in zip((wish.less, wish.more), stays, strict=True)
            ]
            for field, told in zip(("less", "more"), tolerances, strict=True):
                if isinstance(told, str):
                    faults.append(Fault(wish.row, field, told, limit_facts(limit)))
        less, more = tolerances
        if len(faults) == before and known and isinstance(units, int):
            assert isinstance(less, int)  # noqa: S101 - else it is a fault
            assert isinstance(more, int)  # noqa: S101
            wants.append(Want(wish.row, wish.seller, wish.sku, known.product_id, units, less, more))
    return wants, faults
