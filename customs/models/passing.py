"""The trucks that bring a declaration's goods through the gate of the zone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.models import Company, User
from core.walls import owned_by
from customs.models.declaring import Declaration, DeclarationLine
from customs.models.messaging import OutgoingElement


class TruckPass(models.Model):
    """One truck with goods of a bonded list: its pass (SAS121) is the message's element. In with
    those of a ``declaration``, or out with the parcels of an ``export_list``.

    Weights in grams; those of frame and container are 0 where there is none. It counts until
    customs refuses it. Insert-only.
    """

    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, null=True, related_name="passes"
    )
    export_list = models.ForeignKey(
        "customs.ExportList", on_delete=models.PROTECT, null=True, related_name="passes"
    )
    importer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    element = models.OneToOneField(
        OutgoingElement, on_delete=models.PROTECT, related_name="truck_pass"
    )
    vehicle_number = models.CharField(max_length=32)
    vehicle_weight_g = models.PositiveBigIntegerField()
    frame_number = models.CharField(max_length=32, blank=True)
    frame_weight_g = models.PositiveBigIntegerField(default=0)
    container_number = models.CharField(max_length=32, blank=True)
    container_weight_g = models.PositiveBigIntegerField(default=0)
    packages = models.PositiveIntegerField()
    gross_weight_g = models.PositiveBigIntegerField()
    net_weight_g = models.PositiveBigIntegerField()
    queued_at = models.DateTimeField()
    queued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[TruckPass]] = owned_by("importer")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(net_weight_g__lte=F("gross_weight_g")),
                name="goods_on_a_truck_weigh_net_at_most_gross",
            ),
            models.CheckConstraint(
                condition=Q(declaration__isnull=False, export_list__isnull=True)
                | Q(declaration__isnull=True, export_list__isnull=False),
                name="a_truck_carries_goods_of_one_list",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.element_id} {self.vehicle_number}"


class PassLine(models.Model):
    """How much of one line of the bonded list is on a truck. Weights in grams. Insert-only."""

    truck_pass = models.ForeignKey(TruckPass, on_delete=models.PROTECT, related_name="lines")
    importer = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    line = models.ForeignKey(DeclarationLine, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    gross_weight_g = models.PositiveBigIntegerField()
    net_weight_g = models.PositiveBigIntegerField()

    objects: ClassVar[models.Manager[PassLine]] = owned_by("importer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["truck_pass", "line"], name="a_truck_names_a_line_once"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="what_is_on_a_truck_is_more_than_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.truck_pass_id}/{self.line_id}"
