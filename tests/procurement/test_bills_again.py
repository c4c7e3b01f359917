"""What a seller bears follows what really becomes of the order."""

from __future__ import annotations

import pytest
from django.db.models import Sum

from procurement import services
from procurement.models import (
    BillRun,
    BillWork,
    PurchaseOrder,
    RoundBill,
    RoundCharge,
    SellerEntry,
)
from procurement.rules.confirming import Confirmed
from procurement.rules.solving.terms import BILLION
from tests.factories.procurement import AFTER

from .conftest import Market
from .test_order_lives import (  # noqa: F401  the fixtures' names
    WHY,
    milk_of,
    order,
    placed,
    soap_of,
)
from .test_ordering import TOLD


def work(sold: dict[tuple[int, int], int] | None = None) -> int:
    return services.work_bills(now=lambda: TOLD, sold=lambda _lines: sold or {})


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
    from procurement.queries import planning

    plan = planning.plan_of(round)  # type: ignore[arg-type]
    assert plan is not None
    (rate,) = {lane.rate_ppb for lane in planning.terms_of(plan).lanes}
    return rate


def test_a_cut_order_costs_each_what_it_gets_and_the_first_bill_stays(
    pro_rata: None,
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    before = bills(1)
    rate = rate_of(market.round)
    # Milk: 70 of 120 units at EUR 9.00 are EUR 630.00; soap: EUR 25.00.
    assert before["ANNA"] == (80, (63_000 * rate + BILLION // 2) // BILLION + _soap(rate))

    confirm(market, placed, 15, 5600)

    assert BillRun.objects.count() == 1, "nothing is worked out in the change's own transaction"
    assert work() == 1
    after = bills(2)
    # 54 and 36 of 90 units that cost EUR 840.00 are EUR 504.00 and EUR 336.00.
    milk = (84_000 * rate + BILLION // 2) // BILLION
    assert (rate, milk) == (7_878_600_000, 661_802)
    assert after["BELA"] == (36, 264_721)
    assert after["ANNA"] == (64, 397_081 + 19_697)
    assert after[market.platform.code] == (0, 0)
    assert bills(1) == before
    run = BillRun.objects.get(number=2)
    assert run.causes == [{"what": "accepted", "order": placed.number, "document": "AB-12"}]
    assert run.plan == BillRun.objects.get(number=1).plan
    assert BillWork.objects.get().run == run
    owed = SellerEntry.objects.filter(seller=market.anna, run__isnull=False)
    assert (
        owed.aggregate(sum=Sum("amount_minor"))["sum"]
        == RoundBill.objects.get(owner=market.anna, run=2).paid_minor
    ), "the account follows"


def _soap(rate: int) -> int:
    return (2_500 * rate + BILLION // 2) // BILLION


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
    assert BillWork.objects.get().state == "done"


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

    assert not BillWork.objects.exists()
