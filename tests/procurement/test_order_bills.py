"""Bills that really came are shared by their drivers, and nobody pays more than alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement import services
from procurement.models import OrderBill, PurchaseOrder, RoundBill, RoundCharge
from procurement.rules import order_bills, rebilling
from procurement.rules.order_bills import KINDS, NewBill
from procurement.rules.sharing.costs import WHOLE_SHIPMENT, Driver
from procurement.rules.solving.terms import BILLION, Break, Item, Lane, Offer, Problem

from .conftest import AsPerson, Market
from .test_bills_again import (  # noqa: F401
    bills,
    changes,
    confirm,
    pro_rata,
    rate_of,
    told_of,
    work,
)
from .test_order_lives import milk_of, order, placed, soap_of  # noqa: F401
from .test_ordering import TOLD

DAY = date(2026, 6, 2)


def enter(order: PurchaseOrder, *told: NewBill) -> list[OrderBill]:  # noqa: F811
    return services.enter_bills(order=order, bills=told, now=TOLD)


def paid(run: int) -> dict[str, int]:
    found = RoundBill.objects.filter(run=run).select_related("owner")
    return {one.owner.code: one.paid_minor for one in found}


def test_what_really_came_takes_the_place_of_what_was_expected(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    enter(
        placed,
        NewBill("freight", 13_000, "FR-1", DAY, driver="units"),
        NewBill("inspection", 1_001, "QC-1", DAY, line=soap_of(placed).pk),
    )
    assert work() == 1

    freight = RoundCharge.objects.get(run=2, kind="freight")
    assert (freight.amount_minor, freight.driver, freight.line) == (13_000, "units", None)
    inspection = RoundCharge.objects.get(run=2, kind="inspection")
    assert inspection.line == soap_of(placed)
    anna, bela = (RoundBill.objects.get(run=2, owner=one) for one in (market.anna, market.bela))
    # Freight: 80 and 46 of 130 units; soap is Anna's alone, and so is its inspection.
    assert (anna.freight_minor, bela.freight_minor) == (8_000, 4_600)
    assert anna.fees_minor - bela.fees_minor >= 1_001
    told = told_of(market)
    assert {"freight", "inspection"} <= {one["kind"] for one in told["costs"]}
    assert told["run"]["causes"][0] == {
        "what": "billed",
        "order": placed.number,
        "document": "FR-1",
    }


def test_a_bill_that_was_taken_back_leaves_the_expected_cost(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    (bill,) = enter(placed, NewBill("storage", 9_000, "ST-1", DAY))
    work()
    assert paid(2) != paid(1)

    services.reverse_bill(bill=bill, now=TOLD)
    work()

    assert paid(3) == paid(1)
    assert list(OrderBill.objects.order_by("pk").values_list("amount_minor", flat=True)) == [
        9_000,
        -9_000,
    ]
    with pytest.raises(order_bills.BillReversed):
        services.reverse_bill(bill=bill, now=TOLD)


def test_a_suppliers_credit_lowers_what_the_lines_goods_cost(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    before = bills(1)
    enter(placed, NewBill("supplier", -1_200, "CN-7", DAY, line=milk_of(placed).pk))
    work()

    after = bills(2)
    # 70 and 46 of 120 units.
    assert before["ANNA"][1] - after["ANNA"][1] == 700
    assert before["BELA"][1] - after["BELA"][1] == 460


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        (NewBill("rent", 1, "A", DAY), order_bills.BillNotUsable),
        (NewBill("freight", 0, "A", DAY), order_bills.BillNotUsable),
        (NewBill("freight", 1, " ", DAY), order_bills.BillNotUsable),
        (NewBill("freight", 1, "A", date(2027, 1, 1)), order_bills.BillNotUsable),
        (NewBill("freight", 1, "A", DAY, line=10**9), order_bills.BillNotUsable),
        (NewBill("freight", 1, "A", DAY, driver="luck"), order_bills.BillNotUsable),
        (NewBill("inspection", 1, "A", DAY), order_bills.BillNotUsable),
        (NewBill("freight", -1, "A", DAY), order_bills.BillBelowNothing),
        (NewBill("fx", -(10**9), "A", DAY), order_bills.BillBelowNothing),
    ],
)
def test_what_is_no_bill_is_refused_and_nothing_is_written(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
    told: NewBill,
    refusal: type[Exception],
) -> None:
    with pytest.raises(refusal):
        enter(placed, NewBill("wire", 5, "W", DAY), told)

    assert not OrderBill.objects.exists()
    assert not changes().exists()


def test_a_bill_is_entered_once_by_form_and_by_file(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
    as_person: AsPerson,
) -> None:
    client = as_person(market.operator)
    there = f"/orders/{placed.number}/bills/"
    form = {
        "what": "one",
        "kind": "freight",
        "amount": "130.00",
        "document": "FR-1",
        "billed_on": "2026-06-02",
    }

    assert client.post(there, form).status_code == 302
    again = client.post(there, form)

    assert again.status_code == 422
    assert "FR-1" in client.get(there).content.decode()
    assert OrderBill.objects.get().amount_minor == 13_000
    head = "line,kind,amount,document,billed_on,driver"
    rows = (
        "SOAP,inspection,1.00,Q,2026-06-02,",
        "X,wire,a,W,,",
        "SOAP,wire,1.00,W,2026-06-02,",
        ",rent,1.00,R,2026-06-02,",
        ",freight,1.00,,2026-06-02,",
        ",freight,1.00,F,2027-06-02,",
        ",freight,1.00,F,2026-06-02,luck",
        ",freight,0,F,2026-06-02,",
    )
    content = "\n".join((head, *rows)).encode()
    wrong = services.enter_bill_file(order=placed, file_name="a.csv", content=content, now=TOLD)
    assert [(one.row, one.field) for one in wrong.errors] == [
        *((3, "amount"), (3, "billed_on"), (3, "line"), (4, "line"), (5, "kind")),
        *((6, "document"), (7, "billed_on"), (8, "driver"), (9, "amount")),
    ]
    shown = client.post(there, {"what": "file", "file": SimpleUploadedFile("a.csv", content)})
    assert shown.status_code == 422
    assert "There is no such kind of bill." in shown.content.decode()
    assert OrderBill.objects.count() == 1
    made = services.enter_bill_file(
        order=placed,
        file_name="a.csv",
        content=f"{head}\nSOAP,inspection,1.00,Q,2026-06-02,\n,fx,-2.00,X,2026-06-02,\n".encode(),
        now=TOLD,
    )
    assert [(one.kind, one.driver, one.amount_minor) for one in made.taken] == [
        ("inspection", "units", 100),
        ("fx", "value", -200),
    ]


# Any sequence of cuts, cancellations and bills


PRODUCTS = 3
SELLERS = 4
PLATFORM = 99
RATE = 7_878_600_000


def a_problem() -> Problem:
    return Problem(
        items=tuple(Item(n, 0, 0, 0, 400 * n, 2_000 * n) for n in range(1, PRODUCTS + 1)),
        offers=tuple(
            Offer(
                id=10 * n,
                product=n,
                supplier=1,
                currency="EUR",
                incoterm="FOB",
                pack_quantity=6,
                breaks=(Break(1, 6_000), Break(10, 5_000)),
            )
            for n in range(1, PRODUCTS + 1)
        ),
        lanes=(Lane(1, "EUR", "FOB", rate_ppb=RATE, wire_fee=20_000, line_fee=500),),
    )


UNITS = st.lists(
    st.lists(st.integers(0, 500), min_size=SELLERS + 1, max_size=SELLERS + 1),
    min_size=PRODUCTS,
    max_size=PRODUCTS,
)
A_BILL = st.tuples(
    st.sampled_from([kind for kind in KINDS if kind != "supplier"]),
    st.integers(0, PRODUCTS),
    st.sampled_from(list(Driver)),
    st.integers(1, 10**7),
)


@settings(deadline=None, max_examples=60)
@given(UNITS, st.lists(A_BILL, max_size=8), st.data())
def test_whatever_becomes_of_a_round_its_bills_are_its_charges_and_nobody_pays_more_than_alone(
    units: list[list[int]], came: list[tuple[str, int, Driver, int]], data: st.DataObject
) -> None:
    problem = a_problem()
    owners = [*range(1, SELLERS + 1), PLATFORM]
    lines = pd.DataFrame(
        [(n, 1, n, sum(of), sum(of) * 900, RATE) for n, of in enumerate(units, start=1)],
        columns=["line_id", "order_id", "product_id", "quantity", "amount_minor", "rate_ppb"],
    ).assign(lane=0)
    held = pd.DataFrame(
        [
            (n, 1, n, owner, many, many * 900)
            for n, of in enumerate(units, start=1)
            for owner, many in zip(owners, of, strict=True)
        ],
        columns=["line_id", "order_id", "product_id", "owner_id", "quantity", "amount_minor"],
    )
    expected = pd.DataFrame(
        [(1, WHOLE_SHIPMENT, "wire", "value", 20_000), (1, 1, "handling", "units", 500)],
        columns=list(rebilling.CHARGE),
    )
    billed = pd.DataFrame(
        [(1, line or WHOLE_SHIPMENT, kind, str(by), many) for kind, line, by, many in came],
        columns=list(rebilling.CHARGE),
    )
    lost = data.draw(st.lists(st.integers(0, 50), min_size=len(held), max_size=len(held)))
    missing = held[["line_id", "owner_id"]].assign(
        quantity=np.minimum(lost, held["quantity"].to_numpy())
    )
    shares = rebilling.arrived(held, missing.loc[missing["quantity"] > 0], PLATFORM)

    def run(turn: Any) -> tuple[pd.DataFrame, Any]:
        return rebilling.work_out_again(
            problem,
            lines,
            shares.sample(frac=1, random_state=turn),
            rebilling.charges(lines, expected, billed),
            platform_id=PLATFORM,
            owners=pd.Series(owners),
        )

    costs, found = run(1)

    assert shares["quantity"].sum() == held["quantity"].sum()
    assert shares["amount_minor"].sum() == held["amount_minor"].sum()
    rows = found.rows
    assert rows["paid_minor"].sum() == costs["amount_minor"].sum()
    sellers = rows.loc[rows["owner_id"] != PLATFORM]
    assert (sellers["paid_minor"] <= sellers["alone_minor"]).all()
    assert (sellers["paid_minor"] >= 0).all()
    assert rebilling.digest(costs, found) == rebilling.digest(*run(2))


def test_a_suppliers_correction_is_shared_as_its_goods_are_and_by_nothing_else() -> None:
    bill = NewBill("supplier", 1, "A", DAY, line=7)

    assert order_bills.check_bill(bill, lines=[7], today=DAY) == Driver.UNITS
    with pytest.raises(order_bills.BillNotUsable) as refused:
        order_bills.check_bill(replace(bill, driver="equal"), lines=[7], today=DAY)
    assert refused.value.facts == {"driver": "equal"}


def test_goods_cost_what_stands_at_the_plans_rate() -> None:
    lines = pd.DataFrame(
        [(1, 1, 1, 90, 84_000, RATE), (2, 1, 2, 0, 0, RATE)],
        columns=["line_id", "order_id", "product_id", "quantity", "amount_minor", "rate_ppb"],
    )
    expected = pd.DataFrame(
        [
            (1, 1, "goods", "units", 1),
            (1, 2, "handling", "units", 500),
            (1, 1, "handling", "units", 500),
        ],
        columns=list(rebilling.CHARGE),
    )

    found = rebilling.charges(lines, expected)

    assert list(found[["line_id", "kind", "amount_minor"]].itertuples(index=False, name=None)) == [
        (1, "goods", (84_000 * RATE + BILLION // 2) // BILLION),
        (1, "handling", 500),
    ]
