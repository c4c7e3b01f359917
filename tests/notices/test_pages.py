"""The bell, the list, the choices, and a company's webhooks, as a browser sees them."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from notices.models import DeliveryState, NoticeChoice, NoticeCopy, WebhookDelivery, WebhookEndpoint
from notices.services import add_endpoint, ping, tell
from tests.factories.accounts import MembershipFactory
from tests.notices.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(clerk: Membership, neighbour: Membership) -> list[NoticeCopy]:
    """Two notices for the clerk, one for the neighbour."""
    for event, subject, members in (
        ("round.opened", "2026-Q3", [clerk, neighbour]),
        ("round.closing", "2026-Q3", [clerk]),
    ):
        tell(
            event,
            subject=subject,
            facts={"quarter": subject, "cutoff_at": NOON},
            companies=[member.company_id for member in members],
            now=NOON,
        )
    return list(NoticeCopy.objects.filter(membership=clerk).order_by("pk"))


def browser(member: Membership, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(member.user)
    return client


def unread(member: Membership) -> int:
    return int(NoticeCopy.objects.filter(membership=member, read_at=None).count())


def test_the_bell_counts_what_is_unread(clerk: Membership, told: list[NoticeCopy]) -> None:
    page = browser(clerk).get("/notices/").text

    assert 'aria-label="Notices, 2 unread"' in page
    assert page.index("The round 2026-Q3 closes soon") < page.index("The round 2026-Q3 is open")


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "The round 2026-Q3 is open"), ("zh-hans", "2026-Q3 拼单轮次已开放")],
)
def test_the_list_speaks_the_readers_language(
    clerk: Membership, told: list[NoticeCopy], language: str, title: str
) -> None:
    assert title in browser(clerk, language).get("/notices/").text


def test_following_a_notice_reads_it(
    clerk: Membership, neighbour: Membership, told: list[NoticeCopy]
) -> None:
    answer = browser(clerk).get(f"/notices/{told[0].pk}/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/forecasts/2026-Q3/")
    assert (unread(clerk), unread(neighbour)) == (1, 1)


def test_anothers_notice_is_not_there(
    neighbour: Membership, clerk: Membership, told: list[NoticeCopy]
) -> None:
    client = browser(neighbour)

    assert client.get(f"/notices/{told[0].pk}/").status_code == 404
    client.post("/notices/read/", {"copy": told[0].pk})
    assert unread(clerk) == 2


def test_one_or_all_that_were_shown_are_read(clerk: Membership, told: list[NoticeCopy]) -> None:
    client = browser(clerk)

    client.post("/notices/read/", {"copy": told[1].pk})
    assert [row.read_at is None for row in NoticeCopy.objects.filter(membership=clerk)] == [
        True,
        False,
    ]
    client.post("/notices/read/", {"up_to": told[0].pk})
    assert unread(clerk) == 0
    assert client.post("/notices/read/", {}).status_code == 404


def test_what_came_after_the_page_was_shown_stays_unread(
    clerk: Membership, told: list[NoticeCopy]
) -> None:
    browser(clerk).post("/notices/read/", {"up_to": told[0].pk})

    assert unread(clerk) == 1


def test_the_list_is_filtered(clerk: Membership, told: list[NoticeCopy]) -> None:
    client = browser(clerk)
    client.post("/notices/read/", {"copy": told[0].pk})

    assert "2026-Q3 is open" not in client.get("/notices/?read=no").text
    assert "2026-Q3 closes soon" in client.get("/notices/?read=no").text
    assert "2026-Q3 closes soon" in client.get("/notices/?kind=buying").text
    assert "Nothing matches" in client.get("/notices/?kind=money").text
    for odd in ("kind=nonsense", "before=x", "before=-1", f"before={10**30}"):
        assert client.get(f"/notices/?{odd}").status_code == 422


def test_the_list_takes_as_many_statements_for_many_as_for_few(
    clerk: Membership, told: list[NoticeCopy]
) -> None:
    client = browser(clerk)
    client.get("/notices/")
    with CaptureQueriesContext(connection) as few:
        client.get("/notices/")
    for n in range(60):
        tell(
            "round.opened",
            subject=f"{n}",
            facts={"quarter": "2026-Q4", "cutoff_at": NOON},
            companies=[clerk.company_id],
            now=NOON,
        )

    with CaptureQueriesContext(connection) as many:
        page = client.get("/notices/").text

    assert len(many) == len(few)
    assert page.count('<th scope="row">') == 25
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older is not None
    assert client.get(f"/notices/{older[1]}").text.count('<th scope="row">') == 25


def test_a_person_chooses_what_reaches_it(clerk: Membership) -> None:
    client = browser(clerk)
    page = client.get("/notices/settings/").text
    assert 'name="mail-round.opened"' in page
    assert "batch.priced" not in page, "no page tells a seller what finance hears"

    form = _all_choices(clerk)
    form["mail-round.opened"] = "daily"
    del form["portal-round.opened"]
    answer = client.post("/notices/settings/", form)

    assert answer.status_code == 302
    choice = NoticeChoice.objects.get(event="round.opened")
    assert (choice.membership, choice.in_portal, choice.mail) == (clerk, False, "daily")
    assert '<option value="daily" selected>' in client.get("/notices/settings/").text


def test_what_is_mandatory_stays_in_the_portal(clerk: Membership) -> None:
    form = _all_choices(clerk)
    del form["portal-token.created"]
    form["mail-token.created"] = "never"

    browser(clerk).post("/notices/settings/", form)

    choice = NoticeChoice.objects.get(event="token.created")
    assert (choice.in_portal, choice.mail) == (True, "never")


def test_half_a_form_changes_nothing(clerk: Membership) -> None:
    for form in ({}, {"saved": "1"}, {**_all_choices(clerk), "mail-round.opened": "hourly"}):
        assert browser(clerk).post("/notices/settings/", form).status_code == 422

    assert not NoticeChoice.objects.exists()


def test_what_was_right_in_a_wrong_form_of_choices_is_still_there(clerk: Membership) -> None:
    form = {**_all_choices(clerk), "mail-round.opened": "hourly", "mail-stock.received": "daily"}

    page = browser(clerk).post("/notices/settings/", form).text

    assert 'role="alert"' in page
    chosen = page.partition('name="mail-stock.received"')[2].partition("</select>")[0]
    assert '<option value="daily" selected>' in chosen


def _all_choices(member: Membership) -> dict[str, str]:
    from notices.catalogue import events_for

    return {"saved": "1"} | {
        name: value
        for event in events_for(member.role)
        for name, value in (
            (f"portal-{event.code}", "1"),
            (f"mail-{event.code}", event.mail.value),
        )
    }


# --- Webhooks -----------------------------------------------------------------------------------


@pytest.fixture
def endpoint(clerk: Membership) -> WebhookEndpoint:
    made, _secret = add_endpoint(
        company=clerk.company,
        role=clerk.role,
        url="https://shop.example.test/hook",
        events=["round.opened"],
        created_by=clerk.user,
        now=NOON,
    )
    return made


def test_an_endpoint_is_added_and_its_secret_shown_once(clerk: Membership) -> None:
    client = browser(clerk)
    form = {"url": "https://shop.example.test/hook", "events": ["round.opened", "stock.received"]}

    answer = client.post("/webhooks/new/", form)

    made = WebhookEndpoint.objects.get()
    there = f"/webhooks/{made.uid}/secret/"
    assert (answer.status_code, answer.headers["Location"]) == (302, there)
    assert client.head(there).status_code == 302, "who only asks whether it is there takes nothing"
    assert made.secret in client.get(there).text
    again = client.get(there)
    assert (again.status_code, again.headers["Location"]) == (302, f"/webhooks/{made.uid}/")
    assert WebhookEndpoint.objects.count() == 1, "loading the page again sent no form"
    assert made.secret not in str(dict(client.session))
    assert (made.company, made.events) == (clerk.company, ["round.opened", "stock.received"])
    for path in ("/webhooks/", f"/webhooks/{made.uid}/", f"/webhooks/{made.uid}/change/"):
        assert made.secret not in client.get(path).text


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"url": "https://shop.example.test/"},
        {"events": ["round.opened"]},
        {"url": "https://shop.example.test/", "events": ["batch.priced"]},
        {"url": "https://10.0.0.1/", "events": ["round.opened"]},
        {"url": "http://shop.example.test/", "events": ["round.opened"]},
        {"url": "https://shop.example.test/" + "x" * 600, "events": ["round.opened"]},
        {"url": "https://x.test/", "events": ["round.opened"], "description": "x" * 10_000},
    ],
)
def test_a_wrong_endpoint_is_refused_in_words(clerk: Membership, form: dict[str, Any]) -> None:
    answer = browser(clerk).post("/webhooks/new/", form)

    assert answer.status_code == 422
    assert "_wrong" in answer.text, "it stands beside its field"
    assert form.get("url", "") in answer.text, "and what was typed is still there"
    assert not WebhookEndpoint.objects.exists()


def test_an_endpoint_is_changed_rotated_and_switched(
    clerk: Membership, endpoint: WebhookEndpoint
) -> None:
    client, path = browser(clerk), f"/webhooks/{endpoint.uid}/"

    rotated = client.post(f"{path}rotate/", follow=True)
    assert client.get(f"{path}secret/").status_code == 302
    client.post(f"{path}disable/")
    assert "switched off by a person" in client.get(path).text
    client.post(f"{path}enable/")
    changed = {"url": "https://new.example.test/", "events": ["stock.short"], "description": "ERP"}
    client.post(f"{path}change/", changed)

    now = WebhookEndpoint.objects.get()
    assert now.secret in rotated.text
    assert (now.previous_secret, now.is_enabled) == (endpoint.secret, True)
    assert (now.url, now.events, now.description) == (
        "https://new.example.test/",
        ["stock.short"],
        "ERP",
    )
    assert "Two secrets sign until" in client.get(path).text


def test_a_message_is_looked_at_and_sent_again(
    clerk: Membership, endpoint: WebhookEndpoint
) -> None:
    client = browser(clerk)
    sent = client.post(f"/webhooks/{endpoint.uid}/ping/")
    message = WebhookDelivery.objects.get()
    assert sent.headers["Location"] == f"/webhooks/messages/{message.uid}/"
    WebhookDelivery.objects.update(
        state=DeliveryState.FAILED, status_code=500, answer="<b>bad</b>", attempts=11
    )

    page = client.get(f"/webhooks/messages/{message.uid}/").text
    assert "&lt;b&gt;bad&lt;/b&gt;" in page
    assert str(endpoint.uid) in page
    client.post(f"/webhooks/messages/{message.uid}/replay/")

    again = WebhookDelivery.objects.get()
    assert (again.state, again.attempts, again.uid) == (DeliveryState.PENDING, 0, message.uid)


def test_all_that_failed_since_a_day_is_sent_again(
    clerk: Membership, endpoint: WebhookEndpoint
) -> None:
    ping(endpoint=endpoint, now=NOON)
    WebhookDelivery.objects.update(state=DeliveryState.FAILED)
    client, path = browser(clerk), f"/webhooks/{endpoint.uid}/replay/"

    client.post(path, {"since": "2026-07-15"})
    assert WebhookDelivery.objects.get().state == DeliveryState.FAILED
    client.post(path, {"since": "no day"})
    assert WebhookDelivery.objects.get().state == DeliveryState.FAILED
    client.post(path, {"since": "2026-07-14"})
    assert WebhookDelivery.objects.get().state == DeliveryState.PENDING


def test_anothers_endpoint_and_messages_are_not_there(
    neighbour: Membership, clerk: Membership, endpoint: WebhookEndpoint
) -> None:
    message = ping(endpoint=endpoint, now=NOON)
    WebhookDelivery.objects.update(state=DeliveryState.FAILED)
    before = list(WebhookEndpoint.objects.values()) + list(WebhookDelivery.objects.values())
    client = browser(neighbour)
    form = {"since": "2026-07-01", "url": "https://evil.example.test/", "events": ["round.opened"]}

    answers = [client.get(f"/webhooks/{endpoint.uid}/{what}") for what in ("", "change/")]
    answers += [
        client.post(f"/webhooks/{endpoint.uid}/{what}/", form)
        for what in ("change", "rotate", "enable", "disable", "ping", "replay")
    ]
    answers += [
        client.get(f"/webhooks/messages/{message.uid}/"),
        client.post(f"/webhooks/messages/{message.uid}/replay/"),
        client.get(f"/webhooks/{uuid4()}/"),
        client.get("/webhooks/messages/msg_forged/"),
    ]

    assert {answer.status_code for answer in answers} == {404}
    after = list(WebhookEndpoint.objects.values()) + list(WebhookDelivery.objects.values())
    assert after == before
    assert "shop.example.test" not in client.get("/webhooks/").text


def test_finance_and_the_warehouse_have_no_webhooks(operator: Membership) -> None:
    assert browser(operator).get("/webhooks/").status_code == 404


def test_who_is_no_administrator_has_no_webhooks(
    clerk: Membership, endpoint: WebhookEndpoint
) -> None:
    colleague = MembershipFactory.create(company=clerk.company, is_admin=False)
    client = browser(colleague)

    assert client.get("/webhooks/").status_code == 404
    assert client.post(f"/webhooks/{endpoint.uid}/rotate/").status_code == 404
    assert WebhookEndpoint.objects.get().secret == endpoint.secret
    assert 'href="/webhooks/"' not in client.get("/notices/").text
    assert 'href="/webhooks/"' in browser(clerk).get("/notices/").text
