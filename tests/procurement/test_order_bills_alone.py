"""What bills that came change, and what of going alone changes with them."""

from __future__ import annotations

from procurement import services
from procurement.models import OrderBill, PurchaseOrder, RoundBill, RoundCharge
from procurement.queries import bearing, planning
from procurement.rules.order_bills import NewBill
from procurement.rules.sharing.statements import seal
from procurement.rules.sharing.verifying import recompute
from procurement.rules.solving.terms import BILLION
from tests.factories.procurement import (
    AFTER,
    DURING,
    FreightContainerFactory,
    FreightTermsFactory,
    PriceBreakFactory,
    SupplierOfferFactory,
)

from .conftest import Market
from .test_bills_again import confirm, pro_rata, rate_of, told_of, work  # noqa: F401
from .test_order_bills import DAY, enter, paid
from .test_order_lives import milk_of, order, placed, soap_of  # noqa: F401
from .test_ordering import PLACED, TOLD


def test_duty_and_inspection_of_a_line_would_have_been_paid_alone_too(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    """What follows from the goods themselves is not cut from who buys them."""
    before = {one.owner.code: one for one in RoundBill.objects.select_related("owner")}
    soap, milk = soap_of(placed).pk, milk_of(placed).pk
    enter(
        placed,
        NewBill("duty", 120_000, "HS-1", DAY, line=milk),
        NewBill("inspection", 900_000, "QC-1", DAY, line=soap),
    )
    work()

    after = {one.owner.code: one for one in RoundBill.objects.filter(run=2).select_related("owner")}
    # Duty: 70, 46 and 4 of 120 units of milk; the soap is Anna's alone.
    for code, more in (("ANNA", 70_000 + 900_000), ("BELA", 46_000)):
        assert after[code].alone_minor - before[code].alone_minor == more
        assert after[code].paid_minor - before[code].paid_minor == more
        assert after[code].cut_minor == before[code].cut_minor
    told = told_of(market)
    assert told["alone"]["attributed"] == [
        {"kind": "duty", "of": "MILK", "minor": 70_000},
        {"kind": "inspection", "of": "SOAP", "minor": 900_000},
    ]
    assert all(one.ok for one in recompute(told))
    dearer = [{**told["alone"]["attributed"][0], "minor": 80_000}]
    sealed = seal({**told, "alone": {**told["alone"], "attributed": dearer}})
    assert "alone_too" in {one.code for one in recompute(sealed) if not one.ok}


def test_duty_of_a_whole_order_would_have_been_paid_alone_too(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    """Customs bills an order's duty on one paper: each has its part, by the value of its goods."""
    before = {one.owner.code: one for one in RoundBill.objects.select_related("owner")}
    enter(placed, NewBill("duty", 120_000, "HS-1", DAY))
    work()

    after = {one.owner.code: one for one in RoundBill.objects.filter(run=2).select_related("owner")}
    parts = {code: after[code].duty_minor for code in after}
    assert sum(parts.values()) == 120_000
    assert parts["ANNA"] > parts["BELA"] > 0
    for code in ("ANNA", "BELA"):
        assert after[code].alone_minor - before[code].alone_minor == parts[code]
        assert after[code].paid_minor - before[code].paid_minor == parts[code]
        assert after[code].cut_minor == before[code].cut_minor
    told = told_of(market)
    assert told["alone"]["attributed"] == [
        {"kind": "duty", "of": placed.number, "minor": parts["ANNA"]}
    ]
    assert all(one.ok for one in recompute(told))
    dearer = [{**told["alone"]["attributed"][0], "minor": parts["ANNA"] + 1}]
    sealed = seal({**told, "alone": {**told["alone"], "attributed": dearer}})
    assert "alone_too" in {one.code for one in recompute(sealed) if not one.ok}


def test_duty_of_an_order_that_is_shared_in_equal_parts_is_not_what_one_would_pay_alone(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    before = dict(RoundBill.objects.values_list("owner__code", "alone_minor"))
    enter(placed, NewBill("duty", 120_000, "HS-1", DAY, driver="equal"))
    work()

    after = dict(RoundBill.objects.filter(run=2).values_list("owner__code", "alone_minor"))
    assert {code: after[code] for code in ("ANNA", "BELA")} == {
        code: before[code] for code in ("ANNA", "BELA")
    }
    told = told_of(market)
    assert told["alone"]["attributed"] == []
    assert all(one.ok for one in recompute(told))


def test_freight_that_came_takes_no_insurance_along(market: Market) -> None:
    """Between two a container's freight goes by size classes, and its insurance with it."""
    terms = FreightTermsFactory.create(supplier=market.supplier, lcl_minor=0, lcl_minimum_minor=0)
    FreightContainerFactory.create(terms=terms)
    for seller, units in ((market.anna, 70), (market.bela, 46)):
        services.file_forecast(
            round=market.round,
            seller=seller,
            lines={market.milk.pk: units},
            filed_by=None,
            now=DURING,
        )
    (order,) = services.close_round(  # noqa: F811
        round=market.round, buyer=market.buyer, platform=market.platform, now=AFTER
    )

    def cost(run: int) -> dict[str, int]:
        rows = RoundCharge.objects.filter(run=run, kind__in=("freight", "insurance"))
        return dict(rows.values_list("kind", "amount_minor"))

    first = cost(1)
    plan = bearing.plan_of(market.round)
    assert plan is not None
    (planned,) = planning.explained(plan).found.orders
    assert planned.cost.freight == 1_200_000 < first["freight"]
    insurance = planned.cost.insurance
    assert sum(first.values()) == 1_200_000 + insurance

    enter(order, NewBill("freight", 1_000_000, "FR-1", DAY))
    work()
    assert sum(cost(2).values()) == 1_000_000 + insurance
    enter(order, NewBill("insurance", 7_000, "IN-1", DAY))
    work()
    assert sum(cost(3).values()) == 1_000_000 + 7_000
    for bill in OrderBill.objects.filter(amount_minor__gt=0):
        services.reverse_bill(bill=bill, now=TOLD)
    work()
    assert cost(4) == first
    for run in (2, 3, 4):
        assert sum(paid(run).values()) == sum(
            RoundCharge.objects.filter(run=run).values_list("amount_minor", flat=True)
        )


def test_two_bills_that_come_to_one_driver_are_one_charge(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    """Between two sellers a fee goes in equal parts, whatever driver was entered."""
    enter(
        placed,
        NewBill("wire", 900, "W-1", DAY, driver="value"),
        NewBill("wire", 101, "W-2", DAY, driver="lines"),
        NewBill("freight", 500, "F-1", DAY, driver="size_class"),
        NewBill("freight", 500, "F-2", DAY),
    )

    assert work() == 1

    wire = RoundCharge.objects.get(run=2, kind="wire")
    assert (wire.amount_minor, wire.driver) == (1_001, "equal")
    freight = RoundCharge.objects.get(run=2, kind="freight")
    assert (freight.amount_minor, freight.driver) == (1_000, "size_class")


def test_after_a_cut_going_alone_is_searched_again_among_all_offers(
    pro_rata: None,  # noqa: F811
    market: Market,
) -> None:
    """70 units come cheapest in eleven packs of the pool's offer and four single ones; 36 in single
    ones alone, for the pool's offer has a minimum of 60."""
    other = SupplierOfferFactory.create(product=market.milk, pack_quantity=1, minimum_quantity=0)
    PriceBreakFactory.create(offer=other, from_packs=1, pack_price_minor=1_050)
    for seller, units in ((market.anna, 70), (market.bela, 46)):
        services.file_forecast(
            round=market.round,
            seller=seller,
            lines={market.milk.pk: units},
            filed_by=None,
            now=DURING,
        )
    (order,) = services.close_round(  # noqa: F811
        round=market.round, buyer=market.buyer, platform=market.platform, now=AFTER
    )
    services.place_order(order=order, now=PLACED)
    rate = rate_of(market.round)

    confirm(market, order, 10)
    work()

    first, second = RoundBill.objects.filter(owner=market.anna).order_by("run")
    assert first.alone_minor == (70_200 * rate + BILLION // 2) // BILLION
    assert second.units == 36
    assert second.alone_minor == (37_800 * rate + BILLION // 2) // BILLION
