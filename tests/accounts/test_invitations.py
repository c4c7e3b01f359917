"""An invitation: its link, who may take it, and when it opens nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client

from accounts.models import AccountLetter, Company, Invitation, Membership, Role, User
from accounts.rules import people as rules
from accounts.services import people as services
from core.clock import now
from core.walls import inside
from tests.accounts.conftest import come_in, link_in, sent
from tests.accounts.inviting import invite, invited
from tests.factories.accounts import (
    MembershipFactory,
    SellerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def test_somebody_new_is_invited_and_comes_in(signed_in: Client, boss: Membership) -> None:
    signed_in.post("/people/S-1/invite/", {"email": "New@example.test", "role": "seller"})
    (letter,) = sent()
    assert (letter.subject, letter.to) == ("第一家商贸邀请您加入邦池", ["new@example.test"])
    assert "王总邀请您代表第一家商贸，角色：卖家。" in letter.body
    link, visitor = link_in(letter), Client()
    page = visitor.get(link).content.decode()
    assert "第一家商贸邀请您加入" in page

    answer = visitor.post(link, {"name": "新人", "password": "shells & paper 9"})

    assert answer.headers["Location"] == "/"
    assert '<h1 class="page-title">第一家商贸</h1>' in visitor.get("/").content.decode()
    member = Membership.objects.get(user__email="new@example.test")
    assert (member.user.name, member.role, member.is_admin) == ("新人", "seller", False)
    assert come_in(Client(), "new@example.test", "shells & paper 9") == "/"
    again = Client().get(link)
    assert (again.status_code, "邀请已被接受，请直接登录。" in again.content.decode()) == (
        409,
        True,
    )


def test_who_has_an_account_signs_in_and_accepts(signed_in: Client) -> None:
    UserFactory.create(email="old@example.test", name="Old", language="en")
    signed_in.post("/people/S-1/invite/", {"email": "old@example.test", "role": "seller"})
    (letter,) = sent()
    assert letter.subject == "First Trading invites you to Bondpool"
    assert "王总 invites you to act for First Trading, as: seller." in letter.body
    link, visitor = link_in(letter), Client()

    assert visitor.post(link, {"name": "x", "password": "shells & paper 9"}).status_code == 409
    assert not Membership.objects.filter(user__email="old@example.test").exists()
    assert come_in(visitor, "old@example.test", next=link) == link
    assert visitor.post(link).headers["Location"] == "/"
    assert Membership.objects.filter(user__email="old@example.test").count() == 1


def test_who_accepts_acts_for_the_new_company_from_then_on(signed_in: Client) -> None:
    link, visitor = invite(signed_in, "old@example.test"), Client()
    own = MembershipFactory.create(user__email="old@example.test", company__name_zh="自己的商贸")
    visitor.force_login(own.user)
    assert '<h1 class="page-title">自己的商贸</h1>' in visitor.get("/").text

    answer = visitor.post(link, follow=True)

    assert "已切换，当前代表：第一家商贸。" in answer.text
    assert '<h1 class="page-title">第一家商贸</h1>' in answer.text
    assert '<h1 class="page-title">第一家商贸</h1>' in visitor.get("/").text


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_who_is_invited_is_written_to_in_the_language_of_the_page(
    signed_in: Client, language: str
) -> None:
    link, visitor = invite(signed_in), Client(headers={"accept-language": language})

    visitor.post(link, {"name": "New", "password": "shells & paper 9"})

    assert User.objects.get(email="new@example.test").language == language


def test_an_invitation_is_for_its_own_address(signed_in: Client) -> None:
    link = invite(signed_in)
    other = Client()
    other.force_login(UserFactory.create(email="other@example.test"))

    assert other.post(link).status_code == 409
    assert not Membership.objects.filter(user__email="other@example.test").exists()
    assert invited()[0].accepted_at is None


def test_a_link_that_is_too_old_forged_or_taken_back_opens_nothing(signed_in: Client) -> None:
    link = invite(signed_in)
    token = link.split("/")[2]
    (invitation,) = invited()
    bad = [
        f"/invitation/{token[:-3]}abc/",
        "/invitation/x/",
        "/invitation/" + signing.dumps([1, "x", 1], salt="other") + "/",
    ]
    assert [Client().get(path).status_code for path in bad] == [404, 404, 404]

    with pytest.raises(rules.InvitationTooOld):
        services.accept(token=token, user=None, now=now() + timedelta(days=7))
    signed_in.post(f"/people/S-1/invitations/{invitation.uid}/revoke/")
    answer = Client().post(link, {"name": "新人", "password": "shells & paper 9"})

    assert answer.status_code == 409
    assert "邀请已撤回。" in answer.content.decode()
    assert User.objects.count() == 1


def test_sending_again_makes_the_first_link_worthless(signed_in: Client) -> None:
    first = invite(signed_in)
    (invitation,) = invited()

    signed_in.post(f"/people/S-1/invitations/{invitation.uid}/again/")

    (letter,) = sent()
    assert Client().get(first).status_code == 404
    assert Client().get(link_in(letter)).status_code == 200


def test_two_cannot_be_invited_as_one_and_members_not_at_all(
    signed_in: Client, boss: Membership
) -> None:
    invite(signed_in)
    for email in ("new@example.test", "NEW@example.test", "boss@example.test"):
        answer = signed_in.post("/people/S-1/invite/", {"email": email, "role": "seller"})
        assert answer.status_code == 409

    assert len(invited()) == 1
    assert not AccountLetter.objects.exists()


@pytest.mark.parametrize("email", ["boss@example.test", " Boss@Example.test "])
def test_nobody_invites_himself_into_another_role(boss: Membership, email: str) -> None:
    boss.company.kinds = ["seller", "importer"]
    boss.company.save()

    with pytest.raises(rules.OwnRole):
        services.invite(
            company=boss.company,
            email=email,
            role=Role.IMPORTER,
            is_admin=True,
            by=boss.user,
            now=now(),
        )

    assert invited() == []
    assert not AccountLetter.objects.exists()


def test_nobody_takes_an_invitation_of_his_own_by_taking_its_address(
    signed_in: Client, boss: Membership
) -> None:
    boss.company.kinds = ["seller", "importer"]
    boss.company.save()
    link = invite(signed_in, "alias@example.test", role="importer")
    boss.user.email = "alias@example.test"
    boss.user.save()

    answer = signed_in.post(link)

    assert answer.status_code == 409
    assert "不能更改自己的角色" in answer.content.decode()
    assert [one.accepted_at for one in invited()] == [None]
    assert Membership.objects.get().role == "seller"


@pytest.mark.parametrize(
    "wrong", [{"email": "x"}, {"email": "a" * 10_000 + "@b.test"}, {"email": ""}]
)
def test_an_invitation_that_is_wrong_is_not_sent(signed_in: Client, wrong: dict[str, str]) -> None:
    assert signed_in.post("/people/S-1/invite/", {"role": "seller"} | wrong).status_code == 422

    assert invited() == []
    assert not AccountLetter.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"name": "长" * 10_000}, {"name": ""}, {"password": "short"}, {"password": "1234567890"}],
)
def test_accepting_with_a_wrong_form_makes_nobody(signed_in: Client, wrong: dict[str, str]) -> None:
    link = invite(signed_in)

    told = {"name": "新人", "password": "shells & paper 9"} | wrong
    assert Client().post(link, told).status_code == 422

    assert User.objects.count() == 1
    assert invited()[0].accepted_at is None


def test_a_closed_account_accepts_nothing(boss: Membership) -> None:
    gone = UserFactory.create(email="gone@example.test", is_active=False)
    made = services.invite(
        company=boss.company,
        email=gone.email,
        role=Role.SELLER,
        is_admin=False,
        by=boss.user,
        now=now(),
    )

    with pytest.raises(rules.AccountClosed):
        services.accept(token=services.invitation_token(made), user=gone, now=now())

    assert not Membership.objects.filter(user=gone).exists()


def test_the_second_wall_hides_invitations_of_others(boss: Membership) -> None:
    other = SellerFactory.create()
    services.invite(
        company=boss.company,
        email="x@y.test",
        role=Role.SELLER,
        is_admin=False,
        by=boss.user,
        now=now(),
    )

    with inside(other.pk):
        assert not Invitation._base_manager.exists()
    with inside(boss.company_id):
        assert Invitation._base_manager.count() == 1


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_invitation_that_does_not_open_says_why_in_the_look_of_the_gate(
    signed_in: Client, boss: Membership, language: str
) -> None:
    link = invite(signed_in)
    other = Client(headers={"accept-language": language})
    other.force_login(UserFactory.create())
    nobody = Client(headers={"accept-language": language})
    told = {"name": "新人", "password": "shells & paper 9"}

    theirs = other.post(link)
    signed_in.post(f"/people/S-1/invitations/{invited()[0].uid}/revoke/")
    revoked = nobody.post(link, told)
    unknown = nobody.get("/invitation/no-token/")

    assert [one.status_code for one in (theirs, revoked, unknown)] == [409, 409, 404]
    for answer in (theirs, revoked, unknown):
        page = answer.content.decode()
        assert '<body class="gate">' in page
        assert "accounts." not in page, "no raw codes"
    assert 'action="/logout/"' in theirs.content.decode()
    assert 'href="/login/"' in revoked.content.decode()
    assert Membership.objects.count() == 1
    assert invited()[0].accepted_at is None


def test_nobody_joins_a_suspended_company(client: Client, signed_in: Client) -> None:
    link = invite(signed_in)
    Company.objects.filter(code="S-1").update(status="suspended")

    answer = Client().post(link, {"name": "新人", "password": "a long good passphrase 9"})

    assert answer.status_code == 409
    assert "企业已被暂停" in answer.content.decode()
    assert not User.objects.filter(email="new@example.test").exists()
