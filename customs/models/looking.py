"""Who looked at what may be a buyer's: files of customs, and years of buyers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import Company, User
from core.walls import owned_by
from customs.models.receiving import ReceiptFile


class ReceiptFileReading(models.Model):
    """Somebody fetched the content of a file of the authority, which may hold buyers' data: who,
    when, and from which address. Insert-only.

    ``company`` is the file's; none where an operator brought it.
    """

    file = models.ForeignKey(ReceiptFile, on_delete=models.PROTECT, related_name="readings")
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    read_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    read_at = models.DateTimeField()
    client = models.CharField(max_length=64, blank=True)

    objects: ClassVar[models.Manager[ReceiptFileReading]] = owned_by("company")

    def __str__(self) -> str:
        return f"reading of {self.file_id}"


class QuotaQuestion(models.Model):
    """Somebody asked after a buyer's year by an identity number: who, for which company, and when.
    Not whose year it was. Insert-only; how often one may ask is counted by these rows."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()

    objects: ClassVar[models.Manager[QuotaQuestion]] = owned_by("company")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company", "asked_at"], name="quota_questions_of_company")
        ]

    def __str__(self) -> str:
        return f"question of {self.asked_by_id}"
