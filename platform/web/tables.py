"""What a list shows: declared once, used by its page, its exports and its bulk actions.

An app writes its tables into a module named in ``settings.BONDPOOL_TABLES``; so a worker that
makes an export finds by key what a view shows by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString

from core.listing import Listing
from web.templatetags.bondpool import grouped

Text = str | Promise
LONGEST_PLACE = 64
#: A path into the row (``supplier.company.name``) or a function of it.
Reads = str | Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: the person, acting for a company in a role, on a day.

    ``asked_at``: when the person asked, which for what a worker does is earlier than ``now``.
    ``seen_at``: of the row that is acted on, what the person saw; see :class:`Action`. ``given``:
    what the page that started the action was told besides.
    """

    user: Any
    company: Any
    role: str
    today: date
    now: datetime
    asked_at: datetime
    seen_at: datetime | None = None
    given: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column. ``value`` is what an export gets; the page shows it as its ``kind`` says.

    Kinds: text, number (a code people quote), qty, money, day, moment, state, choice, country,
    percent, yes. ``template`` shows the cell instead, with ``row`` in its context; ``draw`` does
    so in a tenth of the time, where there are several figures in each of many cells.
    """

    label: Text
    value: Reads = ""
    kind: str = "text"
    note: Reads | None = None
    link: Callable[[Any], str] | None = None
    #: Of an amount in minor units: a path or function that gives it, or three letters.
    currency: Reads = "CNY"
    #: Public names of the listing's sort and total that belong to the column.
    sort: str = ""
    total: str = ""
    template: str = ""
    draw: Callable[[Any], SafeString] | None = None
    when: Callable[[Viewer], bool] | None = None
    #: A column for files only, or for pages only.
    on_page: bool = True
    in_file: bool = True

    @property
    def is_right(self) -> bool:
        return self.kind in {"qty", "money", "percent"}

    def read(self, row: Any) -> Any:
        return look(row, self.value) if self.value else ""

    def currency_of(self, row: Any) -> str:
        if isinstance(self.currency, str) and self.currency.isupper():
            return self.currency
        return str(look(row, self.currency) or "")


def look(row: Any, reads: Reads) -> Any:
    """What a path or a function finds in a row; None where the way ends early."""
    if callable(reads):
        return reads(row)
    found = row
    for part in reads.split("."):
        found = getattr(found, part, None)
        if found is None:
            return None
    return found


@dataclass(frozen=True, slots=True)
class Noted:
    """What a person should know of an act that was done: a sentence in English, and its facts."""

    rule: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Action:
    """Something done to many rows at once, in the worker; see :mod:`jobs`.

    ``each`` acts on one row in a transaction of its own and may refuse it, or note something
    of what it did. ``gather`` makes one
    file of them all: its name, media type and bytes. ``asks``: a person confirms first.
    ``sees``: the row's moment (``priced_at``) that tells what the person saw from what it became
    since; ``each`` finds it in ``Viewer.seen_at`` and refuses another. ``shows``: what stands
    beside a row's name where a person confirms (its amount).
    """

    name: str
    label: Text
    icon: str = "check"
    roles: frozenset[str] = frozenset()
    each: Callable[[Any, Viewer, datetime], Noted | None] | None = None
    gather: Callable[[QuerySet[Any], Viewer], tuple[str, str, bytes]] | None = None
    asks: Text = ""
    #: What a program needs to ask for it; empty: only people do.
    scope: str = ""
    #: Who is there must have shown it lately, as on the page of one row.
    is_confirmed: bool = False
    #: The act asks somebody outside and must not hold a transaction open; it is safe to repeat.
    is_alone: bool = False
    sees: str = ""
    shows: Reads = ""
    #: Offered by the list itself; others are started by a page of their own, of one row.
    is_listed: bool = True
    #: Where a person goes on once the one row is done: an address by its key.
    leads: Callable[[int], str] | None = None


@dataclass(frozen=True, slots=True)
class Empty:
    """What a list says when nothing is there yet: what to do."""

    title: Text
    text: Text = ""
    icon: str = "inbox"
    url_name: str = ""
    action: Text = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """One list of a page. ``key`` is public (addresses, names of files).

    ``within``: the list is that of one thing (the shares of a receipt), which addresses name by
    this word; ``rows`` is then asked with the name as well, and raises Http404 for a stranger's.
    """

    key: str
    title: Text
    listing: Listing | Callable[[Viewer], Listing]
    rows: Callable[..., Any]
    columns: Sequence[Column]
    empty: Empty
    roles: frozenset[str]
    actions: Sequence[Action] = ()
    #: What a row is called where it is refused or confirmed.
    named: Reads = "number"
    #: Rows that may be picked, and the words that stand for a row being worked on.
    may_pick: Callable[[Any], bool] | None = None
    is_moving: Callable[[Any], bool] | None = None
    #: Puts onto a page's rows what is asked for once for all of them.
    attach: Callable[[list[Any], Viewer], None] | None = None
    within: str = ""
    #: What a program needs to have the list as a file; empty: only people do.
    scope: str = ""
    #: Rows of a file that are written while the person waits, where each costs more than usual.
    at_once: int = 5_000

    def place_in(self, params: Mapping[str, Any]) -> str:
        """The thing an address names, of which this is the list. Raises Http404 without one."""
        if not self.within:
            return ""
        told = params.get(self.within) or ""
        place = str(told[-1] if isinstance(told, list | tuple) else told)
        if not 0 < len(place) <= LONGEST_PLACE or "\x00" in place:
            raise Http404
        return place

    def rows_in(self, viewer: Viewer, place: str) -> Any:
        return self.rows(viewer, place) if self.within else self.rows(viewer)

    def name_of(self, row: Any) -> str:
        return str(look(row, self.named) or "")

    def listing_for(self, viewer: Viewer) -> Listing:
        return self.listing if isinstance(self.listing, Listing) else self.listing(viewer)

    def columns_for(self, viewer: Viewer) -> list[Column]:
        return [one for one in self.columns if one.when is None or one.when(viewer)]

    def actions_for(self, viewer: Viewer) -> list[Action]:
        return [one for one in self.actions if viewer.role in one.roles and one.is_listed]


def file_columns(table: Table, viewer: Viewer) -> list[Column]:
    return [one for one in table.columns_for(viewer) if one.in_file and one.value]


@cache
def _known(modules: tuple[str, ...]) -> Mapping[str, Table]:
    found: dict[str, Table] = {}
    for module in modules:
        for table in import_string(f"{module}.TABLES"):
            if table.key in found:
                raise RuntimeError(f"two tables are called {table.key}")
            found[table.key] = table
    return found


def tables() -> Mapping[str, Table]:
    """Every table of the house, by key."""
    return _known(tuple(settings.BONDPOOL_TABLES))


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force and the address without it."""

    label: Text
    value: Text
    url: str


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: where a click sorts by it, and how it is sorted now."""

    column: Column
    url: str = ""
    sorted: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """One control of the bar above a list."""

    name: str
    kind: str
    label: Text
    value: str
    values: tuple[str, ...] = ()
    choices: Sequence[tuple[str, Text]] = ()
    hint: Text = ""


@dataclass(slots=True)
class Shown:
    """A list ready for its template."""

    table: Table
    heads: list[Head]
    rows: list[Any]
    controls: list[Control]
    chips: list[Chip]
    sums: Any
    totals: list[str | None]
    words: str
    hint: Text
    has_search: bool
    order: str
    limit: int
    limits: Sequence[int]
    next_url: str
    previous_url: str
    clear_url: str
    file_query: str
    is_narrowed: bool
    actions: list[Action]
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_moving(self) -> bool:
        moving = self.table.is_moving
        return moving is not None and any(moving(row) for row in self.rows)

    @property
    def plain_controls(self) -> list[Control]:
        return [one for one in self.controls if one.kind in {"choice", "choices"}]

    @property
    def more_controls(self) -> list[Control]:
        return [one for one in self.controls if one.kind not in {"choice", "choices"}]

    @property
    def has_more_chosen(self) -> bool:
        return any(one.value for one in self.more_controls)

    @property
    def orders(self) -> list[tuple[str, str]]:
        """Every way to sort, for a select: on a phone the column heads are not there."""
        return [
            (f"{sign}{head.column.sort}", f"{arrow} {head.column.label}")
            for head in self.heads
            if head.url
            for sign, arrow in (("", "\u2191"), ("-", "\u2193"))
        ]

    @property
    def counted(self) -> str:
        """How many rows were counted, grouped."""
        return grouped(self.sums.count)
