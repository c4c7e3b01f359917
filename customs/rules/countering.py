"""What of a declaration that customs has can be amended, and when it can be withdrawn.

Quantities, prices and weights are those of the shipment, its owners' parts and the account book:
they are not amended on the paper alone. The declaration is withdrawn, the data mended at its
source, and a new one issued. After the bonded list is posted, customs takes neither: differences
are told before the posting (INV211).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from core.errors import DomainError, InputError
from customs.rules.charges import Charge, Kind, Mark

HEAD = 0
OF_LINE = ("hs_code", "name_zh", "specification", "origin")
MOST_CHANGES = 50
LONGEST = 400
_LONGEST = {"hs_code": 10, "name_zh": 250, "specification": 510, "origin": 3}
_WHOLE = re.compile(r"[1-9][0-9]{0,8}")
_ORIGIN = re.compile(r"[A-Z]{3}")
_CODE = re.compile(r"[0-9]{10}")


class CounterKind(StrEnum):
    AMEND = "amend"
    WITHDRAW = "withdraw"


class NotWithCustoms(DomainError):
    """Only a declaration that was lodged or released is amended or withdrawn with customs."""

    code = "customs.not_with_customs"


class GoodsPosted(DomainError):
    """The goods were counted into bond and their list is posted: the declaration stays as it is."""

    code = "customs.goods_posted"


class CounterOpen(DomainError):
    """Customs has not answered an earlier request for this declaration."""

    code = "customs.counter_open"


class ListAtCustoms(DomainError):
    """The bonded list of this declaration is on its way to customs, or customs has taken it: until
    customs refused the list, or took its deletion, the declaration is not set aside."""

    code = "customs.list_at_customs"


class CounterAnswered(DomainError):
    """Customs has answered this request before."""

    code = "customs.counter_answered"


class NothingChanges(InputError):
    """An amendment changes at least one field, each of them once, and fifty at most."""

    code = "customs.nothing_changes"


class NotAmendable(InputError):
    """This is not amended on the paper alone: withdraw the declaration, mend it where it is kept,
    and issue a new one."""

    code = "customs.not_amendable"


class ChangeWrong(InputError):
    """The new value is not written as this field has it."""

    code = "customs.change_wrong"


class RequestReasonMissing(InputError):
    """A request to customs says why, in 400 characters at most."""

    code = "customs.request_reason_missing"


@dataclass(frozen=True, slots=True)
class Change:
    """One field as it stands and as it should be; ``line`` is a goods line, 0 the head."""

    line: int
    field: str
    before: str
    after: str


def changes(
    wanted: Sequence[tuple[int, str, str]], stands: Mapping[tuple[int, str], str]
) -> list[Change]:
    """The changes of an amendment; ``wanted`` are line, field and new value, ``stands`` all that
    can be amended. What stands there already is no change.

    Raises NothingChanges, NotAmendable or ChangeWrong naming line and field.
    """
    found = []
    for line, field, value in wanted:
        if (line, field) not in stands:
            raise NotAmendable(line=line, field=field)
        after = " ".join(value.split())
        _check(line, field, after)
        if after != stands[line, field]:
            found.append(Change(line, field, stands[line, field], after))
    if not 0 < len(found) <= MOST_CHANGES or len({(one.line, one.field) for one in found}) < len(
        found
    ):
        raise NothingChanges()
    return found


def _check(line: int, field: str, value: str) -> None:
    is_right = {
        "packages": lambda: _WHOLE.fullmatch(value) is not None,
        "hs_code": lambda: _CODE.fullmatch(value) is not None,
        "origin": lambda: _ORIGIN.fullmatch(value) is not None,
        "name_zh": lambda: 0 < len(value) <= _LONGEST["name_zh"],
        "specification": lambda: len(value) <= _LONGEST["specification"],
    }.get(field)
    if is_right is None:
        read_charge(Kind(field), value, line=line)
    elif not is_right():
        raise ChangeWrong(line=line, field=field)


def read_charge(kind: Kind, text: str, *, line: int = HEAD) -> Charge | None:
    """``USD/450.00/3`` and ``0.3/1`` as the form has them; None for nothing. Raises ChangeWrong."""
    if not text:
        return None
    currency, _, rest = text.rpartition("/")[0].rpartition("/")
    mark = text.rpartition("/")[2]
    try:
        value = Decimal(rest)
        if not value.is_finite() or abs(value) >= 10**12 or value != round(value, 4):
            raise InvalidOperation
        return Charge(kind, Mark(mark), value, currency)
    except (InvalidOperation, ValueError) as error:
        raise ChangeWrong(line=line, field=kind.value) from error


def written(charge: Charge | None) -> str:
    """As :func:`read_charge` reads it."""
    if charge is None:
        return ""
    value = f"{charge.value.normalize():f}"
    return "/".join(filter(None, (charge.currency, value, charge.mark.value)))


def check_can_counter(
    *, reference: str, state: str, with_customs: Collection[str], is_posted: bool, is_open: bool
) -> None:
    """Raises NotWithCustoms, GoodsPosted or CounterOpen."""
    if state not in with_customs:
        raise NotWithCustoms(declaration=reference, state=state)
    if is_posted:
        raise GoodsPosted(declaration=reference)
    if is_open:
        raise CounterOpen(declaration=reference)


def reasoned(reason: str) -> str:
    """The reason of a request, trimmed. Raises RequestReasonMissing."""
    told = " ".join(reason.split())
    if not 0 < len(told) <= LONGEST:
        raise RequestReasonMissing()
    return told
