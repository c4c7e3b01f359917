"""What a supplier paid for a claim, and each owner's part of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Company, User
from core.fields import MinorField
from core.walls import owned_by
from warehouse.models.claims import SupplierClaim


class ClaimSettlement(models.Model):
    """What a supplier pays for a claim, in its currency. Insert-only; the last ``version`` holds.

    ``home_minor`` is that in fen at the stored ``rate`` of ``settled_on`` (yuan for one of the
    currency). Whose how much it is, its parts say; a later version books what differs from it.
    """

    number = models.CharField(max_length=20, unique=True)
    claim = models.ForeignKey(SupplierClaim, on_delete=models.PROTECT, related_name="settlements")
    buyer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField()
    currency = models.CharField(max_length=3)
    amount_minor = MinorField()
    settled_on = models.DateField()
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    rate_source = models.CharField(max_length=32)
    home_minor = MinorField()
    reason = models.CharField(max_length=200, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[ClaimSettlement]] = owned_by("buyer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["claim", "version"], name="one_settlement_of_a_claim_per_version"
            ),
            models.CheckConstraint(
                condition=Q(version=1, reason="") | Q(version__gt=1) & ~Q(reason=""),
                name="a_corrected_settlement_says_why",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0, home_minor__gte=0),
                name="a_supplier_pays_and_takes_nothing",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def rate_told(self) -> str:
        """Without the zeros at its end: ``7.85``, ``10``."""
        return f"{self.rate.normalize():f}"


class ClaimPart(models.Model):
    """One owner's part of a settlement: of so many damaged units. Insert-only.

    The parts sum to their settlement in its currency and in fen. The importer sees what its
    supplier pays, and not whose it is.
    """

    settlement = models.ForeignKey(
        ClaimSettlement, on_delete=models.PROTECT, related_name="parts", db_index=False
    )
    owner = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    units = models.PositiveIntegerField()
    amount_minor = MinorField()
    home_minor = MinorField()

    objects: ClassVar[models.Manager[ClaimPart]] = owned_by("owner")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["settlement", "owner"], name="one_part_of_a_settlement_per_owner"
            )
        ]

    def __str__(self) -> str:
        return f"{self.settlement_id}/{self.owner_id}"
