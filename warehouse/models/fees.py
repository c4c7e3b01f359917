"""Tariffs of a warehouse, what each day cost each owner, and the bills of its months."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from catalog.models import Product
from core.fields import MinorField
from core.history import tracked
from core.walls import owned_by
from warehouse.models.houses import BondedWarehouse
from warehouse.models.receipts import Lot
from warehouse.rules.fees import Kind


class FeeKind(models.TextChoices):
    """What is charged for."""

    VOLUME = Kind.VOLUME.value, _("storage by volume")
    PALLET = Kind.PALLET.value, _("storage by pallet")
    UNIT_IN = Kind.UNIT_IN.value, _("units handled in")
    ORDER = Kind.ORDER.value, _("orders handed over")
    ORDER_LINE = Kind.ORDER_LINE.value, _("order lines picked")
    TRANSFER = Kind.TRANSFER.value, _("changes of owner")
    UNIT_GIVEN = Kind.UNIT_GIVEN.value, _("units that changed their owner")


class RateField(models.DecimalField):  # type: ignore[type-arg]
    """Fen with two decimals: ten-thousandths of a yuan."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**({"max_digits": 12, "decimal_places": 2} | kwargs))  # type: ignore[arg-type]


class ExactField(models.DecimalField):  # type: ignore[type-arg]
    """Fen before they are rounded: units times cm³ times a rate fits exactly."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**({"max_digits": 28, "decimal_places": 8} | kwargs))  # type: ignore[arg-type]


@tracked(owner="it.keeper_id", called="number")
class StorageTariff(models.Model):
    """What a warehouse charges on the days from ``valid_from`` to ``valid_to``, both included.

    See ``rules.fees.Tariff``. Nothing of it changes but an open end, once, when the next begins;
    the database refuses two for one day.
    """

    number = models.CharField(max_length=20, unique=True)
    warehouse = models.ForeignKey(BondedWarehouse, on_delete=models.PROTECT, related_name="tariffs")
    #: Who operates the warehouse, for its walls.
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    free_days = models.PositiveIntegerField(default=0)
    until_days = ArrayField(models.PositiveIntegerField())
    rates = ArrayField(RateField())
    pallet_rate = RateField(default=Decimal(0))
    pallet_cm3 = models.PositiveIntegerField(default=0)
    order_rate = RateField(default=Decimal(0))
    order_line_rate = RateField(default=Decimal(0))
    unit_in_rate = RateField(default=Decimal(0))
    transfer_rate = RateField(default=Decimal(0), db_default=Decimal(0))
    unit_given_rate = RateField(default=Decimal(0), db_default=Decimal(0))
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[StorageTariff]] = owned_by("keeper")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="a_tariff_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def bands(self) -> list[tuple[int, int | None, Decimal]]:
        """From which day of age, to which, and the rate in fen for a m³ and day."""
        begins = [1, *(day + 1 for day in self.until_days)]
        return list(zip(begins, [*self.until_days, None], self.rates, strict=True))

    @property
    def bands_in_yuan(self) -> list[tuple[int, int | None, Decimal]]:
        return [(begins, ends, rate / 100) for begins, ends, rate in self.bands]


class StorageRun(models.Model):
    """One day of one warehouse, charged once. Insert-only.

    Its charges are those of the day, and what has become known since of days before it.
    """

    warehouse = models.ForeignKey(
        BondedWarehouse, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    #: Of the day; the other charges of it are corrections of earlier ones.
    charges = models.PositiveIntegerField()
    corrections = models.PositiveIntegerField()
    ran_at = models.DateTimeField()

    objects: ClassVar[models.Manager[StorageRun]] = owned_by("keeper")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["warehouse", "day"], name="a_day_is_charged_once")
        ]

    def __str__(self) -> str:
        return f"{self.warehouse_id}/{self.day}"


class StorageCharge(models.Model):
    """What one day cost one owner for one lot, or for its orders. Insert-only.

    ``amount`` is ``quantity`` times ``rate``: exact, in fen; ``quantity`` is m³ (``units`` times
    ``unit_cm3``), pallets, units, orders, order lines or changes of owner. ``after_days``: the band
    begins the day after. ``pallet`` is the SSCC of what its goods stood on, ``quantity`` then their
    share of it in millionths; empty for what stood loose. ``run_day`` is the day with whose run it
    was written: where it is not ``day``, this is a correction of what was charged before, and may
    be below zero.
    """

    warehouse = models.ForeignKey(
        BondedWarehouse, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    run_day = models.DateField()
    kind = models.CharField(max_length=10, choices=FeeKind)
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    lot = models.ForeignKey(
        Lot, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    pallet = models.CharField(max_length=18, blank=True, default="", db_default="")
    tariff = models.CharField(max_length=20)
    after_days = models.PositiveIntegerField(null=True)
    units = models.IntegerField()
    unit_cm3 = models.PositiveIntegerField(null=True)
    quantity = models.DecimalField(max_digits=20, decimal_places=6)
    rate = RateField()
    amount = ExactField()

    objects: ClassVar[models.Manager[StorageCharge]] = owned_by("owner", keeper="keeper")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount=F("quantity") * F("rate")),
                name="a_charge_is_its_quantity_times_its_rate",
            ),
            models.CheckConstraint(
                condition=Q(run_day__gte=F("day")), name="a_day_is_charged_when_it_is_over"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["order", "order_line"], lot__isnull=True)
                | Q(
                    kind__in=["volume", "pallet", "unit_in", "transfer", "unit_given"],
                    lot__isnull=False,
                ),
                name="what_lies_there_is_charged_by_lot",
            ),
            models.CheckConstraint(
                condition=Q(pallet="") | Q(kind="pallet"), name="a_pallet_is_charged_as_a_pallet"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["warehouse", "day", "owner"], name="charge_by_day"),
            models.Index(
                fields=["owner", "id"],
                include=["keeper", "amount"],
                name="charge_of_owner",
            ),
            models.Index(fields=["keeper", "id"], include=["owner"], name="charge_of_keeper"),
            models.Index(fields=["warehouse", "run_day", "owner"], name="charge_by_run"),
            models.Index(fields=["lot", "id"], include=["owner"], name="charge_of_lot"),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id}/{self.day}/{self.kind}"

    @property
    def yuan(self) -> Decimal:
        fen: Decimal = self.amount
        return fen / 100


class StorageBill(models.Model):
    """What one owner owes for a month in one warehouse, in fen. Insert-only.

    All charges written with the runs of the month's days, corrections of earlier ones included,
    which may bring it below zero. ``exact`` is their sum; ``total_minor`` that, rounded once.
    """

    number = models.CharField(max_length=20, unique=True)
    warehouse = models.ForeignKey(BondedWarehouse, on_delete=models.PROTECT, related_name="+")
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    #: Its first day.
    month = models.DateField()
    exact = ExactField()
    total_minor = MinorField()
    due_on = models.DateField()
    billed_at = models.DateTimeField()

    objects: ClassVar[models.Manager[StorageBill]] = owned_by("owner", keeper="keeper")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["warehouse", "month", "owner"], name="a_month_is_billed_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "id"], name="storage_bill_of_owner"),
            models.Index(fields=["keeper", "id"], name="storage_bill_of_keeper"),
        ]

    def __str__(self) -> str:
        return self.number


class StorageBillLine(models.Model):
    """What a month's bill says of one kind, band and rate; the lines sum to it. Insert-only."""

    bill = models.ForeignKey(
        StorageBill, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    owner = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=FeeKind)
    after_days = models.PositiveIntegerField(null=True)
    tariff = models.CharField(max_length=20)
    is_correction = models.BooleanField()
    quantity = models.DecimalField(max_digits=20, decimal_places=6)
    rate = RateField()
    exact = ExactField()
    amount_minor = MinorField()

    objects: ClassVar[models.Manager[StorageBillLine]] = owned_by("owner", keeper="keeper")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bill", "position"], name="one_line_of_a_storage_bill_per_position"
            )
        ]

    def __str__(self) -> str:
        return f"{self.bill_id}/{self.position}"
