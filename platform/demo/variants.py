"""What a person or a program can ask of a list: each order, a filter, words, a page far down.

Read from the list itself, a page's controls or the API's own description, so that a new sort or
filter is measured because it is there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from lxml import html

#: Rows and pages that are turned to come far down a list.
ROWS, PAGES = 200, 6
#: As little of a number as finds many, where a whole one finds one row.
WIDE = 4

#: An address to the body of its answer; None when it does not open.
Fetch = Callable[[str], bytes | None]


def of_page(address: str, body: bytes, fetch: Fetch) -> Iterator[tuple[str, str]]:
    """``(what, address)`` of a page with a list; nothing of another page."""
    if b'class="card list"' not in body:
        return
    page: Any = html.fromstring(body)
    section: Any = page.xpath('//section[starts-with(@id, "list-")]')[0]
    for value in _texts(section.xpath('.//select[@name="sort"]/option/@value')):
        yield f"sort={value}", _with(address, sort=value)
    yield from _filters(address, section)
    cells = section.xpath('.//tbody//th[@scope="row"]')
    words = " ".join(str(cells[0].text_content()).split()) if cells else ""
    if words and section.xpath('.//input[@name="q"]'):
        yield from _searches(address, words)
    yield from _far(address, fetch, _next_of_page)


def _filters(address: str, section: Any) -> Iterator[tuple[str, str]]:
    """The first choice, and the first day."""
    choices = section.xpath(
        './/select[@name != "sort" and @name != "limit"][option[@value != ""]]'
        ' | .//fieldset//input[@type="checkbox"][1]'
    )
    for one in choices[:1]:
        values = one.xpath("./option/@value") if one.tag == "select" else [one.get("value")]
        value = next(iter(_texts(values)))
        yield f"{one.get('name')}={value}", _with(address, **{one.get("name"): value})
    for one in section.xpath('.//input[@type="date"]')[:1]:
        yield f"{one.get('name')}=…", _with(address, **{one.get("name"): "2025-01-01"})


def of_api(
    address: str, operation: dict[str, Any], body: bytes, fetch: Fetch
) -> Iterator[tuple[str, str]]:
    """The same of a list of the API, as its schema describes it."""
    known = {one["name"]: one for one in operation.get("parameters", ()) if one["in"] == "query"}
    if "sort" not in known or "after" not in known:
        return
    for value in known["sort"]["schema"]["enum"]:
        yield f"sort={value}", _with(address, sort=value)
    if "totals" in known:
        yield "totals=yes", _with(address, totals="yes")
    chosen = next(
        (
            (name, one["schema"]["enum"][0])
            for name, one in known.items()
            if "enum" in one["schema"] and name not in {"sort", "totals"}
        ),
        None,
    )
    if chosen:
        yield "=".join(chosen), _with(address, **dict([chosen]))
    rows = json.loads(body).get("data") or [{}]
    words = next((str(value) for value in rows[0].values() if isinstance(value, str)), "")
    if words and "q" in known:
        yield from _searches(address, words)
    yield from _far(address, fetch, _next_of_api)


def _searches(address: str, words: str) -> Iterator[tuple[str, str]]:
    words = words.split(" ")[0]
    yield "q=whole", _with(address, q=words)
    yield "q=few letters", _with(address, q=words[:WIDE])


def _far(
    address: str, fetch: Fetch, following: Callable[[bytes], str]
) -> Iterator[tuple[str, str]]:
    """A page of the usual length behind a thousand rows and more."""
    place = ""
    for _page in range(PAGES):
        body = fetch(_with(address, limit=ROWS, **({"after": place} if place else {})))
        told = following(body) if body else ""
        if not told:
            break
        place = told
    if place:
        yield "after=…", _with(address, after=place)


def _next_of_page(body: bytes) -> str:
    page: Any = html.fromstring(body)
    links = page.xpath('//a[@rel="next"]/@href')
    return _place(str(links[0])) if links else ""


def _next_of_api(body: bytes) -> str:
    return _place(json.loads(body).get("next") or "")


def _place(address: str) -> str:
    return parse_qs(urlsplit(address).query).get("after", [""])[-1]


def _texts(values: Any) -> list[str]:
    return [str(value) for value in values if value]


def _with(address: str, **told: Any) -> str:
    return f"{address}?{urlencode(told, safe=':-_')}"
