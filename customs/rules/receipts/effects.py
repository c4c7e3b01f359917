"""What a receipt moves in the house, beyond the state that is shown."""

from __future__ import annotations

from enum import StrEnum

from customs.rules.receipts.standing import Outcome, stands


class Effect(StrEnum):
    """``RELEASE``: the goods of a retail list may be picked. ``WITHDRAW``: the order of a list that
    was withdrawn is taken back. ``ANNOUNCE`` and ``POST``: the account book. ``BILL`` and
    ``BILL_STATUS``: the authority's tax. ``ENTRY``: customs made a declaration from a list.
    ``UNLIST``: a bonded list is deleted. ``GATE``: a truck went through. ``REFUSE``: who sent it
    hears why it came back."""

    RELEASE = "release"
    WITHDRAW = "withdraw"
    ANNOUNCE = "announce"
    POST = "post"
    BILL = "bill"
    BILL_STATUS = "bill_status"
    ENTRY = "entry"
    GATE = "gate"
    UNLIST = "unlist"
    REFUSE = "refuse"


_EFFECTS = {
    # Closed (899) without a release that came before: it was lost on the way.
    ("CEB622", "800"): Effect.RELEASE,
    ("CEB622", "899"): Effect.RELEASE,
    ("CEB624", "399"): Effect.WITHDRAW,
    ("INV201", "1"): Effect.ANNOUNCE,
    ("INV211", "posted"): Effect.POST,
    ("INV202", "1"): Effect.ENTRY,
    ("SAS223", "passed"): Effect.GATE,
}


def effect_of(
    message: str, status: str, *, anew: bool = False, deletes: bool = False
) -> Effect | None:
    """None where the state is all that a receipt changes; ``anew`` as in :func:`stands`;
    ``deletes``: it answers the deletion of a bonded list."""
    if message == "CEB816":
        return Effect.BILL
    if message == "CEB818":
        return Effect.BILL_STATUS
    if stands(message, status, anew=anew).outcome == Outcome.REFUSED:
        return Effect.REFUSE
    found = _EFFECTS.get((message, status))
    return Effect.UNLIST if deletes and found == Effect.ANNOUNCE else found
