"""Pallets: places that stand at other places and are moved with all that lies on them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.models import Company, User
from core.walls import owned_by
from warehouse.models.houses import Location


class Pallet(models.Model):
    """A pallet with a number of its own (SSCC, 18 digits). Insert-only.

    What lies on it are the holdings at ``location``, a place of which the code is the SSCC; where
    it stands says that place. Once it is empty and closed its number is not given out again.
    """

    sscc = models.CharField(max_length=18, unique=True)
    location = models.OneToOneField(Location, on_delete=models.PROTECT, related_name="pallet")
    #: Who operates the warehouse, for its walls.
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[Pallet]] = owned_by("keeper")

    def __str__(self) -> str:
        return self.sscc


class PalletMove(models.Model):
    """A pallet went from one place to another, and with it all that lay on it. Insert-only.

    No unit leaves the pallet, so that no movement of stock is written; ``number`` is of the series
    of the moves.
    """

    number = models.CharField(max_length=20, unique=True)
    pallet = models.ForeignKey(Pallet, on_delete=models.PROTECT, related_name="moves")
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    origin = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+", db_index=False)
    destination = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[PalletMove]] = owned_by("keeper")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(origin=F("destination")), name="a_pallet_goes_somewhere_else"
            )
        ]

    def __str__(self) -> str:
        return self.number
