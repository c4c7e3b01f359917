"""Reference data as it holds on a day, and the proposals that change it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject, Left
from django.http import Http404

from accounts.models import User
from customs.models import (
    CustomsCode,
    ExchangeRate,
    PositiveEntry,
    ReferenceProposal,
    TariffRate,
    holding_on,
)
from customs.models.dated import DATED
from customs.rules.reference.cells import as_text
from customs.rules.reference.judging import Stored
from customs.rules.reference.kinds import CODE_TABLES, Kind
from customs.rules.reference.seed import seed_of

#: The places of the positive list in a tariff code.
LISTED = 8


def tariff_on(codes: Collection[str], day: date) -> dict[str, TariffRate]:
    """What the tariff says of each code on ``day``; codes it has nothing for are left out."""
    found = TariffRate.objects.filter(holding_on(day), hs_code__in=list(codes))
    return {one.hs_code: one for one in found}


def positive_on(codes: Collection[str], day: date) -> dict[str, PositiveEntry]:
    """The entry of the positive list for each tariff code (ten digits, or eight) on ``day``."""
    heads = {code[:LISTED] for code in codes}
    entries = PositiveEntry.objects.filter(holding_on(day), code__in=heads)
    by_head = {one.code: one for one in entries}
    return {code: by_head[code[:LISTED]] for code in codes if code[:LISTED] in by_head}


def listed_tariff_on(
    codes: Collection[str], day: date
) -> dict[str, tuple[TariffRate, Mapping[str, Any] | None]]:
    """What the tariff says of each code on ``day``, with the ``remarks`` and the ``remark`` of its
    entry in the positive list, None where it has none: one statement."""
    found = TariffRate.objects.filter(holding_on(day), hs_code__in=list(codes))
    listed = found.annotate(entry=listed_as("hs_code", day))
    return {one.hs_code: (one, one.entry) for one in listed}


def listed_as(code: str, day: date) -> Subquery:
    """The ``remarks`` and the ``remark`` that the positive list has on ``day`` for the tariff code
    at a path, None where it has no entry: within one statement."""
    entry = PositiveEntry.objects.filter(holding_on(day), code=Left(OuterRef(code), LISTED))
    return Subquery(entry.values(told=JSONObject(remarks="remarks", remark="remark")))


def exchange_on(currencies: Collection[str], day: date) -> dict[str, ExchangeRate]:
    """The customs rate of each currency on ``day``."""
    found = ExchangeRate.objects.filter(holding_on(day), currency__in=list(currencies))
    return {one.currency: one for one in found}


def cny_per_unit(currency: str, day: date) -> Decimal | None:
    """Yuan for one unit of a currency by the customs rate of a day; None where there is none."""
    if currency == "CNY":
        return Decimal(1)
    found = exchange_on([currency], day).get(currency)
    return found.cny_per_unit if found else None


def codes_on(table: str, day: date, codes: Collection[str] | None = None) -> dict[str, CustomsCode]:
    """A code table as it holds on ``day``, or some of its codes."""
    found = CustomsCode.objects.filter(holding_on(day), table=table)
    if codes is not None:
        found = found.filter(code__in=list(codes))
    return {one.code: one for one in found}


def old_codes(table: str, day: date, asked: Collection[str] | None = None) -> dict[str, str]:
    """The older code of customs, as its messages have it, by ISO code, on ``day``.

    A row's ISO code is ``iso_code``, or its own code where it has none; a table that is kept by
    customs' own codes has the older one there. What a table has no older code for is left out.
    """
    found = CustomsCode.objects.filter(holding_on(day), table=table)
    if asked is not None:
        names = list(asked)
        found = found.filter(Q(iso_code__in=names) | Q(iso_code="", code__in=names))
    told = {}
    for one in found:
        own = one.code if one.iso_code and one.iso_code != one.code else ""
        old = one.old_code or own
        if old:
            told[one.iso_code or one.code] = old
    return told


def holding_codes(asked: Mapping[str, Collection[str]], day: date) -> dict[str, Collection[str]]:
    """Which of the codes asked of each table hold on ``day``, in one statement.

    A table that was never loaded is left out: it says nothing.
    """
    tables = CustomsCode.objects.filter(table__in=asked.keys()).order_by()
    nothing = Value("", output_field=CharField())
    loaded = tables.values_list("table", nothing, nothing).distinct()
    wanted = {code for codes in asked.values() for code in codes}
    rows = tables.filter(holding_on(day)).filter(Q(code__in=wanted) | Q(iso_code__in=wanted))
    kept: dict[str, set[str]] = defaultdict(set)
    told = rows.values_list("table", "code", "iso_code").union(loaded)
    for table, code, iso_code in told:
        kept[table] |= {code, iso_code}
    return {table: codes & set(asked[table]) for table, codes in kept.items()}


def tariff_rates(text: str = "") -> QuerySet[TariffRate]:
    """All that the tariff ever said, the newest of a code first, without what never held;
    ``text`` is the beginning of a code."""
    rates = kept(TariffRate.objects.all()).order_by("hs_code", "-valid_from")
    return rates.filter(hs_code__startswith=text) if text else rates


def tariff_history(hs_code: str) -> list[TariffRate]:
    """What the tariff said of one code, the newest first; Http404 where it never said anything."""
    found = list(tariff_rates().filter(hs_code=hs_code).select_related("proposal", "closed_by"))
    if not found:
        raise Http404
    return found


def positive_history(code: str) -> list[PositiveEntry]:
    """What the positive list said of a tariff code, the newest first."""
    found = kept(PositiveEntry.objects.filter(code=code[:LISTED])).order_by("-valid_from")
    return list(found)


def kept(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Without rows that were withdrawn before they began."""
    return rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")))


def is_kept(name: str) -> bool:
    """Whether anything of a kind was ever kept."""
    rows = DATED[name].objects.all()
    if name in CODE_TABLES:
        rows = rows.filter(table=name)
    return bool(rows.exists())


def stored_rows(kind: Kind) -> dict[str, list[Stored]]:
    """All that is kept of a kind, by key, for :func:`customs.rules.reference.judging.judge`."""
    rows = DATED[kind.name].objects.order_by("valid_from")
    if kind.name in CODE_TABLES:
        rows = rows.filter(table=kind.name)
    names = [column.kept for column in kind.figures]
    found: dict[str, list[Stored]] = defaultdict(list)
    for pk, key, begins, ends, *values in rows.values_list(
        "pk", kind.key.name, "valid_from", "valid_to", *names
    ):
        figures = {name: _plain(value) for name, value in zip(names, values, strict=True)}
        found[key].append(Stored(pk, key, begins, ends, figures))
    return found


def _plain(value: object) -> object:
    return as_text(value) if isinstance(value, Decimal) else value


class KnownCodes:
    """Which codes a table has on a day, each table read once.

    Where a table was never loaded the product's own codes stand for it.
    """

    def __init__(self) -> None:
        self._rows: dict[str, list[tuple[str, str, date, date | None]]] = {}
        self._found: dict[tuple[str, date], Collection[str]] = {}

    def __call__(self, table: str, day: date) -> Collection[str]:
        found = self._found.get((table, day))
        if found is None:
            found = self._found[table, day] = self._on(table, day)
        return found

    def _on(self, table: str, day: date) -> Collection[str]:
        rows = self._rows.get(table)
        if rows is None:
            told = CustomsCode.objects.filter(table=table)
            rows = self._rows[table] = list(
                told.values_list("code", "iso_code", "valid_from", "valid_to")
            )
        if not rows:
            return seed_of(table).keys()
        # A history in front of the table's first day is held to what the table began with.
        day = max(day, min(begins for _code, _iso, begins, _ends in rows))
        return {
            name
            for code, iso_code, begins, ends in rows
            if begins <= day and (ends is None or ends >= day)
            for name in (code, iso_code)
            if name
        }


def proposals() -> QuerySet[ReferenceProposal]:
    """All proposals, the newest first."""
    found = ReferenceProposal.objects.select_related("proposed_by", "decision__decided_by")
    return found.order_by("-proposed_at", "-pk")


def proposal_of(number: str) -> ReferenceProposal:
    """One proposal; Http404 where there is none."""
    found = proposals().filter(number=number).first()
    if found is None:
        raise Http404
    return found


def proposals_for(person: User, day: date) -> int:
    """How many proposals of others a person can still approve on a day."""
    found = ReferenceProposal.objects.filter(decision__isnull=True).exclude(proposed_by=person)
    return found.filter(Q(approve_by__isnull=True) | Q(approve_by__gte=day)).count()


def last_approved(kind: str) -> ReferenceProposal | None:
    """The proposal of a kind that was approved last."""
    found = ReferenceProposal.objects.filter(kind=kind, decision__approved=True)
    return found.order_by("-decision__pk").first()
