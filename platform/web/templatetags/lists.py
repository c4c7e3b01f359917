"""A cell of a list, shown as its column says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.numbers import format_percent
from django import template
from django.db.models import Model
from django.template import Context
from django.template.loader import get_template
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext

from web.tables import Column, Shown, look
from web.templatetags.bondpool import _locale, badge, country, money, qty

register = template.Library()

_NOTHING = SafeString('<span class="text-secondary">—</span>')


#: Draws a row's cell.
Draw = Callable[[Any], str]


@register.simple_tag(takes_context=True)
def rows(context: Context, shown: Shown) -> SafeString:
    """The body of a list's table, each cell with its link and its second line.

    One tag and not a loop of tags: a template looks up and escapes every word of every cell anew,
    which for a page of a list took longer than the database did.
    """
    pick = _picker(shown) if shown.actions else None
    columns = [head.column for head in shown.heads]
    return _body(context, columns, shown.rows, pick, ('<th scope="row">', "</th>"))


@register.simple_tag(takes_context=True)
def drawn(context: Context, columns: Sequence[Column], rows: Iterable[Any]) -> SafeString:
    """The body of any other table, whose rows are all on the page: a cell for each column."""
    return _body(context, columns, rows, None, ("<td>", "</td>"))


def _body(
    context: Context,
    columns: Sequence[Column],
    rows: Iterable[Any],
    pick: Draw | None,
    first: tuple[str, str],
) -> SafeString:
    draws = [_drawer(context, column) for column in columns]
    opens = ['<td class="text-end">' if column.is_right else "<td>" for column in columns]
    parts: list[str] = []
    for row in rows:
        parts.append("<tr>")
        if pick:
            parts += ("<td>", pick(row), "</td>")
        for at, draw in enumerate(draws):
            if at:
                parts += (opens[at], draw(row), "</td>")
            else:
                parts += (first[0], draw(row), first[1])
        parts.append("</tr>\n")
    return SafeString("".join(parts))


def _picker(shown: Shown) -> Draw:
    """The box that picks a row, where it may be picked."""
    table, choose = shown.table, gettext("Choose %(number)s")
    sees = next((action.sees for action in shown.actions if action.sees), "")

    def draw(row: Any) -> str:
        if table.may_pick is not None and not table.may_pick(row):
            return ""
        told = escape(choose % {"number": table.name_of(row)})
        saw = ""
        if sees:
            moment = look(row, sees)
            saw = f"{row.pk} {moment.isoformat() if moment else ''}"
            saw = f'<input type="hidden" name="seen" value="{escape(saw)}">'
        return saw + (
            '<input class="form-check-input" type="checkbox" name="row" '
            f'value="{escape(row.pk)}" aria-label="{told}">'
        )

    return draw


def _drawer(context: Context, column: Column) -> Draw:
    if column.draw:
        return column.draw
    if column.template:
        template = get_template(column.template).template  # type: ignore[attr-defined]

        def fill(row: Any) -> str:
            with context.push(row=row):
                return str(template.render(context))

        return fill
    labels: dict[tuple[type, Any], Any] = {}

    def draw(row: Any) -> str:
        shown: str = conditional_escape(_shown(column, row, labels))
        if column.link and (address := column.link(row)):
            shown = f'<a href="{escape(address)}">{shown}</a>'
        note = look(row, column.note) if column.note else ""
        if note not in (None, ""):
            told = conditional_escape(_plain(note))
            shown = f'{shown}<div class="text-secondary small">{told}</div>'
        return shown

    return draw


def _shown(column: Column, row: Any, labels: dict[tuple[type, Any], Any]) -> Any:
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
            return badge(value, _label(column, row, value, labels))
        case "choice":
            return _label(column, row, value, labels)
        case "country":
            return country(value)
        case "percent":
            return percent(value)
        case "yes":
            return gettext("yes") if value else gettext("no")
        case "number":
            return SafeString(f'<span class="number">{conditional_escape(value)}</span>')
        case _:
            return str(value)


def _label(column: Column, row: Any, value: Any, known: dict[tuple[type, Any], Any]) -> Any:
    """The words for a stored choice: of a table's rows the same for the same value."""
    if not isinstance(row, Model):
        return label_of(column, row, value)
    key = (type(row), value)
    if key not in known:
        known[key] = label_of(column, row, value)
    return known[key]


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
    told = localtime(value) if isinstance(value, datetime) and is_aware(value) else value
    text = told.isoformat(" ", "minutes")[:16] if isinstance(told, datetime) else told.isoformat()
    return SafeString(f'<time class="text-nowrap" datetime="{told.isoformat()}">{text}</time>')


def _plain(value: Any) -> Any:
    return _time(value) if isinstance(value, date) else value
