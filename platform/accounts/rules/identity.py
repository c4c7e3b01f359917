"""Numbers that name a company, and what makes each of them right.

Each check gives the number back as it is stored: capitals, no spaces or hyphens. What is checked:
the length, the characters and, where the number has one, its check digit. Whether somebody has
been given the number, only its register knows.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import ClassVar, NoReturn

from stdnum import get_cc_module, lei
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from core.errors import InputError


class WrongNumber(InputError):
    """A number that should name a company cannot be right."""

    code = "accounts.wrong_number"
    field: ClassVar[str] = ""


class WrongUscc(WrongNumber):
    """This is no unified social credit code."""

    code = "accounts.wrong_uscc"
    field = "uscc"


class UsccLength(WrongUscc):
    """A unified social credit code has 18 places."""

    code = "accounts.uscc_length"


class UsccCharacters(WrongUscc):
    """A unified social credit code starts with eight digits; then come digits and capital letters
    other than I, O, S, V and Z."""

    code = "accounts.uscc_characters"


class UsccCheckDigit(WrongUscc):
    """The last place of the unified social credit code does not fit the others: one of the 18 is
    mistyped."""

    code = "accounts.uscc_check_digit"


class WrongLei(WrongNumber):
    """This is no legal entity identifier."""

    code = "accounts.wrong_lei"
    field = "lei"


class LeiLength(WrongLei):
    """A legal entity identifier (LEI) has 20 places."""

    code = "accounts.lei_length"


class LeiCharacters(WrongLei):
    """A legal entity identifier (LEI) has capital letters and digits, and two digits at its end."""

    code = "accounts.lei_characters"


class LeiCheckDigit(WrongLei):
    """The last two digits of the legal entity identifier (LEI) do not fit the others: one of the
    20 places is mistyped."""

    code = "accounts.lei_check_digit"


class WrongVatNumber(WrongNumber):
    """This is no VAT number."""

    code = "accounts.wrong_vat_number"
    field = "vat_number"


class VatLength(WrongVatNumber):
    """A VAT number of this country has another length."""

    code = "accounts.vat_length"


class VatCharacters(WrongVatNumber):
    """A VAT number of this country has other characters, or has them in other places."""

    code = "accounts.vat_characters"


class VatCheckDigit(WrongVatNumber):
    """The check digit of the VAT number does not fit the others: one of them is mistyped."""

    code = "accounts.vat_check_digit"


class VatCountry(WrongVatNumber):
    """The VAT number begins with another country than the address is in."""

    code = "accounts.vat_country"


class WrongCustomsCode(WrongNumber):
    """This is no registration code with customs."""

    code = "accounts.wrong_customs_code"
    field = "customs_code"


class CustomsCodeLength(WrongCustomsCode):
    """A registration code with customs has 10 places."""

    code = "accounts.customs_code_length"


class CustomsCodeCharacters(WrongCustomsCode):
    """A registration code with customs starts with the four digits of the district; then come
    digits and capital letters. It has no check digit."""

    code = "accounts.customs_code_characters"


_DIGITS = frozenset("0123456789")
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_USCC = _DIGITS | _LETTERS - frozenset("IOSVZ")
_LONGEST_SHOWN = 40

#: ISO 3166 alpha-3 of the countries whose numbers python-stdnum checks, with the two letters that
#: name them there, and the letters a number of the European Union begins with.
_UNION = {
    "AUT": "AT",
    "BEL": "BE",
    "BGR": "BG",
    "CYP": "CY",
    "CZE": "CZ",
    "DEU": "DE",
    "DNK": "DK",
    "ESP": "ES",
    "EST": "EE",
    "FIN": "FI",
    "FRA": "FR",
    "GRC": "EL",
    "HRV": "HR",
    "HUN": "HU",
    "IRL": "IE",
    "ITA": "IT",
    "LTU": "LT",
    "LUX": "LU",
    "LVA": "LV",
    "MLT": "MT",
    "NLD": "NL",
    "POL": "PL",
    "PRT": "PT",
    "ROU": "RO",
    "SVK": "SK",
    "SVN": "SI",
    "SWE": "SE",
}
_ELSEWHERE = {
    "AUS": ("au", "abn"),
    "CAN": ("ca", "bn"),
    "CHE": ("ch", "vat"),
    "CHN": ("cn", "uscc"),
    "GBR": ("gb", "vat"),
    "JPN": ("jp", "cn"),
    "KOR": ("kr", "brn"),
    "NOR": ("no", "vat"),
    "NZL": ("nz", "ird"),
}
_PREFIXES = frozenset(_UNION.values()) | {"GB", "XI", "CHE"}


def tidy(number: str) -> str:
    """As it is stored: full-width signs made plain, capitals, no spaces, hyphens or dots."""
    plain = unicodedata.normalize("NFKC", number).upper()
    return "".join(sign for sign in plain if sign not in "-.‐‑–—/" and not sign.isspace())


def check_uscc(number: str) -> str:
    """China's unified social credit code. Raises UsccLength, UsccCharacters, UsccCheckDigit."""
    plain = tidy(number)
    if len(plain) != 18:
        _refuse(UsccLength, plain, places=len(plain))
    if not (set(plain[:8]) <= _DIGITS and set(plain) <= _USCC):
        _refuse(UsccCharacters, plain)
    if uscc.calc_check_digit(plain) != plain[-1]:
        _refuse(UsccCheckDigit, plain)
    return plain


def check_lei(number: str) -> str:
    """ISO 17442. Raises LeiLength, LeiCharacters, LeiCheckDigit."""
    plain = tidy(number)
    if len(plain) != 20:
        _refuse(LeiLength, plain, places=len(plain))
    if not (set(plain) <= _DIGITS | _LETTERS and set(plain[-2:]) <= _DIGITS):
        _refuse(LeiCharacters, plain)
    if not lei.is_valid(plain):
        _refuse(LeiCheckDigit, plain)
    return plain


def check_customs_code(number: str) -> str:
    """The registration with customs, which has a form and no check digit.

    Raises CustomsCodeLength, CustomsCodeCharacters.
    """
    plain = tidy(number)
    if len(plain) != 10:
        _refuse(CustomsCodeLength, plain, places=len(plain))
    if not (set(plain[:4]) <= _DIGITS and set(plain) <= _DIGITS | _LETTERS):
        _refuse(CustomsCodeCharacters, plain)
    return plain


def check_vat_number(number: str, *, country: str) -> str:
    """The number a company charges VAT (or GST) under, by the rules of its country.

    ``country`` is ISO 3166 alpha-3. Of a country whose rules are not known here, the length
    (4 to 20) and the characters are checked. A number of the European Union is kept with its
    letters in front. Raises VatLength, VatCharacters, VatCheckDigit, VatCountry.
    """
    plain = tidy(number)
    if not 4 <= len(plain) <= 20:
        _refuse(VatLength, plain, places=len(plain))
    if not set(plain) <= _DIGITS | _LETTERS:
        _refuse(VatCharacters, plain)
    if country in _UNION:
        letters = _UNION[country]
        if plain[:2].isalpha() and plain[:2] != letters and plain[:2] in _PREFIXES:
            _refuse(VatCountry, plain, country=country)
        # Dutch and Irish numbers have letters of their own further on; only the first two may go.
        return letters + _by_country(plain.removeprefix(letters), letters, "vat")
    if country in _ELSEWHERE:
        where, kind = _ELSEWHERE[country]
        bare = plain
        if country == "GBR":
            bare = plain[2:] if plain[:2] in {"GB", "XI"} else plain
        if country == "JPN":
            # The qualified invoice number is a T before the company's 13 digits.
            return "T" + _by_country(plain.removeprefix("T"), where, kind)
        checked = _by_country(bare, where, kind)
        return f"GB{checked}" if country == "GBR" else checked
    return plain


def _by_country(number: str, where: str, kind: str) -> str:
    module = get_cc_module("gr" if where == "EL" else where.lower(), kind)
    assert module, f"python-stdnum knows {kind} of {where}"  # noqa: S101 - our own tables
    try:
        checked = str(module.validate(number))
    except InvalidLength:
        _refuse(VatLength, number, places=len(number))
    except InvalidChecksum:
        _refuse(VatCheckDigit, number)
    except ValidationError:
        _refuse(VatCharacters, number)
    return checked.removeprefix(where) if len(where) == 2 and where.isupper() else tidy(checked)


def _refuse(kind: type[WrongNumber], number: str, **facts: object) -> NoReturn:
    raise kind(field=kind.field, given=number[:_LONGEST_SHOWN], **facts)


_CHECKS: dict[str, Callable[[str], str]] = {
    "uscc": check_uscc,
    "lei": check_lei,
    "customs_code": check_customs_code,
}


def check_number(field: str, number: str, *, country: str) -> str:
    """Any number of a company, by the name of its field; an empty one stays empty.

    Raises a WrongNumber.
    """
    if not tidy(number):
        return ""
    if field == "vat_number":
        return check_vat_number(number, country=country)
    return _CHECKS[field](number)


def check_numbers(numbers: dict[str, str], *, country: str) -> dict[str, str]:
    """All numbers of one company as they are stored. Raises the first WrongNumber."""
    return {
        field: check_number(field, number, country=country) for field, number in numbers.items()
    }
