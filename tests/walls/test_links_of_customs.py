"""Every page and file of customs is found by following links from the start page."""

from __future__ import annotations

import re

import pytest
from django.urls import Resolver404, resolve

from tests.walls.addresses_of_customs import DECLARED
from tests.walls.walking import Walker, table_of_the_house
from tests.walls.who import IMPORTER, OPERATOR, PEOPLE, SELLER, WAREHOUSE
from tests.walls.world import World

_LINK = re.compile(r'<a [^>]*href="(/[^"?#]*)')
#: Pages of other parts from which one of customs is opened.
THROUGH = {
    *("products/", "products/<int:pk>/"),
    *("retail-orders/", "retail-orders/<str:number>/"),
}
#: Linked while something stands open: goods at sea that nobody declared, a remark that nobody
#: judged (tests/customs/test_positive_list.py), and a declaration that customs has, before its
#: goods are counted in (tests/customs). Those of the canary are in bond.
WHILE_OPEN = {
    "customs/shipments/<str:number>/declare/",
    "customs/shipments/<str:number>/permits/",
    "customs/products/<str:sku>/remark/",
    "customs/declarations/<str:reference>/amend/",
    "customs/declarations/<str:reference>/withdraw/",
}


def _routes_on(page: str) -> set[str]:
    found = set()
    for path in _LINK.findall(page):
        try:
            found.add(str(resolve(path).route))
        except Resolver404:
            continue
    return found


@pytest.mark.parametrize("role", [SELLER, IMPORTER, WAREHOUSE, OPERATOR])
def test_no_page_of_customs_is_reached_by_its_address_alone(town: World, role: str) -> None:
    table = table_of_the_house(town)
    person = next(one for one in PEOPLE if one.name == role)
    mine = {r for r, one in DECLARED.items() if one.read and one.is_for(person, "GET")} - WHILE_OPEN
    pages = {route for route in mine if not DECLARED[route].is_file} | THROUGH
    walker = Walker.of(person, town)
    found: set[str] = set()
    opened: set[str] = set()
    left = ["/"]
    while left and mine - found:
        answer = walker.ask("GET", left.pop(0))
        assert answer.status_code == 200
        found |= _routes_on(answer.content.decode())  # type: ignore[attr-defined]
        # The canary's own row of each list, in whatever order the rows stand.
        left += [table[route][1] for route in sorted(found & pages - opened)]
        opened |= found & pages

    assert sorted(mine - found) == []
