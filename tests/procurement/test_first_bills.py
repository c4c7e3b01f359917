"""A round is ordered in one transaction and billed for the first time in another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, NoReturn

import pytest
from django.db import transaction

from ledger.models import JournalEntry
from notices.models import Notice
from procurement import services
from procurement.models import (
    BillRun,
    BillWork,
    BillWorkState,
    DepositEvent,
    OrderShare,
    PurchaseOrder,
    RoundBill,
    RoundCharge,
    RoundState,
    SellerEntry,
)
from procurement.queries import deposits
from procurement.queries.proving import prove_accounts
from procurement.services.bill_queue import LEASE
from procurement.services.rounds import Closed
from tests.factories.procurement import AFTER, DURING

from .conftest import AsPerson, Market
from .test_bills_again import changes, confirm
from .test_deposit_rounds import ENDED, ask, filed, pay  # noqa: F401  a fixture's name
from .test_ordering import PLACED

LATER = AFTER + LEASE + timedelta(minutes=1)


@pytest.fixture
def closed(market: Market) -> Closed:
    """Anna wants 70 units of milk and 10 of soap, Bela 46 of milk; ordered and not billed."""
    for seller, wanted in (
        (market.anna, {market.milk.pk: 70, market.soap.pk: 10}),
        (market.bela, {market.milk.pk: 46}),
    ):
        services.file_forecast(
            round=market.round, seller=seller, lines=wanted, filed_by=None, now=DURING
        )
    return services.order_round(
        round=market.round, buyer=market.buyer, platform=market.platform, now=AFTER
    )


def work(now: Any = LATER) -> int:
    return services.work_bills(now=lambda: now, sold=lambda _lines: {})


def billed() -> dict[str, list[Any]]:
    """Everything that billing writes, without keys and numbers of its own."""
    return {
        "runs": list(BillRun.objects.values_list("number", "digest", "causes", "stood", "plan")),
        "charges": list(
            RoundCharge.objects.order_by("pk").values_list(
                *("run", "order", "line", "kind", "driver", "amount_minor")
            )
        ),
        "bills": list(
            RoundBill.objects.order_by("run", "owner").values_list("owner", "paid_minor")
        ),
        "entries": list(
            SellerEntry.objects.order_by("pk").values_list(
                *("seller", "kind", "run", "amount_minor", "due_on", "deposit")
            )
        ),
        "told": list(
            Notice.objects.filter(event="round.closed")
            .order_by("company")
            .values_list("company", "facts")
        ),
        "deposits": list(DepositEvent.objects.order_by("pk").values_list("step", "amount_minor")),
    }


def test_what_is_ordered_is_owed_only_once_it_is_billed(market: Market, closed: Closed) -> None:
    market.round.refresh_from_db()
    assert market.round.state == RoundState.CLOSED
    assert (PurchaseOrder.objects.count(), OrderShare.objects.exists()) == (1, True)
    assert not BillRun.objects.exists()
    assert not SellerEntry.objects.exists()
    assert not JournalEntry.objects.exists()
    assert not Notice.objects.filter(event="round.closed").exists()
    assert Notice.objects.filter(event="round.pooled").count() == 1
    assert prove_accounts().faults == []
    assert work(AFTER) == 0, "whoever ordered it is still at it"

    services.bill_at_once(market.round, closed.ordered, now=AFTER)

    assert BillRun.objects.get().number == 1
    assert BillWork.objects.get().state == BillWorkState.DONE
    assert Notice.objects.filter(event="round.closed").count() == 2
    assert prove_accounts().faults == []


def test_until_it_is_billed_pages_say_that_bills_follow(
    market: Market, closed: Closed, as_person: AsPerson
) -> None:
    share, bills = f"/forecasts/{market.round.code}/share/", f"/rounds/{market.round.code}/bills/"
    said = {
        "seller": "your bill and its statement are being worked out",
        "operator": "what each owner bears is being worked out",
    }

    def shown() -> dict[str, bool]:
        seller = as_person(market.anna_person).get(share).content.decode()
        operator = as_person(market.operator).get(bills).content.decode()
        return {
            "seller": said["seller"] in seller and "PO-2026-" in seller,
            "operator": said["operator"] in operator,
        }

    assert shown() == {"seller": True, "operator": True}
    services.bill_at_once(market.round, closed.ordered, now=AFTER)
    assert shown() == {"seller": False, "operator": False}


def test_a_worker_makes_the_same_bills_from_what_is_stored(market: Market, closed: Closed) -> None:
    with transaction.atomic():
        services.bill_at_once(market.round, closed.ordered, now=LATER)
        at_once = billed()
        transaction.set_rollback(True)
    assert not BillRun.objects.exists()

    assert work() == 1

    assert billed() == at_once
    assert len(at_once["bills"]) == 3
    assert work() == 0
    services.bill_at_once(market.round, closed.ordered, now=LATER)
    assert billed() == at_once, "whoever comes second finds it done"


def test_deposits_go_to_the_order_with_its_bills(filed: Market) -> None:  # noqa: F811
    annas, belas = ask(filed)
    pay(filed, annas)
    services.order_round(round=filed.round, buyer=filed.buyer, platform=filed.platform, now=ENDED)

    filed.round.refresh_from_db()
    assert deposits.dropped(filed.round, ENDED) == {filed.bela.pk}
    told = {one.pk: one for one in deposits.deposits()}
    assert not deposits.is_out(told[annas.pk], ENDED)
    assert deposits.is_out(told[belas.pk], ENDED)
    assert not DepositEvent.objects.filter(step="applied").exists()
    assert prove_accounts().faults == []

    assert work(ENDED + LEASE) == 1

    applied = DepositEvent.objects.get(step="applied")
    assert (applied.deposit, applied.amount_minor) == (annas, annas.amount_minor)
    assert SellerEntry.objects.get(kind="deposit").amount_minor == -annas.amount_minor
    assert prove_accounts().faults == []


def _no_disk() -> NoReturn:
    raise OSError("no disk")


def test_what_goes_wrong_leaves_the_round_ordered_and_is_tried_again(
    market: Market, closed: Closed
) -> None:
    assert closed.ordered is not None
    services.bill_at_once(market.round, replace(closed.ordered, alone=_no_disk), now=AFTER)

    waits = BillWork.objects.get()
    assert (waits.state, waits.last_error) == (BillWorkState.QUEUED, "OSError: no disk")
    assert not BillRun.objects.exists()
    assert not SellerEntry.objects.exists()
    assert PurchaseOrder.objects.count() == 1

    assert work(waits.due_at) == 1

    assert BillRun.objects.get().number == 1
    assert prove_accounts().faults == []


def test_a_change_before_the_first_bills_is_their_second_run(
    market: Market, closed: Closed
) -> None:
    with transaction.atomic():
        services.bill_at_once(market.round, closed.ordered, now=LATER)
        first = billed()["bills"]
        transaction.set_rollback(True)
    (order,) = closed.orders
    services.place_order(order=order, now=PLACED)
    confirm(market, order, 12)

    assert work() == 2

    assert [one.number for one in BillRun.objects.order_by("number")] == [1, 2]
    assert billed()["bills"][: len(first)] == first, "the first is of what was ordered"
    assert changes().get().run == BillRun.objects.get(number=2)
    assert prove_accounts().faults == []


def test_a_round_that_orders_nothing_is_billed_nothing(market: Market) -> None:
    closed = services.order_round(
        round=market.round, buyer=market.buyer, platform=market.platform, now=AFTER
    )
    assert closed == Closed([], None)

    services.bill_at_once(market.round, closed.ordered, now=AFTER)

    assert BillWork.objects.get().state == BillWorkState.DONE
    assert not BillRun.objects.exists()
    assert not SellerEntry.objects.exists()
