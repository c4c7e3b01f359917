"""How far the canary's order is on its way to its buyer."""

from __future__ import annotations

from accounts.models import User
from customs.models import RetailList
from customs.services import release_lists
from tests.factories.warehouse import SELLS


def sent_on(operator: User) -> None:
    """The authority released the one list there is."""
    drawn = RetailList.objects.get()
    release_lists(
        numbers=[drawn.number],
        reference="CANARY-CEB622-1",
        released_at=SELLS,
        recorded_by=operator,
        now=SELLS,
    )
