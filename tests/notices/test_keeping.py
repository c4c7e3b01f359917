"""What was told goes after its time; what waits, and that it was told, stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import Membership
from core.walls import platform_wide
from notices.models import Mail, MailState, Notice, NoticeCopy, WebhookDelivery
from notices.services import add_endpoint, choose, forget, ping, tell
from tests.notices.conftest import NOON

OLD = NOON - timedelta(days=401)
YOUNG = NOON - timedelta(days=399)


def _tell(member: Membership, subject: str, at: datetime) -> None:
    tell(
        "round.opened",
        subject=subject,
        facts={"quarter": subject, "cutoff_at": at},
        companies=[member.company_id],
        now=at,
    )


@pytest.fixture
def told(clerk: Membership) -> Membership:
    with platform_wide():
        choose(membership=clerk, choices={"round.opened": (True, "now")})
        _tell(clerk, "2025-Q1", OLD)
        _tell(clerk, "2025-Q2", YOUNG)
    return clerk


def test_copies_and_their_mails_go_after_four_hundred_days(told: Membership) -> None:
    with platform_wide():
        Mail.objects.update(state=MailState.SENT, sent_at=NOON)

        deleted = forget(now=NOON)

        assert deleted == 2
        assert [copy.notice.subject for copy in NoticeCopy.objects.all()] == ["2025-Q2"]
        assert [mail.queued_at for mail in Mail.objects.all()] == [YOUNG]


def test_that_it_was_told_stays_so_that_it_is_never_told_twice(told: Membership) -> None:
    with platform_wide():
        Mail.objects.update(state=MailState.SENT, sent_at=NOON)
        forget(now=NOON)

        _tell(told, "2025-Q1", NOON)

        assert Notice.objects.count() == 2
        assert NoticeCopy.objects.count() == 1


def test_a_mail_that_waits_is_kept_however_old(told: Membership) -> None:
    with platform_wide():
        forget(now=NOON)

        assert Mail.objects.filter(queued_at=OLD, state=MailState.QUEUED).count() == 1


def test_the_log_of_an_endpoint_goes_and_what_waits_for_it_stays(clerk: Membership) -> None:
    with platform_wide():
        endpoint, _secret = add_endpoint(
            company=clerk.company,
            role=clerk.role,
            url="https://shop.example.com/hook",
            events=["stock.received"],
            description="",
            created_by=clerk.user,
            now=OLD,
        )
        for state in ("delivered", "failed", "pending"):
            sent = ping(endpoint=endpoint, now=OLD)
            WebhookDelivery.objects.filter(pk=sent.pk).update(state=state)
        ping(endpoint=endpoint, now=YOUNG)

        assert forget(now=NOON) == 2

        states = WebhookDelivery.objects.order_by("pk").values_list("state", "created_at")
        assert list(states) == [("pending", OLD), ("pending", YOUNG)]


def test_it_looks_once_a_day_and_how_long_is_a_setting(told: Membership, settings: Any) -> None:
    with platform_wide():
        assert forget(now=NOON) == 1

        settings.BONDPOOL_NOTICES_KEPT_DAYS = 30
        assert forget(now=NOON + timedelta(hours=1)) == 0
        assert forget(now=NOON + timedelta(days=1)) == 1
        assert not NoticeCopy.objects.exists()
