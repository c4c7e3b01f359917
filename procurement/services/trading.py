"""What one seller owes another for goods in bond: it goes over both their accounts here."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Company, User
from accounts.queries.companies import the_platform
from ledger.services import Leg, post
from procurement.models import EntryKind, SellerEntry
from procurement.queries import charging as told
from procurement.services.charging import receivable, write_entries

#: The buyer pays within so many days.
DAYS = 7


@transaction.atomic
def book_sale(
    *,
    seller: Company,
    buyer: Company,
    amount_minor: int,
    document: str,
    noted_by: User | None,
    now: datetime,
) -> list[SellerEntry]:
    """The buyer owes the platform the price (CNY fen) and the seller has it as its credit.

    One entry of each under the ``document``, which sum to zero; one posting in the books. Both
    are due on the same day. Nothing is booked for what is given away. Ask ``platform_wide``.
    """
    if not amount_minor:
        return []
    today = timezone.localdate(now, timezone.get_default_timezone())
    holder = the_platform()
    entries = write_entries(
        [
            SellerEntry(
                seller=company,
                holder=holder,
                kind=EntryKind.SALE,
                amount_minor=amount,
                value_date=today,
                due_on=today + timedelta(days=DAYS),
                reference=document,
                noted_at=now,
                noted_by=noted_by,
            )
            for company, amount in ((buyer, amount_minor), (seller, -amount_minor))
        ],
        now=now,
    )
    post(
        key=f"sale_in_bond:{document}",
        kind="sale_in_bond",
        document=document,
        effective_on=today,
        legs=[
            Leg(receivable(holder.pk, buyer.pk), amount_minor),
            Leg(receivable(holder.pk, seller.pk), -amount_minor),
        ],
        now=now,
    )
    return entries


def overdue_of(*, company: Company, now: datetime) -> int:
    """What a company should have paid by now and has not, in fen. Whoever asks holds its row from
    then on, so that two sales do not both look before either is booked."""
    Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    today = timezone.localdate(now, timezone.get_default_timezone())
    return told.account(company, today).overdue_minor
