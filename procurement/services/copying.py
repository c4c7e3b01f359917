"""A forecast begun from what was filed or ordered the quarter before."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Sum

from accounts.models import Company, User
from core.errors import DomainError
from procurement.models import OrderShare, PoolRound
from procurement.queries import forecasts
from procurement.services.filing import check_seller
from procurement.services.late import Taken, file_on_top


class NothingToCopy(DomainError):
    """In no earlier round was anything filed or ordered that this one could be begun with."""

    code = "procurement.nothing_to_copy"


class Copied(StrEnum):
    FILED = "filed"
    ORDERED = "ordered"


@transaction.atomic
def copy_last(
    *, round: PoolRound, seller: Company, what: Copied, filed_by: User, now: datetime
) -> Taken:
    """File the next version with what the seller filed, or got ordered, in its last round.

    Of the products that this round takes; what was filed in this round already stays, but for
    the products copied. What is not offered any more is left out and told.

    Raises what ``file_forecast`` raises, NothingToCopy, or NothingWished when none of it is
    offered any more; then nothing has been written.
    """
    check_seller(seller)
    held = PoolRound.objects.select_for_update().get(pk=round.pk)
    before = PoolRound.objects.filter(quarter__lt=held.quarter).order_by("-quarter", "code")
    if held.category:
        before = before.filter(category__in={held.category, ""})
    wanted: dict[int, tuple[int, int, int]] = {}
    quarter = ""
    for one in before[:40]:
        if wanted and one.quarter != quarter:
            break
        quarter = one.quarter
        wanted |= _filed(one, seller) if what == Copied.FILED else _ordered(one, seller)
    if not wanted:
        raise NothingToCopy(round=held.code)
    return file_on_top(
        round=held, seller=seller, wanted=wanted, filed_by=filed_by, source="copy", now=now
    )


def _filed(round: PoolRound, seller: Company) -> dict[int, tuple[int, int, int]]:
    return forecasts.wanted(forecasts.current(round, seller))


def _ordered(round: PoolRound, seller: Company) -> dict[int, tuple[int, int, int]]:
    shares = OrderShare.objects.filter(owner=seller, order__round=round, quantity__gt=0)
    rows = shares.order_by().values_list("line__product_id").annotate(units=Sum("quantity"))
    return {product: (int(units), 0, 0) for product, units in rows}
