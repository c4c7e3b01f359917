"""What of the stock is promised to which line of a consumer's order."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from core.walls import owned_by
from warehouse.models.receipts import Lot
from warehouse.models.retail import RetailOrderLine
from warehouse.models.stock import Holding


class ReservationState(models.TextChoices):
    """Whether the units are still promised."""

    HELD = "held", _("held")
    RETURNED = "returned", _("returned")


class Reservation(models.Model):
    """Units of one reserved holding that serve one line of a consumer's order.

    What is held of a holding is all that lies in it; ``prove_stock`` compares them. Of a
    reservation only the state changes, and only once. Without ``expires_at`` it stands until
    the order is served or cancelled.
    """

    line = models.ForeignKey(RetailOrderLine, on_delete=models.PROTECT, related_name="reservations")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    holding = models.ForeignKey(
        Holding, on_delete=models.PROTECT, related_name="reservations", db_index=False
    )
    quantity = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=ReservationState, default=ReservationState.HELD)
    expires_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Reservation]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["line", "holding"], name="one_reservation_per_line_and_holding"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="a_reservation_holds_something"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["holding"],
                include=["quantity"],
                condition=Q(state="held"),
                name="reservation_held",
            )
        ]

    def __str__(self) -> str:
        return f"{self.line_id}/{self.holding_id}"

    @property
    def lot(self) -> Lot:
        """Where the units come from."""
        return self.holding.lot
