"""A cell of a list, shown as its column says."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.numbers import format_percent
from django import template
from django.template import Context
from django.template.loader import get_template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext

from web.tables import Column, Table, look
from web.templatetags.bondpool import _locale, badge, country, money, qty

register = template.Library()

_NOTHING = SafeString('<span class="text-secondary">—</span>')


@register.simple_tag(takes_context=True)
def cell(context: Context, column: Column, row: Any) -> str:
    """What stands in a column of a row, with its link and its second line."""
    if column.template:
        told = {**context.flatten(), "row": row}
        return SafeString(get_template(column.template).template.render(Context(told)))  # type: ignore[attr-defined]
    shown = _shown(column, row)
    if column.link and (address := column.link(row)):
        shown = format_html('<a href="{}">{}</a>', address, shown)
    note = look(row, column.note) if column.note else ""
    if note not in (None, ""):
        shown = format_html('{}<div class="text-secondary small">{}</div>', shown, _plain(note))
    return shown


def _shown(column: Column, row: Any) -> str:
    value = column.read(row)
    if value is None or value == "":
        return _NOTHING
    match column.kind:
        case "money":
            return money(value, column.currency_of(row))
        case "qty":
            return qty(value)
        case "day" | "moment":
            return _time(value)
        case "state":
            return badge(value, label_of(column, row, value))
        case "choice":
            return str(label_of(column, row, value))
        case "country":
            return country(value)
        case "percent":
            return percent(value)
        case "yes":
            return gettext("yes") if value else gettext("no")
        case "number":
            return format_html('<span class="number">{}</span>', value)
        case _:
            return str(value)


def label_of(column: Column, row: Any, value: Any) -> Any:
    """The words for a stored choice, where the row has them."""
    if isinstance(column.value, str):
        owner = look(row, column.value.rpartition(".")[0]) if "." in column.value else row
        display = getattr(owner, f"get_{column.value.rpartition('.')[2]}_display", None)
        if display is not None:
            return display()
    return value


def percent(value: Decimal) -> str:
    return format_percent(value, "#,##0.##%", locale=_locale())


def _time(value: date | datetime) -> SafeString:
    if isinstance(value, datetime):
        told = localtime(value) if is_aware(value) else value
        return format_html(
            '<time class="text-nowrap" datetime="{}">{}</time>',
            told.isoformat(),
            date_format(told, "Y-m-d H:i"),
        )
    return format_html(
        '<time class="text-nowrap" datetime="{}">{}</time>',
        value.isoformat(),
        date_format(value, "Y-m-d"),
    )


def _plain(value: Any) -> Any:
    return _time(value) if isinstance(value, date) else value


@register.simple_tag
def row_name(table: Table, row: Any) -> str:
    return table.name_of(row)


@register.filter
def pickable(table: Table, row: Any) -> bool:
    """Whether a row's box may be ticked."""
    return table.may_pick is None or table.may_pick(row)
