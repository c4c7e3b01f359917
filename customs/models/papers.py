"""Papers of customs: what was ordered of them, in which version, and their files."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Company, User
from core.models import QueuedDocument
from core.walls import owned_by
from customs.models.declaring import Declaration, RetailList


class PaperKind(models.TextChoices):
    """The papers of one entry into bond. A share sheet is of one seller."""

    DECLARATION = "declaration", pgettext_lazy("paper", "declaration")
    BONDED_LIST = "bonded_list", _("bonded list")
    INVOICE = "invoice", _("commercial invoice")
    PACKING_LIST = "packing_list", _("packing list")
    CONTRACT = "contract", pgettext_lazy("paper", "contract")
    ATTORNEY = "attorney", _("power of attorney")
    TAX_ESTIMATE = "tax_estimate", pgettext_lazy("paper", "tax estimate")
    SHARE_SHEET = "share_sheet", _("share sheet")


class DeclarationDocument(QueuedDocument):
    """One version of one paper of a declaration, made by a worker: exactly one file a row.

    A paper that says something else than its newest version becomes a new row, so that what was
    handed out stays. ``fingerprint`` is the SHA-256 of all that it says, known once it is made;
    ``sha256`` that of the file. ``seller`` is whose share sheet it is, empty for every other kind.
    """

    kind = models.CharField(max_length=32, choices=PaperKind)
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, related_name="documents", db_index=False
    )
    #: The declaration's: a seller, who sees its own sheet, does not see the declaration.
    importer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveSmallIntegerField(default=1, db_default=1)
    fingerprint = models.CharField(max_length=64, blank=True, default="", db_default="")

    objects: ClassVar[models.Manager[DeclarationDocument]] = owned_by("importer", other="seller")

    class Meta(QueuedDocument.Meta):
        abstract = False
        constraints: ClassVar = [
            *QueuedDocument.Meta.constraints,
            models.UniqueConstraint(
                fields=["declaration", "kind", "language", "seller", "version"],
                nulls_distinct=False,
                name="a_version_of_a_paper_is_made_once",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="share_sheet", seller__isnull=False)
                | (~models.Q(kind="share_sheet") & models.Q(seller__isnull=True)),
                name="a_share_sheet_is_of_one_seller",
            ),
        ]


class EntryReading(models.Model):
    """What a form was drawn from that stands elsewhere, as it was read then. Insert-only.

    Kept until the declaration is lodged, with each version of its form; from then on all its papers
    draw from the newest of them. ``content`` is ``customs.rules.kept_reading.Around``.
    """

    document = models.OneToOneField(
        DeclarationDocument, on_delete=models.PROTECT, related_name="reading"
    )
    importer = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    content = models.JSONField()

    objects: ClassVar[models.Manager[EntryReading]] = owned_by("importer")

    def __str__(self) -> str:
        return f"reading of {self.document_id}"


class PaperRelease(models.Model):
    """A set whose papers agreed, and who let it go: exactly these files. Insert-only.

    ``manifest`` has an entry for each document: number, kind, language, version, seller (its
    code, of share sheets), pages, sha256 and fingerprint. A later version is not part of it.
    """

    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, related_name="paper_releases"
    )
    importer = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    language = models.CharField(max_length=10)
    manifest = models.JSONField()
    #: Of the data of which the papers were made (``ImportSet.digest``).
    digest = models.CharField(max_length=64)
    released_at = models.DateTimeField()
    released_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    objects: ClassVar[models.Manager[PaperRelease]] = owned_by("importer")

    def __str__(self) -> str:
        return f"release of {self.declaration_id}"


class PaperLink(models.Model):
    """An address by which somebody without an account fetches one released set for a while.

    The address is this row's ``uid``, signed. Who took it back, and when, stands in it.
    """

    uid = models.UUIDField(unique=True)
    release = models.ForeignKey(PaperRelease, on_delete=models.PROTECT, related_name="links")
    importer = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    note = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects: ClassVar[models.Manager[PaperLink]] = owned_by("importer")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")),
                name="a_link_to_papers_lasts_a_while",
            )
        ]

    def __str__(self) -> str:
        return str(self.uid)


class PaperLinkUse(models.Model):
    """Somebody used a link: what was fetched, when, and from which address. Insert-only."""

    link = models.ForeignKey(PaperLink, on_delete=models.PROTECT, related_name="uses")
    importer = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    #: A document's number, ``set`` for all of them, ``page`` for their list.
    fetched = models.CharField(max_length=32)
    used_at = models.DateTimeField()
    client = models.CharField(max_length=64, blank=True)

    objects: ClassVar[models.Manager[PaperLinkUse]] = owned_by("importer")

    def __str__(self) -> str:
        return f"{self.link_id} {self.fetched}"


class RetailPaperKind(models.TextChoices):
    """The papers of one parcel out of bond."""

    RETAIL_LIST = "retail_list", _("retail import list")
    RETAIL_TAX = "retail_tax", pgettext_lazy("paper", "tax estimate")


class RetailDocument(QueuedDocument):
    """One version of one paper of a parcel's retail list, as ``DeclarationDocument``."""

    kind = models.CharField(max_length=32, choices=RetailPaperKind)
    retail_list = models.ForeignKey(
        RetailList, on_delete=models.PROTECT, related_name="documents", db_index=False
    )
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField(default=1)
    fingerprint = models.CharField(max_length=64, blank=True)

    objects: ClassVar[models.Manager[RetailDocument]] = owned_by("seller")

    class Meta(QueuedDocument.Meta):
        abstract = False
        constraints: ClassVar = [
            *QueuedDocument.Meta.constraints,
            models.UniqueConstraint(
                fields=["retail_list", "kind", "language", "version"],
                name="a_version_of_a_retail_paper_is_made_once",
            ),
        ]
