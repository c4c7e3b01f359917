"""The warehouse counts blind, another counts again, an operator approves: then it is booked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from accounts.models import Company, Role, User
from accounts.queries.companies import the_platform
from catalog.models import Product
from core.errors import DomainError
from core.walls import inside, platform_wide
from notices.models import Notice
from tests.factories.accounts import (
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
    UserFactory,
    WarehouseOperatorFactory,
)
from tests.factories.catalog import ProductFactory
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from tests.warehouse.browsing import signed_in, text_of
from tests.warehouse.selling import on_hand
from traceability.models import TraceEvent
from warehouse.models import (
    BondedWarehouse,
    CountDecision,
    CountEntry,
    CountLine,
    Holding,
    Location,
    RetailOrder,
    StockCount,
    StockMovement,
    Zone,
)
from warehouse.queries.counts import due_in, terms_of
from warehouse.queries.proving import prove_stock
from warehouse.rules import counting as rules
from warehouse.rules import posting
from warehouse.rules.counting import Grade, Terms
from warehouse.rules.fulfilling import NotEnoughStock
from warehouse.rules.posting import Kind, Posting, Status
from warehouse.services import (
    accept_orders,
    call_off_count,
    cancel_order,
    change_stock,
    decide_count,
    enter_count,
    set_count_terms,
    start_count,
)
from warehouse.services.posting import post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _platform() -> Iterator[None]:
    with platform_wide():
        MembershipFactory.create(company=PlatformCompanyFactory.create(), role=Role.OPERATOR)
        yield


@pytest.fixture
def people() -> list[User]:
    """Two who count and one who approves."""
    return [UserFactory.create() for _ in range(3)]


@pytest.fixture
def house(milk: Product, anna: Company) -> BondedWarehouse:
    """Anna has 900 of a lot, another seller 100."""
    received_stock({anna: 900, SellerFactory.create(code="BEN"): 100}, product=milk)
    return BondedWarehouse.objects.select_related("operator").get()


def started(
    house: BondedWarehouse, who: User, *, freezes: bool = False, subject: str = "MILK"
) -> StockCount:
    return start_count(
        house=house,
        keeper=house.operator,
        subject=subject,
        freezes=freezes,
        started_by=who,
        now=SELLS,
    )


def entered(count: StockCount, units: int, who: User) -> StockCount:
    lines = CountLine.objects.filter(count=count)
    return enter_count(
        count=count,
        keeper=count.keeper,
        units={one.pk: units for one in lines},
        counted_by=who,
        now=SELLS,
    )


def decided(count: StockCount, who: User, *, approves: bool = True) -> StockCount:
    return decide_count(
        count=count, approves=approves, remark="INV-4711", decided_by=who, now=SELLS
    )


def test_a_count_that_agrees_is_done_at_once(house: BondedWarehouse, people: list[User]) -> None:
    count = entered(started(house, people[0]), 1000, people[0])

    assert (count.number, count.state) == ("CC-2026-000001", "done")
    assert not StockMovement.objects.filter(kind="counted").exists()
    assert not Notice.objects.filter(event="count.to_approve").exists()


def test_what_is_missing_is_counted_again_approved_and_shared(
    house: BondedWarehouse, anna: Company, people: list[User]
) -> None:
    count = started(house, people[0])

    assert entered(count, 985, people[0]).state == "recount"
    assert on_hand(anna) == [900]
    assert entered(count, 990, people[1]).state == "counted"
    assert on_hand(anna) == [900]
    assert Notice.objects.filter(event="count.to_approve").count() == 1
    decided(count, people[2])

    assert (on_hand(anna), Holding.objects.get(owner__code="BEN").on_hand) == ([891], 99)
    legs = StockMovement.objects.filter(document=count.number)
    assert sorted(legs.values_list("account", "quantity")) == [
        *(("adjustment", 1), ("adjustment", 9)),
        *(("stock", -9), ("stock", -1)),
    ]
    decision = CountDecision.objects.get()
    assert (decision.account_book, decision.remark) == ("T3105W000001", "INV-4711")
    told = Notice.objects.filter(event="stock.missing").order_by("company_id")
    assert {one.company: one.facts["units"] for one in told if one.company} == {
        anna: 9,
        Company.objects.get(code="BEN"): 1,
    }
    event = TraceEvent.objects.get(biz_step="cycle_counting")
    assert anna.code not in f"{event.keys}{event.details}"
    assert prove_stock() == []


def test_what_goes_meanwhile_is_no_difference(
    house: BondedWarehouse, anna: Company, people: list[User]
) -> None:
    """The difference was found at a moment, and stays what it was whatever moves since."""
    count = entered(started(house, people[0]), 999, people[0])
    assert count.state == "counted"
    held = Holding.objects.get(owner=anna)
    change_stock(
        holding=held,
        keeper=house.operator,
        after=Status.DAMAGED,
        changed_by=people[0],
        units=100,
        now=SELLS,
    )

    decided(count, people[2])

    assert (on_hand(anna), on_hand(anna, "damaged")) == ([799], [100])
    assert prove_stock() == []


def test_reserved_units_lie_on_the_shelf_and_are_not_taken(
    house: BondedWarehouse, anna: Company, people: list[User]
) -> None:
    order = an_incoming_order("MILK", 900)
    accept_orders(seller=anna, orders=[order], now=SELLS)
    count = started(house, people[0])
    entered(count, 899, people[0])
    assert entered(count, 899, people[1]).state == "counted"

    with pytest.raises(rules.PromisedGoodsMissing) as refused:
        decided(count, people[2])

    assert refused.value.facts["available"] == 100
    assert not CountDecision.objects.exists()
    assert (on_hand(anna), on_hand(anna, "reserved")) == ([0], [900])
    assert StockCount.objects.get().state == "counted"
    assert prove_stock() == []


def test_a_refused_count_books_nothing(
    house: BondedWarehouse, anna: Company, people: list[User]
) -> None:
    count = entered(started(house, people[0], freezes=True), 999, people[0])

    assert decided(count, people[2], approves=False).state == "refused"

    assert on_hand(anna) == [900]
    assert not Holding.objects.filter(frozen_by__isnull=False).exists()
    assert not StockMovement.objects.filter(kind="counted").exists()
    assert Notice.objects.filter(event="count.refused").exists()


def test_nobody_does_anothers_part(house: BondedWarehouse, people: list[User]) -> None:
    first, second, third = people
    count = started(house, first)
    with pytest.raises(rules.CountIsOver):
        decided(count, third)
    entered(count, 900, first)

    with pytest.raises(rules.SamePersonCounts):
        entered(count, 900, first)
    entered(count, 900, second)
    for counter in (first, second):
        with pytest.raises(rules.CounterApproves):
            decided(count, counter)
    with pytest.raises(rules.RemarkForCustomsMissing):
        decide_count(count=count, approves=True, remark=" ", decided_by=third, now=SELLS)
    with pytest.raises(rules.CountIsOver):
        entered(count, 1000, third)

    assert CountEntry.objects.count() == 2
    assert not CountDecision.objects.exists()


def test_what_stands_still_is_neither_sold_nor_moved_and_all_else_goes_on(
    house: BondedWarehouse, milk: Product, anna: Company, people: list[User]
) -> None:
    before = accept_orders(
        seller=anna, orders=[an_incoming_order("MILK", 5, number="T-0")], now=SELLS
    )
    count = started(house, people[0], freezes=True)
    other = ProductFactory.create(sku="TEA")
    received_stock({anna: 5}, product=other)
    lot = Holding.objects.filter(product=milk).first()
    assert lot

    (milk_, tea) = accept_orders(
        seller=anna,
        orders=[
            an_incoming_order("MILK", 1, number="T-1"),
            an_incoming_order("TEA", 1, number="T-2"),
        ],
        now=SELLS,
    )

    assert isinstance(milk_.refusal, NotEnoughStock)
    assert (milk_.refusal.facts["available"], milk_.refusal.facts["being_counted"]) == (0, 895)
    assert tea.outcome == "accepted"
    with pytest.raises(rules.BeingCounted) as refused:
        change_stock(
            holding=Holding.objects.get(owner=anna, product=milk, status="available"),
            keeper=house.operator,
            after=Status.DAMAGED,
            changed_by=people[0],
            now=SELLS,
        )
    assert refused.value.facts["count"] == count.number
    shelf = Location.objects.create(warehouse=house, code="A-1", zone=Zone.STORAGE)
    with pytest.raises(rules.BeingCounted):
        post(
            postings=[
                Posting(
                    "move:1",
                    Kind.MOVED,
                    "M-1",
                    anna.pk,
                    house.operator_id,
                    SELLS,
                    posting.moved(
                        lot.lot_id,
                        1,
                        status=Status.AVAILABLE,
                        origin=lot.location_id,
                        destination=shelf.pk,
                    ),
                )
            ],
            now=SELLS,
        )
    cancel_order(order=RetailOrder.objects.get(number=before[0].number), now=SELLS)
    assert on_hand(anna) == [900, 4]

    with pytest.raises(rules.CountedAlready):
        started(house, people[0])
    call_off_count(count=count, keeper=house.operator, now=SELLS)
    (again,) = accept_orders(
        seller=anna, orders=[an_incoming_order("MILK", 1, number="T-3")], now=SELLS
    )
    assert again.outcome == "accepted"
    assert prove_stock() == []


def test_a_later_lot_is_sold_while_the_first_is_counted(
    milk: Product, anna: Company, people: list[User]
) -> None:
    received_stock({anna: 5}, product=milk)
    house = BondedWarehouse.objects.select_related("operator").get()
    started(house, people[0], freezes=True)
    received_stock({anna: 7}, product=milk)

    (order,) = accept_orders(seller=anna, orders=[an_incoming_order("MILK", 6)], now=SELLS)

    assert order.outcome == "accepted"
    assert on_hand(anna) == [5, 1]


@pytest.mark.parametrize(
    ("subject", "error"), [("NOTHING", rules.NothingToCount), (" , ", rules.NothingToCount)]
)
def test_what_is_not_there_is_not_counted(
    house: BondedWarehouse, people: list[User], subject: str, error: type[DomainError]
) -> None:
    with pytest.raises(error):
        started(house, people[0], freezes=True, subject=subject)

    assert not StockCount.objects.exists()
    assert not Holding.objects.filter(frozen_by__isnull=False).exists()


def test_what_moves_most_is_due_first(
    house: BondedWarehouse, anna: Company, people: list[User]
) -> None:
    received_stock({anna: 5}, product=ProductFactory.create(sku="TEA"), warehouse=house)
    accept_orders(seller=anna, orders=[an_incoming_order("MILK", 1)], now=SELLS)
    set_count_terms(house=house, terms=Terms(5, 8, 60, 100), set_by=people[0], now=SELLS)

    told = [(one.product.sku, one.grade, one.is_due) for one in due_in(house, SELLS)]

    assert told == [("MILK", Grade.A, True), ("TEA", Grade.C, False)]
    entered(started(house, people[0]), 1000, people[0])
    assert not any(one.is_due for one in due_in(house, SELLS))
    assert due_in(house, SELLS + timedelta(days=5))[0].is_due
    with pytest.raises(rules.CountTermsOutOfRange):
        set_count_terms(house=house, terms=Terms(a_days=0), set_by=people[0], now=SELLS)
    assert terms_of(house) == Terms(5, 8, 60, 100)


def test_who_counts_sees_no_figure_and_an_operator_does(
    house: BondedWarehouse, anna: Company, people: list[User]
) -> None:
    received_stock({anna: 7_919}, product=ProductFactory.create(sku="TEA"), warehouse=house)
    count = started(house, people[0], subject="TEA")
    keeper = signed_in(house.operator, Role.WAREHOUSE)
    address = f"/warehouse/counts/{count.number}/"
    line = CountLine.objects.get(count=count)

    blind = text_of(keeper.get(address))
    sent = keeper.post(f"{address}enter/", {f"line_{line.pk}": "7915", "step": "enter"})

    assert f"line_{line.pk}" in blind
    for figure in ("7919", "7,919"):
        assert figure not in blind
    assert sent.status_code == 302
    after = text_of(keeper.get(address))
    assert "7,919" not in after
    operator = signed_in(the_platform(), Role.OPERATOR)
    assert "7,919" in text_of(operator.get(address))
    operator.post(f"{address}decide/", {"remark": "INV-1", "step": "perhaps"})
    assert not CountDecision.objects.exists()
    done = operator.post(f"{address}decide/", {"remark": "INV-1", "step": "approve"})
    assert done.status_code == 302
    assert "7,919" in text_of(keeper.get(address))
    other = signed_in(WarehouseOperatorFactory.create(), Role.WAREHOUSE)
    assert other.get(address).status_code == 404
    assert signed_in(anna, Role.SELLER).get(address).status_code == 404


def test_who_gives_a_count_up_still_sees_no_figure(
    house: BondedWarehouse, people: list[User]
) -> None:
    received_stock(
        {SellerFactory.create(): 7_919}, product=ProductFactory.create(sku="TEA"), warehouse=house
    )
    count = started(house, people[0], subject="TEA")
    assert entered(count, 7, people[0]).state == "recount"
    keeper = signed_in(house.operator, Role.WAREHOUSE)
    address = f"/warehouse/counts/{count.number}/"

    keeper.post(f"{address}enter/", {"step": "call_off"})

    count.refresh_from_db()
    assert count.state == "called_off"
    assert "7,919" not in text_of(keeper.get(address))
    operator = signed_in(the_platform(), Role.OPERATOR)
    assert "7,919" in text_of(operator.get(address))


def test_a_warehouse_counts_from_inside_its_own_walls(
    house: BondedWarehouse, anna: Company, people: list[User]
) -> None:
    with inside(house.operator_id, keeper=True):
        count = started(house, people[0], freezes=True)
        assert entered(count, 1000, people[0]).state == "done"
        assert StockCount.objects.count() == 1
    with inside(anna.pk):
        assert not StockCount.objects.exists()
