"""Which stage of a consumer's order follows which, and where its goods lie meanwhile."""

from __future__ import annotations

from itertools import pairwise

import pytest

from warehouse.models import LIES_AS, ReservationState, RetailOrderState
from warehouse.rules import order_way as rules
from warehouse.rules.order_way import FOLLOWS, STATUS, Stage
from warehouse.rules.posting import PROMISED, Status, changed

WAY = [
    Stage.ALLOCATED,
    Stage.LISTED,
    Stage.RELEASED,
    Stage.PICKED,
    Stage.PACKED,
    Stage.HANDED_OVER,
    Stage.DELIVERED,
]


def test_an_order_goes_its_way_step_by_step_and_never_back() -> None:
    for at, before in enumerate(WAY):
        for after in WAY:
            assert (after in FOLLOWS[before]) == (after in WAY[at + 1 : at + 2]), (before, after)
    for end in (Stage.CANCELLED, Stage.RETURNED):
        assert FOLLOWS[end] == frozenset()


def test_a_stage_that_does_not_follow_is_refused() -> None:
    rules.check_follows("released", Stage.PICKED, order="RO-1")

    with pytest.raises(rules.StageDoesNotFollow) as refused:
        rules.check_follows("listed", Stage.PICKED, order="RO-1")
    assert refused.value.facts == {"order": "RO-1", "before": "listed", "after": "picked"}


def test_its_goods_may_follow_the_order_at_every_step_and_back() -> None:
    for before, after in pairwise(WAY):
        if after in STATUS and STATUS[before] != STATUS[after]:
            assert changed(1, 1, 1, before=STATUS[before], after=STATUS[after])
    for stage, status in STATUS.items():
        assert status in PROMISED
        assert changed(1, 1, 1, before=status, after=Status.AVAILABLE)
        assert Stage.CANCELLED in FOLLOWS[stage]


def test_only_an_order_without_a_standing_list_that_no_carrier_has_is_cancelled() -> None:
    rules.check_cancellable("allocated")
    for stage in ("listed", "released", "picked", "packed"):
        rules.check_cancellable(stage, is_voided=True)
        with pytest.raises(rules.RetailListDrawn):
            rules.check_cancellable(stage)
    for stage in ("handed_over", "delivered", "returned"):
        with pytest.raises(rules.OrderHandedOver):
            rules.check_cancellable(stage, is_voided=True)
    with pytest.raises(rules.OrderCancelled):
        rules.check_cancellable("cancelled", is_voided=True)


def test_the_words_of_the_tables_are_those_of_the_rule() -> None:
    assert set(RetailOrderState.values) == {stage.value for stage in Stage}
    assert set(LIES_AS.values()) == set(STATUS.values())
    assert set(LIES_AS) | {ReservationState.SHIPPED, ReservationState.RETURNED} == set(
        ReservationState
    )
