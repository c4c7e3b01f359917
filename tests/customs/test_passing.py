"""Trucks bring the goods of a bonded list through the gate, no more of a line than stands on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from core.errors import DomainError
from core.walls import platform_wide
from customs import queries
from customs.bench import sample_set
from customs.models import Declaration, PassLine, TruckPass
from customs.queries.passing import left_of
from customs.rules import passing as rules
from customs.rules.agreeing import disagreements
from customs.rules.goods import NetOverGross
from customs.rules.papers_stated import PASS
from customs.rules.sas.documents import read
from customs.rules.sending import unsqueezed
from customs.rules.zone import Way, written
from customs.services.passing import queue_pass
from customs.services.zone import queue_bonded_list
from customs.simulator.answering import client_took
from tests.customs.receipts.sent_lists import come
from tests.customs.ways import a_gateway, gateways
from tests.factories.accounts import UserFactory
from tests.factories.customs import DECLARES, a_ready
from tests.factories.messages import at_customs
from tests.walls.rows import all_rows

__all__ = ["gateways"]

WAY = Way("SAS121-1-MS-1", "3302960001", "DXPENT01", "DXPEDCSAS0000001", DECLARES)
TRUCK = rules.Truck("浙B00001", 13_000_000, "F1", 1_000_000)
LISTED = sample_set(3).listed


def document(*on_truck: rules.Loaded) -> Any:
    made = rules.a_pass(
        sample_set(3), TRUCK, on_truck, WAY, number="D-1-P1", list_number="QD310526I000000017"
    )
    return read(written(made)).document


def test_one_truck_with_everything_names_the_list_and_no_goods() -> None:
    told = document(*rules.load(LISTED, {}, []))

    head = told.one("PassportHead")
    assert (head["BindTypecd"], head["PassportTypecd"], head["RltNo"]) == (
        *("2", "2", "QD310526I000000017"),
    )
    assert (head["TotalGrossWt"], head["TotalNetWt"]) == ("198", "162")
    assert head["TotalWt"] == "14198"
    assert told.parts["PassportList"] == []


def test_one_of_several_trucks_names_its_goods() -> None:
    told = document(*rules.load(LISTED, {}, [(2, 6)]))

    (line,) = told.parts["PassportList"]
    assert told.one("PassportHead")["BindTypecd"] == "3"
    assert (line["RltGdsSeqno"], line["DclQty"], line["GdsMtno"]) == ("2", "6", LISTED[1].sku)
    assert Decimal(line["NetWt"]) <= Decimal(line["GrossWt"])


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8), st.integers(0, 7))
def test_all_trucks_of_a_list_weigh_what_the_list_weighs(cuts: list[int], packing: int) -> None:
    line = replace(LISTED[0], quantity=sum(cuts), net_weight=9_973, gross_weight=9_973 + packing)
    before, parts = 0, []
    for quantity in cuts:
        parts += rules.load([line], {line.position: before}, [(line.position, quantity)])
        before += quantity

    assert all(one.net <= one.gross for one in parts)
    assert sum(one.net for one in parts) == line.net_weight
    assert sum(one.gross for one in parts) == line.gross_weight
    with pytest.raises(rules.MoreThanListed):
        rules.load([line], {line.position: before}, [(line.position, 1)])


@pytest.mark.parametrize(
    ("wanted", "before", "gross", "refusal"),
    [
        ([(9, 1)], {}, None, rules.LoadWrong),
        ([(1, 0)], {}, None, rules.LoadWrong),
        ([(1, 1), (1, 2)], {}, None, rules.LoadWrong),
        ([(1, LISTED[0].quantity + 1)], {}, None, rules.MoreThanListed),
        ([], {one.position: one.quantity for one in LISTED}, None, rules.NothingOnTruck),
        ([], {}, 161_999, NetOverGross),
    ],
)
def test_a_load_that_cannot_be_is_refused(
    wanted: list[tuple[int, int]],
    before: dict[int, int],
    gross: int | None,
    refusal: type[DomainError],
) -> None:
    with pytest.raises(refusal):
        rules.load(LISTED, before, wanted, gross=gross)


@pytest.mark.parametrize("told", ["NaN", "-1", "0.0001", "1000001"])
def test_a_weight_is_kilograms_to_the_gram(told: str) -> None:
    with pytest.raises(rules.TruckWrong):
        rules.grams_of(Decimal(told), "vehicle_kg")


@pytest.fixture
def declared(db: None, gateways: object) -> Iterator[Declaration]:
    """Its list has customs' number."""
    with platform_wide():
        found = a_ready(2)
        at_customs(found.warehouse)
        a_gateway(company=found.importer)
        listed = queue_bonded_list(declaration=found, now=DECLARES)
        type(listed).objects.filter(pk=listed.pk).update(their_number="QD310526I000000017")
        yield found


@pytest.fixture
def clerk(declared: Declaration) -> User:
    return UserFactory.create()


def test_trucks_share_a_list_and_its_papers_are_held_against_them(
    declared: Declaration, clerk: User
) -> None:
    first = queue_pass(
        declaration=declared, truck=TRUCK, wanted=[(1, 45)], packages=7, by=clerk, now=DECLARES
    )
    assert [(one.line.position, one.quantity) for one in left_of(declared)] == [(1, 15), (2, 60)]
    assert not [one for one in differing(declared) if PASS in dict(one.says)]

    rest = queue_pass(declaration=declared, truck=TRUCK, gross=100_000, by=clerk, now=DECLARES)

    assert (first.element.key, rest.element.key) == tuple(
        f"{declared.our_reference}-P{number}" for number in (1, 2)
    )
    assert read(unsqueezed(rest.element.message.body)).valid
    assert first.packages + rest.packages == declared.packages
    assert first.net_weight_g + rest.net_weight_g == declared.net_weight_g
    # The second truck's goods were weighed: heavier than the declaration says.
    assert [one.what for one in differing(declared) if PASS in dict(one.says)] == ["gross"]
    refused(declared, clerk, rules.NothingOnTruck)
    refused(declared, clerk, rules.MoreThanListed, wanted=[(2, 1)])


def differing(declared: Declaration) -> list[Any]:
    return disagreements(queries.import_set(declared.pk))


def test_what_a_refused_truck_carried_is_free_again(declared: Declaration, clerk: User) -> None:
    only = queue_pass(declaration=declared, truck=TRUCK, by=clerk, now=DECLARES)
    assert left_of(declared) == []

    come(only.element.message.gateway, client_took(only.element.key, "", deal="1", info="车牌有误"))

    assert [one.quantity for one in left_of(declared)] == [60, 60]
    again = queue_pass(declaration=declared, truck=TRUCK, by=clerk, now=DECLARES)
    assert again.element.key.endswith("-P2")


def refused(declared: Declaration, clerk: User, refusal: type[DomainError], **more: Any) -> None:
    before = all_rows()
    with pytest.raises(refusal):
        queue_pass(declaration=declared, by=clerk, now=DECLARES, **{"truck": TRUCK, **more})
    assert all_rows() == before


def test_without_the_lists_number_there_is_no_pass_and_a_pass_stays(
    declared: Declaration, clerk: User
) -> None:
    refused(declared, clerk, rules.TruckWrong, truck=rules.Truck("浙B00001", 0))
    refused(declared, clerk, rules.LoadWrong, packages=0)
    queue_pass(declaration=declared, truck=TRUCK, wanted=[(1, 1)], by=clerk, now=DECLARES)
    for table in (PassLine, TruckPass):
        with pytest.raises(ProgrammingError), transaction.atomic():
            table.objects.update(importer=declared.warehouse.operator)
    declared.elements.update(their_number="")
    refused(declared, clerk, rules.PassNeedsList)
