"""Sellers pay the bills of their shares: most all of it, one a part, one too much, one nothing."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from core.money import Money
from demo.story import Story
from demo.telling import Chapter
from procurement import services as procurement
from procurement.models import EntryKind, SellerEntry
from procurement.queries import charging

#: Of a file of ten thousand sellers the others owe.
MOST_PAYING = 20
TOO_MUCH_MINOR = 10_000


def pay_the_bills(story: Story, chapter: Chapter) -> None:
    """Three days before the bills are due the bank tells who paid."""
    now = story.at(story.quarter.pays_at)
    today = now.date()
    owing = list(charging.accounts(today).filter(balance_minor__gt=0).order_by("pk")[:MOST_PAYING])
    if owing and not SellerEntry.objects.filter(kind=EntryKind.PAYMENT).exists():
        for place, seller in enumerate(owing):
            minor = {
                0: seller.balance_minor // 2,
                1: seller.balance_minor + TOO_MUCH_MINOR,
                len(owing) - 1: 0,
            }.get(place, seller.balance_minor)
            if minor:
                procurement.record_account_payment(
                    seller=seller,
                    amount_minor=minor,
                    value_date=today - timedelta(days=1),
                    reference=f"ICBC{today:%Y%m%d}{place:06d}",
                    noted_by=story.house.maker,
                    now=now,
                )
    owed, _overdue, credit = charging.open_sums(today)
    chapter.say(
        _("%(payments)s sellers paid; %(owed)s are owed still, %(credit)s is credit"),
        payments=SellerEntry.objects.filter(kind=EntryKind.PAYMENT).count(),
        owed=Money(owed, "CNY"),
        credit=Money(credit, "CNY"),
    )
