"""A file of consumers' orders: kept, looked at, taken."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Company, User
from core.errors import DomainError, InputError
from core.sheets import SheetTooLarge
from warehouse.models import RetailUpload
from warehouse.queries.uploads import read_upload
from warehouse.services.retail import OrderResult, accept_orders
from web.templatetags.bondpool import told as told_fact

LARGEST_FILE = 5_000_000
#: A file whose orders nobody takes is kept so long: it holds identity numbers of people.
KEPT = timedelta(days=7)


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

    Raises UploadTaken, UploadForgotten or UploadHasFaults, and what :func:`accept_orders` raises;
    then nothing has been written.
    """
    upload = RetailUpload.objects.select_for_update().select_related("seller").get(pk=upload.pk)
    if upload.taken_at is not None:
        raise UploadTaken(file=upload.file_name)
    read = read_upload(upload, now=now)
    if read.faults:
        raise UploadHasFaults(file=upload.file_name, wrong_rows=read.fault_count)
    results = accept_orders(seller=upload.seller, orders=read.orders, now=now)
    upload.results = [_told(result) for result in results]
    upload.taken_at = now
    upload.content = ""
    upload.save(update_fields=["results", "taken_at", "content"])
    return results


@transaction.atomic
def forget_uploads(*, now: datetime) -> int:
    """Delete what stands in files whose orders nobody took within a week. Safe to run any number
    of times; returns how many files."""
    # One that is being taken at this moment is skipped, and forgets itself.
    left = RetailUpload.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        uploaded_at__lt=now - KEPT, taken_at__isnull=True
    )
    keys = list(left.exclude(content="").order_by("pk").values_list("pk", flat=True))
    return int(RetailUpload.objects.filter(pk__in=keys).update(content=""))


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
        told["facts"] = {name: told_fact(value) for name, value in result.refusal.facts.items()}
    if result.missing:
        told["facts"] = {
            "served": ", ".join(f"{one.sku} {one.served}/{one.ordered}" for one in result.missing)
        }
    return told
