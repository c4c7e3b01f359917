"""What a company's standing and a token's scopes open is the same by API as on the pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern
from django.urls.resolvers import URLResolver

from accounts.access import opens_to
from accounts.models import Company, CompanyStatus
from config.histories import HISTORIES
from config.urls import urlpatterns
from core.walls import platform_wide
from rest import rules
from tests.rest.asking import etag_of
from tests.rest.conftest import Robot, token_for
from tests.rest.sending import needs, problem_of
from tests.rest.test_portal import PORTAL, WhyNot
from tests.walls.walking import undone
from tests.walls.world import World


def _views(patterns: Any = urlpatterns, before: str = "") -> Iterator[tuple[str, Any]]:
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _views(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            yield route, one.callback


def test_an_operation_opens_to_the_companies_to_which_its_page_opens() -> None:
    pages, known, wrong, told = dict(_views()), needs(), [], 0
    by_operation: dict[str, set[str]] = {}
    for path, names in PORTAL.items():
        if isinstance(names, WhyNot) or not hasattr(pages[path], "opens_to"):
            continue
        for name in names:
            by_operation.setdefault(name, set()).add(pages[path].opens_to)
    for name, wanted in by_operation.items():
        need, told = known[name], told + 1
        if opens_to(need.any_standing, need.applicants_too) not in wanted:
            wrong.append(f"{name}: pages open to {sorted(wanted)}")

    assert "\n".join(wrong) == ""
    assert told > 60


@contextmanager
def _standing(company: Company, status: str) -> Iterator[None]:
    with undone():
        Company.objects.filter(pk=company.pk).update(status=status)
        yield


def test_an_applicant_reads_what_it_is_told_and_names_its_people(
    town: World, robots: dict[str, Robot]
) -> None:
    robot = robots["seller"]
    with _standing(town.seller, CompanyStatus.APPLICANT):
        told = {
            path: robot.get(path).status_code
            for path in ("notices", "notice-settings", "people", "invitations", "stock", "products")
        }
        read = robot.post("notices/read", {"up_to": 2**40})

    assert told == {
        **dict.fromkeys(("notices", "notice-settings", "people", "invitations"), 200),
        **dict.fromkeys(("stock", "products"), 409),
    }
    assert (read.status_code, list(read.json())) == (200, ["read"])


def test_a_suspended_company_marks_its_notices_and_leaves_its_people_as_they_are(
    town: World, robots: dict[str, Robot], places: dict[str, str]
) -> None:
    robot, person = robots["seller"], f"people/{places['member']}"
    with _standing(town.seller, CompanyStatus.SUSPENDED):
        chosen = robot(
            "PUT",
            "notice-settings",
            {"data": [{"event": "stock.short", "mail": "never"}]},
            if_match=etag_of(robot, "notice-settings"),
        )
        removed = robot.post(f"{person}/remove", if_match=etag_of(robot, person))

    assert chosen.status_code == 200
    assert problem_of(removed) == (409, "accounts.company_suspended")


def test_an_applicant_makes_the_token_by_which_it_answers(town: World) -> None:
    client = Client(headers={"accept-language": "en"})
    with platform_wide():
        client.force_login(town.people["applicant"])

    page = client.get("/tokens/")

    assert page.status_code == 200
    assert 'href="/tokens/"' in client.get("/people/").content.decode()


def test_every_history_is_behind_a_scope_that_there_is() -> None:
    assert {one.scope for one in HISTORIES.values()} <= set(rules.SCOPES)


@pytest.mark.parametrize(
    ("kind", "place", "scope"),
    [
        ("settlement.bankaccount", "account", "settlement:read"),
        ("settlement.settlementbatch", "batch", "settlement:read"),
        ("procurement.purchaseorder", "order", "orders:read"),
    ],
)
def test_a_history_needs_the_scope_that_opens_its_row(
    town: World, places: dict[str, str], kind: str, place: str, scope: str
) -> None:
    person, path = town.people["finance"], f"history/{kind}/{places[place]}"
    company = person.memberships.get().company
    with undone():
        blind = Robot(token_for(company, "finance", person, "history:read"))
        sees = Robot(token_for(company, "finance", person, "history:read", scope))
        refused, shown = blind.get(path), sees.get(path)

    assert problem_of(refused) == (403, "rest.scope_missing")
    assert refused.json()["facts"]["scope"] == scope
    assert refused.content.count(b"DE89370400440532013000") == 0
    assert len(shown.json()["data"]) > 0


def test_who_has_no_scope_for_a_row_reads_its_history_by_the_one_for_histories(
    town: World, places: dict[str, str]
) -> None:
    person = town.people["operator"]
    company = person.memberships.get().company
    with undone():
        robot = Robot(token_for(company, "operator", person, "history:read"))
        told = robot.get(f"history/settlement.settlementbatch/{places['batch']}")
        product = robot.get(f"history/catalog.product/{places['sku']}")

    assert told.status_code == 200
    assert problem_of(product) == (403, "rest.scope_missing")
