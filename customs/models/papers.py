"""Papers of customs: what was ordered of them, in which version, and their files."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Company
from core.models import QueuedDocument
from core.walls import owned_by
from customs.models.declaring import Declaration


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
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveSmallIntegerField(default=1, db_default=1)
    fingerprint = models.CharField(max_length=64, blank=True, default="", db_default="")

    objects: ClassVar[models.Manager[DeclarationDocument]] = owned_by(
        "declaration__importer", other="seller"
    )

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
