"""What the bills of a round say becomes money: each seller owes it, and the books say so.

A seller's account is an asset of the platform; what is billed of a round waits on the round's own
account for the invoices it pays. What the platform itself bears of a round is its cost of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Min, Sum
from django.utils import timezone

from accounts.models import Company
from accounts.queries.companies import the_platform
from core.copying import create_many
from core.numbers import next_numbers
from ledger import queries as ledger
from ledger.services import AccountRef, Leg, Posting, post_many
from procurement.models import EntryKind, PoolRound, RoundBill, SellerEntry
from procurement.rules import charging
from procurement.services import telling_money

HOME = charging.HOME
#: The run of a round's closing, whose bills are told with the orders.
FIRST = 1


def receivable(holder: int, seller: int) -> AccountRef:
    """What one seller owes the platform for its shares; what the platform owes it stands below
    zero."""
    return AccountRef(charging.receivable_code(holder, seller), "asset", HOME, holder)


def pool(holder: int, round: int) -> AccountRef:
    """What was billed of a round, until the invoices are paid from it."""
    return AccountRef(charging.pool_code(holder, round), "liability", HOME, holder)


def pool_cost(holder: int, round: int) -> AccountRef:
    """What the platform itself bears of a round: what nobody took, and what no seller may bear."""
    return AccountRef(charging.pool_cost_code(holder, round), "expense", HOME, holder)


def storage(holder: int, payee: int) -> AccountRef:
    """What was billed for a warehouse's storage and handling, until it gets it."""
    return AccountRef(charging.storage_code(holder, payee), "liability", HOME, holder)


def storage_cost(holder: int) -> AccountRef:
    """What the platform itself pays for the storage of what nobody took."""
    return AccountRef(charging.storage_cost_code(holder), "expense", HOME, holder)


def claims(holder: int) -> AccountRef:
    """What suppliers pay for damaged goods. It stands open: that the importer brings it, nothing
    here posts; finance clears it in books of its own."""
    return AccountRef(charging.claims_code(holder), "asset", HOME, holder)


def claims_own(holder: int) -> AccountRef:
    """What the platform itself gets for goods of its own that came damaged."""
    return AccountRef(charging.claims_own_code(holder), "income", HOME, holder)


def bank(holder: int) -> AccountRef:
    return AccountRef(f"bank:{holder}:{HOME}", "asset", HOME, holder)


def _today(now: datetime) -> date:
    return timezone.localdate(now, timezone.get_default_timezone())


@transaction.atomic
def book_run(*, round: PoolRound, run: int, now: datetime) -> int:
    """Book what the bills of a run say: for each seller the difference to what is booked.

    Idempotent; a run before the last one that is booked is left. Each seller hears of the
    correction of its bill. Ask ``platform_wide``. Returns how many entries were written.
    """
    PoolRound.objects.select_for_update(no_key=True).get(pk=round.pk)
    holder = the_platform()
    booked = SellerEntry.objects.filter(round=round, run__isnull=False)
    if (booked.aggregate(last=Max("run"))["last"] or 0) > run:
        return 0
    bills = RoundBill.objects.filter(round=round, run=run)
    billed = dict(bills.exclude(owner=holder).values_list("owner_id", "paid_minor"))
    before = {
        row["seller_id"]: row
        for row in booked.values("seller_id")
        .annotate(total=Sum("amount_minor"), first=Min("due_on"))
        .order_by("seller_id")
    }
    today, due_on = _today(now), charging.due_on(_today(now), round.payment_days)
    off = charging.differences(billed, {pk: int(row["total"]) for pk, row in before.items()})
    entries = [
        SellerEntry(
            seller_id=seller,
            holder=holder,
            round=round,
            kind=EntryKind.CORRECTION if seller in before else EntryKind.BILL,
            run=run,
            amount_minor=amount,
            value_date=today,
            # What lessens a bill counts as soon as the bill does.
            due_on=before[seller]["first"] if amount < 0 and seller in before else due_on,
            noted_at=now,
        )
        for seller, amount in off.items()
    ]
    own = bills.filter(owner=holder).aggregate(total=Sum("paid_minor"))["total"] or 0
    _book_own(holder, round, run, int(own), now)
    written = write_entries(entries, now=now)
    if run > FIRST:
        telling_money.tell_corrected(round, written, billed, now)
    return len(entries)


def _book_own(holder: Company, round: PoolRound, run: int, billed: int, now: datetime) -> None:
    """The platform's own part of a round, as its cost."""
    cost = pool_cost(holder.pk, round.pk)
    amount = billed - ledger.balance(cost.code)
    if amount:
        posting = Posting(
            key=f"pool_cost:{round.pk}:{run}",
            kind="pool_cost",
            document=round.code,
            effective_on=_today(now),
            legs=[Leg(cost, amount), Leg(pool(holder.pk, round.pk), -amount)],
        )
        post_many(postings=[posting], now=now)


def write_entries(entries: Sequence[SellerEntry], *, now: datetime) -> list[SellerEntry]:
    """Number, write and post entries. What a deposit sets off is posted with the deposit's step, a
    sale between two sellers with both sides in one."""
    numbers = next_numbers("SA", _today(now).year, len(entries))
    for one, number in zip(entries, numbers, strict=True):
        one.number = number
    written = list(create_many(entries))
    post_many(postings=list(_postings(written)), now=now)
    return written


def _postings(entries: Iterable[SellerEntry]) -> Iterable[Posting]:
    for one in entries:
        if one.kind in (EntryKind.DEPOSIT, EntryKind.SALE):
            continue
        other = bank(one.holder_id)
        if one.run is not None and one.round_id is not None:
            other = pool(one.holder_id, one.round_id)
        elif one.payee_id is not None:
            other = storage(one.holder_id, one.payee_id)
        elif one.kind == EntryKind.CLAIM:
            other = claims(one.holder_id)
        yield Posting(
            key=f"seller_entry:{one.pk}",
            kind=f"seller_{one.kind}",
            document=one.number,
            effective_on=one.value_date,
            legs=[
                Leg(receivable(one.holder_id, one.seller_id), one.amount_minor),
                Leg(other, -one.amount_minor),
            ],
        )
