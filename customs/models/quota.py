"""What each buyer has of a year's quota, as entries that are only ever added."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from accounts.models import Company
from core.walls import owned_by
from customs.models.declaring import RetailGiveBack, RetailList


class QuotaMove(models.TextChoices):
    """What happened to the quota."""

    RESERVED = "reserved", pgettext_lazy("quota", "reserved")
    SETTLED = "settled", pgettext_lazy("quota", "settled")
    VOIDED = "voided", pgettext_lazy("quota", "given back: list void")
    RETURNED = "returned", pgettext_lazy("quota", "given back: goods returned")
    #: Told to customs in a later year than it was drawn in: out of the one, into the other.
    LEFT = "left", pgettext_lazy("quota", "moved to the year of its declaration")
    ENTERED = "entered", pgettext_lazy("quota", "moved here from the year it was drawn in")


class QuotaEntry(models.Model):
    """A change of what a buyer has used of a calendar year (China's). Insert-only.

    ``buyer`` is the order's keyed hash; the database empties it as soon as the order's buyer is
    erased. With an empty ``code`` the amounts are fen of dutiable value; with the eight digits of
    the positive list they are grams of goods that have a limit by weight. ``reserved`` is what
    lists hold whose parcels customs has not released, ``used`` what it has: their sum over a
    buyer's year is what counts. The year is that in which customs is told of the list: one that
    is drawn on 31 December and told in January leaves the old year and enters the new one.
    """

    buyer = models.CharField(max_length=64)
    year = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=8, blank=True)
    move = models.CharField(max_length=8, choices=QuotaMove)
    reserved = models.BigIntegerField()
    used = models.BigIntegerField()
    retail_list = models.ForeignKey(RetailList, on_delete=models.PROTECT, related_name="quota")
    give_back = models.ForeignKey(
        RetailGiveBack, on_delete=models.PROTECT, null=True, related_name="quota"
    )
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    objects: ClassVar[models.Manager[QuotaEntry]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["retail_list", "code", "move"],
                condition=~Q(move__in=["returned", "left", "entered"]),
                name="a_list_moves_its_quota_once_each_way",
            ),
            models.UniqueConstraint(
                fields=["retail_list", "code", "year", "move"],
                condition=Q(move__in=["left", "entered"]),
                name="a_list_leaves_and_enters_a_year_once",
            ),
            models.UniqueConstraint(
                fields=["give_back", "code"], name="a_return_gives_its_quota_back_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["buyer", "year", "code"],
                include=["reserved", "used"],
                name="quota_of_a_buyers_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.retail_list_id} {self.move}"
