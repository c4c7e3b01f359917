"""Goods in bond that one seller offers another, and who said yes or no to it when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Company, User
from catalog.models import Product
from core.fields import MinorField
from core.walls import owned_by
from warehouse.models.houses import BondedWarehouse
from warehouse.models.receipts import Lot
from warehouse.rules.transferring import LONGEST_REMARK, FeeBy, Step, amount_of


class TransferStep(models.TextChoices):
    """How far an offer has come; also what somebody did with it."""

    OFFERED = Step.OFFERED.value, pgettext_lazy("transfer", "offered")
    ACCEPTED = Step.ACCEPTED.value, pgettext_lazy("transfer", "accepted")
    REFUSED = Step.REFUSED.value, pgettext_lazy("transfer", "refused")
    WITHDRAWN = Step.WITHDRAWN.value, pgettext_lazy("transfer", "withdrawn")
    EXPIRED = Step.EXPIRED.value, pgettext_lazy("transfer", "expired")


class FeePayer(models.TextChoices):
    """Which side pays the fee of the warehouse."""

    GIVER = FeeBy.GIVER.value, _("who gives the goods")
    TAKER = FeeBy.TAKER.value, _("who takes the goods")


class StockTransfer(models.Model):
    """Units of a lot that their owner offers another seller, where they lie.

    While ``state`` is offered, so many units of the lot are the giver's in the status of the same
    name; ``prove_stock`` compares them. Only the state changes, and only once. What of the lot
    both must know stands here: the lot itself is seen by those who hold some of it. Prices are
    CNY fen a unit. ``book_changes``: the goods would come under another account book, which
    is refused for now.
    """

    number = models.CharField(max_length=20, unique=True)
    giver = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    #: Who operates the warehouse, for its walls.
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(
        BondedWarehouse, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="transfers")
    lot_number = models.CharField(max_length=20)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", db_index=False)
    expires_on = models.DateField(null=True)
    quantity = models.PositiveIntegerField()
    price_minor = MinorField()
    valid_until = models.DateField()
    remark = models.CharField(max_length=LONGEST_REMARK, blank=True)
    account_book = models.CharField(max_length=12)
    #: Who pays what the warehouse's tariff of the day of acceptance asks.
    fee_by = models.CharField(
        max_length=5, choices=FeePayer, default=FeePayer.GIVER, db_default=FeePayer.GIVER.value
    )
    book_changes = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=TransferStep, default=TransferStep.OFFERED)
    offered_at = models.DateTimeField()

    objects: ClassVar[models.Manager[StockTransfer]] = owned_by(
        "giver", other="taker", keeper="keeper"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & Q(price_minor__gte=0),
                name="an_offer_is_of_some_units_at_a_price",
            ),
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="nobody_offers_to_oneself"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["valid_until", "id"],
                condition=Q(state="offered"),
                name="transfer_offered",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def amount_minor(self) -> int:
        """What the taker owes for all of it, CNY fen."""
        return amount_of(self.quantity, self.price_minor)


class TransferConsent(models.Model):
    """What one side said to an offer: who, for which company, when. Insert-only.

    The first is the giver's offer. ``company`` and ``person`` are empty where the day was over.
    ``giver``, ``taker`` and ``keeper`` are the transfer's, for the walls.
    """

    transfer = models.ForeignKey(
        StockTransfer, on_delete=models.PROTECT, related_name="consents", db_index=False
    )
    step = models.CharField(max_length=10, choices=TransferStep)
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    said_at = models.DateTimeField()
    giver = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[TransferConsent]] = owned_by(
        "giver", other="taker", keeper="keeper"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["transfer", "step"], name="an_offer_takes_each_step_once"
            ),
            # Who said yes or no first has said it for both.
            models.UniqueConstraint(
                fields=["transfer"],
                condition=~Q(step="offered"),
                name="an_offer_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transfer_id}/{self.step}"
