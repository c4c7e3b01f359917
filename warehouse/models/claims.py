"""What is claimed of suppliers for goods that came damaged."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from accounts.models import Company
from catalog.models import Product, TradingPartner
from core.fields import MinorField
from core.history import tracked
from core.walls import owned_by
from procurement.models import Shipment
from warehouse.models.receipts import Receipt, ReceiptLine
from warehouse.rules.claims import State


class ClaimState(models.TextChoices):
    """How far a claim is; what follows on what, ``rules.claims`` says."""

    OPEN = State.OPEN.value, pgettext_lazy("claim", "to be sent")
    SENT = State.SENT.value, pgettext_lazy("claim", "sent")
    ACCEPTED = State.ACCEPTED.value, pgettext_lazy("claim", "accepted")
    REFUSED = State.REFUSED.value, pgettext_lazy("claim", "refused")
    SETTLED = State.SETTLED.value, pgettext_lazy("claim", "settled")


@tracked(owner="it.buyer_id", called="number")
class SupplierClaim(models.Model):
    """What came damaged of one shipment, claimed of its supplier at the order's prices.

    The warehouse that found it does not see the prices, nor the importer the warehouse's receipt:
    what it says is repeated here. Only the state changes.
    """

    number = models.CharField(max_length=20, unique=True)
    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, related_name="claim")
    receipt_number = models.CharField(max_length=32)
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="+")
    buyer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    supplier = models.ForeignKey(TradingPartner, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount_minor = MinorField()
    state = models.CharField(max_length=10, choices=ClaimState, default=ClaimState.OPEN)
    opened_at = models.DateTimeField()

    objects: ClassVar[models.Manager[SupplierClaim]] = owned_by("buyer")

    def __str__(self) -> str:
        return self.number


class SupplierClaimLine(models.Model):
    """Damaged units of one line of a receipt and what they cost. Insert-only."""

    claim = models.ForeignKey(
        SupplierClaim, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    buyer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    receipt_line = models.OneToOneField(
        ReceiptLine, on_delete=models.PROTECT, related_name="claim_line"
    )
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    batch = models.CharField(max_length=20, blank=True)
    counted = models.PositiveIntegerField()
    quantity = models.PositiveIntegerField()
    amount_minor = MinorField()

    objects: ClassVar[models.Manager[SupplierClaimLine]] = owned_by("buyer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["claim", "position"], name="one_claim_line_per_position"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="a_claim_is_of_some_units"),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id}/{self.position}"
