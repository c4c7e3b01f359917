"""The accepted lists of a month become one declaration, and are in no other while it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Company, User
from core.errors import DomainError
from core.walls import platform_wide
from customs.models import (
    CollectedLine,
    CollectedList,
    CollectiveDeclaration,
    CreditTier,
    Deadline,
    Declaration,
    DeclarationShare,
)
from customs.queries.collecting import waiting_lists
from customs.queries.collective_set import collective_set
from customs.queries.ways import under_way_of
from customs.rules import collecting as rules
from customs.rules.countering import NotWithCustoms
from customs.rules.deadlines import Flags, MetByItself
from customs.rules.declared import RulesBroken
from customs.rules.declaring import EntryNumberTaken, WrongState
from customs.rules.ways import Step
from customs.services import (
    ask_amendment_together,
    ask_withdrawal,
    ask_withdrawal_together,
    draw_collective,
    drop_collective,
    grant,
    lodge_collective,
    make_due_collective_papers,
    meet_deadline,
    order_collective_papers,
    queue_collective,
    record_accepted,
    reject_collective,
    release_collective,
    watch_deadlines,
)
from tests.customs.collecting import (
    AUGUST,
    a_month,
    a_shipment_of,
    accepted,
    handed_in,
    may_collect,
)
from tests.factories.accounts import SellerFactory, UserFactory
from tests.factories.customs import DECLARES
from tests.walls.rows import all_rows

JULY = date(2026, 7, 1)
NUMBER = "310520261000009999"


@pytest.fixture
def wide(db: None) -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def clerk(wide: None) -> User:
    return UserFactory.create()


def draw(*lists: Declaration, at: datetime = AUGUST) -> CollectiveDeclaration:
    return draw_collective(
        importer=lists[0].importer, lists=[one.our_reference for one in lists], now=at
    )


def lodged(*lists: Declaration) -> CollectiveDeclaration:
    drawn = draw(*lists)
    queue_collective(collective=drawn, now=AUGUST)
    make_due_collective_papers(now=lambda: AUGUST)
    return lodge_collective(collective=drawn, now=AUGUST)


def refused(refusal: type[DomainError], act: Callable[[], object], **facts: object) -> None:
    before = all_rows()
    with pytest.raises(refusal) as raised:
        act()
    assert all_rows() == before
    assert {name: raised.value.facts[name] for name in facts} == facts


def test_the_lists_of_a_month_become_one_declaration(clerk: User) -> None:
    first, second = a_month(2)

    drawn = draw(first, second)

    assert (drawn.our_reference, drawn.month, drawn.state) == ("COL-2026-000001", JULY, "draft")
    assert drawn.total_minor == first.total_minor + second.total_minor == 120_000
    assert (drawn.packages, drawn.gross_weight_g, drawn.net_weight_g) == (20, 132_000, 108_000)
    goods = drawn.goods.get()
    assert (goods.position, goods.quantity, goods.unit_price) == (1, 120, Decimal("10.0000"))
    into = CollectedLine.objects.order_by("line__declaration").values_list(
        "goods__position", "line__declaration__our_reference"
    )
    assert list(into) == [(1, first.our_reference), (1, second.our_reference)]


def test_each_owners_part_is_exactly_its_parts_of_the_lists(clerk: User) -> None:
    one: Company = SellerFactory.create()
    other: Company = SellerFactory.create()
    shipment = a_shipment_of(owners=((one, 7), (other, 20)))
    importer, supplier = shipment.order.buyer, shipment.order.supplier
    may_collect(importer)
    lists = [
        accepted(shipment, 1),
        accepted(a_shipment_of(importer, supplier, owners=((one, 11),)), 2),
    ]

    data = collective_set(draw(*lists).pk)

    units = {one.code: 18, other.code: 20, importer.code: 120 - 38}
    assert {it.owner.code for it in data.shares} == set(units)
    for seller in (one, other, importer):
        own = DeclarationShare.objects.filter(owner=seller)
        told = data.shares_of(seller.code)
        assert sum(it.quantity for it in told) == units[seller.code]
        assert sum(it.amount for it in told) == sum(it.amount_minor for it in own)
        assert sum(it.gross_weight for it in told) == sum(it.gross_weight_g for it in own)
    assert sum(it.amount for it in data.shares) == data.total


def test_what_may_not_be_drawn_is_refused_in_words_and_nothing_is_written(clerk: User) -> None:
    (first,) = a_month(1)
    importer, supplier = first.importer, first.shipment.order.supplier
    waits = handed_in(a_shipment_of(importer, supplier))
    alone = accepted(a_shipment_of(), 8)

    refused(
        rules.NothingToCollect, lambda: draw_collective(importer=importer, lists=[], now=AUGUST)
    )
    refused(rules.NothingToCollect, lambda: draw(first, first))
    refused(rules.MonthNotOver, lambda: draw(first, at=DECLARES), month="2026-07")
    refused(rules.ListNotAccepted, lambda: draw(first, waits), list=waits.our_reference)
    refused(rules.ListUnknown, lambda: draw(first, alone), lists=alone.our_reference)
    refused(rules.DeclaredAlone, lambda: draw(alone), shipment=alone.shipment.number)
    draw(first)
    refused(rules.CollectedBefore, lambda: draw(first), declaration="COL-2026-000001")


def test_the_database_keeps_a_list_in_one_that_counts(clerk: User) -> None:
    first, second = a_month(2)
    draw(first)
    other = draw(second)

    with (
        transaction.atomic(),
        pytest.raises(IntegrityError, match="a_list_is_in_one_collective_that_counts"),
    ):
        CollectedList.objects.create(
            collective=other, declaration=first, importer=first.importer, position=2
        )


def test_a_month_is_met_by_its_lodging_and_not_by_hand(clerk: User) -> None:
    first, second = a_month(2)
    watch_deadlines(now=AUGUST)

    def open_now() -> list[tuple[str, date]]:
        rows = Deadline.objects.filter(kind="collect", met_on=None).order_by("pk")
        return [(row.shipment.number, row.due_on) for row in rows]

    def steps() -> set[Step | None]:
        return {one.next for one in under_way_of(first.importer, day=AUGUST.date())}

    numbers = [one.shipment.number for one in (first, second)]
    due = [(number, date(2026, 8, 31)) for number in numbers]
    assert open_now() == due
    for row in Deadline.objects.filter(kind="collect"):
        refused(MetByItself, lambda row=row: meet_deadline(deadline=row, now=AUGUST))  # type: ignore[misc]
    together = lodged(first, second)
    assert open_now() == []
    assert {row.met_on for row in Deadline.objects.filter(kind="collect")} == {AUGUST.date()}
    # The warehouse has not counted the goods in yet.
    assert steps() == {Step.RECEIVE}
    assert waiting_lists(first.importer, today=AUGUST.date()) == []

    reject_collective(collective=together, reason="归类有误", now=AUGUST)

    assert open_now() == due
    watch_deadlines(now=AUGUST)
    assert open_now() == due
    (group,) = waiting_lists(first.importer, today=AUGUST.date())
    assert [one.told.reference for one in group.lists] == [
        first.our_reference,
        second.our_reference,
    ]


def test_a_withdrawn_one_frees_its_lists(clerk: User) -> None:
    (first,) = a_month(1)
    together = lodged(first)
    refused(
        rules.ListCollected,
        lambda: ask_withdrawal(declaration=first, reason="错误", asked_by=clerk, now=AUGUST),
        declaration=together.our_reference,
    )

    asked = ask_withdrawal_together(
        collective=together, reason="重复申报", asked_by=clerk, now=AUGUST
    )
    refused(rules.CollectedBefore, lambda: draw(first))
    record_accepted(document=asked, recorded_by=clerk, now=AUGUST)

    together.refresh_from_db()
    assert together.state == "withdrawn"
    again = draw(first)
    assert list(again.lists.values_list("declaration__our_reference", flat=True)) == [
        first.our_reference
    ]
    refused(
        NotWithCustoms,
        lambda: ask_withdrawal_together(
            collective=again, reason="重复申报", asked_by=clerk, now=AUGUST
        ),
    )


def test_customs_amends_it_and_the_lists_go_over_to_the_new_version(clerk: User) -> None:
    first, second = a_month(2)
    together = release_collective(
        collective=lodged(first, second), their_reference=NUMBER, now=AUGUST
    )
    name = "示例婴幼儿配方奶粉 1 段 900 克"
    asked = ask_amendment_together(
        collective=together,
        wanted=[(0, "packages", "21"), (1, "name_zh", name)],
        reason="品名申报不全",
        asked_by=clerk,
        now=AUGUST,
    )

    fresh = record_accepted(document=asked, recorded_by=clerk, now=AUGUST)

    together.refresh_from_db()
    assert together.state == "amended"
    assert isinstance(fresh, CollectiveDeclaration)
    assert (fresh.our_reference, fresh.their_reference, fresh.packages) == (
        "COL-2026-000002",
        NUMBER,
        21,
    )
    assert fresh.goods.get().name_zh == name
    data = collective_set(fresh.pk)
    assert [(one.quantity, one.goods_position) for one in data.listed] == [(60, 1), (60, 1)]
    assert sum(one.quantity for one in data.shares) == 120
    assert data.lists == collective_set(together.pk).lists
    refused(rules.CollectedBefore, lambda: draw(first), declaration="COL-2026-000002")


def test_it_goes_the_way_of_a_declaration(clerk: User) -> None:
    (first,) = a_month(1)
    drawn = draw(first)
    refused(WrongState, lambda: lodge_collective(collective=drawn, now=AUGUST))
    queue_collective(collective=drawn, now=AUGUST)
    refused(WrongState, lambda: queue_collective(collective=drawn, now=AUGUST))

    assert make_due_collective_papers(now=lambda: AUGUST) == 1

    lodge_collective(collective=drawn, now=AUGUST)
    refused(
        EntryNumberTaken,
        lambda: release_collective(
            collective=drawn, their_reference=first.their_reference, now=AUGUST
        ),
    )
    release_collective(collective=drawn, their_reference=NUMBER, now=AUGUST)
    assert [one.state for one in drawn.steps.order_by("pk")] == [
        *("draft", "queued", "generating", "ready", "lodged", "released")
    ]
    refused(WrongState, lambda: drop_collective(collective=drawn, reason="错误", now=AUGUST))


def test_what_customs_would_send_back_is_not_ordered(clerk: User) -> None:
    (first,) = a_month(1)
    drawn = draw(first)
    house = drawn.warehouse
    house.ledger_number = "short"
    house.save()

    refused(RulesBroken, lambda: queue_collective(collective=drawn, now=AUGUST), findings=1)
    drop_collective(collective=drawn, reason="账册号有误", now=AUGUST)
    assert CollectedList.objects.get().freed_at == AUGUST


def test_papers_are_made_again_only_where_they_say_something_else(clerk: User) -> None:
    lists = a_month(2)
    together = lodged(*lists)

    def order() -> list[tuple[str, int]]:
        made = order_collective_papers(collective=together, language="zh-hans", now=AUGUST)
        make_due_collective_papers(now=lambda: AUGUST)
        return [(one.kind, one.version) for one in made]

    whole = [("declaration", 1), ("lists", 1), ("share_sheet", 1)]
    assert order() == whole
    assert order() == whole
    release_collective(collective=together, their_reference=NUMBER, now=AUGUST)
    assert order() == [("declaration", 2), ("lists", 2), ("share_sheet", 2)]


def test_a_list_handed_in_stays_on_its_way_whatever_customs_grants_since(clerk: User) -> None:
    (first,) = a_month(1)
    grant(
        importer=first.importer,
        valid_from=date(2026, 8, 1),
        tier=CreditTier.REGULAR,
        flags=Flags(),
        evidence="海关 2026-8",
        set_by=clerk,
        now=datetime(2026, 8, 1, tzinfo=UTC),
    )

    (group,) = waiting_lists(first.importer, today=AUGUST.date())

    assert (group.may_draw, group.due_on) == (True, date(2026, 8, 31))
    draw(first)
