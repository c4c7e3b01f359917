"""A person may act for several companies, one at a time, and for nobody else's."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts import middleware
from accounts.middleware import MembershipOver, PageOfAnotherCompany
from accounts.models import Company, Membership, Role
from core.clock import now
from tests.conftest import METHODS
from tests.factories.accounts import MembershipFactory, PlatformCompanyFactory, UserFactory
from web import views
from web.templatetags.acting import FIELD, HEADER

pytestmark = pytest.mark.django_db

ADDRESS = {
    "street": "Alpha road 1",
    "town": "Alphatown",
    "contact_name": "Lin",
    "contact_email": "lin@example.test",
    "contact_phone": "13800000000",
}


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
    assert client.session[views.MEMBERSHIP_KEY] == mine.pk
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


@pytest.fixture
def two(client: Client) -> tuple[Membership, Membership]:
    """Of one person who is signed in and has chosen neither."""
    older = MembershipFactory.create(is_admin=True, company__code="AAA", company__name_zh="甲商贸")
    newer = MembershipFactory.create(
        user=older.user, is_admin=True, company__code="BBB", company__name_zh="乙商贸"
    )
    client.force_login(older.user)
    return older, newer


def test_the_session_keeps_the_company_of_its_first_page(
    client: Client, two: tuple[Membership, Membership]
) -> None:
    older, _newer = two

    client.get("/")

    assert client.session[views.MEMBERSHIP_KEY] == older.pk


def test_what_was_written_for_a_company_that_is_over_lands_nowhere(
    client: Client, two: tuple[Membership, Membership]
) -> None:
    older, newer = two
    client.get("/company/edit/")
    Membership.objects.filter(pk=older.pk).update(ended_at=now())

    answer = client.post("/company/edit/", ADDRESS)

    assert answer.status_code == 409
    assert MembershipOver.code in answer.text
    assert not Company.objects.filter(street=ADDRESS["street"]).exists()
    # And the form that still stands in the other tab is as little taken afterwards.
    again = client.post("/company/edit/", ADDRESS | {FIELD: older.pk})
    assert (again.status_code, MembershipOver.code in again.text) == (409, True)
    assert not Company.objects.filter(street=ADDRESS["street"]).exists()
    assert client.session[views.MEMBERSHIP_KEY] == newer.pk


def test_who_looks_at_another_company_than_before_is_told(
    client: Client, two: tuple[Membership, Membership]
) -> None:
    older, _newer = two
    client.get("/")
    Membership.objects.filter(pk=older.pk).update(ended_at=now())

    said = "您已不再代表所选的公司操作，现改为代表乙商贸。"
    assert said in client.get("/").text
    assert said not in client.get("/").text


def test_a_form_is_taken_for_the_company_alone_whose_page_showed_it(
    client: Client, two: tuple[Membership, Membership]
) -> None:
    older, newer = two
    page = client.get("/company/edit/").text
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen
    form = ADDRESS | {FIELD: older.pk, "seen": seen[1]}
    assert f'<input type="hidden" name="{FIELD}" value="{older.pk}">' in page
    client.post("/act-for/", {"membership": newer.pk})

    refused = client.post("/company/edit/", form)

    assert refused.status_code == 409
    assert "此页面是代表另一家公司打开的" in refused.text
    assert re.search("甲商贸.*乙商贸", refused.text, re.DOTALL)
    assert not Company.objects.filter(street=ADDRESS["street"]).exists()

    client.post("/act-for/", {"membership": older.pk})
    assert client.post("/company/edit/", form).status_code == 302
    assert Company.objects.get(street=ADDRESS["street"]).code == "AAA"


def test_a_part_of_a_page_is_not_filled_with_what_is_another_companys(
    client: Client, two: tuple[Membership, Membership]
) -> None:
    older, newer = two
    page = client.get("/notices/").text
    assert f"""hx-headers='{{"{HEADER}": "{older.pk}"}}'""" in page
    asked = {"HX-Request": "true", HEADER: str(older.pk)}
    assert client.get("/notices/", headers=asked).status_code == 200
    client.post("/act-for/", {"membership": newer.pk})

    answer = client.get("/notices/", headers=asked)

    assert answer.status_code == 409
    assert PageOfAnotherCompany.code in answer.text


def test_the_gate_asks_for_no_company(client: Client, two: tuple[Membership, Membership]) -> None:
    older, newer = two
    client.get("/")
    client.post("/act-for/", {"membership": newer.pk})

    forms: dict[str, dict[str, object]] = {
        "/language/": {"language": "en"},
        "/act-for/": {"membership": newer.pk},
        "/account/": {"name": "林晓", "language": "en"},
        "/logout/": {},
    }
    for path, form in forms.items():
        answer = client.post(path, {**form, FIELD: older.pk})
        assert (path, answer.status_code) != (path, 409)
    assert older.user.memberships.count() == 2


def test_showing_a_second_factor_changes_nobodys_company(client: Client) -> None:
    finance = MembershipFactory.create(company=PlatformCompanyFactory.create(), role=Role.FINANCE)
    seller = MembershipFactory.create(user=finance.user, company__code="BBB")
    client.force_login(finance.user)
    session = client.session
    shown = session[METHODS]
    session[METHODS] = [{"method": "password", "at": 0}]
    session.save()
    client.get("/")
    assert client.session[views.MEMBERSHIP_KEY] == seller.pk

    session = client.session
    session[METHODS] = shown
    session.save()
    client.get("/")

    assert client.session[views.MEMBERSHIP_KEY] == seller.pk


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_start_page_on_an_empty_platform(client: Client, role: Role) -> None:
    one = MembershipFactory.create(company=PlatformCompanyFactory.create(), role=role.value)
    client.force_login(one.user)

    for language in ("zh-hans", "en"):
        answer = client.get("/", headers={"Accept-Language": language})

        assert answer.status_code == 200
