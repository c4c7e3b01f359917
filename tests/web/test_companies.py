"""A person may act for several companies, one at a time, and for nobody else's."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts import middleware
from accounts.models import Role
from tests.factories.accounts import MembershipFactory, PlatformCompanyFactory, UserFactory
from web import views

pytestmark = pytest.mark.django_db


def test_the_middleware_reads_what_the_page_keeps() -> None:
    assert middleware.SESSION_KEY == views.MEMBERSHIP_KEY


def test_a_person_switches_between_its_companies(client: Client) -> None:
    person = UserFactory.create()
    MembershipFactory.create(user=person, company__name_zh="第一家商贸")
    second = MembershipFactory.create(user=person, company__name_zh="第二家商贸")
    client.force_login(person)
    assert '<h1 class="page-title">第一家商贸</h1>' in client.get("/").content.decode()

    answer = client.post("/act-for/", {"membership": second.pk}, follow=True)

    assert '<h1 class="page-title">第二家商贸</h1>' in answer.content.decode()
    assert "已切换，当前代表：第二家商贸。" in answer.content.decode()
    assert '<h1 class="page-title">第二家商贸</h1>' in client.get("/").content.decode()


@pytest.mark.parametrize("sent", [{}, {"membership": ""}, {"membership": "x"}, {"membership": "0"}])
def test_a_membership_that_is_none_is_not_there(client: Client, sent: dict[str, str]) -> None:
    client.force_login(MembershipFactory.create().user)

    assert client.post("/act-for/", sent).status_code == 404


def test_the_membership_of_another_person_is_not_there(client: Client) -> None:
    mine = MembershipFactory.create(company__name_zh="我的商贸")
    foreign = MembershipFactory.create(company__name_zh="别人的商贸")
    client.force_login(mine.user)

    answer = client.post("/act-for/", {"membership": foreign.pk})

    assert answer.status_code == 404
    assert views.MEMBERSHIP_KEY not in client.session
    assert "别人的商贸" not in client.get("/").content.decode()


def test_a_membership_forged_into_the_session_is_not_believed(client: Client) -> None:
    mine = MembershipFactory.create(company__name_zh="我的商贸")
    foreign = MembershipFactory.create(company__name_zh="别人的商贸")
    client.force_login(mine.user)
    session = client.session
    session[views.MEMBERSHIP_KEY] = foreign.pk
    session.save()

    assert '<h1 class="page-title">我的商贸</h1>' in client.get("/").content.decode()


def test_switching_is_a_press_of_a_button_by_someone_signed_in(client: Client) -> None:
    one = MembershipFactory.create()

    assert client.post("/act-for/", {"membership": one.pk})["Location"].startswith("/login/")

    client.force_login(one.user)
    assert client.get("/act-for/").status_code == 405


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_start_page_on_an_empty_platform(client: Client, role: Role) -> None:
    one = MembershipFactory.create(company=PlatformCompanyFactory.create(), role=role.value)
    client.force_login(one.user)

    for language in ("zh-hans", "en"):
        answer = client.get("/", headers={"Accept-Language": language})

        assert answer.status_code == 200
