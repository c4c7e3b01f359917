"""On which way a shipment is declared, and what went in before it was."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from core.walls import owned_by
from customs.rules.deadlines import Route
from procurement.models import Shipment
from warehouse.models import BondedWarehouse


class DeclaredWay(models.TextChoices):
    """The ways that are chosen for a shipment; tax that is paid by month goes beside any."""

    ORDINARY = Route.ORDINARY.value, _("ordinary declaration")
    IN_ADVANCE = Route.IN_ADVANCE.value, _("declare in advance")
    TWO_STEP = Route.TWO_STEP.value, _("two-step declaration")
    FIRST_IN = Route.FIRST_IN.value, _("first in, then declare")
    COLLECTIVE = Route.COLLECTIVE.value, _("collective declaration")


class ShipmentWay(models.Model):
    """On which way an importer declares a shipment, and since when it is there. Insert-only.

    The newest counts. ``arrived_on`` is empty until the importer says so; until then the day that
    the supplier announced stands for it.
    """

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="ways")
    importer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=10, choices=DeclaredWay)
    arrived_on = models.DateField(null=True, blank=True)
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[ShipmentWay]] = owned_by("importer")

    def __str__(self) -> str:
        return f"{self.shipment_id}: {self.way}"


class ShipmentEntry(models.Model):
    """A shipment went into the zone on a pass before customs released it. Insert-only.

    ``way`` is the one by which it might: first in, or in two steps after the first.
    """

    shipment = models.OneToOneField(Shipment, on_delete=models.PROTECT, related_name="entry")
    importer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(BondedWarehouse, on_delete=models.PROTECT, related_name="+")
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=10, choices=DeclaredWay)
    pass_number = models.CharField(max_length=24, unique=True)
    entered_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    objects: ClassVar[models.Manager[ShipmentEntry]] = owned_by(
        "importer", other="keeper", keeper="keeper"
    )

    def __str__(self) -> str:
        return f"{self.shipment_id} on {self.pass_number}"
