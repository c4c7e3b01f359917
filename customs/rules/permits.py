"""Permits that the tariff's signs of supervision ask for, and proofs of origin.

Source: the code table of supervision certificates (监管证件代码表, 2018). Signs of exports, of what
may not come in at all, and of inspection (A: asked for with the declaration itself) demand no
number. Which of them customs waives for goods that go into bond in mode 1210 could not be
confirmed; ``BONDPOOL_PERMIT_SIGNS`` says which are asked for: licences (1, 2, 7, O), endangered
species (F), medicines (I, L, Q, W), waste (P), pesticides (S), toxic chemicals (X), recordings
(Z), tariff quotas (t).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from core.errors import InputError

#: A licence has a column of its own on the form (16); all other papers stand in column 31.
LICENCE = "1"
PROOF_OF_ORIGIN = "Y"
_NUMBER = re.compile(r"[0-9A-Za-z./()-]{1,32}")


class PermitNumberWrong(InputError):
    """A permit's number has up to 32 letters, digits, hyphens, dots, slashes and brackets."""

    code = "customs.permit_number_wrong"


class PermitNotAsked(InputError):
    """The tariff asks for no such permit of these goods."""

    code = "customs.permit_not_asked"


class PermitToldTwice(InputError):
    """Each permit of a product is told once."""

    code = "customs.permit_told_twice"


class PermitTooLate(InputError):
    """The shipment was declared already: an amendment or a withdrawal changes what it says."""

    code = "customs.permit_too_late"


def demanded(supervision: Iterable[str], signs: str) -> tuple[str, ...]:
    """The signs of a tariff row that ask for a permit's number, in the row's order."""
    return tuple(one for one in supervision if one in signs)


def offered(supervision: Iterable[str], signs: str) -> tuple[str, ...]:
    """What may be told of goods: what is demanded, and always a proof of origin."""
    return tuple(dict.fromkeys((*demanded(supervision, signs), PROOF_OF_ORIGIN)))


def all_told(wanted: Collection[str], told: Mapping[str, str]) -> bool:
    """Whether each sign has its number."""
    return all(told.get(sign) for sign in wanted)


def each_once(told: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str], str]:
    """Number by SKU and sign. Raises PermitToldTwice."""
    found: dict[tuple[str, str], str] = {}
    for sku, sign, number in told:
        if (sku, sign) in found:
            raise PermitToldTwice(sku=sku, sign=sign)
        found[sku, sign] = number
    return found


def permit_number(text: str, *, field: str) -> str:
    """Tidied; empty takes back what was told. Raises PermitNumberWrong."""
    tidied = text.strip()
    if tidied and not _NUMBER.fullmatch(tidied):
        raise PermitNumberWrong(field=field)
    return tidied
