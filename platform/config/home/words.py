"""Figures and moments as the start pages write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from web.templatetags.bondpool import money

#: A chart with more bars than this is a wall.
BARS = 10


def moment(at: datetime) -> str:
    return date_format(localtime(at), "Y-m-d H:i")


def day(on: date) -> str:
    return date_format(on, "Y-m-d")


def amounts(minor_by_currency: Mapping[str, int]) -> SafeString:
    """One amount below the other; currencies do not add."""
    sums: Iterable[tuple[str]] = [
        (money(minor, currency),) for currency, minor in sorted(minor_by_currency.items())
    ]
    return format_html_join("", '<span class="d-block">{}</span>', sums)


def link(name: str, *args: object) -> str:
    return reverse(name, args=args)
