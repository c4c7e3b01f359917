"""What customs refused is told once more, after its company mended what was wrong."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core.queue import ring
from core.walls import platform_wide
from customs.models import MessageKind, RetailList, RetailParties
from customs.queries.accepting import BEFORE, refused_of
from customs.rules import parties as rules
from customs.services.telling_parcels import TellingDone, tell_lists
from warehouse.models import RetailOrder, RetailOrderState


@transaction.atomic
def tell_anew(*, listed: RetailList, now: datetime) -> TellingDone:
    """Queue anew what customs refused of a list that is neither released nor void: of its order,
    payment and waybill first, else the list itself. Each is a further turn with an identifier of
    its own; what is missing for it is written down, and then nothing is queued.

    Raises NothingRefused; then nothing has been written.
    """
    with platform_wide():
        # Of two who press at once the second finds what the first queued.
        RetailOrder.objects.select_for_update().filter(pk=listed.order_id).values_list("pk").first()
        fresh = RetailList.objects.select_related("order").get(pk=listed.pk)
        refused = refused_of(fresh)
        agreed = RetailParties.objects.filter(seller=fresh.seller_id, agreed_at__isnull=False)
        is_open = (
            fresh.order.state == RetailOrderState.LISTED
            and not hasattr(fresh, "void")
            and not hasattr(fresh, "release")
        )
        if not (refused and is_open and agreed.exists()):
            raise rules.NothingRefused(list=fresh.number)
        first = [one for one in refused if one.kind in BEFORE]
        again = first or refused
        before = {(fresh.pk, one.kind): one for one in again}
        kinds = sorted((one.kind for one in again), key=_order)
        done = tell_lists([fresh], kinds, now=now, before=before)
        ring("customs.messages")
    return done


def _order(kind: str) -> int:
    return [*BEFORE, MessageKind.RETAIL_LIST].index(MessageKind(kind))
