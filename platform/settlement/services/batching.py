from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Company, Membership, Role, User
from core.errors import DomainError
from core.numbers import next_numbers
from settlement import rates, rules
from settlement.bank_accounts import confirmed_of, entered_of
from settlement.models import (
    BatchLine,
    BatchState,
    Payable,
    PayableState,
    SellerCharge,
    SettlementBatch,
)
from settlement.queries import charges_of, invoices_of, policy_for, terms_of
from settlement.rules.banking import check_account_seen, check_stays_away
from settlement.services.telling import tell_approved, tell_priced
from settlement.services.terms import require_finance


class NothingToSettle(DomainError):
    """No open invoice of this company was written in this period, or its batch was opened
    already."""

    code = "settlement.nothing_to_settle"


@transaction.atomic
def open_batches(
    *, debtor: Company, period_start: date, period_end: date, created_by: User, now: datetime
) -> list[SettlementBatch]:
    """Gather the open invoices written in a period: one batch per supplier and currency.

    An invoice that comes in after its supplier's batch of the same period was opened stays
    open and is paid by a batch of another period. Raises PeriodUpsideDown, FinanceOnly or
    NothingToSettle; then nothing has been written.
    """
    if period_end < period_start:
        raise rules.PeriodUpsideDown(period_start=period_start, period_end=period_end)
    require_finance(created_by)
    waiting = list(
        Payable.objects.filter(
            debtor=debtor,
            state=PayableState.OPEN,
            invoiced_on__gte=period_start,
            invoiced_on__lte=period_end,
        )
        .order_by("pk")
        .select_for_update()
    )
    # Asked after the lock: whoever opened batches while we waited is seen here.
    taken = set(
        SettlementBatch.objects.filter(
            debtor=debtor, period_start=period_start, period_end=period_end
        ).values_list("supplier_id", "currency")
    )
    groups: dict[tuple[int, str], list[Payable]] = defaultdict(list)
    for payable in waiting:
        if (payable.supplier_id, payable.currency) not in taken:
            groups[payable.supplier_id, payable.currency].append(payable)
    if not groups:
        raise NothingToSettle(company=debtor.code, period_start=period_start, period_end=period_end)
    numbers = next_numbers("SB", timezone.localdate(now).year, len(groups))
    batches = SettlementBatch.objects.bulk_create(
        SettlementBatch(
            number=number,
            supplier_id=supplier_id,
            debtor=debtor,
            currency=currency,
            period_start=period_start,
            period_end=period_end,
            total_minor=sum(payable.amount_minor for payable in groups[supplier_id, currency]),
            created_by=created_by,
            created_at=now,
        )
        for number, (supplier_id, currency) in zip(numbers, sorted(groups), strict=True)
    )
    lines = [
        BatchLine(batch=batch, payable=payable)
        for batch in batches
        for payable in groups[batch.supplier_id, batch.currency]
    ]
    BatchLine.objects.bulk_create(lines)
    Payable.objects.filter(pk__in=[line.payable_id for line in lines]).update(
        state=PayableState.BATCHED
    )
    return batches


def price_batch(
    *, batch: SettlementBatch, priced_by: User, now: datetime, priced_on: date | None = None
) -> SettlementBatch:
    """Price a batch at the stored rate of a day, today when none is told; again until approved.

    The day's rate is collected first, before the transaction; what is collected stays.
    Raises FinanceOnly, AlreadyApproved, PricingDayOutside, NoPolicy or NoRate; then the
    batch is as it was.
    """
    today = timezone.localdate(now)
    day = priced_on or today
    require_finance(priced_by)
    rules.check_pricing_day(day, period_end=batch.period_end, today=today)
    rates.collect(currencies=[batch.currency], on=day, now=now)
    return _price(batch_id=batch.pk, priced_by=priced_by, day=day, now=now)


@transaction.atomic
def _price(*, batch_id: int, priced_by: User, day: date, now: datetime) -> SettlementBatch:
    batch = SettlementBatch.objects.select_for_update().get(pk=batch_id)
    if batch.state not in {BatchState.DRAFT, BatchState.PRICED}:
        raise rules.AlreadyApproved(batch=batch.number)
    policy = policy_for(batch.debtor, day)
    quote = rates.stored(base=batch.currency, on=day, now=now)
    price = rules.price(invoices_of(batch), batch.currency, quote.value, terms_of(policy))
    batch.state = BatchState.PRICED
    batch.rate, batch.policy = quote, policy
    batch.priced_at, batch.priced_by = now, priced_by
    batch.cny_minor = price.goods.cost_minor
    batch.fee_minor = price.fee_minor
    batch.alone_minor = price.alone_minor
    batch.save(
        update_fields=[
            *("state", "rate", "policy", "priced_at", "priced_by"),
            *("cny_minor", "fee_minor", "alone_minor"),
        ]
    )
    tell_priced(batch, now)
    return batch


@transaction.atomic
def approve_batch(
    *, batch: SettlementBatch, approved_by: User, seen: datetime, now: datetime
) -> SettlementBatch:
    """Let a priced batch go, as a second person; what each seller owes is fixed by it.

    ``seen``: when the person looked; a price made after that was seen by nobody. Raises
    FinanceOnly, NotPricedYet, SecondPersonNeeded, PricedAnew, AccountReplacedSincePrice or
    AccountEnteredLately; then nothing has been written.
    """
    locked = SettlementBatch.objects.select_for_update().get(pk=batch.pk)
    rules.check_approval(
        is_priced=locked.state == BatchState.PRICED,
        is_finance=Membership.objects.filter(user=approved_by, role=Role.FINANCE).exists(),
        approver=approved_by.pk,
        makers={locked.created_by_id, locked.priced_by_id or 0},
    )
    if locked.priced_at is not None and locked.priced_at > seen:
        raise rules.PricedAnew(batch=locked.number)
    payee = confirmed_of(locked.supplier.company, [locked.currency]).get(locked.currency)
    check_account_seen(
        confirmed=payee.confirmed_at if payee else None,
        priced=locked.priced_at,
        batch=locked.number,
    )
    check_stays_away(
        entered=entered_of(locked.supplier.company, locked.currency),
        approver=approved_by.pk,
        now=now,
    )
    locked.state = BatchState.APPROVED
    locked.approved_by, locked.approved_at = approved_by, now
    locked.save(update_fields=["state", "approved_by", "approved_at"])
    charges = SellerCharge.objects.bulk_create(
        SellerCharge(
            batch=locked,
            seller_id=charge.seller_id,
            goods_minor=charge.goods_minor,
            fee_minor=charge.fee_minor,
            alone_minor=charge.alone_minor,
        )
        for charge in charges_of(locked)
    )
    tell_approved(locked, charges, now)
    return locked
