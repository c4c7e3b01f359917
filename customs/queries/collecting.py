"""Lists that wait for their month's declaration, and the declarations drawn of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, DateField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.http import Http404

from accounts.models import Company
from customs.models import (
    CollectedList,
    CollectiveDeclaration,
    CollectiveDocument,
    Declaration,
    DeclarationCharge,
    DeclarationState,
    Facilitation,
    ShipmentWay,
)
from customs.queries.under_way import Granted, known_of
from customs.rules.charges import Charge, Kind, Mark
from customs.rules.collecting import Alike, Candidate, alike_charges
from customs.rules.deadlines import Route, end_of_month
from warehouse.days import day_of

#: Handed in, and in no collective declaration: what a month waits for.
_WITH_CUSTOMS = (DeclarationState.LODGED, DeclarationState.RELEASED)
#: Collective declarations on a page; the rest stand under their number.
SHOWN = 50
_RELATED = (
    *("importer", "warehouse", "shipment__order__supplier__company"),
    "shipment__order__buyer",
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A list with the names that a person knows it by."""

    declaration: Declaration
    told: Candidate


@dataclass(frozen=True, slots=True)
class Group:
    """Lists that may be declared together: all of them agree in what stands on the form's head."""

    alike: Alike
    lists: tuple[Waiting, ...]
    may_draw: bool

    @property
    def due_on(self) -> date:
        return end_of_month(self.alike.month, after=1)

    @property
    def accepted(self) -> list[Waiting]:
        return [one for one in self.lists if one.told.is_accepted]

    @property
    def total_minor(self) -> int:
        return sum(one.declaration.total_minor for one in self.accepted)

    @property
    def any(self) -> Declaration:
        """One of them: they share what the head names."""
        return self.lists[0].declaration


def waiting_lists(importer: Company | None, *, today: date) -> list[Group]:
    """Lists on the way of collective declaration that are handed in and in no declaration of a
    month, by what they agree in, the soonest last day first; only the importer's where one is
    named. A fixed number of statements."""
    living = CollectedList.objects.filter(declaration=OuterRef("pk"), freed_at__isnull=True)
    opened = Facilitation.objects.filter(
        importer=OuterRef("importer"),
        collective=True,
        valid_from__lte=Cast(OuterRef("lodged_at"), DateField()),
    )
    chosen = ShipmentWay.objects.filter(shipment=OuterRef("shipment"), way=Route.COLLECTIVE.value)
    found = Declaration.objects.filter(
        ~Exists(living), Q(Exists(opened)) | Q(Exists(chosen)), state__in=_WITH_CUSTOMS
    )
    if importer is not None:
        found = found.filter(importer=importer)
    groups: dict[Alike, list[Waiting]] = defaultdict(list)
    for one in waiting_of(found.select_related(*_RELATED).order_by("pk"), today=today):
        if one.told.way == Route.COLLECTIVE:
            groups[one.told.alike].append(one)
    return sorted(
        (
            Group(
                alike,
                tuple(lists),
                may_draw=today > end_of_month(alike.month)
                and any(one.told.is_accepted for one in lists),
            )
            for alike, lists in groups.items()
        ),
        key=lambda one: (one.due_on, one.any.pk),
    )


def waiting_of(declarations: Iterable[Declaration], *, today: date) -> list[Waiting]:
    """Each as the rules look at it, without its statement; a fixed number of statements."""
    rows = list(declarations)
    known = known_of([one.shipment_id for one in rows])
    granted = Granted({one.importer_id for one in rows})
    charges = _charges(rows)
    there = dict(
        CollectedList.objects.filter(declaration__in=rows, freed_at__isnull=True).values_list(
            "declaration_id", "collective__our_reference"
        )
    )
    found = []
    for one in rows:
        shipment, it = one.shipment, known[one.shipment_id]
        lodged_on = day_of(one.lodged_at) if one.lodged_at else today
        arrived_on = it.arrives_on(shipment.expected_on)
        told = charges.get(one.pk, ())
        candidate = Candidate(
            reference=one.our_reference,
            shipment=shipment.number,
            way=it.way(granted.on(one.importer_id, lodged_on)),
            state=one.state,
            is_accepted=one.state == DeclarationState.RELEASED,
            arrived_on=arrived_on,
            accepted_on=day_of(one.decided_at) if one.decided_at else None,
            alike=Alike(
                month=arrived_on.replace(day=1),
                supplier=shipment.order.supplier.company_id,
                warehouse=one.warehouse_id,
                form=one.form,
                mode=one.supervision_mode,
                transport=shipment.transport_mode,
                terms=one.incoterm,
                currency=one.currency,
                charges=alike_charges(told),
            ),
            packages=one.packages,
            collected_in=there.get(one.pk, ""),
            charges=tuple(told),
        )
        found.append(Waiting(one, candidate))
    return found


def with_relations(found: QuerySet[Declaration]) -> QuerySet[Declaration]:
    """With what :func:`waiting_of` reads of each."""
    return found.select_related(*_RELATED)


def _charges(rows: Collection[Declaration]) -> Mapping[int, Sequence[Charge]]:
    found: dict[int, list[Charge]] = defaultdict(list)
    for one in DeclarationCharge.objects.filter(declaration__in=rows).order_by("pk"):
        found[one.declaration_id].append(
            Charge(Kind(one.kind), Mark(one.mark), one.value, one.currency)
        )
    return found


def collectives_of(importer: Company | None) -> QuerySet[CollectiveDeclaration]:
    """Those in scope, the newest first, with what a list shows: ``list_count`` among it."""
    found = (
        CollectiveDeclaration.objects.select_related("importer", "warehouse__operator", "supplier")
        .annotate(list_count=Count("lists"))
        .order_by("-drafted_at", "-pk")
    )
    return found.filter(importer=importer) if importer else found


def collective_of(reference: str) -> CollectiveDeclaration:
    """One in scope; Http404 where there is none: a stranger learns nothing."""
    found = (
        collectives_of(None)
        .select_related("replaces", "replaced_by")
        .filter(our_reference=reference)
        .first()
    )
    if found is None:
        raise Http404
    return found


def lists_of(collective: CollectiveDeclaration) -> QuerySet[CollectedList]:
    """Its lists in their order, freed ones too."""
    return (
        CollectedList.objects.filter(collective=collective)
        .select_related("declaration__shipment__order__supplier__company")
        .order_by("position")
    )


def lodged_paper(collective: CollectiveDeclaration) -> CollectiveDocument | None:
    """The form as it was ordered first, without its bytes: what a person lodges."""
    found: CollectiveDocument | None = (
        CollectiveDocument.objects.filter(collective=collective, kind="declaration", version=1)
        .defer("content")
        .order_by("pk")
        .first()
    )
    return found


def collected_in(declaration: Declaration) -> CollectiveDeclaration | None:
    """The collective declaration in which a list stands, while that one counts."""
    found = (
        CollectedList.objects.filter(declaration=declaration, freed_at__isnull=True)
        .select_related("collective")
        .first()
    )
    return found.collective if found else None
