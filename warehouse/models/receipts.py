"""What was counted at the gate, whose it is, and the lots it became."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.models import Company, User
from catalog.models import Product
from core.history import tracked
from core.walls import owned_by
from procurement.models import PurchaseOrderLine, Shipment, ShipmentLine
from warehouse.models.houses import BondedWarehouse


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
    """Announced and counted units of one shipment line. Insert-only.

    Of the ``counted`` so many came ``damaged``, and so many ``over`` what was announced.
    """

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
    damaged = models.PositiveIntegerField(default=0, db_default=0)
    over = models.PositiveIntegerField(default=0, db_default=0)

    objects: ClassVar[models.Manager[ReceiptLine]] = owned_by("keeper")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(over=0, counted__lte=F("announced"))
                | Q(over__gt=0, counted=F("announced") + F("over")),
                name="what_is_received_over_the_asn_is_told",
            ),
            models.CheckConstraint(
                condition=Q(damaged__lte=F("counted")), name="what_is_damaged_was_counted"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["receipt"],
                # The wall asks for the row's own key and its keeper.
                include=["id", "announced", "counted", "over", "keeper"],
                name="receipt_line_sums",
            )
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id}/{self.shipment_line_id}"

    @property
    def missing(self) -> int:
        """Units that were announced and did not come."""
        return self.announced + self.over - self.counted


class ReceiptShare(models.Model):
    """An owner's part of what was announced and of what arrived; both sum exactly. Insert-only.

    Of the ``received`` so many are ``damaged``; what came ``over`` the announced is the platform's.
    Which receipt and product its line is of never changes; a trigger of the database copies them
    here, so that an owner's are found without the lines, and the wall of the receipts by these.
    """

    receipt_line = models.ForeignKey(ReceiptLine, on_delete=models.PROTECT, related_name="shares")
    owner = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    entitled = models.PositiveIntegerField()
    received = models.PositiveIntegerField()
    damaged = models.PositiveIntegerField(default=0, db_default=0)
    over = models.PositiveIntegerField(default=0, db_default=0)
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
                condition=Q(received__lte=F("entitled") + F("over"), damaged__lte=F("received")),
                name="nobody_receives_more_than_its_share",
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
        return self.entitled + self.over - self.received


#: What never changes of a lot and stands in its holdings again.
OF_THE_LOT = ("product", "warehouse", "received_at", "expires_on")


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
                include=[*OF_THE_LOT, "receipt_line"],
                name="lot_for_sums",
            ),
        ]

    def __str__(self) -> str:
        return self.number
