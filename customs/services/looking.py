"""What may be a buyer's is shown to who may see it, and it is written down who looked."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts.models import Company, User
from core.taking import take_turns
from customs.models import QuotaQuestion, ReceiptFile, ReceiptFileReading
from customs.rules import looking as rules
from customs.rules.sending import unsqueezed

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@transaction.atomic
def read_receipt_file(*, file: ReceiptFile, by: User, client: str, now: datetime) -> bytes:
    """The bytes of a file as the authority wrote it; who fetches them is written down first.

    Raises ReceiptFileNotKept; then nothing has been written.
    """
    if not file.content:
        raise rules.ReceiptFileNotKept(file=file.name, bytes=file.size)
    ReceiptFileReading.objects.create(
        file=file, company_id=file.company_id, read_by=by, read_at=now, client=client[:64]
    )
    return unsqueezed(file.content)


@transaction.atomic
def ask_for_year(*, company: Company, by: User, now: datetime) -> QuotaQuestion:
    """Note that somebody asks after a buyer's year, as often as one may.

    Raises YearsAskedTooOften for the person's hour or the company's day; then nothing has been
    written, and the refused question does not count.
    """
    # Two questions at one moment are counted one after the other.
    take_turns("quota questions", company.code)
    asked = QuotaQuestion.objects.filter(company=company)
    mine = asked.filter(asked_by=by, asked_at__gt=now - _HOUR).count()
    rules.check_often(mine, limit=settings.BONDPOOL_YEARS_PER_PERSON, hours=1)
    all_of_us = asked.filter(asked_at__gt=now - _DAY).count()
    rules.check_often(all_of_us, limit=settings.BONDPOOL_YEARS_PER_COMPANY, hours=24)
    made: QuotaQuestion = QuotaQuestion.objects.create(company=company, asked_by=by, asked_at=now)
    return made
