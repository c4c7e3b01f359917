"""What of the stock is promised to which line of a consumer's order."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Company
from core.walls import owned_by
from warehouse.models.receipts import Lot
from warehouse.models.retail import RetailOrderLine
from warehouse.models.stock import Holding
from warehouse.rules.posting import Status


class ReservationState(models.TextChoices):
    """How far the units are on the way of their order."""

    HELD = "held", _("held")
    RELEASED = "released", _("released by customs")
    PICKED = "picked", pgettext_lazy("stock", "picked")
    SHIPPED = "shipped", _("handed over")
    RETURNED = "returned", _("returned")


#: In which status units of a reservation lie in this state; of others none are in the warehouse.
LIES_AS = {
    ReservationState.HELD: Status.RESERVED,
    ReservationState.RELEASED: Status.RELEASED,
    ReservationState.PICKED: Status.PICKED,
}


class Reservation(models.Model):
    """Units of a lot at one place that serve one line of a consumer's order.

    ``holding`` is the reserved one in which they lay first and names lot, owner and place for
    good: what is promised stays at its place. In which status they lie there now, ``LIES_AS``
    says by the state. What is promised of a lot at a place in a status is all that lies there so;
    ``prove_stock`` compares them. Without ``expires_at`` it stands until the order is served or
    cancelled; paying takes the end away.
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
