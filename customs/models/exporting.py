"""The lists under which parcels leave the zone, and what customs says of a list beside its
state."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.models import Company, User
from core.walls import owned_by
from customs.models.book import AccountBook, BookRow
from customs.models.declaring import Declaration, RetailList
from customs.models.messaging import OutgoingElement
from customs.models.passing import TruckPass
from customs.models.receiving import Receipt
from warehouse.models import BondedWarehouse


class ExportList(models.Model):
    """A bonded list of what left the zone for consumers (INV101, kind 8): released retail lists of
    one importer, house and account book. ``parcels`` is how many. Insert-only.

    ``ledger`` is the book's number: the book itself is the keeper's to read.
    ``gathered_by`` is empty where it was made by itself. It counts until customs refuses it and its
    retail lists are gathered anew.
    """

    number = models.CharField(max_length=20, unique=True)
    importer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(BondedWarehouse, on_delete=models.PROTECT, related_name="+")
    book = models.ForeignKey(AccountBook, on_delete=models.PROTECT, related_name="+")
    ledger = models.CharField(max_length=12)
    element = models.OneToOneField(
        OutgoingElement, on_delete=models.PROTECT, related_name="export_list"
    )
    parcels = models.PositiveIntegerField()
    gathered_at = models.DateTimeField()
    gathered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects: ClassVar[models.Manager[ExportList]] = owned_by("importer")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["importer", "gathered_at", "id"], name="export_list_of_importer"),
            models.Index(fields=["gathered_at", "id"], name="export_list_by_time"),
        ]

    def __str__(self) -> str:
        return self.number


class ExportParcel(models.Model):
    """A retail list on an export list, by customs' number of it (invtNo). A fact but for
    ``freed_at``: when it was let go because customs had refused the whole list. Until then it
    stands on no other."""

    export_list = models.ForeignKey(
        ExportList, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    importer = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    retail_list = models.ForeignKey(RetailList, on_delete=models.PROTECT, related_name="exports")
    customs_number = models.CharField(max_length=18)
    freed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[ExportParcel]] = owned_by("importer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["retail_list"],
                condition=Q(freed_at__isnull=True),
                name="a_retail_list_leaves_the_zone_once",
            ),
            models.UniqueConstraint(
                fields=["export_list", "retail_list"],
                name="an_export_list_names_a_retail_list_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.export_list_id}/{self.customs_number}"


class ExportGoods(models.Model):
    """What of an item of the account book leaves under an export list, summed over its parcels.
    ``worth_minor`` are its prices on the retail lists, before discounts, CNY fen; weights in grams.
    Insert-only."""

    export_list = models.ForeignKey(
        ExportList, on_delete=models.PROTECT, related_name="goods", db_index=False
    )
    importer = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    position = models.PositiveIntegerField()
    row = models.ForeignKey(BookRow, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    worth_minor = models.PositiveBigIntegerField()
    gross_weight_g = models.PositiveBigIntegerField()
    net_weight_g = models.PositiveBigIntegerField()

    objects: ClassVar[models.Manager[ExportGoods]] = owned_by("importer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["export_list", "position"], name="one_exported_line_a_position"
            ),
            models.UniqueConstraint(
                fields=["export_list", "row"], name="an_item_leaves_on_one_line_of_a_list"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, net_weight_g__lte=F("gross_weight_g")),
                name="what_leaves_is_something_and_weighs_net_at_most_gross",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.export_list_id}/{self.position}"


class EntryNumber(models.Model):
    """The number of the declaration that customs made from a bonded list (INV202). Insert-only."""

    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, related_name="entry_number")
    importer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    element = models.ForeignKey(
        OutgoingElement, on_delete=models.PROTECT, related_name="entry_numbers"
    )
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, null=True, related_name="entry_numbers"
    )
    number = models.CharField(max_length=18)
    made_at = models.DateTimeField()

    objects: ClassVar[models.Manager[EntryNumber]] = owned_by("importer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["element", "number"], name="a_number_is_made_from_a_list_once"
            )
        ]

    def __str__(self) -> str:
        return self.number


class PostedItem(models.Model):
    """What customs posted of an item under a bonded list (INV211). Insert-only.

    ``line`` is the line of the list, ``item`` the book's; ``quantity`` is what came in by it, and
    empty where the zone does not tell.
    """

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="posted_items")
    importer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    element = models.ForeignKey(
        OutgoingElement, on_delete=models.PROTECT, related_name="posted_items"
    )
    place = models.PositiveIntegerField()
    line = models.PositiveIntegerField(null=True)
    item = models.PositiveBigIntegerField()
    sku = models.CharField(max_length=32)
    quantity = models.DecimalField(max_digits=19, decimal_places=5, null=True)

    objects: ClassVar[models.Manager[PostedItem]] = owned_by("importer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["receipt", "place"], name="one_posted_item_a_place")
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id}/{self.place}"


class GatePassage(models.Model):
    """That a truck went through the gate (SAS223), when, and what it weighed there.

    ``weighed_g`` is the truck with all that is on it, in grams; ``deviation`` what the scales were
    off by, as customs wrote it. Both empty where it does not tell. Insert-only.
    """

    truck_pass = models.OneToOneField(TruckPass, on_delete=models.PROTECT, related_name="passage")
    importer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, related_name="passage")
    passed_at = models.DateTimeField()
    weighed_g = models.PositiveBigIntegerField(null=True)
    deviation = models.CharField(max_length=20, blank=True)

    objects: ClassVar[models.Manager[GatePassage]] = owned_by("importer")

    def __str__(self) -> str:
        return f"{self.truck_pass_id} {self.passed_at}"
