"""Stored rates: asked for ahead, kept for ever, and the only ones anything converts with.

``collect`` talks to the outside and stores; ``stored`` only reads, and falls back on the
embedded file, which it stores as well. No transaction of a use case ever waits for a
network, and asking again never changes a rate that a document has used.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.utils import timezone

from core.errors import DomainError, InputError
from settlement import ecb, forex_gateway
from settlement.models import RateQuote
from settlement.rules import HOME

log = logging.getLogger(__name__)

#: How old a published rate may be on the day it is used for: over a weekend and holidays.
CARRY_DAYS = 7
#: A live rate that is further off from the central bank's of the same day is not believed.
BELIEVABLE = Decimal("0.03")
#: The home currency against itself.
PAR = "par"
#: Which source counts, best first.
ORDER = (forex_gateway.SOURCE, ecb.SOURCE, PAR)

_PLACES = Decimal("1E-10")


class NoRate(DomainError):
    """No usable rate is known for this currency and day: none was published on that day or in
    the seven days before it."""

    code = "settlement.no_rate"


class RateFromFuture(InputError):
    """No rate can be known for a day that has not come yet."""

    code = "settlement.rate_from_future"


@dataclass(frozen=True, slots=True)
class Collected:
    """What a collection brought: stored quotes by source, and what the live source refused."""

    quotes: tuple[RateQuote, ...]
    refused: tuple[str, ...] = ()
    is_live_reachable: bool = True


def stored(*, base: str, on: date, now: datetime, quote: str = HOME) -> RateQuote:
    """The rate of a day, from the store; failing that from the embedded file, then stored.

    Raises RateFromFuture or NoRate; then nothing has been written.
    """
    _known_day(on, now)
    found = {
        row.source: row for row in RateQuote.objects.filter(base=base, quote=quote, asked_for=on)
    }
    for source in ORDER:
        if source in found:
            return found[source]
    if base == quote:
        return _keep(PAR, base, quote, Decimal(1), on, on, now)
    embedded = ecb.rate(base, quote, on, carry_days=CARRY_DAYS)
    if embedded is None:
        raise NoRate(currency=base, day=on, embedded_until=ecb.last_day())
    value, served = embedded
    return _keep(ecb.SOURCE, base, quote, value, on, served, now)


def collect(*, currencies: Iterable[str], on: date, now: datetime) -> Collected:
    """Ask the live source for a day's rates into CNY and store them; the embedded file too.

    Call with no transaction open: the source may take seconds. While it is unreachable it
    is left alone for ten minutes. What it says about a wrong day, or far off from the
    central bank's rate of the same day, is not stored. Raises RateFromFuture.
    """
    _known_day(on, now)
    quotes: list[RateQuote] = []
    refused: list[str] = []
    for base in sorted(set(currencies) - {HOME}):
        live = RateQuote.objects.filter(
            source=forex_gateway.SOURCE, base=base, quote=HOME, asked_for=on
        ).first()
        try:
            quotes.append(live or _live(base, on, now))
            continue
        except forex_gateway.SourceRefused as error:
            log.warning("the live source's %s for %s is not used: %s", base, on, error)
            refused.append(f"{base} {on}: {error}")
        except forex_gateway.SourceUnreachable as error:
            forex_gateway.circuit.trip(error)
        try:
            quotes.append(stored(base=base, on=on, now=now))
        except NoRate as error:
            refused.append(str(error))
    return Collected(tuple(quotes), tuple(refused), not forex_gateway.circuit.is_open)


def _live(base: str, on: date, now: datetime) -> RateQuote:
    if forex_gateway.circuit.is_open:
        raise forex_gateway.SourceUnreachable("left alone for a while")
    value, served = forex_gateway.rate(
        settings.FOREX_RATES_URL, base, HOME, on, carry_days=CARRY_DAYS
    )
    official = ecb.rate(base, HOME, served, carry_days=0)
    if official and abs(value / official[0] - 1) > BELIEVABLE:
        raise forex_gateway.SourceRefused(f"{value} is too far from {official[0]:.6f} of the ECB")
    return _keep(forex_gateway.SOURCE, base, HOME, value, on, served, now)


def _keep(
    source: str, base: str, quote: str, value: Decimal, on: date, served: date, now: datetime
) -> RateQuote:
    # Two writers of one day: the first one's row stands and both read it.
    RateQuote.objects.bulk_create(
        [
            RateQuote(
                source=source,
                base=base,
                quote=quote,
                value=value.quantize(_PLACES, rounding=ROUND_HALF_UP),
                asked_for=on,
                value_date=served,
                fetched_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    return RateQuote.objects.get(source=source, base=base, quote=quote, asked_for=on)


def _known_day(on: date, now: datetime) -> None:
    if on > timezone.localdate(now):
        raise RateFromFuture(day=on)
