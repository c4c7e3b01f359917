"""Parcels leave with a carrier, and what it tells of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Company, User
from core.history import tracked
from core.walls import owned_by
from warehouse.models.houses import BondedWarehouse
from warehouse.models.serving import Parcel
from warehouse.rules.handing import EventKind


class CarrierKind(models.TextChoices):
    """How one talks with a carrier: a module of :mod:`warehouse.carriers` each."""

    PLAIN = "plain", _("files and calls as described here")


@tracked(owner="it.keeper_id", called="code")
class Carrier(models.Model):
    """Who takes parcels from a warehouse operator's houses; ``code`` is the operator's own."""

    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="carriers")
    code = models.CharField(max_length=16)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=CarrierKind, default=CarrierKind.PLAIN)

    objects: ClassVar[models.Manager[Carrier]] = owned_by("keeper", keeper="keeper")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["keeper", "code"], name="a_carrier_has_a_code_of_its_own"
            )
        ]

    def __str__(self) -> str:
        return self.code


@tracked(owner="it.keeper_id", called="number", only_added=True)
class HandOver(models.Model):
    """The manifest of parcels that one carrier took from one warehouse together. Insert-only."""

    number = models.CharField(max_length=20, unique=True)
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="hand_overs")
    warehouse = models.ForeignKey(
        BondedWarehouse, on_delete=models.PROTECT, related_name="hand_overs"
    )
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    parcels = models.PositiveIntegerField()
    weight_g = models.PositiveBigIntegerField()
    handed_at = models.DateTimeField()
    handed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[HandOver]] = owned_by("keeper", keeper="keeper")

    def __str__(self) -> str:
        return self.number


class ManifestAccess(models.Model):
    """That somebody took a manifest, which for thirty days names its buyers. Insert-only."""

    hand_over = models.ForeignKey(
        HandOver, on_delete=models.PROTECT, related_name="accesses", db_index=False
    )
    #: Who operates the warehouse, for its walls.
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=4)
    parcels = models.PositiveIntegerField()
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[ManifestAccess]] = owned_by("keeper")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["hand_over", "id"], name="access_of_hand_over")]

    def __str__(self) -> str:
        return f"{self.number} {self.taken_at}"


class HandedParcel(models.Model):
    """One parcel of a manifest, with the number under which its carrier follows it.

    ``tracking_number`` is empty until the carrier told it, and is then as it is; nothing else of
    the row changes. ``carrier_name`` is for the seller, who does not see the carrier's row.
    """

    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="lines")
    parcel = models.OneToOneField(Parcel, on_delete=models.PROTECT, related_name="handed")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="+", db_index=False)
    carrier_name = models.CharField(max_length=100)
    tracking_number = models.CharField(max_length=40, blank=True)

    objects: ClassVar[models.Manager[HandedParcel]] = owned_by("seller", keeper="keeper")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["carrier", "tracking_number"],
                condition=~Q(tracking_number=""),
                name="a_tracking_number_is_one_parcels",
            )
        ]

    def __str__(self) -> str:
        return f"{self.hand_over_id}/{self.parcel_id}"


class ParcelEventKind(models.TextChoices):
    """What a carrier tells of a parcel."""

    PICKED_UP = EventKind.PICKED_UP.value, _("picked up by the carrier")
    IN_TRANSIT = EventKind.IN_TRANSIT.value, pgettext_lazy("parcel", "on the way")
    DELIVERED = EventKind.DELIVERED.value, pgettext_lazy("parcel", "delivered")
    FAILED = EventKind.FAILED.value, _("delivery failed")
    RETURNED = EventKind.RETURNED.value, pgettext_lazy("parcel", "on its way back")


class ParcelEvent(models.Model):
    """What a carrier told of a parcel: once, however often and in whatever order. Insert-only.

    ``happened_at`` is the carrier's moment, ``told_at`` ours.
    """

    parcel = models.ForeignKey(
        Parcel, on_delete=models.PROTECT, related_name="events", db_index=False
    )
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ParcelEventKind)
    happened_at = models.DateTimeField()
    place = models.CharField(max_length=100, blank=True)
    note = models.CharField(max_length=200, blank=True)
    told_at = models.DateTimeField()

    objects: ClassVar[models.Manager[ParcelEvent]] = owned_by("seller", keeper="keeper")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["parcel", "kind", "happened_at"], name="a_parcel_event_is_told_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.parcel_id}/{self.kind}"
