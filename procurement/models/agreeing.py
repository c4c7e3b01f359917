"""What becomes of an order after it was drafted: approvals, confirmations, cancellations.

All of it is only added to; what stands of a line is its newest revision.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from core.fields import CurrencyField, MinorField
from core.history import tracked
from core.walls import owned_by
from procurement.models.orders import PurchaseOrder, PurchaseOrderLine
from procurement.models.rounds import ShortageRule


@tracked(called="currency")
class ApprovalLimit(models.Model):
    """Up to this amount one person approves an order in the currency, above it two.

    The limit in CNY counts for currencies without one of their own, at the day's rate. Without
    any limit orders are placed without an approval.
    """

    currency = CurrencyField(unique=True)
    amount_minor = MinorField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0), name="an_approval_limit_is_not_negative"
            )
        ]

    def __str__(self) -> str:
        return str(self.currency)


class OrderApproval(models.Model):
    """One person's yes to a drafted order. Insert-only."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="approvals")
    buyer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()

    objects: ClassVar[models.Manager[OrderApproval]] = owned_by("buyer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order", "approved_by"], name="a_person_approves_an_order_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id} by {self.approved_by_id}"


class OrderStep(models.TextChoices):
    """What happened to an order."""

    DRAFTED = "drafted", _("drafted")
    APPROVED = "approved", _("approved")
    PLACED = "placed", _("placed with the supplier")
    CONFIRMED = "confirmed", _("confirmed as ordered")
    PROPOSED = "proposed", _("the supplier asks for a change")
    ACCEPTED = "accepted", _("the change is accepted")
    REFUSED = "refused", _("the change is refused")
    CANCELLED = "cancelled", _("what was open is cancelled")
    SHIPPED = "shipped", _("a shipment left")
    CLEARED = "cleared", _("a shipment was cleared into bond")
    RECEIVED = "received", _("a shipment was received")
    INVOICED = "invoiced", _("an invoice was booked")
    BILLED = "billed", _("a bill was entered")
    LATE = "late", _("the promised day has passed")


class OrderEvent(models.Model):
    """One step in the life of an order: who, when, why. Insert-only.

    ``document`` is the number of what it is about: a shipment, a confirmation, an invoice.
    """

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="events")
    buyer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    step = models.CharField(max_length=9, choices=OrderStep)
    happened_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    document = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    objects: ClassVar[models.Manager[OrderEvent]] = owned_by("buyer")

    def __str__(self) -> str:
        return f"{self.order_id} {self.step}"


class OrderConfirmation(models.Model):
    """What a supplier says to a placed order: as ordered, or otherwise. Insert-only.

    ``reference`` is the supplier's own number of it.
    """

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="confirmations")
    buyer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveIntegerField()
    reference = models.CharField(max_length=64, blank=True)
    is_change = models.BooleanField()
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()

    objects: ClassVar[models.Manager[OrderConfirmation]] = owned_by("buyer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order", "position"], name="confirmations_of_an_order_are_numbered"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.position}"


class ConfirmationLine(models.Model):
    """What a supplier confirms of one line: packs in all, price per pack, day. Insert-only."""

    confirmation = models.ForeignKey(
        OrderConfirmation, on_delete=models.PROTECT, related_name="lines"
    )
    order_line = models.ForeignKey(
        PurchaseOrderLine, on_delete=models.PROTECT, related_name="confirmed"
    )
    buyer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    packs = models.PositiveIntegerField()
    pack_price_minor = MinorField()
    promised_on = models.DateField(null=True, blank=True)

    objects: ClassVar[models.Manager[ConfirmationLine]] = owned_by("buyer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["confirmation", "order_line"], name="a_line_is_confirmed_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.confirmation_id}/{self.order_line_id}"


class ConfirmationDecision(models.Model):
    """The platform's yes or no to a change. Insert-only."""

    confirmation = models.OneToOneField(
        OrderConfirmation, on_delete=models.PROTECT, related_name="decision"
    )
    buyer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    is_accepted = models.BooleanField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)

    objects: ClassVar[models.Manager[ConfirmationDecision]] = owned_by("buyer")

    def __str__(self) -> str:
        return f"{self.confirmation_id}: {self.is_accepted}"


class OrderCancellation(models.Model):
    """A counter-document: what was open of some lines is not delivered any more. Insert-only."""

    number = models.CharField(max_length=32, unique=True)
    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="cancellations")
    buyer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=500)
    amount_minor = MinorField()
    cancelled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField()

    objects: ClassVar[models.Manager[OrderCancellation]] = owned_by("buyer")

    def __str__(self) -> str:
        return self.number


class CancellationLine(models.Model):
    """Units of an order line that are cancelled, and what they would have cost. Insert-only."""

    cancellation = models.ForeignKey(
        OrderCancellation, on_delete=models.PROTECT, related_name="lines"
    )
    order_line = models.ForeignKey(
        PurchaseOrderLine, on_delete=models.PROTECT, related_name="cancelled"
    )
    buyer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.PositiveIntegerField()
    amount_minor = MinorField()

    objects: ClassVar[models.Manager[CancellationLine]] = owned_by("buyer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["cancellation", "order_line"], name="a_line_stands_once_in_a_cancellation"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="something_is_cancelled"),
        ]

    def __str__(self) -> str:
        return f"{self.cancellation_id}/{self.order_line_id}"


class LineRevision(models.Model):
    """What stands of an order line after a change: units, money, day; the newest counts.

    ``document`` is the confirmation or cancellation it came from, ``rule`` how a shortage was
    split among the owners. Insert-only.
    """

    order_line = models.ForeignKey(
        PurchaseOrderLine, on_delete=models.PROTECT, related_name="revisions"
    )
    buyer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveIntegerField()
    quantity = models.PositiveIntegerField()
    pack_price_minor = MinorField()
    amount_minor = MinorField()
    promised_on = models.DateField(null=True, blank=True)
    rule = models.CharField(max_length=13, choices=ShortageRule)
    document = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    objects: ClassVar[models.Manager[LineRevision]] = owned_by("buyer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order_line", "position"], name="revisions_of_a_line_are_numbered"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_line_id} r{self.position}"


class RevisedShare(models.Model):
    """Whose how much of a line is after a revision; sums to it in units and money. Insert-only."""

    revision = models.ForeignKey(LineRevision, on_delete=models.PROTECT, related_name="shares")
    order_line = models.ForeignKey(
        PurchaseOrderLine, on_delete=models.PROTECT, related_name="revised_shares"
    )
    owner = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.PositiveIntegerField()
    amount_minor = MinorField()

    objects: ClassVar[models.Manager[RevisedShare]] = owned_by("owner")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["revision", "owner"], name="one_revised_share_per_owner_and_line"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "order_line"], name="revised_share_of_owner")
        ]

    def __str__(self) -> str:
        return f"{self.revision_id}/{self.owner_id}"
