"""How released orders leave a warehouse: picked in waves, packed into parcels."""

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
from warehouse.models.retail import RetailOrder


class WaveState(models.TextChoices):
    OPEN = "open", pgettext_lazy("wave", "to be picked")
    PICKED = "picked", pgettext_lazy("wave", "picked")


@tracked(owner="it.keeper_id", called="number")
class PickWave(models.Model):
    """Released orders of one warehouse that are picked together, by one list.

    ``orders`` and ``units`` are what was on the list when it was made. Of a wave only the state
    changes, once, with who confirmed it and when.
    """

    number = models.CharField(max_length=20, unique=True)
    warehouse = models.ForeignKey(BondedWarehouse, on_delete=models.PROTECT, related_name="waves")
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=WaveState, default=WaveState.OPEN)
    orders = models.PositiveIntegerField()
    units = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    picked_at = models.DateTimeField(null=True)
    picked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects: ClassVar[models.Manager[PickWave]] = owned_by("keeper", keeper="keeper")

    def __str__(self) -> str:
        return self.number


class WaveOutcome(models.TextChoices):
    """What became of an order in a wave."""

    OPEN = "open", pgettext_lazy("wave", "to be picked")
    PICKED = "picked", pgettext_lazy("wave", "picked")
    ASIDE = "aside", pgettext_lazy("wave", "put aside")
    AGAIN = "again", pgettext_lazy("wave", "to be picked again")
    DROPPED = "dropped", pgettext_lazy("wave", "cancelled or held back meanwhile")


class PickWaveOrder(models.Model):
    """An order in a wave. Put aside it waits until somebody has it picked again, or cancels it.

    ``order_number`` is the order's, for the warehouse, which does not see the order itself.
    ``missing`` says of what was put aside what was short: ``place``, ``sku``, ``lot``, ``units``.
    Of the row only outcome and ``missing`` change.
    """

    wave = models.ForeignKey(
        PickWave, on_delete=models.PROTECT, related_name="parts", db_index=False
    )
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(RetailOrder, on_delete=models.PROTECT, related_name="waves")
    order_number = models.CharField(max_length=32)
    outcome = models.CharField(max_length=10, choices=WaveOutcome, default=WaveOutcome.OPEN)
    missing = models.JSONField(default=dict, blank=True)

    objects: ClassVar[models.Manager[PickWaveOrder]] = owned_by("seller", keeper="keeper")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wave", "order"], name="an_order_is_in_a_wave_once"),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(outcome__in=["open", "aside"]),
                name="an_order_waits_in_one_wave",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wave_id}/{self.order_number}"


class Package(models.TextChoices):
    """The outer package of a parcel."""

    BOX = "box", _("carton box")
    BAG = "bag", _("bag")
    CASE = "case", _("wooden case")


class Parcel(models.Model):
    """What the consumer gets: a weighed package of one order. Insert-only."""

    number = models.CharField(max_length=20, unique=True)
    order = models.ForeignKey(RetailOrder, on_delete=models.PROTECT, related_name="parcels")
    #: The order's, for the warehouse, which does not see the order itself.
    order_number = models.CharField(max_length=32)
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    warehouse = models.ForeignKey(
        BondedWarehouse, on_delete=models.PROTECT, related_name="parcels", db_index=False
    )
    weight_g = models.PositiveIntegerField()
    package = models.CharField(max_length=10, choices=Package)
    packed_at = models.DateTimeField()
    packed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[Parcel]] = owned_by("seller", keeper="keeper")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(weight_g__gt=0), name="a_parcel_weighs_something")
        ]
        indexes: ClassVar = [
            models.Index(fields=["keeper", "id"], name="parcel_of_keeper"),
            models.Index(fields=["order_number"], name="parcel_by_order"),
        ]

    def __str__(self) -> str:
        return self.number
