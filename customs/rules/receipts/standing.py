"""How far a document is, by the receipts that came for it: in any order, any number of times.

The state is the receipt of the highest rank, and of the latest time among those of one rank. So it
never goes back because a message is late or comes twice; the authority itself answers such ones
with errors ("declared before", "older message, not processed"), which say that it has the document:
where its first answer was lost, they are the only ones that do.
Source: the specification for companies, edition 2022-05, pages 120 to 125; the order of the steps
is our own reading of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What a state comes to."""

    MOVING = "moving"
    #: Customs has it; what depends on it may be sent.
    TAKEN = "taken"
    #: Somebody of customs looks at it, or at the goods.
    HELD = "held"
    REFUSED = "refused"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Stands:
    """The rank of a status among those of its message, and what it comes to."""

    rank: int
    outcome: Outcome


_M, _T, _H, _R, _D = (
    *(Outcome.MOVING, Outcome.TAKEN, Outcome.HELD),
    *(Outcome.REFUSED, Outcome.DONE),
)
#: Behind the way to customs, and before an error: that it was declared before is no news of what
#: customs refused.
_HAS_IT, _HAS_OTHER = Stands(35, _T), Stands(35, _R)
#: An error of processing: behind every step of the way to customs, before anything it said itself.
_ERROR = Stands(40, _R)
#: Where an error that is later than "stored at customs" (120) stands over it: the time decides
#: between the two, and any further step of customs is above both.
_LATE_ERROR = Stands(50, _R)
#: Steps on the way that all messages have.
_WAY = {
    "1": Stands(10, _M),
    "2": Stands(20, _M),
    "4": Stands(25, _R),
    "3": Stands(30, _M),
    "120": Stands(50, _T),
}
#: A document that customs takes note of or approves: orders, payments, waybills, withdrawals …
_PLAIN = _WAY | {
    "300": Stands(60, _H),
    "500": Stands(70, _H),
    "100": Stands(80, _R),
    "399": Stands(90, _D),
    "800": Stands(95, _D),
    "899": Stands(96, _D),
}
#: A retail list: approved (399) it may still be inspected before it is released.
_LIST = _WAY | {
    # Only seen in a system at work, not in the specification: 400 awaits arrival, 600 suspended.
    "400": Stands(55, _T),
    "300": Stands(60, _H),
    "399": Stands(65, _T),
    "500": Stands(70, _H),
    "600": Stands(72, _H),
    "599": Stands(74, _H),
    "501": Stands(75, _H),
    "502": Stands(76, _H),
    "503": Stands(77, _H),
    "100": Stands(80, _R),
    "800": Stands(90, _D),
    "899": Stands(95, _D),
    # What left the country is closed (899) as well, and was not released by that.
    "700": Stands(97, _R),
}
#: Tax bills: made, summed, void.
_BILL = {"1": Stands(10, _T), "2": Stands(20, _D), "3": Stands(30, _R)}
#: The zone's answers: 1 approved, 2 looked at by a person, 3 sent back.
_APPROVED = {"1": Stands(50, _T), "2": Stands(40, _H), "3": Stands(60, _R)}
_CLIENT = {"0": Stands(10, _M)}
_RANKS: dict[str, dict[str, Stands]] = {
    **dict.fromkeys(("CEB312", "CEB412", "CEB512", "CEB514", "CEB624", "CEB626", "CEB712"), _PLAIN),
    "CEB622": _LIST,
    **dict.fromkeys(("CEB816", "CEB818"), _BILL),
    "CEB900": {},
    "CommonResponeMessage": _CLIENT,
    "INV201": _APPROVED,
    "INV202": {"1": Stands(70, _T)},
    "INV211": {"posted": Stands(90, _D)},
    # Void or deleted before it went through: it binds nothing any more.
    "SAS221": _APPROVED | {"void": Stands(88, _R)},
    "SAS223": {"passed": Stands(90, _D), "void": Stands(88, _R)},
    # Goods taken aside at the gate: behind the approval, before they went through.
    "SAS224": {"1": Stands(80, _T), "2": Stands(75, _H), "3": Stands(85, _R)}
    | {"void": Stands(88, _R)},
}
#: Declared before: customs keeps what it had, which is this document unless it was told anew.
DECLARED = frozenset({"-301010", "-301011", "-621004", "-800003"})
#: Older than what customs has, or sent twice: it keeps what it had.
REPEATED = DECLARED | {"-301014", "-401012", "-505016", "-800005"}


def stands(message: str, status: str, *, anew: bool = False, errors_last: bool = False) -> Stands:
    """What a status (``800``, ``-621018``) of a message (``CEB622``) means for its document.

    ``anew``: it was told as a new one in the place of one that came back. Then "declared before"
    is of that one: customs has another version than this, and a change is to be told.
    ``errors_last``: an error behind "stored at customs" (120) stands over it. No source says
    whether customs still has the document then [uncertain].
    """
    if status in REPEATED:
        return _HAS_OTHER if anew and status in DECLARED else _HAS_IT
    known = _RANKS.get(message, {}).get(status)
    if known is not None:
        return known
    if status.startswith("-") or message in ("CEB900", "CommonResponeMessage"):
        return _LATE_ERROR if errors_last and message.startswith("CEB") else _ERROR
    # A status nobody here knows is shown, and moves nothing that is known.
    return Stands(5, Outcome.MOVING)


@dataclass(frozen=True, slots=True)
class Came:
    """One receipt of a document: its message, status, and the authority's time."""

    message: str
    status: str
    at: datetime


def standing(receipts: Iterable[Came]) -> Came | None:
    """The receipt that says how far the document is; None before the first."""
    return max(receipts, key=place, default=None)


def is_late_error(one: Came, stood: Came) -> bool:
    """Whether a receipt is an error that customs told after it had stored the document, while that
    is how the document stands."""
    return (
        stands(one.message, one.status) == _ERROR
        and one.message.startswith("CEB")
        and stood.status == "120"
        and one.at > stood.at
    )


#: It came back out of customs' hands.
_RETURNED = frozenset({"100", "700"})


def is_kept(tellings: Iterable[Iterable[Came]], *, also_returned: bool = False) -> bool:
    """Whether customs has a document after these tellings of it, the first one first: then what is
    told next is a change of it, and no new one.

    What it stored, or says that it had before, it keeps until it sends it back. Whether it keeps
    what it sent back too (``also_returned``) the specification does not say.
    """
    has_it = False
    for receipts in tellings:
        last = standing(receipts)
        if last is None:
            continue
        outcome = stands(last.message, last.status).outcome
        if outcome in (Outcome.TAKEN, Outcome.HELD, Outcome.DONE):
            has_it = True
        elif last.status in _RETURNED:
            has_it = also_returned
    return has_it


def place(one: Came, *, errors_last: bool = False) -> tuple[int, datetime, str, str]:
    """By what receipts are ordered; of two with one rank and time the same one is always chosen."""
    rank = stands(one.message, one.status, errors_last=errors_last).rank
    return (rank, one.at, one.message, one.status)
