from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Company, User
from catalog.models import Product
from core.fields import CountryField, CurrencyField, MinorField
from core.history import tracked
from core.walls import owned_by
from procurement.models import PurchaseOrderLine, Shipment
from warehouse.models import BondedWarehouse, RetailOrder, RetailOrderLine, RetailReturn

if TYPE_CHECKING:
    from customs.models.papers import DeclarationDocument


class RetailTaxRule(models.Model):
    """Limits and reliefs of cross-border e-commerce retail import, dated. CNY minor units."""

    valid_from = models.DateField(unique=True)
    order_limit_minor = MinorField()
    year_limit_minor = MinorField()
    payable_fraction = models.DecimalField(max_digits=4, decimal_places=3)
    source = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"from {self.valid_from}"


class DeclarationState(models.TextChoices):
    DRAFT = "draft", _("draft")
    QUEUED = "queued", _("queued")
    GENERATING = "generating", _("generating")
    READY = "ready", pgettext_lazy("declaration", "ready")
    LODGED = "lodged", _("lodged")
    RELEASED = "released", _("released")
    REJECTED = "rejected", _("rejected")
    AMENDED = "amended", pgettext_lazy("declaration", "amended")
    WITHDRAWN = "withdrawn", pgettext_lazy("declaration", "withdrawn")


#: They count no longer: sent back, replaced by what was amended, or withdrawn.
NO_LONGER = (DeclarationState.REJECTED, DeclarationState.AMENDED, DeclarationState.WITHDRAWN)


class DeclarationForm(models.TextChoices):
    """Inside a special zone goods enter on the record list, elsewhere on the declaration."""

    RECORD_LIST = "3", _("entry record list")
    IMPORT_DECLARATION = "1", _("import declaration")


@tracked(owner="it.importer_id", called="our_reference")
class Declaration(models.Model):
    """Entry of one shipment into bond, mode 1210. Weights in grams, amounts in minor units."""

    our_reference = models.CharField(max_length=32, unique=True)
    their_reference = models.CharField(max_length=18, blank=True)
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="declarations")
    importer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="declarations")
    warehouse = models.ForeignKey(BondedWarehouse, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=1, choices=DeclarationForm)
    supervision_mode = models.CharField(max_length=4, default="1210")
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

    objects: ClassVar[models.Manager[Declaration]] = owned_by("importer")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["importer", "drafted_at", "id"], name="declaration_of_importer"),
            models.Index(fields=["drafted_at", "id"], name="declaration_by_time"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(net_weight_g__lte=F("gross_weight_g")),
                name="declared_net_weight_is_at_most_gross",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(rejection_reason=""),
                name="a_rejection_has_a_reason",
            ),
            models.UniqueConstraint(
                fields=["shipment"],
                condition=~Q(state__in=["rejected", "amended", "withdrawn"]),
                name="one_living_declaration_per_shipment",
            ),
            models.UniqueConstraint(
                fields=["their_reference"],
                # What was amended keeps its number, and so does what stands in its place.
                condition=~Q(their_reference="") & ~Q(state="amended"),
                name="a_customs_number_is_given_once",
            ),
        ]

    def __str__(self) -> str:
        return self.our_reference

    @property
    def document(self) -> DeclarationDocument | None:
        """The paper that is lodged: the form as it was ordered first.

        ``with_paper`` of the queries fetches it for many declarations at once.
        """
        fetched: list[DeclarationDocument] | None = self.__dict__.get("lodged_paper")
        if fetched is None:
            fetched = list(self.documents.filter(kind="declaration", version=1).order_by("pk")[:1])
        return fetched[0] if fetched else None


class DeclaredFigures(models.Model):
    """What a line declares, of the bonded list and of the form alike; ``second_quantity`` and
    ``second_unit`` where the code has a second legal unit."""

    second_unit: models.CharField[str, str]

    hs_code = models.CharField(max_length=10)
    name_zh = models.CharField(max_length=250)
    specification = models.CharField(max_length=510, blank=True)
    origin = CountryField()
    quantity = models.PositiveIntegerField()
    unit = models.CharField(max_length=3)
    legal_quantity = models.DecimalField(max_digits=19, decimal_places=5)
    legal_unit = models.CharField(max_length=3)
    second_quantity = models.DecimalField(max_digits=19, decimal_places=5, null=True)
    unit_price = models.DecimalField(max_digits=19, decimal_places=4)
    total_minor = MinorField()
    net_weight_g = models.PositiveBigIntegerField()
    gross_weight_g = models.PositiveBigIntegerField()

    class Meta:
        abstract = True


class DeclarationLine(DeclaredFigures):
    """One line of the bonded list: what of one order line is declared. Insert-only.

    It is one item of the account book; ``goods_line`` is the line of the form that it is summed
    into. Quantities in declared and legal units (decimal).
    """

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="lines")
    goods_line = models.ForeignKey(
        "customs.GoodsLine", on_delete=models.PROTECT, related_name="list_lines"
    )
    position = models.PositiveIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    order_line = models.ForeignKey(PurchaseOrderLine, on_delete=models.PROTECT, related_name="+")
    second_unit = models.CharField(max_length=3, blank=True, default="", db_default="")

    objects: ClassVar[models.Manager[DeclarationLine]] = owned_by("declaration__importer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["declaration", "position"], name="one_goods_line_per_position"
            )
        ]

    def __str__(self) -> str:
        return f"{self.declaration_id}/{self.position}"


class DeclarationStep(models.Model):
    """The status history of a declaration, each step with its time and reason. Insert-only."""

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=10, choices=DeclarationState)
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    objects: ClassVar[models.Manager[DeclarationStep]] = owned_by("declaration__importer")

    def __str__(self) -> str:
        return f"{self.declaration_id}:{self.state}"


class TaxRegime(models.TextChoices):
    WITHIN = "cbec_within", _("within the limits")
    OVER_SINGLE_ITEM = "cbec_over_single_item", _("one item over the order limit")


class RetailList(models.Model):
    """The retail import list of one consumer order with its tax. CNY minor units. Insert-only."""

    number = models.CharField(max_length=32, unique=True)
    order = models.OneToOneField(RetailOrder, on_delete=models.PROTECT, related_name="retail_list")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    regime = models.CharField(max_length=24, choices=TaxRegime)
    tax_rule = models.ForeignKey(RetailTaxRule, on_delete=models.PROTECT, related_name="+")
    dutiable_minor = MinorField()
    duty_minor = MinorField()
    consumption_tax_minor = MinorField()
    vat_minor = MinorField()
    tax_minor = MinorField()
    drawn_at = models.DateTimeField()

    objects: ClassVar[models.Manager[RetailList]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    tax_minor=F("duty_minor") + F("consumption_tax_minor") + F("vat_minor")
                ),
                name="the_tax_is_the_sum_of_its_parts",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["seller", "drawn_at", "id"], name="retail_list_of_seller"),
            models.Index(fields=["drawn_at", "id"], name="retail_list_by_time"),
            models.Index(fields=["tax_minor", "id"], name="retail_list_by_tax"),
            models.Index(
                fields=["seller"],
                include=[
                    *("order", "dutiable_minor", "duty_minor"),
                    *("consumption_tax_minor", "vat_minor", "tax_minor"),
                ],
                name="retail_list_sums",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class RetailListLine(models.Model):
    """One goods line of a retail list with its share of freight and its tax. Insert-only."""

    retail_list = models.ForeignKey(RetailList, on_delete=models.PROTECT, related_name="lines")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    order_line = models.OneToOneField(RetailOrderLine, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    hs_code = models.CharField(max_length=10)
    dutiable_minor = MinorField()
    duty_minor = MinorField()
    consumption_tax_minor = MinorField()
    vat_minor = MinorField()

    objects: ClassVar[models.Manager[RetailListLine]] = owned_by("seller")

    def __str__(self) -> str:
        return f"{self.retail_list_id}/{self.position}"


class RetailRelease(models.Model):
    """The authority let the parcel of a retail list go. Insert-only.

    Recorded by a person, or by nobody: then its own receipt said so. ``reference`` is what stands
    on its receipt, empty where it names the list's number only.
    ``released_at`` is the authority's moment, ``recorded_at`` ours.
    """

    retail_list = models.OneToOneField(RetailList, on_delete=models.PROTECT, related_name="release")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=40, blank=True)
    released_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects: ClassVar[models.Manager[RetailRelease]] = owned_by("seller")

    def __str__(self) -> str:
        return f"release of {self.retail_list_id}"


class RetailVoid(models.Model):
    """A drawn retail list that counts no longer: its order was cancelled or merged. Insert-only.

    Neither its tax is due nor does it use up its buyer's year.
    """

    retail_list = models.OneToOneField(RetailList, on_delete=models.PROTECT, related_name="void")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    voided_at = models.DateTimeField()
    voided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects: ClassVar[models.Manager[RetailVoid]] = owned_by("seller")

    def __str__(self) -> str:
        return f"void of {self.retail_list_id}"


class RetailGiveBack(models.Model):
    """What goods that came back in time take off a retail list. CNY minor units. Insert-only.

    The list itself stays as it was drawn: this counts beside it, in the tax that is due and in its
    buyer's year.
    """

    retail_list = models.ForeignKey(RetailList, on_delete=models.PROTECT, related_name="given_back")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    back = models.OneToOneField(RetailReturn, on_delete=models.PROTECT, related_name="give_back")
    dutiable_minor = MinorField()
    duty_minor = MinorField()
    consumption_tax_minor = MinorField()
    vat_minor = MinorField()
    tax_minor = MinorField()
    given_at = models.DateTimeField()

    objects: ClassVar[models.Manager[RetailGiveBack]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    tax_minor=F("duty_minor") + F("consumption_tax_minor") + F("vat_minor")
                ),
                name="what_is_given_back_is_the_sum_of_its_parts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.retail_list_id} {self.given_at}"


class RetailRefusal(models.Model):
    """Why an order could not be put on a retail list; its stock went back. Insert-only.

    ``rule`` is the code of the refusal (``customs.over_year_limit``), ``facts`` its figures.
    """

    order = models.OneToOneField(
        RetailOrder, on_delete=models.PROTECT, related_name="retail_refusal"
    )
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=48)
    facts = models.JSONField(default=dict, blank=True)
    refused_at = models.DateTimeField()

    objects: ClassVar[models.Manager[RetailRefusal]] = owned_by("seller")

    def __str__(self) -> str:
        return f"{self.order_id}:{self.rule}"
