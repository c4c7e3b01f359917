from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from accounts.models import Company, User
from core.errors import DomainError
from core.money import Money
from core.numbers import next_number
from ledger.services import post
from settlement import pain001, postings, rules
from settlement.bank_accounts import confirmed_of, confirmed_to_pay
from settlement.models import (
    BankAccount,
    BatchState,
    Payable,
    PayableState,
    Payment,
    PaymentFile,
    SettlementBatch,
)
from settlement.queries import booked_minor, lines_of
from settlement.rules import banking
from settlement.services.telling import tell_exported
from settlement.services.terms import require_finance


class NothingToExport(DomainError):
    """A payment file is made of at least one batch."""

    code = "settlement.nothing_to_export"


class OneDebtorPerFile(DomainError):
    """A payment file pays for one company; batches of several are exported one by one."""

    code = "settlement.one_debtor_per_file"


class NoPayingAccount(DomainError):
    """The company has no confirmed bank account in the currency that is to be paid."""

    code = "settlement.no_paying_account"


class NoAccountToPayTo(DomainError):
    """The supplier has no confirmed bank account in the currency that it is to be paid in."""

    code = "settlement.no_account_to_pay_to"


@transaction.atomic
def export_batches(
    *, batches: Sequence[SettlementBatch], made_by: User, now: datetime
) -> PaymentFile:
    """Write approved batches of one debtor into one payment file, each exactly once.

    Payments get their identifiers, the books their entries, and the invoices are paid, all
    with the file. Raises FinanceOnly, NothingToExport, NotApproved, OneDebtorPerFile,
    NoPayingAccount, NoAccountToPayTo, AccountReplacedSinceApproval or PaymentNotSendable; then
    nothing has been written.
    """
    require_finance(made_by)
    # Locked in pk order: of two exports of one batch the second waits, and then finds it
    # exported. The payment's one-to-one key to its batch is the last word.
    locked = list(
        SettlementBatch.objects.filter(pk__in=[batch.pk for batch in batches])
        .order_by("pk")
        .select_for_update(of=("self",))
        .select_related("debtor", "supplier__company", "rate")
    )
    if not locked:
        raise NothingToExport()
    unready = [batch.number for batch in locked if batch.state != BatchState.APPROVED]
    if unready:
        raise rules.NotApproved(batches=", ".join(unready))
    debtor = locked[0].debtor
    if any(batch.debtor_id != debtor.pk for batch in locked):
        raise OneDebtorPerFile()

    made_on = timezone.localdate(now)
    value_date = rules.business_days_after(made_on, rules.SPOT_DAYS)
    payments = [
        Payment(
            batch=batch,
            end_to_end_id=batch.number,
            uetr=uuid4(),
            currency=batch.currency,
            amount_minor=batch.total_minor,
            value_date=value_date,
        )
        for batch in locked
    ]
    message_id = next_number("PAY", made_on.year)
    content = pain001.write(
        pain001.Message(
            message_id=message_id,
            made_at=timezone.localtime(now),
            initiator=debtor.name_en,
            blocks=_blocks(debtor, payments, made_by),
        )
    )
    file = PaymentFile.objects.create(
        message_id=message_id,
        debtor=debtor,
        made_by=made_by,
        made_at=now,
        payment_count=len(payments),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    for payment in payments:
        payment.file = file
    Payment.objects.bulk_create(payments)
    for payment in payments:
        _post(payment, now)
    pks = [batch.pk for batch in locked]
    SettlementBatch.objects.filter(pk__in=pks).update(state=BatchState.EXPORTED)
    Payable.objects.filter(batch_line__batch_id__in=pks).update(state=PayableState.PAID)
    tell_exported(file, now)
    return file


def _blocks(
    debtor: Company, payments: Sequence[Payment], made_by: User
) -> tuple[pain001.Block, ...]:
    by_currency: dict[str, list[Payment]] = defaultdict(list)
    for payment in payments:
        by_currency[payment.currency].append(payment)
    accounts = confirmed_of(debtor, list(by_currency))
    missing = sorted(set(by_currency) - set(accounts))
    if missing:
        raise NoPayingAccount(company=debtor.code, currency=", ".join(missing))
    paid_to = confirmed_to_pay([payment.batch.supplier.company for payment in payments])
    for payment in payments:
        batch = payment.batch
        account = paid_to.get((batch.supplier.company_id, payment.currency))
        if account and account.confirmed_at and batch.approved_at:
            banking.check_account_approved(
                confirmed=account.confirmed_at,
                approved=batch.approved_at,
                hands={account.entered_by_id, account.confirmed_by_id or 0},
                maker=made_by.pk,
                batch=batch.number,
            )
    return tuple(
        pain001.Block(
            debtor=_party(debtor, accounts[currency].account, accounts[currency].bic),
            currency=currency,
            value_date=by_currency[currency][0].value_date,
            transfers=tuple(_transfer(payment, paid_to) for payment in by_currency[currency]),
        )
        for currency in sorted(by_currency)
    )


def _transfer(payment: Payment, paid_to: Mapping[tuple[int, str], BankAccount]) -> pain001.Transfer:
    supplier = payment.batch.supplier.company
    account = paid_to.get((supplier.pk, payment.currency))
    if account is None:
        raise NoAccountToPayTo(supplier=supplier.code, currency=payment.currency)
    return pain001.Transfer(
        end_to_end_id=payment.end_to_end_id,
        uetr=payment.uetr,
        amount=Money(payment.amount_minor, payment.currency),
        creditor=_party(supplier, account.account, account.bic),
        invoices=tuple(
            pain001.Invoice(
                number=line.payable.invoice_number,
                written_on=line.payable.invoiced_on,
                amount=Money(line.payable.amount_minor, line.payable.currency),
            )
            for line in lines_of(payment.batch)
        ),
    )


def _party(company: Company, account: str, bic: str) -> pain001.Party:
    return pain001.Party(
        name=company.name_en,
        address=pain001.Address(
            town=company.town,
            country=banking.two_letters(company.country),
            street=company.street,
            postcode=company.postcode,
        ),
        account=account,
        bic=bic,
    )


def _post(payment: Payment, now: datetime) -> None:
    batch = payment.batch
    if batch.rate is None or batch.cny_minor is None or batch.fee_minor is None:
        raise rules.NotApproved(batches=batch.number)
    bought = postings.purchase(
        debtor_id=batch.debtor_id,
        currency=payment.currency,
        amount_minor=payment.amount_minor,
        cost_minor=batch.cny_minor,
    )
    if bought:
        post(
            key=f"purchase:{payment.end_to_end_id}",
            kind="fx_purchase",
            document=batch.number,
            effective_on=payment.value_date,
            legs=bought,
            now=now,
        )
    post(
        key=f"payment:{payment.end_to_end_id}",
        kind="payment",
        document=batch.number,
        effective_on=payment.value_date,
        legs=postings.payment(
            debtor_id=batch.debtor_id,
            supplier_code=batch.supplier.company.code,
            currency=payment.currency,
            amount_minor=payment.amount_minor,
            booked_minor=booked_minor(batch),
            mid_minor=rules.booked(payment.amount_minor, payment.currency, batch.rate.value),
            cost_minor=batch.cny_minor,
            fee_minor=batch.fee_minor,
        ),
        now=now,
    )
