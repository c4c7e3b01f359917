"""The warehouse counts what lies in it; an operator approves what differs, and it is booked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Case, Q, QuerySet, When

from accounts.models import Company, User
from core.copying import among_keys
from core.numbers import next_number
from core.walls import platform_wide
from traceability.models import Evidence
from traceability.rules import Fact, gtin_key, lot_key, quantity
from traceability.services import record
from warehouse.days import day_of
from warehouse.models import (
    BondedWarehouse,
    CountDecision,
    CountEntry,
    CountLine,
    CountTerms,
    Holding,
    StockCount,
)
from warehouse.queries.counts import last_entries, terms_of
from warehouse.rules import counting as rules
from warehouse.rules import posting
from warehouse.rules.counting import CountState, Entry, Terms
from warehouse.rules.posting import Kind, Leg, Posting, Status
from warehouse.services import telling_counts
from warehouse.services.posting import post

#: Rounds of a count: the first, and that by another person.
FIRST, AGAIN = 1, 2


@transaction.atomic
def set_count_terms(
    *, house: BondedWarehouse, terms: Terms, set_by: User, now: datetime
) -> CountTerms:
    """How often a warehouse counts what, from now on.

    Raises CountTermsOutOfRange; then nothing has been written.
    """
    rules.check_terms(terms)
    made: CountTerms = CountTerms.objects.create(
        warehouse=house,
        keeper_id=house.operator_id,
        a_days=terms.a_days,
        b_days=terms.b_days,
        c_days=terms.c_days,
        tolerance_bp=terms.tolerance_bp,
        set_by=set_by,
        set_at=now,
    )
    return made


@transaction.atomic
def start_count(
    *,
    house: BondedWarehouse,
    keeper: Company,
    subject: str,
    freezes: bool,
    started_by: User,
    now: datetime,
) -> StockCount:
    """Begin to count what lies in a warehouse of the products, lots or places of which the
    ``subject`` names the SKUs, numbers or codes, apart by spaces or commas.

    What it ``freezes`` stays where it is until the count is over; all else goes on.

    Raises NothingToCount, TooMuchToCount, or CountedAlready where another count froze some of it;
    then nothing has been written.
    """
    words = sorted({word for word in subject.replace(",", " ").split() if word})
    # The owners' holdings are marked, which the keeper's own walls do not let it do.
    with platform_wide():
        named = Q(product__sku__in=words) | Q(lot__number__in=words) | Q(location__code__in=words)
        named |= Q(location__stands_at__code__in=words)
        statuses = sorted(rules.COUNTED | rules.ON_THE_SHELF)
        lying = Holding.objects.filter(named, warehouse=house, keeper=keeper, status__in=statuses)
        _locked(lying)
        # Who was waited for may have opened others there, which are locked now.
        held = _locked(lying)
        keys = sorted(
            {(one.lot_id, one.location_id, _shelf(one.status)) for one in held if one.on_hand}
        )
        if not keys:
            raise rules.NothingToCount(subject=subject[:80])
        if len(keys) > rules.MOST_LINES:
            raise rules.TooMuchToCount(lines=len(keys), limit=rules.MOST_LINES)
        if other := next((one.frozen_by_id for one in held if one.frozen_by_id), None):
            number = StockCount.objects.values_list("number", flat=True).get(pk=other)
            raise rules.CountedAlready(count=number)
        count: StockCount = StockCount.objects.create(
            number=next_number("CC", day_of(now).year),
            warehouse=house,
            keeper=keeper,
            freezes=freezes,
            subject=" ".join(words)[:200],
            started_by=started_by,
            started_at=now,
        )
        CountLine.objects.bulk_create(
            CountLine(count=count, keeper=keeper, lot_id=lot, location_id=place, status=status)
            for lot, place, status in keys
        )
        if freezes:
            # The empty ones as well: what an order gives back lies there too.
            places = {key[:2] for key in keys}
            frozen = [one for one in held if (one.lot_id, one.location_id) in places]
            Holding.objects.filter(among_keys("pk", [one.pk for one in frozen])).update(
                frozen_by=count, changed_at=now
            )
        return count


def _locked(holdings: QuerySet[Holding]) -> list[Holding]:
    """As whoever posts locks them: what is free first, then by key."""
    free_first = holdings.order_by(Case(When(status=Status.AVAILABLE, then=0), default=1), "pk")
    return list(free_first.select_for_update(of=("self",)))


def _frozen(held: StockCount) -> list[Holding]:
    """What stands still for a count, locked."""
    return _locked(Holding.objects.filter(frozen_by=held, keeper_id=held.keeper_id))


def _shelf(status: str) -> str:
    return Status.AVAILABLE.value if status in rules.ON_THE_SHELF else status


@transaction.atomic
def enter_count(
    *,
    count: StockCount,
    keeper: Company,
    units: Mapping[int, int],
    counted_by: User,
    now: datetime,
) -> StockCount:
    """What somebody counted, by line (id). Beyond the tolerance another person counts again; what
    differs then waits for an operator; a count in which nothing differs is done.

    Raises CountIsOver, CountIncomplete or SamePersonCounts; then nothing has been written.
    """
    with platform_wide():
        held = _held(count, keeper=keeper)
        rules.check_state(held.state, CountState.OPEN, CountState.RECOUNT)
        before = last_entries(held)
        round = AGAIN if before else FIRST
        tolerance = terms_of(held.warehouse).tolerance_bp
        lines = {one.pk: one for one in CountLine.objects.filter(count=held).order_by("pk")}
        wanted = [one.line for one in before if rules.is_beyond(one, tolerance)] or list(lines)
        rules.check_entered(wanted, units)
        if before:
            rules.check_other_person(before, counted_by.pk)
        booked = _booked([lines[pk] for pk in wanted])
        entries = [Entry(pk, units[pk], booked[pk], counted_by.pk) for pk in wanted]
        CountEntry.objects.bulk_create(
            CountEntry(
                line=lines[one.line],
                keeper=keeper,
                round=round,
                units=one.units,
                booked=one.booked,
                counted_by=counted_by,
                counted_at=now,
            )
            for one in entries
        )
        if round == FIRST:
            state = rules.after_first(entries, tolerance)
        else:
            state = rules.after_last(last_entries(held))
        _become(held, state, now)
        if state == CountState.COUNTED:
            telling_counts.tell_to_approve(held, now)
        return held


@transaction.atomic
def call_off_count(*, count: StockCount, keeper: Company, now: datetime) -> StockCount:
    """Give a count up before it is decided; what it froze moves again.

    Raises CountIsOver; then nothing has been written.
    """
    with platform_wide():
        held = _held(count, keeper=keeper)
        rules.check_state(held.state, *rules.UNDER_WAY)
        _become(held, CountState.CALLED_OFF, now)
        return held


@transaction.atomic
def decide_count(
    *, count: StockCount, approves: bool, remark: str, decided_by: User, now: datetime
) -> StockCount:
    """An operator approves what differs, and it is booked under the count's number, or refuses it.

    What is missing or more is shared among those who have the lot there, in proportion; what is
    promised is not touched. Its owners hear of it, and the trace. The remark is what stands in
    the account book. Ask ``platform_wide``.

    Raises CountIsOver, CounterApproves, RemarkForCustomsMissing, PromisedGoodsMissing or
    NobodysSurplus; then nothing has been written.
    """
    held = _held(count)
    rules.check_state(held.state, CountState.COUNTED)
    entries = last_entries(held)
    counters = CountEntry.objects.filter(line__count=held).values_list("counted_by_id", flat=True)
    said = remark.strip()
    rules.check_decision(by=decided_by.pk, counters=counters, remark=said, approves=approves)
    CountDecision.objects.create(
        count=held,
        keeper_id=held.keeper_id,
        approved=approves,
        account_book=held.warehouse.ledger_number,
        remark=said,
        decided_by=decided_by,
        decided_at=now,
    )
    if approves:
        if held.freezes:
            # All of it before the posting locks those that differ: the rest would come too late.
            _frozen(held)
        _book(held, entries, decided_by, now)
    _become(held, CountState.DONE if approves else CountState.REFUSED, now)
    telling_counts.tell_decided(held, now)
    return held


def _held(count: StockCount, **whose: Company) -> StockCount:
    """A count is always locked before the holdings that it freezes. Not its key: whoever opens one
    beside them names it when it commits, and is waited for here."""
    held: StockCount = (
        StockCount.objects.select_related("warehouse")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=count.pk, **whose)
    )
    return held


def _become(held: StockCount, state: CountState, now: datetime) -> None:
    held.state = state.value
    held.save(update_fields=["state"])
    if held.freezes and state not in rules.UNDER_WAY:
        _frozen(held)
        # Who was waited for may have opened others beside them, which are frozen as well.
        keys = [one.pk for one in _frozen(held)]
        Holding.objects.filter(among_keys("pk", keys)).update(frozen_by=None, changed_at=now)


def _booked(lines: Sequence[CountLine]) -> dict[int, int]:
    """What the books say of each line (id), all owners together."""
    sums = Counter[tuple[int, int, str]]()
    for one in _lying(lines):
        sums[one.lot_id, one.location_id, _shelf(one.status)] += one.on_hand
    return {one.pk: sums[one.lot_id, one.location_id, one.status] for one in lines}


def _lying(lines: Sequence[CountLine]) -> list[Holding]:
    lots = sorted({one.lot_id for one in lines})
    return list(
        Holding.objects.filter(
            among_keys("lot_id", lots),
            status__in=sorted(rules.COUNTED | rules.ON_THE_SHELF),
            on_hand__gt=0,
        ).order_by("pk")
    )


def _book(held: StockCount, entries: Sequence[Entry], by: User, now: datetime) -> None:
    differing = {one.line: one for one in entries if one.difference}
    lines = list(
        CountLine.objects.filter(count=held, pk__in=differing)
        .select_related("lot__product")
        .order_by("pk")
    )
    free: dict[tuple[int, int, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    there: dict[tuple[int, int, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for one in _lying(lines):
        key = (one.lot_id, one.location_id, _shelf(one.status))
        there[key][one.owner_id] += one.on_hand
        if one.status not in posting.PROMISED:
            free[key][one.owner_id] += one.on_hand
    legs: dict[int, list[Leg]] = defaultdict(list)
    units: dict[tuple[int, int], int] = defaultdict(int)
    for line in lines:
        key = (line.lot_id, line.location_id, line.status)
        try:
            parts = rules.parts_of(differing[line.pk].difference, free[key], there[key])
        except (rules.PromisedGoodsMissing, rules.NobodysSurplus) as refused:
            raise type(refused)(lot=line.lot.number, **refused.facts) from refused
        for owner, part in parts.items():
            legs[owner] += posting.counted(
                line.lot_id, line.location_id, part, status=Status(line.status)
            )
            units[owner, line.lot_id] += part
    post(
        postings=[
            Posting(
                key=f"count:{held.number}:{owner}",
                kind=Kind.COUNTED,
                document=held.number,
                owner=owner,
                keeper=held.keeper_id,
                moved_at=now,
                legs=own,
                by=by.pk,
            )
            for owner, own in sorted(legs.items())
        ],
        now=now,
    )
    record(*(_fact(held, line, differing[line.pk].units, now) for line in lines), now=now)
    telling_counts.tell_found(held, {line.lot_id: line.lot for line in lines}, units, now)


def _fact(held: StockCount, line: CountLine, units: int, now: datetime) -> Fact:
    """A lot was counted and its books put right; not a word of whose it is."""
    lot, house = line.lot, held.warehouse
    return Fact(
        event_type="ObjectEvent",
        action="OBSERVE",
        biz_step="cycle_counting",
        disposition="in_progress",
        event_time=now,
        asserted_by=held.keeper_id,
        evidence=Evidence.DECLARED,
        biz_location=house.code,
        keys=(gtin_key(lot.product.gtin), lot_key(lot.product.gtin, lot.number)),
        quantities=(quantity(lot.product.gtin, units, lot.number),) if units else (),
        details={"place_zh": house.name_zh, "place_en": house.name_en},
    )
