"""Pictures of what came to the gate."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Func, Q, Value

from accounts.models import Company, User
from core.walls import owned_by
from procurement.models import Shipment, ShipmentLine


class GatePicture(models.Model):
    """A picture of a shipment at the gate, or of one line of it; taken before it is counted or
    after. Insert-only.

    ``content`` is a JPEG that was written here (``rules.pictures``), ``thumbnail`` a smaller one.
    ``again``: how often the same picture stood there before and was withdrawn.
    """

    shipment = models.ForeignKey(
        Shipment, on_delete=models.PROTECT, related_name="pictures", db_index=False
    )
    line = models.ForeignKey(
        ShipmentLine, on_delete=models.PROTECT, related_name="pictures", null=True, blank=True
    )
    #: Whose gate it came to, and who buys it, so that the walls need not ask the shipment.
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    buyer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    caption = models.CharField(max_length=120, blank=True)
    content = models.BinaryField()
    thumbnail = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    again = models.PositiveSmallIntegerField(default=0, db_default=0)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[GatePicture]] = owned_by(
        "keeper", other="buyer", keeper="keeper"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shipment", "line", "sha256", "again"],
                nulls_distinct=False,
                name="a_picture_stands_once_of_a_line",
            ),
            models.CheckConstraint(
                condition=Q(
                    sha256=Func(
                        Func(F("content"), function="sha256"),
                        Value("hex"),
                        function="encode",
                        output_field=models.CharField(),
                    )
                ),
                name="a_picture_is_what_its_hash_says",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shipment_id}/{self.pk}"

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was a wrong one; read ``withdrawal`` along with it."""
        return hasattr(self, "withdrawal")


class GatePictureWithdrawal(models.Model):
    """A picture was a wrong one: it is kept, and its keeper alone still sees it. Insert-only."""

    picture = models.OneToOneField(GatePicture, on_delete=models.PROTECT, related_name="withdrawal")
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[GatePictureWithdrawal]] = owned_by("keeper")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_withdrawal_has_a_reason"),
        ]

    def __str__(self) -> str:
        return str(self.picture_id)
