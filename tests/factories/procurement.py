"""Offers, rounds, forecasts, orders and shipments. Call inside ``platform_wide()``."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import factory

from accounts.models import Company
from procurement.models import (
    BillRun,
    CreditRun,
    Forecast,
    ForecastLine,
    ForecastScore,
    FreightContainer,
    FreightTerms,
    OrderMinimum,
    OrderShare,
    OrderState,
    PoolRound,
    PriceBreak,
    PurchaseOrder,
    PurchaseOrderLine,
    RoundBill,
    RoundPlan,
    RunKind,
    RunState,
    Shipment,
    ShipmentLine,
    ShipmentState,
    SupplierOffer,
)
from procurement.rules.quarters import round_code

from .accounts import ImporterFactory, SellerFactory
from .catalog import ProductFactory, TradingPartnerFactory

OPENS = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
CUTOFF = datetime(2026, 6, 1, 0, 0, tzinfo=UTC)
DURING = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
AFTER = CUTOFF + timedelta(hours=1)


class SupplierOfferFactory(factory.django.DjangoModelFactory[SupplierOffer]):
    """Packs of six from 60 units on; give it breaks with :class:`PriceBreakFactory`."""

    class Meta:
        model = SupplierOffer

    product = factory.SubFactory(ProductFactory)
    supplier = factory.SubFactory(TradingPartnerFactory)
    currency = "EUR"
    incoterm = "FOB"
    pack_quantity = 6
    minimum_quantity = 60
    lead_time_days = 45
    valid_from = date(2026, 1, 1)


class PriceBreakFactory(factory.django.DjangoModelFactory[PriceBreak]):
    """EUR 60.00 a pack from the first pack on."""

    class Meta:
        model = PriceBreak

    offer = factory.SubFactory(SupplierOfferFactory)
    from_packs = 1
    pack_price_minor = 6000


class OrderMinimumFactory(factory.django.DjangoModelFactory[OrderMinimum]):
    """No order below EUR 500.00."""

    class Meta:
        model = OrderMinimum

    supplier = factory.SubFactory(TradingPartnerFactory)
    currency = "EUR"
    incoterm = "FOB"
    amount_minor = 50_000


class FreightTermsFactory(factory.django.DjangoModelFactory[FreightTerms]):
    """CNY 600.00 a cubic metre or tonne, at least CNY 300.00; fees and 0.3 % insurance."""

    class Meta:
        model = FreightTerms

    supplier = factory.SubFactory(TradingPartnerFactory)
    valid_from = date(2026, 1, 1)
    lcl_minor = 60_000
    lcl_minimum_minor = 30_000
    order_fee_minor = 20_000
    declaration_fee_minor = 50_000
    line_fee_minor = 3_000
    insurance_ppm = 3_000


class FreightContainerFactory(factory.django.DjangoModelFactory[FreightContainer]):
    """A 20-foot container for CNY 12,000.00: 28 m³, 21 t."""

    class Meta:
        model = FreightContainer

    terms = factory.SubFactory(FreightTermsFactory)
    kind = "20GP"
    price_minor = 1_200_000
    volume_cm3 = 28_000_000
    weight_g = 21_000_000


class PoolRoundFactory(factory.django.DjangoModelFactory[PoolRound]):
    """The pool of the third quarter of 2026, open between OPENS and CUTOFF."""

    class Meta:
        model = PoolRound
        django_get_or_create = ("code",)

    quarter = "2026-Q3"
    category = ""
    code = factory.LazyAttribute(lambda one: round_code(one.quarter, one.category))
    opens_at = OPENS
    cutoff_at = CUTOFF


class RoundPlanFactory(factory.django.DjangoModelFactory[RoundPlan]):
    """A plan of nothing, by the plain rule."""

    class Meta:
        model = RoundPlan

    round = factory.SubFactory(PoolRoundFactory)
    number = 1
    made_at = AFTER
    chosen = "plain"
    landed_minor = adjusted_minor = plain_landed_minor = plain_adjusted_minor = bound_minor = 0
    gap_ppm = 0
    solver, solver_version = "none", "1"
    terms, terms_digest = b"", "0" * 64
    found = factory.LazyFunction(dict)


class ForecastFactory(factory.django.DjangoModelFactory[Forecast]):
    """A seller's first version."""

    class Meta:
        model = Forecast

    round = factory.SubFactory(PoolRoundFactory)
    seller = factory.SubFactory(SellerFactory)
    version = 1
    filed_at = DURING
    filed_by = None
    source = "form"


class ForecastLineFactory(factory.django.DjangoModelFactory[ForecastLine]):
    """Ten units."""

    class Meta:
        model = ForecastLine

    forecast = factory.SubFactory(ForecastFactory)
    seller = factory.SelfAttribute("forecast.seller")
    product = factory.SubFactory(ProductFactory)
    quantity = 10


class PurchaseOrderFactory(factory.django.DjangoModelFactory[PurchaseOrder]):
    """A combined order that was placed with the supplier."""

    class Meta:
        model = PurchaseOrder

    number = factory.Sequence(lambda n: f"PO-2026-9{n:05d}")
    round = factory.SubFactory(PoolRoundFactory)
    supplier = factory.SubFactory(TradingPartnerFactory)
    buyer = factory.SubFactory(ImporterFactory)
    currency = "EUR"
    incoterm = "FOB"
    state = OrderState.PLACED.value
    amount_minor = 60_000
    created_at = AFTER
    placed_at = AFTER


class PurchaseOrderLineFactory(factory.django.DjangoModelFactory[PurchaseOrderLine]):
    """Ten packs of six at EUR 60.00: 58 wanted, 60 ordered."""

    class Meta:
        model = PurchaseOrderLine

    order = factory.SubFactory(PurchaseOrderFactory)
    buyer = factory.SelfAttribute("order.buyer")
    position = factory.Sequence(lambda n: n + 1)
    product = factory.SubFactory(ProductFactory)
    wanted = 58
    packs = 10
    pack_quantity = 6
    quantity = factory.LazyAttribute(lambda line: line.packs * line.pack_quantity)
    pack_price_minor = 6000
    base_pack_price_minor = 6600
    amount_minor = factory.LazyAttribute(lambda line: line.packs * line.pack_price_minor)


class OrderShareFactory(factory.django.DjangoModelFactory[OrderShare]):
    """Thirty of sixty units, half of the cost."""

    class Meta:
        model = OrderShare

    line = factory.SubFactory(PurchaseOrderLineFactory)
    owner = factory.SubFactory(SellerFactory)
    quantity = 30
    amount_minor = 30_000
    alone_minor = 33_000


class BillRunFactory(factory.django.DjangoModelFactory[BillRun]):
    """A round's bills were worked out once."""

    class Meta:
        model = BillRun

    round = factory.SubFactory(PoolRoundFactory)
    number = 1
    made_at = AFTER


class RoundBillFactory(factory.django.DjangoModelFactory[RoundBill]):
    """Goods for CNY 300.00 in the pool, 330.00 alone."""

    class Meta:
        model = RoundBill

    round = factory.SubFactory(PoolRoundFactory)
    run = 1
    owner = factory.SubFactory(SellerFactory)
    units = 30
    goods_minor = paid_minor = shared_minor = 30_000
    freight_minor = insurance_minor = duty_minor = fees_minor = cut_minor = added_minor = 0
    alone_minor = 33_000


class ShipmentFactory(factory.django.DjangoModelFactory[Shipment]):
    """At sea; pass ``state="cleared"`` for goods that customs let into bond."""

    class Meta:
        model = Shipment

    number = factory.Sequence(lambda n: f"ASN-2026-9{n:05d}")
    order = factory.SubFactory(PurchaseOrderFactory, state=OrderState.SHIPPED.value)
    state = ShipmentState.SHIPPED.value
    vessel = "EXAMPLE STAR"
    voyage = "026E"
    bill_of_lading = factory.Sequence(lambda n: f"EXBL{n:08d}")
    departed_at = AFTER + timedelta(days=20)
    expected_on = date(2026, 7, 20)
    packages = 10
    gross_weight_g = 66_000
    net_weight_g = 54_000
    freight_minor = 45_000
    insurance_minor = 1_200
    freight_currency = "USD"


class ShipmentLineFactory(factory.django.DjangoModelFactory[ShipmentLine]):
    """All of one order line, in one batch."""

    class Meta:
        model = ShipmentLine

    shipment = factory.SubFactory(ShipmentFactory)
    order_line = factory.SubFactory(
        PurchaseOrderLineFactory, order=factory.SelfAttribute("..shipment.order")
    )
    quantity = factory.SelfAttribute("order_line.quantity")
    amount_minor = factory.LazyAttribute(
        lambda one: one.order_line.amount_minor * one.quantity // one.order_line.quantity
    )
    batch = factory.Sequence(lambda n: f"B{n:04d}")
    produced_on = date(2026, 4, 1)
    expires_on = date(2028, 3, 31)


def scored(*bands: tuple[Company, str], factor: int = 10_000) -> None:
    """The newest working out of scores puts each seller into a band."""
    run = CreditRun.objects.create(
        kind=RunKind.SCORE,
        quarter="2026-Q1",
        state=RunState.DONE,
        asked_at=OPENS,
        due_at=OPENS,
        done_at=OPENS,
    )
    numbers = ("forecast_milli", "actual_milli", "error_milli", "market_wape", "market_bias")
    more = ("wape", "bias", "tracking", "score")
    for seller, band in bands:
        ForecastScore.objects.create(
            run=run,
            seller=seller,
            quarter=run.quarter,
            made_at=OPENS,
            policy_from=date(2026, 1, 1),
            shrunk_by=20,
            market_ratio=10_000,
            factor=factor,
            band=band,
            is_new=False,
            **dict.fromkeys((*numbers, *more), 0),
        )
