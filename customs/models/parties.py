"""Who stands on a seller's messages to customs, and what it asks for beside the order."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from accounts.models import Company, User
from core.history import tracked
from core.walls import owned_by
from customs.models.declaring import RetailList
from warehouse.models import BondedWarehouse, RetailOrder


@tracked(owner="it.seller_id", called="ebp_code")
class RetailParties(models.Model):
    """The platform, payment and carrier companies of a seller's parcels, and who declares them.

    Codes are customs registration numbers. ``assure_code`` is who guarantees the tax.
    ``ebp_*`` is the platform of every shop channel that is not among the further ``platforms``,
    each with ``channel``, ``code`` and ``name``. ``sends_payments``: the payment company leaves it
    to us to tell of payments (CEB411). ``waybill_prefix``: the carrier left us a range, and a
    parcel's waybill is the prefix and nine digits. ``agent`` declares by its own gateway, once it
    has agreed; a change of the agent asks anew. ``is_automatic``: lists go by themselves as soon as
    nothing is missing.
    """

    seller = models.OneToOneField(Company, on_delete=models.PROTECT, related_name="retail_parties")
    ebp_code = models.CharField(max_length=18)
    ebp_name = models.CharField(max_length=100)
    platforms = models.JSONField(default=list, blank=True)
    ebc_code = models.CharField(max_length=18)
    ebc_name = models.CharField(max_length=100)
    pay_code = models.CharField(max_length=18, blank=True)
    pay_name = models.CharField(max_length=100, blank=True)
    sends_payments = models.BooleanField(default=False)
    assure_code = models.CharField(max_length=30)
    logistics_code = models.CharField(max_length=18)
    logistics_name = models.CharField(max_length=100)
    waybill_prefix = models.CharField(max_length=12, blank=True)
    agent = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="retail_clients")
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    is_automatic = models.BooleanField(default=True)

    objects: ClassVar[models.Manager[RetailParties]] = owned_by("seller", other="agent")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(agent=F("seller")), name="who_declares_is_another_company"
            )
        ]

    def __str__(self) -> str:
        return f"parties of {self.seller_id}"


class ItemRecord(models.TextChoices):
    """What stands in itemRecordNo of a retail list's line."""

    ITEM = "item", pgettext_lazy("item record", "item of the account book")
    MATERIAL = "material", pgettext_lazy("item record", "material number of the account book")


@tracked(owner="it.keeper_id", called="port_code")
class HouseAtCustoms(models.Model):
    """What customs asks of a warehouse on each parcel that leaves it; codes are customs' own.

    ``traf_mode`` is how goods leave the zone (W logistics centre, Y bonded port area; which one a
    comprehensive zone writes is to be asked of the zone). ``item_record`` is what its zone reads
    in itemRecordNo of a retail list: the sources differ.
    """

    warehouse = models.OneToOneField(
        BondedWarehouse, on_delete=models.PROTECT, related_name="at_customs"
    )
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    port_code = models.CharField(max_length=4)
    traf_mode = models.CharField(max_length=1)
    site_code = models.CharField(max_length=10, blank=True)
    item_record = models.CharField(
        max_length=8,
        choices=ItemRecord,
        default=ItemRecord.ITEM,
        db_default=ItemRecord.ITEM,
    )

    objects: ClassVar[models.Manager[HouseAtCustoms]] = owned_by("keeper")

    def __str__(self) -> str:
        return f"{self.warehouse_id} at customs"


class ParcelPapers(models.Model):
    """The payment's serial number and the waybill of one consumer's order, before it is declared.

    A carrier's waybill is one parcel's from ``waybill_at`` until ``waybill_until``
    (``rules.waybills``; for good where they are empty). The database excludes a second one by
    ``a_waybill_is_one_parcels``, which its migration writes: it compares ranges. ``platform`` is
    the customs code of the platform that the seller chose for this order; empty: its channel's.
    """

    order = models.OneToOneField(RetailOrder, on_delete=models.PROTECT, related_name="papers")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    payment = models.CharField(max_length=60, blank=True)
    logistics_code = models.CharField(max_length=18, blank=True)
    waybill = models.CharField(max_length=60, blank=True)
    waybill_at = models.DateTimeField(null=True, blank=True)
    waybill_until = models.DateTimeField(null=True, blank=True)
    platform = models.CharField(max_length=18, blank=True, default="")
    told_at = models.DateTimeField()

    objects: ClassVar[models.Manager[ParcelPapers]] = owned_by("seller")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["waybill", "logistics_code"],
                condition=~Q(waybill=""),
                name="parcel_papers_by_waybill",
            )
        ]

    def __str__(self) -> str:
        return f"papers of {self.order_id}"


class MissingPaper(models.Model):
    """Why a list could not be queued, and when it is looked at again; gone once it is queued.

    ``gaps`` has a ``field``, the code of the refusal, and the line where there is one.
    """

    retail_list = models.OneToOneField(RetailList, on_delete=models.PROTECT, related_name="missing")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    gaps = models.JSONField(default=list)
    found_at = models.DateTimeField()
    again_at = models.DateTimeField()

    objects: ClassVar[models.Manager[MissingPaper]] = owned_by("seller")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["seller", "id"], name="missing_of_seller")]

    def __str__(self) -> str:
        return f"missing on {self.retail_list_id}"
