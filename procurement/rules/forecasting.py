"""When a forecast may be filed and what may stand in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.errors import DomainError, InputError

#: More units of one product than any small seller sells in a quarter: a typing mistake.
LARGEST_LINE = 1_000_000

_WHOLE = re.compile(r"\d{1,18}", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,18}(?:[.,]\d+)?", re.ASCII)


class RoundNotOpenYet(DomainError):
    """Forecasts for this quarter cannot be filed yet: its round has not opened."""

    code = "procurement.round_not_open_yet"


class RoundClosed(DomainError):
    """The cut-off of this quarter's round has passed; forecasts are no longer taken."""

    code = "procurement.round_closed"


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


@dataclass(frozen=True, slots=True)
class Offered:
    """What the catalogue says about one SKU."""

    product_id: int
    is_poolable: bool
    is_offered: bool


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


def check_open(*, opens_at: datetime, cutoff_at: datetime, is_closed: bool, now: datetime) -> None:
    """Raises RoundNotOpenYet or RoundClosed; at the cut-off itself the round is closed."""
    if now < opens_at:
        raise RoundNotOpenYet(opens_at=opens_at)
    if is_closed or now >= cutoff_at:
        raise RoundClosed(cutoff_at=cutoff_at)


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


def check_rows(
    wishes: Iterable[Wish],
    *,
    quarter: str,
    products: Mapping[str, Offered],
    sellers: Collection[str] = ("",),
) -> tuple[list[Want], list[Fault]]:
    """Sort rows into those that can be taken and everything that is wrong with the others.

    ``products`` is keyed by SKU; ``sellers`` are the codes that may file. A row may have
    several faults, one a field. Nothing wanted (0 units) is a row that can be taken.
    """
    wants: list[Want] = []
    faults: list[Fault] = []
    seen: dict[tuple[str, str], int] = {}
    for wish in wishes:
        before = len(faults)

        def fault(field: str, message: str, row: int = wish.row, **facts: object) -> None:
            faults.append(Fault(row, field, message, facts))

        if wish.quarter != quarter:
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
        elif known and len(faults) == before:
            wants.append(Want(wish.row, wish.seller, wish.sku, known.product_id, units))
    return wants, faults
