"""How a seller wants its consumers' orders taken, and what was missing of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Company, User
from catalog.models import Product
from core.fields import MinorField
from core.walls import owned_by
from warehouse.models.retail import RetailOrder
from warehouse.rules.parting import Shortage


class ShortageTerms(models.TextChoices):
    """What is done with an order of which not everything is there."""

    REFUSE = Shortage.REFUSE.value, _("refuse the order")
    PART = Shortage.PART.value, _("serve what is there, refuse the rest")
    BACK_ORDER = Shortage.BACK_ORDER.value, _("serve what is there, back-order the rest")


class RetailTerms(models.Model):
    """A seller's terms from a moment on; the last row counts. Insert-only.

    A seller without a row takes orders all or nothing, from one warehouse.
    """

    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    shortage = models.CharField(max_length=10, choices=ShortageTerms)
    back_order_days = models.PositiveSmallIntegerField(default=0)
    may_split = models.BooleanField(default=False)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[RetailTerms]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(shortage="back_order", back_order_days__gt=0)
                | ~Q(shortage="back_order") & Q(back_order_days=0),
                name="back_orders_wait_for_some_days",
            )
        ]

    def __str__(self) -> str:
        return f"{self.seller_id} {self.set_at}"


class MissingState(models.TextChoices):
    """What became of missing units."""

    REFUSED = "refused", pgettext_lazy("missing", "refused")
    WAITING = "waiting", _("back-ordered")
    SERVED = "served", _("served later")
    LAPSED = "lapsed", _("given up")


class RetailMissing(models.Model):
    """Units of a consumer's order that were not there when it came. Only its end is written later.

    ``order`` is its first parcel and ``position`` the line in the shop's order; CNY minor units.
    ``waits_until`` is the last day on which back-ordered units are still served, then by the
    further parcel ``served_by``.
    """

    order = models.ForeignKey(
        RetailOrder, on_delete=models.PROTECT, related_name="missing", db_index=False
    )
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.PositiveIntegerField()
    unit_price_minor = MinorField()
    waits_until = models.DateField(null=True)
    state = models.CharField(max_length=8, choices=MissingState)
    served_by = models.ForeignKey(
        RetailOrder, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[RetailMissing]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order", "position"], name="missing_units_stand_once_for_a_line"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="missing_units_are_some_units"
            ),
            models.CheckConstraint(
                condition=Q(state="served", served_by__isnull=False)
                | ~Q(state="served") & Q(served_by__isnull=True),
                name="what_was_missing_is_served_by_a_parcel",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["seller", "order", "position"],
                condition=Q(state="waiting"),
                name="retail_missing_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.position}"
