"""Products are filed with account books by programs: importers' ask, the keepers' answer."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Company, Role
from catalog.models import Product
from core.walls import platform_wide
from customs.models import BookFiling, FilingAnswer
from tests.factories.accounts import ImporterFactory, MembershipFactory
from tests.factories.customs import a_shipment, a_warehouse
from tests.rest.conftest import Robot, token_for
from tests.walls.rows import all_rows

pytestmark = pytest.mark.django_db


def robot_of(company: Company, role: Role, *scopes: str) -> Robot:
    with platform_wide():
        member = MembershipFactory.create(company=company, role=role)
        return Robot(token_for(company, role, member.user, *scopes))


def a_keeper() -> tuple[Robot, Company, str]:
    """An importer that asks for the filing of a product, who keeps the book, and the number."""
    with platform_wide():
        a_shipment()
        house = a_warehouse()
        house.ledger_number = "L3104B26A001"
        house.save()
        keeper, product = house.operator, Product.objects.get()
    asking = robot_of(ImporterFactory.create(), Role.IMPORTER)
    told = {"product": product.sku, "warehouse": house.code}
    asked = asking.post("book-filings", told, idempotency_key="a")
    assert asked.status_code == 201
    return asking, keeper, asked.json()["number"]


def test_the_keeper_answers_once_and_a_repeated_answer_is_the_same() -> None:
    asking, keeper, number = a_keeper()
    robot = robot_of(keeper, Role.WAREHOUSE)
    there = f"book-filings/{number}/answer"
    (waits,) = robot.get("book-filings/asked?state=pending").json()["rows"]
    assert (waits["number"], waits["account_book"]) == (number, "L3104B26A001")

    for _again in range(2):
        said = robot.post(there, {"item": 36}, idempotency_key="a")
        assert (said.status_code, said.json()["state"], said.json()["item"]) == (201, "filed", 36)
    other = robot.post(there, {"reason": "归类有误"}, idempotency_key="b")

    assert (other.status_code, other.json()["code"]) == (409, "customs.filing_answered")
    assert robot.get("book-filings/asked?state=pending").json() == {"rows": [], "pages": 1}
    (told,) = asking.get("book-filings?state=filed").json()["rows"]
    assert (told["number"], told["item"], told["refusal"]) == (number, 36, "")
    with platform_wide():
        assert FilingAnswer.objects.count() == 1


def test_a_refusal_has_its_reason() -> None:
    asking, keeper, number = a_keeper()

    said = robot_of(keeper, Role.WAREHOUSE).post(
        f"book-filings/{number}/answer", {"reason": " 归类  有误"}, idempotency_key="a"
    )

    assert (said.status_code, said.json()["state"]) == (201, "refused")
    assert [one["refusal"] for one in asking.get("book-filings").json()["rows"]] == ["归类 有误"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({}, "customs.filing_answer_wrong"),
        ({"reason": " "}, "customs.filing_answer_wrong"),
        ({"item": 7, "reason": "no"}, "customs.filing_answer_wrong"),
        ({"item": 0}, "rest.invalid"),
        ({"item": "7"}, "rest.invalid"),
        ({"item": 100_000}, "rest.invalid"),
        ({"reason": "n" * 401}, "rest.invalid"),
    ],
)
def test_an_answer_that_is_wrong_is_refused_and_not_kept(wrong: dict[str, Any], code: str) -> None:
    _asking, keeper, number = a_keeper()
    robot = robot_of(keeper, Role.WAREHOUSE)
    robot.get("me")
    before = all_rows()

    said = robot.post(f"book-filings/{number}/answer", wrong, idempotency_key="a")

    assert (said.status_code, said.json()["code"]) == (422, code)
    assert all_rows() == before


def test_nobody_answers_for_another_keeper_or_with_a_token_that_only_reads() -> None:
    asking, keeper, number = a_keeper()
    there = f"book-filings/{number}/answer"
    reads = robot_of(keeper, Role.WAREHOUSE, "house:read")
    with platform_wide():
        asker = BookFiling.objects.get(number=number).importer
        asker.kinds = [*asker.kinds, "warehouse"]
        asker.save()
    # It sees the filing as its importer, and keeps another's book no more than a stranger does.
    both = robot_of(asker, Role.WAREHOUSE)

    refused = reads.post(there, {"item": 1}, idempotency_key="a")
    assert (refused.status_code, refused.json()["facts"]["scope"]) == (403, "house:write")
    assert both.get("book-filings/asked").json()["rows"] == []
    assert both.post(there, {"item": 1}, idempotency_key="a").status_code == 404
    assert asking.post(there, {"item": 1}, idempotency_key="b").status_code == 403
    with platform_wide():
        assert not FilingAnswer.objects.exists()


def test_many_are_read_page_by_page_and_by_state() -> None:
    asking, keeper, first = a_keeper()
    robot = robot_of(keeper, Role.WAREHOUSE)
    robot.post(f"book-filings/{first}/answer", {"item": 1}, idempotency_key="a")
    with platform_wide():
        one = BookFiling.objects.get()
        more = [f"FIL-2026-9{number:05}" for number in range(200)]
        told = {
            field.attname: getattr(one, field.attname)
            for field in BookFiling._meta.concrete_fields
            if field.name not in {"id", "number"}
        }
        BookFiling.objects.bulk_create(BookFiling(number=number, **told) for number in more)

    def read(who: Robot, query: str) -> tuple[list[str], int]:
        told = who.get(f"book-filings{query}").json()
        return sorted(row["number"] for row in told["rows"]), told["pages"]

    assert read(asking, "?page=1") == (more, 2)
    assert read(asking, "?page=2") == ([first], 2)
    assert read(asking, "?page=3") == ([], 2)
    assert read(asking, "?state=pending") == (more, 1)
    assert read(robot, "/asked?state=filed") == ([first], 1)
    for wrong in ("?page=0", "?page=x", "?state=lost"):
        assert asking.get(f"book-filings{wrong}").status_code == 422
