"""The shops that send a seller's orders by themselves, and what they sent."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Company, User
from core.fields import EncryptedTextField
from core.history import tracked
from core.walls import owned_by


class ChannelKind(models.TextChoices):
    """In whose words a shop tells of its orders, and how it signs them."""

    SIGNED = "signed", _("own program")
    WOOCOMMERCE = "woocommerce", "WooCommerce"
    SHOPIFY = "shopify", "Shopify"


@tracked(
    owner="it.seller_id",
    called="name",
    exclude=("secret", "previous_secret", "worked_at"),
)
class Channel(models.Model):
    """A shop of a seller whose orders come in by themselves; ``name`` is the orders' channel.

    ``uid`` stands in the address it sends to. ``secret`` signs what it sends; those before it, the
    newest first and a space between, are taken until ``previous_until``. ``buyer_id_field`` names
    the field in which the shop keeps the buyer's identity number. ``worked_at``: whose deliveries
    were worked off longest ago comes next.
    """

    uid = models.UUIDField(unique=True)
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=32)
    kind = models.CharField(max_length=11, choices=ChannelKind)
    buyer_id_field = models.CharField(max_length=60, blank=True)
    secret = EncryptedTextField()
    previous_secret = EncryptedTextField(blank=True)
    previous_until = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    worked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager[Channel]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seller", "name"], name="a_channel_has_a_name_of_its_own"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def secrets_at(self, at: datetime) -> list[str]:
        """What may sign now, the newest first."""
        if self.previous_until is None or at >= self.previous_until:
            return [str(self.secret)]
        return [str(self.secret), *str(self.previous_secret).split()]


class DeliveryStage(models.TextChoices):
    """How far a shop's delivery has come."""

    QUEUED = "queued", pgettext_lazy("arrival", "waiting")
    WORKING = "working", pgettext_lazy("arrival", "being read")
    DONE = "done", pgettext_lazy("arrival", "done")
    REFUSED = "refused", pgettext_lazy("arrival", "not taken")
    FAILED = "failed", pgettext_lazy("arrival", "given up")


class ChannelDelivery(models.Model):
    """What a shop sent, byte for byte, before anything was done with it. Its substance is a fact.

    ``delivery_id`` is the shop's own and ``digest`` a keyed hash of what was signed: by either the
    same delivery is known again. ``outcomes`` say per order what became of it, without the buyers.
    ``body`` is emptied when all of it was taken, and after a while anyway.
    """

    uid = models.CharField(max_length=40, unique=True)
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="deliveries", db_index=False
    )
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    delivery_id = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    topic = models.CharField(max_length=60, blank=True)
    body = EncryptedTextField(blank=True)
    received_at = models.DateTimeField()
    order_numbers = ArrayField(models.CharField(max_length=60), default=list)
    state = models.CharField(max_length=8, choices=DeliveryStage, default=DeliveryStage.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    worked_at = models.DateTimeField(null=True, blank=True)
    outcomes = models.JSONField(default=list, blank=True)
    last_error = models.CharField(max_length=100, blank=True)
    #: When, as far as the shop told, it gave up orders that had not come: they may come yet.
    gave_up_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[ChannelDelivery]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "delivery_id"], name="a_delivery_is_kept_once"
            ),
            models.UniqueConstraint(
                fields=["channel", "digest"], name="the_same_delivery_is_kept_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["channel", "due_at", "id"],
                name="channel_delivery_due",
                condition=Q(state__in=["queued", "working"]),
            ),
            models.Index(fields=["channel", "-id"], name="channel_delivery_newest"),
            models.Index(
                fields=["channel", "id"],
                condition=Q(gave_up_at__isnull=False),
                name="channel_delivery_gave_up",
            ),
            models.Index(fields=["seller", "-id"], name="channel_delivery_of_seller"),
        ]

    def __str__(self) -> str:
        return self.uid
