"""What the zone's messages of a declaration are made of, and how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.timezone import get_default_timezone

from customs.models import (
    NO_LONGER,
    BookFiling,
    Declaration,
    DeclarationState,
    ElementState,
    EntryNumber,
    MessageKind,
    OutcomeChoice,
    OutgoingElement,
)
from customs.queries.messages_out import way_out
from customs.queries.passing import versions_of
from customs.queries.ports import office_told
from customs.queries.reference import old_codes
from customs.queries.stating import stated_on
from customs.rules.book import Style, style_of
from customs.rules.zone import Absent, Codes, Needs, absent_of


@dataclass(frozen=True, slots=True)
class AtZone:
    """How a declaration stands with the zone.

    ``listed`` is its bonded list as it was told last. ``may_list``: it may be queued now.
    ``absent`` is what is missing for it then, by name and subject.
    """

    listed: OutgoingElement | None
    may_list: bool
    absent: list[Absent]
    has_way: bool


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
    return declaration.drafted_at.astimezone(get_default_timezone()).date()


def told_last(declaration: Declaration, kind: MessageKind) -> OutgoingElement | None:
    """The newest of a declaration's messages of a kind, or of the version that it amends: customs
    has that one's list."""
    found: OutgoingElement | None = (
        OutgoingElement.objects.filter(declaration__in=versions_of(declaration), kind=kind)
        .select_related("message", "standing")
        .order_by("-pk")
        .first()
    )
    return found


def entry_numbers(declaration: Declaration) -> list[str]:
    """The numbers under which customs made a declaration from its bonded list (INV202)."""
    found = EntryNumber.objects.filter(declaration__in=versions_of(declaration))
    return list(found.order_by("made_at", "pk").values_list("number", flat=True))


def is_refused(element: OutgoingElement) -> bool:
    """Whether customs sent it back, as far as its receipts say."""
    standing: ElementState | None = getattr(element, "standing", None)
    return standing is not None and standing.outcome == OutcomeChoice.REFUSED


def may_be_listed(declaration: Declaration, listed: OutgoingElement | None) -> bool:
    """Once its form was ordered, and while it counts: it is told once, anew after a refusal."""
    if declaration.state in (DeclarationState.DRAFT, *NO_LONGER):
        return False
    return listed is None or is_refused(listed)


def list_at_customs(declaration: Declaration) -> OutgoingElement | None:
    """Its bonded list while it is on its way to customs, or customs has taken it."""
    listed = told_last(declaration, MessageKind.BONDED_LIST)
    return None if listed is None or is_refused(listed) else listed


def may_be_dropped(declaration: Declaration) -> bool:
    """Whether a draft, or a paper that was never lodged, may be set aside."""
    if declaration.state == DeclarationState.DRAFT:
        return True
    return declaration.state == DeclarationState.READY and list_at_customs(declaration) is None


def at_zone(declaration: Declaration) -> AtZone:
    """How a declaration in scope stands with the zone."""
    listed = told_last(declaration, MessageKind.BONDED_LIST)
    may_list = may_be_listed(declaration, listed)
    absent: list[Absent] = []
    if may_list:
        needs = needed(declaration)
        absent = absent_of(needs, codes_of(declaration, needs))
    has_way = may_list and way_out(declaration.importer) is not None
    return AtZone(listed, may_list, absent, has_way)
