"""An operator closes an account, reopens it, or helps somebody who lost the second factor."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import AccountEvent, AccountLetter, Membership, Role, User
from accounts.rules.people import LastAdmin
from accounts.services.people import remove
from core.clock import now
from core.history import events_of
from core.walls import platform_wide
from rest.services import issue_token
from tests.accounts.conftest import come_in, sent
from tests.factories.accounts import (
    MembershipFactory,
    PlatformCompanyFactory,
    UserFactory,
    confirm,
    give_second_factor,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lin() -> Membership:
    return MembershipFactory.create(
        company__code="S-1", is_admin=True, user__email="lin@example.test", user__name="Lin"
    )


@pytest.fixture
def operator() -> Membership:
    """A clerk of the platform, who manages nobody there."""
    return MembershipFactory.create(
        company=PlatformCompanyFactory.create(code="P-1"), role=Role.OPERATOR.value
    )


def _as(member: Membership) -> Client:
    client = Client(headers={"user-agent": "Operator's browser"}, REMOTE_ADDR="192.0.2.9")
    client.force_login(member.user)
    return confirm(client)


def _do(client: Client, member: Membership, act: str, reason: str = "被盗用") -> Any:
    path = f"/people/{member.company.code}/members/{member.pk}/account/"
    return client.post(path, {"act": act, "reason": reason})


def _token(member: Membership) -> str:
    with platform_wide():
        return issue_token(
            company=member.company,
            role=Role(member.role),
            scopes=["company:read"],
            name="robot",
            days=30,
            created_by=member.user,
            now=now(),
        )[1]


def _answers(token: str) -> int:
    return Client().get("/api/v1/me", headers={"authorization": f"Bearer {token}"}).status_code


def _untouched(person: User) -> bool:
    person.refresh_from_db()
    return (
        person.is_active
        and person.stint == 1
        and not AccountEvent.objects.exclude(by=None).exists()
        and not AccountLetter.objects.exists()
    )


def test_what_was_open_ends_at_once_and_stays_ended(lin: Membership, operator: Membership) -> None:
    theirs, token = Client(), _token(lin)
    theirs.force_login(lin.user)
    assert (theirs.get("/account/").status_code, _answers(token)) == (200, 200)

    done = _do(_as(operator), lin, "close")

    assert done.headers["Location"] == f"/people/S-1/members/{lin.pk}/"
    assert (theirs.get("/account/").status_code, _answers(token)) == (302, 401)
    assert come_in(Client(), "lin@example.test") == "422"
    (letter,) = sent()
    assert (letter.subject, letter.to) == ("您的账户已停用", ["lin@example.test"])
    assert "被盗用" in letter.body

    _do(_as(operator), lin, "reopen", "已核实身份")

    assert (theirs.get("/account/").status_code, _answers(token)) == (302, 401)
    assert come_in(Client(), "lin@example.test") == "/"
    assert "已核实身份" in sent()[0].body


def test_who_did_it_and_why_stays_in_the_trail(lin: Membership, operator: Membership) -> None:
    desk = _as(operator)
    _do(desk, lin, "close")

    event = AccountEvent.objects.get(kind="account_closed")
    assert (event.user, event.by, event.reason) == (lin.user, operator.user, "被盗用")
    assert (event.address, event.agent) == ("192.0.2.9", "Operator's browser")
    with platform_wide():
        change = events_of(User).objects.filter(pgh_obj=lin.user_id).latest("pgh_id")
    assert (change.is_active, change.pgh_context["reason"]) == (False, "被盗用")
    shown = desk.get("/audit/accounts/").content.decode()
    assert "平台停用账户" in shown
    assert f"{operator.user.name}: 被盗用" in shown
    page = desk.get(f"/people/S-1/members/{lin.pk}/").content.decode()
    assert 'value="reopen"' in page
    assert "选填" not in page, "the reason is needed"
    assert "被盗用" in page


def test_who_lost_the_factor_sets_one_up_anew(operator: Membership) -> None:
    boss = MembershipFactory.create(
        company=operator.company, role=Role.OPERATOR.value, is_admin=True
    )
    clerk = MembershipFactory.create(company=operator.company, role=Role.FINANCE.value)
    theirs = _as(clerk)
    assert theirs.get("/settlement/batches/").status_code == 200

    _do(_as(boss), clerk, "reset", "手机遗失，电话核实")

    assert not Authenticator.objects.filter(user=clerk.user).exists()
    assert theirs.get("/account/").status_code == 302
    (letter,) = sent()
    assert letter.subject == "您的双重验证已重置"
    assert "手机遗失，电话核实" in letter.body
    event = AccountEvent.objects.get(kind="second_factor_reset")
    assert (event.user, event.by, event.reason) == (clerk.user, boss.user, "手机遗失，电话核实")
    again = Client()
    come_in(again, clerk.user.email)
    assert (
        again.get("/settlement/batches/").headers["Location"].startswith("/account/second-factor/")
    )


@pytest.mark.parametrize("act", ["close", "reopen", "reset"])
def test_it_takes_a_reason_and_the_operators_own_factor_shown_lately(
    lin: Membership, operator: Membership, act: str
) -> None:
    give_second_factor(lin.user)
    stale = confirm(_as(operator), seconds_ago=601)

    assert _do(stale, lin, act).headers["Location"].startswith("/account/confirm/")
    assert _do(_as(operator), lin, act, " \u202e").status_code in {409, 422}

    assert _untouched(lin.user)
    assert Authenticator.objects.filter(user=lin.user).count() == 1


def test_nobody_does_it_to_himself_and_a_clerk_not_to_the_platforms_people(
    operator: Membership,
) -> None:
    colleague = MembershipFactory.create(company=operator.company, role=Role.FINANCE.value)
    boss = MembershipFactory.create(
        company=operator.company, role=Role.OPERATOR.value, is_admin=True
    )
    outside = MembershipFactory.create(user=colleague.user)

    assert _do(_as(operator), colleague, "close").status_code == 404
    assert _do(_as(operator), outside, "close").status_code == 409
    assert _do(_as(operator), outside, "reset").status_code == 409
    assert _do(_as(boss), boss, "close").status_code == 409
    assert _do(_as(boss), boss, "reset").status_code == 409

    assert _untouched(colleague.user)
    assert _untouched(boss.user)
    assert Authenticator.objects.count() == 3
    assert _do(_as(boss), colleague, "close").status_code == 302


def test_staff_of_the_back_office_are_the_platforms_people(operator: Membership) -> None:
    staff = MembershipFactory.create(user=UserFactory.create(is_staff=True))

    assert _do(_as(operator), staff, "close").status_code == 409

    assert _untouched(staff.user)


def test_what_is_so_already_is_not_done_again(lin: Membership, operator: Membership) -> None:
    desk = _as(operator)
    assert _do(desk, lin, "reopen").status_code == 409
    assert _do(desk, lin, "reset").status_code == 409
    assert _untouched(lin.user)

    _do(desk, lin, "close")
    assert _do(desk, lin, "close").status_code == 409
    assert AccountEvent.objects.filter(kind="account_closed").count() == 1


def test_only_an_operator_does_it(lin: Membership) -> None:
    other = MembershipFactory.create(company=lin.company)
    finance = MembershipFactory.create(
        company=PlatformCompanyFactory.create(), role=Role.FINANCE.value, is_admin=True
    )

    for member in (lin, finance):
        assert _do(_as(member), other, "close").status_code == 404

    assert _untouched(other.user)


@pytest.mark.parametrize("act", ["close", "reset"])
def test_an_address_that_waits_for_its_confirmation_is_none_any_more(
    lin: Membership, operator: Membership, act: str
) -> None:
    give_second_factor(lin.user)
    asked = EmailAddress.objects.create(user=lin.user, email="thief@example.test", verified=False)
    link = EmailConfirmationHMAC.create(asked).key

    assert _do(_as(operator), lin, act).status_code == 302
    Client().post(f"/signup/confirm/{link}/")

    lin.user.refresh_from_db()
    assert lin.user.email == "lin@example.test"
    assert not EmailAddress.objects.filter(email="thief@example.test").exists()


def test_whose_account_is_closed_manages_nobody(lin: Membership, operator: Membership) -> None:
    clerk = MembershipFactory.create(company=lin.company, is_admin=True)
    assert _do(_as(operator), clerk, "close").status_code == 302

    with pytest.raises(LastAdmin), platform_wide():
        remove(company=lin.company, member=lin, now=now())

    lin.refresh_from_db()
    assert lin.ended_at is None


def test_who_acts_for_no_company_is_found_by_the_address_and_closed(operator: Membership) -> None:
    nobody = UserFactory.create(email="stray@example.test", name="Stray")
    theirs, desk = Client(), _as(operator)
    theirs.force_login(nobody)
    assert theirs.get("/account/").status_code == 200

    found = desk.get("/audit/people/", {"q": "stray@"}).content.decode()
    path = f"/audit/people/{nobody.pk}/"
    assert f'href="{path}"' in found
    page = desk.get(path).content.decode()
    assert (f'action="{path}change/"' in page, 'value="close"' in page) == (True, True)
    assert "所代表企业" in page
    done = desk.post(f"{path}change/", {"act": "close", "reason": "注册信息虚假"})

    assert done.headers["Location"] == path
    nobody.refresh_from_db()
    assert (nobody.is_active, theirs.get("/account/").status_code) == (False, 302)
    event = AccountEvent.objects.get(kind="account_closed")
    assert (event.user, event.by, event.reason) == (nobody, operator.user, "注册信息虚假")
    assert "注册信息虚假" in desk.get(path).content.decode()
    narrowed = desk.get("/audit/people/", {"company": "no", "closed": "yes"}).content.decode()
    assert path in narrowed
    assert f"/audit/people/{operator.user_id}/" not in narrowed


@pytest.mark.parametrize(
    ("told", "status"),
    [({"act": "close", "reason": " "}, 422), ({"act": "burn", "reason": "x"}, 404), ({}, 404)],
)
def test_an_account_without_a_company_is_not_closed_without_a_reason(
    operator: Membership, told: dict[str, str], status: int
) -> None:
    nobody = UserFactory.create(email="stray@example.test")

    answer = _as(operator).post(f"/audit/people/{nobody.pk}/change/", told)

    assert answer.status_code == status
    assert _untouched(nobody)


def test_a_colleague_of_the_platform_and_oneself_are_not_closed_that_way_either(
    operator: Membership, lin: Membership
) -> None:
    clerk = MembershipFactory.create(company=operator.company, role=Role.FINANCE.value)
    desk, told = _as(operator), {"act": "close", "reason": "x"}

    answers = [
        desk.post(f"/audit/people/{pk}/change/", told).status_code
        for pk in (clerk.user_id, operator.user_id)
    ]

    assert all(status in {403, 409, 422} for status in answers)
    assert _untouched(clerk.user)
    assert _untouched(operator.user)
    assert _as(lin).get(f"/audit/people/{clerk.user_id}/").status_code == 404
