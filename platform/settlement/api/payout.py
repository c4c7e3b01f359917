"""Invoices, batches and payment files for finance; charges for sellers."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Status

from accounts.models import Company
from core.clock import now
from rest.calling import caller_of
from rest.lists import page
from rest.routes import Routes
from rest.serving import seen
from settlement import queries, services
from settlement.api.market import risk_of
from settlement.api.shapes import (
    Batches,
    BatchHead,
    BatchOut,
    ChargeOut,
    ExportIn,
    FileOut,
    OpenIn,
    PaidToOut,
    PayableOut,
    PaymentFileHead,
    PaymentOut,
    PriceIn,
    PriceOut,
    SellerChargeOut,
)
from settlement.bank_accounts import paid_to
from settlement.listings import BATCHES, CHARGES, FILES, PAYABLES
from settlement.models import (
    BankAccount,
    Payable,
    Payment,
    PaymentFile,
    SellerCharge,
    SettlementBatch,
)

routes = Routes(tags=["finance"])
selling = Routes(tags=["sellers"])

#: Before any price.
NEVER = datetime.min.replace(tzinfo=UTC)


def _payable(one: Payable) -> PayableOut:
    line = getattr(one, "batch_line", None)
    return PayableOut(
        number=one.number,
        supplier=one.supplier.company.code,
        debtor=one.debtor.code,
        invoice_number=one.invoice_number,
        order_number=one.order_number,
        state=one.state,
        currency=one.currency,
        amount_minor=one.amount_minor,
        invoiced_on=one.invoiced_on,
        due_on=one.due_on,
        rate=one.rate.value,
        batch=line.batch.number if line else None,
    )


def _head(one: SettlementBatch) -> BatchHead:
    return BatchHead(
        number=one.number,
        supplier=one.supplier.company.code,
        debtor=one.debtor.code,
        state=one.state,
        currency=one.currency,
        total_minor=one.total_minor,
        period_start=one.period_start,
        period_end=one.period_end,
        rate=one.rate.value if one.rate else None,
        cny_minor=one.cny_minor,
        fee_minor=one.fee_minor,
        alone_minor=one.alone_minor,
        created_by=one.created_by.email,
        created_at=one.created_at,
        priced_by=one.priced_by.email if one.priced_by else None,
        priced_at=one.priced_at,
        approved_by=one.approved_by.email if one.approved_by else None,
        approved_at=one.approved_at,
    )


def _batch(number: str) -> BatchOut:
    found = get_object_or_404(_batches(), number=number)
    lines = list(queries.lines_of(found))
    invoices = queries.invoices_of(found, lines)
    charges = queries.charges_of(found, invoices)
    figures = queries.figures_of(found, lines, invoices)
    codes = Company.objects.in_bulk([one.seller_id for one in charges])
    payment, rate, goes_to = getattr(found, "payment", None), found.rate, paid_to(found)
    return BatchOut(
        **_head(found).model_dump(),
        invoices=[line.payable.number for line in lines],
        charges=[
            ChargeOut(
                seller=codes[one.seller_id].code,
                goods_minor=one.goods_minor,
                fee_minor=one.fee_minor,
                alone_minor=one.alone_minor,
            )
            for one in charges
        ],
        payment=_payment(payment) if payment else None,
        payment_file=payment.file.message_id if payment else None,
        paid_to=_paid_to(goes_to) if goes_to else None,
        rate_asked_for=rate.asked_for if rate else None,
        rate_on=rate.value_date if rate else None,
        rate_source=rate.source if rate else None,
        rate_fetched_at=rate.fetched_at if rate else None,
        price=_price(figures) if figures else None,
        risk=risk_of(figures.risk) if figures else None,
    )


def _price(told: queries.BatchFigures) -> PriceOut:
    return PriceOut(
        spread_percent=told.spread_percent,
        alone_goods_minor=told.price.alone_goods_minor,
        alone_fee_minor=told.price.alone_fee_minor,
        saved_minor=told.price.saved_minor,
        booked_minor=told.booked_minor,
        drift_minor=told.drift_minor,
    )


def _payment(one: Payment) -> PaymentOut:
    return PaymentOut(
        batch=one.batch.number,
        supplier=one.batch.supplier.company.code,
        end_to_end_id=one.end_to_end_id,
        uetr=one.uetr,
        value_date=one.value_date,
        amount_minor=one.amount_minor,
        currency=one.currency,
    )


def _paid_to(one: BankAccount) -> PaidToOut:
    return PaidToOut(number=one.number, account=one.account, bic=one.bic, bank_name=one.bank_name)


def _batches() -> QuerySet[SettlementBatch]:
    return queries.batches().select_related("created_by", "priced_by", "approved_by")


def _file_head(one: PaymentFile) -> PaymentFileHead:
    return PaymentFileHead(
        message_id=one.message_id,
        debtor=one.debtor.code,
        made_by=one.made_by.email,
        made_at=one.made_at,
        payment_count=one.payment_count,
        sha256=one.sha256,
        path=f"/api/v1/payment-files/{one.message_id}/content.xml",
    )


def _file(one: PaymentFile) -> FileOut:
    payments = one.payments.select_related("batch__supplier__company").order_by("pk")
    return FileOut(**_file_head(one).model_dump(), payments=[_payment(paid) for paid in payments])


@routes.rows(
    "/payables",
    scope="settlement:read",
    listing=PAYABLES,
    row=PayableOut,
    summary=_("List invoices"),
)
def list_payables(request: HttpRequest) -> object:
    """Every supplier's invoice."""
    return page(request, PAYABLES, queries.payables(), _payable)


@routes.show(
    "/payables/{number}",
    scope="settlement:read",
    response=PayableOut,
    summary=_("Show an invoice"),
)
def get_payable(request: HttpRequest, number: str) -> PayableOut:
    """One invoice."""
    return _payable(get_object_or_404(queries.payables(), number=number))


@routes.rows(
    "/batches", scope="settlement:read", listing=BATCHES, row=BatchHead, summary=_("List batches")
)
def list_batches(request: HttpRequest) -> object:
    """Every batch of payments."""
    return page(request, BATCHES, _batches(), _head)


@routes.show(
    "/batches/{number}", scope="settlement:read", response=BatchOut, summary=_("Show a batch")
)
def get_batch(request: HttpRequest, number: str) -> BatchOut:
    """One batch with its invoices and who carries it."""
    return _batch(number)


@routes.create(
    "/batches",
    scope="settlement:write",
    response=Batches,
    summary=_("Open batches"),
    money=True,
    is_single=False,
)
def open_batches(request: HttpRequest, wanted: OpenIn) -> Status[Batches]:
    """Gather a debtor's open invoices of a period: one batch per supplier and currency."""
    opened = services.open_batches(
        debtor=get_object_or_404(Company, code=wanted.debtor),
        period_start=wanted.period_start,
        period_end=wanted.period_end,
        created_by=caller_of(request).user,
        now=now(),
    )
    found = _batches().filter(pk__in=[one.pk for one in opened]).order_by("number")
    return Status(201, Batches(data=[_head(one) for one in found]))


@routes.change(
    "/batches/{number}/price",
    scope="settlement:write",
    current=get_batch,
    response=BatchOut,
    summary=_("Price a batch"),
    money=True,
)
def price_batch(request: HttpRequest, number: str, told: PriceIn) -> BatchOut:
    """Price it at the stored reference rate of a day; again, until it is approved."""
    services.price_batch(
        batch=get_object_or_404(SettlementBatch, number=number),
        priced_by=caller_of(request).user,
        priced_on=told.priced_on,
        now=now(),
    )
    return _batch(number)


@routes.change(
    "/batches/{number}/approve",
    scope="settlement:approve",
    current=get_batch,
    response=BatchOut,
    summary=_("Approve a batch"),
    money=True,
    is_confirmed=True,
)
def approve_batch(request: HttpRequest, number: str) -> BatchOut:
    """Let a priced batch go, as a second person: not who opened or priced it."""
    services.approve_batch(
        batch=get_object_or_404(SettlementBatch, number=number),
        approved_by=caller_of(request).user,
        # The price that If-Match names; one that a page made since was seen by nobody.
        seen=seen(request, BatchOut).priced_at or NEVER,
        now=now(),
    )
    return _batch(number)


@routes.rows(
    "/payment-files",
    scope="settlement:read",
    listing=FILES,
    row=PaymentFileHead,
    summary=_("List payment files"),
)
def list_payment_files(request: HttpRequest) -> object:
    """Every file for the bank."""
    return page(request, FILES, queries.files(), _file_head)


@routes.show(
    "/payment-files/{message_id}",
    scope="settlement:read",
    response=FileOut,
    summary=_("Show a payment file"),
)
def get_payment_file(request: HttpRequest, message_id: str) -> FileOut:
    """One file with its payments, each under the ids that the bank's statement names it by."""
    return _file(get_object_or_404(queries.files(), message_id=message_id))


@routes.create(
    "/payment-files",
    scope="settlement:write",
    response=FileOut,
    summary=_("Make a payment file"),
    is_confirmed=True,
    money=True,
)
def export_batches(request: HttpRequest, wanted: ExportIn) -> Status[FileOut]:
    """Write approved batches of one debtor into one file, each exactly once."""
    chosen = queries.batches_named(wanted.batches)
    made = services.export_batches(batches=chosen, made_by=caller_of(request).user, now=now())
    return Status(201, _file(made))


@routes.file(
    "/payment-files/{message_id}/content.xml",
    scope="settlement:read",
    media_type="application/xml",
    summary=_("Fetch a payment file"),
)
def get_payment_file_content(request: HttpRequest, message_id: str) -> HttpResponse:
    """The file as the bank takes it."""
    found = get_object_or_404(PaymentFile, message_id=message_id)
    headers = {"Content-Disposition": f'attachment; filename="{found.message_id}.xml"'}
    return HttpResponse(bytes(found.content), "application/xml", headers=headers)


def _charge(one: SellerCharge) -> SellerChargeOut:
    return SellerChargeOut(
        batch=one.batch.number,
        supplier=one.batch.supplier.company.code,
        goods_minor=one.goods_minor,
        fee_minor=one.fee_minor,
        alone_minor=one.alone_minor,
        saved_minor=one.alone_minor - one.goods_minor - one.fee_minor,
    )


@selling.rows(
    "/charges",
    scope="charges:read",
    listing=CHARGES,
    row=SellerChargeOut,
    summary=_("List charges"),
)
def list_charges(request: HttpRequest) -> object:
    """What a seller carries of the payments."""
    return page(request, CHARGES, queries.charges_of_seller(), _charge)
