"""What a seller bears follows what really becomes of the order."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import QuerySet, Sum

from procurement import services
from procurement.models import (
    BillRun,
    BillWork,
    PurchaseOrder,
    RoundBill,
    RoundCharge,
    SellerEntry,
    Shipment,
)
from procurement.queries import outlook
from procurement.rules.confirming import Confirmed
from procurement.rules.sharing.verifying import read_statement, recompute
from procurement.rules.solving.terms import BILLION
from procurement.services import Missing, ShippedLine
from tests.factories.accounts import SellerFactory
from tests.factories.procurement import AFTER, DURING, PoolRoundFactory

from .conftest import AsPerson, Market
from .test_order_lives import (  # noqa: F401  the fixtures' names
    WHY,
    milk_of,
    order,
    placed,
    soap_of,
)
from .test_ordering import PLACED, TOLD, ship


def work(sold: dict[tuple[int, int], int] | None = None) -> int:
    return services.work_bills(now=lambda: TOLD, sold=lambda _lines: sold or {})


def changes() -> QuerySet[BillWork]:
    """What was to be billed beside the round's first bills."""
    return BillWork.objects.exclude(cause__what="ordered")


def bills(run: int) -> dict[str, tuple[int, int]]:
    """Units and goods, by owner's code."""
    found = RoundBill.objects.filter(run=run).select_related("owner")
    return {one.owner.code: (one.units, one.goods_minor) for one in found}


def confirm(market: Market, order: PurchaseOrder, packs: int, price: int = 5400) -> None:  # noqa: F811
    told = services.confirm_order(
        order=order,
        lines={milk_of(order).pk: Confirmed(packs=packs, pack_price_minor=price)},
        reference="AB-12",
        by=market.operator,
        now=TOLD,
    )
    services.decide_confirmation(confirmation=told, is_accepted=True, now=TOLD)


@pytest.fixture
def pro_rata(market: Market) -> None:
    market.round.shortage_rule = "pro_rata"
    market.round.save()


def rate_of(round: object) -> int:
    from procurement.queries import bearing

    plan = bearing.plan_of(round)  # type: ignore[arg-type]
    assert plan is not None
    (rate,) = {lane.rate_ppb for lane in bearing.terms_of(plan).lanes}
    return rate


def test_a_cut_order_costs_each_what_it_gets_and_the_first_bill_stays(
    pro_rata: None,
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    before = bills(1)
    rate = rate_of(market.round)
    # Milk: 70 of 120 units at EUR 9.00 are EUR 630.00; soap: EUR 25.00. Between few each pays
    # its own units at the rate, rounded down.
    assert before["ANNA"] == (80, 63_000 * rate // BILLION + 2_500 * rate // BILLION)

    confirm(market, placed, 15, 5600)

    assert BillRun.objects.count() == 1, "nothing is worked out in the change's own transaction"
    assert work() == 1
    after = bills(2)
    # 54 and 36 of 90 units that cost EUR 840.00 are EUR 504.00 and EUR 336.00.
    milk = (84_000 * rate + BILLION // 2) // BILLION
    assert (rate, milk) == (7_878_600_000, 661_802)
    assert after["BELA"] == (36, 264_720)
    assert after["ANNA"] == (64, 397_081 + 19_696)
    # A fen of the milk, and one of the soap, which costs 196.965.
    assert after[market.platform.code] == (0, 2)
    assert bills(1) == before
    run = BillRun.objects.get(number=2)
    assert run.causes == [{"what": "accepted", "order": placed.number, "document": "AB-12"}]
    assert run.plan == BillRun.objects.get(number=1).plan
    assert changes().get().run == run
    owed = SellerEntry.objects.filter(seller=market.anna, run__isnull=False)
    assert (
        owed.aggregate(sum=Sum("amount_minor"))["sum"]
        == RoundBill.objects.get(owner=market.anna, run=2).paid_minor
    ), "the account follows"
    later = PoolRoundFactory.create(quarter="2026-Q4")
    (milk_before,) = outlook.earlier(later, market.anna, [market.milk.pk])[market.milk.pk]
    assert milk_before.got == 54, "and so does what a later forecast is told of this one"


def test_what_all_pay_is_what_the_run_costs(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    confirm(market, placed, 12)
    work()
    services.cancel_open(order=placed, lines=[(soap_of(placed).pk, 3)], reason=WHY, now=TOLD)
    work()

    for run in (1, 2, 3):
        owed = sum(RoundBill.objects.filter(run=run).values_list("paid_minor", flat=True))
        cost = sum(RoundCharge.objects.filter(run=run).values_list("amount_minor", flat=True))
        assert owed == cost
        assert not RoundBill.objects.filter(run=run, paid_minor__lt=0)
    for one in RoundBill.objects.exclude(owner=market.platform):
        assert one.paid_minor <= one.alone_minor


def test_an_order_that_is_cancelled_altogether_costs_nobody_anything(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    services.cancel_open(
        order=placed,
        lines=[(milk_of(placed).pk, 120), (soap_of(placed).pk, 10)],
        reason=WHY,
        now=TOLD,
    )

    assert work() == 1

    assert bills(2) == dict.fromkeys(("ANNA", "BELA", market.platform.code), (0, 0))
    assert not RoundCharge.objects.filter(run=2).exists()
    assert set(RoundBill.objects.filter(run=2).values_list("paid_minor", flat=True)) == {0}


def test_a_run_that_comes_to_the_same_is_not_written(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    services.bill_again(order=placed, what="received", document="ASN-1", now=TOLD)

    assert work() == 0

    assert BillRun.objects.get().number == 1
    assert changes().get().state == "done"


def test_changes_that_wait_together_are_one_run_and_another_day_is_none(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    confirm(market, placed, 19)
    services.cancel_open(order=placed, lines=[(soap_of(placed).pk, 1)], reason=WHY, now=TOLD)

    assert work() == 1
    assert work() == 0

    assert [one["what"] for one in BillRun.objects.get(number=2).causes] == [
        "accepted",
        "cancelled",
    ]


def test_a_refused_cancellation_asks_for_no_run(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    from procurement.rules.confirming import NothingCancelled

    with pytest.raises(NothingCancelled):
        services.cancel_open(order=placed, lines=[], reason="", now=AFTER)

    assert not changes().exists()


def told_of(market: Market, run: int | None = None) -> dict[str, Any]:
    made = services.state(round=market.round, seller=market.anna, now=TOLD, run=run)
    told = read_statement(made.content)
    assert all(one.ok for one in recompute(told))
    return told


def test_a_new_statement_tells_what_stands_and_the_earlier_one_stays(
    pro_rata: None,
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    first = told_of(market)
    confirm(market, placed, 15, 5600)
    assert told_of(market) == first, "until it is worked out, the first one counts"
    work()

    second = told_of(market)

    milk = next(one for one in second["products"] if one["sku"] == "MILK")
    assert (milk["ordered"], milk["got"]) == (70, 54)
    assert second["run"]["number"] == 2
    assert second["run"]["causes"] == [
        {"what": "accepted", "order": placed.number, "document": "AB-12"}
    ]
    bill = RoundBill.objects.get(owner=market.anna, run=2)
    assert second["totals"]["paid_minor"] == bill.paid_minor
    assert told_of(market, 1) == first
    with pytest.raises(services.NothingToState):
        told_of(market, 3)


def test_who_is_cut_to_nothing_has_a_statement_of_nothing(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    services.cancel_open(
        order=placed,
        lines=[(milk_of(placed).pk, 120), (soap_of(placed).pk, 10)],
        reason=WHY,
        now=TOLD,
    )
    work()

    told = told_of(market)

    assert told["costs"] == []
    assert (told["totals"]["paid_minor"], told["totals"]["alone_minor"]) == (0, 0)
    assert [(one["ordered"], one["got"]) for one in told["products"]] == [(70, 0), (10, 0)]


def test_what_did_not_arrive_is_paid_by_the_platform(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    milk = milk_of(placed)
    shipment = ship(placed, ShippedLine(order_line_id=milk.pk))
    Shipment.objects.filter(pk=shipment.pk).update(state="cleared")
    missing = [Missing(milk.pk, market.anna.pk, 7), Missing(milk.pk, market.platform.pk, 4)]

    services.mark_received(shipment=shipment, missing=missing, now=TOLD)
    work()

    before, after = bills(1), bills(2)
    # 7 of Anna's 70 units, beside the platform's own 4 that it pays for anyway.
    assert (before["ANNA"][0], after["ANNA"][0]) == (80, 73)
    assert after[market.platform.code][0] == 11
    assert after["BELA"] == before["BELA"]
    assert sum(goods for _units, goods in after.values()) == sum(
        goods for _units, goods in before.values()
    )
    (milk_told,) = (one for one in told_of(market)["products"] if one["sku"] == "MILK")
    assert (milk_told["ordered"], milk_told["got"]) == (70, 63)


def test_a_correction_says_what_falls_on_units_that_were_sold(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    milk = milk_of(placed)
    confirm(market, placed, 20, 5200)

    work({(milk.pk, market.anna.pk): 35})

    paid = [RoundBill.objects.get(owner=market.anna, run=run).paid_minor for run in (1, 2)]
    (told,) = told_of(market)["corrections"]
    # Cheaper for 120 units, of which Anna has 70; half of them were sold.
    assert (told["sku"], told["units"], told["sold"]) == ("MILK", 70, 35)
    assert told["difference_minor"] == paid[1] - paid[0] < 0
    assert told["sold_minor"] + told["stock_minor"] == told["difference_minor"]
    assert abs(told["sold_minor"] - told["stock_minor"]) <= 1


def test_pages_and_charts_tell_what_stands(
    pro_rata: None,
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
    as_person: AsPerson,
) -> None:
    from procurement.queries import orders, saving

    ordered = saving.savings_of(market.anna)[0]
    assert orders.totals(orders.my_shares(market.round, market.anna))[0].amount_minor == 65_500
    assert orders.pooled(market.round)[0].sellers_minor == 65_500 + 41_400
    confirm(market, placed, 15, 5600)
    work()

    now = saving.savings_of(market.anna)[0]
    page = as_person(market.anna_person).get("/forecasts/2026-Q3/share/").content.decode()

    (goods,) = orders.totals(orders.my_shares(market.round, market.anna))
    assert goods.amount_minor == 50_400 + 2_500
    bill = RoundBill.objects.get(owner=market.anna, run=2)
    assert (now.round, now.paid_minor, now.alone_minor) == (
        *("2026-Q3", bill.paid_minor, bill.alone_minor),
    )
    assert now.alone_minor < ordered.alone_minor
    assert orders.pooled(market.round)[0].sellers_minor == 50_400 + 33_600 + 2_500
    sellers = RoundBill.objects.filter(run=2).exclude(owner=market.platform)
    told = sellers.aggregate(paid=Sum("paid_minor"), alone=Sum("alone_minor"))
    assert saving.savings() == [saving.Saving("2026-Q3", told["paid"], told["alone"])]
    assert saving.saving_of(market.round) == saving.savings()[0]
    assert goods.saved_minor > 0
    assert told["alone"] > told["paid"]
    assert "?run=1" in page
    assert "AB-12" in page


def test_a_seller_that_was_cut_to_nothing_is_not_scored_as_having_asked_for_too_much(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    from procurement.queries import credit
    from procurement.rules import quarters
    from procurement.rules.selling import Drawn

    services.record_drawn(
        drawn=[Drawn(market.anna.pk, market.milk.pk, "2026-Q3", 0, True)], now=TOLD
    )
    newest = quarters.number_of("2026-Q3")
    before = credit.quarters_frame(newest)["forecast"].sum()
    services.cancel_open(order=placed, lines=[(milk_of(placed).pk, 120)], reason=WHY, now=TOLD)

    assert credit.quarters_frame(newest)["forecast"].sum() == before - 70


def test_who_of_three_is_cut_to_nothing_leaves_two_whose_statements_still_hold(
    pro_rata: None, market: Market
) -> None:
    carl = SellerFactory.create(code="CARL")
    for seller, units in ((market.anna, 70), (market.bela, 46), (carl, 1)):
        services.file_forecast(
            round=market.round,
            seller=seller,
            lines={market.milk.pk: units},
            filed_by=None,
            now=DURING,
        )
    (made,) = services.close_round(
        round=market.round, buyer=market.buyer, platform=market.platform, now=AFTER
    )
    confirm(market, services.place_order(order=made, now=PLACED), 1)
    work()

    assert bills(2)["CARL"] == (0, 0)
    for seller in (market.anna, market.bela, carl):
        kept = services.state(round=market.round, seller=seller, now=TOLD)
        told = read_statement(kept.content)
        assert all(one.ok for one in recompute(told))
        assert told["sellers_in_round"] is None
        assert told["totals"]["paid_minor"] == RoundBill.objects.get(owner=seller, run=2).paid_minor
