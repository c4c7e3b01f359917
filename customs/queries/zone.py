"""What the zone's messages of a declaration are made of, and how far they are."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.timezone import get_default_timezone

from core.walls import platform_wide
from customs.models import (
    NO_LONGER,
    BookFiling,
    Declaration,
    DeclarationState,
    ElementState,
    HouseAtCustoms,
    MessageKind,
    OutcomeChoice,
    OutgoingElement,
)
from customs.queries.import_set import import_set
from customs.queries.messages_out import way_out
from customs.queries.reference import codes_on
from customs.rules.book import Style, style_of
from customs.rules.import_set import ImportSet
from customs.rules.zone import Absent, Codes, absent_of


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


def codes_of(declaration: Declaration, data: ImportSet) -> Codes:
    """The codes of customs' tables on the day of the draft, and what the keeper told."""
    day = declaration.drafted_at.astimezone(get_default_timezone()).date()
    book = declaration.warehouse.ledger_number
    countries = {data.supplier.country, *(line.origin for line in data.listed)}
    filed = BookFiling.objects.filter(
        book_number=book, importer=declaration.importer_id, answer__filed=True
    ).values_list("product__sku", "hs_code", "answer__item")
    by_article = {(sku, code): str(item) for sku, code, item in filed if item}
    # The house is its keeper's; where goods enter stands on the importer's messages.
    with platform_wide():
        house = HouseAtCustoms.objects.filter(warehouse=declaration.warehouse_id).first()
    return Codes(
        office=house.port_code if house else "",
        countries={code: one.old_code for code, one in codes_on("country", day, countries).items()},
        currencies={
            code: one.old_code for code, one in codes_on("currency", day, [data.currency]).items()
        },
        items={
            line.sku: by_article[line.sku, line.hs_code]
            for line in data.listed
            if (line.sku, line.hs_code) in by_article
        },
        must_be_filed=style_of(book) == Style.FILED,
    )


def told_last(declaration: Declaration, kind: MessageKind) -> OutgoingElement | None:
    """The newest of a declaration's messages of a kind."""
    found: OutgoingElement | None = (
        OutgoingElement.objects.filter(declaration=declaration, kind=kind)
        .select_related("message", "standing")
        .order_by("-turn")
        .first()
    )
    return found


def is_refused(element: OutgoingElement) -> bool:
    """Whether customs sent it back, as far as its receipts say."""
    standing: ElementState | None = getattr(element, "standing", None)
    return standing is not None and standing.outcome == OutcomeChoice.REFUSED


def may_be_listed(declaration: Declaration, listed: OutgoingElement | None) -> bool:
    """Once its form was ordered, and while it counts: it is told once, anew after a refusal."""
    if declaration.state in (DeclarationState.DRAFT, *NO_LONGER):
        return False
    return listed is None or is_refused(listed)


def at_zone(declaration: Declaration) -> AtZone:
    """How a declaration in scope stands with the zone."""
    listed = told_last(declaration, MessageKind.BONDED_LIST)
    may_list = may_be_listed(declaration, listed)
    absent: list[Absent] = []
    if may_list:
        data = import_set(declaration.pk)
        absent = absent_of(data, codes_of(declaration, data))
    return AtZone(listed, may_list, absent, way_out(declaration.importer) is not None)
