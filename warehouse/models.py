from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from catalog.models import Product
from core.history import tracked
from core.walls import owned_by
from procurement.models import PurchaseOrderLine, Shipment, ShipmentLine
from warehouse.retail_orders import RetailOrder, RetailOrderLine, RetailOrderState, RetailUpload

__all__ = [
    "BondedWarehouse",
    "Holding",
    "Lot",
    "MovementKind",
    "Pick",
    "Receipt",
    "ReceiptLine",
    "ReceiptShare",
    "RetailOrder",
    "RetailOrderLine",
    "RetailOrderState",
    "RetailUpload",
    "StockMovement",
]


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

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


@tracked(
    owner="SELECT w.operator_id FROM warehouse_bondedwarehouse w WHERE w.id = it.warehouse_id",
    called="number",
    only_added=True,
)
class Receipt(models.Model):
    """One count of one shipment at the gate. Insert-only."""

    number = models.CharField(max_length=32, unique=True)
    warehouse = models.ForeignKey(BondedWarehouse, on_delete=models.PROTECT, related_name="+")
    shipment = models.OneToOneField(Shipment, on_delete=models.PROTECT, related_name="receipt")
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[Receipt]] = owned_by("warehouse__operator")

    def __str__(self) -> str:
        return self.number


class ReceiptLine(models.Model):
    """Announced and counted units of one shipment line. Insert-only."""

    receipt = models.ForeignKey(
        Receipt, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    shipment_line = models.OneToOneField(
        ShipmentLine, on_delete=models.PROTECT, related_name="receipt_line"
    )
    #: Who operates the receipt's warehouse, so that its walls need not ask the receipt.
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    announced = models.PositiveIntegerField()
    counted = models.PositiveIntegerField()

    objects: ClassVar[models.Manager[ReceiptLine]] = owned_by("keeper")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(counted__lte=F("announced")), name="nothing_is_received_over_the_asn"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["receipt"],
                # The wall asks for the row's own key and its keeper.
                include=["id", "announced", "counted", "keeper"],
                name="receipt_line_sums",
            )
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id}/{self.shipment_line_id}"


class ReceiptShare(models.Model):
    """An owner's part of what was announced and of what arrived; both sum exactly. Insert-only.

    Which receipt and product its line is of never changes; a trigger of the database copies them
    here, so that an owner's are found without the lines, and the wall of the receipts by these.
    """

    receipt_line = models.ForeignKey(ReceiptLine, on_delete=models.PROTECT, related_name="shares")
    owner = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    entitled = models.PositiveIntegerField()
    received = models.PositiveIntegerField()
    receipt = models.ForeignKey(
        Receipt, models.PROTECT, related_name="+", editable=False, db_index=False
    )
    product = models.ForeignKey(
        Product, models.PROTECT, related_name="+", editable=False, db_index=False
    )

    objects: ClassVar[models.Manager[ReceiptShare]] = owned_by(
        "owner", keeper="receipt_line__keeper"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["receipt_line", "owner"], name="one_receipt_share_per_owner"
            ),
            models.CheckConstraint(
                condition=Q(received__lte=F("entitled")), name="nobody_receives_more_than_its_share"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["owner", "id"],
                include=["receipt", "product", "receipt_line", "entitled", "received"],
                name="receipt_share_of_owner",
            ),
            # The wall of the receipts asks for it.
            models.Index(fields=["receipt", "owner"], name="receipt_share_by_receipt"),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_line_id}/{self.owner_id}"

    @property
    def missing(self) -> int:
        """Units the owner bears of what did not arrive."""
        return self.entitled - self.received


_OF_THE_LOT = ("product", "warehouse", "received_at", "expires_on")


@tracked(
    owner="SELECT w.operator_id FROM warehouse_bondedwarehouse w WHERE w.id = it.warehouse_id",
    called="number",
)
class Lot(models.Model):
    """Goods that arrived together and are indistinguishable to customs. Insert-only."""

    number = models.CharField(max_length=20, unique=True)
    warehouse = models.ForeignKey(BondedWarehouse, on_delete=models.PROTECT, related_name="lots")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    order_line = models.ForeignKey(PurchaseOrderLine, on_delete=models.PROTECT, related_name="lots")
    receipt_line = models.OneToOneField(ReceiptLine, on_delete=models.PROTECT, related_name="lot")
    batch = models.CharField(max_length=20, blank=True)
    produced_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    received_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Lot]] = owned_by(
        "warehouse__operator", partner="holdings__owner", keeper="warehouse__operator"
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["expires_on", "id"], name="lot_by_expiry"),
            models.Index(fields=["received_at", "id"], name="lot_by_receipt"),
            models.Index(fields=["batch"], name="lot_by_batch"),
            # What is added up by lot asks these of each, and of no other column.
            models.Index(
                fields=["id"],
                include=[*_OF_THE_LOT, "receipt_line"],
                name="lot_for_sums",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Holding(models.Model):
    """Whose how much of a lot.

    ``on_hand`` is a running total of the owner's movements, kept so that the database
    itself can refuse to go below zero. The movements are the truth. What a lot is and when it
    came never changes; a trigger of the database copies it here, so that what is added up by
    product or age asks for no lot.
    """

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="holdings")
    owner = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="holdings")
    #: Who operates the lot's warehouse, so that its walls need not ask the lot.
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    on_hand = models.IntegerField(default=0)
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
            models.UniqueConstraint(fields=["lot", "owner"], name="one_holding_per_lot_and_owner"),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="holding_not_negative"),
        ]
        # Most holdings are sold and empty; what pages ask for is what is still there.
        indexes: ClassVar = [
            models.Index(
                fields=["lot"],
                include=["owner", "on_hand", "keeper", *_OF_THE_LOT],
                condition=Q(on_hand__gt=0),
                name="holding_with_stock",
            ),
            models.Index(
                fields=["owner", "lot"],
                include=["on_hand", "keeper", *_OF_THE_LOT],
                condition=Q(on_hand__gt=0),
                name="holding_of_owner",
            ),
            models.Index(
                fields=["product", "id"],
                include=["owner", "keeper", "on_hand"],
                condition=Q(on_hand__gt=0),
                name="holding_of_product",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id}/{self.owner_id}"


class MovementKind(models.TextChoices):
    RECEIVED = "received", _("received")
    PICKED = "picked", _("picked")
    RETURNED = "returned", _("returned")


class StockMovement(models.Model):
    """Signed units of one owner in one lot. Insert-only; a correction is a counter-movement.

    ``key`` makes a movement happen once (``receipt:12:owner:7``).
    """

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="movements", db_index=False)
    owner = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    #: Who operates the lot's warehouse, so that its walls need not ask the lot.
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=MovementKind)
    quantity = models.IntegerField()
    document = models.CharField(max_length=64)
    moved_at = models.DateTimeField()
    booked_at = models.DateTimeField()
    key = models.CharField(max_length=96, unique=True)

    objects: ClassVar[models.Manager[StockMovement]] = owned_by("owner", keeper="keeper")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(quantity=0), name="a_movement_moves_something")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["owner", "id"],
                include=["lot", "quantity", "keeper"],
                name="movement_of_owner",
            ),
            models.Index(
                fields=["keeper", "id"], include=["owner", "quantity"], name="movement_of_keeper"
            ),
            models.Index(
                fields=["lot", "id"],
                include=["owner", "quantity", "keeper"],
                name="movement_of_lot",
            ),
            models.Index(fields=["kind", "id"], name="movement_of_kind"),
            models.Index(
                fields=["owner", "kind", "id"],
                include=["quantity", "keeper"],
                name="movement_of_owner_by_kind",
            ),
            models.Index(fields=["moved_at", "id"], name="movement_by_time"),
            models.Index(
                fields=["document"], opclasses=["varchar_pattern_ops"], name="movement_by_document"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Pick(models.Model):
    """Which lot serves a retail line, and the movement that took it. Insert-only."""

    line = models.ForeignKey(RetailOrderLine, on_delete=models.PROTECT, related_name="picks")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="picks")
    quantity = models.PositiveIntegerField()
    movement = models.OneToOneField(StockMovement, on_delete=models.PROTECT, related_name="pick")

    objects: ClassVar[models.Manager[Pick]] = owned_by("seller")

    def __str__(self) -> str:
        return f"{self.line_id}/{self.lot_id}"
