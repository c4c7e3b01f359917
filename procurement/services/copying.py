"""A forecast begun from what was filed or ordered the quarter before, or what is suggested."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Sum

from accounts.models import Company, User
from core.errors import DomainError
from procurement.models import OrderShare, PoolRound
from procurement.queries import forecasts, suggestions
from procurement.rules.forecasting import LARGEST_LINE
from procurement.services.filing import check_seller
from procurement.services.late import Taken, file_on_top


class NothingToCopy(DomainError):
    """Nothing was filed, ordered or suggested that this round could be begun with."""

    code = "procurement.nothing_to_copy"


class Copied(StrEnum):
    FILED = "filed"
    ORDERED = "ordered"
    #: What the platform works out from past sales; of no earlier round.
    SUGGESTED = "suggested"


@transaction.atomic
def copy_last(
    *, round: PoolRound, seller: Company, what: Copied, filed_by: User, now: datetime
) -> Taken:
    """File the next version with what the seller filed, or got ordered, in its last round, or
    with what is suggested to it for this one.

    Of the products that this round takes; what was filed in this round already stays, but for
    the products copied. What is not offered any more is left out and told.

    Raises what ``file_forecast`` raises, NothingToCopy, or NothingWished when none of it is
    offered any more; then nothing has been written.
    """
    check_seller(seller)
    held = PoolRound.objects.select_for_update().get(pk=round.pk)
    wanted: dict[int, tuple[int, int, int]]
    if what == Copied.SUGGESTED:
        wanted = _suggested(held, seller)
        if not wanted:
            raise NothingToCopy(round=held.code)
        return file_on_top(
            round=held, seller=seller, wanted=wanted, filed_by=filed_by, source="copy", now=now
        )
    before = PoolRound.objects.filter(quarter__lt=held.quarter).order_by("-quarter", "code")
    if held.category:
        before = before.filter(category__in={held.category, ""})
    wanted = {}
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


def _suggested(round: PoolRound, seller: Company) -> dict[int, tuple[int, int, int]]:
    told = suggestions.for_lines(round, seller)
    return {pk: (min(one.units, LARGEST_LINE), 0, 0) for pk, one in told.items() if one.units}
