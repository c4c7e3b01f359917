"""forex-python against a real server on this machine that speaks its JSON."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

import pytest

from settlement import ecb, forex_gateway, rates
from settlement.models import RateQuote
from tests.factories.settlement import NOON

DAY = date(2026, 10, 30)
SATURDAY = date(2026, 10, 31)


class Desk:
    """A rate source; ``answer`` gets (day, base, symbol) and gives status and body."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: Callable[[str, str, str], tuple[int, str]] = self.honest
        desk = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                url = urlparse(self.path)
                told = {key: values[0] for key, values in parse_qs(url.query).items()}
                desk.asked.append(url.path)
                day = url.path.rsplit("/", 1)[-1]
                status, body = desk.answer(day, told["base"], told["symbols"])
                try:
                    self.send_response(status)
                    self.end_headers()
                    self.wfile.write(body.encode())
                except BrokenPipeError:
                    pass

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/api"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @staticmethod
    def says(day: str, base: str, rate: str, symbol: str = "CNY") -> tuple[int, str]:
        return 200, f'{{"base": "{base}", "date": "{day}", "rates": {{"{symbol}": {rate}}}}}'

    def honest(self, day: str, base: str, symbol: str) -> tuple[int, str]:
        # On a Saturday the source serves the Friday before, and says so.
        served = min(date.fromisoformat(day), DAY).isoformat()
        return self.says(served, base, "7.4512345678901234567", symbol)


@pytest.fixture
def desk(settings: object) -> Iterator[Desk]:
    desk = Desk()
    settings.FOREX_RATES_URL = desk.url  # type: ignore[attr-defined]
    yield desk
    desk.server.shutdown()
    desk.server.server_close()


@pytest.mark.django_db
def test_a_live_rate_is_stored_exactly_and_asked_for_once(desk: Desk) -> None:
    rates.collect(currencies=["EUR"], on=DAY, now=NOON)
    rates.collect(currencies=["EUR"], on=DAY, now=NOON)

    quote = rates.stored(base="EUR", on=DAY, now=NOON)

    assert desk.asked == ["/api/2026-10-30"]
    assert (quote.source, quote.value) == ("forex-python", Decimal("7.4512345679"))
    assert (quote.asked_for, quote.value_date) == (DAY, DAY)


@pytest.mark.django_db
def test_a_weekend_carries_the_day_that_was_really_served(desk: Desk) -> None:
    later = NOON + timedelta(days=1)

    told = rates.collect(currencies=["EUR"], on=SATURDAY, now=later)

    assert [(q.source, q.asked_for, q.value_date) for q in told.quotes] == [
        ("forex-python", SATURDAY, DAY)
    ]


@pytest.mark.django_db
def test_a_rate_once_stored_does_not_change_when_the_source_changes_its_mind(desk: Desk) -> None:
    first = rates.collect(currencies=["EUR"], on=DAY, now=NOON).quotes[0]
    desk.answer = lambda day, base, symbol: desk.says(day, base, "7.5")

    assert rates.collect(currencies=["EUR"], on=DAY, now=NOON).quotes[0].value == first.value


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda d, b, s: Desk.says("2026-10-31", b, "7.45"), "served 2026-10-31"),
        (lambda d, b, s: Desk.says("2026-10-22", b, "7.45"), "served 2026-10-22"),
        (lambda d, b, s: Desk.says("last Friday", b, "7.45"), "does not name its day"),
        (lambda d, b, s: (200, '{"base": "EUR", "rates": {"CNY": 7.45}}'), "does not name its day"),
        (lambda d, b, s: (200, "[1]"), "no rates"),
        (lambda d, b, s: Desk.says(d, "USD", "7.45"), "served USD"),
        (lambda d, b, s: Desk.says(d, b, "7.45", "JPY"), "not available"),
        (lambda d, b, s: Desk.says(d, b, '"7.45"'), "not a number"),
        (lambda d, b, s: Desk.says(d, b, "-7.45"), "not a rate"),
        (lambda d, b, s: Desk.says(d, b, "true"), "not a number"),
        # Right by its label, but 10 % off the central bank's of that day.
        (lambda d, b, s: Desk.says(d, b, "8.2"), "too far"),
        (lambda d, b, s: (404, "{}"), "Not Ready"),
    ],
)
def test_a_wrong_answer_is_recognised_and_the_embedded_rate_is_used(
    desk: Desk, answer: Callable[[str, str, str], tuple[int, str]], reason: str
) -> None:
    desk.answer = answer

    told = rates.collect(currencies=["EUR"], on=DAY, now=NOON)

    assert reason in told.refused[0]
    assert [(q.source, q.value) for q in told.quotes] == [("ecb-embedded", Decimal("7.4326"))]
    assert told.is_live_reachable
    assert not RateQuote.objects.filter(source="forex-python").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "answer",
    [
        lambda d, b, s: (200, "<html>Gateway</html>"),
        lambda d, b, s: (503, "busy"),
        lambda d, b, s: (200, " " * (forex_gateway.ANSWER_LIMIT + 1)),
    ],
    ids=["html", "503", "too long"],
)
def test_a_source_out_of_its_mind_is_left_alone_for_a_while(
    desk: Desk,
    answer: Callable[[str, str, str], tuple[int, str]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk.answer = answer

    with caplog.at_level(logging.WARNING):
        told = rates.collect(currencies=["EUR", "JPY", "USD"], on=DAY, now=NOON)
        rates.collect(currencies=["GBP"], on=DAY, now=NOON)

    assert len(desk.asked) == 1
    assert not told.is_live_reachable
    assert {q.source for q in told.quotes} == {"ecb-embedded"}
    assert len([r for r in caplog.records if "unreachable" in r.message]) == 1


@pytest.mark.django_db
def test_a_slow_source_is_waited_for_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forex_gateway, "TIMEOUT", (0.2, 0.2))

    def slow(day: str, base: str, symbol: str) -> tuple[int, str]:
        time.sleep(1)
        return desk.honest(day, base, symbol)

    desk.answer = slow
    started = time.monotonic()

    told = rates.collect(currencies=["EUR", "JPY", "USD"], on=DAY, now=NOON)

    assert time.monotonic() - started < 1
    assert not told.is_live_reachable
    assert len(told.quotes) == 3


@pytest.mark.django_db
def test_a_refused_connection_falls_back_on_the_embedded_file() -> None:
    told = rates.collect(currencies=["JPY"], on=DAY, now=NOON)

    assert not told.is_live_reachable
    assert [(q.source, q.value) for q in told.quotes] == [("ecb-embedded", Decimal("0.0423076047"))]


@pytest.mark.django_db
def test_a_live_rate_counts_before_the_embedded_one_stored_earlier(desk: Desk) -> None:
    assert rates.stored(base="EUR", on=DAY, now=NOON).source == "ecb-embedded"

    rates.collect(currencies=["EUR"], on=DAY, now=NOON)

    assert rates.stored(base="EUR", on=DAY, now=NOON).source == "forex-python"


@pytest.mark.django_db
def test_nothing_converts_from_a_live_call(desk: Desk) -> None:
    rates.stored(base="EUR", on=DAY, now=NOON)

    assert desk.asked == []


@pytest.mark.django_db
def test_a_published_rate_is_carried_seven_days_and_no_further() -> None:
    seventh = rates.stored(base="USD", on=date(2026, 11, 6), now=NOON + timedelta(days=7))

    assert seventh.value_date == DAY
    with pytest.raises(rates.NoRate):
        rates.stored(base="USD", on=date(2026, 11, 7), now=NOON + timedelta(days=8))
    assert RateQuote.objects.count() == 1


@pytest.mark.django_db
def test_no_rate_is_known_for_tomorrow() -> None:
    with pytest.raises(rates.RateFromFuture):
        rates.stored(base="USD", on=SATURDAY, now=NOON)
    with pytest.raises(rates.RateFromFuture):
        rates.collect(currencies=["USD"], on=SATURDAY, now=NOON)

    assert not RateQuote.objects.exists()


@pytest.mark.django_db
def test_a_suspended_currency_has_no_rate_rather_than_its_last_one() -> None:
    # The ECB stopped the rouble on 2022-03-01.
    with pytest.raises(rates.NoRate):
        rates.stored(base="RUB", on=DAY, now=NOON)


def test_a_cross_rate_has_both_legs_of_one_day() -> None:
    value, day = ecb.rate("USD", "CNY", SATURDAY, carry_days=7) or (None, None)

    # EUR/CNY 7.4326 over EUR/USD 1.1172 of 2026-10-30
    assert (day, round(value or 0, 10)) == (DAY, Decimal("6.6528822055"))
