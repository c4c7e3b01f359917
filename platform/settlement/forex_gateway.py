"""The live rate source, through forex-python.

The package is used as it is, with what it lacks put around it: a timeout and a limit on
the answer's size (it calls a bare ``requests.get``), the day that the source really served
(it throws it away), decimals, and one error for each way it can fail. The host comes from
``FOREX_RATES_URL``: anything that answers
``GET <url><YYYY-MM-DD>?base=..&symbols=..`` with ``{"base", "date", "rates": {..}}``.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import requests
from forex_python import converter
from forex_python.converter import CurrencyRates, DecimalFloatMismatchError, RatesNotAvailableError

log = logging.getLogger(__name__)

SOURCE = "forex-python"

#: Seconds to connect, and between two bytes of the answer.
TIMEOUT = (1.5, 3.0)
#: Seconds for the whole answer.
PATIENCE = 5.0
ANSWER_LIMIT = 256 * 1024


class SourceUnreachable(Exception):
    """The source does not answer, or not in its own language; try again later."""


class SourceRefused(Exception):
    """The source answers, but not with the rate of the day that was asked for."""


@dataclass(frozen=True, slots=True)
class _Answer:
    status_code: int
    text: str


class _Transport:
    """Stands in for the ``requests`` module inside forex-python."""

    def get(self, url: str, params: dict[str, str]) -> _Answer:
        ends = time.monotonic() + PATIENCE
        with requests.get(url, params=params, timeout=TIMEOUT, stream=True) as response:
            body = bytearray()
            for chunk in response.iter_content(16 * 1024):
                body += chunk
                if len(body) > ANSWER_LIMIT:
                    raise SourceUnreachable(f"an answer of more than {ANSWER_LIMIT} bytes")
                if time.monotonic() > ends:
                    raise SourceUnreachable(f"no whole answer within {PATIENCE:g} seconds")
        if response.status_code >= 500:
            raise SourceUnreachable(f"HTTP {response.status_code}")
        return _Answer(response.status_code, body.decode("utf-8", errors="replace"))


# The package has no setting for it; its module attribute is the only place to put a timeout.
converter.requests = _Transport()


class _Rates(CurrencyRates):  # type: ignore[misc]  # the package has no types
    """forex-python's client, asking our host and keeping the day that was served."""

    def __init__(self, url: str) -> None:
        super().__init__(force_decimal=True)
        self._url = url if url.endswith("/") else f"{url}/"
        self.base = ""
        self.served_on: date | None = None

    def _source_url(self) -> str:
        return self._url

    def _decode_rates(
        self, response: _Answer, use_decimal: bool = False, date_str: str | None = None
    ) -> dict[str, Any]:
        body = json.loads(response.text, parse_float=Decimal)
        if not isinstance(body, dict) or not isinstance(body.get("rates"), dict):
            raise SourceRefused("the answer has no rates")
        self.base = str(body.get("base", ""))
        try:
            self.served_on = date.fromisoformat(str(body.get("date")))
        except ValueError:
            # Without its day a rate is worth nothing: 1.9 serves any day's without a word.
            raise SourceRefused("the answer does not name its day") from None
        rates: dict[str, Any] = super()._decode_rates(
            response, use_decimal=use_decimal, date_str=date_str
        )
        return rates


def rate(url: str, base: str, quote: str, on: date, *, carry_days: int) -> tuple[Decimal, date]:
    """1 ``base`` in ``quote`` and the day the source served, never later than ``on``.

    Raises SourceUnreachable (no answer, a time-out, a server's error, something that is not
    JSON) or SourceRefused (no such rate, another base, a day after ``on`` or more than
    ``carry_days`` before it, something that is not a positive number).
    """
    client = _Rates(url)
    try:
        told = client.get_rate(base, quote, on)
    except requests.RequestException as error:
        raise SourceUnreachable(type(error).__name__) from error
    except ValueError as error:  # its JSONDecodeError among them
        raise SourceUnreachable("the answer is not JSON") from error
    except (RatesNotAvailableError, DecimalFloatMismatchError) as error:
        raise SourceRefused(str(error)) from error
    if client.base != base:
        raise SourceRefused(f"asked for {base}, served {client.base or 'no base'}")
    served = client.served_on
    if served is None or served > on or (on - served).days > carry_days:
        raise SourceRefused(f"asked for {on}, served {served}")
    if isinstance(told, bool) or not isinstance(told, int | Decimal):
        raise SourceRefused(f"not a number: {told!r}")
    value = Decimal(told)
    if not value.is_finite() or value <= 0:
        raise SourceRefused(f"not a rate: {value}")
    return value, served


class Circuit:
    """After a failure nobody waits for the source again for a while; it is noted once.

    One for the process. It reads the machine's own seconds, not the clock of the trade.
    """

    def __init__(self, seconds: float = 600.0) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._open_until = 0.0

    @property
    def is_open(self) -> bool:
        return time.monotonic() < self._open_until

    def trip(self, reason: object) -> None:
        with self._lock:
            if self.is_open:
                return
            log.warning(
                "the live rate source is unreachable (%s); the embedded ECB file is used "
                "for the next %d minutes",
                reason,
                self._seconds // 60,
            )
            self._open_until = time.monotonic() + self._seconds

    def close(self) -> None:
        with self._lock:
            self._open_until = 0.0


circuit = Circuit()
