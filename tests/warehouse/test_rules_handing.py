"""What a carrier takes, and what it may tell of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import DomainError
from warehouse.rules import handing as rules
from warehouse.rules.handing import EventTold, Handed, TrackingTold

LEFT = datetime(2026, 8, 2, 9, 0, tzinfo=UTC)
NOW = LEFT + timedelta(days=3)
WAITING = {"PC-1": "RO-1", "PC-2": "RO-2", "PC-3": "RO-2"}
HANDED = {
    "PC-1": Handed("PC-1", LEFT, "SF1001"),
    "PC-2": Handed("PC-2", LEFT),
    "PC-3": Handed("PC-3", LEFT),
}


def test_all_that_wait_leave_or_whole_orders_of_them() -> None:
    assert rules.to_hand_over([], WAITING) == ["PC-1", "PC-2", "PC-3"]
    assert rules.to_hand_over(["PC-3", "PC-2", "PC-2"], WAITING) == ["PC-2", "PC-3"]


def test_with_more_than_fit_at_once_no_order_is_parted() -> None:
    many = {f"PC-{n:04d}": f"RO-{n // 3}" for n in range(1002)}

    assert len(rules.to_hand_over([], many)) == 999


@pytest.mark.parametrize(
    ("wanted", "waiting", "refusal"),
    [
        ([], {}, rules.NothingToHandOver()),
        (["PC-9"], WAITING, rules.ParcelNotWaiting(field="parcels", parcel="PC-9")),
        (["PC-2"], WAITING, rules.OrderInParts(field="parcels", order="RO-2", parcel="PC-3")),
        (["P"] * 1001, WAITING, rules.TooManyParcels(parcels=1001, limit=1000)),
    ],
)
def test_parcels_that_cannot_leave_are_named(
    wanted: list[str], waiting: dict[str, str], refusal: DomainError
) -> None:
    with pytest.raises(type(refusal)) as refused:
        rules.to_hand_over(wanted, waiting)

    assert refused.value.facts == refusal.facts


def test_tracking_numbers_are_taken_once_and_every_wrong_cell_is_named() -> None:
    rows = [
        TrackingTold(2, "PC-1", "SF1001"),
        TrackingTold(3, "PC-2", "SF1002"),
        TrackingTold(4, "PC-2", "SF1002"),
    ]
    assert rules.new_tracking(rows, HANDED) == ({"PC-2": "SF1002"}, [])

    wrong = [
        TrackingTold(2, "PC-1", "SF9999"),
        TrackingTold(3, "PC-9", "SF1009"),
        TrackingTold(4, "PC-2", "SF1001"),
        TrackingTold(5, "PC-3", "no"),
        TrackingTold(6, "PC-3", "SF1003"),
    ]
    fresh, faults = rules.new_tracking(wrong, HANDED)
    assert fresh == {"PC-3": "SF1003"}
    assert [(one.row, one.field, type(one.error)) for one in faults] == [
        (2, "tracking_number", rules.TrackingDiffers),
        (3, "parcel", rules.ParcelUnknown),
        (4, "tracking_number", rules.TrackingTaken),
        (5, "tracking_number", rules.TrackingWrong),
    ]


def test_events_come_by_either_number_each_once() -> None:
    at = LEFT + timedelta(hours=5)
    rows = [
        EventTold(2, "SF1001", "delivered", at),
        EventTold(3, "PC-1", "delivered", at),
        EventTold(4, "PC-2", "picked_up", at, "宁波"),
    ]

    good, faults = rules.checked_events(rows, HANDED.values(), now=NOW)

    assert faults == []
    assert [(one.parcel, one.kind, one.place) for one in good] == [
        ("PC-1", "delivered", ""),
        ("PC-2", "picked_up", "宁波"),
    ]


def test_every_wrong_cell_of_events_is_named_and_none_of_its_row_taken() -> None:
    at = LEFT + timedelta(hours=5)
    rows = [
        EventTold(2, "PC-9", "flown", None, "x\ny"),
        EventTold(3, "PC-1", "delivered", LEFT - timedelta(seconds=60)),
        EventTold(4, "PC-1", "delivered", NOW + timedelta(seconds=1)),
        EventTold(5, "PC-1", "failed", at, note="n" * 201),
    ]

    good, faults = rules.checked_events(rows, HANDED.values(), now=NOW)

    assert good == []
    assert [(one.row, one.field) for one in faults] == [
        *((2, "parcel"), (2, "kind"), (2, "happened_at"), (2, "place")),
        *((3, "happened_at"), (4, "happened_at"), (5, "note")),
    ]


def test_more_rows_than_one_file_may_have_are_not_looked_at() -> None:
    limit = rules.MOST_ROWS
    numbers = [TrackingTold(row, "PC-1", "SF1001") for row in range(limit + 1)]
    events = [EventTold(row, "PC-1", "delivered", NOW) for row in range(limit + 1)]

    with pytest.raises(rules.TooManyTold) as refused:
        rules.new_tracking(numbers, HANDED)
    assert refused.value.facts == {"rows_told": limit + 1, "limit": limit}
    with pytest.raises(rules.TooManyTold):
        rules.checked_events(events, HANDED.values(), now=NOW)
    assert len(rules.checked_events(events[:limit], HANDED.values(), now=NOW)[0]) == 1


def test_an_order_is_delivered_once_each_of_its_parcels_is() -> None:
    assert rules.is_delivered([{"picked_up", "delivered"}, {"delivered"}])
    assert not rules.is_delivered([{"delivered"}, {"failed"}])
    assert not rules.is_delivered([])


def test_a_carrier_has_a_code_and_a_name_that_can_be_printed() -> None:
    rules.check_carrier("ZTO-NB", "中通宁波")
    for code in ("", "sf", "S F", "X" * 17, "-SF"):
        with pytest.raises(rules.CarrierCodeWrong):
            rules.check_carrier(code, "SF")
    for name in (" ", "a\nb", "x" * 101):
        with pytest.raises(rules.CarrierNameWrong):
            rules.check_carrier("SF", name)
