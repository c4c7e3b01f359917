from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Company, User
from catalog.models import TradingPartner
from core.fields import CurrencyField, MinorField
from core.history import tracked
from core.walls import owned_by


class RateQuote(models.Model):
    """One published or dealt rate: 1 ``base`` = ``value`` ``quote``. Insert-only.

    ``asked_for`` is the day wanted, ``value_date`` the day the source really served; a
    weekend carries the last published day, and never a later one.
    """

    source = models.CharField(max_length=32)
    base = CurrencyField()
    quote = CurrencyField()
    value = models.DecimalField(max_digits=20, decimal_places=10)
    asked_for = models.DateField()
    value_date = models.DateField()
    fetched_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "base", "quote", "asked_for"],
                name="one_quote_per_source_pair_and_day",
            ),
            models.CheckConstraint(condition=Q(value__gt=0), name="a_rate_is_positive"),
            models.CheckConstraint(
                condition=Q(value_date__lte=F("asked_for")), name="no_rate_from_the_future"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.base}/{self.quote} {self.value_date} {self.source}"


class AccountState(models.TextChoices):
    ENTERED = "entered", _("waits for a second person")
    CONFIRMED = "confirmed", _("confirmed")
    CLOSED = "closed", pgettext_lazy("bank account", "closed")


@tracked(owner="it.company_id", called="number")
class BankAccount(models.Model):
    """Where a company's money is, in one currency: an importer pays from it, a supplier is paid
    to it.

    What was entered never changes (the application's role may write who confirmed and closed it,
    and no more): another account is another row, which closes this one when it is confirmed.
    Payments use confirmed ones.
    """

    number = models.CharField(max_length=32, unique=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="bank_accounts")
    currency = CurrencyField()
    account = models.CharField(max_length=34)
    bic = models.CharField(max_length=11)
    bank_name = models.CharField(max_length=140)
    state = models.CharField(max_length=9, choices=AccountState, default=AccountState.ENTERED)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[BankAccount]] = owned_by("company")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "currency"],
                condition=Q(state="confirmed"),
                name="one_confirmed_account_per_company_and_currency",
            ),
            models.UniqueConstraint(
                fields=["company", "currency"],
                condition=Q(state="entered"),
                name="one_account_at_a_time_waits_for_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("entered_by")),
                name="four_eyes_who_enters_an_account_does_not_confirm_it",
            ),
            models.CheckConstraint(
                condition=Q(state="entered", confirmed_by__isnull=True, closed_at__isnull=True)
                | Q(state="confirmed", confirmed_by__isnull=False, closed_at__isnull=True)
                | Q(state="closed", closed_at__isnull=False),
                name="an_account_stands_as_its_two_persons_said",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PayableState(models.TextChoices):
    OPEN = "open", _("open")
    BATCHED = "batched", _("in a batch")
    PAID = "paid", _("paid")


@tracked(called="number")
class Payable(models.Model):
    """A supplier's invoice to be paid by the importer of record.

    ``rate`` is the stored quote at booking; what the payment costs beyond it is FX result.
    """

    number = models.CharField(max_length=32, unique=True)
    supplier = models.ForeignKey(TradingPartner, on_delete=models.PROTECT, related_name="payables")
    debtor = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="payables")
    invoice_number = models.CharField(max_length=35)
    order_number = models.CharField(max_length=32)
    currency = CurrencyField()
    amount_minor = MinorField()
    invoiced_on = models.DateField()
    due_on = models.DateField()
    booked_at = models.DateTimeField()
    rate = models.ForeignKey(RateQuote, on_delete=models.PROTECT)
    state = models.CharField(max_length=8, choices=PayableState, default=PayableState.OPEN)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_on", "id"], name="payable_by_due_day"),
            models.Index(
                fields=["invoice_number"],
                opclasses=["varchar_pattern_ops"],
                name="payable_by_invoice",
            ),
            models.Index(
                fields=["order_number"], opclasses=["varchar_pattern_ops"], name="payable_by_order"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["supplier", "invoice_number"], name="an_invoice_is_booked_once"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="a_payable_is_positive"),
        ]

    def __str__(self) -> str:
        return self.number


class PayableShare(models.Model):
    """A seller's part of a payable; the parts sum to it. Insert-only."""

    payable = models.ForeignKey(Payable, on_delete=models.PROTECT, related_name="shares")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    amount_minor = MinorField()

    objects: ClassVar[models.Manager[PayableShare]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["payable", "seller"], name="one_payable_share_per_seller"
            )
        ]

    def __str__(self) -> str:
        return f"{self.payable_id}/{self.seller_id}"


class Period(models.TextChoices):
    INVOICE = "invoice", _("each invoice")
    MONTH = "month", _("month")
    QUARTER = "quarter", _("quarter")
    YEAR = "year", _("year")


@tracked(owner="it.debtor_id", called="debtor__code", only_added=True)
class SettlementPolicy(models.Model):
    """How often a debtor pays and what its bank takes; the newest in force counts. Insert-only.

    The wire fee is CNY minor units per payment; the spreads are basis points on the
    reference rate, the lower one from ``bulk_from_minor`` CNY a conversion.
    """

    debtor = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="policies")
    period = models.CharField(max_length=8, choices=Period, default=Period.QUARTER)
    valid_from = models.DateField()
    wire_fee_minor = MinorField()
    spread_bp = models.DecimalField(max_digits=7, decimal_places=3)
    bulk_spread_bp = models.DecimalField(max_digits=7, decimal_places=3)
    bulk_from_minor = MinorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["debtor", "valid_from"], name="one_policy_per_debtor_and_day"
            )
        ]

    def __str__(self) -> str:
        return f"policy {self.pk}"

    @property
    def spread_percent(self) -> Decimal:
        return (self.spread_bp / 100).normalize()

    @property
    def bulk_spread_percent(self) -> Decimal:
        return (self.bulk_spread_bp / 100).normalize()


class BatchState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PRICED = "priced", _("priced")
    APPROVED = "approved", _("approved")
    EXPORTED = "exported", _("exported")


@tracked(called="number")
class SettlementBatch(models.Model):
    """What one debtor pays one supplier in one currency for one period, in one payment.

    CNY figures are minor units: ``cny_minor`` the goods at the bank's price,
    ``fee_minor`` the wire fee, ``alone_minor`` what paying each invoice by itself
    would have cost in all; the saving is ``alone_minor - cny_minor - fee_minor``.
    ``policy`` holds the bank's terms it was priced by, so every figure can be worked out again.
    """

    number = models.CharField(max_length=32, unique=True)
    supplier = models.ForeignKey(TradingPartner, on_delete=models.PROTECT, related_name="batches")
    debtor = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="batches")
    currency = CurrencyField()
    period_start = models.DateField()
    period_end = models.DateField()
    state = models.CharField(max_length=8, choices=BatchState, default=BatchState.DRAFT)
    total_minor = MinorField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    rate = models.ForeignKey(RateQuote, on_delete=models.PROTECT, null=True, blank=True)
    priced_at = models.DateTimeField(null=True, blank=True)
    cny_minor = MinorField(null=True, blank=True)
    fee_minor = MinorField(null=True, blank=True)
    alone_minor = MinorField(null=True, blank=True)
    policy = models.ForeignKey(
        SettlementPolicy, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    priced_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("created_by")),
                name="four_eyes_the_maker_does_not_approve",
            ),
            # Whoever picks the pricing day is a maker as well.
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(priced_by__isnull=True)
                | ~Q(approved_by=F("priced_by")),
                name="four_eyes_who_prices_does_not_approve",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "priced"]) | Q(approved_by__isnull=False),
                name="no_export_without_approval",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(rate__isnull=False, cny_minor__isnull=False),
                name="a_priced_batch_names_its_rate",
            ),
            models.UniqueConstraint(
                fields=["supplier", "debtor", "currency", "period_start", "period_end"],
                name="one_batch_per_supplier_currency_and_period",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class BatchLine(models.Model):
    """A payable is paid in one batch. Insert-only."""

    batch = models.ForeignKey(SettlementBatch, on_delete=models.PROTECT, related_name="lines")
    payable = models.OneToOneField(Payable, on_delete=models.PROTECT, related_name="batch_line")

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.payable_id}"


@tracked(owner="it.debtor_id", called="message_id", exclude=("content",), only_added=True)
class PaymentFile(models.Model):
    """An ISO 20022 pain.001.001.09 file as handed to the bank. Insert-only."""

    message_id = models.CharField(max_length=35, unique=True)
    debtor = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="payment_files")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    payment_count = models.PositiveIntegerField()
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.message_id


class Payment(models.Model):
    """One transfer in a file; its identifiers are fixed when the row is made. Insert-only."""

    batch = models.OneToOneField(SettlementBatch, on_delete=models.PROTECT, related_name="payment")
    file = models.ForeignKey(PaymentFile, on_delete=models.PROTECT, related_name="payments")
    end_to_end_id = models.CharField(max_length=35, unique=True)
    uetr = models.UUIDField(unique=True)
    currency = CurrencyField()
    amount_minor = MinorField()
    value_date = models.DateField()

    def __str__(self) -> str:
        return self.end_to_end_id


class SellerCharge(models.Model):
    """What a seller owes for its part of a batch, CNY minor units. Insert-only.

    Goods at the bank's rate and fee are shared exactly; the charges of a batch sum to
    ``cny_minor + fee_minor``.
    """

    batch = models.ForeignKey(SettlementBatch, on_delete=models.PROTECT, related_name="charges")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    goods_minor = MinorField()
    fee_minor = MinorField()
    alone_minor = MinorField()

    objects: ClassVar[models.Manager[SellerCharge]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["batch", "seller"], name="one_charge_per_seller_and_batch"
            )
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.seller_id}"
