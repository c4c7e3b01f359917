"""What the authority answered: files as they came, the receipts in them, what became of each."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Company, User
from core.fields import EncryptedTextField
from core.walls import owned_by
from customs.models.declaring import RetailList
from customs.models.messaging import Gateway, OutgoingElement
from customs.rules.receipts.standing import Outcome
from customs.rules.receipts.told import CONTENT


class ReceiptWay(models.TextChoices):
    """How a file came in."""

    FOLDER = "folder", _("folder of the gateway")
    QUEUE = "queue", _("message queue of the gateway")
    API = "api", _("API")
    PAGE = "page", _("uploaded")


class ReceiptFile(models.Model):
    """A file that came from the authority, once for its bytes and its company. A fact: nothing of
    it changes but the key under which its content is kept.

    ``company`` is whose gateway it came through or who brought it; none where an operator did.
    ``content`` is the file itself (squeezed, encrypted: a form check repeats our message
    with its buyers), empty where it is too large to be a message. ``refusal`` is why it was laid
    aside whole, as the code of the rule, with its figures in ``facts``; nothing was taken from it.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="+")
    gateway = models.ForeignKey(
        Gateway, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    way = models.CharField(max_length=6, choices=ReceiptWay)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    message = models.CharField(max_length=20, blank=True)
    receipts = models.PositiveSmallIntegerField(default=0)
    repeated = models.PositiveSmallIntegerField(default=0)
    content = EncryptedTextField(blank=True)
    refusal = models.CharField(max_length=64, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    came_at = models.DateTimeField()
    brought_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects: ClassVar[models.Manager[ReceiptFile]] = owned_by("company")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sha256", "company"],
                nulls_distinct=False,
                name="a_file_of_the_authority_is_taken_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["company", "came_at", "id"], name="receipt_file_of_company"),
            models.Index(fields=["came_at", "id"], name="receipt_file_by_time"),
            models.Index(
                fields=["came_at", "id"], condition=~Q(refusal=""), name="receipt_file_parked"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReceiptState(models.TextChoices):
    NEW = "new", pgettext_lazy("receipt", "new")
    WAITING = "waiting", pgettext_lazy("receipt", "fits nothing")
    MATCHED = "matched", pgettext_lazy("receipt", "assigned")
    ASIDE = "aside", pgettext_lazy("receipt", "set aside")


class Receipt(models.Model):
    """One answer to one document (of a form check: to a whole message). A fact but for ``state``.

    Once for its company, message, ``identity``, status and the authority's time as it stands there
    (``returned``), however often and in whatever file it comes. ``identity`` is the number by which
    it is told from others, of an answer of the zone with what is short for its content; ``key`` the
    sender's own number, ``giver`` whose number that is (as in
    :class:`OutgoingElement`), ``pre_no`` the first one of the e-port
    or the zone, ``customs_no`` customs' own, ``message_no`` that of our message. ``info`` is
    the authority's sentence, encrypted because it may name a buyer. ``bill`` are the amounts of a
    tax bill, as text in yuan; ``items`` what was posted of each item of an account book.
    """

    file = models.ForeignKey(ReceiptFile, on_delete=models.PROTECT, related_name="taken")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="+")
    message = models.CharField(max_length=20)
    about = models.CharField(max_length=6, blank=True)
    identity = models.CharField(max_length=300)
    key = models.CharField(max_length=64, blank=True)
    giver = models.CharField(max_length=40, blank=True)
    pre_no = models.CharField(max_length=64, blank=True)
    customs_no = models.CharField(max_length=64, blank=True)
    message_no = models.CharField(max_length=255, blank=True)
    entry_no = models.CharField(max_length=18, blank=True)
    guid = models.CharField(max_length=36, blank=True)
    status = models.CharField(max_length=10)
    returned = models.CharField(max_length=25, blank=True)
    returned_at = models.DateTimeField()
    info = EncryptedTextField(blank=True)
    bill = models.JSONField(null=True, blank=True)
    items = models.JSONField(null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    came_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=ReceiptState, default=ReceiptState.NEW)

    objects: ClassVar[models.Manager[Receipt]] = owned_by("company")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["message", "identity", "status", "returned", "company"],
                nulls_distinct=False,
                name="a_receipt_is_taken_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["company", "came_at", "id"], name="receipt_of_company"),
            models.Index(fields=["came_at", "id"], name="receipt_by_time"),
            models.Index(
                fields=["id"], condition=Q(state__in=["new", "waiting"]), name="receipt_unmatched"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message} {self.number} {self.status}"

    @property
    def number(self) -> str:
        """By which number it is told from others: ``identity`` as people know it."""
        return self.identity.rpartition(CONTENT)[0] or self.identity


class EffectState(models.TextChoices):
    """What a receipt moved in the house."""

    NONE = "none", pgettext_lazy("effect", "only shown")
    DUE = "due", pgettext_lazy("effect", "due")
    DONE = "done", pgettext_lazy("effect", "done")
    REFUSED = "refused", pgettext_lazy("effect", "could not be done")


class ReceiptMatch(models.Model):
    """Which document of ours a receipt is about. A fact but for its effect.

    ``matched_by`` and ``reason`` where a person said so. ``refusal`` is the code of the rule by
    which the house could not do what the receipt asks, with its figures in ``facts``.
    """

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="matches")
    element = models.ForeignKey(OutgoingElement, on_delete=models.PROTECT, related_name="receipts")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="+")
    matched_at = models.DateTimeField()
    matched_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=500, blank=True)
    effect = models.CharField(max_length=8, choices=EffectState, default=EffectState.NONE)
    refusal = models.CharField(max_length=64, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    effected_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[ReceiptMatch]] = owned_by("company", other="seller")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["receipt", "element"], name="a_receipt_is_of_a_document_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(effect="due"), name="receipt_effect_due"),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id}:{self.element_id}"


class ReceiptAside(models.Model):
    """That a person laid a receipt aside which fits nothing, and why. Insert-only."""

    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, related_name="aside")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[ReceiptAside]] = owned_by("company")

    def __str__(self) -> str:
        return f"aside {self.receipt_id}"


class OutcomeChoice(models.TextChoices):
    """How far a document is, in one word."""

    MOVING = Outcome.MOVING.value, pgettext_lazy("customs", "under way")
    TAKEN = Outcome.TAKEN.value, pgettext_lazy("customs", "taken by customs")
    HELD = Outcome.HELD.value, pgettext_lazy("customs", "held by customs")
    REFUSED = Outcome.REFUSED.value, pgettext_lazy("customs", "refused by customs")
    DONE = Outcome.DONE.value, pgettext_lazy("customs", "done")


class ElementState(models.Model):
    """How far a document is: the highest of its receipts by rank and time, kept so that thousands
    can be asked at once. The receipts are the truth; ``rules.receipts.standing`` compares."""

    element = models.OneToOneField(
        OutgoingElement, on_delete=models.PROTECT, related_name="standing"
    )
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="+")
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="+", db_index=False)
    message = models.CharField(max_length=20)
    status = models.CharField(max_length=10)
    rank = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=8, choices=OutcomeChoice)
    returned_at = models.DateTimeField()
    entry_no = models.CharField(max_length=18, blank=True)

    objects: ClassVar[models.Manager[ElementState]] = owned_by("company", other="seller")

    def __str__(self) -> str:
        return f"{self.element_id}:{self.status}"


class BillStatus(models.TextChoices):
    MADE = "1", pgettext_lazy("tax bill", "made")
    SUMMED = "2", pgettext_lazy("tax bill", "summed")
    VOID = "3", pgettext_lazy("tax bill", "void")


class TaxBill(models.Model):
    """The authority's tax of one retail list (CEB816), in yuan. A fact but for ``status``.

    ``status`` is the highest that a receipt told (1 made, 2 summed, 3 void); ``differs`` whether a
    tax of it, or of a line, is more than a cent from what we worked out, ``difference`` by how much
    the whole is (theirs less ours).
    """

    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, related_name="tax_bill")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="+")
    retail_list = models.ForeignKey(
        RetailList, on_delete=models.PROTECT, null=True, related_name="tax_bills"
    )
    number = models.CharField(max_length=50)
    list_number = models.CharField(max_length=18)
    assure_code = models.CharField(max_length=64, blank=True)
    duty = models.DecimalField(max_digits=19, decimal_places=5)
    vat = models.DecimalField(max_digits=19, decimal_places=5)
    consumption_tax = models.DecimalField(max_digits=19, decimal_places=5)
    total = models.DecimalField(max_digits=21, decimal_places=5)
    differs = models.BooleanField(default=False)
    difference = models.DecimalField(max_digits=21, decimal_places=5, default=0)
    made_at = models.DateTimeField()
    status = models.CharField(max_length=1, choices=BillStatus)
    status_at = models.DateTimeField()

    objects: ClassVar[models.Manager[TaxBill]] = owned_by("company", other="seller")

    class Meta:
        constraints: ClassVar = [
            # No company's file can take the number of another's bill away.
            models.UniqueConstraint(fields=["number", "company"], name="a_tax_bill_is_taken_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["made_at", "id"], name="tax_bill_by_time"),
            models.Index(fields=["assure_code", "made_at"], name="tax_bill_of_guarantor"),
            models.Index(
                fields=["made_at", "id"], condition=Q(differs=True), name="tax_bill_that_differs"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class TaxBillLine(models.Model):
    """The authority's tax of one line, in yuan. Insert-only."""

    bill = models.ForeignKey(TaxBill, on_delete=models.PROTECT, related_name="lines")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="+")
    position = models.PositiveIntegerField()
    hs_code = models.CharField(max_length=10)
    dutiable = models.DecimalField(max_digits=19, decimal_places=5)
    duty = models.DecimalField(max_digits=19, decimal_places=5)
    vat = models.DecimalField(max_digits=19, decimal_places=5)
    consumption_tax = models.DecimalField(max_digits=19, decimal_places=5)

    objects: ClassVar[models.Manager[TaxBillLine]] = owned_by("company", other="seller")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bill", "position"], name="one_taxed_line_a_position")
        ]

    def __str__(self) -> str:
        return f"{self.bill_id}/{self.position}"
