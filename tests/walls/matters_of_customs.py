"""Open matters with the authority: what could not be done of what it asks."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.models import Company
from customs.models import EffectState, ReceiptMatch
from tests.factories.customs import a_queued
from tests.walls.matters_of_stock import Page


def of_authority(importer: Company) -> Iterator[Page]:
    """What customs said of the canary's list is against the state of its order; and the bonded
    list of another entry was not sent yet."""
    untold = a_queued(importer=importer).declaration
    yield Page("importer", f"/customs/declarations/{untold.our_reference}/bonded-list/")
    match = ReceiptMatch.objects.order_by("pk")[0]
    ReceiptMatch.objects.filter(pk=match.pk).update(
        effect=EffectState.REFUSED, refusal="customs.retail_list_voided"
    )
    yield Page("importer", f"/customs/receipts/{match.receipt_id}/")
