"""Lists over the API: the parameters, pages and order of ``core.listing``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from core.filters import Flag
from core.listed import Listed, take, totals
from core.listing import MOST_ROWS, Listing, ListQuery, Sums, parse
from rest.refusals import BadRequest
from rest.wording import said

#: Counting and adding up costs more than a page of rows, so it is asked for.
_TOTALS = Flag(name="totals", when=Q())

T = TypeVar("T")
M = TypeVar("M", bound=Model)

_KINDS: dict[str, dict[str, Any]] = {
    "day": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "number": {"type": "string", "pattern": r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$"},
    "yes": {"type": "string", "enum": ["yes", "no"]},
    "code": {"type": "string", "maxLength": 80},
    "choice": {"type": "string"},
    # Also the name again for each.
    "choices": {"type": "array", "items": {"type": "string"}},
}


class TotalsOut(Schema):
    """Of all rows that match, however many pages they are."""

    count: int = Field(examples=[1240])
    is_capped: bool = Field(
        description="There are more than `count`, and nothing is added up", examples=[False]
    )
    sums: dict[str, dict[str, int]] = Field(
        description="By column and currency; units stand under an empty name",
        examples=[{"units": {"": 2480}, "amount": {"CNY": 50840000}}],
    )


class Page(Schema, Generic[T]):
    """One page of a list; ``next`` and ``previous`` are addresses, null at the ends."""

    data: list[T]
    next: str | None = Field(None, examples=["/api/v1/retail-orders?after=WyItcGsi"])
    previous: str | None = Field(None, examples=[None])
    totals: TotalsOut | None = Field(None, description="When asked for with `totals=yes`")


def page(
    request: HttpRequest,
    listing: Listing,
    queryset: QuerySet[M] | Listed,
    shown: Callable[[Any], T],
    *,
    together: Callable[[list[Any]], list[Any]] | None = None,
) -> dict[str, Any]:
    """One page as the address asks for it. Raises BadListing naming the parameter, also one that
    the list does not know. ``together`` reads what stands beside all rows of the page at once."""
    if any("\x00" in value for values in request.GET.lists() for value in values[1]):
        raise BadRequest()
    listing.demand_known(request.GET, beside={_TOTALS.name})
    asked = parse(listing, request.GET)
    found = take(listing, queryset, asked)
    rows = [shown(row) for row in (together(found.rows) if together else found.rows)]
    beside = {
        "next": _address(request, asked, "after", found.next),
        "previous": _address(request, asked, "before", found.previous),
    }
    link = ", ".join(
        f'<{url}>; rel="{"prev" if name == "previous" else name}"'
        for name, url in beside.items()
        if url
    )
    request.link = link  # type: ignore[attr-defined]
    wants_totals = _TOTALS.read({"totals": request.GET.getlist("totals")})
    told = totals(listing, queryset, asked) if wants_totals else None
    return {"data": rows, **beside, "totals": _added(told) if told else None}


def _added(told: Sums) -> TotalsOut:
    return TotalsOut(
        count=told.count,
        is_capped=told.is_capped,
        sums={name: dict(by_unit) for name, by_unit in told.sums.items()},
    )


def _address(request: HttpRequest, asked: ListQuery, name: str, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    given = [(key, value) for key, values in asked.given.items() for value in values]
    return f"{request.path}?{urlencode([*given, (name, cursor)])}"


def parameters_of(listing: Listing) -> list[dict[str, Any]]:
    """The parameters of a list for the schema; every list has the same ones and its own filters."""
    sorts = [order for name in listing.sorts for order in (name, f"-{name}")]
    told: list[dict[str, Any]] = []
    if listing.search is not None:
        told.append(_parameter("q", _("Words to look for"), {"type": "string"}, "milk"))
    told += [
        _parameter(
            "sort",
            said(
                _("Order of the list, descending with a minus; %(default)s without it"),
                default=listing.default,
            ),
            {"type": "string", "enum": sorts},
            listing.default,
        ),
        _parameter("after", _("The page after this cursor, as in `next`"), {"type": "string"}),
        _parameter(
            "before", _("The page before this cursor, as in `previous`"), {"type": "string"}
        ),
        _parameter(
            "limit",
            said(_("Rows of a page; %(limit)s without it"), limit=listing.limit),
            {"type": "integer", "minimum": 1, "maximum": MOST_ROWS},
            50,
        ),
    ]
    added = ", ".join(f"`{one.name}`" for one in listing.totals)
    told.append(
        _parameter(
            "totals",
            said(_("Count all rows that match and add up %(names)s"), names=added)
            if added
            else _("Count all rows that match"),
            {"type": "string", "enum": ["yes", "no"]},
            "yes",
        )
    )
    for one in listing.filters:
        if callable(getattr(one, "choices", None)):
            # Known only to the database, and the schema asks none.
            told.append(_parameter(one.name, _("Only those"), {"type": "string"}))
            continue
        for parameter in one.parameters():
            schema = dict(_KINDS.get(parameter.kind, {"type": "string"}))
            known = [str(value) for value, _label in parameter.choices]
            if parameter.kind == "choice" and known:
                schema["enum"] = known
            if parameter.kind == "choices" and known:
                schema["items"] = {"type": "string", "enum": known}
            found = _parameter(parameter.name, _said(parameter.name, parameter.kind), schema)
            if parameter.kind == "choices":
                # `state=open,closed`: the commas stand in one value.
                found |= {"style": "form", "explode": False}
            told.append(found)
    return told


def _said(name: str, kind: str) -> str:
    if name.endswith(("_from", "_min")):
        return _("From this one on")
    if name.endswith(("_to", "_max")):
        return _("Up to this one, included")
    if kind == "moment":
        return _("From this moment on, with its time zone")
    return {"choices": _("One or several, with commas between them"), "code": _("By its code")}.get(
        kind, _("Only those")
    )


def _parameter(
    name: str, description: str, schema: dict[str, Any], example: Any = None
) -> dict[str, Any]:
    told = {
        "in": "query",
        "name": name,
        "required": False,
        "description": description,
        "schema": schema,
    }
    if example is not None:
        told["example"] = example
    return told
