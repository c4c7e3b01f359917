"""What a seller is told of a round, as it was told."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import Company
from core.walls import owned_by
from procurement.models.rounds import PoolRound


class RoundStatement(models.Model):
    """One seller's statement of one run of a round's bills. Insert-only.

    ``content`` is the canonical text (``bondpool.statement/1``), ``digest`` what it says of
    itself: it is made once and is the same for everybody who ever asks.
    """

    round = models.ForeignKey(PoolRound, on_delete=models.PROTECT, related_name="statements")
    run = models.PositiveSmallIntegerField()
    owner = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    content = models.TextField()
    digest = models.CharField(max_length=64)

    objects: ClassVar[models.Manager[RoundStatement]] = owned_by("owner")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "round", "run"], name="one_statement_per_owner_and_run"
            )
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.owner_id}"
