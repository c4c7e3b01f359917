"""Every URL pattern, with every method, as everybody: it opens for whom it is made.

A pattern that is not in the table of ``addresses.py`` fails by its name. The API has a table of
its own (``tests/rest``).
"""

from __future__ import annotations

import os

import pytest

from tests.walls.addresses import (
    EVERYBODY,
    IMPORTER,
    OPERATOR,
    PEOPLE,
    SELLER,
    TABLE,
    WAREHOUSE,
    Address,
    Person,
)
from tests.walls.walking import (
    ADMIN,
    API,
    Walker,
    every_pattern,
    is_wrong,
    table_of_the_house,
    undone,
)
from tests.walls.world import World

EVERY_ONE = bool(os.environ.get("BONDPOOL_EVERY_TEXT"))
LOOKED_AT = {"nobody", "left", *(f"strange {role}" for role in (SELLER, IMPORTER, WAREHOUSE))}
OTHER_METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def _methods(person: Person, route: str, address: Address, turn: int) -> tuple[str, ...]:
    """With which methods a person walks to an address: `make slow` knows both for everybody.

    Else the seller walks with both wherever it is turned away; most everywhere with those that the
    address takes, and where they may only look, with a form as well, which must find no page that
    forgot to ask; clerks, and strangers whose role sees the whole platform, where their role
    leads. A page that several may read opens for one of them, by turns.
    """
    if EVERY_ONE:
        return ("GET", "POST")
    readers = sorted(address.read)
    if person.name in readers and readers[turn % len(readers)] != person.name and route:
        return ("POST",) if address.write else ()
    if person.name == SELLER:
        return ("GET", "POST")
    if route.lstrip("~").startswith(ADMIN):
        return ("GET", "POST") if person.name in {OPERATOR, "homeless"} else ()
    is_narrow = "clerk" in person.name or person.name in {"strange finance", "strange operator"}
    if is_narrow and person.role not in address.read | address.write:
        return ()
    only_looks = person.name in address.read and not address.write
    return (("GET",) if address.read or address.public else ()) + (
        ("POST",) if address.write or address.public or only_looks else ()
    )


@pytest.fixture(scope="module")
def table(town: World) -> dict[str, tuple[Address, str]]:
    return table_of_the_house(town)


def test_every_pattern_down_to_the_last_include_is_in_the_table() -> None:
    known = set(TABLE) - {API, ADMIN}
    elsewhere = (API, ADMIN)
    found = {
        one for one in every_pattern() if one in known or not one.lstrip("~").startswith(elsewhere)
    }

    assert found - known == set(), "say in addresses.py who may open these"
    assert known - found == set(), "these are gone"
    assert len(list(every_pattern())) > len(TABLE) + 70, "the includes are walked as well"


@pytest.mark.parametrize(
    "person",
    # What the strangers get is looked at word by word in test_strangers.py.
    [one for one in PEOPLE if one.name not in LOOKED_AT],
    ids=lambda person: person.name,
)
def test_everybody_opens_what_is_theirs_and_nothing_else(
    town: World, table: dict[str, tuple[Address, str]], person: Person
) -> None:
    walker = Walker.of(person, town)
    wrong = []
    for turn, (route, (address, path)) in enumerate(table.items()):
        for method in _methods(person, route, address, turn):
            with undone():
                answer = walker.ask(method, path)
                if is_wrong(route, address, person, method, answer):
                    wrong.append(f"{method} {route}: {answer.status_code}")

    assert "\n".join(wrong) == ""


def test_no_page_knows_another_method(town: World, table: dict[str, tuple[Address, str]]) -> None:
    for name in ("nobody", *sorted(EVERYBODY), "strange seller", "strange importer"):
        walker = Walker.of(next(one for one in PEOPLE if one.name == name), town)
        answers = {
            (method, route): walker.ask(method, path).status_code
            for route, (_address, path) in table.items()
            if not route.startswith("api/")
            for method in OTHER_METHODS
        }
        assert {one: told for one, told in answers.items() if told != 405} == {}, name
