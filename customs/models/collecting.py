"""The lists of a month that are declared together: one form over many shipments."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Company
from core.fields import CurrencyField, MinorField
from core.history import tracked
from core.models import QueuedDocument
from core.walls import owned_by
from customs.models.declaring import (
    Declaration,
    DeclarationForm,
    DeclarationLine,
    DeclarationState,
    DeclaredFigures,
)
from customs.models.goods import ChargeKind, ChargeMark
from warehouse.models import BondedWarehouse


@tracked(owner="it.importer_id", called="our_reference")
class CollectiveDeclaration(models.Model):
    """The accepted lists of one month, declared together (Order 169/2008).

    ``month`` is its first day. All lists are of one importer, consignor, warehouse, form, mode,
    means of transport, terms and currency. Weights in grams, amounts in minor units.
    """

    our_reference = models.CharField(max_length=32, unique=True)
    their_reference = models.CharField(max_length=18, blank=True)
    importer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(BondedWarehouse, on_delete=models.PROTECT, related_name="+")
    supplier = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    form = models.CharField(max_length=1, choices=DeclarationForm)
    supervision_mode = models.CharField(max_length=4)
    transport_mode = models.CharField(max_length=1)
    state = models.CharField(
        max_length=10, choices=DeclarationState, default=DeclarationState.DRAFT
    )
    rejection_reason = models.TextField(blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    currency = CurrencyField()
    incoterm = models.CharField(max_length=3)
    total_minor = MinorField()
    packages = models.PositiveIntegerField()
    gross_weight_g = models.PositiveBigIntegerField()
    net_weight_g = models.PositiveBigIntegerField()
    drafted_at = models.DateTimeField()
    lodged_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[CollectiveDeclaration]] = owned_by("importer")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["importer", "drafted_at", "id"], name="collective_of_importer"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(net_weight_g__lte=F("gross_weight_g")),
                name="collected_net_weight_is_at_most_gross",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(rejection_reason=""),
                name="a_rejected_collective_has_a_reason",
            ),
            models.UniqueConstraint(
                fields=["their_reference"],
                # What was amended keeps its number, and so does what stands in its place.
                condition=~Q(their_reference="") & ~Q(state="amended"),
                name="a_customs_number_of_a_month_is_given_once",
            ),
        ]

    def __str__(self) -> str:
        return self.our_reference


class CollectedList(models.Model):
    """One shipment's list in a collective declaration. Only ``freed_at`` changes.

    A list is in one that counts: it is freed when that one is sent back, set aside, withdrawn, or
    replaced by the version to which customs amended it.
    """

    collective = models.ForeignKey(
        CollectiveDeclaration, on_delete=models.PROTECT, related_name="lists"
    )
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, related_name="collected", db_index=False
    )
    importer = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    position = models.PositiveIntegerField()
    freed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[CollectedList]] = owned_by("importer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["declaration"],
                condition=Q(freed_at__isnull=True),
                name="a_list_is_in_one_collective_that_counts",
            ),
            models.UniqueConstraint(
                fields=["collective", "position"], name="collected_lists_are_numbered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.collective_id}: {self.declaration_id}"


class CollectiveGoods(DeclaredFigures):
    """One goods line of a collective declaration: the sum of its list lines. Insert-only."""

    collective = models.ForeignKey(
        CollectiveDeclaration, on_delete=models.PROTECT, related_name="goods"
    )
    importer = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    position = models.PositiveIntegerField()
    second_unit = models.CharField(max_length=3, blank=True)

    objects: ClassVar[models.Manager[CollectiveGoods]] = owned_by("importer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["collective", "position"], name="a_collective_numbers_its_goods_lines"
            ),
            models.CheckConstraint(
                condition=Q(net_weight_g__lte=F("gross_weight_g")),
                name="a_collected_goods_line_weighs_at_most_gross",
            ),
            models.CheckConstraint(
                condition=Q(second_unit="", second_quantity__isnull=True)
                | (~Q(second_unit="") & Q(second_quantity__isnull=False)),
                name="a_collected_second_unit_has_its_quantity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.collective_id}#{self.position}"


class CollectedLine(models.Model):
    """Into which goods line a line of a list goes (EntryGdsSeqno): many into one. Insert-only.

    Whose how much of it is, the parts of the list line say.
    """

    goods = models.ForeignKey(CollectiveGoods, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(
        DeclarationLine, on_delete=models.PROTECT, related_name="collected", db_index=False
    )
    importer = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    objects: ClassVar[models.Manager[CollectedLine]] = owned_by("importer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["goods", "line"], name="a_list_line_goes_into_a_goods_line_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.goods_id} of {self.line_id}"


class CollectiveCharge(models.Model):
    """A charge beside the price, as ``DeclarationCharge``: the lists' together. Insert-only."""

    collective = models.ForeignKey(
        CollectiveDeclaration, on_delete=models.PROTECT, related_name="charges"
    )
    importer = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=9, choices=ChargeKind)
    mark = models.CharField(max_length=1, choices=ChargeMark)
    value = models.DecimalField(max_digits=19, decimal_places=4)
    currency = CurrencyField(blank=True)

    objects: ClassVar[models.Manager[CollectiveCharge]] = owned_by("importer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["collective", "kind"], name="a_charge_of_a_month_is_declared_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.collective_id}:{self.kind}"


class CollectiveStep(models.Model):
    """A step of a collective declaration with its time and reason. Insert-only."""

    collective = models.ForeignKey(
        CollectiveDeclaration, on_delete=models.PROTECT, related_name="steps"
    )
    importer = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    state = models.CharField(max_length=10, choices=DeclarationState)
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    objects: ClassVar[models.Manager[CollectiveStep]] = owned_by("importer")

    def __str__(self) -> str:
        return f"{self.collective_id}:{self.state}"


class CollectivePaperKind(models.TextChoices):
    """The papers of a month. A share sheet is of one seller."""

    DECLARATION = "declaration", pgettext_lazy("paper", "declaration")
    LISTS = "lists", _("lists declared together")
    SHARE_SHEET = "share_sheet", _("share sheet")


class CollectiveDocument(QueuedDocument):
    """One version of one paper of a collective declaration, as ``DeclarationDocument``."""

    kind = models.CharField(max_length=32, choices=CollectivePaperKind)
    collective = models.ForeignKey(
        CollectiveDeclaration, on_delete=models.PROTECT, related_name="documents", db_index=False
    )
    importer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveSmallIntegerField(default=1)
    fingerprint = models.CharField(max_length=64, blank=True)

    objects: ClassVar[models.Manager[CollectiveDocument]] = owned_by("importer", other="seller")

    class Meta(QueuedDocument.Meta):
        abstract = False
        constraints: ClassVar = [
            *QueuedDocument.Meta.constraints,
            models.UniqueConstraint(
                fields=["collective", "kind", "language", "seller", "version"],
                nulls_distinct=False,
                name="a_version_of_a_months_paper_is_made_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="share_sheet", seller__isnull=False)
                | (~Q(kind="share_sheet") & Q(seller__isnull=True)),
                name="a_months_share_sheet_is_of_one_seller",
            ),
        ]
