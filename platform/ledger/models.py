from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from core.fields import CurrencyField, MinorField
from core.history import tracked


class AccountKind(models.TextChoices):
    ASSET = "asset", _("asset")
    LIABILITY = "liability", _("liability")
    INCOME = "income", _("income")
    EXPENSE = "expense", _("expense")


@tracked(called="code")
class Account(models.Model):
    """One account in one currency, such as what is owed to a supplier in EUR."""

    code = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=10, choices=AccountKind)
    currency = CurrencyField()
    company = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, blank=True)

    def __str__(self) -> str:
        return self.code


class JournalEntry(models.Model):
    """What happened, once; its lines are written together and sum to zero in every currency."""

    idempotency_key = models.CharField(max_length=128, unique=True)
    kind = models.CharField(max_length=32)
    document = models.CharField(max_length=64)
    effective_on = models.DateField()
    posted_at = models.DateTimeField()
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True)

    def __str__(self) -> str:
        return self.idempotency_key


class JournalLine(models.Model):
    """One leg: debit positive, credit negative, in minor units of the account's currency."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="lines")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="lines")
    amount_minor = MinorField()
    currency = CurrencyField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(amount_minor=0), name="a_leg_moves_money")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}/{self.account_id}"
