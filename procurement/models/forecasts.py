"""What sellers file, in versions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.models import Company, User
from catalog.models import Product
from core.history import tracked
from core.walls import owned_by
from procurement.models.rounds import PoolRound
from procurement.models.wishes import LateWish


@tracked(
    owner="it.seller_id",
    called="round__code",
    exclude=("products", "units", "less", "more", "late_wish"),
    only_added=True,
)
class Forecast(models.Model):
    """One version of what a seller files for a round; the newest counts. Insert-only.

    How many products and units its lines come to, and how far their tolerance goes, is kept by
    a trigger of the database, as the lines are written: a round's sums are those of two thousand
    versions, not of all lines.
    """

    round = models.ForeignKey(PoolRound, on_delete=models.PROTECT, related_name="forecasts")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="forecasts")
    version = models.PositiveIntegerField()
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=8, default="form")
    late_wish = models.OneToOneField(
        LateWish, on_delete=models.PROTECT, null=True, related_name="taken_as"
    )
    products = models.PositiveIntegerField(default=0, editable=False)
    units = models.PositiveBigIntegerField(default=0, editable=False)
    less = models.PositiveBigIntegerField(default=0, editable=False)
    more = models.PositiveBigIntegerField(default=0, editable=False)

    objects: ClassVar[models.Manager[Forecast]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "seller", "version"], name="one_forecast_per_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.seller_id}/v{self.version}"


class ForecastLine(models.Model):
    """Units of one product a seller wants for the quarter. Insert-only.

    To complete a pack, a tier or a container it would do without ``less`` of them, or take
    ``more`` on top: the firm part is quantity - less, the most is quantity + more.
    """

    forecast = models.ForeignKey(
        Forecast, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    less = models.PositiveIntegerField(default=0, db_default=0)
    more = models.PositiveIntegerField(default=0, db_default=0)

    objects: ClassVar[models.Manager[ForecastLine]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            # What pages add up is read from the index alone.
            models.UniqueConstraint(
                fields=["forecast", "product"],
                include=["quantity", "seller"],
                name="a_product_stands_once_in_a_forecast",
            ),
            models.CheckConstraint(
                condition=Q(less__lte=F("quantity")), name="nobody_does_without_more_than_it_wants"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.forecast_id}/{self.product_id}"


class FillTry(models.Model):
    """A seller's change of one product between cut-off and end that was judged by what all want,
    whether it was taken or refused. Insert-only.

    It is written over a connection of its own, so that it stays where its filing is rolled back;
    that one cannot see what the filing has not committed: no foreign key is checked.
    """

    round = models.ForeignKey(
        PoolRound, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    seller = models.ForeignKey(
        Company, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    product = models.ForeignKey(
        Product, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    tried_at = models.DateTimeField()

    objects: ClassVar[models.Manager[FillTry]] = owned_by("seller")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["round", "seller", "product"], name="fill_tries_of_a_product")
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.seller_id}/{self.product_id}"


@tracked(owner="it.seller_id", called="file_name", exclude=("content",))
class ForecastUpload(models.Model):
    """A file a seller sent, kept while it looks at the preview; nothing is filed yet."""

    round = models.ForeignKey(PoolRound, on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    filed_as = models.OneToOneField(Forecast, on_delete=models.PROTECT, null=True, blank=True)

    objects: ClassVar[models.Manager[ForecastUpload]] = owned_by("seller")

    def __str__(self) -> str:
        return f"upload {self.pk}"
