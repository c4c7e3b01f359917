"""Who hears of invoices, batches and charges."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from notices.services import amount, tell
from settlement.models import BankAccount, Payable, PaymentFile, SellerCharge, SettlementBatch


def tell_booked(payable: Payable, now: datetime) -> None:
    facts = {
        "invoice_number": payable.invoice_number,
        "supplier": payable.supplier.company,
        "amount": amount(payable.amount_minor, payable.currency),
        "due_on": payable.due_on,
    }
    tell("invoice.booked", subject=payable.number, facts=facts, now=now)
    tell(
        "invoice.payable",
        subject=payable.number,
        facts={**facts, "order": payable.order_number},
        companies=[payable.debtor_id],
        now=now,
    )


def tell_priced(batch: SettlementBatch, now: datetime) -> None:
    """Once a batch, however often it is priced again."""
    cny = amount((batch.cny_minor or 0) + (batch.fee_minor or 0), "CNY")
    tell("batch.priced", subject=batch.number, facts={**_batch(batch), "cny": cny}, now=now)


def tell_approved(batch: SettlementBatch, charges: Sequence[SellerCharge], now: datetime) -> None:
    """Finance hears of the batch, each seller of its own charge."""
    tell("batch.approved", subject=batch.number, facts=_batch(batch), now=now)
    tell(
        "charge.due",
        subject=batch.number,
        facts={"number": batch.number},
        companies={
            charge.seller_id: {
                "amount": amount(charge.goods_minor + charge.fee_minor, "CNY"),
                "goods": amount(charge.goods_minor, "CNY"),
                "fee": amount(charge.fee_minor, "CNY"),
            }
            for charge in charges
        },
        now=now,
    )


def tell_account_entered(account: BankAccount, now: datetime) -> None:
    tell("account.entered", subject=account.number, facts=_account(account), now=now)


def tell_account_confirmed(account: BankAccount, now: datetime) -> None:
    tell("account.confirmed", subject=account.number, facts=_account(account), now=now)


def _account(account: BankAccount) -> dict[str, object]:
    """No account number: a mail is read by who knows whom."""
    return {
        "number": account.number,
        "company": account.company,
        "currency": account.currency,
    }


def tell_exported(file: PaymentFile, now: datetime) -> None:
    facts = {"number": file.message_id, "payments": file.payment_count}
    tell("batch.exported", subject=file.message_id, facts=facts, now=now)


def _batch(batch: SettlementBatch) -> dict[str, object]:
    return {
        "number": batch.number,
        "supplier": batch.supplier.company,
        "amount": amount(batch.total_minor, batch.currency),
    }
