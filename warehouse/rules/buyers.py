"""Who a buyer is: an identity number that can be right, and how a person is recognised without
being told, by a keyed hash and by a masked text."""

from __future__ import annotations

import hashlib
import hmac
import re
from functools import lru_cache

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from core.errors import InputError

_ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
# What a spreadsheet makes of a long number when it is not told that it is text.
ROUNDED = re.compile(r"[0-9](\.[0-9]+)?[eE]\+[0-9]+")


class NumberRounded(InputError):
    """The spreadsheet has rounded this number; format the column as text and enter it again."""

    code = "warehouse.number_rounded"


class IdNumberWrong(InputError):
    """This is not a Chinese resident identity number: 18 places with a right check digit."""

    code = "warehouse.id_number_wrong"


def check_id_number(number: str) -> str:
    """A resident identity number in its compact form. Raises IdNumberWrong or NumberRounded."""
    if ROUNDED.fullmatch(number):
        raise NumberRounded(field="buyer_id_number")
    # The number itself is personal data and does not go into the message.
    if not _ID_NUMBER.fullmatch(number):
        raise IdNumberWrong(field="buyer_id_number")
    try:
        born = ric.get_birth_date(number)
    except ValidationError as error:
        raise IdNumberWrong(field="buyer_id_number") from error
    if number[-1] != ric.calc_check_digit(number) or not _is_region(number[:6], born.year):
        raise IdNumberWrong(field="buyer_id_number")
    return number


# The library reads its table anew each time; of a thousand buyers, most are from the same regions.
@lru_cache(maxsize=1 << 16)
def _is_region(region: str, year: int) -> bool:
    """Whether people were registered there in that year."""
    try:
        ric.get_birth_place(f"{region}{year}01010000")
    # KeyError: a region the table knows as a province only.
    except (ValidationError, KeyError):
        return False
    return True


def digest(id_number: str, key: bytes) -> str:
    """Keyed hash of an identity number: the same person, without the number.

    HMAC-SHA-256. A plain hash of 18 digits can be turned back by trying them all. Changing
    this, or the key, breaks the sum of a person's year.
    """
    return hmac.new(key, id_number.upper().encode(), hashlib.sha256).hexdigest()


def masked(text: str, *, first: int, last: int) -> str:
    """``110***********899X``: enough to tell two people apart, not enough to be one."""
    if len(text) <= first + last:
        return text[:1] + "*" * (len(text) - 1)
    return text[:first] + "*" * (len(text) - first - last) + text[len(text) - last :]
