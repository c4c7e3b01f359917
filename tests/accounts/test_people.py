"""A company's admins say who acts for it: by invitation, until they are taken out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import Company, Membership, Role, User
from accounts.rules import people as rules
from accounts.services import people as services
from core.clock import now
from tests.accounts.conftest import come_in
from tests.accounts.inviting import asked, invite, invited
from tests.factories.accounts import (
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
    UserFactory,
    confirm,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["finance", "operator", "importer", "warehouse", "x", ""])
def test_a_seller_hands_out_no_role_of_others(
    signed_in: Client, boss: Membership, role: str
) -> None:
    assert (
        signed_in.post("/people/S-1/invite/", {"email": "a@b.test", "role": role}).status_code
        == 422
    )
    changed = signed_in.post(
        f"/people/S-1/members/{boss.pk}/change/", {"role": role, "is_admin": "on"}
    )

    assert changed.status_code == 422
    assert invited() == []
    assert Membership.objects.get().role == "seller"
    with pytest.raises(rules.RoleDoesNotFit):
        services.invite(
            company=boss.company,
            email="a@b.test",
            role=Role.FINANCE,
            is_admin=False,
            by=boss.user,
            now=now(),
        )


def test_a_member_who_is_removed_is_turned_away_at_the_next_request(
    signed_in: Client, boss: Membership
) -> None:
    leaver = MembershipFactory.create(company=boss.company)
    theirs = Client()
    theirs.force_login(leaver.user)
    assert theirs.get("/forecasts/").status_code == 200

    answer = signed_in.post(f"/people/S-1/members/{leaver.pk}/remove/")

    assert answer.status_code == 302
    assert theirs.get("/forecasts/").status_code == 404
    assert "您还没有代表任何企业" in theirs.get("/").content.decode()
    assert not Membership.objects.filter(pk=leaver.pk).exists()
    assert Membership.with_past.get(pk=leaver.pk).ended_at is not None
    invite(signed_in, leaver.user.email)


def test_the_last_admin_stays(signed_in: Client, boss: Membership) -> None:
    MembershipFactory.create(company=boss.company)

    removed = signed_in.post(f"/people/S-1/members/{boss.pk}/remove/")
    changed = signed_in.post(f"/people/S-1/members/{boss.pk}/change/", {"role": "seller"})

    assert (removed.status_code, changed.status_code) == (409, 409)
    assert "企业至少须有一名管理员，请先指定另一名管理员。" in removed.content.decode()
    assert Membership.objects.get(pk=boss.pk).is_admin


def test_who_is_no_admin_and_who_is_anothers_sees_no_people(
    client: Client, boss: Membership
) -> None:
    plain = MembershipFactory.create(company=boss.company)
    stranger = MembershipFactory.create(company__code="S-2", is_admin=True)
    _link = services.invite(
        company=boss.company,
        email="x@y.test",
        role=Role.SELLER,
        is_admin=False,
        by=boss.user,
        now=now(),
    )
    paths = ["invite/", f"members/{plain.pk}/remove/", f"members/{boss.pk}/change/"]
    paths += [f"invitations/{_link.uid}/again/", f"invitations/{_link.uid}/revoke/"]
    for who in (plain, stranger):
        client.force_login(who.user)
        assert client.get("/people/S-1/").status_code == 404
        for path in paths:
            told = {"email": "q@q.test", "role": "seller"}
            assert client.post(f"/people/S-1/{path}", told).status_code == 404
    client.force_login(stranger.user)
    for path in paths[1:]:
        assert client.post(f"/people/S-2/{path}", {"role": "seller"}).status_code == 404

    assert Membership.objects.count() == 3
    assert [one.revoked_at for one in invited()] == [None]


def test_an_operator_sees_to_the_people_of_any_company(client: Client, boss: Membership) -> None:
    operator = MembershipFactory.create(company=PlatformCompanyFactory.create(), role="operator")
    client.force_login(operator.user)
    confirm(client)

    page = client.get("/people/S-1/", headers={"Accept-Language": "en"}).content.decode()
    invite(client)
    leaver = MembershipFactory.create(company=boss.company)
    after = client.post(f"/people/S-1/members/{leaver.pk}/remove/", follow=True)

    assert after.redirect_chain == [("/people/S-1/", 302)]
    assert after.status_code == 200
    assert not Membership.objects.filter(pk=leaver.pk).exists()

    assert "boss@example.test" in page
    assert re.search(r'name="role"[^>]*><option value="(\w+)"', page)[1] == "seller"  # type: ignore[index]
    assert client.get("/people/NO-SUCH/").status_code == 404


def test_the_page_tells_role_second_factor_and_last_sign_in(
    english: Client, boss: Membership
) -> None:
    MembershipFactory.create(
        company=boss.company, user__name="<b>Zoë</b> \u202e", second_factor=True
    )
    english.force_login(boss.user)

    page = english.get("/people/").content.decode()

    assert "&lt;b&gt;Zoë&lt;/b&gt;" in page
    assert page.count(">yes</span>") == 1
    assert page.count(">no</span>") == 1


def test_the_page_asks_as_often_for_many_as_for_few(
    signed_in: Client, boss: Membership, django_assert_max_num_queries: Any
) -> None:
    for _n in range(20):
        MembershipFactory.create(company=boss.company)

    with django_assert_max_num_queries(20):
        signed_in.get("/people/")


def test_a_suspended_companys_administrator_only_looks(signed_in: Client, boss: Membership) -> None:
    Company.objects.filter(pk=boss.company_id).update(status="suspended")
    assert signed_in.get("/people/").status_code == 200
    answer = signed_in.post("/people/S-1/invite/", {"email": "b@b.test", "role": "seller"})

    assert answer.status_code == 409
    assert invited() == []


def test_the_history_of_each_member_is_one_press_away(signed_in: Client, boss: Membership) -> None:
    path = f"/audit/accounts.membership/{boss.pk}/"

    assert f'href="{path}"' in signed_in.get("/people/").content.decode()
    assert signed_in.get(path).status_code == 200


def test_an_operator_sees_to_others_people_and_not_to_the_platforms(client: Client) -> None:
    """Who gives himself finance as well would approve what he priced."""
    platform = PlatformCompanyFactory.create(code="P-1")
    SellerFactory.create(code="S-9")
    operator = MembershipFactory.create(company=platform, role=Role.OPERATOR.value)
    client.force_login(operator.user)
    confirm(client)

    assert client.get("/people/S-9/").status_code == 200
    assert client.get("/people/P-1/").status_code == 404
    sent_in = {"email": "second@example.test", "role": "finance"}
    assert client.post("/people/P-1/invite/", sent_in).status_code == 404
    assert invited() == []


def test_nobody_gives_himself_another_role(client: Client) -> None:
    platform = PlatformCompanyFactory.create(code="P-1")
    boss = MembershipFactory.create(company=platform, role=Role.OPERATOR.value, is_admin=True)
    client.force_login(boss.user)
    confirm(client)

    answer = client.post(
        f"/people/P-1/members/{boss.pk}/change/", {"role": "finance", "is_admin": "on"}
    )

    assert answer.status_code == 409
    boss.refresh_from_db()
    assert boss.role == Role.OPERATOR.value


def test_inviting_and_taking_out_ask_once_more_who_is_there(
    client: Client, boss: Membership
) -> None:
    member = MembershipFactory.create(company=boss.company)
    standing = asked(boss, "asked@example.test")
    client.force_login(boss.user)

    for path, said in (
        ("invite/", {"email": "new@example.test", "role": "seller"}),
        (f"members/{member.pk}/remove/", {}),
        (f"invitations/{standing.uid}/revoke/", {}),
        (f"invitations/{standing.uid}/again/", {}),
    ):
        answer = client.post(f"/people/S-1/{path}", said)
        assert answer.headers["Location"] == "/account/confirm/?next=/", path

    assert [(one.revoked_at, one.issue) for one in invited()] == [(None, 1)]
    assert Membership.objects.filter(pk=member.pk).exists()


def test_what_was_written_for_one_company_does_not_land_at_another(client: Client) -> None:
    person = UserFactory.create()
    kept = MembershipFactory.create(user=person, is_admin=True)
    ended = MembershipFactory.create(user=person, is_admin=True)
    client.force_login(person)
    client.post("/act-for/", {"membership": ended.pk})
    assert client.get("/company/edit/").status_code == 200
    Membership.objects.filter(pk=ended.pk).update(ended_at=now())

    answer = client.post("/company/edit/", {"street": "1 Elsewhere Road", "town": "Ningbo"})

    assert answer.status_code == 409
    kept.company.refresh_from_db()
    assert kept.company.street != "1 Elsewhere Road"


def test_the_page_of_a_person_tells_what_was_changed_about_it(
    english: Client, boss: Membership
) -> None:
    member = MembershipFactory.create(company=boss.company, user__email="clerk@example.test")
    english.force_login(boss.user)
    confirm(english)
    address = f"/people/S-1/members/{member.pk}/"
    english.post(f"{address}change/", {"role": "seller", "is_admin": "on"})

    page = english.get(address).content.decode()

    assert f'href="{address}"' in english.get("/people/").content.decode()
    assert "History · membership" in page
    assert "<del>no</del> → yes" in page
    assert "boss@example.test" in page, "who did it"
    assert "History · user" not in page, "a person's own row is for the person and the operator"
    assert "Sign-ins and keys" not in page
    assert english.get(f"/people/S-1/members/{member.pk + 1}/").status_code == 404


def test_an_operator_reads_the_whole_history_of_a_person(english: Client, boss: Membership) -> None:
    come_in(Client(), boss.user.email)
    User.objects.filter(pk=boss.user_id).update(name="王总经理")
    company = PlatformCompanyFactory.create()
    english.force_login(MembershipFactory.create(company=company, role=Role.OPERATOR.value).user)

    page = english.get(f"/people/S-1/members/{boss.pk}/").content.decode()

    assert "<del>王总</del> → 王总经理" in page.partition("History · user")[2]
    assert "signed in" in page.partition("Sign-ins and keys")[2]


def test_the_page_of_a_person_is_for_who_manages_its_company(
    english: Client, boss: Membership
) -> None:
    clerk = MembershipFactory.create(company=boss.company)
    stranger = MembershipFactory.create(is_admin=True)

    for person in (clerk, stranger):
        english.force_login(person.user)
        assert english.get(f"/people/S-1/members/{boss.pk}/").status_code == 404
