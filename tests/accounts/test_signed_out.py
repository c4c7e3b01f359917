"""Who is signed out meanwhile comes in again in words, and back to where it was."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import Company, Membership, Role
from tests.accounts.conftest import come_in
from tests.factories.accounts import PASSWORD, MembershipFactory, PlatformCompanyFactory

pytestmark = pytest.mark.django_db
HERE = "http://testserver/company/edit/?from=mail"


@pytest.fixture
def member() -> Membership:
    return MembershipFactory.create(is_admin=True)


@pytest.fixture
def expired(client: Client, member: Membership) -> Client:
    """Was signed in; the session ran out, and the browser still sends its cookie."""
    client.force_login(member.user)
    Session.objects.all().delete()
    return client


def test_a_page_asked_for_too_late_says_so_and_opens_after_signing_in(
    expired: Client, member: Membership
) -> None:
    answer = expired.get("/forecasts/?q=milk")

    assert answer.status_code == 302
    assert answer["Location"] == "/login/?next=/forecasts/%3Fq%3Dmilk&was=open"
    page = expired.get(answer["Location"]).content.decode()
    assert "您已退出登录。登录后将返回原页面。" in page
    assert 'value="/forecasts/?q=milk"' in page
    come_back = expired.post(
        "/login/",
        {"email": member.user.email, "password": PASSWORD, "next": "/forecasts/?q=milk"},
    )
    assert come_back["Location"] == "/forecasts/?q=milk"


def test_a_form_sent_too_late_changes_nothing_and_leads_back_to_its_page(
    expired: Client, member: Membership
) -> None:
    before = Company.objects.get(pk=member.company_id).town

    answer = expired.post("/company/edit/", {"town": "Xiamen"}, headers={"referer": HERE})

    assert answer["Location"] == "/login/?next=/company/edit/%3Ffrom%3Dmail&was=sent"
    page = expired.get(answer["Location"], headers={"accept-language": "en"}).content.decode()
    assert "what you sent was not taken and nothing has been changed" in page
    assert Company.objects.get(pk=member.company_id).town == before


def test_an_address_that_only_takes_forms_is_never_led_back_to(expired: Client) -> None:
    answer = expired.post("/notices/read/")

    assert answer["Location"] == "/login/?next=/&was=sent"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_part_of_a_page_leads_the_whole_page_to_the_door(expired: Client, method: str) -> None:
    ask = getattr(expired, method)
    path = "/stock/" if method == "get" else "/notices/read/"

    answer = ask(
        path,
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/stock/?sort=sku"},
    )

    was = "open" if method == "get" else "sent"
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == f"/login/?next=/stock/%3Fsort%3Dsku&was={was}"
    assert answer.content == b""


@pytest.mark.parametrize("elsewhere", ["https://evil.example/x", "//evil.example/", "javascript:1"])
def test_nobody_is_led_back_to_another_site(expired: Client, elsewhere: str) -> None:
    plain = expired.post("/notices/read/", headers={"referer": elsewhere})
    part = expired.get("/stock/", headers={"HX-Request": "true", "HX-Current-URL": elsewhere})

    assert plain["Location"] == "/login/?next=/&was=sent"
    assert part["HX-Redirect"] == "/login/?next=/&was=open"


def test_a_visitor_who_was_never_in_reads_nothing_of_it(client: Client) -> None:
    assert client.get("/stock/")["Location"] == "/login/?next=/stock/"


def test_who_is_half_way_in_is_not_told_to_be_out(client: Client) -> None:
    person = MembershipFactory.create(company=PlatformCompanyFactory.create(), role=Role.FINANCE)
    come_in(client, person.user.email)

    assert client.get("/settlement/")["Location"] == "/login/?next=/settlement/"


def test_a_part_of_a_page_leads_to_the_second_factor_as_well(client: Client) -> None:
    person = MembershipFactory.create(
        company=PlatformCompanyFactory.create(), role=Role.FINANCE, second_factor=False
    )
    client.force_login(person.user)

    answer = client.get(
        "/settlement/payables/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/settlement/payables/"},
    )

    assert answer["HX-Redirect"] == "/account/second-factor/?next=/settlement/payables/"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ("表单已过期", "没有任何数据被更改")),
        ("en", ("Form out of date", "Nothing has been changed.")),
    ],
)
def test_a_form_without_its_token_is_refused_in_words(
    member: Membership, language: str, words: tuple[str, ...]
) -> None:
    careful = Client(enforce_csrf_checks=True, headers={"accept-language": language})
    careful.force_login(member.user)

    answer = careful.post("/account/", {"name": "x", "language": "en"})

    assert answer.status_code == 403
    page = answer.content.decode()
    for sentence in words:
        assert sentence in page
    assert f'lang="{language}"' in page
    assert 'href="/static/web/bondpool' in page
    member.user.refresh_from_db()
    assert member.user.name != "x"
