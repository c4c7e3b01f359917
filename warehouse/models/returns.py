"""What consumers send back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from accounts.models import Company, User
from catalog.models import Product
from core.walls import owned_by
from warehouse.models.receipts import Lot
from warehouse.models.reservations import Reservation
from warehouse.models.retail import RetailOrder
from warehouse.rules.returning import ReturnState as State


class ReturnState(models.TextChoices):
    """Where a return stands."""

    ANNOUNCED = State.ANNOUNCED.value, pgettext_lazy("return", "announced")
    ARRIVED = State.ARRIVED.value, pgettext_lazy("return", "arrived")
    REFUSED = State.REFUSED.value, pgettext_lazy("return", "refused")


class RetailReturn(models.Model):
    """A parcel, or a part of one, that its buyer sends back. Only its end is written later.

    ``order_number`` stands here for the warehouse, which sees no consumer's order; so do products
    in the lines. ``comes_until`` is the last day on which the zone takes it in. ``refusal`` says
    why it was not (``code``, ``rule`` in English, ``facts``); of any other it is empty.
    """

    number = models.CharField(max_length=20, unique=True)
    order = models.ForeignKey(RetailOrder, on_delete=models.PROTECT, related_name="returns")
    order_number = models.CharField(max_length=32)
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    #: Who operates the warehouse it went out from, for its walls.
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    announced_at = models.DateTimeField()
    announced_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    comes_until = models.DateField()
    state = models.CharField(max_length=10, choices=ReturnState, default=ReturnState.ANNOUNCED)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    refusal = models.JSONField(default=dict)

    objects: ClassVar[models.Manager[RetailReturn]] = owned_by("seller", keeper="keeper")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="announced", ended_at__isnull=True)
                | ~Q(state="announced") & Q(ended_at__isnull=False),
                name="a_return_ends_at_some_moment",
            )
        ]

    def __str__(self) -> str:
        return self.number


class RetailReturnLine(models.Model):
    """Units of one line of an order that are to come back. Insert-only."""

    back = models.ForeignKey(RetailReturn, on_delete=models.PROTECT, related_name="lines")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.PositiveIntegerField()

    objects: ClassVar[models.Manager[RetailReturnLine]] = owned_by("seller", keeper="keeper")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["back", "position"], name="a_line_comes_back_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="some_units_come_back"),
        ]

    def __str__(self) -> str:
        return f"{self.back_id}/{self.position}"


class RetailReturned(models.Model):
    """Units of one lot that came back, as the warehouse counted them. Insert-only.

    The posting of the return's number brought them into quarantine.
    """

    back = models.ForeignKey(RetailReturn, on_delete=models.PROTECT, related_name="returned")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    reservation = models.ForeignKey(Reservation, on_delete=models.PROTECT, related_name="returned")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField()
    quantity = models.PositiveIntegerField()

    objects: ClassVar[models.Manager[RetailReturned]] = owned_by("seller", keeper="keeper")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["back", "reservation"], name="units_of_a_lot_come_back_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="some_units_came_back"),
        ]

    def __str__(self) -> str:
        return f"{self.back_id}/{self.reservation_id}"
