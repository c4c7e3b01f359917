"""What finance and sellers read. Amounts are minor units of the named currency."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import QuerySet


from accounts.models import Company
from core.errors import DomainError
from settlement import rules
from settlement.models import (
    BatchLine,
    Payable,
    PayableShare,
    PayableState,
    SettlementBatch,
    SettlementPolicy,
)


class NoPolicy(DomainError):
    """This company has no settlement policy in force on that day."""

    code = "settlement.no_policy"


def policy_for(debtor: Company, day: date) -> SettlementPolicy:
    """The newest policy in force on a day. Raises NoPolicy."""
    policy = (
        SettlementPolicy.objects.filter(debtor=debtor, valid_from__lte=day)
        .order_by("-valid_from")
        .first()
    )
    if policy is None:
        raise NoPolicy(company=debtor.code, day=day)
    return policy


def terms_of(policy: SettlementPolicy) -> rules.Terms:
    """What the bank takes, as the rules read it."""
    return rules.Terms(
        wire_fee_minor=policy.wire_fee_minor,
        spread_bp=policy.spread_bp,
        bulk_spread_bp=policy.bulk_spread_bp,
        bulk_from_minor=policy.bulk_from_minor,
    )


def invoices_of(batch: SettlementBatch) -> list[rules.Invoice]:
    """A batch's invoices with who carries them, in the order of their numbers."""
    shares: dict[int, dict[int, int]] = defaultdict(dict)
    rows = PayableShare.objects.filter(payable__batch_line__batch=batch).values_list(
        "payable_id", "seller_id", "amount_minor"
    )
    for payable_id, seller_id, amount in rows:
        shares[payable_id][seller_id] = amount
    return [
        rules.Invoice(line.payable.amount_minor, shares[line.payable_id])
        for line in lines_of(batch)
    ]


def lines_of(batch: SettlementBatch) -> QuerySet[BatchLine]:
    """A batch's lines with their invoices, in the order they were booked."""
    return (
        BatchLine.objects.filter(batch=batch)
        .select_related("payable", "payable__rate")
        .order_by("payable__number")
    )


def booked_minor(batch: SettlementBatch) -> int:
    """What a batch's invoices were booked at, CNY minor units."""
    return sum(
        rules.booked(line.payable.amount_minor, batch.currency, line.payable.rate.value)
        for line in lines_of(batch)
    )


def charges_of(batch: SettlementBatch) -> list[rules.Charge]:
    """What each seller owes for a priced batch, by company id; sums to the payment."""
    if batch.rate is None or batch.policy is None:
        return []
    return rules.charge(
        invoices_of(batch),
        batch.currency,
        batch.rate.value,
        terms_of(batch.policy),
        goods_minor=batch.cny_minor or 0,
        fee_minor=batch.fee_minor or 0,
    )


def currencies_in_use() -> list[str]:
    """Currencies that something is owed in, other than the home currency."""
    open_ones = Payable.objects.exclude(state=PayableState.PAID)
    return sorted(set(open_ones.values_list("currency", flat=True)) - {rules.HOME})
