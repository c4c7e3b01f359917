"""How a bonded list stands at the zone, and what may be told of it: a change, or its deletion.

A list is told (DclTypecd 1), changed (2) and deleted (3) by messages of their own, one at a time;
what customs has is what it took last. Sources: the fields and receipts of systems at work with the
zones; which states allow what is said by them alike, and where the reference calls it uncertain a
comment does here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from core.errors import DomainError
from customs.rules.receipts.standing import Outcome
from customs.rules.sas.documents import Document, Values
from customs.rules.zone import Way


class Act(StrEnum):
    """What a message says of its list (DclTypecd)."""

    TELL = "1"
    CHANGE = "2"
    DELETE = "3"


class Stage(StrEnum):
    """How a list stands. ``TOLD``: customs has not answered; ``CHANGING`` and ``DELETING``: it has
    the list, and has not answered that."""

    TOLD = "told"
    REFUSED = "refused"
    APPROVED = "approved"
    CHANGING = "changing"
    DELETING = "deleting"
    DELETED = "deleted"
    POSTED = "posted"


class ListNotApproved(DomainError):
    """A bonded list is changed or deleted once customs has approved it and given it a number: wait
    for its answer, or where it refused the list, send the list anew."""

    code = "customs.list_not_approved"


class ListChangeUnderWay(DomainError):
    """A change or the deletion of this bonded list is with customs already: one goes at a time, the
    next after customs has answered."""

    code = "customs.list_change_under_way"


class ListPosted(DomainError):
    """Customs has posted this bonded list to its account book: it is neither changed nor deleted
    any more. What differs is told to customs at the counter."""

    code = "customs.list_posted"


class ListOnPass(DomainError):
    """A pass names this bonded list: have the pass voided at customs first, then the list is
    changed or deleted."""

    code = "customs.list_on_pass"


class ListThroughGate(DomainError):
    """Goods of this bonded list went through the gate: it is neither changed nor deleted any
    more. What differs is told to customs at the counter."""

    code = "customs.list_through_gate"


class ListSaysTheSame(DomainError):
    """The bonded list that customs has says what stands here: there is nothing to change."""

    code = "customs.list_says_the_same"


class ListIsNeeded(DomainError):
    """The declaration of this bonded list counts: the list is deleted once the declaration was
    withdrawn, or before it is lodged."""

    code = "customs.list_is_needed"


class ShipmentListed(DomainError):
    """Customs has a bonded list of this shipment from another declaration: delete that list, and
    send a new one once customs has taken the deletion."""

    code = "customs.shipment_listed"


@dataclass(frozen=True, slots=True)
class Telling:
    """A message about a list: ``change`` is its ChgTmsCnt, ``outcome`` what customs made of it,
    None until it answered."""

    key: int
    act: Act
    change: int
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class Standing:
    """``in_force`` is the telling whose content customs has, or will have of a list that is on its
    way; None of one that is refused or deleted. ``changes`` are those that customs took."""

    stage: Stage
    in_force: int | None
    changes: int

    @property
    def is_living(self) -> bool:
        """Whether customs has it, or may have it: then no other of its goods goes."""
        return self.stage not in (Stage.REFUSED, Stage.DELETED)


_TOOK = (Outcome.TAKEN, Outcome.DONE)


def standing_of(tellings: Sequence[Telling]) -> Standing:
    """How a list stands after its tellings, the first one first; there is at least one."""
    first = tellings[0]
    if first.outcome == Outcome.REFUSED:
        return Standing(Stage.REFUSED, None, 0)
    if first.outcome not in _TOOK:
        return Standing(Stage.TOLD, first.key, 0)
    took = [one for one in tellings if one.outcome in _TOOK]
    living = [one for one in took if one.act != Act.DELETE]
    changes = sum(one.act == Act.CHANGE for one in took)
    if len(living) < len(took):
        return Standing(Stage.DELETED, None, changes)
    in_force, last = living[-1].key, tellings[-1]
    # Posted is the last thing that customs says of a list, whichever telling it names.
    if any(one.outcome == Outcome.DONE for one in living):
        return Standing(Stage.POSTED, in_force, changes)
    stage = Stage.APPROVED
    if last.outcome is None or last.outcome in (Outcome.MOVING, Outcome.HELD):
        stage = Stage.DELETING if last.act == Act.DELETE else Stage.CHANGING
    return Standing(stage, in_force, changes)


def check_may_counter(
    standing: Standing | None,
    *,
    number: str,
    customs_number: str,
    passes: Sequence[str] = (),
    through_gate: bool = False,
) -> Standing:
    """Whether a list may be changed or deleted now; ``passes`` are those of its trucks that customs
    did not refuse.

    Raises ListNotApproved, ListChangeUnderWay, ListPosted, ListThroughGate or ListOnPass.
    """
    if standing is None or standing.stage in (Stage.TOLD, Stage.REFUSED, Stage.DELETED):
        raise ListNotApproved(list=number, state=standing.stage.value if standing else "")
    if standing.stage in (Stage.CHANGING, Stage.DELETING):
        raise ListChangeUnderWay(list=number)
    if standing.stage == Stage.POSTED:
        raise ListPosted(list=number)
    if not customs_number:
        raise ListNotApproved(list=number, state=standing.stage.value)
    if through_gate:
        raise ListThroughGate(list=number)
    if passes:
        raise ListOnPass(list=number, passes=", ".join(passes))
    return standing


@dataclass(frozen=True, slots=True)
class Named:
    """A list as customs knows it: ``number`` its own one (EtpsInnerInvtNo), ``first_number`` that
    of the record (SeqNo), ``customs_number`` the list's (BondInvtNo). ``change`` is how many
    changes it has with this message."""

    number: str
    first_number: str
    customs_number: str
    change: int


LONGEST_FIRST = 18
#: Marks of a line (ModfMarkcd).
UNCHANGED, CHANGED, REMOVED, ADDED = "0", "1", "2", "3"
#: What stands beside a line's goods: the record's number, and the mark itself.
_BESIDE = frozenset({"SeqNo", "ModfMarkcd"})
#: What of a head is the message's and not the list's.
_OF_MESSAGE = frozenset(
    {"SeqNo", "EtpsInnerInvtNo", "BondInvtNo", "ChgTmsCnt", "DclTypecd", "InputTime"}
)


def changed_list(document: Document, before: Document | None, named: Named) -> Document:
    """The list as it should be (``document``), as a change of what customs has (``before``; None
    where that is no longer kept: then every line is told as changed).

    Raises ListSaysTheSame.
    """
    lines = document.parts["InvtListType"]
    had = {} if before is None else {one["GdsSeqno"]: one for one in before.parts["InvtListType"]}
    told = [
        {**one, "ModfMarkcd": _mark(one, had.pop(one["GdsSeqno"], None), is_known=bool(before))}
        for one in lines
    ]
    told += [{**one, "ModfMarkcd": REMOVED} for one in had.values()]
    head = document.one("InvtHeadType")
    is_same = (
        before is not None
        and _of_list(head) == _of_list(before.one("InvtHeadType"))
        and all(one["ModfMarkcd"] == UNCHANGED for one in told)
    )
    if is_same:
        raise ListSaysTheSame(list=named.customs_number)
    return _counter(document, told, named, Act.CHANGE)


def deleted_list(document: Document, named: Named, way: Way) -> Document:
    """The deletion of a list that customs has as ``document``: all of it, each line removed."""
    told = [{**one, "ModfMarkcd": REMOVED} for one in document.parts["InvtListType"]]
    renewed = replace(
        document, envelope=way.envelope, operator=way.operator or document.operator, declare=True
    )
    return _counter(renewed, told, named, Act.DELETE)


def _counter(document: Document, lines: Sequence[Values], named: Named, act: Act) -> Document:
    head = {
        **document.one("InvtHeadType"),
        # Which of the numbers a zone goes by is not public: all three are told.
        "SeqNo": named.first_number if len(named.first_number) <= LONGEST_FIRST else "",
        "EtpsInnerInvtNo": named.number,
        "BondInvtNo": named.customs_number,
        "ChgTmsCnt": str(named.change),
        "DclTypecd": act.value,
    }
    return replace(
        document, parts={**document.parts, "InvtHeadType": [head], "InvtListType": list(lines)}
    )


def _mark(line: Values, before: Values | None, *, is_known: bool) -> str:
    if before is None:
        return ADDED if is_known else CHANGED
    return UNCHANGED if _goods(line) == _goods(before) else CHANGED


def _goods(line: Values) -> dict[str, str]:
    return {name: value for name, value in line.items() if name not in _BESIDE and value}


def _of_list(head: Values) -> dict[str, str]:
    return {name: value for name, value in head.items() if name not in _OF_MESSAGE and value}
