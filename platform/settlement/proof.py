"""Payments = file = ledger, to the cent: read again from what is stored, and compared."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Sum
from django.utils.translation import gettext as _
from lxml import etree

from core.moments import at_one_moment
from core.money import Money
from ledger import queries as ledger
from ledger.models import JournalLine
from settlement import postings, rules
from settlement.models import (
    BatchState,
    Payable,
    PayableState,
    Payment,
    PaymentFile,
    SettlementBatch,
)
from settlement.pain001 import NAMESPACE

_NS = {"p": NAMESPACE}


@dataclass(frozen=True, slots=True)
class Proof:
    """Per currency the sums that must agree, in minor units, and every fault in words."""

    trial_balance: dict[str, int]
    payments: dict[str, int]
    files: dict[str, int]
    paid_in_ledger: dict[str, int]
    entries: int
    faults: list[str] = field(default_factory=list)


@at_one_moment()
def prove() -> Proof:
    """Read everything again and compare; ``faults`` is empty when the books prove.

    Call ``platform_wide()``: it reads every seller's shares and charges.
    """
    faults = ledger.prove_ledger()
    files = _prove_files(faults)
    payments = _sums(Payment.objects.values_list("currency").annotate(t=Sum("amount_minor")))
    ledger_paid = _paid_in_ledger()
    _prove_batches(faults)
    _prove_debts(faults)
    for currency in sorted(payments.keys() | files.keys() | ledger_paid.keys()):
        told = {
            "currency": currency,
            "payments": payments.get(currency, 0),
            "files": files.get(currency, 0),
            "ledger": ledger_paid.get(currency, 0),
        }
        if len({told["payments"], told["files"], told["ledger"]}) > 1:
            faults.append(
                _(
                    "%(currency)s: payments %(payments)s, files %(files)s and ledger %(ledger)s "
                    "do not agree (minor units)."
                )
                % told
            )
    return Proof(
        trial_balance=ledger.trial_balance(),
        payments=payments,
        files=files,
        paid_in_ledger=ledger_paid,
        entries=ledger.entry_count(),
        faults=faults,
    )


def _sums(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    return {currency: int(total) for currency, total in rows}


def _paid_in_ledger() -> dict[str, int]:
    """What payments took off the debts, per currency."""
    return _sums(
        JournalLine.objects.filter(entry__kind="payment", account__code__startswith="payable:")
        .values_list("currency")
        .annotate(t=Sum("amount_minor"))
        .order_by("currency")
    )


def _prove_files(faults: list[str]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for file in PaymentFile.objects.order_by("pk").prefetch_related("payments"):
        content = bytes(file.content)
        if hashlib.sha256(content).hexdigest() != file.sha256:
            faults.append(_("File %(file)s is not the one that was made.") % {"file": file})
        root = etree.fromstring(content, parser)
        written: dict[str, tuple[str, int, str]] = {}
        for tx in root.iterfind(".//p:CdtTrfTxInf", _NS):
            told = tx.find("p:Amt/p:InstdAmt", _NS)
            currency, amount = told.get("Ccy", ""), told.text or ""  # type: ignore[union-attr]
            money = Money.of(amount, currency)
            written[tx.findtext("p:PmtId/p:EndToEndId", "", _NS)] = (
                currency,
                money.minor,
                tx.findtext("p:PmtId/p:UETR", "", _NS),
            )
            sums[currency] += money.minor
        rows = {
            p.end_to_end_id: (p.currency, p.amount_minor, str(p.uetr)) for p in file.payments.all()
        }
        if rows != written or file.payment_count != len(rows):
            faults.append(
                _("File %(file)s holds other payments than the rows say.") % {"file": file}
            )
        total = sum(Money(minor, currency).amount for currency, minor, _uetr in rows.values())
        header = root.findtext(".//p:GrpHdr/p:CtrlSum", "", _NS)
        count = root.findtext(".//p:GrpHdr/p:NbOfTxs", "", _NS)
        if header != f"{total:f}" or count != str(len(rows)):
            faults.append(_("File %(file)s: its control sum is off.") % {"file": file})
    return dict(sums)


def _prove_batches(faults: list[str]) -> None:
    batches = SettlementBatch.objects.order_by("pk").annotate(
        lines_minor=Sum("lines__payable__amount_minor")
    )
    charged = {
        row["pk"]: (row["goods"] or 0) + (row["fees"] or 0)
        for row in SettlementBatch.objects.values("pk").annotate(
            goods=Sum("charges__goods_minor"), fees=Sum("charges__fee_minor")
        )
    }
    paid = dict(Payment.objects.values_list("batch_id", "amount_minor"))
    for batch in batches:
        if batch.lines_minor != batch.total_minor:
            faults.append(_("Batch %(batch)s is not the sum of its invoices.") % {"batch": batch})
        approved = batch.state in {BatchState.APPROVED, BatchState.EXPORTED}
        if approved and charged[batch.pk] != (batch.cny_minor or 0) + (batch.fee_minor or 0):
            faults.append(_("Batch %(batch)s: the charges do not sum to it.") % {"batch": batch})
        wanted = batch.total_minor if batch.state == BatchState.EXPORTED else None
        if paid.get(batch.pk) != wanted:
            faults.append(_("Batch %(batch)s and its payment do not agree.") % {"batch": batch})


def _prove_debts(faults: list[str]) -> None:
    """The debts in the books are the open invoices; conversions wait for them only."""
    owed: dict[str, int] = defaultdict(int)
    payables = (
        Payable.objects.order_by("pk")
        .select_related("supplier__company", "rate")
        .annotate(shared_minor=Sum("shares__amount_minor"))
    )
    for payable in payables:
        if payable.shared_minor != payable.amount_minor:
            faults.append(
                _("Invoice %(payable)s: the shares do not sum to it.") % {"payable": payable}
            )
        debtor, currency = payable.debtor_id, payable.currency
        debt = postings.payable(debtor, payable.supplier.company.code, currency).code
        is_paid = payable.state == PayableState.PAID
        owed[debt] -= 0 if is_paid else payable.amount_minor
        if currency != rules.HOME:
            worth = rules.booked(payable.amount_minor, currency, payable.rate.value)
            owed[postings.conversion(debtor, currency, currency).code] += (
                0 if is_paid else payable.amount_minor
            )
            owed[postings.conversion(debtor, currency, rules.HOME).code] -= 0 if is_paid else worth
    stand = {
        account.code: account.balance_minor
        for account in ledger.balances()
        if account.code.startswith(("payable:", "conversion:"))
    }
    for code in sorted(owed.keys() | stand.keys()):
        if owed.get(code, 0) != stand.get(code, 0):
            faults.append(
                _("Account %(code)s stands at %(stand)s, the open invoices say %(owed)s.")
                % {"code": code, "stand": stand.get(code, 0), "owed": owed.get(code, 0)}
            )
