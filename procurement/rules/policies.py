"""Which rules of forecast credit may be set: bands that reward who forecasts well."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Final

from core.errors import InputError
from procurement.rules.crediting import Policy

NAMES: Final = ("A", "B", "C", "D")
#: A deposit of a band, percent of what the round asks, is no more than this.
MOST_DEPOSIT = 300


class PolicyRefused(InputError):
    """Bands are named A to D, best first: their least scores fall to 0, a better band never pays
    more, may less or weighs less, and newcomers stand in one of them."""

    code = "procurement.policy_refused"


class PolicyBegun(InputError):
    """A policy holds from tomorrow on at the earliest: what was scored until today keeps its."""

    code = "procurement.policy_begun"


def check_policy(policy: Policy, *, today: date) -> None:
    """Raises PolicyRefused or PolicyBegun."""
    if policy.valid_from <= today:
        raise PolicyBegun(field="valid_from", given=policy.valid_from)
    names = tuple(band.name for band in policy.bands)
    scores = [band.from_score for band in policy.bands]
    if names != NAMES or scores[-1] != 0 or not all(0 <= score <= 100 for score in scores):
        raise PolicyRefused(field="bands")
    if policy.newcomer_band not in names or not 0 <= policy.shrunk_by <= 10_000:
        raise PolicyRefused(field="newcomer_band")
    for better, worse in pairwise(policy.bands):
        if (
            better.from_score <= worse.from_score
            or better.deposit > worse.deposit
            or better.tolerance < worse.tolerance
            or better.priority < worse.priority
        ):
            raise PolicyRefused(field=f"{better.name}/{worse.name}")
    for band in policy.bands:
        if not (
            0 <= band.deposit <= MOST_DEPOSIT
            and 0 <= band.tolerance <= 100
            and 1 <= band.priority <= 100
        ):
            raise PolicyRefused(field=band.name)
