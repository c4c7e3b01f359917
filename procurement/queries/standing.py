"""What stands of an order's lines, whose it is, and how late it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, Sum
from django.utils import timezone

from procurement.models import (
    LineRevision,
    OrderShare,
    PriceBreak,
    Pricing,
    PurchaseOrder,
    PurchaseOrderLine,
    RevisedShare,
    ShipmentLine,
    ShipmentState,
)
from procurement.rules.confirming import Stands, priced, with_price
from procurement.rules.parting import Part, left_of, part_of


@dataclass(frozen=True, slots=True)
class Standing:
    """An order line as it stands: after what was agreed and cancelled, and what left of it."""

    line: PurchaseOrderLine
    revision: LineRevision | None
    terms: Stands
    received: int

    @property
    def quantity(self) -> int:
        return self.terms.quantity

    @property
    def packs(self) -> int:
        return self.terms.quantity // self.line.pack_quantity

    @property
    def open(self) -> int:
        return self.terms.open

    @property
    def is_changed(self) -> bool:
        return self.revision is not None


def standings(order: PurchaseOrder) -> list[Standing]:
    """Each line of an order as it stands, in the order's order; a fixed number of statements."""
    lines = list(
        PurchaseOrderLine.objects.filter(order=order)
        .select_related("product", "offer")
        .order_by("position")
    )
    newest = {one.order_line_id: one for one in _newest([line.pk for line in lines])}
    gone: dict[int, tuple[int, int]] = {}
    counted: dict[int, int] = {}
    carried = ShipmentLine.objects.filter(order_line__in=[line.pk for line in lines]).order_by()
    has_arrived = Q(shipment__state=ShipmentState.RECEIVED)
    for row in carried.values("order_line_id").annotate(
        q=Sum("quantity"), a=Sum("amount_minor"), arrived=Sum("quantity", filter=has_arrived)
    ):
        gone[row["order_line_id"]] = (int(row["q"]), int(row["a"]))
        counted[row["order_line_id"]] = int(row["arrived"] or 0)
    lists = price_lists(lines)
    placed_on = local_day(order)
    found = []
    for line in lines:
        revision = newest.get(line.pk)
        shipped, shipped_minor = gone.get(line.pk, (0, 0))
        promised = (
            placed_on + timedelta(days=line.lead_time_days)
            if placed_on and line.lead_time_days
            else None
        )
        steps = lists.get(line.pk, ())
        if steps and revision:
            packs = -(-revision.quantity // line.pack_quantity)
            steps = with_price(steps, packs, revision.pack_price_minor)
        terms = Stands(
            pack_quantity=line.pack_quantity,
            quantity=revision.quantity if revision else line.quantity,
            amount_minor=revision.amount_minor if revision else line.amount_minor,
            pack_price_minor=revision.pack_price_minor if revision else line.pack_price_minor,
            promised_on=(revision.promised_on if revision else None) or promised,
            shipped=shipped,
            shipped_minor=shipped_minor,
            steps=steps,
        )
        found.append(Standing(line, revision, terms, counted.get(line.pk, 0)))
    return found


def price_lists(
    lines: Collection[PurchaseOrderLine],
) -> dict[int, tuple[tuple[int, int], ...]]:
    """By line, of those whose packs have prices of their own: (from pack, price of a pack).

    Only where the list comes to what the line was ordered at.
    """
    stepped = [line for line in lines if line.pricing == Pricing.INCREMENTAL and line.offer_id]
    if not stepped:
        return {}
    of_offer: dict[int, list[tuple[int, int]]] = defaultdict(list)
    breaks = PriceBreak.objects.filter(offer__in={line.offer_id for line in stepped})
    for offer, start, price in breaks.order_by("offer_id", "from_packs").values_list(
        "offer_id", "from_packs", "pack_price_minor"
    ):
        of_offer[offer].append((start, price))
    found = {line.pk: tuple(of_offer[line.offer_id or 0]) for line in stepped}
    return {
        line.pk: found[line.pk]
        for line in stepped
        if sum(many * price for many, price in priced(found[line.pk], line.packs))
        == line.amount_minor
    }


def local_day(order: PurchaseOrder) -> date | None:
    """The day on which an order was placed, where the house stands."""
    if order.placed_at is None:
        return None
    return timezone.localtime(order.placed_at, timezone.get_default_timezone()).date()


def first_promise(found: Iterable[Standing]) -> date | None:
    """The first day on which something that has not left was promised."""
    days = [one.terms.promised_on for one in found if one.open and one.terms.promised_on]
    return min(days, default=None)


def _newest(lines: Collection[int]) -> list[LineRevision]:
    return list(
        LineRevision.objects.filter(order_line__in=lines)
        .order_by("order_line_id", "-position")
        .distinct("order_line_id")
    )


def owners(
    lines: Collection[int], revisions: Mapping[int, int | None] | None = None
) -> dict[int, dict[int, Part]]:
    """By order line and owner: what stands of it, or stood at a revision (None: as ordered)."""
    at = (
        {one.order_line_id: one.pk for one in _newest(lines)}
        if revisions is None
        else {line: pk for line, pk in revisions.items() if pk is not None}
    )
    found: dict[int, dict[int, Part]] = {line: {} for line in lines}
    plain = OrderShare.objects.filter(line__in=[line for line in lines if line not in at])
    for line, owner, quantity, minor in plain.values_list(
        "line_id", "owner_id", "quantity", "amount_minor"
    ):
        found[line][owner] = Part(quantity, minor)
    revised = RevisedShare.objects.filter(revision__in=list(at.values()))
    for line, owner, quantity, minor in revised.values_list(
        "order_line_id", "owner_id", "quantity", "amount_minor"
    ):
        found[line][owner] = Part(quantity, minor)
    return found


def _taken(lines: Collection[int]) -> dict[int, list[ShipmentLine]]:
    found: dict[int, list[ShipmentLine]] = defaultdict(list)
    for one in ShipmentLine.objects.filter(order_line__in=lines).order_by("pk"):
        found[one.order_line_id].append(one)
    return found


def open_parts(lines: Collection[int]) -> dict[int, dict[int, Part]]:
    """By order line and owner: what has not left yet, of what stands."""
    stands, gone = owners(lines), shipped_parts(lines)
    return {line: left_of(stands[line], gone[line]) for line in lines}


def shipped_parts(lines: Collection[int]) -> dict[int, dict[int, Part]]:
    """By order line and owner: what has left, all shipments together."""
    return {
        line: _added(_part(one, still_open) for one, still_open in steps)
        for line, steps in _replayed(lines).items()
    }


def parts_of(carried: Sequence[ShipmentLine]) -> dict[int, dict[int, Part]]:
    """By shipment line and owner: whose what it carries is, units and money.

    The parts of a line follow from what left before it, so that all of them sum to what stands.
    """
    by_line = {one.pk: one for one in carried}
    return {pk: _part(by_line[pk], parts) for pk, parts in open_before(carried).items()}


def open_before(
    carried: Sequence[ShipmentLine], *, money: bool = True
) -> dict[int, dict[int, Part]]:
    """By shipment line and owner: what was open of its order line before it left.

    Who counts goods asks for the units alone.
    """
    asked = {one.pk for one in carried}
    found: dict[int, dict[int, Part]] = {}
    for steps in _replayed({one.order_line_id for one in carried}, money=money).values():
        last = max((one.pk for one in carried), default=0)
        for one, still_open in steps:
            if one.pk in asked:
                found[one.pk] = still_open
            if one.pk >= last:
                break
    return found


def _part(one: ShipmentLine, still_open: Mapping[int, Part]) -> dict[int, Part]:
    if not still_open:
        return {}
    return part_of(still_open, quantity=one.quantity, amount_minor=one.amount_minor)


def _replayed(
    lines: Collection[int], *, money: bool = True
) -> dict[int, Iterator[tuple[ShipmentLine, dict[int, Part]]]]:
    """Each line's shipments one after another, with what each owner had open before it."""
    taken = _taken(lines)
    revised = {one.revision_id for gone in taken.values() for one in gone if one.revision_id}
    stood: dict[tuple[int, int | None], dict[int, Part]] = {
        (line, None): parts for line, parts in owners(lines, {}).items()
    }
    rows = RevisedShare.objects.filter(revision__in=revised, order_line__in=lines)
    for line, revision, owner, quantity, minor in rows.values_list(
        "order_line_id", "revision_id", "owner_id", "quantity", "amount_minor"
    ):
        stood.setdefault((line, revision), {})[owner] = Part(quantity, minor)

    def steps(line: int) -> Iterator[tuple[ShipmentLine, dict[int, Part]]]:
        gone: dict[int, Part] = {}
        for one in taken.get(line, ()):
            still_open = left_of(stood.get((line, one.revision_id), {}), gone)
            yield one, still_open
            if not money:
                still_open = {owner: Part(part.quantity, 0) for owner, part in still_open.items()}
            paid = one.amount_minor if money else 0
            # Of a line in which nobody has a part nothing goes to anybody.
            if still_open:
                parts = part_of(still_open, quantity=one.quantity, amount_minor=paid)
                gone = _added([gone, parts])

    return {line: steps(line) for line in lines}


def _added(all_parts: Iterable[Mapping[int, Part]]) -> dict[int, Part]:
    found: dict[int, Part] = {}
    for parts in all_parts:
        for owner, part in parts.items():
            before = found.get(owner, Part(0, 0))
            found[owner] = Part(
                before.quantity + part.quantity, before.amount_minor + part.amount_minor
            )
    return found
