"""What is claimed of a supplier for goods that came damaged, and how a claim goes on."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from core.errors import DomainError


class State(StrEnum):
    OPEN = "open"
    SENT = "sent"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    SETTLED = "settled"


#: A refused claim may be sent again, with better proof.
_FOLLOWS: Mapping[State, frozenset[State]] = {
    State.OPEN: frozenset({State.SENT}),
    State.SENT: frozenset({State.ACCEPTED, State.REFUSED}),
    State.ACCEPTED: frozenset({State.SETTLED}),
    State.REFUSED: frozenset({State.SENT}),
    State.SETTLED: frozenset(),
}


class ClaimDoesNotFollow(DomainError):
    """A claim is sent, then accepted or refused by the supplier, and settled once accepted."""

    code = "warehouse.claim_does_not_follow"


def check_step(before: State, after: State) -> None:
    """Raises ClaimDoesNotFollow."""
    if after not in _FOLLOWS[before]:
        raise ClaimDoesNotFollow(before=before.value, after=after.value)


def next_steps(state: State) -> list[State]:
    """What may become of it, in the order of the states."""
    return [one for one in State if one in _FOLLOWS[state]]


def worth(units: int, *, amount_minor: int, quantity: int) -> int:
    """Minor units that so many units of a shipment line cost, of its amount and all its units;
    half a minor unit counts for the claimant."""
    return (2 * units * amount_minor + quantity) // (2 * quantity)
