"""What may stand in one field of a message.

The notation of the tables: ``C36`` is text of exactly 36 characters, ``C1..60`` of one to sixty,
``N19,5`` a number of at most 19 digits of which 5 stand after the point, ``int`` a whole number of
32 bits, ``int9`` one of at most 9 digits, ``=142`` that value and no other, ``text`` any text. A
``?`` before it: the field may be left out; ``n19,5`` is a number or nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.errors import DomainError, InputError

_NUMBER = re.compile(r"[+-]?(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))")
_WHOLE = re.compile(r"[+-]?[0-9]+")
_LARGEST_INT = 2**31
#: What is outside of ``Char`` of XML 1.0.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACES = " \t\r\n"


class LengthWrong(InputError):
    """This field must have exactly as many characters as the message's form says."""

    code = "customs.ceb_length_wrong"


class TextTooLong(InputError):
    """This field has more characters than the message's form allows."""

    code = "customs.ceb_text_too_long"


class TextMissing(InputError):
    """This field must not be empty."""

    code = "customs.ceb_text_missing"


class CharacterWrong(InputError):
    """This field has a character that cannot stand in XML."""

    code = "customs.ceb_character_wrong"


class NotANumber(InputError):
    """This field is a number: digits with at most one decimal point, and nothing else."""

    code = "customs.ceb_not_a_number"


class TooManyDigits(InputError):
    """This number has more digits than the message's form allows."""

    code = "customs.ceb_too_many_digits"


class TooManyDecimals(InputError):
    """This number has more digits after the point than the message's form allows."""

    code = "customs.ceb_too_many_decimals"


class NotAWholeNumber(InputError):
    """This field is a whole number of at most 32 bits."""

    code = "customs.ceb_not_a_whole_number"


class OtherValue(InputError):
    """This field has one value and no other."""

    code = "customs.ceb_other_value"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its XML name, whether it must be there, and what may stand in it."""

    name: str
    required: bool

    def fault(self, text: str) -> DomainError | None:
        """What is wrong with ``text``, or None."""
        return None


@dataclass(frozen=True, slots=True)
class Text(Field):
    """Text of ``least`` to ``most`` characters (Unicode code points, as XML counts them)."""

    least: int
    most: int | None

    def fault(self, text: str) -> DomainError | None:
        length = len(text)
        if wrong := _NOT_XML.search(text):
            return CharacterWrong(value=f"U+{ord(wrong[0]):04X}")
        if self.least <= length and (self.most is None or length <= self.most):
            return None
        if self.least == self.most:
            return LengthWrong(length=length, wanted=self.most, value=text[:60])
        if length < self.least:
            return TextMissing()
        return TextTooLong(length=length, most=self.most, value=text[:60])


@dataclass(frozen=True, slots=True)
class Number(Field):
    """A decimal number; zeros that say nothing (007, 1.500) do not count as digits."""

    digits: int
    decimals: int
    may_be_empty: bool = False

    def fault(self, text: str) -> DomainError | None:
        if self.may_be_empty and not text:
            return None
        found = _NUMBER.fullmatch(text.strip(_SPACES))
        if found is None:
            return NotANumber(value=text[:60])
        before = (found[1] or "").lstrip("0")
        after = (found[2] or found[3] or "").rstrip("0")
        if len(after) > self.decimals:
            return TooManyDecimals(value=text[:60], most=self.decimals)
        # 0.00012 has two digits: XML Schema counts the shortest way to write the number.
        digits = len(before) + len(after) if before else len(after.lstrip("0"))
        if digits > self.digits:
            return TooManyDigits(value=text[:60], most=self.digits)
        return None


@dataclass(frozen=True, slots=True)
class Whole(Field):
    """A whole number of 32 bits, of at most ``digits`` digits where that is said."""

    digits: int | None

    def fault(self, text: str) -> DomainError | None:
        bare = text.strip(_SPACES)
        # A number as long as a novel is refused before anybody computes it.
        if len(bare) > 40 or _WHOLE.fullmatch(bare) is None:
            return NotAWholeNumber(value=text[:60])
        value = int(bare)
        if not -_LARGEST_INT <= value < _LARGEST_INT:
            return NotAWholeNumber(value=text[:60])
        if self.digits is not None and len(str(abs(value))) > self.digits:
            return TooManyDigits(value=text[:60], most=self.digits)
        return None


@dataclass(frozen=True, slots=True)
class Fixed(Field):
    """One value only; left empty, it stands for that value."""

    value: str

    def fault(self, text: str) -> DomainError | None:
        return None if text in ("", self.value) else OtherValue(value=text[:60], wanted=self.value)


def field_of(name: str, notation: str) -> Field:
    """The field that ``notation`` describes. Raises ValueError on a notation nobody knows."""
    required, kind = not notation.startswith("?"), notation.removeprefix("?")
    if kind.startswith("="):
        return Fixed(name, required, kind[1:])
    if kind == "text":
        return Text(name, required, 0, None)
    if kind == "int":
        return Whole(name, required, None)
    if found := re.fullmatch(r"int(\d+)", kind):
        return Whole(name, required, int(found[1]))
    if found := re.fullmatch(r"([Nn])(\d+),(\d+)", kind):
        return Number(name, required, int(found[2]), int(found[3]), found[1] == "n")
    if found := re.fullmatch(r"C(?:(\d+)\.\.)?(\d+)", kind):
        most = int(found[2])
        return Text(name, required, most if found[1] is None else int(found[1]), most)
    raise ValueError(notation)
