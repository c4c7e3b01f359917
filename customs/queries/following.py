"""Bonded lists that are to follow what became of their declarations by themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from customs.models import (
    Declaration,
    DeclarationState,
    ListAct,
    MessageKind,
    OutcomeChoice,
    OutgoingElement,
)
from customs.queries.zone import CHANGED_IN, is_behind
from customs.queries.zone_lists import is_refused, list_of
from customs.rules.zone_lists import Stage

_ENDED = (DeclarationState.WITHDRAWN, DeclarationState.REJECTED)


def due_lists(importers: Collection[str]) -> Iterator[Declaration]:
    """Declarations whose list customs has approved and which were amended, withdrawn or sent back
    since; of those importers (codes). What customs refused once waits for a person. Call
    platform-wide."""
    if not importers:
        return
    told = OutgoingElement.objects.filter(
        kind=MessageKind.BONDED_LIST,
        act=ListAct.TELL,
        standing__outcome=OutcomeChoice.TAKEN,
        declaration__importer__code__in=list(importers),
        declaration__state__in=[DeclarationState.AMENDED, *_ENDED],
    )
    firsts = told.order_by("pk").values_list("declaration", flat=True)
    for declaration in Declaration.objects.filter(pk__in=list(firsts)).order_by("pk"):
        newest = _newest(declaration)
        listed = list_of(newest)
        if listed is None or listed.stage != Stage.APPROVED or is_refused(listed.last):
            continue
        if newest.state in _ENDED or (newest.state in CHANGED_IN and is_behind(newest, listed)):
            yield newest


def _newest(declaration: Declaration) -> Declaration:
    """The version that stands in its place now."""
    found = declaration
    while found.state == DeclarationState.AMENDED:
        after = Declaration.objects.filter(replaces=found).first()
        if after is None:
            break
        found = after
    return found
