"""What the books say. Amounts are minor units, debit positive."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _

from ledger.models import Account, JournalEntry, JournalLine


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """One account and what stands on it, in minor units; debit positive."""

    code: str
    kind: str
    currency: str
    balance_minor: int


def balance(code: str) -> int:
    """What stands on one account; 0 when it has never been used."""
    lines = JournalLine.objects.filter(account__code=code)
    return int(lines.aggregate(total=Sum("amount_minor"))["total"] or 0)


def balance_under(prefix: str) -> dict[str, int]:
    """Per currency, what stands on all accounts whose code begins with ``prefix``."""
    rows = (
        JournalLine.objects.filter(account__code__startswith=prefix)
        .values_list("currency")
        .annotate(total=Sum("amount_minor"))
        .order_by("currency")
    )
    return {currency: int(total) for currency, total in rows}


def balances_under(*prefixes: str) -> dict[str, int]:
    """What stands on each account whose code begins with one of these, by code."""
    begins = Q(*(Q(account__code__startswith=one) for one in prefixes), _connector=Q.OR)
    rows = (
        JournalLine.objects.filter(begins)
        .values_list("account__code")
        .annotate(total=Sum("amount_minor"))
        .order_by("account__code")
    )
    return {code: int(total) for code, total in rows}


def balances() -> list[AccountBalance]:
    """Every account, by code."""
    sums = dict(
        JournalLine.objects.values_list("account_id")
        .annotate(total=Sum("amount_minor"))
        .order_by("account_id")
    )
    return [
        AccountBalance(a.code, a.kind, a.currency, int(sums.get(a.pk, 0)))
        for a in Account.objects.order_by("code")
    ]


def trial_balance() -> dict[str, int]:
    """Per currency, the sum of all legs: zero, or the books are wrong."""
    rows = (
        JournalLine.objects.values_list("currency")
        .annotate(total=Sum("amount_minor"))
        .order_by("currency")
    )
    return {currency: int(total) for currency, total in rows}


def entry_count() -> int:
    """How many entries have been posted."""
    return JournalEntry.objects.count()


def prove_ledger() -> list[str]:
    """Every fault of the books, in words; empty when they prove.

    The database refuses each of these on its own; this reads what is really there, so it
    also finds what came in past the constraints, such as a bad restore.
    """
    faults = [
        _("%(currency)s: the trial balance is off by %(total)s minor units.")
        % {"currency": currency, "total": total}
        for currency, total in trial_balance().items()
        if total
    ]
    lopsided = (
        JournalLine.objects.values("entry__idempotency_key", "currency")
        .annotate(total=Sum("amount_minor"))
        .exclude(total=0)
        .order_by("entry__idempotency_key", "currency")
    )
    faults += [
        _("Entry %(key)s: %(currency)s is off by %(total)s minor units.")
        % {
            "key": row["entry__idempotency_key"],
            "currency": row["currency"],
            "total": row["total"],
        }
        for row in lopsided
    ]
    faults += [
        _("Entry %(key)s has no legs.") % {"key": key}
        for key in JournalEntry.objects.filter(lines__isnull=True)
        .order_by("pk")
        .values_list("idempotency_key", flat=True)
    ]
    faults += [
        _("Entry %(key)s: a leg is in another currency than its account.") % {"key": key}
        for key in JournalLine.objects.exclude(currency=F("account__currency"))
        .order_by("pk")
        .values_list("entry__idempotency_key", flat=True)
    ]
    return faults
