"""Reference data proposed and decided by programs: two people, as on the pages."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Company, Membership, Role
from core.walls import platform_wide
from customs.models import ReferenceChange, ReferenceDecision, ReferenceProposal, TariffRate
from notices.models import Mail, NoticeCopy
from tests.factories.accounts import MembershipFactory, PlatformCompanyFactory, SellerFactory
from tests.factories.customs import TariffRateFactory
from tests.rest.conftest import Robot, token_for

pytestmark = pytest.mark.django_db

HEAD = "hs_code,valid_from,duty_rate,vat_rate,legal_unit,source\n"
MILK = "1901101010,2090-01-01,0.05,0.13,035,税则2090\n"
MULTIPART = "multipart/form-data; boundary=b"
WHOLE_CODE = (
    "A tariff code has ten digits; a spreadsheet keeps a leading zero in a cell of text only."
)


@pytest.fixture
def platform(_django_db_helper: None) -> Company:
    with platform_wide():
        found: Company = PlatformCompanyFactory.create()
        TariffRateFactory.create(hs_code="1901101010", vat_rate="0.17")
        return found


def robot_of(platform: Company, *scopes: str) -> tuple[Robot, Membership]:
    with platform_wide():
        member = MembershipFactory.create(company=platform, role=Role.OPERATOR)
        text = token_for(platform, Role.OPERATOR, member.user, *scopes)
    return Robot(text), member


def form(rows: str, **told: str) -> bytes:
    fields = {"kind": "tariff", **told}
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    head = '--b\r\nContent-Disposition: form-data; name="file"; filename="2090.csv"\r\n\r\n'
    return "".join([*parts, head, HEAD, rows, "\r\n--b--\r\n"]).encode()


def propose(robot: Robot, body: bytes, key: str = "one") -> Any:
    return robot.post(
        "reference-proposals", body, content_type=MULTIPART, idempotency_key=key, if_match="*"
    )


def heard(member: Membership) -> list[str]:
    with platform_wide():
        told = NoticeCopy.objects.filter(membership=member).order_by("pk")
        return list(told.values_list("notice__event", flat=True))


def kept() -> tuple[int, ...]:
    with platform_wide():
        every = (ReferenceProposal, ReferenceChange, ReferenceDecision, TariffRate)
        return tuple(one.objects.count() for one in every)


def test_a_program_proposes_and_the_program_of_another_person_approves(platform: Company) -> None:
    (maker, proposer), (checker, approver) = robot_of(platform), robot_of(platform)

    made = propose(maker, form(MILK))

    assert made.status_code == 201, made.content.decode()
    told = made.json()
    number = told["number"]
    assert (told["state"], told["added"], told["changed"]) == ("open", 0, 1)
    assert (told["may_approve"], told["file_name"]) == (False, "2090.csv")
    assert (heard(proposer), heard(approver)) == ([], ["reference.proposed"])
    with platform_wide():
        assert [one.membership_id for one in Mail.objects.all()] == [approver.pk]
    shown = checker.get(f"reference-proposals/{number}")
    assert shown.json()["may_approve"] is True
    (change,) = checker.get(f"reference-proposals/{number}/changes").json()["data"]
    assert (change["act"], change["key"], change["ends_on"]) == (
        *("changed", "1901101010", "2089-12-31"),
    )
    assert (change["before"]["vat_rate"], change["after"]["vat_rate"]) == ("0.17", "0.13")
    report = checker.get(f"reference-proposals/{number}/changes.csv").content
    assert report.decode("utf-8-sig").splitlines()[1].startswith("changed,1901101010,2090-01-01")
    waiting = checker.get("reference-proposals?state=open").json()["data"]
    assert [one["number"] for one in waiting] == [number]

    before, tag = kept(), shown["ETag"]
    alone = maker.post(f"reference-proposals/{number}/approve", if_match="*")
    assert (alone.status_code, alone.json()["code"]) == (409, "customs.proposer_approves_alone")
    assert kept() == before
    done = checker.post(f"reference-proposals/{number}/approve", if_match=tag)
    assert (done.status_code, done.json()["state"]) == (200, "approved")
    assert done.json()["decided_by"] == approver.user.email
    assert kept() == (1, 1, 1, 2)
    again = checker.post(f"reference-proposals/{number}/approve", if_match="*")
    assert (again.status_code, again.json()["code"]) == (409, "customs.proposal_decided")
    assert (heard(proposer), heard(approver)) == (["reference.approved"], ["reference.proposed"])


def test_a_refusal_says_why_and_the_proposer_hears_it(platform: Company) -> None:
    (maker, proposer), (checker, _approver) = robot_of(platform), robot_of(platform)
    number = propose(maker, form(MILK)).json()["number"]
    address = f"reference-proposals/{number}/refuse"

    assert checker.post(address, {"reason": " "}, if_match="*").status_code == 422
    refused = checker.post(address, {"reason": "税率与公告不符"}, if_match="*")

    assert (refused.json()["state"], refused.json()["reason"]) == ("refused", "税率与公告不符")
    assert kept() == (1, 1, 1, 1)
    assert heard(proposer) == ["reference.refused"]
    # Who takes back its own tells itself nothing.
    own = propose(maker, form(MILK), key="two").json()["number"]
    maker.post(f"reference-proposals/{own}/refuse", {"reason": "x"}, if_match="*")
    assert heard(proposer) == ["reference.refused"]


def test_a_wrong_file_is_told_by_row_and_writes_nothing(platform: Company) -> None:
    maker, _person = robot_of(platform)
    before = kept()

    wrong = propose(maker, form("19011010,2090-01-01,0.05,0.13,035,x\n"))
    assert wrong.status_code == 422
    assert wrong.json()["errors"] == [{"row": 2, "field": "hs_code", "message": WHOLE_CODE}]
    twice = form(MILK + MILK.replace("0.13", "0.09"))
    assert propose(maker, twice).json()["code"] == "customs.reference_refused"
    past = propose(maker, form(MILK, complete_from="2020-01-01"))
    assert past.json()["code"] == "customs.past_edited"
    for body in (form(MILK, kind="prices"), form(MILK, valid_from="1.1.2090")):
        assert propose(maker, body).status_code == 422
    assert kept() == before

    first = propose(maker, form(MILK + MILK.replace("0.13", "0.09"), takes_first="true"))
    assert first.status_code == 201
    number = first.json()["number"]
    changes = maker.get(f"reference-proposals/{number}/changes").json()["data"]
    assert [(one["act"], one["row"]) for one in changes] == [("changed", 2), ("left_out", 3)]


def test_who_only_reads_proposes_nothing_and_others_see_nothing(platform: Company) -> None:
    reader, _person = robot_of(platform, "reference:read")
    with platform_wide():
        member = MembershipFactory.create(company=SellerFactory.create(), role=Role.SELLER)
        seller = Robot(token_for(member.company, Role.SELLER, member.user))
    before = kept()

    assert propose(reader, form(MILK)).json()["facts"]["scope"] == "reference:write"
    assert reader.get("reference-proposals").json()["data"] == []
    assert seller.get("reference-proposals").status_code == 403
    assert kept() == before
