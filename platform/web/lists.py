"""The page of a list: reads the address, takes one page of rows, and says what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.clock import now
from core.filters import Filter, Parameter, Text
from core.listed import Rows, take_and_add
from core.listing import Listing, ListQuery, Sums, parse
from core.listings import LIMIT
from web.tables import Action, Chip, Column, Control, Head, Shown, Table, Viewer
from web.templatetags.bondpool import money, qty

LIMITS = (25, 50, 100, 200)
#: Rows of a page for people, of a list that asks for no other number: what an eye takes in, and
#: drawn in half the time of what a program gets.
USUAL = 25
#: A day that comes so soon is pointed out.
SOON = timedelta(days=90)


def viewer_of(request: HttpRequest) -> Viewer:
    """Who asks; the walls of that company are up already."""
    membership: Any = request.membership  # type: ignore[attr-defined]
    at = now()
    return Viewer(
        user=request.user,
        company=membership.company,
        role=str(membership.role),
        today=timezone.localdate(at),
        now=at,
        asked_at=at,
    )


def show_list(
    request: HttpRequest,
    table: Table,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    place: str = "",
    rows: Rows | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page with one list; the template includes ``web/_list.html``.

    ``place`` names the thing whose list it is, of a table that stands within one; ``rows`` are
    the list's own when the page has them already.
    """
    told = {**(context or {}), "list": shown(request, table, place=place, rows=rows)}
    answer = render(request, template, told, status=status)
    # A part that was fetched must not be shown as the page when somebody comes back.
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def shown(
    request: HttpRequest, table: Table, *, place: str = "", rows: Rows | None = None
) -> Shown:
    """The list as the address asks for it. Raises BadListing in words."""
    viewer = viewer_of(request)
    listing = table.listing_for(viewer)
    query = parse(listing, request.GET)
    if "limit" not in query.given and listing.limit == LIMIT:
        query = replace(query, limit=USUAL)
    everything = table.rows_in(viewer, place) if rows is None else rows
    page, sums = take_and_add(listing, everything, query)
    if not page.rows and (query.after or query.before):
        # Nothing is left where one was; the first page is a better answer than an empty one.
        query = replace(query, after=None, before=None)
        page, sums = take_and_add(listing, everything, query)
    if table.attach:
        table.attach(page.rows, viewer)
    given = {name: list(values) for name, values in query.given.items()}
    columns = [one for one in table.columns_for(viewer) if one.on_page]
    without_sort = {name: values for name, values in given.items() if name != "sort"}
    return Shown(
        table=table,
        heads=[_head(column, listing, query, without_sort) for column in columns],
        rows=page.rows,
        controls=[
            _control(parameter, given) for one in listing.filters for parameter in one.parameters()
        ],
        chips=_chips(listing, query, given),
        sums=sums,
        totals=_totals(columns, sums),
        words=query.words,
        hint=listing.search.hint if listing.search else "",
        has_search=listing.search is not None,
        order=query.order if "sort" in given else "",
        limit=query.limit,
        limits=sorted({*LIMITS, query.limit}),
        next_url=_address({**given, "after": [page.next]}) if page.next else "",
        previous_url=_address({**given, "before": [page.previous]}) if page.previous else "",
        clear_url=_address({n: v for n, v in given.items() if n in {"sort", "limit"}}),
        file_query=_address(
            {n: v for n, v in given.items() if n != "limit"}
            | ({table.within: [place]} if table.within else {})
        ),
        is_narrowed=query.is_narrowed,
        actions=list(_actions(table, viewer)),
        extra={"today": viewer.today, "soon": viewer.today + SOON, "viewer": viewer},
    )


def _actions(table: Table, viewer: Viewer) -> Sequence[Action]:
    return table.actions_for(viewer)


def _address(given: Mapping[str, Sequence[str | None]]) -> str:
    pairs = [(name, value) for name, values in given.items() for value in values if value]
    return f"?{urlencode(pairs)}"


def _head(
    column: Column, listing: Listing, query: ListQuery, given: Mapping[str, Sequence[str]]
) -> Head:
    if not column.sort or column.sort not in listing.sorts:
        return Head(column)
    is_now = query.sort == column.sort
    to = column.sort if is_now and query.descending else f"-{column.sort}"
    if not is_now and column.kind not in {"qty", "money", "day", "moment", "percent"}:
        to = column.sort
    state = ("descending" if query.descending else "ascending") if is_now else ""
    return Head(column, _address({**given, "sort": [to]}), state)


def _control(parameter: Parameter, given: Mapping[str, Sequence[str]]) -> Control:
    values = tuple(part for text in given.get(parameter.name, ()) for part in text.split(","))
    hint: Text = ""
    if parameter.name.endswith(("_from", "_min")):
        hint = _("from")
    elif parameter.name.endswith(("_to", "_max")):
        hint = _("until")
    choices: Sequence[tuple[str, Text]] = parameter.choices
    if parameter.kind == "yes":
        choices = (("yes", _("yes")), ("no", _("no")))
    return Control(
        name=parameter.name,
        kind="choice" if parameter.kind == "yes" else parameter.kind,
        label=parameter.label,
        value=values[-1] if values else "",
        values=values,
        choices=choices,
        hint=hint,
    )


def _chips(listing: Listing, query: ListQuery, given: Mapping[str, Sequence[str]]) -> list[Chip]:
    chips = []
    if query.words:
        rest = {name: values for name, values in given.items() if name != "q"}
        chips.append(Chip(_("Search"), query.words, _address(rest)))
    for one in listing.filters:
        if one.name in query.chosen:
            own = set(one.names)
            rest = {name: values for name, values in given.items() if name not in own}
            chips.append(Chip(one.label or one.name, _said(one, given), _address(rest)))
    return chips


def _said(one: Filter, given: Mapping[str, Sequence[str]]) -> str:
    """``ready, lodged`` or ``2026-01-01 – 2026-03-31``: the filter in force, in words."""
    parameters = one.parameters()
    told = [",".join(given.get(parameter.name, ())) for parameter in parameters]
    if len(parameters) == 2:
        return " – ".join(told).strip()
    names = {str(value): str(label) for value, label in parameters[0].choices}
    if parameters[0].kind == "yes":
        return _("yes") if told[0].lower() in {"1", "true", "yes"} else _("no")
    return ", ".join(names.get(part.strip(), part.strip()) for part in told[0].split(","))


def _totals(columns: Sequence[Column], sums: Sums) -> list[str | None]:
    """One cell per column: None where nothing is added up."""
    cells: list[str | None] = []
    for column in columns:
        told = sums.sums.get(column.total) if column.total else None
        if told is None:
            cells.append(None)
        elif column.kind == "money":
            cells.append(
                SafeString("".join(f"<div>{money(told[one], one)}</div>" for one in sorted(told)))
            )
        else:
            cells.append(qty(sum(told.values())))
    return cells if any(cell is not None for cell in cells) else []
