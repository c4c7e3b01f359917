"""The bonded lists that customs has, or had, of a shipment, and of parcels that left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from customs.models import (
    Declaration,
    ElementState,
    ExportList,
    MessageKind,
    OutcomeChoice,
    OutgoingElement,
    TruckPass,
)
from customs.queries.passing import versions_of
from customs.rules.receipts.standing import Outcome
from customs.rules.sas.documents import Document, read
from customs.rules.sending import unsqueezed
from customs.rules.zone_lists import Act, Stage, Standing, Telling, standing_of


def outcome_of(element: OutgoingElement) -> Outcome | None:
    """What customs made of it, as far as its receipts say."""
    standing: ElementState | None = getattr(element, "standing", None)
    return None if standing is None else Outcome(standing.outcome)


def is_refused(element: OutgoingElement) -> bool:
    """Whether customs sent it back, as far as its receipts say."""
    return outcome_of(element) == Outcome.REFUSED


@dataclass(frozen=True, slots=True)
class ListAtZone:
    """A bonded list with all that was told of it, the first telling first."""

    tellings: list[OutgoingElement]
    standing: Standing

    @property
    def first(self) -> OutgoingElement:
        return self.tellings[0]

    @property
    def last(self) -> OutgoingElement:
        """What was told of it last."""
        return self.tellings[-1]

    @property
    def stage(self) -> Stage:
        return self.standing.stage

    @property
    def is_living(self) -> bool:
        return self.standing.is_living

    @property
    def in_force(self) -> OutgoingElement | None:
        """The telling whose content customs has, or will have once it answers the first."""
        return next((it for it in self.tellings if it.pk == self.standing.in_force), None)

    @property
    def posted_by(self) -> OutgoingElement:
        """The telling that customs named when it posted the list; the first before that."""
        return next((it for it in self.tellings if outcome_of(it) == Outcome.DONE), self.first)

    @property
    def number(self) -> str:
        """Ours."""
        return self.first.key

    @property
    def customs_number(self) -> str:
        return self.first.their_number

    @property
    def is_in_force(self) -> bool:
        """Whether customs has it under its number, with nothing of it on the way: then a truck may
        name it."""
        return bool(self.customs_number) and self.stage in (
            *(Stage.TOLD, Stage.APPROVED, Stage.POSTED),
        )


def _lists(found: QuerySet[OutgoingElement]) -> list[ListAtZone]:
    """The lists of which these are tellings, in the order in which they were told first."""
    named = list(found.values_list("pk", "first"))
    firsts = {first or pk for pk, first in named}
    if not firsts:
        return []
    by_list: dict[int, list[OutgoingElement]] = defaultdict(list)
    rows = OutgoingElement.objects.filter(Q(pk__in=firsts) | Q(first__in=firsts))
    for one in rows.select_related("message", "standing").order_by("pk"):
        by_list[one.first_id or one.pk].append(one)
    return [ListAtZone(told, _standing(told)) for _pk, told in sorted(by_list.items())]


def _standing(tellings: Iterable[OutgoingElement]) -> Standing:
    return standing_of([Telling(it.pk, Act(it.act), it.change, outcome_of(it)) for it in tellings])


def list_of(declaration: Declaration) -> ListAtZone | None:
    """The newest list of a declaration, or of the versions that it amends: customs has theirs."""
    found = OutgoingElement.objects.filter(
        declaration__in=versions_of(declaration), kind=MessageKind.BONDED_LIST
    )
    lists = _lists(found)
    return lists[-1] if lists else None


def lists_of_shipment(shipment: int) -> list[ListAtZone]:
    """All lists of a shipment (id), whatever became of their declarations."""
    return _lists(
        OutgoingElement.objects.filter(declaration__shipment=shipment, kind=MessageKind.BONDED_LIST)
    )


def list_for_export(listed: ExportList) -> ListAtZone:
    """The same of an export list."""
    return _lists(OutgoingElement.objects.filter(pk=listed.element_id))[0]


def content_of(element: OutgoingElement) -> Document | None:
    """What stands in a telling; None once its message was emptied after its time."""
    if not element.message.body:
        return None
    return read(unsqueezed(element.message.body)).document


def living_passes(found: QuerySet[TruckPass]) -> tuple[list[str], bool]:
    """Of these passes the numbers of those that customs did not refuse, and whether one of them
    went through the gate."""
    rows = found.exclude(element__standing__outcome=OutcomeChoice.REFUSED).order_by("pk")
    told = list(rows.values_list("element__key", "passage"))
    return [key for key, _passage in told], any(passage for _key, passage in told)
