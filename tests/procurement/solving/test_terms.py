"""What is refused before anything is solved, each with its reason; and what is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from core.errors import InputError
from procurement.rules.solving import refusals
from procurement.rules.solving.solution import solve
from procurement.rules.solving.terms import Break, Container, Item, Lane, Offer, Problem

TEA, SOAP = 1, 2
NORTH = 51


def item(product: int = TEA, **terms: Any) -> Item:
    return Item(**{"product": product, "firm": 8, "wanted": 10, "most": 12, **terms})


def offer(number: int = 1, breaks: object = ((1, 100),), **terms: Any) -> Offer:
    told = {"product": TEA, "supplier": NORTH, "currency": "EUR", "incoterm": "FOB", **terms}
    return Offer(id=number, **{"pack_quantity": 6, "breaks": breaks, **told})


def lane(**terms: Any) -> Lane:
    told = {"supplier": NORTH, "currency": "EUR", "incoterm": "FOB", "rate_ppb": 7_800_000_000}
    return Lane(**{**told, **terms})


def round_of(
    *,
    items: Sequence[Item] = (),
    offers: Sequence[Offer] = (),
    lanes: Sequence[Lane] = (),
) -> Problem:
    return Problem(tuple(items or [item()]), tuple(offers or [offer()]), tuple(lanes or [lane()]))


SMALL = Container("20GP", 900_000, 100_000, 50_000)

REFUSED: list[tuple[str, type[InputError], Callable[[], object]]] = [
    ("a float", refusals.TermNotWhole, lambda: item(wanted=10.0)),
    ("a negative wish", refusals.TermNotWhole, lambda: item(firm=-1)),
    ("true for a number", refusals.TermNotWhole, lambda: offer(pack_quantity=True)),
    ("more than 10**9 units", refusals.QuantityTooLarge, lambda: item(most=10**9 + 1)),
    ("a pack of 10**10", refusals.QuantityTooLarge, lambda: offer(pack_quantity=10**10)),
    ("a wish below its firm part", refusals.WishesCrossed, lambda: item(firm=11)),
    ("a most below the wish", refusals.WishesCrossed, lambda: item(most=9)),
    ("extra worth more than wished", refusals.ValuesRise, lambda: item(extra_credit=1)),
    ("zero units a pack", refusals.PackEmpty, lambda: offer(pack_quantity=0)),
    ("zero packs at a time", refusals.PackEmpty, lambda: offer(multiple=0)),
    ("no price", refusals.BreaksMissing, lambda: offer(breaks=())),
    ("two prices from one number", refusals.BreaksOverlap, lambda: offer(breaks=((1, 9), (1, 8)))),
    ("a gap before the first price", refusals.BreaksGapped, lambda: offer(breaks=((2, 9),))),
    ("breaks out of order", refusals.BreaksUnsorted, lambda: offer(breaks=((9, 9), (1, 8)))),
    ("a price that rises", refusals.PricesRise, lambda: offer(breaks=((1, 8), (9, 9)))),
    ("a price of nothing", refusals.PriceMissing, lambda: offer(breaks=((1, 8), (9, 0)))),
    ("a rate of nothing", refusals.RateMissing, lambda: lane(rate_ppb=0)),
    ("freight without terms", refusals.FreightMissing, lambda: lane(pays_freight=True)),
    ("a container of nothing", refusals.ContainerEmpty,
     lambda: lane(containers=(Container("20GP", 1, 0, 1),))),
    ("one container type twice", refusals.NamedTwice, lambda: lane(containers=(SMALL, SMALL))),
    ("an unknown currency", refusals.LaneUnknown, lambda: round_of(offers=[offer(currency="XXX")])),
    ("an unknown product", refusals.ProductUnknown, lambda: round_of(offers=[offer(product=SOAP)])),
    ("one product twice", refusals.NamedTwice, lambda: round_of(items=[item(), item()])),
    ("one offer twice", refusals.NamedTwice, lambda: round_of(offers=[offer(), offer()])),
    ("two offers of one order", refusals.NamedTwice, lambda: round_of(offers=[offer(1), offer(2)])),
    ("a budget below nothing", refusals.TermNotWhole, lambda: Problem((), (), (), budget=-1)),
    ("a pack heavier than a container", refusals.PackTooBig,
     lambda: round_of(items=[item(gross_weight_g=9_000)],
                      lanes=[lane(pays_freight=True, containers=(SMALL,))])),
    ("a pack bulkier than a container", refusals.PackTooBig,
     lambda: round_of(items=[item(volume_cm3=20_000)],
                      lanes=[lane(pays_freight=True, containers=(SMALL,), lcl_price=1)])),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "made"), [row[1:] for row in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_terms_that_cannot_be_meant_are_refused_with_the_reason(
    kind: type[InputError], made: Callable[[], object]
) -> None:
    with pytest.raises(kind) as refused:
        made()

    assert refused.value.rule().endswith(".")


def test_a_refusal_names_the_product_and_the_supplier() -> None:
    with pytest.raises(refusals.PricesRise) as refused:
        offer(breaks=((1, 100), (5, 101)))

    assert refused.value.facts == {"product": TEA, "supplier": NORTH, "prices": [100, 101]}


def test_wishes_of_nothing_are_fine_and_order_nothing() -> None:
    found = solve(round_of(items=[item(firm=0, wanted=0, most=0)]))

    assert found.best.plan.packs == {}
    assert found.best.adjusted == 0


def test_incremental_prices_count_for_the_packs_from_a_break_on() -> None:
    priced = offer(breaks=((1, 100), (10, 80), (20, 50)), pricing="incremental")

    # Nine packs at 100, ten at 80, the rest at 50.
    assert [priced.goods_minor(packs) for packs in (1, 9, 10, 19, 20, 30)] == [
        100, 900, 980, 1_700, 1_750, 2_250,
    ]  # fmt: skip


def test_a_break_behind_the_minimum_may_be_the_first() -> None:
    priced = offer(breaks=(Break(4, 100),), minimum_quantity=20)

    assert priced.least_packs == 4
