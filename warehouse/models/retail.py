"""What consumers order in a seller's shop, one by one or by the file."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Company, User
from catalog.models import Product
from core.fields import EncryptedTextField, MinorField
from core.history import tracked
from core.walls import owned_by
from warehouse.rules.order_way import Stage


class RetailOrderState(models.TextChoices):
    """What follows on what, ``rules.order_way`` says."""

    ALLOCATED = Stage.ALLOCATED.value, _("stock allocated")
    LISTED = Stage.LISTED.value, _("retail list drawn")
    RELEASED = Stage.RELEASED.value, _("released by customs")
    PICKED = Stage.PICKED.value, pgettext_lazy("order", "picked")
    PACKED = Stage.PACKED.value, pgettext_lazy("order", "packed")
    HANDED_OVER = Stage.HANDED_OVER.value, _("handed over to the carrier")
    DELIVERED = Stage.DELIVERED.value, pgettext_lazy("order", "delivered")
    CANCELLED = Stage.CANCELLED.value, _("cancelled")
    RETURNED = Stage.RETURNED.value, pgettext_lazy("order", "returned")
    MERGED = Stage.MERGED.value, pgettext_lazy("order", "merged")


@tracked(
    owner="it.seller_id",
    called="number",
    exclude=(
        *("buyer_name", "buyer_id_number", "buyer_id_digest"),
        *("buyer_telephone", "consignee_address"),
        *("consignee_name", "consignee_telephone"),
        # The erasure has a record of its own.
        "buyer_erased_at",
        # It stands in customs' own fact.
        "refusal",
    ),
)
class RetailOrder(models.Model):
    """A consumer's order in a seller's shop, or one parcel of it where it is served by several.

    The buyer's data is readable to the seller only.

    CNY minor units. ``discount_minor`` was paid with points, vouchers and the like, on goods whose
    prices are before it. ``collected_tax_minor`` is the tax the shop took in advance and
    ``paid_minor`` what was paid in all, as whoever was paid told it; null where nobody did, or
    where the order's parcels share one payment. ``consignee_*`` are empty where the buyer
    receives the parcel himself. ``buyer_id_digest`` is a keyed hash: it adds up a person's year
    without keeping the number in the clear. ``refusal`` says why the order may not leave as
    retail (``code``, ``rule`` in English, ``facts``); of any other it is empty.
    """

    number = models.CharField(max_length=32, unique=True)
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="retail_orders")
    channel = models.CharField(max_length=32)
    channel_order_number = models.CharField(max_length=60)
    #: Which parcel of the shop's order this is, from 1; ``first`` is that one, of the others.
    part = models.PositiveSmallIntegerField(default=1)
    first = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="later_parts", db_index=False
    )
    placed_at = models.DateTimeField()
    accepted_at = models.DateTimeField()
    state = models.CharField(
        max_length=12, choices=RetailOrderState, default=RetailOrderState.ALLOCATED
    )
    buyer_name = EncryptedTextField()
    buyer_id_number = EncryptedTextField()
    buyer_id_digest = models.CharField(max_length=64)
    buyer_telephone = EncryptedTextField(blank=True)
    consignee_address = EncryptedTextField()
    consignee_name = EncryptedTextField(blank=True, default="")
    consignee_telephone = EncryptedTextField(blank=True, default="")
    freight_minor = MinorField(default=0)
    insurance_minor = MinorField(default=0)
    discount_minor = MinorField(default=0)
    collected_tax_minor = MinorField(null=True, blank=True)
    paid_minor = MinorField(null=True, blank=True)
    refusal = models.JSONField(default=dict, blank=True)
    #: Until then an unpaid order keeps its stock; empty of what is paid.
    unpaid_until = models.DateTimeField(null=True, blank=True)
    #: When an order that came unpaid was paid.
    paid_at = models.DateTimeField(null=True, blank=True)
    #: How many hold it back: its seller, its warehouse. See :class:`RetailHold`.
    holds = models.PositiveSmallIntegerField(default=0)
    #: When what stood of the buyer was emptied; see BuyerErasure.
    buyer_erased_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[RetailOrder]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seller", "channel", "channel_order_number", "part"],
                # A cancelled order may come again, corrected; so may one that was merged, once
                # the order it went into is cancelled.
                condition=~Q(state__in=["cancelled", "merged"]),
                name="a_shop_order_is_taken_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    insurance_minor__gte=0,
                    discount_minor__gte=0,
                )
                & (Q(collected_tax_minor__isnull=True) | Q(collected_tax_minor__gte=0))
                & (Q(paid_minor__isnull=True) | Q(paid_minor__gte=0)),
                name="amounts_of_a_shop_order_are_not_negative",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["seller", "number", "id"],
                include=["freight_minor"],
                name="retail_order_of_seller",
            ),
            models.Index(fields=["seller", "placed_at", "id"], name="retail_order_by_time"),
            models.Index(fields=["seller", "state", "number"], name="retail_order_by_state"),
            models.Index(fields=["seller", "channel", "id"], name="retail_order_by_channel"),
            models.Index(
                fields=["id"],
                include=["seller"],
                condition=Q(state="allocated"),
                name="retail_order_waiting",
            ),
            # One buyer's orders that could go as one parcel.
            models.Index(
                fields=["seller", "channel", "buyer_id_digest", "id"],
                condition=Q(state__in=["allocated", "listed"]),
                name="retail_order_of_buyer",
            ),
            models.Index(
                fields=["id"],
                include=["state"],
                condition=Q(state__in=["released", "picked", "packed"]),
                name="retail_order_in_house",
            ),
            # The sweep that erases buyers looks at the oldest first.
            models.Index(
                fields=["accepted_at", "id"],
                condition=Q(
                    buyer_erased_at__isnull=True,
                    state__in=["delivered", "cancelled", "returned", "merged"],
                ),
                name="retail_order_to_erase",
            ),
            models.Index(
                fields=["first"],
                condition=Q(first__isnull=False),
                name="retail_order_later_part",
            ),
            models.Index(
                fields=["unpaid_until", "id"],
                condition=Q(state="allocated", unpaid_until__isnull=False),
                name="retail_order_unpaid",
            ),
            models.Index(
                fields=["channel_order_number"],
                opclasses=["varchar_pattern_ops"],
                name="retail_order_by_shop_number",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class RetailOrderLine(models.Model):
    """Units of a product at the price the consumer paid, tax not included, CNY minor units.

    Insert-only.
    """

    order = models.ForeignKey(
        RetailOrder, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    unit_price_minor = MinorField()

    objects: ClassVar[models.Manager[RetailOrderLine]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order", "position"], name="one_retail_line_per_position"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="a_retail_line_is_positive"),
            models.CheckConstraint(
                condition=Q(unit_price_minor__gte=0), name="a_retail_price_is_not_negative"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["order"],
                include=["seller", "quantity", "unit_price_minor"],
                name="retail_line_sums",
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.position}"


@tracked(owner="it.seller_id", called="file_name", exclude=("content", "results"))
class RetailUpload(models.Model):
    """A file of consumers' orders a seller sent, kept while it looks at the preview.

    ``content`` is the file in base64, encrypted; it is emptied when the orders are taken, and
    after a week anyway.
    ``results`` then says per order what became of it, without the buyers.
    """

    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    content = EncryptedTextField(blank=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    results = models.JSONField(default=list, blank=True)

    objects: ClassVar[models.Manager[RetailUpload]] = owned_by("seller")

    def __str__(self) -> str:
        return f"retail upload {self.pk}"
