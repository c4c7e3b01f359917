"""Counts of what lies in a warehouse: what is counted, what was found, and what was decided."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from accounts.models import Company, User
from core.walls import owned_by
from warehouse.models.houses import BondedWarehouse, Location
from warehouse.models.receipts import Lot
from warehouse.models.stock import StockStatus
from warehouse.rules.counting import LONGEST_REMARK
from warehouse.rules.counting import CountState as State


class CountState(models.TextChoices):
    """What a count waits for."""

    OPEN = State.OPEN.value, pgettext_lazy("count", "to be counted")
    RECOUNT = State.RECOUNT.value, pgettext_lazy("count", "to be counted again")
    COUNTED = State.COUNTED.value, pgettext_lazy("count", "to be approved")
    DONE = State.DONE.value, pgettext_lazy("count", "done")
    REFUSED = State.REFUSED.value, pgettext_lazy("count", "refused")
    CALLED_OFF = State.CALLED_OFF.value, pgettext_lazy("count", "called off")


class CountTerms(models.Model):
    """How often a warehouse counts what, from the newest row of it. Insert-only.

    Days between two counts by grade; ``tolerance_bp`` in hundredths of a percent of what the
    books say.
    """

    warehouse = models.ForeignKey(
        BondedWarehouse, on_delete=models.PROTECT, related_name="count_terms"
    )
    #: Who operates the warehouse, for its walls.
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    a_days = models.PositiveSmallIntegerField()
    b_days = models.PositiveSmallIntegerField()
    c_days = models.PositiveSmallIntegerField()
    tolerance_bp = models.PositiveSmallIntegerField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    set_at = models.DateTimeField()

    objects: ClassVar[models.Manager[CountTerms]] = owned_by("keeper", keeper="keeper")

    def __str__(self) -> str:
        return f"{self.warehouse_id}/{self.a_days}/{self.b_days}/{self.c_days}"


class StockCount(models.Model):
    """One count of some lines. Only its state changes.

    ``freezes``: what it counts stays where it is until it is over; then the holdings name it.
    """

    number = models.CharField(max_length=20, unique=True)
    warehouse = models.ForeignKey(
        BondedWarehouse, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    #: Who operates the warehouse, for its walls.
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=CountState, default=CountState.OPEN)
    freezes = models.BooleanField(default=False)
    #: By which words its lines were chosen: SKUs, places or lots.
    subject = models.CharField(max_length=200)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    started_at = models.DateTimeField()

    objects: ClassVar[models.Manager[StockCount]] = owned_by("keeper", keeper="keeper")

    def __str__(self) -> str:
        return self.number


class CountLine(models.Model):
    """A lot at a place in a status, all owners' units together. Insert-only.

    As available counts all that is to be sold, is offered, reserved or released: it lies on one
    shelf.
    """

    count = models.ForeignKey(
        StockCount, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+")
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    status = models.CharField(max_length=10, choices=StockStatus)

    objects: ClassVar[models.Manager[CountLine]] = owned_by("keeper", keeper="keeper")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["count", "lot", "location", "status"],
                name="one_line_of_a_count_per_lot_place_and_status",
            )
        ]

    def __str__(self) -> str:
        return f"{self.count_id}/{self.lot_id}/{self.location_id}/{self.status}"


class CountEntry(models.Model):
    """What somebody counted of a line, and what the books said at that moment. Insert-only.

    Of a line the newest counts; ``round`` 2 is another person's.
    """

    line = models.ForeignKey(
        CountLine, on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    units = models.PositiveIntegerField()
    booked = models.PositiveIntegerField()
    counted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    counted_at = models.DateTimeField()

    objects: ClassVar[models.Manager[CountEntry]] = owned_by("keeper", keeper="keeper")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["line", "round"], name="a_line_is_counted_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(round__in=[1, 2]), name="a_line_is_counted_twice_at_most"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}/{self.round}"


class CountDecision(models.Model):
    """What an operator decided of a count. Insert-only.

    ``remark`` is what stands in the account book beside the differences.
    """

    count = models.OneToOneField(StockCount, on_delete=models.PROTECT, related_name="decision")
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    approved = models.BooleanField()
    account_book = models.CharField(max_length=12)
    remark = models.CharField(max_length=LONGEST_REMARK, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField()

    objects: ClassVar[models.Manager[CountDecision]] = owned_by("keeper", keeper="keeper")

    def __str__(self) -> str:
        return f"{self.count_id}/{self.approved}"
