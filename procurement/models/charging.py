"""What sellers owe for their shares, and what they paid."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from core.fields import MinorField
from core.walls import owned_by
from procurement.models.deposits import Deposit
from procurement.models.rounds import PoolRound


class EntryKind(models.TextChoices):
    BILL = "bill", _("bill")
    CORRECTION = "correction", _("correction of the bill")
    DEPOSIT = "deposit", _("deposit set off")
    PAYMENT = "payment", _("payment")
    REFUND = "refund", _("refund")
    SALE = "sale", _("goods sold in bond")
    STORAGE = "storage", _("storage and handling")
    CLAIM = "claim", _("paid by a supplier for damage")


class SellerEntry(models.Model):
    """One entry of a seller's account with the platform, in fen. Insert-only.

    ``amount_minor`` above zero is owed by the seller, below it is the seller's. A bill and its
    corrections come from a ``run`` of the round's bills and are due on ``due_on``; ``reference``
    is the bank's line (payment, refund), the deposit's or the storage bill's number, that of goods
    sold to another seller in bond (sale: one entry of each, which sum to zero), of the settlement
    of a supplier's claim with its amount and rate (claim), or empty.
    ``payee`` is the warehouse for which a bill of storage is collected. The sum of a seller's
    entries is what it owes.
    """

    number = models.CharField(max_length=32, unique=True)
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    holder = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    round = models.ForeignKey(
        PoolRound, on_delete=models.PROTECT, null=True, related_name="entries"
    )
    kind = models.CharField(max_length=10, choices=EntryKind)
    run = models.PositiveSmallIntegerField(null=True)
    deposit = models.ForeignKey(
        Deposit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    payee = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    amount_minor = MinorField()
    value_date = models.DateField()
    due_on = models.DateField(null=True)
    reference = models.CharField(max_length=64, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager[SellerEntry]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(amount_minor=0), name="an_entry_of_an_account_moves_money"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["bill", "correction"], run__isnull=False)
                | Q(
                    kind__in=["deposit", "payment", "refund", "sale", "storage", "claim"],
                    run__isnull=True,
                ),
                name="a_bill_comes_of_a_run",
            ),
            models.CheckConstraint(
                condition=Q(run__isnull=True) | Q(round__isnull=False, due_on__isnull=False),
                name="a_bill_is_of_a_round_and_due",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["deposit", "payment"], amount_minor__lt=0)
                | Q(kind="refund", amount_minor__gt=0)
                | Q(kind__in=["bill", "correction", "sale", "storage", "claim"]),
                name="what_a_seller_pays_lessens_what_it_owes",
            ),
            models.UniqueConstraint(
                fields=["seller", "round", "run"], name="one_entry_per_seller_and_run"
            ),
            models.CheckConstraint(
                condition=Q(kind="storage", payee__isnull=False, due_on__isnull=False)
                | ~Q(kind="storage") & Q(payee__isnull=True),
                name="storage_is_collected_for_a_warehouse",
            ),
            models.UniqueConstraint(
                fields=["reference"],
                condition=Q(kind="storage"),
                name="a_bill_of_storage_is_entered_once",
            ),
            models.UniqueConstraint(fields=["deposit"], name="a_deposit_is_set_off_once"),
            models.UniqueConstraint(
                fields=["kind", "reference"],
                condition=Q(kind__in=["payment", "refund"]),
                name="a_line_of_the_bank_counts_once_on_accounts",
            ),
            models.UniqueConstraint(
                fields=["seller", "reference"],
                condition=Q(kind="sale"),
                name="a_sale_in_bond_counts_once_for_each",
            ),
            models.UniqueConstraint(
                fields=["seller", "reference"],
                condition=Q(kind="claim"),
                name="a_settled_claim_counts_once_for_each",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["seller", "id"], name="entry_of_seller")]

    def __str__(self) -> str:
        return self.number
