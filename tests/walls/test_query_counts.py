"""No page asks the database more often because there are more rows: ten times as many, same count.

Every address of the site and of the API is asked as every role for which it opens, on a small
platform and on a ten times larger one; a new address is measured because it is there.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from accounts.models import Role
from core.walls import platform_wide
from demo import measuring
from demo.crowd import Crowd, Size

#: A page that asks more often than this does in Python what the database does better.
MOST = 32
#: A file of all that was found is read portion by portion, and ends at a number of rows.
IN_PORTIONS = {"audit/export.<str:kind>"}
SMALL = Size(
    sellers=12,
    products=40,
    suppliers=4,
    forecast_lines=2000,
    shipments=88,
    lots=440,
    movements=1600,
    retail_orders=150,
    payables=60,
    events=60,
    notices=60,
)
LARGE = Size(
    sellers=120,
    products=400,
    suppliers=4,
    forecast_lines=20_000,
    shipments=880,
    lots=4400,
    movements=16_000,
    retail_orders=1500,
    payables=600,
    events=600,
    notices=600,
)

Counts = dict[tuple[str, str], list[str]]


@pytest.fixture
def counted(db: None) -> Callable[[Size], Counts]:
    def count(size: Size) -> Counts:
        """What every address asks for on a platform of this size, which is then taken back."""
        found: Counts = {}
        with transaction.atomic():
            with platform_wide():
                Crowd(size, using="default", told=lambda *_: None).fill()
                addresses = {route: measuring.address_of(route) for route in measuring.routes()}
            for role in Role:
                client = measuring.signed_in(role)
                for route, address in addresses.items():
                    if route in IN_PORTIONS:
                        continue
                    if address and client.get(address).status_code == 200:
                        found[route, role.value] = measuring.queries(client, address)[0]
            transaction.set_rollback(True)
        return found

    return count


def test_no_page_asks_more_often_because_there_is_more(
    counted: Callable[[Size], Counts],
) -> None:
    small, large = counted(SMALL), counted(LARGE)

    assert small.keys() == large.keys()
    assert len(small) > 80
    grown = {
        f"{role} /{route}": (len(asked), len(large[route, role]))
        for (route, role), asked in small.items()
        if len(large[route, role]) > len(asked)
    }
    assert grown == {}
    many = {key: len(asked) for key, asked in large.items() if len(asked) > MOST}
    assert many == {}
