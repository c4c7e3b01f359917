"""The bonded account book: its items with four columns each, and the receipts that made them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from catalog.models import Product
from core.fields import CountryField, CurrencyField
from core.walls import owned_by
from customs.rules.book import Kind, Style
from warehouse.models import Lot


class BookStyle(models.TextChoices):
    FILED = Style.FILED.value, _("filed before")
    POSTING = Style.POSTING.value, _("posted as it comes")


class BookKind(models.TextChoices):
    """What a receipt says."""

    APPROVED_IN = Kind.APPROVED_IN.value, _("import list approved")
    CHANGED_IN = Kind.CHANGED_IN.value, _("import list lessened")
    POSTED_IN = Kind.POSTED_IN.value, _("import list posted")
    APPROVED_OUT = Kind.APPROVED_OUT.value, _("retail list announced")
    POSTED_OUT = Kind.POSTED_OUT.value, _("retail list posted")
    DESTROYED = Kind.DESTROYED.value, _("destruction recorded")
    RETURNED = Kind.RETURNED.value, _("return posted")
    COUNTED = Kind.COUNTED.value, _("count squared")


class AccountBook(models.Model):
    """A bonded account book (电子账册) of the company that keeps the goods. Insert-only.

    ``number`` is what warehouses are entered with and declarations name.
    """

    number = models.CharField(max_length=12, unique=True)
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="books")
    style = models.CharField(max_length=7, choices=BookStyle)
    opened_at = models.DateTimeField()

    objects: ClassVar[models.Manager[AccountBook]] = owned_by("keeper")

    def __str__(self) -> str:
        return self.number


class BookRow(models.Model):
    """One item of a book (备案序号), in its declared unit.

    The four columns and ``total_usd`` are running totals of its lines, kept so that the database
    itself refuses to go below zero; the lines are the truth, and only ``services.book`` writes
    here. ``total_usd`` is empty once the worth of something that came is not known.
    """

    book = models.ForeignKey(
        AccountBook, on_delete=models.PROTECT, related_name="rows", db_index=False
    )
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    item = models.PositiveIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    hs_code = models.CharField(max_length=10)
    name_zh = models.CharField(max_length=250)
    specification = models.CharField(max_length=510, blank=True)
    origin = CountryField()
    unit = models.CharField(max_length=3)
    unit_price = models.DecimalField(max_digits=19, decimal_places=4)
    currency = CurrencyField()
    #: The declaration whose line made the item.
    made_by = models.CharField(max_length=32)
    opened_at = models.DateTimeField()
    prevd_inc = models.IntegerField(default=0)
    prevd_redc = models.IntegerField(default=0)
    actl_inc = models.IntegerField(default=0)
    actl_redc = models.IntegerField(default=0)
    total_usd = models.DecimalField(max_digits=24, decimal_places=5, null=True, default=0)

    objects: ClassVar[models.Manager[BookRow]] = owned_by("keeper")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["book", "item"], name="an_item_has_a_number_in_a_book"),
            models.CheckConstraint(
                condition=Q(prevd_inc__gte=0)
                & Q(prevd_redc__gte=0)
                & Q(actl_inc__gte=0)
                & Q(actl_redc__gte=0)
                & Q(actl_inc__gte=F("actl_redc") + F("prevd_redc")),
                name="an_account_book_is_never_below_zero",
            ),
            models.CheckConstraint(
                condition=Q(total_usd__gte=0), name="what_is_in_a_book_is_worth_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.book_id}/{self.item}"

    @property
    def on_hand(self) -> int:
        return self.actl_inc - self.actl_redc

    @property
    def available(self) -> int:
        return self.on_hand - self.prevd_redc


class BookReceipt(models.Model):
    """A receipt that moves a book: its type, number and time. Insert-only.

    It happens once in a book for its ``kind`` and ``document``: the declaration, warehouse receipt,
    retail list or record that it is of. One that ``reverses`` another takes back all its lines.
    ``number`` is ours.
    """

    number = models.CharField(max_length=20, unique=True)
    book = models.ForeignKey(
        AccountBook, on_delete=models.PROTECT, related_name="receipts", db_index=False
    )
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=BookKind)
    document = models.CharField(max_length=64)
    happened_at = models.DateTimeField()
    booked_at = models.DateTimeField()
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversed_by"
    )

    objects: ClassVar[models.Manager[BookReceipt]] = owned_by("keeper")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document", "kind", "book"],
                condition=Q(reverses__isnull=True),
                name="a_receipt_is_posted_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["book", "happened_at"], name="book_receipt_of_book"),
        ]

    def __str__(self) -> str:
        return self.number


class BookLine(models.Model):
    """Units of one item on a receipt; what they add, ``rules.book`` says. Insert-only.

    ``usd`` is what they add to the item's total; empty where it is not known.
    ``declaration_line`` is the line of an import list whose goods are in this item from then on.
    """

    receipt = models.ForeignKey(BookReceipt, on_delete=models.PROTECT, related_name="lines")
    row = models.ForeignKey(BookRow, on_delete=models.PROTECT, related_name="lines", db_index=False)
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.IntegerField()
    usd = models.DecimalField(max_digits=24, decimal_places=5, null=True, default=0)
    declaration_line = models.OneToOneField(
        "customs.DeclarationLine", on_delete=models.PROTECT, null=True, related_name="book_line"
    )

    objects: ClassVar[models.Manager[BookLine]] = owned_by("keeper")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(quantity=0), name="a_book_line_is_of_some_units")
        ]
        indexes: ClassVar = [models.Index(fields=["row", "id"], name="book_line_of_row")]

    def __str__(self) -> str:
        return f"{self.receipt_id}/{self.row_id}"


class BookLot(models.Model):
    """In which item the goods of a lot are, since their import list was posted. Insert-only."""

    lot = models.OneToOneField(Lot, on_delete=models.PROTECT, related_name="book_lot")
    row = models.ForeignKey(BookRow, on_delete=models.PROTECT, related_name="lots")
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[BookLot]] = owned_by("keeper")

    def __str__(self) -> str:
        return f"{self.lot_id}/{self.row_id}"
