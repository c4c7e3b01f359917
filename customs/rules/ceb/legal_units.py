"""A retail list measures each line in the legal units of its code, in the tariff's order.

Source: the checks of systems at work before they send a list (units must equal the two legal units
of the code), and the form of CEB621: unit1 is the first legal unit, unit2 the second.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.errors import InputError
from customs.rules.ceb.messages import Business, Values


class LegalUnitsDiffer(InputError):
    """A line of a retail list is measured in the legal units of its code, the first one first."""

    code = "customs.ceb_legal_units_differ"


class LegalQuantityUnknown(InputError):
    """How much the goods are in a legal unit cannot be told: the catalogue lacks what one unit
    holds or weighs."""

    code = "customs.ceb_legal_quantity_unknown"


def unit_faults(
    retail_list: Business, units: Sequence[tuple[str, ...]]
) -> list[tuple[int, str, InputError]]:
    """What a list has against its tariff: line from 1, field and rule.

    ``units`` are each line's legal units on the day, empty where the tariff has no row, which
    nothing can be held against.
    """
    return [
        (line, field, error)
        for line, (values, wanted) in enumerate(zip(retail_list.lines, units, strict=True), 1)
        if wanted
        for field, error in _of_a_line(values, wanted)
    ]


def _of_a_line(values: Values, wanted: tuple[str, ...]) -> Iterator[tuple[str, InputError]]:
    for number in (1, 2):
        unit = wanted[number - 1] if number <= len(wanted) else ""
        told = values.get(f"unit{number}", "")
        if told != unit:
            yield f"unit{number}", LegalUnitsDiffer(value=told, wanted=unit)
        elif unit and not values.get(f"qty{number}"):
            yield f"qty{number}", LegalQuantityUnknown(unit=unit)
