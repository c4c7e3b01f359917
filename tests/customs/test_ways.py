"""On which way a shipment is declared: what a way allows, its steps, and goods that go in first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

import pytest

from accounts.models import Company, User
from core.errors import DomainError
from core.walls import inside, platform_wide
from customs.models import (
    CreditTier,
    Deadline,
    Declaration,
    DeclaredWay,
    PaperKind,
    ShipmentEntry,
)
from customs.queries.stating import unstated
from customs.queries.to_do import to_do
from customs.queries.ways import on_ways, under_way_of, waits_for_release
from customs.rules import ways as rules
from customs.rules.deadlines import Flags, Grants, Route, Tier
from customs.rules.ways import Stands, Step, next_of, steps, way_of
from customs.rules.zone import LIST_OF_WAY
from customs.services import (
    DrawnLists,
    ask_amendment,
    choose_way,
    draft_declaration,
    draw_retail_lists,
    enter_first,
    grant,
    lodge,
    make_due_documents,
    order_papers,
    record_release,
    watch_deadlines,
)
from procurement.models import Shipment, ShipmentState
from tests.factories.accounts import SellerFactory, UserFactory
from tests.factories.customs import (
    DECLARES,
    ENTRY_NUMBER,
    TariffRateFactory,
    a_draft,
    a_lodged,
    a_ready,
    a_shipment,
    a_warehouse,
)
from tests.factories.procurement import OrderShareFactory
from tests.factories.warehouse import SELLS, BondedWarehouseFactory, an_incoming_order
from tests.walls.rows import all_rows
from warehouse.models import BondedWarehouse
from warehouse.services import accept_orders, receive

DAY = date(2026, 7, 14)
LATER = date(2026, 7, 20)
EVERYTHING = Grants(Tier.ADVANCED, True, True, True, True, True)


@pytest.mark.parametrize(
    ("grants", "chosen", "wanted"),
    [
        (Grants(), None, Route.ORDINARY),
        (EVERYTHING, None, Route.FIRST_IN),
        (Grants(collective=True, in_advance=True), None, Route.COLLECTIVE),
        (Grants(in_advance=True, two_step=True), None, Route.IN_ADVANCE),
        (EVERYTHING, Route.TWO_STEP, Route.TWO_STEP),
        (EVERYTHING, Route.ORDINARY, Route.ORDINARY),
        # What customs took back leaves the ordinary way.
        (Grants(), Route.FIRST_IN, Route.ORDINARY),
        (Grants(Tier.DISHONEST, first_in=True), None, Route.ORDINARY),
    ],
)
def test_the_chosen_way_counts_while_it_is_open(
    grants: Grants, chosen: Route | None, wanted: Route
) -> None:
    assert way_of(grants, chosen) == wanted


@pytest.mark.parametrize(
    ("way", "stands", "wanted"),
    [
        (Route.ORDINARY, Stands(), Step.DRAFT),
        (Route.ORDINARY, Stands(ordered_on=DAY), Step.LODGE),
        (Route.ORDINARY, Stands(DAY, None, DAY, None, None, None, DAY), Step.RECEIVE),
        (Route.IN_ADVANCE, Stands(ordered_on=DAY), Step.PAPERS),
        (Route.IN_ADVANCE, Stands(ordered_on=DAY, papers_on=DAY), Step.LODGE),
        (Route.TWO_STEP, Stands(ordered_on=DAY, lodged_on=DAY), Step.ENTER),
        (Route.TWO_STEP, Stands(DAY, None, DAY, DAY, DAY), Step.COMPLETE),
        (Route.FIRST_IN, Stands(), Step.ENTER),
        (Route.FIRST_IN, Stands(entered_on=DAY, received_on=DAY), Step.DRAFT),
        (Route.COLLECTIVE, Stands(DAY, None, DAY, None, DAY, None, DAY), Step.COLLECT),
        (Route.COLLECTIVE, Stands(DAY, None, DAY, None, DAY, None, DAY, DAY), None),
    ],
)
def test_each_way_has_steps_of_its_own(way: Route, stands: Stands, wanted: Step | None) -> None:
    assert next_of(steps(way, stands)) == wanted


def test_what_customs_released_was_complete() -> None:
    taken = steps(Route.TWO_STEP, Stands(DAY, None, DAY, DAY, DAY, None, DAY))

    assert {one.step: one.done_on for one in taken}[Step.COMPLETE] == DAY
    assert next_of(taken) is None


@pytest.mark.parametrize(
    ("way", "entered", "lacking", "refusal"),
    [
        (Route.ORDINARY, False, (), rules.LodgedBeforeArrival),
        (Route.COLLECTIVE, False, (), rules.LodgedBeforeArrival),
        (Route.IN_ADVANCE, False, ("invoice",), rules.AdvancePapersMissing),
        (Route.IN_ADVANCE, False, (), None),
        (Route.FIRST_IN, True, ("invoice",), None),
    ],
)
def test_goods_are_lodged_before_they_arrive_only_in_advance(
    way: Route, entered: bool, lacking: tuple[str, ...], refusal: type[DomainError] | None
) -> None:
    def lodged(today: date) -> None:
        rules.check_lodging(
            way, arrives_on=LATER, today=today, has_entered=entered, lacking=lacking
        )

    if refusal is None:
        lodged(DAY)
    else:
        with pytest.raises(refusal):
            lodged(DAY)
    lodged(LATER)


def test_kinds_of_lists_follow_the_way() -> None:
    assert LIST_OF_WAY == {Route.FIRST_IN: "3", Route.COLLECTIVE: "1"}


@pytest.fixture
def clerk(db: None) -> Iterator[User]:
    with platform_wide():
        yield UserFactory.create()


def granted(importer: Company, clerk: User, **flags: bool) -> None:
    grant(
        importer=importer,
        valid_from=DECLARES.date(),
        tier=CreditTier.CERTIFIED,
        flags=Flags(**flags),
        evidence="AEOCN3302960009",
        set_by=clerk,
        now=DECLARES,
    )


def refused(refusal: type[DomainError], act: Callable[[], object]) -> None:
    before = all_rows()
    with pytest.raises(refusal):
        act()
    assert all_rows() == before


def papers(declaration: Declaration, *kinds: PaperKind) -> None:
    order_papers(declaration=declaration, kinds=kinds, language="zh-hans", now=DECLARES)
    make_due_documents(now=lambda: DECLARES)


def test_who_may_declare_in_advance_lodges_before_the_ship_is_there(clerk: User) -> None:
    ready = a_ready()
    Shipment.objects.update(expected_on=LATER)

    def lodged() -> Declaration:
        return lodge(declaration=ready, now=DECLARES)

    refused(rules.LodgedBeforeArrival, lodged)
    granted(ready.importer, clerk, in_advance=True)
    refused(rules.AdvancePapersMissing, lodged)
    papers(ready, PaperKind.INVOICE)
    refused(rules.AdvancePapersMissing, lodged)

    papers(ready, PaperKind.PACKING_LIST)
    (stands,) = on_ways(Shipment.objects.select_related("order"), day=DAY)
    assert (stands.way, stands.next) == (Route.IN_ADVANCE, Step.LODGE)
    assert lodged().state == "lodged"


def test_a_ship_that_came_early_is_lodged_the_ordinary_way(clerk: User) -> None:
    ready = a_ready()
    Shipment.objects.update(expected_on=LATER)

    choose_way(
        shipment=ready.shipment,
        way=DeclaredWay.ORDINARY,
        arrived_on=DAY,
        told_by=clerk,
        now=DECLARES,
    )

    assert lodge(declaration=ready, now=DECLARES).state == "lodged"
    watch_deadlines(now=DECLARES)
    assert Deadline.objects.get().due_on == date(2026, 7, 28)


def test_goods_go_in_first_are_counted_and_declared_afterwards(clerk: User) -> None:
    shipment, house = a_shipment(), a_warehouse()
    importer = shipment.order.buyer

    def enter() -> ShipmentEntry:
        return enter_first(
            shipment=shipment,
            warehouse=house,
            pass_number=" P310426A0000000017 ",
            recorded_by=clerk,
            now=DECLARES,
        )

    refused(rules.NotFirstIn, enter)
    granted(importer, clerk, first_in=True)
    with inside(importer.pk):
        entry = enter()
    assert (entry.pass_number, entry.keeper) == ("P310426A0000000017", house.operator)
    refused(rules.EnteredBefore, enter)

    shipment.refresh_from_db()
    (line,) = shipment.lines.select_related("order_line__product")
    seller = SellerFactory.create()
    OrderShareFactory.create(line=line.order_line, owner=seller, quantity=60)
    receive(
        shipment=shipment,
        warehouse=house,
        counts={line.pk: 58},
        received_by=clerk,
        now=DECLARES + timedelta(days=1),
    )
    (stands,) = under_way_of(importer, day=DAY)
    assert (stands.way, stands.next) == (Route.FIRST_IN, Step.DRAFT)
    # A consumer may order; the goods are not sold out of bond before customs released them.
    order = an_incoming_order(line.order_line.product.sku, 2)
    (sold,) = accept_orders(seller=seller, orders=[order], now=SELLS)
    assert sold.refusal is None
    assert draw_retail_lists(now=SELLS) == DrawnLists(waiting=1)

    watch_deadlines(now=DECLARES)
    follow = Deadline.objects.get()
    assert (follow.kind, follow.due_on) == ("follow", date(2026, 7, 28))

    other = BondedWarehouseFactory.create(code="OTHER")
    refused(
        rules.EnteredElsewhere,
        lambda: draft_declaration(
            shipment=shipment, importer=importer, warehouse=other, now=DECLARES
        ),
    )
    draft = draft_declaration(shipment=shipment, importer=importer, warehouse=house, now=DECLARES)
    Declaration.objects.filter(pk=draft.pk).update(state="ready")
    lodged = lodge(declaration=draft, now=DECLARES)
    # What was counted in first is not posted before it is released: its paper may be mended.
    asked = ask_amendment(
        declaration=lodged,
        wanted=[(1, "name_zh", "婴幼儿配方奶粉 1 段")],
        reason="品名",
        asked_by=clerk,
        now=DECLARES,
    )
    assert asked.kind == "amend"
    record_release(declaration=lodged, their_reference=ENTRY_NUMBER, now=DECLARES)

    assert draw_retail_lists(now=SELLS) == DrawnLists(drawn=1)
    shipment.refresh_from_db()
    assert shipment.state == ShipmentState.RECEIVED
    assert on_ways([shipment], day=DAY)[0].next is None
    watch_deadlines(now=DECLARES)
    assert Deadline.objects.get().met_on == DAY


def test_goods_of_two_steps_are_picked_up_after_the_first(clerk: User) -> None:
    ready = a_ready()
    granted(ready.importer, clerk, two_step=True)

    def enter(house: BondedWarehouse | None = None) -> ShipmentEntry:
        return enter_first(
            shipment=ready.shipment,
            warehouse=house or ready.warehouse,
            pass_number="P310426A0000000018",
            recorded_by=clerk,
            now=DECLARES,
        )

    refused(rules.NotFirstIn, enter)
    lodged = lodge(declaration=ready, now=DECLARES)
    other = BondedWarehouseFactory.create(code="OTHER")
    refused(rules.EnteredElsewhere, lambda: enter(other))
    enter()

    released = record_release(declaration=lodged, their_reference=ENTRY_NUMBER, now=DECLARES)
    assert released.shipment.state == ShipmentState.CLEARED


def test_what_went_in_first_still_waits_for_its_statement_and_data(clerk: User) -> None:
    TariffRateFactory.create(supervision=["7"])
    shipment = a_shipment(is_stated=False)
    importer = shipment.order.buyer
    granted(importer, clerk, first_in=True)

    enter_first(
        shipment=shipment,
        warehouse=a_warehouse(),
        pass_number="P310426A0000000020",
        recorded_by=clerk,
        now=DECLARES,
    )

    assert Shipment.objects.get().state == ShipmentState.CLEARED
    assert list(unstated(importer)) == [shipment]
    (row,) = to_do(importer, day=DAY)
    assert (row.shipments, row.permits_of) == ((shipment.number,), shipment.number)


@pytest.mark.parametrize("number", ["", "P31", "p310426", "P310426A00000000170000000", "P-3104"])
def test_a_pass_has_its_number(number: str) -> None:
    with pytest.raises(rules.PassNumberWrong):
        rules.check_entry(Route.FIRST_IN, pass_number=number, is_lodged=False, has_entered=False)


def test_a_pass_lets_one_shipment_in(clerk: User) -> None:
    house, first, second = a_warehouse(), a_shipment(), a_shipment()
    for one in (first, second):
        granted(one.order.buyer, clerk, first_in=True)

    def enter(shipment: Shipment) -> ShipmentEntry:
        return enter_first(
            shipment=shipment,
            warehouse=house,
            pass_number="P310426A0000000019",
            recorded_by=clerk,
            now=DECLARES,
        )

    enter(first)
    refused(rules.EnteredBefore, lambda: enter(second))


def test_a_way_is_chosen_while_it_is_open_and_before_it_is_gone(clerk: User) -> None:
    lodged = a_lodged()

    def choose(way: DeclaredWay, arrived_on: date | None = None) -> None:
        choose_way(
            shipment=lodged.shipment, way=way, arrived_on=arrived_on, told_by=clerk, now=DECLARES
        )

    refused(rules.WayNotOpen, lambda: choose(DeclaredWay.FIRST_IN))
    granted(lodged.importer, clerk, first_in=True)
    refused(rules.WayTaken, lambda: choose(DeclaredWay.ORDINARY))
    shipment = a_shipment(importer=lodged.importer)
    for day in (date(2026, 6, 1), date(2026, 7, 15)):
        refused(
            rules.ArrivalWrong,
            partial(
                choose_way,
                shipment=shipment,
                way=DeclaredWay.FIRST_IN,
                arrived_on=day,
                told_by=clerk,
                now=DECLARES,
            ),
        )


def test_a_chosen_way_decides_the_deadline(clerk: User) -> None:
    shipment = a_shipment()
    granted(shipment.order.buyer, clerk, first_in=True, collective=True, in_advance=True)
    watch_deadlines(now=DECLARES)

    def open_kinds() -> set[str]:
        return set(Deadline.objects.filter(dropped_on=None).values_list("kind", flat=True))

    assert open_kinds() == {"follow"}

    choose_way(shipment=shipment, way=DeclaredWay.COLLECTIVE, told_by=clerk, now=DECLARES)
    watch_deadlines(now=DECLARES)
    assert open_kinds() == {"list", "collect"}

    choose_way(shipment=shipment, way=DeclaredWay.ORDINARY, told_by=clerk, now=DECLARES)
    watch_deadlines(now=DECLARES)
    assert open_kinds() == {"declare"}


def test_a_draft_is_no_secret_and_another_importers_shipment_is(clerk: User) -> None:
    draft, other = a_draft(), a_draft()

    assert [one.shipment for one in under_way_of(draft.importer, day=DAY)] == [draft.shipment]
    with inside(other.importer_id):
        assert under_way_of(draft.importer, day=DAY) == []
    assert waits_for_release([]) == set()
    assert draw_retail_lists(now=DECLARES).drawn == 0
