"""What a company must say of itself before an operator enters it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import cache

from babel.core import get_global

from accounts.rules.identity import check_number
from core.errors import DomainError, InputError

NUMBERS = ("uscc", "lei", "vat_number", "customs_code")
_CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{0,30}[A-Z0-9])?")
#: Chinese firms of these kinds hand in papers in which their social credit code stands.
_NEED_USCC = frozenset({"seller", "importer", "warehouse"})
#: What customs asks of them.
_NEED_CUSTOMS_CODE = frozenset({"importer"})
#: Two letters that ISO 3166 leaves to everybody's own use.
_NO_COUNTRY = re.compile(r"AA|Q[M-Z]|X[A-Z]|ZZ")
#: Three letters of countries that are no more.
_GONE = frozenset({"BUR", "ZAR", "DDR", "FXX", "TMP", "YMD"})


class WrongCode(InputError):
    """A company code has up to 32 capital letters and digits, with hyphens between them."""

    code = "accounts.wrong_code"


class CodeTaken(InputError):
    """Another company has this code."""

    code = "accounts.code_taken"


class NameMissing(InputError):
    """A company has a name in Chinese and one in English, of at most 200 characters each."""

    code = "accounts.name_missing"


class WrongCountry(InputError):
    """A country is named by three letters, such as CHN."""

    code = "accounts.wrong_country"


class UsccMissing(InputError):
    """Chinese sellers, importers and warehouse operators have a unified social credit code."""

    code = "accounts.uscc_missing"


class CustomsCodeMissing(InputError):
    """An importer is registered with customs and has a code there."""

    code = "accounts.customs_code_missing"


class NumberOfAnother(InputError):
    """This number belongs to another company here."""

    code = "accounts.number_of_another"


class PlatformIsFounded(DomainError):
    """The platform's own company is made when the house is set up, and there is one."""

    code = "accounts.platform_is_founded"


def check_code(given: str) -> str:
    """As it is stored. Raises WrongCode."""
    plain = unicodedata.normalize("NFKC", given).strip().upper()
    if not _CODE.fullmatch(plain):
        raise WrongCode(field="code", given=plain[:40])
    return plain


@cache
def countries() -> Mapping[str, str]:
    """ISO 3166: three letters to two."""
    return {
        three: two[0]
        for three, two in get_global("territory_aliases").items()
        if len(three) == 3
        and three.isalpha()
        and len(two) == 1
        and three not in _GONE
        and (two[0] == "XK" or not _NO_COUNTRY.fullmatch(two[0]))
    }


def check_country(given: str) -> str:
    """Raises WrongCountry."""
    if given not in countries():
        raise WrongCountry(field="country", given=given[:40])
    return given


def check_names(**names: str) -> None:
    """Raises NameMissing."""
    for field, name in names.items():
        if not 0 < len(name) <= 200:
            raise NameMissing(field=field, characters=len(name))


def check_facts(
    numbers: Mapping[str, str], *, country: str, kinds: Collection[str]
) -> dict[str, str]:
    """All numbers as they are stored. Raises a WrongNumber, UsccMissing or CustomsCodeMissing."""
    checked = {
        field: check_number(field, numbers.get(field, ""), country=country) for field in NUMBERS
    }
    mine = {str(kind) for kind in kinds}
    if country == "CHN" and mine & _NEED_USCC and not checked["uscc"]:
        raise UsccMissing(field="uscc")
    if mine & _NEED_CUSTOMS_CODE and not checked["customs_code"]:
        raise CustomsCodeMissing(field="customs_code")
    return checked
