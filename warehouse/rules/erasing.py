"""When what an order says of its buyer is erased.

The law behind it: a platform keeps what was traded for at least three years after the transaction
is completed (E-commerce Law of the PRC, art. 31); what is no longer needed is erased, by itself or
when the person asks, but not before a time that a law prescribes is over (Personal Information
Protection Law, art. 47). The sum of a person's year (customs retail rules) is needed for that year
only.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import ClassVar

from core.errors import DomainError, InputError
from warehouse.rules.order_way import Stage

#: Three years, a leap day among them.
LEGAL_DAYS = 3 * 365 + 1
#: An order that is here goes no further.
ENDED = frozenset({Stage.DELIVERED, Stage.CANCELLED, Stage.RETURNED, Stage.MERGED})
#: What is emptied; the keyed hash is a pseudonym of the person and goes as well.
COLUMNS = (
    *("buyer_name", "buyer_id_number", "buyer_id_digest"),
    *("buyer_telephone", "consignee_address"),
    *("consignee_name", "consignee_telephone"),
)


class NoSuchOrder(InputError):
    """There is no consumer's order of this number."""

    code = "warehouse.no_such_order"


class NotEndedYet(DomainError):
    """What an order says of its buyer is needed until it is delivered, returned or cancelled."""

    code = "warehouse.not_ended_yet"


class KeptByLaw(DomainError):
    """The law wants what was traded kept for three years after its end; erase it then."""

    code = "warehouse.kept_by_law"


class ErasedBefore(DomainError):
    """What this order said of its buyer is erased already."""

    code = "warehouse.erased_before"


class ErasedWithAnother(DomainError):
    """This order was merged into another one; what both say of the buyer is erased with that."""

    code = "warehouse.erased_with_another"


class NoReasonGiven(InputError):
    """Say by which request it is erased, without naming the person: a letter's number is enough."""

    code = "warehouse.no_reason_given"

    longest: ClassVar[int] = 100


def check_erasable(
    stage: str, *, was_listed: bool, ended_at: datetime, order: str, zone: tzinfo, now: datetime
) -> None:
    """Whether the law lets an order's buyer be forgotten on request.

    Of one that was cancelled or merged before its retail list was drawn no trade came about, and
    nothing is to be kept. Raises NotEndedYet or KeptByLaw, with the day in ``zone``.
    """
    if stage not in ENDED:
        raise NotEndedYet(order=order, state=stage)
    if stage in (Stage.CANCELLED, Stage.MERGED) and not was_listed:
        return
    until = ended_at + timedelta(days=LEGAL_DAYS)
    if now < until:
        raise KeptByLaw(order=order, until=until.astimezone(zone).date())


def kept_until(now: datetime, days: int) -> datetime:
    """Orders that came to their end before this are erased; never earlier than the law lets."""
    return now - timedelta(days=max(days, LEGAL_DAYS))
