"""What of an order travels how."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from core.fields import CurrencyField, MinorField
from core.history import tracked
from core.walls import owned_by
from procurement.models.agreeing import LineRevision
from procurement.models.orders import PurchaseOrder, PurchaseOrderLine


class ShipmentState(models.TextChoices):
    SHIPPED = "shipped", _("shipped")
    CLEARED = "cleared", _("cleared into bond")
    RECEIVED = "received", _("received")


@tracked(
    owner="SELECT o.buyer_id FROM procurement_purchaseorder o WHERE o.id = it.order_id",
    called="number",
)
class Shipment(models.Model):
    """The supplier's advance ship notice (ASN): what of one order travels how.

    ``invoice_number`` is the supplier's invoice for it, once that is booked.
    """

    number = models.CharField(max_length=32, unique=True)
    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="shipments")
    state = models.CharField(max_length=8, choices=ShipmentState, default=ShipmentState.SHIPPED)
    transport_mode = models.CharField(max_length=1, default="2")
    vessel = models.CharField(max_length=60)
    voyage = models.CharField(max_length=32)
    bill_of_lading = models.CharField(max_length=37)
    departed_at = models.DateTimeField()
    expected_on = models.DateField()
    packages = models.PositiveIntegerField()
    gross_weight_g = models.PositiveBigIntegerField()
    net_weight_g = models.PositiveBigIntegerField()
    freight_minor = MinorField(default=0)
    insurance_minor = MinorField(default=0)
    freight_currency = CurrencyField(default="USD")
    #: Whose bonded warehouse it is declared into; no other sees it come and counts it in.
    bound_for = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    invoice_number = models.CharField(max_length=35, blank=True)

    objects: ClassVar[models.Manager[Shipment]] = owned_by("order__buyer", keeper="bound_for")

    def __str__(self) -> str:
        return self.number


class ShipmentLine(models.Model):
    """Units of an order line that a shipment says it carries, and what they cost. Insert-only.

    ``revision`` is what stood of the line when they left: whose they are follows from it.
    """

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(
        PurchaseOrderLine, on_delete=models.PROTECT, related_name="shipment_lines"
    )
    revision = models.ForeignKey(
        LineRevision, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    quantity = models.PositiveIntegerField()
    amount_minor = MinorField(default=0, db_default=0)
    batch = models.CharField(max_length=20, blank=True)
    produced_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)

    objects: ClassVar[models.Manager[ShipmentLine]] = owned_by(
        "order_line__buyer", keeper="shipment__bound_for"
    )

    def __str__(self) -> str:
        return f"{self.shipment_id}/{self.order_line_id}"
