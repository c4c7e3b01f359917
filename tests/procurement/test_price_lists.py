"""Where packs have prices of their own, the price list holds after the order too."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from procurement import services
from procurement.models import OrderCancellation, PriceBreak, PurchaseOrder, SupplierOffer
from procurement.queries import standing
from procurement.queries.order_files import order_csv, order_json
from procurement.rules import confirming
from procurement.rules.confirming import Confirmed, Stands
from procurement.services.documents import paper_of
from tests.factories.procurement import AFTER, DURING

from .conftest import Market
from .test_order_lives import milk_of, written
from .test_ordering import PLACED, TOLD

LIST = ((1, 1000), (100, 900))


def stands(**told: int) -> Stands:
    return Stands(
        **{
            "pack_quantity": 6,
            "quantity": 900,
            "amount_minor": 144_900,
            "pack_price_minor": 900,
            "shipped": 0,
            "shipped_minor": 0,
            **told,
        },
        promised_on=None,
        steps=LIST,
    )


@pytest.mark.parametrize(
    ("packs", "parts"),
    [
        (0, []),
        (50, [(50, 1000)]),
        (99, [(99, 1000)]),
        (100, [(99, 1000), (1, 900)]),
        (150, [(99, 1000), (51, 900)]),
    ],
)
def test_the_pack_that_reaches_a_step_is_the_first_at_its_price(
    packs: int, parts: list[tuple[int, int]]
) -> None:
    assert confirming.priced(LIST, packs) == parts


@pytest.mark.parametrize(
    ("packs", "price", "amount", "last"),
    [
        (150, 900, 144_900, 900),
        (50, 900, 50_000, 1000),
        (50, 1000, 50_000, 1000),
        # 51 packs at 9.10: a dearer price never makes a line cheaper.
        (150, 910, 145_410, 910),
        (120, 910, 118_110, 910),
        (0, 900, 0, 900),
    ],
)
def test_a_confirmation_is_worth_what_the_price_list_says(
    packs: int, price: int, amount: int, last: int
) -> None:
    told = Confirmed(packs=packs, pack_price_minor=price)

    assert confirming.agreed(stands(), told) == (packs * 6, amount)
    assert confirming.agreed_price(stands(), told) == last


def test_what_has_left_keeps_its_price() -> None:
    """50 of 150 packs went at the average, 483.00; of 100 packs the list says 999.00."""
    gone = stands(shipped=300, shipped_minor=48_300)

    assert confirming.agreed(gone, Confirmed(packs=100, pack_price_minor=900)) == (600, 99_900)
    assert confirming.agreed(gone, Confirmed(packs=50, pack_price_minor=900)) == (300, 48_300)


@pytest.mark.parametrize(
    ("units", "cost"), [(600, 94_900), (306, 45_900), (900, 144_900), (3, 450), (0, None)]
)
def test_what_is_cancelled_costs_the_last_packs(units: int, cost: int | None) -> None:
    if cost is None:
        with pytest.raises(confirming.NothingCancelled):
            confirming.cancelled({7: stands()}, [(7, units)])
        return
    assert confirming.cancelled({7: stands()}, [(7, units)]) == {7: cost}


@pytest.fixture
def placed(market: Market) -> PurchaseOrder:
    """150 packs of milk: 10.00 from the first on, 9.00 from the 100th."""
    SupplierOffer.objects.filter(product=market.milk).update(pricing="incremental")
    PriceBreak.objects.filter(offer__product=market.milk).delete()
    offer = SupplierOffer.objects.get(product=market.milk)
    for start, price in LIST:
        PriceBreak.objects.create(offer=offer, from_packs=start, pack_price_minor=price)
    for seller, units in ((market.anna, 500), (market.bela, 400)):
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
    return services.place_order(order=made, now=PLACED)


def accept(order: PurchaseOrder, packs: int, price: int) -> standing.Standing:
    told = services.confirm_order(
        order=order,
        lines={milk_of(order).pk: Confirmed(packs=packs, pack_price_minor=price)},
        now=TOLD,
    )
    services.decide_confirmation(confirmation=told, is_accepted=True, now=TOLD)
    return standing.standings(order)[0]


def prices(order: PurchaseOrder) -> list[Mapping[str, object]]:
    told: list[Mapping[str, object]] = json.loads(order_json(order))["lines"][0]["prices"]
    return told


def test_a_cut_order_costs_what_its_packs_cost(placed: PurchaseOrder) -> None:
    assert milk_of(placed).amount_minor == 144_900

    left = accept(placed, 50, 900)

    assert (left.quantity, left.terms.amount_minor) == (300, 50_000)
    assert left.terms.pack_price_minor == 1000
    assert prices(placed) == [{"packs": 50, "pack_price": "10.00"}]
    parts = standing.owners([milk_of(placed).pk])[milk_of(placed).pk].values()
    assert sum(part.amount_minor for part in parts) == 50_000


def test_a_dearer_price_makes_the_line_dearer_and_stays_when_it_is_cut(
    placed: PurchaseOrder,
) -> None:
    assert accept(placed, 150, 910).terms.amount_minor == 145_410
    assert prices(placed) == [
        {"packs": 99, "pack_price": "10.00"},
        {"packs": 51, "pack_price": "9.10"},
    ]

    assert accept(placed, 120, 910).terms.amount_minor == 118_110


def test_what_is_cancelled_leaves_what_the_list_says(placed: PurchaseOrder) -> None:
    made = services.cancel_open(
        order=placed, lines=[(milk_of(placed).pk, 600)], reason="Too many", now=TOLD
    )

    (left,) = standing.standings(placed)
    assert (made.amount_minor, left.terms.amount_minor) == (94_900, 50_000)
    assert left.terms.pack_price_minor == 1000


def test_paper_and_file_reconcile_step_by_step(placed: PurchaseOrder) -> None:
    paper = paper_of(placed.documents.get())

    (line,) = paper.lines
    assert (line.packs, line.pack_price, line.amount) == (
        "150",
        "99 × 10.00\n51 × 9.00",
        "1,449.00",
    )
    assert "99 x 10.00; 51 x 9.00" in order_csv(placed).decode("utf-8-sig")


def test_a_line_that_is_named_twice_is_refused(placed: PurchaseOrder) -> None:
    before, line = written(), milk_of(placed).pk

    with pytest.raises(confirming.LineNamedTwice) as refused:
        services.cancel_open(order=placed, lines=[(line, 5), (line, 0)], reason="x", now=TOLD)

    assert refused.value.facts == {"lines": [line]}
    assert written() == before
    assert not OrderCancellation.objects.exists()
