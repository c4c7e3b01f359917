"""Who declares a seller's parcels: told by its program, agreed to by the importer's."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Company, Membership, Role
from core.walls import platform_wide
from customs.models import RetailParties
from tests.factories.accounts import ImporterFactory, MembershipFactory, SellerFactory
from tests.rest.conftest import Robot, token_for
from tests.walls.rows import all_rows

pytestmark = pytest.mark.django_db

TOLD = {
    "ebp_code": "3302961HZ1",
    "ebp_name": "示例跨境平台有限公司",
    "platforms": [{"channel": "tmall", "code": "3302961HZ8", "name": "另一平台有限公司"}],
    "ebc_code": "3302961HZ2",
    "ebc_name": "示例电商有限公司",
    "assure_code": "3302961HZ6",
    "logistics_code": "3302961HZ4",
    "logistics_name": "示例物流有限公司",
}


def robot_of(company: Company, role: Role, *scopes: str) -> Robot:
    with platform_wide():
        member = MembershipFactory.create(company=company, role=role, is_admin=True)
        return Robot(token_for(company, role, member.user, *scopes))


def an_importer(code: str = "3302961HZ6") -> tuple[Company, Robot]:
    with platform_wide():
        company = ImporterFactory.create(customs_code=code)
    return company, robot_of(company, Role.IMPORTER)


def a_seller(*scopes: str) -> tuple[Company, Robot]:
    with platform_wide():
        company = SellerFactory.create()
    return company, robot_of(company, Role.SELLER, *scopes)


def tell(robot: Robot, importer: Company, /, **changed: Any) -> Any:
    heads = {"if_match": robot.get("retail-parties")["ETag"]}
    return robot("PUT", "retail-parties", TOLD | {"agent": importer.code} | changed, **heads)


def test_a_seller_tells_its_importer_agrees_and_another_one_has_to_anew() -> None:
    (seller, told_by), (importer, robot), (other, _robot) = a_seller(), an_importer(), an_importer()
    nothing = told_by.get("retail-parties").json()
    assert (nothing["ebp_code"], nothing["agent"], nothing["agreed_at"]) == ("", None, None)

    kept = tell(told_by, importer)
    assert kept.status_code == 200
    assert {name: kept.json()[name] for name in TOLD} == TOLD
    assert kept.json() == told_by.get("retail-parties").json()
    (waits,) = robot.get("customs/clients").json()["rows"]
    assert (waits["seller"], waits["agreed_at"]) == (seller.code, None)
    assert waits["platforms"] == TOLD["platforms"]

    there = f"customs/clients/{seller.code}"
    seen = robot.get(there)["ETag"]
    tell(told_by, importer, assure_code="3302961HZ7")
    late = robot.post(f"{there}/agree", if_match=seen)
    assert (late.status_code, late.json()["code"]) == (412, "rest.changed")
    agreed = robot.post(f"{there}/agree", if_match=robot.get(there)["ETag"])

    assert (agreed.status_code, agreed.json()["agreed_at"] is None) == (200, False)
    assert tell(told_by, importer).json()["agreed_at"] == agreed.json()["agreed_at"]
    assert tell(told_by, other).json()["agreed_at"] is None
    assert robot.get("customs/clients").json()["rows"] == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"ebp_code": "12"}, "customs.company_code_wrong"),
        ({"assure_code": "A-1"}, "customs.assure_code_wrong"),
        ({"waybill_prefix": "S F"}, "customs.waybill_prefix_wrong"),
        ({"sends_payments": True}, "customs.payer_incomplete"),
        ({"sends_payments": True, "pay_code": "3302961HZ3"}, "customs.payer_incomplete"),
        ({"agent": "NOBODY"}, "customs.agent_unknown"),
        ({"platforms": [*TOLD["platforms"]] * 2}, "customs.channel_twice"),
        (
            {"platforms": [{"channel": " ", "code": "3302961HZ8", "name": "n"}]},
            "customs.platform_incomplete",
        ),
        ({"ebc_name": " "}, "rest.invalid"),
        ({"is_automatic": "yes"}, "rest.invalid"),
        ({"agreed_at": "2026-07-01T02:00:00Z"}, "rest.invalid"),
    ],
)
def test_what_is_wrong_of_them_is_refused_and_not_kept(wrong: dict[str, Any], code: str) -> None:
    (_seller, robot), (importer, _robot) = a_seller(), an_importer()
    robot.get("retail-parties")
    before = all_rows()

    answer = tell(robot, importer, **wrong)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert all_rows() == before


def test_an_importer_without_a_code_at_customs_agrees_to_nothing() -> None:
    (seller, told_by), (importer, robot) = a_seller(), an_importer("")
    tell(told_by, importer)

    refused = robot.post(f"customs/clients/{seller.code}/agree", if_match="*")

    assert (refused.status_code, refused.json()["code"]) == (409, "customs.agent_without_code")
    with platform_wide():
        assert RetailParties.objects.get().agreed_at is None


def test_only_an_administrator_tells_and_agrees_and_only_who_was_named() -> None:
    (seller, told_by), (importer, robot) = a_seller(), an_importer()
    _other, stranger = an_importer()
    _company, reader = a_seller("retail:read")
    tell(told_by, importer)
    there = f"customs/clients/{seller.code}"

    assert stranger.post(f"{there}/agree", if_match="*").status_code == 404
    assert (stranger.get(there).status_code, robot.get(there).status_code) == (404, 200)
    refused = tell(reader, importer)
    assert (refused.status_code, refused.json()["facts"]["scope"]) == (403, "retail:write")
    with platform_wide():
        Membership.objects.update(is_admin=False)
    assert robot.get(there).status_code == 200
    assert robot.post(f"{there}/agree", if_match="*").status_code == 404
    assert told_by.get("retail-parties").status_code == 404
    body = TOLD | {"agent": importer.code, "ebp_name": "n"}
    assert told_by("PUT", "retail-parties", body, if_match="*").status_code == 404
    with platform_wide():
        held = RetailParties.objects.get()
    assert (held.agreed_at, held.ebp_name) == (None, TOLD["ebp_name"])
