"""A file of consumers' orders: kept, looked at, taken."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime

from django.db import transaction

from accounts.models import Company, User
from core.errors import DomainError, InputError
from core.sheets import SheetTooLarge
from warehouse.models import RetailUpload
from warehouse.queries.uploads import read_upload
from warehouse.services.retail import OrderResult, accept_orders

LARGEST_FILE = 5_000_000


class UploadTaken(DomainError):
    """The orders of this file have been taken already."""

    code = "warehouse.upload_taken"


class UploadHasFaults(InputError):
    """The file has wrong rows; mend them and send it again."""

    code = "warehouse.upload_has_faults"


@transaction.atomic
def keep_upload(
    *, seller: Company, file_name: str, content: bytes, uploaded_by: User, now: datetime
) -> RetailUpload:
    """Keep a file for its preview; no order is taken yet.

    Raises SheetTooLarge or what :func:`core.sheets.parse_sheet` refuses; then nothing has
    been written.
    """
    if len(content) > LARGEST_FILE:
        raise SheetTooLarge(file=file_name, megabytes=LARGEST_FILE // 1_000_000)
    upload = RetailUpload(
        seller=seller,
        file_name=file_name[:200],
        content=b64encode(content).decode("ascii"),
        uploaded_at=now,
        uploaded_by=uploaded_by,
    )
    read_upload(upload, now=now)
    upload.save()
    return upload


@transaction.atomic
def accept_upload(*, upload: RetailUpload, now: datetime) -> list[OrderResult]:
    """Take the orders of a file without wrong rows, note what became of each, forget the file.

    Raises UploadTaken or UploadHasFaults, and what :func:`accept_orders` raises; then nothing
    has been written.
    """
    upload = RetailUpload.objects.select_for_update().select_related("seller").get(pk=upload.pk)
    if upload.taken_at is not None:
        raise UploadTaken(file=upload.file_name)
    read = read_upload(upload, now=now)
    if read.faults:
        raise UploadHasFaults(file=upload.file_name, wrong_rows=len(read.faults))
    results = accept_orders(seller=upload.seller, orders=read.orders, now=now)
    upload.results = [_told(result) for result in results]
    upload.taken_at = now
    upload.content = ""
    upload.save(update_fields=["results", "taken_at", "content"])
    return results


def _told(result: OrderResult) -> dict[str, object]:
    told: dict[str, object] = {
        "channel": result.order.channel,
        "order_number": result.order.order_number,
        "outcome": result.outcome.value,
        "number": result.number,
    }
    if result.refusal:
        # The sentence is the key of its translation: the page shows it in the reader's language.
        told["rule"] = result.refusal.rule()
        told["facts"] = {name: str(value) for name, value in result.refusal.facts.items()}
    return told
