"""What the zone's messages of a declaration are made of, and how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.errors import DomainError
from customs.models import (
    NO_LONGER,
    BookFiling,
    CounterChange,
    Declaration,
    DeclarationState,
    EntryNumber,
    TruckPass,
)
from customs.queries.messages_out import way_out
from customs.queries.passing import versions_of
from customs.queries.ports import office_told
from customs.queries.reference import old_codes
from customs.queries.stating import stated_on
from customs.queries.zone_lists import (
    ListAtZone,
    list_of,
    lists_of_shipment,
    living_passes,
)
from customs.rules.book import Style, style_of
from customs.rules.zone import Absent, Codes, Needs, absent_of
from customs.rules.zone_lists import Stage, check_may_counter
from warehouse.days import day_of

#: In which states of a declaration its list is changed, and in which it is deleted.
CHANGED_IN = frozenset({DeclarationState.READY, DeclarationState.LODGED, DeclarationState.RELEASED})
DELETED_IN = frozenset(
    {DeclarationState.READY, DeclarationState.WITHDRAWN, DeclarationState.REJECTED}
)


@dataclass(frozen=True, slots=True)
class ListsOf:
    """Of a shipment the newest list of a declaration, and one of another's that customs has."""

    own: ListAtZone | None
    other: ListAtZone | None


@dataclass(frozen=True, slots=True)
class AtZone:
    """How a declaration stands with the zone.

    ``listed`` is its bonded list, ``other`` one of another declaration of its shipment that customs
    has. ``may_list``: it may be queued now; ``absent`` is what is missing for it then, by name and
    subject. ``is_behind``: what customs amended since does not stand on the list.
    """

    listed: ListAtZone | None
    other: ListAtZone | None
    may_list: bool
    absent: list[Absent]
    has_way: bool
    may_change: bool = False
    may_delete: bool = False
    is_behind: bool = False


def lists_beside(declaration: Declaration) -> ListsOf:
    """The lists of a declaration's shipment, as seen from it."""
    versions = set(versions_of(declaration))
    own, other = None, None
    for one in lists_of_shipment(declaration.shipment_id):
        if {it.declaration_id for it in one.tellings} & versions:
            own = one
        elif one.is_living:
            other = one
    return ListsOf(own, other)


def needed(declaration: Declaration) -> Needs:
    """What of it the list cannot do without, without reading all of its papers."""
    return Needs(
        declaration.importer.customs_code,
        declaration.warehouse.operator.customs_code,
        declaration.warehouse.ledger_number,
        stated_on(declaration, _day(declaration)).departure.country,
        declaration.currency,
        list(
            declaration.lines.order_by("position").values_list(
                "product__sku", "origin", "specification", "hs_code"
            )
        ),
    )


def codes_of(declaration: Declaration, needs: Needs) -> Codes:
    """The codes of customs' tables on the day of the draft, and what the keeper told."""
    day = _day(declaration)
    book = declaration.warehouse.ledger_number
    countries = {needs.country, *(origin for _sku, origin, *_more in needs.lines)}
    filed = BookFiling.objects.filter(
        book_number=book, importer=declaration.importer_id, answer__filed=True
    ).values_list("product__sku", "hs_code", "answer__item")
    by_article = {(sku, code): str(item) for sku, code, item in filed if item}
    return Codes(
        office=office_told(declaration.warehouse_id),
        countries=old_codes("country", day, countries),
        currencies=old_codes("currency", day, [needs.currency]),
        items={
            sku: by_article[sku, code]
            for sku, _origin, _specification, code in needs.lines
            if (sku, code) in by_article
        },
        must_be_filed=style_of(book) == Style.FILED,
    )


def _day(declaration: Declaration) -> date:
    return day_of(declaration.drafted_at)


def entry_numbers(declaration: Declaration) -> list[str]:
    """The numbers under which customs made a declaration from its bonded list (INV202)."""
    found = EntryNumber.objects.filter(declaration__in=versions_of(declaration))
    return list(found.order_by("made_at", "pk").values_list("number", flat=True))


def may_be_listed(declaration: Declaration, lists: ListsOf) -> bool:
    """Once its form was ordered, and while it counts: it is told once, anew after a refusal or a
    deletion, and never while customs has another list of its shipment."""
    if declaration.state in (DeclarationState.DRAFT, *NO_LONGER):
        return False
    return lists.other is None and (lists.own is None or not lists.own.is_living)


def list_at_customs(declaration: Declaration) -> ListAtZone | None:
    """Its bonded list while it is on its way to customs, or customs has it."""
    listed = list_of(declaration)
    return listed if listed is not None and listed.is_living else None


def may_be_dropped(declaration: Declaration) -> bool:
    """Whether a draft, or a paper that was never lodged, may be set aside."""
    if declaration.state == DeclarationState.DRAFT:
        return True
    return declaration.state == DeclarationState.READY and list_at_customs(declaration) is None


def is_behind(declaration: Declaration, listed: ListAtZone) -> bool:
    """Whether customs amended lines of the declaration since its list was told."""
    told = listed.in_force
    versions = versions_of(declaration)
    if told is None or told.declaration_id not in versions:
        return False
    since = versions[1 : versions.index(told.declaration_id) + 1]
    changes = CounterChange.objects.filter(document__declaration__in=since, line__gt=0)
    return bool(since) and changes.filter(document__answer__accepted=True).exists()


def check_counter(declaration: Declaration, listed: ListAtZone | None) -> ListAtZone:
    """Its list, if that may be changed or deleted now. Raises as ``rules.check_may_counter``."""
    trucks = TruckPass.objects.filter(declaration__in=versions_of(declaration))
    passes, through = living_passes(trucks)
    check_may_counter(
        listed.standing if listed else None,
        number=listed.number if listed else declaration.our_reference,
        customs_number=listed.customs_number if listed else "",
        passes=passes,
        through_gate=through,
    )
    assert listed is not None  # noqa: S101 - for the type: refused above
    return listed


def _may_counter(declaration: Declaration, listed: ListAtZone | None) -> bool:
    if listed is None or listed.stage != Stage.APPROVED:
        return False
    try:
        check_counter(declaration, listed)
    except DomainError:
        return False
    return True


def at_zone(declaration: Declaration) -> AtZone:
    """How a declaration in scope stands with the zone."""
    lists = lists_beside(declaration)
    may_list = may_be_listed(declaration, lists)
    absent: list[Absent] = []
    if may_list:
        needs = needed(declaration)
        absent = absent_of(needs, codes_of(declaration, needs))
    may = _may_counter(declaration, lists.own)
    has_way = (may_list or may) and way_out(declaration.importer) is not None
    return AtZone(
        lists.own,
        lists.other,
        may_list,
        absent,
        has_way,
        may_change=may and has_way and declaration.state in CHANGED_IN,
        may_delete=may and has_way and declaration.state in DELETED_IN,
        is_behind=lists.own is not None
        and lists.own.is_living
        and is_behind(declaration, lists.own),
    )
