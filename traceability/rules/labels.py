"""How many labels a lot may get."""

from __future__ import annotations

from core.errors import DomainError, InputError


class MoreLabelsThanGoods(DomainError):
    """A lot gets at most as many item labels as units of it were received."""

    code = "traceability.more_labels_than_goods"


class NothingToLabel(InputError):
    """The number of labels is a whole number from 1 to 100,000."""

    code = "traceability.nothing_to_label"


MOST_LABELS = 100_000


def plan_labels(*, received: int, issued: int, wanted: int) -> int:
    """How many identities to make: as many as wanted, or a refusal.

    Raises NothingToLabel or MoreLabelsThanGoods.
    """
    if not 1 <= wanted <= MOST_LABELS:
        raise NothingToLabel(wanted=wanted)
    if issued + wanted > received:
        raise MoreLabelsThanGoods(received=received, issued=issued, wanted=wanted)
    return wanted
