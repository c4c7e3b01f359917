"""Whose how much of a lot lies where and in what state, and the ledger that says how it came."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Company, User
from catalog.models import Product
from core.walls import owned_by
from warehouse.models.houses import BondedWarehouse, Location
from warehouse.models.receipts import OF_THE_LOT, Lot
from warehouse.rules.posting import Account, Kind, Status


class StockStatus(models.TextChoices):
    """What may be done with units; what becomes of what, ``rules.posting`` says."""

    IN_TRANSIT = Status.IN_TRANSIT.value, _("on the way")
    QUARANTINE = Status.QUARANTINE.value, _("in quarantine")
    AVAILABLE = Status.AVAILABLE.value, pgettext_lazy("stock", "available")
    OFFERED = Status.OFFERED.value, _("offered to another seller")
    RESERVED = Status.RESERVED.value, _("reserved")
    RELEASED = Status.RELEASED.value, _("released by customs")
    PICKED = Status.PICKED.value, pgettext_lazy("stock", "picked")
    DAMAGED = Status.DAMAGED.value, _("damaged")
    EXPIRED = Status.EXPIRED.value, pgettext_lazy("stock", "expired")
    RECALLED = Status.RECALLED.value, _("recalled")


class StockAccount(models.TextChoices):
    """Where units stand: in a warehouse, or outside of all of them."""

    STOCK = Account.STOCK.value, _("stock")
    SUPPLIER = Account.SUPPLIER.value, _("supplier")
    CONSUMER = Account.CONSUMER.value, _("consumer")
    ADJUSTMENT = Account.ADJUSTMENT.value, _("adjustment")
    DESTROYED = Account.DESTROYED.value, pgettext_lazy("stock", "destroyed")
    OWNERS = Account.OWNERS.value, _("another owner")


class MovementKind(models.TextChoices):
    """Why units moved."""

    RECEIVED = Kind.RECEIVED.value, _("received")
    RESERVED = Kind.RESERVED.value, _("reserved")
    RETURNED = Kind.RETURNED.value, _("returned")
    CHANGED = Kind.CHANGED.value, _("status changed")
    MOVED = Kind.MOVED.value, _("moved")
    COUNTED = Kind.COUNTED.value, _("counted")
    DESTROYED = Kind.DESTROYED.value, pgettext_lazy("stock", "destroyed")
    SHIPPED = Kind.SHIPPED.value, _("handed over")
    SENT_BACK = Kind.SENT_BACK.value, _("sent back")
    TRANSFERRED = Kind.TRANSFERRED.value, _("changed its owner")


class Holding(models.Model):
    """Whose how much of a lot, at one place and in one status.

    ``on_hand`` is a running total of the legs of that key, kept so that the database itself can
    refuse to go below zero. The legs are the truth; only ``services.posting`` writes here. What
    a lot is and when it came never changes; a trigger of the database copies it here, so that
    what is added up by product or age asks for no lot, and refuses a place in another warehouse.
    """

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="holdings", db_index=False)
    owner = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="holdings", db_index=False
    )
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="holdings", db_index=False
    )
    status = models.CharField(max_length=10, choices=StockStatus)
    #: Who operates the lot's warehouse, so that its walls need not ask the lot.
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    on_hand = models.IntegerField(default=0)
    #: When its units, or whether they stand still, last changed: shops ask for what changed.
    changed_at = models.DateTimeField(null=True)
    #: The count for which it stands still: nothing is promised or fetched from it until it is over.
    frozen_by = models.ForeignKey(
        "warehouse.StockCount", models.PROTECT, related_name="+", null=True, db_index=False
    )
    product = models.ForeignKey(
        Product, models.PROTECT, related_name="+", editable=False, db_index=False
    )
    warehouse = models.ForeignKey(
        BondedWarehouse, models.PROTECT, related_name="+", null=True, editable=False, db_index=False
    )
    received_at = models.DateTimeField(null=True, editable=False)
    expires_on = models.DateField(null=True, editable=False)

    objects: ClassVar[models.Manager[Holding]] = owned_by("owner", keeper="keeper")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["lot", "owner", "location", "status"],
                name="one_holding_per_lot_owner_place_and_status",
            ),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="holding_not_negative"),
        ]
        # Most holdings are sold and empty; what pages ask for is what is still there.
        indexes: ClassVar = [
            models.Index(
                fields=["lot"],
                include=["owner", "on_hand", "status", "keeper", *OF_THE_LOT],
                condition=Q(on_hand__gt=0),
                name="holding_with_stock",
            ),
            models.Index(
                fields=["owner", "lot"],
                include=["on_hand", "status", "keeper", *OF_THE_LOT],
                condition=Q(on_hand__gt=0),
                name="holding_of_owner",
            ),
            models.Index(
                fields=["product", "id"],
                include=["owner", "keeper", "on_hand", "status"],
                condition=Q(on_hand__gt=0),
                name="holding_of_product",
            ),
            # Sold out is what a shop must hear of, so the empty ones are in it.
            models.Index(
                fields=["owner", "changed_at"],
                include=["product"],
                condition=Q(status="available"),
                name="holding_to_sell",
            ),
            models.Index(
                fields=["owner", "product"],
                include=["warehouse", "on_hand", "expires_on", "frozen_by", "changed_at"],
                condition=Q(status="available"),
                name="holding_to_sell_of_product",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id}/{self.owner_id}/{self.location_id}/{self.status}"


class StockPosting(models.Model):
    """What happened to an owner's units, once; its legs sum to zero for every lot. Insert-only.

    ``key`` makes it happen once (``reserve:RO-2026-000017``); a correction is a counter-posting.
    ``moved_at`` is when the goods moved, which may be told later; ``booked_at`` when it was
    written. ``booked_by`` is empty for what no person did by hand, such as a shop's order.
    """

    key = models.CharField(max_length=96, unique=True)
    kind = models.CharField(max_length=11, choices=MovementKind)
    document = models.CharField(max_length=64)
    owner = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    #: Who operates the warehouse in which it happened, for its walls.
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    moved_at = models.DateTimeField()
    booked_at = models.DateTimeField()
    booked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects: ClassVar[models.Manager[StockPosting]] = owned_by("owner", keeper="keeper")

    def __str__(self) -> str:
        return self.key


class StockMovement(models.Model):
    """One leg of a posting: signed units of a lot on one account. Insert-only.

    On ``stock`` it names the place and the status of the holding that it changes, on an account
    outside neither. Owner, keeper, kind, document and moment are those of its posting, which
    the database compares; they stand here for the lists of a million rows.
    """

    posting = models.ForeignKey(StockPosting, on_delete=models.PROTECT, related_name="legs")
    account = models.CharField(max_length=10, choices=StockAccount)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="movements", db_index=False)
    owner = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    #: Who operates the lot's warehouse, so that its walls need not ask the lot.
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    status = models.CharField(max_length=10, choices=StockStatus, blank=True)
    quantity = models.IntegerField()
    kind = models.CharField(max_length=11, choices=MovementKind)
    document = models.CharField(max_length=64)
    moved_at = models.DateTimeField()

    objects: ClassVar[models.Manager[StockMovement]] = owned_by("owner", keeper="keeper")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(quantity=0), name="a_movement_moves_something"),
            models.CheckConstraint(
                condition=Q(account="stock", location__isnull=False) & ~Q(status="")
                | ~Q(account="stock") & Q(location__isnull=True, status=""),
                name="stock_lies_somewhere_in_some_status",
            ),
        ]
        # Lists show what stands in a warehouse; the legs outside are for the proof.
        indexes: ClassVar = [
            models.Index(
                fields=["owner", "id"],
                include=["lot", "quantity", "keeper", "status"],
                condition=Q(account="stock"),
                name="movement_of_owner",
            ),
            models.Index(
                fields=["keeper", "id"],
                include=["owner", "quantity"],
                condition=Q(account="stock"),
                name="movement_of_keeper",
            ),
            models.Index(
                fields=["lot", "id"],
                include=["owner", "quantity", "keeper"],
                condition=Q(account="stock"),
                name="movement_of_lot",
            ),
            models.Index(
                fields=["kind", "id"], condition=Q(account="stock"), name="movement_of_kind"
            ),
            models.Index(
                fields=["owner", "kind", "id"],
                include=["quantity", "keeper"],
                condition=Q(account="stock"),
                name="movement_of_owner_by_kind",
            ),
            models.Index(
                fields=["moved_at", "id"], condition=Q(account="stock"), name="movement_by_time"
            ),
            models.Index(
                fields=["document"], opclasses=["varchar_pattern_ops"], name="movement_by_document"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.posting_id}/{self.account}"
