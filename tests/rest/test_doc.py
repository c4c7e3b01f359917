"""docs/api.md is true: its commands, run one after another, do the whole quarter."""

from __future__ import annotations

import re
import shlex
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from core.walls import platform_wide
from customs.services import make_due_documents
from procurement.models import PurchaseOrder, Shipment
from procurement.services import ShippedLine, close_round, place_order, ship_order
from tests.rest.conftest import token_for
from tests.walls.world import SELLS, SETTLES, World
from warehouse.services import receive

DOC = Path(__file__).resolve().parents[2] / "docs/api.md"
_ASSIGNED = re.compile(r"^(\w+)=\$\((.*)\)$", re.S)


class Shell:
    """Understands as much of a shell as the page uses."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names
        self.client = Client()
        self.answers: list[tuple[str, int]] = []

    def run(self, line: str) -> None:
        found = _ASSIGNED.match(line)
        if found is None:
            self._curl(line)
            return
        name, inner = found.groups()
        command, _, path = inner.partition(" | jq -r ")
        answer = self._curl(command)
        if path:
            told: Any = answer.json()
            for step in re.findall(r"\w+", path):
                told = told[int(step)] if step.isdecimal() else told[step]
            self.names[name] = str(told)
        else:
            self.names[name] = answer["ETag"]

    def _curl(self, command: str) -> Any:
        filled = re.sub(r"\$(\w+)", lambda one: self.names[one[1]].replace('"', '\\"'), command)
        words = shlex.split(filled)
        assert words.pop(0) == "curl"
        method, body, headers, url = "GET", b"", {}, ""
        while words:
            word = words.pop(0)
            if word == "-X":
                method = words.pop(0)
            elif word == "-H":
                name, _, value = words.pop(0).partition(": ")
                headers[name] = value
            elif word == "-d":
                body = words.pop(0).encode()
            elif word in {"-o", "-w"}:
                words.pop(0)
            elif word != "-s":
                url = word
        kind = headers.pop("Content-Type", "application/octet-stream")
        answer = self.client.generic(method, url, body, content_type=kind, headers=headers)
        self.answers.append((f"{method} {url}", answer.status_code))
        assert answer.status_code < 300, (command, bytes(answer.content).decode())
        return answer


def _chapters() -> dict[str, list[str]]:
    """The commands of each numbered chapter, one line each."""
    found: dict[str, list[str]] = {}
    for number, text in re.findall(
        r"^## (\d)\.(.*?)(?=^## |\Z)", DOC.read_text("utf-8"), re.M | re.S
    ):
        lines = [
            line
            for block in re.findall(r"```sh\n(.*?)```", text, re.S)
            for line in block.replace("\\\n", " ").splitlines()
        ]
        found[number] = [
            line for line in lines if "token_create" not in line and "API=" not in line
        ]
    return found


def test_the_page_does_a_whole_quarter(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = tmp_path / "day"
    monkeypatch.setenv("BONDPOOL_CLOCK_FILE", str(clock))

    def at(moment: datetime) -> datetime:
        clock.write_text(moment.isoformat())
        return moment

    people = {
        name: token_for(world.people[who].memberships.get().company, role, world.people[who])
        for name, who, role in (
            ("SELLER", "seller", "seller"),
            ("IMPORTER", "importer", "importer"),
            ("FINANCE", "finance", "finance"),
            ("CHECKER", "checker", "finance"),
        )
    }
    shell, chapters = Shell({"API": "/api/v1", **people}), _chapters()

    def do(number: str) -> None:
        for line in chapters.pop(number):
            shell.run(line)

    at(SELLS)
    do("1")
    do("2")
    with platform_wide():
        closed = at(world.open_round.cutoff_at + timedelta(hours=1))
        platform = world.people["operator"].memberships.get().company
        (order,) = close_round(
            round=world.open_round, buyer=world.importer, platform=platform, now=closed
        )
        place_order(order=order, now=closed)
        shipment = _ship(order, closed)
    do("3")
    declared = at(closed + timedelta(days=10))
    do("4")
    with platform_wide():
        make_due_documents(now=lambda: declared)
    do("5")
    with platform_wide():
        shipment.refresh_from_db()
        receive(
            shipment=shipment,
            warehouse=world.lot.warehouse,
            counts={line.pk: line.quantity for line in shipment.lines.all()},
            received_by=world.people["warehouse"],
            now=at(datetime.fromisoformat("2026-08-29T10:00:00+08:00")),
        )
    do("6")
    at(SETTLES)
    do("7")

    assert chapters == {}
    assert [status for _line, status in shell.answers].count(201) == 6


def _ship(order: PurchaseOrder, now: datetime) -> Shipment:
    (line,) = order.lines.all()
    return ship_order(
        order=order,
        lines=[ShippedLine(order_line_id=line.pk, expires_on=date(2028, 3, 31))],
        vessel="EVER EXAMPLE",
        voyage="2E",
        bill_of_lading="EXBL2",
        departed_at=now,
        expected_on=date(2026, 8, 25),
        freight_minor=45_000,
        now=now,
    )
