"""Who holds which consumer's order back."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Company
from warehouse.models import HoldAct, RetailHold, RetailOrder

#: So many of a warehouse's holds stand on its page; it frees some to see more.
MOST_SHOWN = 200


def held_by(company: Company) -> QuerySet[RetailHold]:
    """Holds of a company that it has not taken back, the oldest first, as many as a page shows."""
    later = RetailHold.objects.filter(
        order=OuterRef("order"), company=OuterRef("company"), pk__gt=OuterRef("pk")
    )
    found: QuerySet[RetailHold] = (
        RetailHold.objects.filter(~Exists(later), company=company, act=HoldAct.HELD)
        .select_related("seller")
        .order_by("pk")[:MOST_SHOWN]
    )
    return found


def is_held_by(order: RetailOrder, company: int) -> bool:
    """Whether this company (id) holds the order back: what it did last tells."""
    acts = RetailHold.objects.filter(order=order, company=company).order_by("-pk")
    return bool(acts.values_list("act", flat=True).first() == HoldAct.HELD)
