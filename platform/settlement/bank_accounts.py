"""Bank accounts as pages, payments and approvals read them. Called platform-wide."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import Company, CompanyKind, User
from settlement.models import AccountState, BankAccount, SettlementBatch
from settlement.rules import banking


def bank_accounts() -> QuerySet[BankAccount]:
    """Every account, the newest first, with the persons behind it."""
    return BankAccount.objects.select_related(
        "company", "entered_by", "confirmed_by", "closed_by"
    ).order_by("-pk")


def confirmed_of(company: Company, currencies: Collection[str]) -> dict[str, BankAccount]:
    """The accounts in force of a company, by currency."""
    found = BankAccount.objects.filter(
        company=company, currency__in=currencies, state=AccountState.CONFIRMED
    )
    return {one.currency: one for one in found}


def confirmed_to_pay(companies: Collection[Company]) -> dict[tuple[int, str], BankAccount]:
    """The accounts in force of many companies, by company and currency."""
    found = BankAccount.objects.filter(company__in=companies, state=AccountState.CONFIRMED)
    return {(one.company_id, one.currency): one for one in found}


def paid_to(batch: SettlementBatch) -> BankAccount | None:
    """Where a batch's money goes: the supplier's account in force, and of what is in a payment
    file the one that was in force when it was made. Accounts are never changed, so it is there.
    """
    company, payment = batch.supplier.company, getattr(batch, "payment", None)
    if payment is None:
        return confirmed_of(company, [batch.currency]).get(batch.currency)
    made_at = payment.file.made_at
    return (
        BankAccount.objects.filter(
            Q(closed_at__isnull=True) | Q(closed_at__gt=made_at),
            company=company,
            currency=payment.currency,
            confirmed_at__lte=made_at,
        )
        .order_by("-confirmed_at", "-pk")
        .first()
    )


def replaced_by(account: BankAccount) -> BankAccount | None:
    """The account in force that this one takes the place of when it is confirmed."""
    found = confirmed_of(account.company, [account.currency]).get(account.currency)
    return None if found is None or found.pk == account.pk else found


def entered_of(company: Company, currency: str) -> list[tuple[int, datetime]]:
    """Who entered the accounts of a company in a currency, and when."""
    found = BankAccount.objects.filter(company=company, currency=currency)
    return list(found.values_list("entered_by_id", "entered_at"))


def waiting_for(user: User) -> int:
    """How many accounts this person may confirm."""
    waiting = BankAccount.objects.filter(state=AccountState.ENTERED)
    return waiting.exclude(entered_by=user).count()


def holders() -> QuerySet[Company]:
    """Companies that pay or are paid by transfer."""
    kinds = [kind for kind in CompanyKind.values if kind in banking.WITH_ACCOUNTS]
    return Company.objects.filter(kinds__overlap=kinds).order_by("code")
