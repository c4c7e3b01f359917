"""How far a document is does not depend on how its receipts come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customs.rules.receipts.standing import (
    REPEATED,
    Came,
    Outcome,
    is_late_error,
    place,
    standing,
    stands,
)
from customs.rules.receipts.words import ERRORS, STATUSES, error_words, status_words

NOON = datetime(2026, 8, 1, 4, 0, tzinfo=UTC)
OF_A_LIST = [*STATUSES, "-621005", "-621018", "-1004", "-301014", "-621004", "7"]

receipts = st.builds(
    Came,
    message=st.just("CEB622"),
    status=st.sampled_from(OF_A_LIST),
    at=st.integers(0, 5).map(lambda minutes: NOON + timedelta(minutes=minutes)),
)


def came(*statuses: str, message: str = "CEB622") -> list[Came]:
    """One after the other, a minute apart."""
    return [
        Came(message, status, NOON + timedelta(minutes=at)) for at, status in enumerate(statuses)
    ]


@settings(max_examples=60)
@given(
    st.lists(receipts, min_size=1, max_size=6).flatmap(
        lambda them: st.tuples(
            st.just(them),
            st.permutations(them),
            st.lists(st.sampled_from(them), max_size=4),
        )
    )
)
def test_any_order_and_any_number_of_times_come_to_the_same(
    drawn: tuple[list[Came], list[Came], list[Came]],
) -> None:
    them, shuffled, again = drawn

    found = standing(them)

    assert standing([*shuffled, *again]) == found
    assert found is not None
    assert all(place(one) <= place(found) for one in them)


@given(st.lists(receipts, min_size=1, max_size=8))
def test_a_further_receipt_never_takes_a_document_back(them: list[Came]) -> None:
    reached = [standing(them[:n]) for n in range(1, len(them) + 1)]
    ranks = [stands("CEB622", one.status).rank if one else 0 for one in reached]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("statuses", "where"),
    [
        (("2", "3", "120", "300", "399", "800", "899"), "899"),
        (("800", "120", "3", "2"), "800"),
        (("2", "3", "120", "500"), "500"),
        # Approved, and then looked at: the inspection is where it stands.
        (("120", "399", "500"), "500"),
        (("120", "500", "800"), "800"),
        (("2", "3", "120", "300", "100"), "100"),
        (("2", "-621018"), "-621018"),
        # Sent again although customs has it: it keeps what it had.
        (("120", "-621004"), "120"),
        (("120", "-301014"), "120"),
        # The first answer was lost: that customs has it is the only thing that is heard.
        (("2", "3", "-301010"), "-301010"),
        (("-621004", "3"), "-621004"),
        # That customs has it is no news of what it refused.
        (("-621005", "-621004"), "-621005"),
        (("100", "-621004"), "100"),
        (("800", "-621005"), "800"),
        (("3", "4"), "3"),
    ],
)
def test_a_list_goes_its_way(statuses: tuple[str, ...], where: str) -> None:
    found = standing(came(*statuses))
    assert found is not None
    assert found.status == where


def test_of_one_rank_the_later_counts() -> None:
    first, second = came("-621005", "-621018")
    assert standing([second, first]) == second


@pytest.mark.parametrize("status", sorted(REPEATED))
def test_that_customs_has_it_already_stands_for_an_acceptance_that_was_lost(status: str) -> None:
    told = stands("CEB312", status)
    assert told.outcome == Outcome.TAKEN
    assert stands("CEB312", "3").rank < told.rank < stands("CEB312", "-301001").rank


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *(("-301010", Outcome.REFUSED), ("-301011", Outcome.REFUSED)),
        *(("-621004", Outcome.REFUSED), ("-800003", Outcome.REFUSED)),
        *(("-301014", Outcome.TAKEN), ("-401012", Outcome.TAKEN), ("120", Outcome.TAKEN)),
    ],
)
def test_of_what_was_told_anew_customs_has_another_version(status: str, outcome: Outcome) -> None:
    assert stands("CEB622", status, anew=True).outcome == outcome


def test_nothing_came_and_nothing_stands() -> None:
    assert standing([]) is None


@pytest.mark.parametrize(
    ("message", "status", "outcome"),
    [
        ("CEB312", "120", Outcome.TAKEN),
        ("CEB312", "399", Outcome.DONE),
        ("CEB622", "399", Outcome.TAKEN),
        ("CEB622", "800", Outcome.DONE),
        ("CEB622", "500", Outcome.HELD),
        ("CEB624", "399", Outcome.DONE),
        ("CEB624", "100", Outcome.REFUSED),
        ("CEB816", "1", Outcome.TAKEN),
        ("CEB818", "3", Outcome.REFUSED),
        ("CEB900", "-1", Outcome.REFUSED),
        ("CommonResponeMessage", "0", Outcome.MOVING),
        ("CommonResponeMessage", "1", Outcome.REFUSED),
        ("INV201", "1", Outcome.TAKEN),
        ("INV201", "3", Outcome.REFUSED),
        ("INV211", "posted", Outcome.DONE),
        ("SAS223", "passed", Outcome.DONE),
        ("CEB622", "-800005", Outcome.TAKEN),
    ],
)
def test_what_a_status_comes_to(message: str, status: str, outcome: Outcome) -> None:
    assert stands(message, status).outcome == outcome


@pytest.mark.parametrize(
    ("code", "begins"),
    [
        ("-621018", "Above the buyer's limit for the year"),
        ("-621005", "Above the limit for one order"),
        ("-621999", "Something is wrong with the retail list."),
        ("-301999", "Something is wrong with the order."),
        ("-505001", "Something is wrong with the waybill's status."),
        ("-1004", "The signature is over other data."),
        ("-1003", "Something is wrong with the signature."),
        ("-0002", "The message is against the official schema."),
        ("-0100", "The form of the message is wrong."),
        ("-3001", "A fault in the system"),
        ("-999999", "Customs could not process it."),
    ],
)
def test_an_error_has_words(code: str, begins: str) -> None:
    zh, en = error_words(code)
    assert en.startswith(begins)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in zh)
    assert status_words("CEB622", code) == (zh, en)


def test_every_error_that_is_named_has_two_sentences() -> None:
    for zh, en in ERRORS.values():
        assert zh.endswith("。")
        assert en.endswith(".")


def test_in_any_order_the_time_decides_between_stored_and_an_error() -> None:
    way = came("2", "-621005", "120", "-621018")
    for order in permutations(way):
        assert max(order, key=lambda one: place(one, errors_last=True)).status == "-621018"
        assert max(order, key=place).status == "120"
    held = Came("CEB622", "300", NOON)
    assert max([*way, held], key=lambda one: place(one, errors_last=True)) == held
    assert [is_late_error(one, way[2]) for one in way] == [False, False, False, True]
    assert not is_late_error(Came("CEB622", "-621004", way[3].at), way[2]), "declared before"
