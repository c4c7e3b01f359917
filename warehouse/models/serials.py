"""Units with serial numbers of their own, and how they left the warehouse and came back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Exact

from accounts.models import Company
from catalog.models import Product
from core.walls import owned_by
from warehouse.models.receipts import ReceiptLine
from warehouse.models.returns import RetailReturn
from warehouse.models.serving import Parcel


class SerialUnit(models.Model):
    """One unit as its maker numbered it, as it was entered at the gate. Insert-only."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", db_index=False)
    serial = models.CharField(max_length=20)
    receipt_line = models.ForeignKey(ReceiptLine, on_delete=models.PROTECT, related_name="serials")
    #: Who operates the receipt's warehouse, for its walls.
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[SerialUnit]] = owned_by("keeper")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["product", "serial"], name="a_serial_number_is_received_once"
            )
        ]

    def __str__(self) -> str:
        return self.serial


class SerialStep(models.Model):
    """A unit left in a parcel, or came back with a return; one after the other. Insert-only.

    ``step`` counts from 1: the odd ones go out, the even ones come in, so that of two who send the
    same unit the database refuses one. Where an order was cancelled after it was packed, its units
    are back without a step, and that number is left out.
    """

    unit = models.ForeignKey(
        SerialUnit, on_delete=models.PROTECT, related_name="steps", db_index=False
    )
    step = models.PositiveSmallIntegerField()
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="serials", null=True)
    back = models.ForeignKey(
        RetailReturn, on_delete=models.PROTECT, related_name="serials", null=True
    )
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[SerialStep]] = owned_by("keeper")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "step"], name="a_unit_takes_each_step_once"),
            models.CheckConstraint(
                condition=Q(Exact(F("step") % 2, 1), parcel__isnull=False, back__isnull=True)
                | Q(Exact(F("step") % 2, 0), parcel__isnull=True, back__isnull=False),
                name="a_unit_goes_out_and_comes_in_by_turns",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.step}"
