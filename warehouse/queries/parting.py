"""A seller's terms, the parcels of one order, and what was missing of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.db.models import F, Q, QuerySet, Sum

from accounts.models import Company
from core.listings import of_each
from core.prepared import Asked, ask
from warehouse.models import (
    RetailMissing,
    RetailOrder,
    RetailOrderLine,
    RetailOrderState,
    RetailTerms,
)
from warehouse.rules.parting import ALL_OR_NOTHING, Shortage, Terms


def ask_terms(seller: Company) -> Asked:
    """How this seller's orders are taken now, for :func:`terms_of`."""
    return ask(
        "SELECT shortage, back_order_days, may_split FROM warehouse_retailterms "
        "WHERE seller_id = %s ORDER BY id DESC LIMIT 1",
        [seller.pk],
    )


def terms_of(seller: Company, *, asked: Asked | None = None) -> Terms:
    """How this seller's orders are taken now; ``asked`` is the answer of :func:`ask_terms`."""
    row = (asked or ask_terms(seller)).row()
    if row is None:
        return ALL_OR_NOTHING
    shortage, days, may_split = row
    return Terms(Shortage(shortage), days, may_split)


def terms_rows(seller: Company) -> QuerySet[RetailTerms]:
    """All terms a seller ever had, the newest first."""
    found: QuerySet[RetailTerms] = RetailTerms.objects.filter(seller=seller).order_by("-pk")
    return found


def parts_of(order: RetailOrder) -> QuerySet[RetailOrder]:
    """All parcels of the shop's order of which this is one, this one too; the first first."""
    root = order.first_id or order.pk
    found: QuerySet[RetailOrder] = RetailOrder.objects.filter(
        Q(pk=root) | Q(first_id=root)
    ).order_by("part")
    return found


def missing_of(order: RetailOrder) -> QuerySet[RetailMissing]:
    """What was missing of the shop's order when it came, by line."""
    found: QuerySet[RetailMissing] = (
        RetailMissing.objects.filter(order_id=order.first_id or order.pk)
        .select_related("product", "served_by")
        .order_by("position")
    )
    return found


def worth_beside(orders: Sequence[RetailOrder]) -> dict[int, int]:
    """Fen (goods, freight, insurance) of the other parcels of the same shop order, by order (id).

    Orders of one parcel are left out. What is cancelled is not counted.
    """
    roots = {one.pk: one.first_id or one.pk for one in orders}
    later = RetailOrder.objects.filter(first_id__in=set(roots.values()))
    parted = set(later.values_list("first_id", flat=True))
    if not parted:
        return {}
    goods = of_each(
        RetailOrderLine.objects.all(), "order", Sum(F("quantity") * F("unit_price_minor"))
    )
    rows = (
        RetailOrder.objects.filter(Q(pk__in=parted) | Q(first_id__in=parted))
        .exclude(state=RetailOrderState.CANCELLED)
        .annotate(worth=F("freight_minor") + F("insurance_minor") + goods)
        .values_list("pk", "first_id", "worth")
    )
    each = {pk: (first or pk, int(worth)) for pk, first, worth in rows}
    together = Counter[int]()
    for root, worth in each.values():
        together[root] += worth
    return {
        pk: together[root] - each.get(pk, (root, 0))[1]
        for pk, root in roots.items()
        if root in parted
    }
