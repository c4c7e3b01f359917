"""Who did what, for operators; the history of its own rows, for everybody else."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from babel.messages.pofile import read_po
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import Company, Membership
from audit import wording
from core.acting import acting, because
from core.clock import now
from core.history import EVENTS, snapshot
from core.walls import platform_wide
from jobs import services as jobs
from jobs.models import Job, JobState
from jobs.queries import pieces
from jobs.services import exporting
from procurement.models import PriceBreak
from tests.database import ROOT
from tests.factories.accounts import MembershipFactory, SellerFactory
from tests.factories.admissions import AdmissionFactory
from tests.factories.procurement import PriceBreakFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts")]


@pytest.fixture
def wide() -> Iterator[None]:
    with platform_wide():
        yield


def browser(member: Membership) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member.user)
    return client


def facts(member: Membership, **more: Any) -> dict[str, Any]:
    return {
        "person": member.user_id,
        "email": member.user.email,
        "company": member.company_id,
        "company_code": member.company.code,
        "role": member.role,
        "address": "198.51.100.7",
        "method": "POST",
        "path": "/companies/ANNA/",
        **more,
    }


def moved(seller: Membership, by: Membership, town: str, reason: str = "") -> None:
    with platform_wide(), acting(**facts(by)), because(reason):
        Company.objects.filter(pk=seller.company_id).update(town=town)


def shown(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_an_operator_finds_who_did_what_when_from_where_and_why(
    operator: Membership, seller: Membership
) -> None:
    moved(seller, operator, "Xiamen", reason="it has moved")

    page = shown(browser(operator).get("/audit/", {"kind": "accounts.Company", "action": "update"}))

    assert "<del>Ningbo</del> → Xiamen" in page
    assert operator.user.email in page
    assert "198.51.100.7" in page
    assert "it has moved" in page
    assert "POST /companies/ANNA/" in page
    assert '<bdi class="number">ANNA</bdi>' in page


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({"kind": "accounts.Company"}, True),
        ({"kind": "catalog.Product"}, False),
        ({"number": "ANNA"}, True),
        ({"number": "BEN"}, False),
        ({"company": "ANNA"}, False),
        ({"action": "update"}, True),
        ({"action": "delete"}, False),
        ({"words": "HAS MOV"}, True),
        ({"words": "has left"}, False),
        ({"person": "nobody@example.com"}, False),
        ({"since": "2001-01-01", "until": "2001-12-31"}, False),
        ({"since": "2001-01-01"}, True),
        ({"request": "7d3f1c2e-0000-4000-8000-00000000beef"}, False),
    ],
)
def test_the_search_narrows(
    operator: Membership, seller: Membership, narrowed: dict[str, str], found: bool
) -> None:
    moved(seller, operator, "Xiamen", reason="it has moved")

    page = shown(browser(operator).get("/audit/", narrowed))

    assert ("it has moved" in page) is found


def test_a_search_that_cannot_be_meant_is_told_so(operator: Membership) -> None:
    client = browser(operator)

    assert client.get("/audit/", {"since": "0001-01-01"}).status_code == 422
    assert client.get("/audit/", {"kind": "x"}).status_code == 422
    assert client.get("/audit/", {"request": "x"}).status_code == 422
    assert client.get("/audit/", {"after": "x"}).status_code == 404


def test_pages_follow_each_other_without_a_gap_or_a_repeat(
    operator: Membership, seller: Membership
) -> None:
    for number in range(120):
        moved(seller, operator, f"Town{number:03}")
    client = browser(operator)
    seen: list[str] = []
    query: dict[str, str] = {"number": "ANNA", "kind": "accounts.Company"}

    while True:
        answer = client.get("/audit/", query)
        seen += [
            change.after
            for entry in answer.context["page"].entries
            for change in entry.changes
            if entry.action == "update"
        ]
        if not answer.context["next"]:
            break
        query["after"] = answer.context["next"]

    assert seen == [f"Town{number:03}" for number in reversed(range(120))]


def test_the_questions_to_the_database_do_not_grow_with_the_rows(
    operator: Membership, seller: Membership
) -> None:
    client = browser(operator)
    moved(seller, operator, "First")
    query = {"kind": "accounts.Company"}
    client.get("/audit/", query)  # for whom one acts is put into the session once
    with CaptureQueriesContext(connection) as few:
        client.get("/audit/", query)
    for number in range(40):
        moved(seller, operator, f"Town{number}")

    with CaptureQueriesContext(connection) as many:
        client.get("/audit/", query)

    assert len(many) == len(few)


def test_the_files_hold_what_was_found_and_no_formula(
    operator: Membership, seller: Membership
) -> None:
    moved(seller, operator, "Xiamen", reason='=HYPERLINK("http://127.0.0.1")')
    client = browser(operator)
    query = {"number": "ANNA", "action": "update"}

    def file(kind: str) -> bytes:
        address = f"/lists/history/file/?{urlencode(query)}"
        return client.post(address, {"kind": kind}).content

    text = file("csv").decode("utf-8-sig")
    book = load_workbook(io.BytesIO(file("xlsx")))

    assert text.splitlines()[0].startswith("Time,Action,What,Number,Who,Acted for,Role")
    assert '"\'=HYPERLINK(""http://127.0.0.1"")"' in text
    assert "town: Ningbo → Xiamen" in text
    cells = next(iter(book.worksheets[0].iter_rows(min_row=2)))
    assert cells[0].data_type == "d"
    assert {cell.data_type for cell in cells[1:] if cell.value} == {"s"}
    assert cells[11].value == '=HYPERLINK("http://127.0.0.1")'
    assert client.post("/lists/history/file/", {"kind": "pdf"}).status_code == 404


def test_a_long_history_is_written_whole_by_a_worker(
    operator: Membership, seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(7):
        moved(seller, operator, f"Town{number}")
    monkeypatch.setattr(exporting, "AT_ONCE", 6)
    monkeypatch.setattr(exporting, "STEP", 3)
    client = browser(operator)
    query = urlencode({"kind": "accounts.Company", "number": "ANNA", "action": "update"})

    answer = client.post(f"/lists/history/file/?{query}", {"kind": "csv"})
    with platform_wide():
        jobs.work(now=now)
        job = Job.objects.get()
        content = b"".join(pieces(job)).decode("utf-8-sig")

    assert answer["Location"] == f"/jobs/{job.public_id}/"
    assert (job.state, job.done, job.total) == (JobState.DONE, 7, 7)
    lines = content.splitlines()
    assert len(lines) == 8
    assert "town: Ningbo → Town0" in lines[-1], "the newest first, the oldest last"


@pytest.mark.parametrize("wrong", [{"since": "yesterday"}, {"kind": "no.such"}, {"request": "1"}])
def test_a_file_of_a_search_that_means_nothing_is_refused(
    operator: Membership, wrong: dict[str, str]
) -> None:
    address = f"/lists/history/file/?{urlencode(wrong)}"

    answer = browser(operator).post(address, {"kind": "csv"})

    assert answer.status_code == 422
    with platform_wide():
        assert not Job.objects.exists()


def test_a_seller_reads_its_own_history_without_the_names_of_the_platforms_people(
    operator: Membership, seller: Membership
) -> None:
    moved(seller, operator, "Xiamen", reason="the licence says so")
    moved(seller, seller, "Tianjin")

    page = shown(browser(seller).get(f"/audit/accounts.company/{seller.company_id}/"))

    assert "<del>Ningbo</del> → Xiamen" in page
    assert "the licence says so" in page
    assert "platform operator" in page
    assert "<del>Xiamen</del> → Tianjin" in page
    assert page.count(seller.user.email) >= 1
    assert operator.user.email not in page
    assert operator.company.code not in page
    assert page.count("198.51.100.7") == 1, "its own address, and not the operator's"


def test_the_history_of_others_is_not_there(operator: Membership, seller: Membership) -> None:
    with platform_wide():
        stranger = MembershipFactory.create(company=SellerFactory.create(code="BEN"))
    client = browser(stranger)

    for kind, pk in (
        ("accounts.company", seller.company_id),
        ("accounts.membership", seller.pk),
        ("accounts.user", stranger.user_id),
        ("accounts.company", 2**70),
        ("nothing.atall", 1),
        ("catalog.product", 1),
    ):
        assert client.get(f"/audit/{kind}/{pk}/").status_code == 404, kind
    assert client.get("/audit/").status_code == 404
    assert client.post("/lists/history/file/", {"kind": "csv"}).status_code == 404


def test_a_page_shows_the_history_of_its_row(operator: Membership) -> None:
    with platform_wide():
        from tests.factories.procurement import PoolRoundFactory

        with acting(**facts(operator)):
            held = PoolRoundFactory.create()

    page = shown(browser(operator).get(f"/rounds/{held.quarter}/"))

    assert '<h2 class="card-title" id="history">History</h2>' in page
    assert operator.user.email in page


def test_every_kind_field_and_action_has_its_chinese_word() -> None:
    path = ROOT / "platform/audit/locale/zh_Hans/LC_MESSAGES/django.po"
    with path.open("rb") as file:
        known = {
            one.id
            for one in read_po(file, locale="zh_Hans")
            if one.context == "history" and one.string
        }

    wanted = {str(events.pgh_tracked_model._meta.verbose_name) for events in EVENTS.values()}
    wanted |= {
        wording.english(field.name)
        for events in EVENTS.values()
        for field in snapshot(events)
        if field.name != "id"
    }

    assert wanted - known == set()


def test_a_deleted_row_is_called_as_it_was(operator: Membership) -> None:
    with platform_wide():
        gone = SellerFactory.create(code="GONE")
        Company.objects.filter(pk=gone.pk).delete()

    page = shown(browser(operator).get("/audit/", {"action": "delete"}))

    assert '<bdi class="number">GONE</bdi>' in page


def test_a_price_of_an_offer_is_shown_as_money_of_the_offer(operator: Membership) -> None:
    step = PriceBreakFactory.create(offer__currency="EUR", pack_price_minor=123_450)
    PriceBreak.objects.filter(pk=step.pk).update(pack_price_minor=119_900)

    page = shown(browser(operator).get(f"/audit/procurement.pricebreak/{step.pk}/"))

    assert "<del>EUR 1,234.50</del> → EUR 1,199.00" in page
    assert "123450" not in page


def test_the_card_stands_on_the_pages_of_company_and_admission(
    operator: Membership, seller: Membership
) -> None:
    moved(seller, operator, "Xiamen", reason="it has moved")
    with platform_wide():
        admission = AdmissionFactory.create(company=seller.company, state="admitted")

    for path in (f"/companies/{seller.company.code}/", f"/admissions/{admission.pk}/"):
        assert re.search(r'id="history[-\w]*"', shown(browser(operator).get(path)))
    own = shown(browser(seller).get("/company/"))
    assert "it has moved" in own
    assert operator.user.email not in own
