"""No page asks the database more often because there are more rows.

Every address of the site and of the API is asked on a small platform and on a larger one; a new
address is measured because it is there. `make slow` asks it as every role for which it opens, and
on a platform ten times as large; `make test` as one of them, by turns, and four times as large.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict

import pytest
from django.db import connections

from accounts.models import Role
from core.walls import platform_wide
from demo import measuring, sampling
from demo.crowd import Crowd, Size
from tests.walls.addresses import TABLE

EVERY_ROLE = bool(os.environ.get("BONDPOOL_EVERY_ROLE"))
#: A page that asks more often than this does in Python what the database does better.
MOST = 25
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
_MORE = 10 if EVERY_ROLE else 4
_SAME = {"suppliers", "rounds"}
LARGE = Size(
    **{name: many * (1 if name in _SAME else _MORE) for name, many in asdict(SMALL).items()}
)

#: An address and who asks it, with the statements of its answer.
Counts = dict[tuple[str, Role], list[str]]


def fill(size: Size) -> dict[str, str]:
    """A platform of this size, and what to ask it for.

    Committed, and counted by the planner: inside a transaction a vacuum that comes by makes it
    take the tables for empty, and it joins them row by row.
    """
    Crowd(size, using="owner", told=lambda *_: None).fill()
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    with platform_wide():
        told = {route: sampling.address_of(route) for route in sampling.routes()}
        told |= sampling.otherwise()
    return {route: one for route, one in told.items() if one}


def readable() -> set[str]:
    """What somebody may read, pages and API."""
    told = measuring.signed_in(Role.OPERATOR).get("/api/v1/openapi.json").json()
    gets = {path.lstrip("/") for path, said in told["paths"].items() if "get" in said}
    pages = {route for route, one in TABLE.items() if one.public or one.read}
    known = set(sampling.routes())
    return pages & known | {
        route for route in known if re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route) in gets
    }


def may_open(route: str, role: Role, wanted: set[str]) -> bool:
    """Who is turned away, and what takes only forms, is told by tests/walls/test_every_url.py."""
    known = TABLE.get(route.partition("#")[0])
    if known is None or route.startswith("api/"):
        return route in wanted
    # What anybody may read is the same for all of them.
    return role == Role.OPERATOR if known.public else role in known.read


def by_turns(routes: Iterable[str], wanted: set[str]) -> Iterator[list[tuple[str, Role]]]:
    """The doors of each address; the first is another role's than that of the address before."""
    roles = list(Role)
    for number, route in enumerate(routes):
        first = number % len(roles)
        turned = [*roles[first:], *roles[:first]]
        yield [(route, role) for role in turned if may_open(route, role, wanted)]


def asked(doors: Iterable[list[tuple[str, Role]]], addresses: dict[str, str]) -> Counts:
    """What the doors that open ask of the database; of each address's the first, or all."""
    clients = {role: measuring.signed_in(role) for role in Role}
    for client in clients.values():
        client.get("/")  # What a process keeps for good is fetched before anything is counted.
    found = {}
    for several in doors:
        for route, role in several:
            answer = measuring.ask(clients[role], addresses[route])
            if answer.is_open:
                found[route, role] = answer.queries
                # The start page is another for each of them.
                if route and not EVERY_ROLE:
                    break
    return found


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_no_page_asks_more_often_because_there_is_more(
    empty_tables: Callable[[], None],
) -> None:
    addresses = fill(SMALL)
    wanted = readable()
    small = asked(by_turns(addresses, wanted), addresses)
    opened = {route for route, _role in small}
    assert wanted - opened == sampling.UNASKED.keys()
    assert {route for route in opened if "#" in route} == sampling.OTHERWISE.keys()
    assert {role for route, role in small if route == ""} == set(Role)
    empty_tables()

    large = asked(([door] for door in small), fill(LARGE))

    assert small.keys() == large.keys()
    grown = {
        f"{role} /{route}": (len(few), len(large[route, role]))
        for (route, role), few in small.items()
        if len(large[route, role]) > len(few)
    }
    assert grown == {}
    many = {f"{role} /{route}": len(one) for (route, role), one in large.items() if len(one) > MOST}
    assert many == {}
