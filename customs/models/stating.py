"""What an importer states of an entry that no other paper tells: answers that nobody may assume."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from catalog.models import TradingPartner
from core.walls import owned_by
from customs.rules.stating import Answer
from procurement.models import Shipment


class StatementAnswer(models.TextChoices):
    """As the form has them in one place."""

    NO = Answer.NO.value, _("no")
    YES = Answer.YES.value, _("yes")
    NOT_APPLICABLE = Answer.NOT_APPLICABLE.value, _("not applicable")


class EntryStatement(models.Model):
    """What an importer states of one shipment, or of all of a supplier that have no statement of
    their own. The newest counts. Insert-only.

    Ports and packing are codes of customs' tables; ``departure_port`` is empty where the supplier's
    own port stands, ``call_port`` where the goods were not moved to another ship. A broker has all
    of its three fields, or none.
    """

    importer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    supplier = models.ForeignKey(
        TradingPartner, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    shipment = models.ForeignKey(
        Shipment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    special_relation = models.CharField(max_length=1, choices=StatementAnswer)
    price_influence = models.CharField(max_length=1, choices=StatementAnswer)
    royalties = models.CharField(max_length=1, choices=StatementAnswer)
    departure_port = models.CharField(max_length=6, blank=True)
    call_port = models.CharField(max_length=6, blank=True)
    package_kind = models.CharField(max_length=2)
    broker_name = models.CharField(max_length=100, blank=True)
    broker_uscc = models.CharField(max_length=18, blank=True)
    broker_customs_code = models.CharField(max_length=10, blank=True)
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[EntryStatement]] = owned_by("importer")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["supplier", "importer"], name="statement_of_supplier"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(broker_name="", broker_uscc="", broker_customs_code="")
                | ~(Q(broker_name="") | Q(broker_uscc="") | Q(broker_customs_code="")),
                name="a_broker_is_named_with_its_codes",
            )
        ]

    def __str__(self) -> str:
        return f"{self.importer_id} of {self.supplier_id} {self.shipment_id or ''}".strip()
