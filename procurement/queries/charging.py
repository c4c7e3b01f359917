"""Sellers' accounts: what each owes, what is due when, and where it comes from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from accounts.models import Company, CompanyKind
from notices.queries import told_at
from procurement.models import SellerEntry
from procurement.rules import charging
from procurement.rules.charging import Entry, OpenItem

#: Finance is told so, and what it was told is the record of it.
ASKED_BACK = "account.asked_back"


def balance(seller: Company) -> int:
    """What a seller owes; below zero, its credit."""
    entries = SellerEntry.objects.filter(seller=seller)
    return int(entries.aggregate(total=Sum("amount_minor"))["total"] or 0)


def as_it_stands(seller: Company) -> str:
    """Names what an account holds at this moment: another name once anything is entered on it."""
    newest = SellerEntry.objects.filter(seller=seller).order_by("-pk")
    return f"{seller.code} {newest.values_list('number', flat=True).first() or ''}"


def asked_back_at(seller: Company) -> datetime | None:
    """When the seller asked for its credit back; None where it did not, or since anything was
    entered on its account, the refund itself among it."""
    return told_at(ASKED_BACK, as_it_stands(seller))


def entries() -> QuerySet[Any]:
    """All entries one may see."""
    found: QuerySet[Any] = SellerEntry.objects.select_related("round", "seller", "noted_by")
    return found


@dataclass(frozen=True, slots=True)
class Account:
    """How a seller stands on a day."""

    balance_minor: int
    overdue_minor: int
    open: list[OpenItem]

    @property
    def credit_minor(self) -> int:
        """What can be paid back."""
        return max(-self.balance_minor, 0)

    @property
    def owed_minor(self) -> int:
        return max(self.balance_minor, 0)

    @property
    def next_due(self) -> OpenItem | None:
        """What must be paid first."""
        return self.open[0] if self.open else None


def accounts_of(sellers: Iterable[int], today: date) -> dict[int, Account]:
    """The accounts of some sellers, by their keys."""
    found: dict[int, list[Entry]] = defaultdict(list)
    rows = SellerEntry.objects.filter(seller__in=list(sellers)).order_by("pk")
    for seller, round, reference, due_on, amount in rows.values_list(
        "seller_id", "round__code", "reference", "due_on", "amount_minor"
    ):
        found[seller].append(Entry(round or reference, due_on, amount))
    return {
        seller: Account(
            balance_minor=sum(one.amount_minor for one in told),
            overdue_minor=charging.overdue(told, today),
            open=charging.open_items(told),
        )
        for seller, told in found.items()
    }


def account(seller: Company, today: date) -> Account:
    """One seller's account."""
    return accounts_of([seller.pk], today).get(seller.pk, Account(0, 0, []))


def sellers() -> QuerySet[Company]:
    """Every company that can have an account."""
    return Company.objects.filter(kinds__contains=[CompanyKind.SELLER])


def _sum(today: date | None = None) -> Coalesce:
    due = Q() if today is None else Q(due_on__isnull=True) | Q(due_on__lt=today)
    rows = (
        SellerEntry.objects.filter(due, seller=OuterRef("pk"))
        .order_by()
        .values("seller")
        .annotate(total=Sum("amount_minor"))
    )
    return Coalesce(Subquery(rows.values("total")), Value(0))


def accounts(today: date) -> QuerySet[Any]:
    """The sellers with anything on their account: ``balance_minor``, and ``due_minor``, which is
    overdue where it is above zero."""
    own = SellerEntry.objects.filter(seller=OuterRef("pk"))
    found: QuerySet[Any] = sellers().filter(Exists(own))
    with_sums: QuerySet[Any] = found.annotate(balance_minor=_sum(), due_minor=_sum(today))
    return with_sums


def open_sums(today: date) -> tuple[int, int, int]:
    """Of all sellers together: what they owe, what of it is overdue, and what is their credit."""
    due = Q(due_on__isnull=True) | Q(due_on__lt=today)
    told = list(
        SellerEntry.objects.order_by()
        .values_list("seller")
        .annotate(owed=Sum("amount_minor"), due=Sum("amount_minor", filter=due, default=0))
        .values_list("owed", "due")
    )
    return (
        sum(max(owed, 0) for owed, _due in told),
        sum(max(late, 0) for _owed, late in told),
        sum(max(-owed, 0) for owed, _due in told),
    )


def to_fill_in(today: date) -> list[tuple[str, int]]:
    """The sellers who owe anything, and what."""
    owing = accounts(today).filter(balance_minor__gt=0).order_by("code")
    return list(owing.values_list("code", "balance_minor"))
