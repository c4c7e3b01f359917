"""Units with serial numbers of their own, and how they left the warehouse and came back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Company, User
from catalog.models import Product
from core.walls import owned_by
from warehouse.models.receipts import ReceiptLine
from warehouse.models.returns import RetailReturn
from warehouse.models.serving import Parcel
from warehouse.rules.renumbering import Act


class SerialAct(models.TextChoices):
    """What was found of a unit."""

    CORRECTED = Act.CORRECTED.value, _("its number was mistyped")
    DESTROYED = Act.DESTROYED.value, pgettext_lazy("unit", "destroyed")
    WRITTEN_OFF = Act.WRITTEN_OFF.value, _("written off")
    LOST = Act.LOST.value, pgettext_lazy("unit", "lost")
    FOUND = Act.FOUND.value, pgettext_lazy("unit", "found")


class SerialUnit(models.Model):
    """One unit as its maker numbered it, as it was entered at the gate. Only ``serial`` changes,
    each time by a :class:`SerialChange`, which says what it was before."""

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


class SerialChange(models.Model):
    """What was put right of a unit, and why: its number, or that it is gone or found. Insert-only.

    ``before`` is the number it had, ``after`` what a mistyped one is in truth, else empty.
    """

    number = models.CharField(max_length=20, unique=True)
    unit = models.ForeignKey(SerialUnit, on_delete=models.PROTECT, related_name="changes")
    act = models.CharField(max_length=11, choices=SerialAct)
    before = models.CharField(max_length=20)
    after = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=200)
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[SerialChange]] = owned_by("keeper")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(act="corrected") & ~Q(after="") & ~Q(after=F("before"))
                | ~Q(act="corrected") & Q(after=""),
                name="a_mistyped_number_is_another_one",
            )
        ]

    def __str__(self) -> str:
        return self.number


class SerialStep(models.Model):
    """A unit left in a parcel, or came back with a return; one after the other. Insert-only.
    Without either it was named as gone, or as found again, by a ``change``.

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
    change = models.OneToOneField(
        SerialChange, on_delete=models.PROTECT, related_name="step", null=True
    )
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[SerialStep]] = owned_by("keeper")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "step"], name="a_unit_takes_each_step_once"),
            models.CheckConstraint(
                condition=Q(Exact(F("step") % 2, 1), back__isnull=True)
                & (
                    Q(parcel__isnull=False, change__isnull=True)
                    | Q(parcel__isnull=True, change__isnull=False)
                )
                | Q(Exact(F("step") % 2, 0), parcel__isnull=True)
                & (
                    Q(back__isnull=False, change__isnull=True)
                    | Q(back__isnull=True, change__isnull=False)
                ),
                name="a_unit_goes_out_and_comes_in_by_turns",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.step}"
