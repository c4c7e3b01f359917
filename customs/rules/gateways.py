"""What may be said of a gateway."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.errors import DomainError, InputError
from customs.rules.ceb.envelope import MOST_RECEIVERS

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,31}")
_ID = re.compile(r"[A-Za-z0-9_]{1,16}")
HIGHEST_RATE = 60_000


class GatewayCodeWrong(InputError):
    """A gateway's code has 2 to 32 small letters, digits and hyphens: it names a folder."""

    code = "customs.gateway_code_wrong"


class GatewayCodeTaken(DomainError):
    """There is a gateway of this code already."""

    code = "customs.gateway_code_taken"


class ReceiversWrong(InputError):
    """One to five receivers are named, each of at most 16 letters and digits."""

    code = "customs.gateway_receivers_wrong"


class RateWrong(InputError):
    """Between 1 and 60,000 documents leave in a minute."""

    code = "customs.gateway_rate_wrong"


def checked_code(code: str) -> str:
    """Raises GatewayCodeWrong."""
    tidied = code.strip()
    if not _CODE.fullmatch(tidied):
        raise GatewayCodeWrong(code=tidied[:40])
    return tidied


def check_receivers(ids: Sequence[str]) -> None:
    """Raises ReceiversWrong."""
    if not 1 <= len(ids) <= MOST_RECEIVERS or not all(_ID.fullmatch(one) for one in ids):
        raise ReceiversWrong(receivers=" ".join(ids)[:100])


def check_rate(per_minute: int) -> None:
    """Raises RateWrong."""
    if not 1 <= per_minute <= HIGHEST_RATE:
        raise RateWrong(per_minute=per_minute)
