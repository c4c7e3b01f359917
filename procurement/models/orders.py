"""Combined purchase orders and whose how much of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from catalog.models import Product, TradingPartner
from core.fields import CurrencyField, MinorField
from core.history import tracked
from core.models import QueuedDocument
from core.walls import owned_by
from procurement.models.forecasts import ForecastLine
from procurement.models.offers import Pricing, SupplierOffer
from procurement.models.rounds import PoolRound


class OrderState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PLACED = "placed", _("placed")
    SHIPPED = "shipped", _("shipped")
    RECEIVED = "received", _("received")
    CANCELLED = "cancelled", _("cancelled")


@tracked(owner="it.buyer_id", called="number")
class PurchaseOrder(models.Model):
    """One combined order of a round to one supplier in one currency."""

    number = models.CharField(max_length=32, unique=True)
    round = models.ForeignKey(PoolRound, on_delete=models.PROTECT, related_name="orders")
    supplier = models.ForeignKey(TradingPartner, on_delete=models.PROTECT, related_name="orders")
    buyer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="orders_bought")
    currency = CurrencyField()
    incoterm = models.CharField(max_length=3)
    state = models.CharField(max_length=9, choices=OrderState, default=OrderState.DRAFT)
    amount_minor = MinorField()
    created_at = models.DateTimeField()
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    placed_at = models.DateTimeField(null=True, blank=True)
    #: The first day on which something that has not left was promised.
    promised_on = models.DateField(null=True, blank=True)

    objects: ClassVar[models.Manager[PurchaseOrder]] = owned_by("buyer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "supplier", "currency", "incoterm"],
                name="one_combined_order_per_supplier_and_currency",
            )
        ]

    def __str__(self) -> str:
        return self.number


class PurchaseOrderLine(models.Model):
    """One product of an order. ``wanted`` is the pooled sum; quantity = packs * pack_quantity.

    Less than wanted is ordered where sellers would do without, or where no more can be had.
    ``pack_price_minor`` is the price of the break that was reached; where prices are incremental
    only the packs from there on cost it. ``base_pack_price_minor`` is the price of the first
    break: what the pool is measured by. ``offer`` is whose terms these were, ``why`` what made
    the line what it is: sentences and their facts,
    ``lead_time_days`` what the offer promised. ``buyer`` is the order's. Insert-only: what became
    of it stands in its revisions.
    """

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="lines")
    buyer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    offer = models.ForeignKey(SupplierOffer, on_delete=models.PROTECT, null=True, related_name="+")
    pricing = models.CharField(max_length=11, choices=Pricing, default=Pricing.ALL_UNITS)
    why = models.JSONField(default=list)
    wanted = models.PositiveIntegerField()
    packs = models.PositiveIntegerField()
    pack_quantity = models.PositiveIntegerField()
    quantity = models.PositiveIntegerField()
    pack_price_minor = MinorField()
    base_pack_price_minor = MinorField()
    amount_minor = MinorField()
    lead_time_days = models.PositiveIntegerField(default=0, db_default=0)

    objects: ClassVar[models.Manager[PurchaseOrderLine]] = owned_by("buyer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order", "product"], name="a_product_stands_once_in_an_order"
            ),
            models.CheckConstraint(
                condition=Q(quantity=F("packs") * F("pack_quantity")), name="an_order_is_in_packs"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor=F("packs") * F("pack_price_minor"))
                | Q(pricing="incremental"),
                name="a_line_costs_packs_times_price",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.position}"


class OrderShare(models.Model):
    """Whose how much of an order line; shares sum to the line in units and money. Insert-only.

    What packs and minimum add belongs to the platform and is never put on a seller.
    ``alone_minor`` is what the owner would have paid for the same units on its own. ``demand`` is
    the line of the owner's forecast that is met here, none for the platform's surplus; of one
    forecast line several order lines may meet a part. ``order`` and ``round`` are the line's; a
    trigger of the database copies them where nobody said them, so that neither sums nor the wall
    of the orders ask for the lines.

    The table is parted by round, a partition for each large one (migration 0014).
    """

    line = models.ForeignKey(
        PurchaseOrderLine, on_delete=models.PROTECT, related_name="shares", db_index=False
    )
    owner = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(
        *(PurchaseOrder, models.PROTECT),
        related_name="+",
        null=True,
        editable=False,
        db_index=False,
    )
    round = models.ForeignKey(
        *(PoolRound, models.PROTECT),
        related_name="+",
        null=True,
        editable=False,
        db_index=False,
    )
    demand = models.ForeignKey(
        *(ForecastLine, models.PROTECT),
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    quantity = models.PositiveIntegerField()
    amount_minor = MinorField()
    alone_minor = MinorField(default=0)

    objects: ClassVar[models.Manager[OrderShare]] = owned_by("owner")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "owner"], name="one_share_per_owner_and_line")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["owner", "order"],
                include=["line", "quantity", "amount_minor", "alone_minor"],
                name="order_share_of_owner",
            )
        ]

    def __str__(self) -> str:
        return f"{self.line_id}/{self.owner_id}"


class OrderDocument(QueuedDocument):
    """The purchase order as the supplier gets it."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="documents")

    objects: ClassVar[models.Manager[OrderDocument]] = owned_by("order__buyer")
