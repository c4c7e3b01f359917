"""How a bonded list stands after what was told of it, and what a change and a deletion say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.errors import DomainError
from customs.bench import sample_set
from customs.rules import zone
from customs.rules import zone_lists as rules
from customs.rules.receipts.standing import Outcome
from customs.rules.sas.documents import Document, read
from customs.rules.zone_lists import Act, Stage, Standing, Telling, standing_of

AT = datetime(2026, 7, 14, 2, 30, tzinfo=UTC)
WAY = zone.Way("INV101-1-MS-1", "3302960001", "DXPENT01", "DXPEDCSAS0000001", AT)
CODES = zone.Codes("3104", {"DEU": "304", "FRA": "305"}, {"EUR": "300"}, {})
NAMED = rules.Named("D-1", "202600000000000017", "QD310426I000000017", 1)
DATA = sample_set(3)
TAKEN, DONE, REFUSED, HELD = Outcome.TAKEN, Outcome.DONE, Outcome.REFUSED, Outcome.HELD


def told(*acts: tuple[Act, Outcome | None]) -> Standing:
    return standing_of(
        [Telling(key, act, 0, outcome) for key, (act, outcome) in enumerate(acts, 1)]
    )


TELL, CHANGE, DELETE = Act.TELL, Act.CHANGE, Act.DELETE


@pytest.mark.parametrize(
    ("acts", "stage", "in_force", "changes"),
    [
        ([(TELL, None)], Stage.TOLD, 1, 0),
        ([(TELL, HELD)], Stage.TOLD, 1, 0),
        ([(TELL, REFUSED)], Stage.REFUSED, None, 0),
        ([(TELL, TAKEN)], Stage.APPROVED, 1, 0),
        ([(TELL, DONE)], Stage.POSTED, 1, 0),
        ([(TELL, TAKEN), (CHANGE, None)], Stage.CHANGING, 1, 0),
        ([(TELL, TAKEN), (CHANGE, HELD)], Stage.CHANGING, 1, 0),
        ([(TELL, TAKEN), (CHANGE, REFUSED)], Stage.APPROVED, 1, 0),
        ([(TELL, TAKEN), (CHANGE, TAKEN)], Stage.APPROVED, 2, 1),
        ([(TELL, TAKEN), (CHANGE, REFUSED), (CHANGE, TAKEN)], Stage.APPROVED, 3, 1),
        ([(TELL, TAKEN), (CHANGE, TAKEN), (CHANGE, None)], Stage.CHANGING, 2, 1),
        ([(TELL, TAKEN), (CHANGE, DONE)], Stage.POSTED, 2, 1),
        ([(TELL, DONE), (CHANGE, TAKEN)], Stage.POSTED, 2, 1),
        ([(TELL, TAKEN), (DELETE, None)], Stage.DELETING, 1, 0),
        ([(TELL, TAKEN), (DELETE, REFUSED)], Stage.APPROVED, 1, 0),
        ([(TELL, TAKEN), (DELETE, TAKEN)], Stage.DELETED, None, 0),
        ([(TELL, TAKEN), (CHANGE, TAKEN), (DELETE, TAKEN)], Stage.DELETED, None, 1),
    ],
)
def test_what_customs_took_last_is_in_force(
    acts: list[tuple[Act, Outcome | None]], stage: Stage, in_force: int | None, changes: int
) -> None:
    found = told(*acts)

    assert (found.stage, found.in_force, found.changes) == (stage, in_force, changes)
    assert found.is_living == (stage not in (Stage.REFUSED, Stage.DELETED))


@pytest.mark.parametrize(
    ("standing", "more", "refusal"),
    [
        (None, {}, rules.ListNotApproved),
        (told((TELL, None)), {}, rules.ListNotApproved),
        (told((TELL, REFUSED)), {}, rules.ListNotApproved),
        (told((TELL, TAKEN)), {"customs_number": ""}, rules.ListNotApproved),
        (told((TELL, TAKEN), (DELETE, TAKEN)), {}, rules.ListNotApproved),
        (told((TELL, TAKEN), (CHANGE, None)), {}, rules.ListChangeUnderWay),
        (told((TELL, TAKEN), (DELETE, None)), {}, rules.ListChangeUnderWay),
        (told((TELL, DONE)), {}, rules.ListPosted),
        (told((TELL, TAKEN)), {"passes": ["D-1-P1"]}, rules.ListOnPass),
        (told((TELL, TAKEN)), {"passes": ["P1"], "through_gate": True}, rules.ListThroughGate),
    ],
)
def test_a_list_that_stands_otherwise_is_neither_changed_nor_deleted(
    standing: Standing | None, more: dict[str, object], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        rules.check_may_counter(
            standing,
            **{"number": "D-1", "customs_number": "QD310426I000000017", **more},  # type: ignore[arg-type]
        )


def listed(origin: str = "DEU") -> Document:
    first, *others = DATA.listed
    goods = replace(DATA, listed=(replace(first, origin=origin), *others))
    return zone.bonded_list(goods, CODES, WAY, number="D-1")


def test_a_change_names_the_list_and_marks_the_lines_that_differ() -> None:
    made = rules.changed_list(listed(origin="FRA"), listed(), NAMED)

    document = read(zone.written(made)).document
    head = document.one("InvtHeadType")
    assert [head[one] for one in ("DclTypecd", "ChgTmsCnt", "EtpsInnerInvtNo")] == ["2", "1", "D-1"]
    assert (head["BondInvtNo"], head["SeqNo"]) == (NAMED.customs_number, NAMED.first_number)
    assert [one["ModfMarkcd"] for one in document.parts["InvtListType"]] == ["1", "0", "0"]
    assert document.parts["InvtListType"][0]["Natcd"] == "305"


def test_lines_that_are_new_or_gone_are_told_as_such() -> None:
    fewer = replace(DATA, listed=DATA.listed[:2])
    short = zone.bonded_list(fewer, CODES, WAY, number="D-1")

    gone = rules.changed_list(short, listed(), NAMED)
    more = rules.changed_list(listed(), short, NAMED)

    assert [one["ModfMarkcd"] for one in gone.parts["InvtListType"]] == ["0", "0", "2"]
    assert [one["ModfMarkcd"] for one in more.parts["InvtListType"]] == ["0", "0", "3"]


def test_what_differs_in_nothing_is_no_change_on_another_day_either() -> None:
    later = replace(WAY, at=datetime(2026, 7, 20, tzinfo=UTC))

    with pytest.raises(rules.ListSaysTheSame):
        rules.changed_list(zone.bonded_list(DATA, CODES, later, number="D-2"), listed(), NAMED)


def test_of_a_list_that_is_no_longer_kept_every_line_is_told_as_changed() -> None:
    made = rules.changed_list(listed(), None, NAMED)

    assert [one["ModfMarkcd"] for one in made.parts["InvtListType"]] == ["1", "1", "1"]


def test_a_deletion_says_all_that_customs_has_and_removes_it() -> None:
    before = listed()
    way = replace(WAY, number="INV101-1-MS-2")

    document = read(
        zone.written(rules.deleted_list(before, replace(NAMED, change=0), way))
    ).document

    head = document.one("InvtHeadType")
    assert (head["DclTypecd"], head["ChgTmsCnt"]) == ("3", "0")
    assert (head["BondInvtNo"], head["PutrecNo"]) == (
        *(NAMED.customs_number, before.one("InvtHeadType")["PutrecNo"]),
    )
    assert document.envelope["message_id"] == "INV101-1-MS-2"
    assert [{**one, "ModfMarkcd": "3"} for one in document.parts["InvtListType"]] == before.parts[
        "InvtListType"
    ]
    assert {one["ModfMarkcd"] for one in document.parts["InvtListType"]} == {"2"}


def test_a_first_number_that_the_field_does_not_hold_is_left_out() -> None:
    made = rules.changed_list(listed(), None, replace(NAMED, first_number="1" * 19))

    assert made.one("InvtHeadType")["SeqNo"] == ""
