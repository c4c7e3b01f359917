"""Who hears of what, once, in the caller's transaction, in a few statements."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Role
from core.walls import inside
from notices import queries
from notices.models import Mail, Notice, NoticeCopy, WebhookDelivery
from notices.services import add_endpoint, amount, choose, tell
from procurement.rules.forecasting import NotASeller
from tests.factories.accounts import MembershipFactory, SellerFactory
from tests.notices.conftest import NOON

Rung = Any

pytestmark = pytest.mark.django_db

FACTS = {"quarter": "2026-Q3", "cutoff_at": NOON}


def an_endpoint(member: Membership, *events: str) -> None:
    add_endpoint(
        company=member.company,
        role=member.role,
        url="https://shop.example.test/hook",
        events=events,
        created_by=None,
        now=NOON,
    )


def opened(*members: Membership, subject: str = "2026-Q3") -> int:
    return tell(
        "round.opened",
        subject=subject,
        facts=FACTS,
        companies=[member.company_id for member in members],
        now=NOON,
    )


def test_those_concerned_hear_of_it_and_nobody_else(
    clerk: Membership, neighbour: Membership, importer: Membership
) -> None:
    assert opened(clerk) == 1

    (copy,) = NoticeCopy.objects.all()
    assert (copy.membership, copy.company, copy.in_portal) == (clerk, clerk.company, True)
    assert queries.unread(clerk) == 1
    assert queries.unread(neighbour) == queries.unread(importer) == 0


def test_told_twice_it_is_written_once(clerk: Membership, neighbour: Membership) -> None:
    opened(clerk)

    assert opened(clerk, neighbour) == 1
    assert Notice.objects.count() == NoticeCopy.objects.count() == Mail.objects.count() == 2


def test_the_database_itself_refuses_a_second_notice_of_the_platform(operator: Membership) -> None:
    facts = {"quarter": "2026-Q3", "orders": 2, "sellers": 20}
    tell("round.pooled", subject="2026-Q3", facts=facts, now=NOON)
    assert tell("round.pooled", subject="2026-Q3", facts=facts, now=NOON) == 0

    with pytest.raises(IntegrityError, match="told_once"), transaction.atomic():
        Notice.objects.create(event="round.pooled", subject="2026-Q3", facts={}, told_at=NOON)


def test_the_platforms_notice_reaches_its_roles_only(
    operator: Membership, clerk: Membership
) -> None:
    financier = MembershipFactory.create(company=operator.company, role=Role.FINANCE)

    tell(
        "round.pooled",
        subject="2026-Q3",
        facts={"quarter": "2026-Q3", "orders": 2, "sellers": 20},
        now=NOON,
    )

    assert [copy.membership for copy in NoticeCopy.objects.all()] == [operator]
    assert queries.unread(financier) == queries.unread(clerk) == 0


def test_rolled_back_with_its_cause_nobody_hears_of_it(
    clerk: Membership, django_capture_on_commit_callbacks: Rung
) -> None:
    an_endpoint(clerk, "round.opened")

    with (
        django_capture_on_commit_callbacks() as rung,
        pytest.raises(NotASeller),
        transaction.atomic(),
    ):
        _tell_and_fail(clerk)

    assert rung == []
    assert not Notice.objects.exists()
    assert not NoticeCopy.objects.exists()
    assert not Mail.objects.exists()
    assert not WebhookDelivery.objects.exists()


def _tell_and_fail(clerk: Membership) -> None:
    opened(clerk)
    assert WebhookDelivery.objects.count() == Mail.objects.count() == 1
    raise NotASeller(company="NEXT")


def test_somebody_inside_one_company_tells_another_and_sees_nothing_of_it(
    clerk: Membership, importer: Membership
) -> None:
    with inside(importer.company_id):
        opened(clerk)

        assert not Notice.objects.exists()
        assert not NoticeCopy.objects.exists()

    assert NoticeCopy.objects.get().membership == clerk
    with inside(clerk.company_id):
        assert queries.unread(clerk) == 1


def test_facts_that_the_register_does_not_name_are_a_mistake(clerk: Membership) -> None:
    with pytest.raises(ValueError, match="cutoff_at"):
        tell(
            "round.opened",
            subject="2026-Q3",
            facts={"quarter": "2026-Q3"},
            companies=[clerk.company_id],
            now=NOON,
        )

    assert not Notice.objects.exists()


def test_each_company_has_its_own_facts(clerk: Membership, neighbour: Membership) -> None:
    bill = {"amount": amount(100, "CNY"), "due_on": NOON.date()}
    tell(
        "round.closed",
        subject="2026-Q3",
        facts={"quarter": "2026-Q3"},
        companies={
            clerk.company_id: {"products": 1, "units": 7, **bill},
            neighbour.company_id: {"products": 2, "units": 9, **bill},
        },
        now=NOON,
    )

    assert {one.company_id: one.facts["units"] for one in Notice.objects.all()} == {
        clerk.company_id: 7,
        neighbour.company_id: 9,
    }


def test_choices_are_obeyed(clerk: Membership) -> None:
    choose(membership=clerk, choices={"round.opened": (False, "never")})
    loud = MembershipFactory.create(company=clerk.company)
    choose(membership=loud, choices={"round.opened": (True, "daily")})

    opened(clerk)

    silent, daily = NoticeCopy.objects.order_by("membership_id")
    assert (silent.in_portal, silent.in_digest, silent.mail) == (False, False, None)
    assert (daily.in_portal, daily.in_digest, daily.mail) == (True, True, None)
    assert queries.unread(clerk) == 0
    assert not Mail.objects.exists()


def test_whoever_left_is_not_told(clerk: Membership) -> None:
    clerk.user.is_active = False
    clerk.user.save()

    opened(clerk)

    assert Notice.objects.count() == 1
    assert not NoticeCopy.objects.exists()


def test_an_endpoint_is_told_of_what_it_chose(clerk: Membership, neighbour: Membership) -> None:
    an_endpoint(clerk, "round.opened")
    an_endpoint(neighbour, "stock.received")

    opened(clerk, neighbour)

    (delivery,) = WebhookDelivery.objects.all()
    assert delivery.company == clerk.company
    assert json.loads(delivery.body) == {
        "type": "round.opened",
        "timestamp": "2026-07-14T04:00:00+00:00",
        "data": {"quarter": "2026-Q3", "cutoff_at": "2026-07-14T04:00:00+00:00"},
    }


def test_one_person_alone_may_be_told(clerk: Membership) -> None:
    MembershipFactory.create(company=clerk.company)

    tell(
        "export.ready",
        subject="1",
        facts={"name": "stock.xlsx", "job": "x"},
        companies=[clerk.company_id],
        people=[clerk.user_id],
        now=NOON,
    )

    assert [copy.membership for copy in NoticeCopy.objects.all()] == [clerk]


def test_ten_thousand_orders_are_one_notice_and_twenty_pages(clerk: Membership) -> None:
    an_endpoint(clerk, "retail.listed")
    items = [
        {"number": f"RL-{n:05}", "order": f"RO-{n:05}", "tax": amount(910, "CNY"), "buyer": "金"}
        for n in range(10_000)
    ]

    tell(
        "retail.listed",
        subject="RL-00000",
        facts={"lists": 10_000, "tax": amount(9_100_000, "CNY")},
        companies=[clerk.company_id],
        items={clerk.company_id: items},
        now=NOON,
    )

    assert Notice.objects.count() == NoticeCopy.objects.count() == 1
    bodies = [json.loads(one.body)["data"] for one in WebhookDelivery.objects.order_by("pk")]
    assert [(body["page"], body["pages"], len(body["items"])) for body in bodies] == [
        (page, 20, 500) for page in range(1, 21)
    ]
    assert bodies[0]["items"][0] == {
        "number": "RL-00000",
        "order": "RO-00000",
        "tax": {"minor": 910, "currency": "CNY"},
    }, "what the register does not name stays here"


def test_the_statements_do_not_grow_with_the_companies(clerk: Membership) -> None:
    many = [MembershipFactory.create(company=SellerFactory.create()) for _ in range(40)]
    for member in many:
        an_endpoint(member, "round.opened")

    with CaptureQueriesContext(connection) as few:
        opened(many[0], subject="few")
    with CaptureQueriesContext(connection) as more:
        opened(*many, subject="many")

    assert len(more) == len(few) <= 14
    assert WebhookDelivery.objects.count() == 41


def test_the_bell_is_one_look_at_one_index(clerk: Membership) -> None:
    for n in range(105):
        opened(clerk, subject=f"{n}")

    with CaptureQueriesContext(connection) as asked:
        count = queries.unread(clerk)

    assert (count, len(asked)) == (100, 1)
