"""Receipts come in: each file once, each receipt once, whatever way and however often.

What cannot be read is kept with its reason and nothing is taken from it; what fits none of our
documents waits (``services.matching``). Nothing is ever thrown away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Company, User
from core.errors import DomainError
from core.queue import ring
from core.taking import take_turns
from customs.models import Gateway, Receipt, ReceiptFile, ReceiptWay
from customs.queries import receipts as queries
from customs.rules.ceb.parsing import LARGEST_FILE
from customs.rules.receipts.billing import as_json
from customs.rules.receipts.reading import receipts_in
from customs.rules.receipts.told import Told
from customs.rules.sending import squeezed

BELL = "customs.receipts"
#: Longer names of files are cut: they say nothing that counts.
_LONGEST_NAME = 255
_LONGEST_FACT = 200


@dataclass(frozen=True, slots=True)
class Looked:
    """The receipts of a file, or the rule by which it is laid aside."""

    told: Sequence[Told]
    refusal: DomainError | None = None


def take_in(
    *,
    data: bytes,
    name: str,
    way: ReceiptWay,
    now: datetime,
    company: Company | None = None,
    brought_by: User | None = None,
    must_be_signed: bool = False,
) -> tuple[ReceiptFile, bool]:
    """Take one file; gives back its row and whether it is new.

    Never refuses what is in the file: what is wrong with it stands in ``refusal``, with no receipt
    taken. The same bytes of the same company are taken once, however they come.
    """
    looked = look(data, must_be_signed=must_be_signed)
    return keep(data, looked, name=name, way=way, now=now, company=company, brought_by=brought_by)


def look(data: bytes, *, must_be_signed: bool = False) -> Looked:
    """What is in a file, or why it is laid aside; nothing is written."""
    try:
        return Looked(receipts_in(data, must_be_signed=must_be_signed))
    except DomainError as error:
        return Looked([], error)


def keep(
    data: bytes,
    looked: Looked,
    *,
    name: str,
    way: ReceiptWay,
    now: datetime,
    company: Company | None = None,
    gateway: Gateway | None = None,
    brought_by: User | None = None,
    too_large: tuple[str, int] | None = None,
) -> tuple[ReceiptFile, bool]:
    """Write down a file that was looked at; as ``take_in``. ``too_large`` are the SHA-256 and the
    bytes of one that was not read at all."""
    told, refusal = looked.told, looked.refusal
    sha256, size = too_large or (hashlib.sha256(data).hexdigest(), len(data))
    return _keep(
        ReceiptFile(
            company=company,
            gateway=gateway,
            way=way,
            name=_tidy(name),
            sha256=sha256,
            size=size,
            message=told[0].message if told else "",
            content="" if size > LARGEST_FILE else squeezed(data),
            refusal=refusal.code if refusal else "",
            facts=_facts(refusal),
            came_at=now,
            brought_by=brought_by,
        ),
        told,
    )


@transaction.atomic
def _keep(file: ReceiptFile, told: Sequence[Told]) -> tuple[ReceiptFile, bool]:
    owners = {} if file.company_id else queries.owners_of(told)
    # Two that bring the same at once: the second finds the first one's rows.
    for company in sorted({file.company_id or 0, *owners.values()}):
        take_turns("receipts", str(company))
    known = ReceiptFile.objects.filter(sha256=file.sha256, company=file.company_id).first()
    if known is not None:
        return known, False
    rows = [
        Receipt(
            company_id=file.company_id or owners.get(place),
            message=one.message,
            about=one.about,
            identity=one.identity[:300],
            key=one.key[:64],
            giver=one.giver[:40],
            pre_no=one.pre_no[:64],
            customs_no=one.customs_no[:64],
            message_no=one.message_no[:255],
            entry_no=one.entry_no[:18],
            guid=one.guid,
            status=one.status[:10],
            returned=one.returned[:25],
            returned_at=one.returned_at,
            info=one.info,
            bill=as_json(one.bill) if one.bill else None,
            items=[asdict(it) for it in one.items] or None,
            facts=_told_facts(one),
            came_at=file.came_at,
        )
        for place, one in enumerate(told)
    ]
    fresh = _fresh(rows)
    file.receipts, file.repeated = len(rows), len(rows) - len(fresh)
    file.save(force_insert=True)
    for row in fresh:
        row.file = file
    Receipt.objects.bulk_create(fresh, batch_size=500)
    if fresh:
        ring(BELL)
    return file, True


def _by_key(row: Receipt) -> tuple[str, str, str, str]:
    return (row.message, row.identity, row.status, row.returned)


def _fresh(rows: Sequence[Receipt]) -> list[Receipt]:
    """Those that are not there, each once."""
    new: dict[tuple[object, ...], Receipt] = {}
    for row in rows:
        new.setdefault((row.company_id, *_by_key(row)), row)
    known = queries.known_receipts(new.values())
    return [row for key, row in new.items() if key not in known]


def _facts(refusal: DomainError | None) -> dict[str, str]:
    if refusal is None:
        return {}
    told = {}
    for name, value in refusal.facts.items():
        why = value.code if isinstance(value, DomainError) else str(value)
        told[name] = why[:_LONGEST_FACT]
        if isinstance(value, DomainError):
            told |= {f"{name}_{fact}": str(it)[:_LONGEST_FACT] for fact, it in value.facts.items()}
    # Of a value that is refused nothing is kept: it may be a buyer's.
    return {name: value for name, value in told.items() if not name.endswith("value")}


def _told_facts(one: Told) -> dict[str, str]:
    told = {name: value for name, value in one.facts.items() if value}
    return told | ({"assureCode": one.assure_code} if one.assure_code else {})


def _tidy(name: str) -> str:
    bare = name.replace("\\", "/").rpartition("/")[2]
    return "".join(one if one.isprintable() else "?" for one in bare)[:_LONGEST_NAME] or "?"
