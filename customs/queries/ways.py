"""On which ways shipments are declared, and how far each is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import CharField, Exists, Max, Min, OuterRef, Q, QuerySet, Value
from django.http import Http404

from accounts.models import Company
from core.models import WorkState
from customs.models import (
    Deadline,
    DeadlineKind,
    Declaration,
    DeclarationDocument,
    DeclarationState,
    DeclarationStep,
    PaperKind,
    ShipmentEntry,
    ShipmentWay,
)
from customs.queries.under_way import Known, Standing, is_under_way, known_of, ways_taken
from customs.rules.deadlines import Grants, Route, routes
from customs.rules.ways import Stands, Step, Taken, next_of, steps
from procurement.models import Shipment, ShipmentState
from warehouse.days import day_of
from warehouse.models import Reservation

#: Of a shipment, besides the bill of lading, before it is declared in advance.
ADVANCE_PAPERS = (PaperKind.INVOICE, PaperKind.PACKING_LIST)
#: The next to arrive; the rest come up when these are done.
SHOWN = 50


@dataclass(frozen=True, slots=True)
class OnWay:
    """A shipment on its way into bond; ``due_on`` is its soonest open deadline.

    ``arrives_on`` is the day told by the importer (``has_arrived``), or announced by the supplier.
    """

    shipment: Shipment
    way: Route
    is_chosen: bool
    grants: Grants
    arrives_on: date
    has_arrived: bool
    entry: ShipmentEntry | None
    declaration: Declaration | None
    taken: tuple[Taken, ...]
    due_on: date | None

    @property
    def open_ways(self) -> list[Route]:
        """What may be chosen; tax by month goes beside any way."""
        return [one for one in routes(self.grants) if one != Route.SUMMARY_TAX]

    @property
    def next(self) -> Step | None:
        return next_of(self.taken)


def told_way(shipment: int) -> ShipmentWay | None:
    """What the importer told last of a shipment's way, by id."""
    return ShipmentWay.objects.filter(shipment=shipment).order_by("-pk").first()


def entry_of(shipment: int) -> ShipmentEntry | None:
    """That it went in before customs released it, by id."""
    return ShipmentEntry.objects.filter(shipment=shipment).first()


def may_be_declared() -> Q:
    """Of shipments: under way, or gone in before customs released them."""
    return Q(state=ShipmentState.SHIPPED) | Q(entry__isnull=False)


def shipment_on_way(number: str, importer: Company | None, *, day: date) -> OnWay:
    """One shipment in scope; only the importer's where one is named. Http404 without one."""
    found = _shipments(importer).filter(number=number)
    for one in on_ways(found, day=day):
        return one
    raise Http404


def route_of(shipment: Shipment, *, day: date) -> Route:
    """The way on which a shipment is declared, as it stands on a day."""
    known = known_of([shipment.pk])
    return ways_taken({shipment.pk: shipment.order.buyer_id}, known, today=day)[shipment.pk]


def under_way_of(importer: Company | None, *, day: date) -> list[OnWay]:
    """Shipments of which something is still to be done, the next to arrive first."""
    return on_ways(next_to_arrive(importer), day=day)


def next_to_arrive(importer: Company | None) -> QuerySet[Shipment]:
    """The same, as they are kept."""
    found = _shipments(importer).filter(is_under_way())
    return found.order_by("expected_on", "pk")[:SHOWN]


def _shipments(importer: Company | None) -> QuerySet[Shipment]:
    found = Shipment.objects.select_related("order__supplier__company", "order__buyer")
    return found.filter(order__buyer=importer) if importer else found


def on_ways(
    shipments: Collection[Shipment], *, day: date, standing: Standing | None = None
) -> list[OnWay]:
    """How far each is; a fixed number of statements. ``standing`` is theirs, where it was read
    already."""
    rows = list(shipments)
    keys = [one.pk for one in rows]
    standing = standing or Standing({one.pk: one.order.buyer_id for one in rows})
    known, granted = {key: standing.known[key] for key in keys}, standing.granted
    due: dict[int, date | None] = {}
    completed: dict[int, date | None] = {}
    is_open = Q(met_on__isnull=True, dropped_on__isnull=True)
    for key, soonest, met_on in (
        _of(Deadline, keys)
        .values_list("shipment_id")
        .annotate(
            soonest=Min("due_on", filter=is_open),
            completed=Max("met_on", filter=Q(kind=DeadlineKind.COMPLETE)),
        )
    ):
        due[key], completed[key] = soonest, met_on
    stands = _stands(known, completed)
    found = []
    for one in rows:
        it, importer = known[one.pk], one.order.buyer_id
        way = it.way(granted.of(importer, it, today=day))
        found.append(
            OnWay(
                shipment=one,
                way=way,
                is_chosen=it.said is not None,
                grants=granted.on(importer, day),
                arrives_on=it.arrives_on(one.expected_on),
                has_arrived=it.said is not None and it.said.arrived_on is not None,
                entry=it.entry,
                declaration=it.declaration,
                taken=tuple(steps(way, stands[one.pk])),
                due_on=due.get(one.pk),
            )
        )
    return found


def _of(table: type, keys: Sequence[int]) -> QuerySet:  # type: ignore[type-arg]
    return table.objects.filter(shipment__in=keys)  # type: ignore[attr-defined,no-any-return]


def _stands(known: Mapping[int, Known], completed: Mapping[int, date | None]) -> dict[int, Stands]:
    ordered, papers = _settled(list(known))
    found = {}
    for key, it in known.items():
        one = it.declaration
        pk = one.pk if one else 0
        settled = ordered.get(pk)
        if settled is None and one is not None and one.state != DeclarationState.DRAFT:
            # A version that customs amended to was never ordered.
            settled = one.drafted_at
        found[key] = Stands(
            ordered_on=_day(settled),
            papers_on=_day(papers.get(pk)),
            lodged_on=it.lodged_on,
            entered_on=_day(it.entry.entered_at) if it.entry else None,
            received_on=it.counted_on,
            completed_on=completed.get(key),
            released_on=it.released_on,
            collected_on=it.collected_on,
        )
    return found


def _settled(shipments: Sequence[int]) -> tuple[dict[int, datetime], dict[int, datetime]]:
    """By declaration of these shipments (ids): when its form was ordered last, and when the papers
    of declaring in advance were all made, none of them missing. One statement."""
    # Asked by shipment, so that it is as many statements where none is declared yet.
    ordered = DeclarationStep.objects.filter(
        declaration__shipment__in=shipments, state=DeclarationState.QUEUED
    ).values("declaration_id")
    made = DeclarationDocument.objects.filter(
        declaration__shipment__in=shipments, kind__in=ADVANCE_PAPERS, state=WorkState.READY
    ).values("declaration_id", "kind")
    steps = ordered.annotate(kind=Value("", CharField()), moment=Max("at"))
    told = steps.values_list("declaration_id", "kind", "moment").union(
        made.annotate(moment=Min("made_at")).values_list("declaration_id", "kind", "moment"),
        all=True,
    )
    last: dict[int, datetime] = {}
    first: dict[int, list[datetime]] = defaultdict(list)
    for pk, kind, at in told:
        if not kind:
            last[pk] = at
        elif at is not None:
            first[pk].append(at)
    whole = {pk: times for pk, times in first.items() if len(times) == len(ADVANCE_PAPERS)}
    return last, {pk: max(times) for pk, times in whole.items()}


def advance_lacks(declaration: Declaration) -> list[str]:
    """Names of the shipment's papers that are not there."""
    made = set(
        DeclarationDocument.objects.filter(
            declaration=declaration, kind__in=ADVANCE_PAPERS, state=WorkState.READY
        ).values_list("kind", flat=True)
    )
    lacking = [kind.value for kind in ADVANCE_PAPERS if kind.value not in made]
    return lacking if declaration.shipment.bill_of_lading else ["bill_of_lading", *lacking]


def waits_for_release(orders: Collection[int]) -> set[int]:
    """Orders for which goods are held that went in before customs released them; ask
    ``platform_wide``. They are not sold out of bond until it has."""
    released = Declaration.objects.filter(
        shipment=OuterRef("shipment"), state=DeclarationState.RELEASED
    )
    open_entries = ShipmentEntry.objects.filter(~Exists(released))
    waiting = list(open_entries.values_list("shipment_id", flat=True))
    if not waiting:
        return set()
    held = Reservation.objects.filter(
        line__order__in=orders, holding__lot__receipt_line__receipt__shipment__in=waiting
    )
    return set(held.values_list("line__order_id", flat=True))


def _day(moment: datetime | None) -> date | None:
    return day_of(moment) if moment else None
