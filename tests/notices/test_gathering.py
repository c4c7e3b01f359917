"""News of what stands below: tokens and files are told of, each once, to the right people."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from accounts.models import Membership, Role
from accounts.services.people import invite
from core import clock
from jobs.models import Job, JobKind, JobState
from notices.models import Mail, Notice, NoticeCopy, Reminder
from notices.services import gather, gathering
from notices.services.admissions import LOOK
from notices.services.gathering import STEPS_ASIDE
from notices.tasks import look_at_the_clock
from notices.wording import worded
from rest.models import ApiToken
from rest.services import issue_token
from tests.factories.accounts import MembershipFactory
from tests.notices.conftest import NOON, an_admin

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(days=401)


def a_token(clerk: Membership, days: int) -> ApiToken:
    token, _text = issue_token(
        company=clerk.company,
        role=clerk.role,
        created_by=clerk.user,
        name="robot",
        scopes=["stock:read"],
        days=days,
        now=NOON,
    )
    return token


def a_job(clerk: Membership, **told: Any) -> Job:
    facts = {
        "kind": JobKind.EXPORT,
        "state": JobState.DONE,
        "result_name": "stock.xlsx",
        "finished_at": NOON,
        "expires_at": NOON + timedelta(days=7),
        **told,
    }
    facts = {"table": "stock", **facts}
    job: Job = Job.objects.create(
        action="xlsx",
        owner=clerk.company,
        user=clerk.user,
        role=clerk.role,
        queued_at=NOON,
        due_at=NOON,
        **facts,
    )
    return job


def test_a_new_token_is_told_to_the_administrators_at_once(
    clerk: Membership, neighbour: Membership
) -> None:
    other = an_admin(company=clerk.company)
    MembershipFactory.create(company=clerk.company)
    a_token(clerk, days=90)

    assert [gather(now=NOON + timedelta(minutes=n)) for n in range(3)] == [1, 0, 0]

    notice = Notice.objects.get()
    assert (notice.event, notice.company) == ("token.created", clerk.company)
    assert notice.facts == {"name": "robot", "by": clerk.user.name}
    assert {copy.membership for copy in NoticeCopy.objects.all()} == {clerk, other}
    assert Mail.objects.count() == 2


def test_a_token_is_pointed_out_a_week_before_its_end(clerk: Membership) -> None:
    a_token(clerk, days=90)
    a_token(clerk, days=7)
    gather(now=NOON)
    before = Notice.objects.count()
    ends = NOON + timedelta(days=90)

    assert gather(now=ends - timedelta(days=7, seconds=1)) == 0
    assert gather(now=ends - timedelta(days=7)) == 1
    assert gather(now=ends - timedelta(days=6)) == 0
    assert gather(now=ends) == 0
    assert Notice.objects.count() == before + 1


def test_a_revoked_token_needs_no_warning(clerk: Membership) -> None:
    token = a_token(clerk, days=90)
    ApiToken.objects.filter(pk=token.pk).update(revoked_at=NOON)

    assert gather(now=token.expires_at - timedelta(days=1)) == 0


def test_a_file_is_told_to_whoever_asked_for_it(clerk: Membership) -> None:
    MembershipFactory.create(company=clerk.company)
    job = a_job(clerk)
    for told in (
        {"state": JobState.RUNNING, "result_name": ""},
        {"result_name": ""},
        {"finished_at": NOON - timedelta(days=31)},
    ):
        a_job(clerk, **told)

    assert [gather(now=NOON) for _ in range(2)] == [1, 0]

    assert [copy.membership for copy in NoticeCopy.objects.all()] == [clerk]
    assert Notice.objects.get().facts == {"name": "stock.xlsx", "job": job.public_id}
    assert not Mail.objects.exists()


def test_a_bulk_action_and_a_failed_job_are_told_to_whoever_asked(clerk: Membership) -> None:
    MembershipFactory.create(company=clerk.company)
    bare = {"result_name": "", "expires_at": None}
    acted = {"table": "retail-orders", "kind": JobKind.ACT, "done": 7, "refused": 2, **bare}
    ended = a_job(clerk, **acted)
    failed = a_job(clerk, state=JobState.FAILED, **bare)
    a_job(clerk, state=JobState.CANCELLED, **bare)

    assert [gather(now=NOON) for _ in range(2)] == [2, 0]

    first, second = Notice.objects.order_by("pk")
    assert (first.event, second.event) == ("job.ended", "job.failed")
    assert first.facts == {
        "list": "零售订单",
        "done": 5,
        "refused": 2,
        "job": ended.public_id,
    }
    assert second.facts["job"] == failed.public_id
    assert {copy.membership for copy in NoticeCopy.objects.all()} == {clerk}
    with override("zh-hans"):
        told = worded(first, role=Role.SELLER)
    assert (told.title, told.path) == (
        "零售订单：批量操作已结束",
        f"/jobs/{ended.public_id}/",
    )


def test_what_happened_while_nobody_looked_for_days_is_told(clerk: Membership) -> None:
    a_token(clerk, days=90)
    invite(
        company=clerk.company,
        email="new@example.test",
        role=Role.SELLER,
        is_admin=False,
        by=clerk.user,
        now=NOON,
    )
    back = NOON + timedelta(days=5)

    assert [gather(now=back) for _ in range(2)] == [2, 0]

    told = Notice.objects.order_by("pk").values_list("event", flat=True)
    assert list(told) == ["token.created", "member.invited"]


def test_a_look_at_nothing_takes_few_statements(
    clerk: Membership, django_assert_max_num_queries: Any
) -> None:
    a_token(clerk, days=90)
    gather(now=NOON)

    with django_assert_max_num_queries(8):
        assert gather(now=NOON) == 0


def test_an_invitation_is_told_to_the_administrators_and_once(
    clerk: Membership, neighbour: Membership
) -> None:
    MembershipFactory.create(company=clerk.company)
    invite(
        company=clerk.company,
        email="new@example.test",
        role=Role.SELLER,
        is_admin=False,
        by=clerk.user,
        now=NOON,
    )

    assert [gather(now=NOON + timedelta(minutes=n)) for n in range(3)] == [1, 0, 0]

    notice = Notice.objects.get()
    assert [copy.membership for copy in NoticeCopy.objects.all()] == [clerk]
    with override("zh-hans"):
        told = worded(notice, role=Role.SELLER)
    assert told.title == "已邀请 new@example.test"
    assert told.text == f"{clerk.user.name} 邀请其以“卖家”身份代表贵企业。"
    assert told.path == "/people/"


def test_one_that_cannot_be_told_holds_up_no_other_and_is_raised_at_the_end(
    clerk: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = a_token(clerk, days=90), a_token(clerk, days=90)
    a_job(clerk)
    tell_of = gathering._tell_new_token

    def breaks(token: ApiToken, now: datetime) -> None:
        tell_of(token, now)
        if token == broken:
            raise ZeroDivisionError

    monkeypatch.setattr(gathering, "_tell_new_token", breaks)
    monkeypatch.setattr(clock, "now", lambda: NOON)
    old = Reminder.objects.create(name="stock.expiring", key="x", taken_at=NOON - LONG_AGO)
    step = Reminder.objects.create(name=LOOK, key="1", taken_at=NOON - LONG_AGO)

    with pytest.raises(ExceptionGroup):
        look_at_the_clock()

    told = Notice.objects.order_by("event").values_list("event", "subject")
    assert [event for event, _subject in told] == ["export.ready", "token.created"]
    assert (told[1][1], Reminder.objects.filter(name="token.created").count()) == (
        f"token {fine.pk}",
        1,
    )
    left = set(Reminder.objects.filter(pk__in=[old.pk, step.pk]))
    assert left == {step}, "the day's tidying was done as well"
    monkeypatch.setattr(gathering, "_tell_new_token", tell_of)
    assert gather(now=NOON) == 0, "it has stepped aside"
    assert gather(now=NOON + STEPS_ASIDE) == 1
    assert gather(now=NOON + 2 * STEPS_ASIDE) == 0


def test_a_whole_look_of_those_that_cannot_be_told_holds_up_the_next_one_only_once(
    clerk: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "_AT_ONCE", 3)
    broken = [a_token(clerk, days=90).pk for _ in range(3)]
    fine = a_token(clerk, days=90)
    tell_of = gathering._tell_new_token

    def breaks(token: ApiToken, now: datetime) -> None:
        tell_of(token, now)
        if token.pk in broken:
            raise ZeroDivisionError

    monkeypatch.setattr(gathering, "_tell_new_token", breaks)
    with pytest.raises(ExceptionGroup) as first:
        gather(now=NOON)
    assert "3 could not be done, 0 were" in str(first.value.exceptions[0])
    assert not Notice.objects.exists()

    assert gather(now=NOON + timedelta(seconds=5)) == 1
    assert Notice.objects.get().subject == f"token {fine.pk}"

    with pytest.raises(ExceptionGroup):
        gather(now=NOON + STEPS_ASIDE)
    assert Notice.objects.count() == 1
