from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from catalog.models import Product, TradingPartner
from core.fields import CurrencyField, MinorField
from core.history import tracked
from core.models import QueuedDocument
from core.walls import owned_by


@tracked(called="product__sku")
class SupplierOffer(models.Model):
    """What one supplier asks for one product: packs, minimum, incoterm, price breaks.

    Quantities are units; ``minimum_quantity`` counts for the pooled sum, once.
    """

    product = models.OneToOneField(Product, on_delete=models.PROTECT, related_name="offer")
    supplier = models.ForeignKey(TradingPartner, on_delete=models.PROTECT, related_name="offers")
    currency = CurrencyField()
    incoterm = models.CharField(max_length=3, default="FOB")
    pack_quantity = models.PositiveIntegerField()
    minimum_quantity = models.PositiveIntegerField(default=0)
    lead_time_days = models.PositiveIntegerField(default=30)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(pack_quantity__gte=1), name="an_offered_pack_holds_at_least_one"
            )
        ]

    def __str__(self) -> str:
        return f"offer {self.pk}"


@tracked(called="offer__product__sku")
class PriceBreak(models.Model):
    """All-units price per pack from ``from_packs`` packs on, in minor units.

    Prices are kept per pack: a unit price rounded up does not reconcile.
    """

    offer = models.ForeignKey(SupplierOffer, on_delete=models.PROTECT, related_name="breaks")
    from_packs = models.PositiveIntegerField()
    pack_price_minor = MinorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["offer", "from_packs"], name="one_price_per_break"),
            models.CheckConstraint(
                condition=Q(pack_price_minor__gt=0), name="a_pack_price_is_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} from {self.from_packs}"


class RoundState(models.TextChoices):
    OPEN = "open", _("taking forecasts")
    CLOSED = "closed", _("closed")


@tracked(called="quarter")
class PoolRound(models.Model):
    """One quarter's pool: forecasts are filed until the cut-off, then it closes once."""

    quarter = models.CharField(max_length=7, unique=True)
    opens_at = models.DateTimeField()
    cutoff_at = models.DateTimeField()
    state = models.CharField(max_length=6, choices=RoundState, default=RoundState.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quarter__regex=r"^\d{4}-Q[1-4]$"), name="a_quarter_is_written_2026_Q3"
            ),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("cutoff_at")), name="a_round_opens_before_its_cutoff"
            ),
        ]

    def __str__(self) -> str:
        return self.quarter


class RoundStanding(models.Model):
    """What had been forecast for a round when it closed. Insert-only.

    The forecasts are the truth and no longer change; adding up a million lines once is enough.
    """

    round = models.OneToOneField(PoolRound, on_delete=models.PROTECT, related_name="stood")
    sellers = models.PositiveIntegerField()
    lines = models.PositiveIntegerField()
    units = models.BigIntegerField()
    last_filed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.round_id)


class RoundResult(models.Model):
    """What a closed round came to in one currency, minor units. Insert-only.

    ``sellers_minor`` is what the orders' shares put on sellers, ``alone_minor`` what these would
    have paid each alone; the rest of ``amount_minor`` is the platform's.
    """

    round = models.ForeignKey(PoolRound, on_delete=models.PROTECT, related_name="results")
    currency = CurrencyField()
    orders = models.PositiveIntegerField()
    amount_minor = MinorField()
    sellers_minor = MinorField()
    alone_minor = MinorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "currency"], name="one_result_per_round_and_currency"
            )
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.currency}"


@tracked(
    owner="it.seller_id", called="round__quarter", exclude=("products", "units"), only_added=True
)
class Forecast(models.Model):
    """One version of what a seller files for a round; the newest counts. Insert-only.

    How many products and units its lines come to is kept by a trigger of the database, as the
    lines are written: a round's sums are those of two thousand versions, not of all lines.
    """

    round = models.ForeignKey(PoolRound, on_delete=models.PROTECT, related_name="forecasts")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="forecasts")
    version = models.PositiveIntegerField()
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=8, default="form")
    products = models.PositiveIntegerField(default=0, editable=False)
    units = models.PositiveBigIntegerField(default=0, editable=False)

    objects: ClassVar[models.Manager[Forecast]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "seller", "version"], name="one_forecast_per_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.seller_id}/v{self.version}"


class ForecastLine(models.Model):
    """Units of one product a seller wants for the quarter. Insert-only."""

    forecast = models.ForeignKey(
        Forecast, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()

    objects: ClassVar[models.Manager[ForecastLine]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            # What pages add up is read from the index alone.
            models.UniqueConstraint(
                fields=["forecast", "product"],
                include=["quantity", "seller"],
                name="a_product_stands_once_in_a_forecast",
            )
        ]

    def __str__(self) -> str:
        return f"{self.forecast_id}/{self.product_id}"


@tracked(owner="it.seller_id", called="file_name", exclude=("content",))
class ForecastUpload(models.Model):
    """A file a seller sent, kept while it looks at the preview; nothing is filed yet."""

    round = models.ForeignKey(PoolRound, on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    filed_as = models.OneToOneField(Forecast, on_delete=models.PROTECT, null=True, blank=True)

    objects: ClassVar[models.Manager[ForecastUpload]] = owned_by("seller")

    def __str__(self) -> str:
        return f"upload {self.pk}"


class OrderState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PLACED = "placed", _("placed")
    SHIPPED = "shipped", _("shipped")
    RECEIVED = "received", _("received")


@tracked(owner="it.buyer_id", called="number")
class PurchaseOrder(models.Model):
    """One combined order of a round to one supplier in one currency."""

    number = models.CharField(max_length=32, unique=True)
    round = models.ForeignKey(PoolRound, on_delete=models.PROTECT, related_name="orders")
    supplier = models.ForeignKey(TradingPartner, on_delete=models.PROTECT, related_name="orders")
    buyer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="orders_bought")
    currency = CurrencyField()
    incoterm = models.CharField(max_length=3)
    state = models.CharField(max_length=8, choices=OrderState, default=OrderState.DRAFT)
    amount_minor = MinorField()
    created_at = models.DateTimeField()
    placed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[PurchaseOrder]] = owned_by("buyer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "supplier", "currency", "incoterm"],
                name="one_combined_order_per_supplier_and_currency",
            )
        ]

    def __str__(self) -> str:
        return self.number


class PurchaseOrderLine(models.Model):
    """One product of an order. ``wanted`` is the pooled sum; quantity = packs * pack_quantity.

    ``base_pack_price_minor`` is the price of the first break: what the pool is measured by.
    ``buyer`` is the order's. Insert-only.
    """

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="lines")
    buyer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    wanted = models.PositiveIntegerField()
    packs = models.PositiveIntegerField()
    pack_quantity = models.PositiveIntegerField()
    quantity = models.PositiveIntegerField()
    pack_price_minor = MinorField()
    base_pack_price_minor = MinorField()
    amount_minor = MinorField()

    objects: ClassVar[models.Manager[PurchaseOrderLine]] = owned_by("buyer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order", "product"], name="a_product_stands_once_in_an_order"
            ),
            models.CheckConstraint(
                condition=Q(quantity=F("packs") * F("pack_quantity")), name="an_order_is_in_packs"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor=F("packs") * F("pack_price_minor")),
                name="a_line_costs_packs_times_price",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("wanted")), name="nobody_gets_less_than_wanted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.position}"


class OrderShare(models.Model):
    """Whose how much of an order line; shares sum to the line in units and money. Insert-only.

    What packs and minimum add belongs to the platform and is never put on a seller.
    ``alone_minor`` is what the owner would have paid for the same units on its own. ``order`` is
    the line's; a trigger of the database copies it where nobody said it, so that neither sums
    nor the wall of the orders ask for the lines.
    """

    line = models.ForeignKey(PurchaseOrderLine, on_delete=models.PROTECT, related_name="shares")
    owner = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(
        *(PurchaseOrder, models.PROTECT),
        related_name="+",
        null=True,
        editable=False,
        db_index=False,
    )
    quantity = models.PositiveIntegerField()
    amount_minor = MinorField()
    alone_minor = MinorField(default=0)

    objects: ClassVar[models.Manager[OrderShare]] = owned_by("owner")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "owner"], name="one_share_per_owner_and_line")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["owner", "order"],
                include=["line", "quantity", "amount_minor", "alone_minor"],
                name="order_share_of_owner",
            )
        ]

    def __str__(self) -> str:
        return f"{self.line_id}/{self.owner_id}"


class OrderDocument(QueuedDocument):
    """The purchase order as the supplier gets it."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="documents")

    objects: ClassVar[models.Manager[OrderDocument]] = owned_by("order__buyer")


class ShipmentState(models.TextChoices):
    SHIPPED = "shipped", _("shipped")
    CLEARED = "cleared", _("cleared into bond")
    RECEIVED = "received", _("received")


@tracked(
    owner="SELECT o.buyer_id FROM procurement_purchaseorder o WHERE o.id = it.order_id",
    called="number",
)
class Shipment(models.Model):
    """The supplier's advance ship notice (ASN): what of one order travels how.

    ``invoice_number`` is the supplier's invoice for it, once that is booked.
    """

    number = models.CharField(max_length=32, unique=True)
    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="shipments")
    state = models.CharField(max_length=8, choices=ShipmentState, default=ShipmentState.SHIPPED)
    transport_mode = models.CharField(max_length=1, default="2")
    vessel = models.CharField(max_length=60)
    voyage = models.CharField(max_length=32)
    bill_of_lading = models.CharField(max_length=37)
    departed_at = models.DateTimeField()
    expected_on = models.DateField()
    packages = models.PositiveIntegerField()
    gross_weight_g = models.PositiveBigIntegerField()
    net_weight_g = models.PositiveBigIntegerField()
    freight_minor = MinorField(default=0)
    insurance_minor = MinorField(default=0)
    freight_currency = CurrencyField(default="USD")
    #: Whose bonded warehouse it is declared into; no other sees it come and counts it in.
    bound_for = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    invoice_number = models.CharField(max_length=35, blank=True)

    objects: ClassVar[models.Manager[Shipment]] = owned_by("order__buyer", keeper="bound_for")

    def __str__(self) -> str:
        return self.number


class ShipmentLine(models.Model):
    """Units of an order line that a shipment says it carries. Insert-only."""

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(
        PurchaseOrderLine, on_delete=models.PROTECT, related_name="shipment_lines"
    )
    quantity = models.PositiveIntegerField()
    batch = models.CharField(max_length=20, blank=True)
    produced_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)

    objects: ClassVar[models.Manager[ShipmentLine]] = owned_by(
        "order_line__buyer", keeper="shipment__bound_for"
    )

    def __str__(self) -> str:
        return f"{self.shipment_id}/{self.order_line_id}"
