"""Guarantees told, read and paid by an importer's programs."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.models import Company, Role
from core.walls import platform_wide
from customs.models import Gateway, Guarantee, GuaranteePayment, OutgoingElement
from tests.customs.receipts.answers import of_list
from tests.customs.receipts.sent_lists import _wide, come, gateway, seller, sent
from tests.customs.receipts.test_bills import a_bill
from tests.factories.accounts import MembershipFactory
from tests.rest.conftest import Robot, token_for

__all__ = ["_wide", "gateway", "seller", "sent"]

pytestmark = pytest.mark.django_db

CODE = "3302961HZ6"
TOLD = {"guarantor": CODE, "amount": "100.00", "valid_from": "2026-07-01", "evidence": "保函 1"}
PAID = {
    "guarantor": CODE,
    "month": "2026-08",
    "amount": "5.53",
    "paid_on": "2026-08-01",
    "evidence": "电子税单 1",
}


def robot_of(company: Company, *scopes: str) -> Robot:
    with platform_wide():
        member = MembershipFactory.create(company=company, role=Role.IMPORTER)
        return Robot(token_for(company, Role.IMPORTER, member.user, *scopes))


def kept() -> tuple[int, int]:
    with platform_wide():
        return Guarantee.objects.count(), GuaranteePayment.objects.count()


def test_a_program_tells_a_guarantee_reads_its_month_and_pays_it(
    gateway: Gateway, sent: list[OutgoingElement]
) -> None:
    robot = robot_of(gateway.company)
    with platform_wide():
        come(gateway, of_list(sent[0].key, "120"), a_bill("310520261I00000017", "5.53"))

    made = robot.post("customs/guarantees", TOLD, idempotency_key="a")
    (one,) = robot.get("customs/guarantees").json()["standing"]
    month = robot.get(f"customs/guarantee-months/2026-08?guarantor={CODE}").json()
    file = robot.get(f"customs/guarantee-months/2026-08/bills.csv?guarantor={CODE}")

    assert (made.status_code, made.json()["holds"]) == (201, True)
    figures = [Decimal(one[name]) for name in ("amount", "used", "free")]
    assert figures[:2] == [Decimal(100), Decimal("5.53")]
    # The other list went to customs and is not billed yet.
    assert figures[2] == Decimal("94.47") - Decimal(one["told"])
    assert [(it["month"], Decimal(it["due"])) for it in one["months"]] == [
        ("2026-08", Decimal("5.53"))
    ]
    assert (month["bills"], month["due_on"]) == (1, "2026-09-07")
    assert file.content.decode("utf-8-sig").splitlines()[1].startswith("T-310520261I00000017,")
    too_much = robot.post(
        "customs/guarantee-payments", PAID | {"amount": "5.54"}, idempotency_key="b"
    )
    assert (too_much.status_code, too_much.json()["code"]) == (409, "customs.paid_more_than_due")
    assert kept() == (1, 0)
    for _again in range(2):
        paid = robot.post("customs/guarantee-payments", PAID, idempotency_key="b")
        assert (paid.status_code, Decimal(paid.json()["due"])) == (201, Decimal(0))
    assert kept() == (1, 1)
    assert [it["evidence"] for it in paid.json()["payments"]] == ["电子税单 1"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"guarantor": "A/1"}, "customs.company_code_wrong"),
        ({"amount": "1.005"}, "rest.invalid"),
        ({"amount": "-1"}, "rest.invalid"),
        ({"amount": "NaN"}, "rest.invalid"),
        ({"evidence": " "}, "customs.guarantee_wrong"),
        ({"holds": "maybe"}, "rest.invalid"),
        ({"valid_from": "1.7.2026"}, "rest.invalid"),
    ],
)
def test_what_is_wrong_of_a_guarantee_is_refused_and_not_kept(
    gateway: Gateway, wrong: dict[str, str], code: str
) -> None:
    robot = robot_of(gateway.company)

    answer = robot.post("customs/guarantees", TOLD | wrong, idempotency_key="a")

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert kept() == (0, 0)


def test_who_only_reads_tells_nothing_and_a_month_of_another_is_not_there(
    gateway: Gateway, sent: list[OutgoingElement]
) -> None:
    reader = robot_of(gateway.company, "guarantees:read")

    refused = reader.post("customs/guarantees", TOLD, idempotency_key="a")
    assert (refused.status_code, refused.json()["facts"]["scope"]) == (403, "guarantees:write")
    for month in ("2026-08", "2026-13", "1999-08"):
        shown = reader.get(f"customs/guarantee-months/{month}?guarantor={CODE}")
        assert shown.status_code == 404
    wrong = reader.get(f"customs/guarantee-months/2026-08/bills.pdf?guarantor={CODE}")
    assert wrong.status_code == 404
    assert kept() == (0, 0)
