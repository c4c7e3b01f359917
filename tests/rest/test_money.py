"""What moves money, or lets it go, is remembered for ever: its key has one effect at any time."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

from config.api import api
from core.walls import platform_wide
from rest.models import StoredAnswer
from rest.serving import need_of
from tests.rest.conftest import Hire
from tests.walls.world import World
from web.tables import tables


def operations() -> Iterator[tuple[str, Any]]:
    for _prefix, router in api._routers:
        for view in router.path_operations.values():
            for operation in view.operations:
                yield operation.view_func.__name__, operation.view_func


def reaches_settlement(operate: Any) -> bool:
    """By its scope, by what it calls, or by the actions that it starts in somebody's name."""
    scope = need_of(operate).scope
    calls = [
        one
        for one in operate.__globals__.values()
        if isinstance(one, ModuleType) and one.__name__.startswith("settlement.services")
    ]
    starts = operate.__name__ == "create_action" and any(
        action.scope.startswith("settlement:")
        for one in tables().values()
        for action in one.actions
    )
    return scope.startswith("settlement:") or bool(calls) or starts


def test_whatever_reaches_a_settlement_service_under_a_key_keeps_its_answer_for_ever() -> None:
    found = {
        name: need_of(operate).money
        for name, operate in operations()
        if need_of(operate).creates and reaches_settlement(operate)
    }

    assert found == dict.fromkeys(
        (
            *("open_batches", "export_batches", "set_terms", "book_invoice", "create_action"),
            "enter_bank_account",
            *("enter_order_bill", "reverse_order_bill"),
        ),
        True,
    )


def test_an_act_on_many_batches_is_remembered_for_ever(world: World, hire: Hire) -> None:
    body = {"listing": "batches", "action": "price", "every": True}
    made = hire("finance").post("actions", body, idempotency_key="many")

    assert made.status_code == 201
    with platform_wide():
        assert StoredAnswer.objects.get(key="many").kept_until is None
