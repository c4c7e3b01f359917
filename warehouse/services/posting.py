"""Posting: the only way units of stock are written down."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import Company
from core.copying import FEW, among_keys, array_of, insert_rows, send_rows
from core.prepared import ask, together
from warehouse.models import Holding, Lot, StockCount, StockMovement, StockPosting
from warehouse.rules import counting
from warehouse.rules import posting as rules
from warehouse.rules.places import PlaceClosed
from warehouse.rules.posting import Leg, Place, Posting, PostingConflict, Status

#: In these statuses a count freezes what lies on its shelf.
_STAND_STILL = sorted(one.value for one in counting.COUNTED | counting.ON_THE_SHELF)


@transaction.atomic
def post(*, postings: Sequence[Posting], now: datetime) -> dict[Place, int]:
    """Book movements of stock in few statements, each once for its key: all of them, or none.

    What was booked before is left as it is. Every holding that changes is locked first, what is
    free to be sold before what is not, and by key among each, so that two who post wait for each
    other and never both. Returns the ids of the holdings, those of old postings as well.

    Raises PostingTooSmall, PostingNotBalanced, PostingConflict (same key, other contents),
    PlaceClosed, StockShort, naming the lot and its owner, or BeingCounted; then nothing has been
    written.
    """
    return post_within(postings=postings, now=now)


def post_within(
    *, postings: Sequence[Posting], now: datetime, holds_free: bool = False
) -> dict[Place, int]:
    """The same as :func:`post` for a use case that ends with what this raises, and writes nothing
    then: no savepoint is set and given up for it. ``holds_free``: what is free to be sold of it is
    locked by the caller already."""
    settled = {one.key: rules.settled(one.legs) for one in postings}
    if len(settled) < len(postings):
        twice = next(key for key, n in Counter(one.key for one in postings).items() if n > 1)
        raise PostingConflict(key=twice)
    with together():
        return _posted(postings, settled, now, holds_free)


def _posted(
    postings: Sequence[Posting],
    settled: Mapping[str, Sequence[Leg]],
    now: datetime,
    holds_free: bool,
) -> dict[Place, int]:
    fresh = _heads(sorted(postings, key=lambda one: one.key), now)
    _check_posted([one for one in postings if one.key not in fresh], settled)
    new = [one for one in postings if one.key in fresh]
    wanted = rules.changes((one.owner, settled[one.key]) for one in new)
    keepers = {
        place: one.keeper for one in new for place in rules.changes([(one.owner, settled[one.key])])
    }
    _check_open(rules.filled(wanted))
    if not holds_free:
        # Before any is opened: whoever waits here for what is free holds nothing others wait for.
        _lock([place for place in wanted if place.status == Status.AVAILABLE])
    ids, frozen = _shift(wanted, keepers, now)
    _check_still(new, settled, frozen)
    _write_legs(new, fresh, settled)
    told = rules.changes((one.owner, settled[one.key]) for one in postings)
    return ids | _ids(told.keys() - ids.keys())


def _heads(postings: Sequence[Posting], now: datetime) -> dict[str, int]:
    """The ids of the postings that were not there, by key.

    ON CONFLICT waits for a writer of the same key that has not committed yet, so whichever comes
    second reads what the first has written; in the order of the keys.
    """
    rows = insert_rows(
        StockPosting,
        {
            "key": [one.key for one in postings],
            "kind": [one.kind.value for one in postings],
            "document": [one.document for one in postings],
            "owner_id": [one.owner for one in postings],
            "keeper_id": [one.keeper for one in postings],
            "moved_at": [one.moved_at for one in postings],
            "booked_at": [now] * len(postings),
            "booked_by_id": [one.by for one in postings],
        },
        returning=("key", "id"),
        unless_there=True,
    )
    return dict(rows)


def _check_posted(postings: Sequence[Posting], settled: Mapping[str, Sequence[Leg]]) -> None:
    """What was booked before says the same. Raises PostingConflict."""
    if not postings:
        return
    heads = StockPosting.objects.filter(
        among_keys("key", [one.key for one in postings], "text")
    ).in_bulk(field_name="key")
    there: dict[str, set[Leg]] = defaultdict(set)
    legs = StockMovement.objects.filter(
        among_keys("posting_id", [one.pk for one in heads.values()])
    )
    for key, account, lot, units, location, status in legs.values_list(
        "posting__key", "account", "lot_id", "quantity", "location_id", "status"
    ):
        there[key].add(
            Leg(rules.Account(account), lot, units, location, Status(status) if status else None)
        )
    for one in postings:
        head = heads.get(one.key)
        if head is None or (head.kind, head.document, head.owner_id) != (
            one.kind.value,
            one.document,
            one.owner,
        ):
            raise PostingConflict(key=one.key)
        if there[one.key] != set(settled[one.key]):
            raise PostingConflict(key=one.key)


def _check_open(places: Collection[int]) -> None:
    """Goods come to open places only; who closes one waits until they are there, or they for it.

    Raises PlaceClosed.
    """
    if not places:
        return
    asked = ask(
        "SELECT code, closed_at FROM warehouse_location WHERE id = ANY(%s::bigint[]) "
        "ORDER BY id FOR SHARE",
        [array_of(sorted(places))],
    )
    for code, closed_at in asked.rows():
        if closed_at is not None:
            raise PlaceClosed(place=code)


def _check_still(
    postings: Iterable[Posting],
    settled: Mapping[str, Sequence[Leg]],
    frozen: Mapping[tuple[int, int], int],
) -> None:
    """What is being counted stays where it is. Raises BeingCounted, naming the count."""
    if not frozen:
        return
    for one in postings:
        legs = [
            leg for leg in settled[one.key] if leg.location and (leg.lot, leg.location) in frozen
        ]
        if legs and not counting.check_still(one.kind, legs):
            count = StockCount.objects.get(pk=frozen[legs[0].lot, legs[0].location or 0])
            lot = Lot.objects.values_list("number", flat=True).get(pk=legs[0].lot)
            raise counting.BeingCounted(lot=lot, count=count.number)


def _shift(
    wanted: Mapping[Place, int], keepers: Mapping[Place, int], now: datetime
) -> tuple[dict[Place, int], dict[tuple[int, int], int]]:
    """Add signed units to holdings, of which those free to be sold are locked; those that are not
    there are opened. Returns their ids, and by lot and place (ids) the count for which some of them
    stand still.

    The CHECK of the table stands behind the rule: who forgot the locks is refused, not believed.
    """
    opened = sorted(place for place, units in wanted.items() if units > 0)
    fresh = send_rows(
        Holding,
        {
            "lot_id": [one.lot for one in opened],
            "owner_id": [one.owner for one in opened],
            "location_id": [one.location for one in opened],
            "status": [one.status.value for one in opened],
            "keeper_id": [keepers[one] for one in opened],
            "on_hand": [0] * len(opened),
        },
        returning=("id", "lot_id"),
        unless_there=True,
    )
    stands = _lock(wanted)
    if rows := fresh.rows():
        _stand_still(dict(rows))
        stands = _lock(wanted)
    try:
        rules.check_enough({place: units for place, (_pk, units, _by) in stands.items()}, wanted)
    except rules.StockShort as short:
        raise rules.StockShort(**short.facts | _named(short)) from short
    ids = {place: pk for place, (pk, _units, _by) in stands.items()}
    frozen = {(place.lot, place.location): by for place, (_pk, _units, by) in stands.items() if by}
    moving = {ids[place]: units for place, units in wanted.items() if units}
    if not moving:
        return ids, frozen
    ask(
        "UPDATE warehouse_holding AS held SET on_hand = held.on_hand + change.units, "
        "changed_at = %s FROM unnest(%s::bigint[], %s::integer[]) AS change (id, units) "
        "WHERE held.id = change.id",
        [now, array_of(moving.keys()), array_of(moving.values())],
        keeps_plan=len(moving) <= FEW,
    )
    return ids, frozen


def _stand_still(fresh: Mapping[int, int]) -> None:
    """What is opened (holding and lot, ids) where a count froze the shelf is frozen with it."""
    ask(
        "UPDATE warehouse_holding AS held SET frozen_by_id = beside.count FROM ("
        "SELECT lot_id, location_id, max(frozen_by_id) AS count FROM warehouse_holding "
        "WHERE lot_id = ANY(%s::bigint[]) AND frozen_by_id IS NOT NULL GROUP BY 1, 2"
        ") AS beside WHERE held.id = ANY(%s::bigint[]) AND held.lot_id = beside.lot_id "
        "AND held.location_id = beside.location_id AND held.status = ANY(%s::text[])",
        [array_of(set(fresh.values())), array_of(fresh), array_of(_STAND_STILL)],
        keeps_plan=len(fresh) <= FEW,
    )


_HOLDINGS = """
SELECT held.lot_id, held.owner_id, held.location_id, held.status, held.id, held.on_hand,
    held.frozen_by_id
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[])
    AS place (lot_id, owner_id, location_id, status)
JOIN warehouse_holding AS held USING (lot_id, owner_id, location_id, status)
"""
# Beware: without the sub-selects a plan for just these few is made each time.
_FEW_HOLDINGS = re.sub(r"%s::\w+\[\]", r"(SELECT \g<0>)", _HOLDINGS)


def _lock(places: Collection[Place]) -> dict[Place, tuple[int, int, int | None]]:
    """Id and units of each of these holdings that is there, locked, and who counts it."""
    return _read(places, " ORDER BY held.status <> 'available', held.id FOR UPDATE OF held")


def _ids(places: Collection[Place]) -> dict[Place, int]:
    return {place: pk for place, (pk, _units, _by) in _read(places, "").items()}


def _read(places: Collection[Place], ending: str) -> dict[Place, tuple[int, int, int | None]]:
    if not places:
        return {}
    told = [
        array_of(one.lot for one in places),
        array_of(one.owner for one in places),
        array_of(one.location for one in places),
        array_of(one.status.value for one in places),
    ]
    is_small = len(places) <= FEW
    asked = ask((_FEW_HOLDINGS if is_small else _HOLDINGS) + ending, told, keeps_plan=is_small)
    return {
        Place(lot, owner, location, Status(status)): (pk, units, count)
        for lot, owner, location, status, pk, units, count in asked.rows()
    }


def _named(short: rules.StockShort) -> dict[str, str]:
    """What a person calls the lot and its owner."""
    lot, owner = (int(str(short.facts[name])) for name in ("lot", "owner"))
    return {
        "lot": Lot.objects.values_list("number", flat=True).get(pk=lot),
        "owner": Company.objects.values_list("code", flat=True).get(pk=owner),
    }


def _write_legs(
    postings: Iterable[Posting], heads: Mapping[str, int], settled: Mapping[str, Sequence[Leg]]
) -> None:
    """All in one statement, in which they must balance."""
    legs = [(one, leg) for one in postings for leg in settled[one.key]]
    send_rows(
        StockMovement,
        {
            "posting_id": [heads[one.key] for one, _leg in legs],
            "account": [leg.account.value for _one, leg in legs],
            "lot_id": [leg.lot for _one, leg in legs],
            "owner_id": [one.owner for one, _leg in legs],
            "keeper_id": [one.keeper for one, _leg in legs],
            "location_id": [leg.location for _one, leg in legs],
            "status": [leg.status.value if leg.status else "" for _one, leg in legs],
            "quantity": [leg.quantity for _one, leg in legs],
            "kind": [one.kind.value for one, _leg in legs],
            "document": [one.document for one, _leg in legs],
            "moved_at": [one.moved_at for one, _leg in legs],
        },
    )
