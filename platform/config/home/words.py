"""Figures and moments as the start pages write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from core.money import Money
from web.templatetags.bondpool import money, span

#: A chart with more bars than this is a wall.
BARS = 10
#: A deadline nearer than this is pressing.
PRESSING = timedelta(days=3)


def left(until: datetime, now: datetime) -> str:
    """``3 days`` until then."""
    return span(until, now)


def plainly(minor: int, currency: str) -> str:
    """An amount within a sentence, where nothing is marked up: ``CNY 1,234.50``."""
    return f"{currency}\u00a0{Money(minor, currency).amount:,f}"


def yuan(minor: int) -> str:
    """An amount of CNY in major units, as a chart takes it."""
    return str(Money(minor, "CNY").amount)


def percent(part: int, whole: int) -> str:
    """A part in percent with one decimal, as a chart takes it."""
    return str((Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP))


def amounts(minor_by_currency: Mapping[str, int]) -> SafeString:
    """One amount below the other; currencies do not add."""
    sums: Iterable[tuple[str]] = [
        (money(minor, currency),) for currency, minor in sorted(minor_by_currency.items())
    ]
    return format_html_join("", '<span class="d-block">{}</span>', sums)


def link(name: str, *args: object) -> str:
    return reverse(name, args=args)
