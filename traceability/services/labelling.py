"""Item identities and the sheets of labels that carry them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Company
from catalog.models import Product
from core.numbers import next_numbers
from core.queue import drain, ring
from core.taking import if_free
from traceability import links, papers, rules
from traceability.models import Evidence, ItemIdentity, LabelSheet
from traceability.queries import labels as known
from traceability.rules import Fact
from traceability.services.recording import record

BELL = "traceability.labels"

#: 20 pages of 24: a worker makes such a file well within its lease.
LABELS_PER_SHEET = 480


@transaction.atomic
def issue_identities(
    *,
    product: Product,
    lot_number: str,
    count: int,
    now: datetime,
    issued_by: Company | None = None,
) -> list[ItemIdentity]:
    """Give ``count`` units of a received lot their own serial numbers, and record it once.

    How many units there are is what the receiving events of the lot say. ``issued_by``
    says so; where it is left out, it is who received the lot.

    Raises NothingToLabel, MoreLabelsThanGoods (also for a lot nobody has received) or
    NotAnIdentity; then nothing has been written.
    """
    gtin = rules.gtin14(product.gtin)
    key = rules.lot_key(gtin, lot_number)
    # Two people at one lot wait for each other; otherwise both could take the last units.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    lot = known.received_lot(gtin, lot_number)
    wanted = rules.plan_labels(received=lot.received, issued=lot.issued, wanted=count)
    items = ItemIdentity.objects.bulk_create(
        [
            ItemIdentity(
                product=product,
                gtin=gtin,
                lot_number=lot_number,
                serial=links.serial(secrets.token_bytes(links.SERIAL_BYTES)),
                issued_at=now,
            )
            for _ in range(wanted)
        ],
        batch_size=5000,
    )
    record(
        Fact(
            event_type="ObjectEvent",
            action="ADD",
            biz_step="commissioning",
            disposition="active",
            event_time=now,
            asserted_by=issued_by.pk if issued_by else lot.received_by,
            evidence=Evidence.DECLARED,
            keys=(key, rules.gtin_key(gtin)),
            quantities=(rules.quantity(gtin, wanted, lot_number),),
            read_point=lot.place,
            biz_location=lot.place,
            # Tells the labelling of this item from that of its neighbours in the lot.
            details={**lot.place_names, "labels": "items"},
        ),
        now=now,
    )
    return items


@transaction.atomic
def issue_labels(
    *,
    product: Product,
    lot_number: str,
    count: int,
    now: datetime,
    language: str = "zh-hans",
    issued_by: Company | None = None,
) -> list[LabelSheet]:
    """Issue identities and queue the sheets that print them, 480 labels a file.

    Raises what :func:`issue_identities` raises; then nothing has been written.
    """
    items = issue_identities(
        product=product, lot_number=lot_number, count=count, now=now, issued_by=issued_by
    )
    serials = [item.serial for item in items]
    parts = [serials[i : i + LABELS_PER_SHEET] for i in range(0, len(serials), LABELS_PER_SHEET)]
    sheets = LabelSheet.objects.bulk_create(
        LabelSheet(
            keeper_id=known.received_lot(items[0].gtin, lot_number).received_by,
            number=number,
            kind="labels",
            language=language,
            queued_at=now,
            due_at=now,
            gtin=items[0].gtin,
            lot_number=lot_number,
            serials=part,
        )
        for number, part in zip(
            next_numbers(
                "LBL", timezone.localtime(now, timezone.get_default_timezone()).year, len(parts)
            ),
            parts,
            strict=True,
        )
    )
    ring(BELL)
    return sheets


def print_next_label_sheet(*, now: Callable[[], datetime]) -> int:
    """Print one sheet that is due, unless another worker is printing, and ring for the next one.

    People wait for the same workers: of many sheets one worker at a time prints one at a time,
    and what was asked for meanwhile has its turn before the next. Safe to run twice, beside
    itself, or after a crash. Returns how many were printed, 0 or 1.
    """
    with if_free("label sheets") as is_free:
        printed = drain(LabelSheet, papers.label_sheet, now=now, at_most=1) if is_free else 0
    # Only now, or whoever hears it first finds the printer taken.
    if printed:
        ring(BELL)
    return printed
