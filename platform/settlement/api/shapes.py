"""What finance's programs send and get."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from rest.fields import Body, Day, Whole, one_of
from settlement.models import BatchState, PayableState, Period

#: CNY 1,000,000,000: more than any fee.
_MOST_MINOR = 100_000_000_000


class PayableOut(Schema):
    """A supplier's invoice."""

    number: str = Field(examples=["PAB-2026-000001"])
    supplier: str = Field(examples=["SUP01"])
    debtor: str = Field(examples=["IMPORTER-01"])
    invoice_number: str = Field(examples=["INV-7781"])
    order_number: str = Field(examples=["PO-2026-000001"])
    state: str = Field(json_schema_extra=one_of(*PayableState.values), examples=["open"])
    currency: str = Field(examples=["EUR"])
    amount_minor: int = Field(examples=[1200000])
    invoiced_on: date = Field(examples=["2026-08-03"])
    due_on: date = Field(examples=["2026-10-31"])
    rate: Decimal = Field(description="CNY for one unit when booked", examples=["7.8123"])
    batch: str | None = Field(examples=[None])


class BatchHead(Schema):
    """One payment to one supplier in one currency; costs in CNY fen, null until priced."""

    number: str = Field(examples=["STB-2026-000001"])
    supplier: str = Field(examples=["SUP01"])
    debtor: str = Field(examples=["IMPORTER-01"])
    state: str = Field(json_schema_extra=one_of(*BatchState.values), examples=["draft"])
    currency: str = Field(examples=["EUR"])
    total_minor: int = Field(examples=[1200000])
    period_start: date = Field(examples=["2026-07-01"])
    period_end: date = Field(examples=["2026-09-30"])
    rate: Decimal | None = Field(examples=[None])
    cny_minor: int | None = Field(examples=[None])
    fee_minor: int | None = Field(examples=[None])
    alone_minor: int | None = Field(
        description="What paying each alone would cost", examples=[None]
    )
    created_by: str = Field(examples=["finance1@bondpool.example"])
    created_at: datetime = Field(examples=["2026-10-30T03:00:00Z"])
    priced_by: str | None = Field(examples=[None])
    priced_at: datetime | None = Field(examples=[None])
    approved_by: str | None = Field(examples=[None])
    approved_at: datetime | None = Field(examples=[None])


class RiskOut(Schema):
    """What waiting may cost: a risk, never part of a saving."""

    days: int = Field(description="How long one waits", examples=[91])
    percent: Decimal = Field(description="Dearer by so much, one time in twenty", examples=["6.0"])
    at_risk_cny_minor: int = Field(examples=[1686960])


class ChargeOut(Schema):
    """What one seller carries of a batch, CNY fen."""

    seller: str = Field(examples=["SELLER-01"])
    goods_minor: int = Field(examples=[1874952])
    fee_minor: int = Field(examples=[5000])
    alone_minor: int = Field(examples=[1910000])


class PriceOut(Schema):
    """How the cost of a priced batch comes about, CNY fen."""

    spread_percent: Decimal = Field(
        description="What the bank takes on the reference rate", examples=["0.12"]
    )
    alone_goods_minor: int = Field(
        description="The goods, each invoice converted alone", examples=[1890000]
    )
    alone_fee_minor: int = Field(description="A wire fee for each invoice", examples=[20000])
    saved_minor: int = Field(description="By paying together", examples=[30048])
    booked_minor: int = Field(description="What the invoices were booked at", examples=[1868000])
    drift_minor: int = Field(
        description="What the market moved since: luck, not a saving", examples=[4710]
    )


class PaymentOut(Schema):
    """One transfer in a payment file, as the bank's statement names it."""

    batch: str = Field(examples=["STB-2026-000001"])
    supplier: str = Field(examples=["SUP01"])
    end_to_end_id: str = Field(examples=["STB-2026-000001"])
    uetr: UUID = Field(examples=["4a3f4c0e-6d2b-4f0e-9a55-6f9f7d1c2b11"])
    value_date: date = Field(examples=["2026-11-03"])
    amount_minor: int = Field(examples=[1200000])
    currency: str = Field(examples=["EUR"])


class PaidToOut(Schema):
    """The supplier's account."""

    number: str = Field(examples=["BA-2026-000001"])
    account: str = Field(description="IBAN or national number", examples=["DE89370400440532013000"])
    bic: str = Field(examples=["COBADEFFXXX"])
    bank_name: str = Field(examples=["Example Bank"])


class BatchOut(BatchHead):
    """A batch with its invoices and who carries it."""

    invoices: list[str] = Field(examples=[["PAB-2026-000001"]])
    charges: list[ChargeOut]
    payment: PaymentOut | None = Field(description="null until it is in a payment file")
    payment_file: str | None = Field(examples=[None])
    paid_to: PaidToOut | None = Field(
        description="The account in force; of a batch in a payment file, the one that was in force "
        "when the file was made"
    )
    rate_asked_for: date | None = Field(description="The pricing day", examples=[None])
    rate_on: date | None = Field(description="The day of the rate", examples=[None])
    rate_source: str | None = Field(examples=[None])
    rate_fetched_at: datetime | None = Field(examples=[None])
    price: PriceOut | None = Field(description="null until priced")
    risk: RiskOut | None = Field(
        description="Of waiting a settlement period; null while nothing is priced, or without a "
        "figure for the currency"
    )


class Batches(Schema):
    """Batches that were opened together."""

    data: list[BatchHead]


class OpenIn(Body):
    """Whose open invoices of which period."""

    debtor: str = Field(min_length=1, max_length=32, examples=["IMPORTER-01"])
    period_start: Day = Field(examples=["2026-07-01"])
    period_end: Day = Field(examples=["2026-09-30"])


class PriceIn(Body):
    """At the stored rate of which day; today without one."""

    priced_on: Day | None = Field(None, examples=["2026-10-30"])


class ExportIn(Body):
    """Which approved batches go into one file."""

    batches: list[str] = Field(min_length=1, max_length=500, examples=[["STB-2026-000001"]])


class PaymentFileHead(Schema):
    """A payment file for the bank (ISO 20022 pain.001)."""

    message_id: str = Field(examples=["BP20261030000001"])
    debtor: str = Field(examples=["IMPORTER-01"])
    made_by: str = Field(examples=["finance1@bondpool.example"])
    made_at: datetime = Field(examples=["2026-10-30T04:00:00Z"])
    payment_count: int = Field(examples=[1])
    sha256: str = Field(
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
    )
    path: str = Field(examples=["/api/v1/payment-files/BP20261030000001/content.xml"])


class FileOut(PaymentFileHead):
    """A payment file with its payments, for the books."""

    payments: list[PaymentOut]


class TermsOut(Schema):
    """What the debtor's bank takes from a day on; fees in CNY fen, spreads in basis points."""

    debtor: str = Field(examples=["IMPORTER-01"])
    period: str = Field(json_schema_extra=one_of(*Period.values), examples=["quarter"])
    valid_from: date = Field(examples=["2026-01-01"])
    wire_fee_minor: int = Field(examples=[15000])
    spread_bp: Decimal = Field(examples=["30.000"])
    bulk_spread_bp: Decimal = Field(examples=["12.000"])
    bulk_from_minor: int = Field(examples=[50000000])


class TermsIn(Body):
    """New terms of a debtor, from a day on."""

    debtor: str = Field(min_length=1, max_length=32, examples=["IMPORTER-01"])
    period: Literal["invoice", "month", "quarter", "year"] = Field("quarter", examples=["quarter"])
    valid_from: Day = Field(examples=["2027-01-01"])
    wire_fee_minor: Annotated[Whole, Field(ge=0, le=_MOST_MINOR)] = Field(examples=[15000])
    spread_bp: Decimal = Field(ge=0, lt=1000, max_digits=7, decimal_places=3, examples=["30"])
    bulk_spread_bp: Decimal = Field(ge=0, lt=1000, max_digits=7, decimal_places=3, examples=["12"])
    bulk_from_minor: Annotated[Whole, Field(ge=0, le=_MOST_MINOR)] = Field(examples=[50000000])


class RateOut(Schema):
    """One stored rate: one unit of ``currency`` in ``quoted_in``."""

    source: str = Field(examples=["ecb"])
    currency: str = Field(examples=["EUR"])
    quoted_in: str = Field(examples=["CNY"])
    rate: Decimal = Field(examples=["7.8123000000"])
    asked_for: date = Field(examples=["2026-11-01"])
    rate_on: date = Field(description="The day that was served", examples=["2026-10-30"])
    fetched_at: datetime = Field(examples=["2026-10-30T16:00:00Z"])


class ExposureOut(Schema):
    """What is still to be paid in one currency."""

    currency: str = Field(examples=["EUR"])
    invoices: int = Field(examples=[3])
    amount_minor: int = Field(examples=[3600000])
    rate: Decimal = Field(description="CNY for one unit, the newest stored", examples=["7.81"])
    rate_on: date = Field(examples=["2026-10-30"])
    rate_source: str = Field(examples=["ecb"])
    worth_cny_minor: int = Field(examples=[28116000])
    risks: list[RiskOut] = Field(description="Of 30, 91 and 365 days; empty without a figure")


class ExposureList(Schema):
    """Per currency, the largest first."""

    data: list[ExposureOut]
    saved_cny_minor: int = Field(description="What batches saved so far", examples=[120000])
    quarter_at_risk_cny_minor: int = Field(
        description="Of all of them by waiting a quarter", examples=[1686960]
    )
    risk_source: str = Field(examples=["ECB 2016-10-31 – 2026-10-30"])


class SellerChargeOut(Schema):
    """What one's part of a payment cost, CNY fen."""

    batch: str = Field(examples=["STB-2026-000001"])
    supplier: str = Field(examples=["SUP01"])
    goods_minor: int = Field(examples=[1874952])
    fee_minor: int = Field(examples=[5000])
    alone_minor: int = Field(examples=[1910000])
    saved_minor: int = Field(examples=[30048])
