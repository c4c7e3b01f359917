"""Copies of what was made, in a folder, so that a visitor finds them without signing in."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from core.models import QueuedDocument, WorkState
from customs.models import DeclarationDocument
from procurement.models import OrderDocument
from settlement.models import PaymentFile
from traceability.models import LabelSheet


def lay_out(folder: Path) -> list[tuple[str, Path, int]]:
    """Write every paper under ``folder``; (what, where, how many) per kind."""
    laid = []
    kinds: list[tuple[str, str, type[QueuedDocument]]] = [
        (_("purchase orders"), "orders", OrderDocument),
        (_("declarations"), "declarations", DeclarationDocument),
        (_("labels"), "labels", LabelSheet),
    ]
    for what, name, model in kinds:
        place = _place(folder / name)
        count = 0
        for paper in model._default_manager.filter(state=WorkState.READY).iterator():
            if paper.content is not None:
                (place / paper.file_name).write_bytes(bytes(paper.content))
                count += 1
        laid.append((what, place, count))
    place = _place(folder / "payments")
    files = list(PaymentFile.objects.order_by("pk"))
    for file in files:
        (place / f"{file.message_id}.xml").write_bytes(bytes(file.content))
    laid.append((_("payment files"), place, len(files)))
    return laid


def _place(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
