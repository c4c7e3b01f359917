"""What is borne of a round is worked out again whenever what stands of it changes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from core.fields import MinorField
from core.walls import owned_by
from procurement.models.orders import PurchaseOrder, PurchaseOrderLine
from procurement.models.plans import RoundPlan
from procurement.models.rounds import PoolRound
from procurement.models.shipments import Shipment


class BillRun(models.Model):
    """One complete working out of what a round costs and who bears what of it. Insert-only.

    Run 1 is what was expected when the round was ordered, by ``plan``, whose terms every later
    run keeps. ``stood`` says of what a run was made: by order line the revision that stood
    (lines as ordered are left out), and the shipments of which units were missing. ``causes``
    are what had changed since the run before: step, order, document. ``digest`` is SHA-256 of
    its charges and bills: a run that comes to the same as the one before is not written.
    """

    round = models.ForeignKey(PoolRound, on_delete=models.PROTECT, related_name="bill_runs")
    number = models.PositiveSmallIntegerField()
    plan = models.ForeignKey(RoundPlan, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    stood = models.JSONField(default=dict)
    causes = models.JSONField(default=list)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "number"], name="one_bill_run_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.number}"


class BillWorkState(models.TextChoices):
    QUEUED = "queued", _("queued")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class BillWork(models.Model):
    """A change after which a round is to be billed again. The row is the work.

    ``run`` is the run that took it in; none where nothing differed.
    """

    round = models.ForeignKey(PoolRound, on_delete=models.PROTECT, related_name="+")
    cause = models.JSONField(default=dict)
    state = models.CharField(max_length=6, choices=BillWorkState, default=BillWorkState.QUEUED)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    run = models.ForeignKey(BillRun, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], name="bill_work_due", condition=Q(state="queued"))
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.state}"


class MissingShare(models.Model):
    """Units of an owner's part of a shipment that did not arrive, as the gate counted.

    They are the platform's to claim from who lost them. Insert-only.
    """

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="missing")
    order_line = models.ForeignKey(
        PurchaseOrderLine, on_delete=models.PROTECT, related_name="missing"
    )
    owner = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()

    objects: ClassVar[models.Manager[MissingShare]] = owned_by("owner")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shipment", "order_line", "owner"], name="what_is_missing_is_told_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="something_is_missing"),
        ]

    def __str__(self) -> str:
        return f"{self.shipment_id}/{self.order_line_id}/{self.owner_id}"


class BillCorrection(models.Model):
    """What a later run changes for an owner of a line, on units sold and in stock. Insert-only.

    ``units`` it held, of which ``sold`` had been sold; the two parts come to the difference.
    """

    run = models.ForeignKey(BillRun, on_delete=models.PROTECT, related_name="corrections")
    order_line = models.ForeignKey(
        PurchaseOrderLine, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    owner = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    units = models.PositiveIntegerField()
    sold = models.PositiveIntegerField()
    difference_minor = MinorField()
    sold_minor = MinorField()
    stock_minor = MinorField()

    objects: ClassVar[models.Manager[BillCorrection]] = owned_by("owner")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "run", "order_line"], name="one_correction_per_owner_and_line"
            ),
            models.CheckConstraint(
                condition=Q(difference_minor=models.F("sold_minor") + models.F("stock_minor")),
                name="a_correction_is_the_sum_of_its_parts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.order_line_id}/{self.owner_id}"


class OrderBill(models.Model):
    """A bill that really came for an order or one of its lines, CNY fen. Insert-only.

    What came of a kind takes the place of what was expected of it; of ``supplier`` it is a
    correction of what the line's goods cost. A counter-entry ``reverses`` another, to the fen.
    """

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="bills")
    line = models.ForeignKey(
        PurchaseOrderLine, on_delete=models.PROTECT, null=True, blank=True, related_name="bills"
    )
    buyer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=11)
    driver = models.CharField(max_length=14)
    amount_minor = MinorField()
    document = models.CharField(max_length=64)
    billed_on = models.DateField()
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()

    objects: ClassVar[models.Manager[OrderBill]] = owned_by("buyer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order", "kind", "document", "line"],
                condition=Q(reverses__isnull=True),
                name="a_bill_is_entered_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="a_bill_is_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.document}"


class SharingRun(models.Model):
    """One sharing of units with all it was made from, so that it can be done again. Insert-only.

    ``what`` happened: the round was closed, a line changed, a count at the gate was short.
    ``content`` is what :mod:`procurement.rules.sharing.runs` wrote, ``digest`` names it.
    """

    round = models.ForeignKey(PoolRound, on_delete=models.PROTECT, related_name="sharings")
    order_line = models.ForeignKey(
        PurchaseOrderLine, on_delete=models.PROTECT, null=True, related_name="+"
    )
    what = models.CharField(max_length=9)
    document = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    content = models.BinaryField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.round_id}: {self.what} {self.document}"
