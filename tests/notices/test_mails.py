"""E-mails: one dress, two languages, sent once, and stopped by whoever got them."""

from __future__ import annotations

import re
import smtplib
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.core import mail as outbox
from django.core import signing
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from accounts.models import Membership, Role
from notices import queries
from notices.models import Mail, MailState, NoticeChoice, NoticeCopy
from notices.services import choose, gather_digests, send_due, tell
from notices.services.choosing import DIGEST, stop_token
from notices.services.mailing import _claim
from tests.factories.accounts import MembershipFactory
from tests.notices.conftest import NOON

pytestmark = pytest.mark.django_db

#: Eight in the morning of the next day, on the house's clock.
EIGHT = NOON.replace(day=15, hour=0)


class Failing(EmailBackend):
    """A mail server that has a bad day; ``faults`` are raised in turn."""

    faults: list[Exception] = []  # noqa: RUF012 - the test's own

    def send_messages(self, messages: Any) -> int:
        if self.faults:
            raise self.faults.pop(0)
        return int(super().send_messages(messages))


def received(member: Membership, event: str = "stock.received", subject: str = "ASN-1") -> None:
    facts = {"number": subject, "units": 1_234}
    tell(event, subject=subject, facts=facts, companies=[member.company_id], now=NOON)


def page_of(message: EmailMessage) -> str:
    assert isinstance(message, EmailMultiAlternatives)
    (page, kind) = message.alternatives[0]
    assert kind == "text/html"
    return str(page)


def test_a_mail_says_the_same_as_text_and_as_a_page(clerk: Membership) -> None:
    received(clerk)

    assert send_due(now=lambda: NOON) == 1
    assert send_due(now=lambda: NOON) == 0

    (message,) = outbox.outbox
    row = Mail.objects.get()
    assert message.to == [clerk.user.email]
    assert message.subject == "您的 1,234 件货物已入保税仓"
    token = re.search(r"/mail/stop/(\S+)/", str(message.body))
    assert token
    stop = f"http://localhost:8000/mail/stop/{token[1]}/"
    assert message.body == (
        "您的 1,234 件货物已入保税仓\n\n"
        "货运批次 ASN-1 已清点入库，您的份额足量到货。\n\n"
        "查看我的库存：\nhttp://localhost:8000/stock/\n\n"
        f"-- \n邦池 · 致 {clerk.company.name_zh}\n本邮件由邦池系统自动发送，请勿直接回复。\n"
        f"不再接收此类邮件：\n{stop}\n"
    )
    page = page_of(message)
    assert '<html lang="zh-hans">' in page
    for said in ("货运批次 ASN-1 已清点入库", 'href="http://localhost:8000/stock/"', stop):
        assert said in page
    assert message.extra_headers == {
        "Message-ID": row.message_id,
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert (row.state, row.sent_at, row.attempts) == (MailState.SENT, NOON, 1)


def test_the_reader_chooses_the_language(clerk: Membership) -> None:
    received(clerk)
    Mail.objects.update(language="en")

    send_due(now=lambda: NOON)

    (message,) = outbox.outbox
    assert message.subject == "1,234 units of yours are in bond"
    assert "Shipment ASN-1 is counted in, complete for you." in message.body
    assert "See your stock:\nhttp://localhost:8000/stock/" in message.body
    assert "For Northwind Ltd\nThis e-mail was sent by Bondpool" in message.body


def test_a_page_shows_what_was_written_and_does_not_run_it(clerk: Membership) -> None:
    received(clerk, subject="<script>alert(1)</script>\r\nBcc: all@example.test")

    send_due(now=lambda: NOON)

    (message,) = outbox.outbox
    page = page_of(message)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "\n" not in message.subject
    assert "<script>alert(1)</script>" in message.body, "text is text"
    assert message.recipients() == [clerk.user.email]


def test_a_server_with_a_bad_day_is_asked_again_under_the_same_id(
    clerk: Membership, settings: Any
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Failing"
    Failing.faults = [OSError("no route"), smtplib.SMTPServerDisconnected("gone")]
    received(clerk)
    fixed = Mail.objects.get().message_id

    assert send_due(now=lambda: NOON) == 0
    row = Mail.objects.get()
    assert (row.state, row.due_at) == (MailState.QUEUED, NOON + timedelta(seconds=60))
    assert row.last_error == "OSError: no route"
    assert send_due(now=lambda: NOON + timedelta(seconds=59)) == 0
    assert Failing.faults, "not asked before it is due"
    assert send_due(now=lambda: NOON + timedelta(seconds=60)) == 0
    assert Mail.objects.get().due_at == NOON + timedelta(seconds=180)
    assert send_due(now=lambda: NOON + timedelta(seconds=180)) == 1

    (message,) = outbox.outbox
    assert message.extra_headers["Message-ID"] == fixed
    assert Mail.objects.get().attempts == 3


def test_an_address_that_is_refused_waits_for_a_person_and_stops_nobody(
    clerk: Membership, neighbour: Membership, settings: Any
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Failing"
    Failing.faults = [smtplib.SMTPRecipientsRefused({clerk.user.email: (550, b"no such user")})]
    received(clerk)
    received(neighbour)

    assert send_due(now=lambda: NOON) == 1

    assert Mail.objects.get(membership=clerk).state == MailState.FAILED
    assert [message.to for message in outbox.outbox] == [[neighbour.user.email]]


def test_a_worker_that_dies_on_the_way_leaves_the_mail_to_another(clerk: Membership) -> None:
    received(clerk)
    claimed = _claim(NOON)
    assert claimed

    assert send_due(now=lambda: NOON + timedelta(seconds=120)) == 0
    assert send_due(now=lambda: NOON + timedelta(seconds=121)) == 1

    assert outbox.outbox[0].extra_headers["Message-ID"] == claimed.message_id


def test_after_too_many_tries_a_person_looks_at_it(clerk: Membership, settings: Any) -> None:
    settings.BONDPOOL_MAX_ATTEMPTS = 1
    received(clerk)
    _claim(NOON)

    assert send_due(now=lambda: NOON + timedelta(seconds=121)) == 0
    assert Mail.objects.get().state == MailState.FAILED
    assert outbox.outbox == []


def test_whoever_changed_its_mind_is_not_written_to(
    clerk: Membership, neighbour: Membership
) -> None:
    received(clerk)
    received(neighbour)
    choose(membership=clerk, choices={"stock.received": (True, "never")})
    neighbour.user.is_active = False
    neighbour.user.save()

    assert send_due(now=lambda: NOON) == 0

    assert {mail.state for mail in Mail.objects.all()} == {MailState.DROPPED}
    assert outbox.outbox == []


def test_once_a_day_after_eight_comes_one_mail_with_everything(
    clerk: Membership, neighbour: Membership
) -> None:
    for member in (clerk, neighbour):
        choose(membership=member, choices={"stock.received": (True, "daily")})
    for number in ("ASN-1", "ASN-2"):
        received(clerk, subject=number)
    received(neighbour, subject="ASN-9")
    assert not Mail.objects.exists()

    assert gather_digests(now=EIGHT - timedelta(seconds=1)) == 0
    assert gather_digests(now=EIGHT) == 2
    received(clerk, subject="ASN-3")
    assert [gather_digests(now=EIGHT + timedelta(hours=n)) for n in range(3)] == [0, 0, 0]
    assert send_due(now=lambda: EIGHT) == 2

    mine, theirs = sorted(outbox.outbox, key=lambda message: "ASN-9" in message.body)
    assert mine.to == [clerk.user.email]
    assert mine.subject == f"{clerk.company.name_zh} 有 2 条新通知"
    assert [number in mine.body for number in ("ASN-1", "ASN-2")] == [True, True]
    assert "ASN-9" not in str(mine.body) + page_of(mine)
    assert "ASN-1" not in str(theirs.body) + page_of(theirs)
    assert "http://localhost:8000/notices/" in mine.body
    assert NoticeCopy.objects.filter(membership=clerk, mail__isnull=True).count() == 1
    assert gather_digests(now=EIGHT + timedelta(days=1)) == 1


def test_what_was_stopped_stands_in_no_daily_mail_any_more(clerk: Membership) -> None:
    choose(
        membership=clerk,
        choices={"stock.received": (True, "daily")},
    )
    received(clerk)
    stop(stop_token(clerk.pk, DIGEST))

    assert gather_digests(now=EIGHT) == 0
    assert send_due(now=lambda: EIGHT) == 0

    assert outbox.outbox == []
    assert NoticeCopy.objects.get().in_portal is True


def test_a_daily_mail_that_still_waits_for_the_server_leaves_out_what_was_stopped(
    clerk: Membership,
) -> None:
    choose(
        membership=clerk,
        choices={"stock.received": (True, "daily"), "stock.short": (True, "daily")},
    )
    received(clerk)
    facts = {"number": "ASN-2", "units": 1, "missing": 1}
    tell("stock.short", subject="ASN-2", facts=facts, companies=[clerk.company_id], now=NOON)
    assert gather_digests(now=EIGHT) == 1

    choose(membership=clerk, choices={"stock.received": (True, "never")})
    assert send_due(now=lambda: EIGHT) == 1

    (message,) = outbox.outbox
    assert ("ASN-1" in message.body, "ASN-2" in message.body) == (False, True)


def test_who_has_another_role_reads_and_is_written_nothing_of_the_old_one(
    clerk: Membership, importer: Membership
) -> None:
    choose(membership=clerk, choices={"stock.short": (True, "daily")})
    received(clerk)
    facts = {"number": "ASN-2", "units": 1, "missing": 1}
    tell("stock.short", subject="ASN-2", facts=facts, companies=[clerk.company_id], now=NOON)
    tell(
        "company.suspended",
        subject="S 1",
        facts={"reason": "…"},
        companies=[clerk.company_id],
        now=NOON,
    )
    assert (queries.unread(clerk), queries.copies(clerk).count()) == (3, 3)
    waiting, at_once = gather_digests(now=EIGHT), Mail.objects.filter(event="stock.received")
    assert (waiting, at_once.count()) == (1, 1)

    Membership.objects.filter(pk=clerk.pk).update(role=Role.IMPORTER)
    clerk.refresh_from_db()
    send_due(now=lambda: EIGHT)

    assert [one.notice.event for one in queries.copies(clerk)] == ["company.suspended"]
    assert queries.unread(clerk) == 1
    old = NoticeCopy.objects.get(membership=clerk, notice__event="stock.received")
    assert queries.copy_of(clerk, old.pk) is None
    assert [mail.state for mail in Mail.objects.exclude(event="company.suspended")] == [
        MailState.DROPPED,
        MailState.DROPPED,
    ]
    assert not [one for one in outbox.outbox if "ASN-" in one.body]


def test_what_waits_for_the_daily_mail_of_a_role_before_goes_into_none(clerk: Membership) -> None:
    choose(membership=clerk, choices={"stock.received": (True, "daily")})
    received(clerk)
    Membership.objects.filter(pk=clerk.pk).update(role=Role.IMPORTER)

    assert gather_digests(now=EIGHT) == 0
    assert NoticeCopy.objects.get().in_digest is False


def test_the_days_mails_take_as_many_statements_for_many_as_for_one(
    clerk: Membership, django_assert_max_num_queries: Any
) -> None:
    members = [clerk, *(MembershipFactory.create(company=clerk.company) for _ in range(20))]
    for member in members:
        choose(membership=member, choices={"stock.received": (True, "daily")})
    received(clerk)

    with django_assert_max_num_queries(12):
        assert gather_digests(now=EIGHT) == 21


# --- The link that stops them -------------------------------------------------------------------


def stop(token: str, **told: str) -> Any:
    return Client(headers={"accept-language": "en"}).post(f"/mail/stop/{token}/", told)


def test_one_click_signed_out_stops_this_kind_of_mail(clerk: Membership) -> None:
    token = stop_token(clerk.pk, "stock.received")
    browser = Client(headers={"accept-language": "en"}, enforce_csrf_checks=True)

    shown = browser.get(f"/mail/stop/{token}/")
    assert (shown.status_code, "Your goods are in bond" in shown.text) == (200, True)
    assert not NoticeChoice.objects.exists(), "looking at the page changes nothing"

    done = browser.post(f"/mail/stop/{token}/", {"List-Unsubscribe": "One-Click"})

    assert (done.status_code, "You get no more of these e-mails" in done.text) == (200, True)
    choice = NoticeChoice.objects.get()
    assert (choice.event, choice.in_portal, choice.mail) == ("stock.received", True, "never")
    received(clerk)
    assert not Mail.objects.exists()
    assert NoticeCopy.objects.get().in_portal is True


def test_the_daily_mails_link_stops_what_came_daily_and_nothing_else(clerk: Membership) -> None:
    choose(
        membership=clerk,
        choices={"stock.received": (False, "daily"), "stock.short": (True, "now")},
    )

    stop(stop_token(clerk.pk, DIGEST))

    chosen = {one.event: (one.in_portal, one.mail) for one in NoticeChoice.objects.all()}
    assert chosen["stock.received"] == (False, "never")
    assert chosen["stock.short"] == (True, "now")
    assert "round.opened" not in chosen


@pytest.mark.parametrize("how", ["forged", "another salt", "expired", "nobody", "no event"])
def test_a_link_that_is_not_ours_or_too_old_stops_nothing(clerk: Membership, how: str) -> None:
    good = stop_token(clerk.pk, "stock.received")
    token = {
        "forged": good[:-1] + ("A" if good[-1] != "A" else "B"),
        "another salt": signing.dumps([clerk.pk, "stock.received"], salt="password-reset"),
        "expired": _ninety_one_days_old(clerk.pk),
        "nobody": stop_token(10**9, "stock.received"),
        "no event": stop_token(clerk.pk, "nonsense"),
    }[how]

    for answer in (stop(token), Client().get(f"/mail/stop/{token}/")):
        assert answer.status_code == 422
        assert clerk.user.email not in answer.text
    assert not NoticeChoice.objects.exists()


def _ninety_one_days_old(membership: int) -> str:
    """The signer reads the machine's own clock."""
    with mock.patch("django.core.signing.time.time", return_value=_then()):
        return stop_token(membership, "stock.received")


def _then() -> float:
    import time

    return time.time() - timedelta(days=91).total_seconds()


def test_a_role_that_never_hears_of_it_chooses_nothing(operator: Membership) -> None:
    stop(stop_token(operator.pk, "stock.received"))

    assert not NoticeChoice.objects.exists()
    assert operator.role == Role.OPERATOR
