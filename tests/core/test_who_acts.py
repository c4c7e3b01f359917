"""A request, a task and an API token each stand in the history of what they change."""

from __future__ import annotations

import logging
from uuid import UUID

import pytest
from django.test import Client

from accounts.models import Company, Membership, Role
from config.celery import app
from core.acting import acting, acts, because
from core.history import events_of
from core.logs import RequestNumber, current_request
from core.walls import platform_wide
from procurement.models import PoolRound
from tests.factories.accounts import MembershipFactory, PlatformCompanyFactory, SellerFactory

FORM = {"quarter": "2026-Q3", "opens_at": "2026-05-01T09:00", "cutoff_at": "2026-06-01T09:00"}


@pytest.fixture
def operator(db: None) -> Membership:
    with platform_wide():
        return MembershipFactory.create(company=PlatformCompanyFactory.create(), role=Role.OPERATOR)


def test_a_request_stands_in_the_history_of_what_it_changed(
    operator: Membership, client: Client
) -> None:
    client.force_login(operator.user)

    answer = client.post("/rounds/new/", FORM)

    assert answer.status_code == 302
    with platform_wide():
        event = events_of(PoolRound).objects.get()
    assert event.pgh_label == "insert"
    assert event.quarter == "2026-Q3"
    assert event.pgh_context_id == UUID(answer["X-Request-ID"])
    assert event.pgh_context == {
        "person": operator.user_id,
        "email": operator.user.email,
        "company": operator.company_id,
        "company_code": operator.company.code,
        "role": "operator",
        "address": "127.0.0.1",
        "method": "POST",
        "path": "/rounds/new/",
    }
    assert acts() == {}, "nothing is left for the next request"


def test_behind_our_own_proxies_the_client_is_whom_the_first_of_them_saw(
    operator: Membership, client: Client, settings: object
) -> None:
    settings.BONDPOOL_PROXIES = 2  # type: ignore[attr-defined]
    client.force_login(operator.user)

    client.post(
        "/rounds/new/",
        FORM,
        headers={"x-forwarded-for": "203.0.113.66, 198.51.100.7, 10.0.0.1"},
    )

    with platform_wide():
        event = events_of(PoolRound).objects.get()
    assert event.pgh_context["address"] == "198.51.100.7"


def test_a_refused_form_leaves_no_history(operator: Membership, client: Client) -> None:
    client.force_login(operator.user)

    answer = client.post("/rounds/new/", FORM | {"cutoff_at": "2026-04-01T09:00"})

    assert answer.status_code in {409, 422}
    with platform_wide():
        assert not events_of(PoolRound).objects.exists()


def test_a_task_stands_in_the_history_by_its_name(db: None) -> None:
    @app.task(name="tests.rename")
    def rename(pk: int) -> None:
        with platform_wide():
            Company.objects.filter(pk=pk).update(town="Ningbo")

    with platform_wide():
        company = SellerFactory.create(town="Hangzhou")

    rename(company.pk)

    with platform_wide():
        event = events_of(company).objects.latest("pgh_id")
    assert (event.town, event.pgh_context) == ("Ningbo", {"task": "tests.rename"})
    app.tasks.pop("tests.rename")


def test_log_lines_carry_the_number_of_their_request() -> None:
    record = logging.LogRecord("bondpool", logging.INFO, __file__, 1, "x", (), None)
    number = UUID("7d3f1c2e-0000-4000-8000-00000000beef")

    RequestNumber().filter(record)
    assert record.__dict__["request_id"] == "-"
    token = current_request.set(number)
    RequestNumber().filter(record)
    current_request.reset(token)

    assert record.__dict__["request_id"] == number


def test_a_reason_alone_does_not_hide_which_program_acted(operator: Membership) -> None:
    with platform_wide():
        company = SellerFactory.create()
        with because("it has moved"):
            Company.objects.filter(pk=company.pk).update(town="Xiamen")
        told = events_of(Company).objects.filter(pgh_obj=company.pk).latest("pgh_id").pgh_context

    assert told["reason"] == "it has moved"
    assert told["program"].startswith("bondpool")
    assert told["database_role"] == "app_rw"
    assert acts() == {}


@pytest.mark.parametrize("told", ["a\\u0000b", "a\x00b", 'a"\\', "\\\\u0000"])
def test_whatever_stands_in_a_path_is_kept_but_for_nul(db: None, told: str) -> None:
    with acting(path=told):
        assert acts()["path"] == told.replace("\x00", "")
