"""What is made ready before goods are declared: elements of products, filings with account books,
the importers' facilitations, and the days by which something must be done."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Company, User
from catalog.models import Product
from core.walls import owned_by
from customs.models.declaring import Declaration
from customs.rules.deadlines import Kind, Tier
from customs.rules.elements import joined
from procurement.models import Shipment


class ProductElements(models.Model):
    """The declaration elements of a product under one HS code; the newest counts. Insert-only.

    ``names`` are the catalogue's at that time, in its order, ``values`` what stands for each.
    ``content_ml`` is what one unit holds, empty where it is not measured in litres.
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="elements")
    hs_code = models.CharField(max_length=10)
    names = ArrayField(models.CharField(max_length=120))
    values = ArrayField(models.CharField(max_length=255))
    content_ml = models.PositiveIntegerField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    def __str__(self) -> str:
        return f"{self.product_id} {self.hs_code}"

    @property
    def specification(self) -> str:
        """As the form has them: parted by ``|``."""
        return joined(self.values)


class BookFiling(models.Model):
    """An importer asks that a product be filed with an account book before it comes. Insert-only.

    Until it is answered it is pending; a product that was refused may be asked for again.
    """

    number = models.CharField(max_length=20, unique=True)
    book_number = models.CharField(max_length=12)
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    importer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    hs_code = models.CharField(max_length=10)
    unit = models.CharField(max_length=3)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[BookFiling]] = owned_by(
        "importer", other="keeper", keeper="keeper"
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["asked_at", "id"], name="book_filing_by_time"),
            models.Index(fields=["book_number", "product"], name="book_filing_of_product"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def state(self) -> str:
        """``pending``, ``filed`` or ``refused``."""
        answer = getattr(self, "answer", None)
        if answer is None:
            return "pending"
        return "filed" if answer.filed else "refused"

    def get_state_display(self) -> str:
        return str(_FILING_STATES[self.state])


_FILING_STATES = {
    "pending": pgettext_lazy("filing", "pending"),
    "filed": pgettext_lazy("filing", "filed"),
    "refused": pgettext_lazy("filing", "refused"),
}


class FilingAnswer(models.Model):
    """What became of a filing: the item that customs gave it, or why it refused. Insert-only."""

    filing = models.OneToOneField(BookFiling, on_delete=models.PROTECT, related_name="answer")
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    importer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    filed = models.BooleanField()
    item = models.PositiveIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    answered_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    objects: ClassVar[models.Manager[FilingAnswer]] = owned_by(
        "importer", other="keeper", keeper="keeper"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(filed=True, item__isnull=False, reason="")
                | (Q(filed=False, item__isnull=True) & ~Q(reason="")),
                name="a_filing_has_its_item_or_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.filing_id}: {self.filed}"


class CreditTier(models.TextChoices):
    """GACC Order 282, in force since 2026-04-01."""

    ADVANCED = Tier.ADVANCED.value, _("advanced certified")
    CERTIFIED = Tier.CERTIFIED.value, _("certified")
    REGULAR = Tier.REGULAR.value, _("regular")
    DISHONEST = Tier.DISHONEST.value, _("dishonest")
    SERIOUS = Tier.SERIOUS.value, _("seriously dishonest")


class Facilitation(models.Model):
    """What customs grants an importer from a day on; of one day the later one counts. Insert-only.

    ``evidence`` is the paper by which it does.
    """

    importer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="facilitations")
    valid_from = models.DateField()
    tier = models.CharField(max_length=9, choices=CreditTier)
    in_advance = models.BooleanField(default=False)
    two_step = models.BooleanField(default=False)
    first_in = models.BooleanField(default=False)
    collective = models.BooleanField(default=False)
    summary_tax = models.BooleanField(default=False)
    evidence = models.CharField(max_length=200)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[Facilitation]] = owned_by("importer")

    def __str__(self) -> str:
        return f"{self.importer_id} from {self.valid_from}"


class DeadlineKind(models.TextChoices):
    DECLARE = Kind.DECLARE.value, _("declare the goods")
    COMPLETE = Kind.COMPLETE.value, _("complete the two-step declaration")
    FOLLOW = Kind.FOLLOW.value, _("hand in the list of goods that went in first")
    LIST = Kind.LIST.value, _("hand in the list for the collective declaration")
    COLLECT = Kind.COLLECT.value, _("declare the month's lists together")
    PAY = Kind.PAY.value, _("pay the month's taxes together")


class Deadline(models.Model):
    """The last day for something that must be done about a shipment.

    Worked out anew by the worker while it is open; ``met_on`` once it was done, ``dropped_on``
    where another way was opened to the importer and it no longer applies.
    """

    importer = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    shipment = models.ForeignKey(
        Shipment, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=8, choices=DeadlineKind)
    due_on = models.DateField()
    met_on = models.DateField(null=True, blank=True)
    dropped_on = models.DateField(null=True, blank=True)
    computed_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Deadline]] = owned_by("importer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shipment", "kind"], name="a_shipment_has_one_deadline_of_a_kind"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["importer", "due_on", "id"], name="deadline_of_importer"),
            models.Index(fields=["due_on", "id"], name="deadline_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.shipment_id}: {self.kind} by {self.due_on}"
