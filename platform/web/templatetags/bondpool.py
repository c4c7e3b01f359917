"""Tags for every page: states, amounts, quantities, countries, fields, the side bar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from babel import Locale
from babel.core import get_global
from babel.dates import format_date
from babel.numbers import format_decimal
from babel.units import format_unit
from django import template
from django.forms import BoundField, CheckboxInput, FileInput, RadioSelect, Select
from django.template import Context
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import is_aware, localtime
from django.utils.translation import get_language, gettext, pgettext, to_locale

from core.errors import DomainError
from core.money import Money

register = template.Library()

#: Colour by the value of a state, whichever row it stands in.
_TONES = {
    "grey": "draft closed cancelled listed inactive merged",
    "blue": "asked applicant open placed lodged batched priced allocated",
    "orange": "queued generating pending waiting entered",
    "teal": "shipped cleared ready approved",
    "green": "received released paid exported active settled verified admitted confirmed",
    "red": "failed rejected refused overdue suspended",
}
_TONE_OF = {state: tone for tone, states in _TONES.items() for state in states.split()}
#: States that a worker will change by itself; a page that shows one looks again.
_MOVING = frozenset({"queued", "generating"})

_NOTHING = mark_safe('<span class="text-secondary">—</span>')


def _language() -> str:
    return get_language() or "zh-hans"


def _locale() -> Locale:
    return _parsed(_language())


@cache
def _parsed(language: str) -> Locale:
    return Locale.parse(to_locale(language))


def grouped(whole: Any) -> str:
    """A whole number as its reader groups it, with a real minus: what Babel makes of ``#,##0``,
    in a tenth of the time, because a list is full of them."""
    return _in_symbols(f"{whole:,}") if isinstance(whole, int) else _formatted(whole)


def _in_symbols(figure: str) -> str:
    """``-1,234.50`` with the signs of the reader's language."""
    group, decimal = _signs(_language())
    if (group, decimal) != (",", "."):
        figure = figure.translate({ord(","): group, ord("."): decimal})
    return figure.replace("-", "\u2212")


@cache
def _signs(language: str) -> tuple[str, str]:
    locale = _parsed(language)
    told = locale.number_symbols[locale.default_numbering_system]
    return str(told["group"]), str(told["decimal"])


def _formatted(value: Any) -> str:
    return format_decimal(value, "#,##0", locale=_locale()).replace("-", "\u2212")


@register.filter
def day(on: date | None) -> str:
    """A day as a sentence says it: ``28 Nov 2026``, ``2026年11月28日``.

    Tables keep the form that sorts, ``2026-11-28``, in both languages.
    """
    if on is None:
        return "—"
    if isinstance(on, datetime):
        on = localtime(on) if is_aware(on) else on
    locale = _locale()
    # In English no month before its day: half of the readers would take it for the other.
    return format_date(on, "d MMM y" if locale.language == "en" else "medium", locale=locale)


@register.filter
def moment(at: datetime | None) -> str:
    """A day and a time as a sentence says them: ``28 Nov 2026 18:00``."""
    if at is None:
        return "—"
    told = localtime(at) if is_aware(at) else at
    return f"{day(told)} {told:%H:%M}"


@register.filter
def span(until: datetime, since: datetime) -> str:
    """How long it is from then until there, in whole days or less: ``3 days``, ``5小时``."""
    seconds = max(int((until - since).total_seconds()), 0)
    unit, size = next(
        (told for told in (("day", 86_400), ("hour", 3_600)) if seconds >= told[1]), ("minute", 60)
    )
    locale = _locale()
    # Babel knows Chinese durations by their short form only; there is no longer one.
    length: Literal["short", "long"] = "short" if locale.language == "zh" else "long"
    return str(format_unit(seconds // size, f"duration-{unit}", length=length, locale=locale))


@register.simple_tag
def badge(state: str, label: object = "") -> SafeString:
    """A state in its colour; ``{% badge order.state order.get_state_display %}``."""
    tone = _TONE_OF.get(str(state), "grey")
    return format_html(
        '<span class="badge state state-{}" data-state="{}">{}</span>', tone, state, label or state
    )


@register.simple_tag
def money(minor: int | None, currency: str) -> SafeString:
    """Minor units as an amount with the currency's own decimals: ``CNY 1,234.50``.

    The code and not the sign, because ¥ is two currencies and $ a dozen.
    """
    if minor is None:
        return _NOTHING
    return SafeString(
        f'<span class="money"><span class="money-code">{escape(currency)}</span>\u00a0'
        f"{_in_symbols(f'{Money(minor, currency).amount:,f}')}</span>"
    )


@register.filter
def number(value: int) -> str:
    """Whole units within a sentence, grouped."""
    return grouped(value)


@register.filter
def rate(value: Decimal | None) -> str:
    """A rate with the decimals it has, six at most, in the signs of the reader's language."""
    return "—" if value is None else format_decimal(value, "#,##0.######", locale=_locale())


@register.filter
def size(count: int) -> str:
    """How large a file is: ``512 B``, ``3.4 MB``."""
    unit, least = next(
        (told for told in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)) if count >= told[1]),
        ("B", 1),
    )
    return f"{format_decimal(Decimal(count) / least, '#,##0.#', locale=_locale())}\u00a0{unit}"


@register.simple_tag
def qty(number: int | None) -> SafeString:
    """Whole units, grouped: ``12,345``."""
    if number is None:
        return _NOTHING
    return SafeString(f'<span class="qty">{grouped(number)}</span>')


@cache
def _alpha2(iso3: str) -> str:
    found: list[str] = get_global("territory_aliases").get(iso3, [iso3])
    return found[0]


@register.simple_tag
def country(iso3: str) -> str:
    """The country's name in the reader's language; the code itself when there is none."""
    return str(_locale().territories.get(_alpha2(str(iso3).upper()), iso3))


@register.simple_tag(takes_context=True)
def active(context: Context, url_name: str, *args: Any) -> str:
    """``active`` when the page is at, or below, the address of that name."""
    here = context["request"].path
    there = reverse(url_name, args=args)
    return "active" if here == there or (there != "/" and here.startswith(there)) else ""


@register.inclusion_tag("web/_nav.html", takes_context=True)
def nav(context: Context, items: Iterable[Any]) -> dict[str, Any]:
    """The side bar; of the items that lead to this page, the one with the longest address."""
    request = context.get("request")
    here = request.path if request else ""
    links = [(item, reverse(item.url_name)) for item in items]
    fits = [url for _, url in links if here == url or (url != "/" and here.startswith(url))]
    current = max(fits, key=len, default="")
    return {"links": [(item, url, url == current) for item, url in links]}


@register.simple_tag
def control(field: BoundField, name: object = "") -> SafeString:
    """A form field's control in the pages' dress, marked when it is wrong.

    ``name``: what it is called where no label stands beside it, as in a cell of a table.
    """
    widget = field.field.widget
    if isinstance(widget, RadioSelect):
        # Its attributes go to the list as well as to each button; the style sheet dresses it.
        dress = ""
    elif isinstance(widget, CheckboxInput):
        dress = "form-check-input"
    elif isinstance(widget, Select):
        dress = "form-select"
    else:
        dress = "form-control"
    own = str(widget.attrs.get("class", ""))
    wrong = "is-invalid" if field.errors else ""
    attrs: dict[str, str | bool] = {"class": " ".join(part for part in (dress, own, wrong) if part)}
    # Only what is wrong or explained needs describing; both stand below the control.
    told = [f"{field.auto_id}_help"] if field.help_text else []
    told += [f"{field.auto_id}_wrong"] if field.errors else []
    if name:
        attrs["aria-label"] = str(name)
    if told:
        attrs["aria-describedby"] = " ".join(told)
    if isinstance(widget, FileInput) and field.errors:
        attrs["aria-invalid"] = "true"
    return field.as_widget(attrs=attrs)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, CheckboxInput)


@register.simple_tag(takes_context=True)
def polling(context: Context, key: str, state: str, seconds: int = 2) -> SafeString:
    """Attributes that make an element look again while a worker still has it in hand.

    ``<div id="papers" {% polling "papers" document.state %}>…</div>`` fetches the same page
    every two seconds and takes this element out of it; once the state is final, it stops.
    """
    if str(state) not in _MOVING:
        return SafeString("")
    return format_html(
        'hx-get="{}" hx-trigger="every {}s" hx-select="#{}" hx-swap="outerHTML" '
        'aria-live="polite" aria-busy="true"',
        context["request"].get_full_path(),
        seconds,
        key,
    )


@register.filter
def at(row: Any, key: Any) -> Any:
    """``rows|at:key``: one entry of a mapping or a list."""
    try:
        return row[key]
    except (KeyError, IndexError, TypeError):
        return ""


@register.filter
def figure(value: int | str) -> str:
    """A value of a chart as the table shows it: numbers grouped, decimals as they came."""
    return format_decimal(value, "#,##0.####", locale=_locale()) if value != "" else ""


@register.filter
def words(name: str) -> str:
    """The name of a fact as words: ``minimum_quantity`` is "minimum quantity"."""
    plain = str(name).replace("_", " ")
    return pgettext("fact", plain) if plain else ""


def sentence(refusal: DomainError) -> str:
    """A refusal in one line: its sentence, and its facts in brackets."""
    facts = ", ".join(
        f"{words(name)}: {told(value)}" for name, value in refusal.facts.items() if name != "rows"
    )
    said = gettext(refusal.rule())
    return f"{said} ({facts})" if facts else said


@register.filter
def told(value: object) -> str:
    """A fact as a person reads it: moments on the local clock, several things in a row."""
    if isinstance(value, datetime):
        return date_format(localtime(value) if is_aware(value) else value, "Y-m-d H:i")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(told(one) for one in value)
    if isinstance(value, DomainError):
        return gettext(value.rule())
    return "—" if value is None else str(value)
