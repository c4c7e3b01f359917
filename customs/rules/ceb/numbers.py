"""Numbers that have a structure, of which a message's form knows only the length.

Asked where a file that companies send is checked, and nowhere else: what we tell ourselves are
numbers that customs gave.
Source: the specification for companies, edition 2022-05, and the numbers in its samples.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from core.errors import DomainError, InputError


class NumberMisshapen(InputError):
    """This number is not made as customs makes them."""

    code = "customs.ceb_number_misshapen"


_DIGITS_4 = re.compile(r"[0-9]{4}")
#: Field -> what its number is made of.
_SHAPES = {
    "customsCode": _DIGITS_4,
    "portCode": _DIGITS_4,
    # of an account book: T3111W000076, L9013B19A008
    "emsNo": re.compile(r"[A-Z][0-9A-Z]{11}"),
    # customs office, year, way, serial: 90132019I237057698
    "invtNo": re.compile(r"[0-9]{8}[IE][0-9A-Z]{9}"),
    # B, day, serial
    "preNo": re.compile(r"B[0-9]{8}[0-9]{9}"),
}


def misshapen(values: Mapping[str, str]) -> Iterator[tuple[str, DomainError]]:
    """The fields of a head whose number is not as customs makes it; what is empty is none."""
    for name, shape in _SHAPES.items():
        told = values.get(name, "").strip()
        if told and not shape.fullmatch(told):
            yield name, NumberMisshapen(value=told[:30])
