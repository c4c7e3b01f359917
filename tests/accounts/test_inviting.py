"""Whom a company may ask in, how often, and what becomes of the letters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import AccountLetter, Company, Invitation, Membership, Role
from accounts.rules import people as rules
from accounts.services import people as services
from accounts.services.letters import send_due_letters
from core.clock import now
from core.walls import platform_wide
from tests.accounts.conftest import sent
from tests.factories.accounts import MembershipFactory, UserFactory, confirm

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> Membership:
    return MembershipFactory.create(company__code="S-1", is_admin=True)


@pytest.fixture
def signed_in(client: Client, boss: Membership) -> Client:
    client.force_login(boss.user)
    return confirm(client)


def _ask(boss: Membership, email: str) -> Invitation:
    return services.invite(
        company=boss.company, email=email, role=Role.SELLER, is_admin=False, by=boss.user, now=now()
    )


def _invited() -> list[Invitation]:
    with platform_wide():
        return list(Invitation.objects.order_by("pk"))


def test_who_is_not_admitted_sends_no_letters_to_strangers(
    signed_in: Client, boss: Membership
) -> None:
    """Anybody can apply, under any name."""
    standing = _ask(boss, "old@example.test")
    AccountLetter.objects.all().delete()
    Company.objects.filter(pk=boss.company_id).update(status="applicant")

    page = signed_in.get("/people/").content.decode()
    asked = signed_in.post("/people/S-1/invite/", {"email": "new@example.test", "role": "seller"})
    again = signed_in.post(f"/people/S-1/invitations/{standing.uid}/again/")

    assert "企业获准入后方可邀请人员。" in page
    assert 'action="/people/S-1/invite/"' not in page
    assert (asked.status_code, again.status_code) == (409, 409)
    assert [(one.email, one.issue) for one in _invited()] == [("old@example.test", 1)]
    assert not AccountLetter.objects.exists()


def test_a_company_makes_thirty_invitations_a_day(boss: Membership) -> None:
    made = [_ask(boss, f"{n}@example.test") for n in range(rules.MOST_A_DAY)]
    services.revoke(company=boss.company, invitation=made[0], now=now())

    with pytest.raises(rules.TooManyInvitations):
        _ask(boss, "one-more@example.test")

    assert len(_invited()) == AccountLetter.objects.count() + 1 == 30
    with platform_wide():
        Invitation.objects.update(invited_at=now() - timedelta(days=1, seconds=1))
    _ask(boss, "one-more@example.test")


def test_fifty_may_be_open(boss: Membership) -> None:
    long_ago = now() - timedelta(days=2)
    with platform_wide():
        Invitation.objects.bulk_create(
            Invitation(
                company=boss.company,
                email=f"{n}@example.test",
                role="seller",
                invited_by=boss.user,
                invited_at=long_ago,
                expires_at=long_ago + rules.INVITATION_LASTS,
            )
            for n in range(rules.MOST_OPEN)
        )

    with pytest.raises(rules.TooManyInvitations):
        _ask(boss, "one-more@example.test")

    assert len(_invited()) == 50
    assert not AccountLetter.objects.exists()
    services.revoke(company=boss.company, invitation=_invited()[0], now=now())
    _ask(boss, "one-more@example.test")


def test_one_invitation_is_sent_five_times(signed_in: Client, boss: Membership) -> None:
    asked = _ask(boss, "deaf@example.test")

    answers = [
        signed_in.post(f"/people/S-1/invitations/{asked.uid}/again/").status_code for _n in range(5)
    ]

    assert answers == [302, 302, 302, 302, 409]
    assert [one.issue for one in _invited()] == [5]
    assert AccountLetter.objects.count() == 1, "only the newest link opens anything"


def test_an_invitation_does_not_call_its_reader_by_a_name_that_a_stranger_typed(
    boss: Membership,
) -> None:
    person = UserFactory.create(email="lin@example.test", name="You have won", language="en")
    person.emailaddress_set.update(verified=False)  # type: ignore[attr-defined]
    _ask(boss, "lin@example.test")

    (letter,) = sent()

    assert "You have won" not in letter.body
    assert "Hello," in letter.body


def test_a_letter_is_tried_for_as_long_as_its_link_opens_and_the_page_says_so(
    signed_in: Client, boss: Membership, settings: object
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # type: ignore[attr-defined]
    asked = _ask(boss, "new@example.test")
    told = "邮件暂未发出，系统会继续重试。"
    assert told not in signed_in.get("/people/").content.decode()

    send_due_letters(now=now)
    assert told in signed_in.get("/people/").content.decode()
    six_days = now() + timedelta(days=6)
    send_due_letters(now=lambda: six_days)
    assert AccountLetter.objects.get().attempts == 2
    seven_days = asked.expires_at
    send_due_letters(now=lambda: seven_days)

    assert not AccountLetter.objects.exists()


def test_the_letter_of_an_invitation_that_is_taken_back_is_not_sent(boss: Membership) -> None:
    asked = _ask(boss, "new@example.test")

    services.revoke(company=boss.company, invitation=asked, now=now())

    assert sent() == []
