"""How long every page and every list of the API takes, beside the least that the stack could do."""

from __future__ import annotations

import gc
import json
import re
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, reset_queries
from django.test import Client

from accounts.models import Role
from core.walls import platform_wide
from demo import variants
from demo.crowd import PEOPLE
from demo.sampling import address_of, routes
from demo.serving import Served

#: What a person may wait for, and what the house promises.
LIMIT_MS = 200.0


@dataclass(frozen=True, slots=True)
class Figure:
    """One address as one role: milliseconds of ``runs`` answers, and how much was asked."""

    address: str
    role: str
    p50_ms: float
    p95_ms: float
    queries: int
    kilobytes: int
    runs: int
    #: The same through one worker of the site's own server, where it was asked.
    served_p50_ms: float | None = None
    served_p95_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """``floor_ms``: an answer without content through the same stack, and one indexed row."""

    floor_ms: float
    figures: list[Figure]

    def as_json(self) -> dict[str, Any]:
        return {"floor_ms": self.floor_ms, "figures": [asdict(one) for one in self.figures]}


@dataclass(frozen=True, slots=True)
class Asking:
    """How often, what and through whom. ``list_runs``: of each way to ask for a list; 0: never."""

    runs: int
    list_runs: int = 0
    only: str = ""
    served: Served | None = None


def measure(asking: Asking, *, told: Callable[[str], None]) -> Report:
    """Ask every address that opens, as every role for which it opens."""
    clients = {role: signed_in(role) for role in Role}
    with platform_wide():
        addresses = {route: address_of(route) for route in routes() if asking.only in route}
    shut = [role.value for role, client in clients.items() if client.get("/").status_code != 200]
    if shut:
        raise AssertionError(f"the start page opens for nobody of {shut}: they would go unmeasured")
    schema = json.loads(clients[Role.OPERATOR].get("/api/v1/openapi.json").content)
    # As the site's worker does once it has loaded everything; see config.wsgi.
    gc.collect()
    gc.freeze()
    floor = _floor(clients[Role.WAREHOUSE], runs=max(30, asking.runs))
    figures = []
    for route, address in addresses.items():
        if address is None:
            told(f"no row to ask for: {route}")
            continue
        for role, client in clients.items():
            for name, own, runs in _ways(client, route, address, schema, asking):
                figures.append(_figure(client, name, own, role.value, runs, asking.served))
                told(f"{role.value:9} {figures[-1].p95_ms:8.1f} ms  {name}")
    return Report(floor_ms=floor, figures=figures)


def _ways(
    client: Client, route: str, address: str, schema: dict[str, Any], asking: Asking
) -> Iterator[tuple[str, str, int]]:
    """The address as it stands, and of a list every other way to ask for it."""

    def fetch(other: str) -> bytes | None:
        answer = client.get(other)
        return b"".join(answer) if answer.status_code == 200 else None

    body = fetch(address)
    if body is None:
        return
    yield route, address, asking.runs
    if not asking.list_runs:
        return
    if route.startswith("api/v1/"):
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", f"/{route}")
        operation = schema["paths"].get(path, {}).get("get", {})
        ways = variants.of_api(address, operation, body, fetch)
    else:
        ways = variants.of_page(address, body, fetch)
    for what, own in ways:
        yield f"{route}?{what}", own, asking.list_runs


def signed_in(role: Role) -> Client:
    """A browser of the busy platform's person of that role."""
    client = Client(headers={"accept-language": "en"})
    user = get_user_model().objects.get(email=PEOPLE[role])
    client.force_login(user)
    # As allauth writes it down when a code was typed; without it finance and operators see
    # nothing but the page that asks for one.
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "type": "totp", "at": time.time()}
    ]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client


def _figure(
    client: Client, name: str, address: str, role: str, runs: int, served: Served | None
) -> Figure:
    asked = ask(client, address)
    if not asked.is_open:
        raise AssertionError(f"{address} does not open for {role}")

    def in_process() -> int:
        answer = client.get(address)
        b"".join(answer)
        return answer.status_code

    took = _timed(in_process, runs, address)
    figure = Figure(
        address=name,
        role=role,
        p50_ms=round(statistics.median(took), 1),
        p95_ms=round(_p95(took), 1),
        queries=len(asked.queries),
        kilobytes=asked.size // 1024,
        runs=runs,
    )
    if served is None:
        return figure
    cookies = {cookie: morsel.value for cookie, morsel in client.cookies.items()}
    took = _timed(lambda: served.ask(address, cookies)[0], runs, address)
    return replace(
        figure,
        served_p50_ms=round(statistics.median(took), 1),
        served_p95_ms=round(_p95(took), 1),
    )


def _timed(ask_once: Callable[[], int], runs: int, address: str) -> list[float]:
    """Milliseconds of each answer. The first of all is not counted; none may be a refusal, which
    would be quick."""
    took = []
    for run in range(runs + 1):
        reset_queries()
        began = time.perf_counter()
        status = ask_once()
        if run:
            took.append((time.perf_counter() - began) * 1000)
        if status != 200:
            raise AssertionError(f"{address} answered {status}")
    return took


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer: what it asked of the database, and how many bytes it is."""

    is_open: bool
    queries: list[str]
    size: int


def ask(client: Client, address: str) -> Asked:
    """Ask once, and note every statement."""
    asked: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        answer = client.get(address)
        size = len(b"".join(answer))
    return Asked(answer.status_code == 200, asked, size)


def _p95(values: list[float]) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def _floor(client: Client, *, runs: int) -> float:
    """The whole stack for a signed-in person and an answer of nothing, plus one row by its key."""
    took = []
    for _run in range(runs):
        began = time.perf_counter()
        client.get("/nothing-is-here.txt")
        with connection.cursor() as cursor:
            cursor.execute("SELECT number FROM warehouse_lot WHERE id = 7")
            cursor.fetchone()
        took.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(took), 2)


def markdown(report: dict[str, Any], *, rows: int = 0) -> str:
    """A table of the slowest ``rows`` (0: all), fit for a page of documentation."""
    figures = sorted(report["figures"], key=lambda one: -one["p95_ms"])
    is_served = any(one["served_p95_ms"] for one in figures)
    names = ["p50 ms", "p95 ms", "× floor", "queries", *(["p95 served"] if is_served else [])]
    lines = [
        f"| page | as | {' | '.join(names)} |",
        f"|---|---|{'--:|' * len(names)}",
    ]
    for one in figures[: rows or None]:
        times = one["p50_ms"] / report["floor_ms"]
        told = [one["p50_ms"], one["p95_ms"], f"{times:.1f}", one["queries"]]
        if is_served:
            told.append(one["served_p95_ms"])
        address = one["address"].replace("|", "\\|")
        lines.append(f"| `/{address}` | {one['role']} | {' | '.join(map(str, told))} |")
    return "\n".join(lines)
