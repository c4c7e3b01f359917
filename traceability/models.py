from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from catalog.models import Product
from core.history import tracked
from core.models import QueuedDocument
from core.walls import owned_by


class Evidence(models.TextChoices):
    DECLARED = "declared", _("self-declared")
    DOCUMENTED = "documented", _("backed by a document")
    AUTHORITY = "authority", _("backed by an authority")


class TraceEvent(models.Model):
    """What, when, where and why, as EPCIS 2.0 says it, and who says so. Insert-only.

    ``keys`` are the identities the event is about (``gtin:…``, ``po:…``, ``lot:gtin.lot``,
    ``item:gtin.serial``); traceability knows no other table. ``record_hash`` is chained to
    the event before, so that a changed, removed or inserted event shows.
    """

    event_id = models.UUIDField(unique=True)
    event_type = models.CharField(max_length=24)
    action = models.CharField(max_length=8)
    event_time = models.DateTimeField()
    record_time = models.DateTimeField()
    biz_step = models.CharField(max_length=32)
    disposition = models.CharField(max_length=32, blank=True)
    read_point = models.CharField(max_length=120, blank=True)
    biz_location = models.CharField(max_length=120, blank=True)
    asserted_by = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    evidence = models.CharField(max_length=12, choices=Evidence)
    keys = ArrayField(models.CharField(max_length=80))
    quantities = models.JSONField(default=list, blank=True)
    documents = models.JSONField(default=list, blank=True)
    details = models.JSONField(default=dict, blank=True)
    # Unique: the chain cannot fork.
    previous_hash = models.CharField(max_length=64, unique=True)
    record_hash = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["keys"], name="trace_event_keys"),
            models.Index(fields=["event_time", "id"], name="trace_event_by_time"),
            models.Index(fields=["asserted_by", "event_time", "id"], name="trace_event_by_teller"),
        ]

    def __str__(self) -> str:
        return str(self.event_id)


class ItemIdentity(models.Model):
    """One labelled item: GTIN, lot and a random serial nobody can guess. Insert-only."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    gtin = models.CharField(max_length=14)
    lot_number = models.CharField(max_length=20)
    serial = models.CharField(max_length=20, unique=True)
    issued_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["gtin", "lot_number"], name="item_by_lot")]

    def __str__(self) -> str:
        return self.serial


class Scan(models.Model):
    """Somebody opened an item's page. No address, no device: only that and when. Insert-only."""

    item = models.ForeignKey(ItemIdentity, on_delete=models.PROTECT, related_name="scans")
    scanned_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.item_id}@{self.scanned_at:%Y-%m-%d}"


#: What the worker writes, the file itself, and the labels' own codes, which must not get about.
_OF_THE_WORKER = (
    *("kind", "language", "state", "attempts", "queued_at", "due_at", "leased_until"),
    *("last_error", "made_at", "media_type", "content", "sha256", "page_count", "serials"),
)


@tracked(owner="it.keeper_id", called="number", exclude=_OF_THE_WORKER, only_added=True)
class LabelSheet(QueuedDocument):
    """A printable sheet of QR labels for some items of one lot; ``keeper`` received the lot."""

    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    gtin = models.CharField(max_length=14)
    lot_number = models.CharField(max_length=20)
    serials = ArrayField(models.CharField(max_length=20))

    objects: ClassVar[models.Manager[LabelSheet]] = owned_by("keeper")
