"""What persons say of remarks of the positive list, and in which mode goods enter a warehouse."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from catalog.models import Product
from core.walls import owned_by
from customs.models.reference import RemarkKind
from customs.rules.modes import Mode
from customs.rules.positive_list import LONGEST, Judged, Remark, Verdict
from warehouse.days import day_of
from warehouse.models import BondedWarehouse


class RemarkVerdict(models.TextChoices):
    FITS = Verdict.FITS.value, _("may be imported under the remark")
    LEFT_OUT = Verdict.LEFT_OUT.value, _("is left out by the remark")
    WITHDRAWN = Verdict.WITHDRAWN.value, _("taken back")


class RemarkJudgement(models.Model):
    """What a person says of a product under the positive list's remark; the newest counts.
    Insert-only.

    ``kinds`` and ``remark`` are the list's at that time: a remark that changed is judged anew.
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="judgements")
    hs_code = models.CharField(max_length=10)
    kinds = ArrayField(models.CharField(max_length=12, choices=RemarkKind))
    remark = models.CharField(max_length=1_000, blank=True)
    verdict = models.CharField(max_length=9, choices=RemarkVerdict)
    reason = models.CharField(max_length=LONGEST)
    judged_at = models.DateTimeField()
    judged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    judged_for = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(reason=""), name="a_judgement_of_a_remark_has_a_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.hs_code}: {self.verdict}"

    @property
    def as_judged(self) -> Judged:
        """As the rules look at it."""
        return Judged(
            hs_code=self.hs_code,
            remark=Remark.of(self.kinds, self.remark),
            verdict=self.verdict,
            reason=self.reason,
            on=day_of(self.judged_at).isoformat(),
        )


class SupervisionMode(models.TextChoices):
    """Modes in which goods for cross-border retail enter bond."""

    BONDED = Mode.BONDED.value, _("1210 bonded e-commerce")
    BONDED_A = Mode.BONDED_A.value, _("1239 bonded e-commerce A")


class HouseMode(models.Model):
    """In which mode goods enter a warehouse, and parcels leave it, from a day on; of one day the
    later one counts. Insert-only. Without one it is 1210."""

    warehouse = models.ForeignKey(BondedWarehouse, on_delete=models.PROTECT, related_name="modes")
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=4, choices=SupervisionMode)
    valid_from = models.DateField()
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[HouseMode]] = owned_by("keeper")

    def __str__(self) -> str:
        return f"{self.warehouse_id}: {self.mode} from {self.valid_from}"
