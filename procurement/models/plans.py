"""How a round was planned, and what it costs whom."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.models import Company
from core.fields import MinorField
from core.walls import owned_by
from procurement.models.orders import PurchaseOrder, PurchaseOrderLine
from procurement.models.rounds import PoolRound


class RoundPlan(models.Model):
    """One solving of a round: its terms, the plans, and how good the chosen one is. Insert-only.

    ``terms`` is everything the solver was given (JSON, zlib), ``terms_digest`` its SHA-256;
    ``found`` what it answered. Amounts are CNY fen: what is landed, and adjusted by what is left
    out or over. ``gap_ppm``: by how much the chosen plan could at most be beaten. ``dropped`` are
    the sellers whose deposit was not paid. Read by the platform and by who buys; what all sellers
    wish together is told to none of them.
    """

    round = models.ForeignKey(PoolRound, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    chosen = models.CharField(max_length=9)
    landed_minor = MinorField()
    adjusted_minor = MinorField()
    plain_landed_minor = MinorField()
    plain_adjusted_minor = MinorField()
    bound_minor = MinorField()
    gap_ppm = models.PositiveIntegerField()
    solver = models.CharField(max_length=40)
    solver_version = models.CharField(max_length=40)
    terms = models.BinaryField()
    terms_digest = models.CharField(max_length=64)
    found = models.JSONField()
    dropped = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "number"], name="one_plan_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.number}"

    @property
    def saved_minor(self) -> int:
        """Against the plain rule, in adjusted cost."""
        return int(self.plain_adjusted_minor - self.adjusted_minor)


class RoundCharge(models.Model):
    """One bill of a round, CNY fen: of an order, or of one of its lines. Insert-only.

    ``run`` 1 is what was expected when the order was made, later ones are what it is by what
    stands and was billed since. ``driver`` says by what it is shared; of one that ``is_private``
    each seller bears what follows from its own units, and the platform the rest.
    """

    round = models.ForeignKey(PoolRound, on_delete=models.PROTECT, related_name="charges")
    run = models.PositiveSmallIntegerField()
    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="charges")
    line = models.ForeignKey(
        PurchaseOrderLine, on_delete=models.PROTECT, null=True, related_name="charges"
    )
    kind = models.CharField(max_length=11)
    driver = models.CharField(max_length=14)
    is_private = models.BooleanField(default=False, db_default=False)
    amount_minor = MinorField()

    objects: ClassVar[models.Manager[RoundCharge]] = owned_by("order__buyer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order", "run", "kind", "line", "driver"],
                name="one_charge_per_kind_place_and_driver",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.kind}"


class RoundBill(models.Model):
    """What one owner bears of a round's landed cost, CNY fen. Insert-only.

    ``shared_minor`` is the sum of its parts by their drivers; ``cut_minor`` what of it is above
    ``alone_minor``, its cost of going alone; ``added_minor`` what was cut from others and spread
    again; ``paid_minor`` the rest: shared - cut + added. The platform's own row carries what no
    split could put on anybody as added.
    """

    round = models.ForeignKey(PoolRound, on_delete=models.PROTECT, related_name="bills")
    run = models.PositiveSmallIntegerField()
    owner = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    units = models.PositiveBigIntegerField()
    goods_minor = MinorField()
    freight_minor = MinorField()
    insurance_minor = MinorField()
    duty_minor = MinorField()
    fees_minor = MinorField()
    shared_minor = MinorField()
    alone_minor = MinorField()
    cut_minor = MinorField()
    added_minor = MinorField()
    paid_minor = MinorField()

    objects: ClassVar[models.Manager[RoundBill]] = owned_by("owner")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "round", "run"], name="one_bill_per_owner_and_run"
            ),
            models.CheckConstraint(
                condition=Q(
                    shared_minor=F("goods_minor")
                    + F("freight_minor")
                    + F("insurance_minor")
                    + F("duty_minor")
                    + F("fees_minor")
                ),
                name="a_bill_is_the_sum_of_its_parts",
            ),
            models.CheckConstraint(
                condition=Q(paid_minor=F("shared_minor") - F("cut_minor") + F("added_minor")),
                name="what_is_paid_is_shared_less_cut_and_more_added",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.owner_id}"

    @property
    def saved_minor(self) -> int:
        """Against going alone."""
        return int(self.alone_minor - self.paid_minor)
