"""How a message is kept until it leaves: its bytes squeezed into text, and its throttle."""

from __future__ import annotations

import base64
import re
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.errors import DomainError, InputError

#: A gateway that does not answer is asked again after so many seconds, each time later.
FIRST_PAUSE, LONGEST_PAUSE = 5, 600
#: After so many on end its company hears of it.
FAILURES_TOLD = 3
#: So long the bytes of what was sent are kept, should the exchange ask for them again.
KEPT_DAYS = 30


class MessageIncomplete(InputError):
    """Something is missing or wrong that customs asks for in this message; it was not queued."""

    code = "customs.message_incomplete"


class MessageToldAnew(DomainError):
    """Something of this message was told anew since: sent now, it would be told twice. Tell the
    rest of it anew as well."""

    code = "customs.message_told_anew"


class MessageNotFailed(DomainError):
    """Only a message that could not be sent is tried again by a person."""

    code = "customs.message_not_failed"


class MessageEmptied(DomainError):
    """The bytes of this message were emptied long after it was sent: it cannot be sent again."""

    code = "customs.message_emptied"


@dataclass(frozen=True, slots=True)
class Gap:
    """What is wrong in one field of an element that is not queued yet; ``element`` counts from 0,
    ``line`` from 1."""

    element: int
    field: str
    error: DomainError
    line: int | None = None


_PLACE = re.compile(r"[^/]+/[^/\[]+(?:\[(\d+)\])?/")


def place_of(path: str) -> tuple[int, str]:
    """Which element (from 0) and which field a remark speaks of: ``CEB621/Inventory[2]/…/qty``."""
    found = _PLACE.match(path)
    number = int(found[1]) if found and found[1] else 1
    return number - 1, path.rpartition("/")[2]


def squeezed(data: bytes) -> str:
    """A message as text for an encrypted column: a tenth of its size."""
    return base64.b85encode(zlib.compress(data, 1)).decode()


def unsqueezed(text: str) -> bytes:
    return zlib.decompress(base64.b85decode(text))


def spacing(per_minute: int) -> timedelta:
    """Between two documents, so that no minute has more than that many."""
    return timedelta(minutes=1) / per_minute


def pause_after(failures: int) -> timedelta:
    """How long a gateway is left alone that failed so many times on end."""
    return timedelta(seconds=min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE))


def wait_of(ahead: int, per_minute: int, next_at: datetime | None, now: datetime) -> timedelta:
    """How long a message waits before which ``ahead`` others go by the same gateway, if it stays
    open: what the throttle alone makes of it."""
    begun = max(next_at - now, timedelta()) if next_at else timedelta()
    return begun + ahead * spacing(per_minute)
