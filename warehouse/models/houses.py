"""Bonded warehouses and the places in them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from core.history import tracked
from core.walls import owned_by


@tracked(owner="it.operator_id", called="code")
class BondedWarehouse(models.Model):
    """A warehouse under customs supervision; ``ledger_number`` is its bonded account book."""

    code = models.CharField(max_length=16, unique=True)
    operator = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="warehouses")
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    customs_district = models.CharField(max_length=4)
    entry_port = models.CharField(max_length=6)
    ledger_number = models.CharField(max_length=12)
    #: Who counts does not see what was announced.
    counts_blind = models.BooleanField(default=True, db_default=True)
    #: So much more than was announced may be received, in percent of each line.
    over_percent = models.PositiveSmallIntegerField(default=0, db_default=0)

    #: Its own GS1 company prefix for pallets; empty where they have the platform's.
    gs1_prefix = models.CharField(max_length=12, blank=True, default="", db_default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(over_percent__lte=20), name="a_tolerance_is_small"
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


class Zone(models.TextChoices):
    """What a place in a warehouse is for."""

    GATE = "gate", _("gate")
    STORAGE = "storage", _("storage")
    PICKING = "picking", _("picking")
    QUARANTINE = "quarantine", _("quarantine zone")


@tracked(
    owner="SELECT w.operator_id FROM warehouse_bondedwarehouse w WHERE w.id = it.warehouse_id",
    called="code",
)
class Location(models.Model):
    """A place in a warehouse where goods can lie, such as a bin or the floor at the gate.

    What stands in the ledger of the stock goes on meaning the same place: only what it bears
    changes (m³ and kg, empty where nobody knows), and that it is closed, once and for all. A
    pallet is a place that ``stands_at`` another one and may be moved there, with all that lies on
    it; a trigger of the database gives it the zone of where it stands.
    """

    warehouse = models.ForeignKey(
        BondedWarehouse, on_delete=models.PROTECT, related_name="locations", db_index=False
    )
    code = models.CharField(max_length=32)
    zone = models.CharField(max_length=10, choices=Zone)
    volume_m3 = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    load_kg = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    stands_at = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="pallets", null=True, blank=True
    )

    objects: ClassVar[models.Manager[Location]] = owned_by("warehouse__operator")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["warehouse", "code"], name="a_place_has_a_code_of_its_own"
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def where(self) -> str:
        """Where a person goes: of a pallet the place at which it stands, and its own number."""
        return f"{self.stands_at.code} {self.code}" if self.stands_at else self.code
