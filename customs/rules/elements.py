"""The declaration elements of a product: one value for each name of its code's catalogue entry."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from core.errors import DomainError, InputError

LONGEST = 255
LONGEST_JOINED = 510
PARTED_BY = "|"
MOST_CONTENT = 1_000_000
#: With these two each entry of the catalogue begins. Which digits and words they take is general
#: knowledge, no source at hand has the list [U]: 0 none, 1 and 2 of this country, 3 and 4 foreign;
#: 0 not preferred, 1 preferred, 2 not sure, 3 not applicable to imports.
BRAND, PREFERENCE = "品牌类型", "出口享惠情况"
_FIRST = (
    (BRAND, re.compile(r"[0-4]|无品牌|境内自主品牌|境内收购品牌|境外品牌.{0,40}")),
    (PREFERENCE, re.compile(r"[0-3]|.{0,40}(享惠|优惠|不能确定|不适用).{0,40}")),
)


class NoTariffRow(DomainError):
    """The tariff has no row for the HS code of this product, so its elements are not known."""

    code = "customs.no_tariff_row"


class ElementsMissing(InputError):
    """Each declaration element of the code needs its value, also where it does not apply."""

    code = "customs.elements_missing"


class ElementUnknown(InputError):
    """The catalogue does not ask for this element."""

    code = "customs.element_unknown"


class ElementWrong(InputError):
    """The value of an element is at most 255 characters without |, all together at most 510."""

    code = "customs.element_wrong"


class ContentWrong(InputError):
    """What a unit holds is given in whole millilitres, above zero."""

    code = "customs.content_wrong"


def values_of(names: Sequence[str], told: Mapping[str, str]) -> list[str]:
    """The values in the catalogue's order. Raises ElementUnknown, ElementsMissing, ElementWrong."""
    for name in told:
        if name not in names:
            raise ElementUnknown(element=name)
    found = [" ".join(told.get(name, "").split()) for name in names]
    absent = [name for name, value in zip(names, found, strict=True) if not value]
    if absent:
        raise ElementsMissing(elements=absent)
    for name, value in zip(names, found, strict=True):
        if PARTED_BY in value or len(value) > LONGEST:
            raise ElementWrong(element=name)
    if len(PARTED_BY.join(found)) > LONGEST_JOINED:
        raise ElementWrong(element=names[-1])
    return found


def has_all(names: Sequence[str], specification: str) -> bool:
    """Whether a specification gives as many elements as its code has, none of them empty."""
    parts = specification.split(PARTED_BY)
    return not names or (len(parts) == len(names) and all(part.strip() for part in parts))


def joined(values: Sequence[str]) -> str:
    """As the form has them: parted by ``|``."""
    return PARTED_BY.join(values)


def specified(
    asked: Sequence[str], own: tuple[Sequence[str], Sequence[str]], at_large: str
) -> tuple[str, bool]:
    """What is declared of a product, and whether it is what the catalogue asks for now.

    ``own`` are names and values that somebody filled in: they stand for what the catalogue of
    products says ``at_large``, and only for the very elements they were filled in for, since the
    form gives values alone and another element's would pass for the one that is asked.
    """
    names, values = own
    if values:
        return joined(values), not asked or list(names) == list(asked)
    return at_large, has_all(asked, at_large)


def begins_rightly(names: Sequence[str], specification: str) -> bool:
    """Whether brand type and preference, where the catalogue begins with them, say one of theirs:
    the digit of the catalogue, or its words. Asked of as many elements as the code has."""
    parts = [part.strip() for part in specification.split(PARTED_BY)]
    return all(
        shape.fullmatch(part)
        for name, part, (wanted, shape) in zip(names, parts, _FIRST, strict=False)
        if name == wanted
    )


def check_content(content_ml: int | None) -> None:
    """Raises ContentWrong."""
    if content_ml is not None and not 0 < content_ml <= MOST_CONTENT:
        raise ContentWrong(value=content_ml)
