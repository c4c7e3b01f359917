"""Open matters with the authority: what could not be done of what it asks."""

from __future__ import annotations

from collections.abc import Iterator

from customs.models import EffectState, ReceiptMatch
from tests.walls.matters_of_stock import Page


def of_authority() -> Iterator[Page]:
    """What customs said of the canary's list is against the state of its order."""
    match = ReceiptMatch.objects.order_by("pk")[0]
    ReceiptMatch.objects.filter(pk=match.pk).update(
        effect=EffectState.REFUSED, refusal="customs.retail_list_voided"
    )
    yield Page("importer", f"/customs/receipts/{match.receipt_id}/")
