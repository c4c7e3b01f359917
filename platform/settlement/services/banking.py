"""Bank accounts: entered by one person of finance, put in force by another, never edited."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Company, User
from core.numbers import next_number
from core.taking import take_turns
from settlement import rules
from settlement.models import AccountState, BankAccount
from settlement.rules import banking
from settlement.services.telling import tell_account_confirmed, tell_account_entered
from settlement.services.terms import require_finance


@transaction.atomic
def enter_account(
    *,
    company: Company,
    currency: str,
    account: str,
    bic: str,
    bank_name: str,
    entered_by: User,
    now: datetime,
) -> BankAccount:
    """Enter where a company's money is. Nothing is paid from or to it before it is confirmed.

    Raises FinanceOnly, NoBankAccounts, WrongCurrency, WrongBic, a WrongAccount, WrongBankName,
    AccountWaits or SameAccount; then nothing has been written.
    """
    require_finance(entered_by)
    banking.check_owner(company.kinds)
    told = banking.check_numbers(currency=currency, account=account, bic=bic, bank_name=bank_name)
    # Of two who enter one for the same company the second waits, and then sees the first's.
    take_turns("bank-account", f"{company.pk}:{told.currency}")
    standing = BankAccount.objects.filter(company=company, currency=told.currency)
    if waiting := standing.filter(state=AccountState.ENTERED).first():
        raise rules.AccountWaits(number=waiting.number)
    same = standing.filter(state=AccountState.CONFIRMED, account=told.account, bic=told.bic)
    if same.exists():
        raise rules.SameAccount(field="account")
    entered: BankAccount = BankAccount.objects.create(
        number=next_number("BA", timezone.localdate(now).year),
        company=company,
        currency=told.currency,
        account=told.account,
        bic=told.bic,
        bank_name=told.bank_name,
        entered_by=entered_by,
        entered_at=now,
    )
    tell_account_entered(entered, now)
    return entered


@transaction.atomic
def confirm_account(*, account: BankAccount, confirmed_by: User, now: datetime) -> BankAccount:
    """Put an account in force, as a second person; it closes the one before it.

    Raises FinanceOnly, AccountNotWaiting or AccountNeedsSecondPerson; then nothing has been
    written.
    """
    require_finance(confirmed_by)
    take_turns("bank-account", f"{account.company_id}:{account.currency}")
    held = _locked(account)
    banking.check_confirmation(
        state=held.state, entered_by=held.entered_by_id, confirmer=confirmed_by.pk
    )
    BankAccount.objects.filter(
        company=held.company_id, currency=held.currency, state=AccountState.CONFIRMED
    ).update(state=AccountState.CLOSED, closed_by=confirmed_by, closed_at=now)
    held.state = AccountState.CONFIRMED
    held.confirmed_by, held.confirmed_at = confirmed_by, now
    held.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    tell_account_confirmed(held, now)
    return held


@transaction.atomic
def close_account(*, account: BankAccount, closed_by: User, now: datetime) -> BankAccount:
    """Take an account out of force, or back before it is confirmed; one person is enough to
    stop a payment.

    Raises FinanceOnly or AccountClosed; then nothing has been written.
    """
    require_finance(closed_by)
    take_turns("bank-account", f"{account.company_id}:{account.currency}")
    held = _locked(account)
    if held.state == AccountState.CLOSED:
        raise rules.AccountClosed(number=held.number)
    held.state = AccountState.CLOSED
    held.closed_by, held.closed_at = closed_by, now
    held.save(update_fields=["state", "closed_by", "closed_at"])
    return held


def _locked(account: BankAccount) -> BankAccount:
    # The company with it: what is told afterwards names it.
    found: BankAccount = (
        BankAccount.objects.select_for_update(of=("self",))
        .select_related("company")
        .get(pk=account.pk)
    )
    return found
