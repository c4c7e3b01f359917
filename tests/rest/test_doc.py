"""docs/api.md is true: a shell runs its commands with curl and jq; they do the whole quarter."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Company
from core import clock as doors
from core.walls import platform_wide
from customs.services import make_due_documents
from jobs.services import work
from procurement.models import PurchaseOrder, Shipment
from procurement.services import ShippedLine, close_round, place_order, ship_order
from tests.rest.conftest import token_for
from tests.walls.world import SELLS, World
from warehouse.services import receive

DOCS = Path(__file__).resolve().parents[2] / "docs"
DOC, CHINESE = DOCS / "api.md", DOCS / "api.zh-CN.md"
WANTED = ("bash", "curl", "jq")
MISSING = [name for name in WANTED if shutil.which(name) is None]

#: Before each chapter: names of chapters before it, curl that fails on a refusal, and tokens
#: that are made already. Today is the story's day.
_PRELUDE = r"""
set -eu -o pipefail
cd "$FOLDER"; touch names; . ./names
curl() { command curl --fail-with-body --silent --show-error --noproxy '*' "$@"; }
bondpool() { case "$*" in
  *seller*) echo "$T_SELLER" ;; *importer*) echo "$T_IMPORTER" ;;
  *finance1@*) echo "$T_FINANCE" ;; *finance2@*) echo "$T_CHECKER" ;; esac; }
date() { local shift_by='' form=''; while [ $# -gt 0 ]; do
    case "$1" in -d) shift_by="$2"; shift ;; +*) form="$1" ;; esac; shift; done
  command date -u -d "$TODAY $shift_by" "$form"; }
"""


def blocks(page: Path) -> list[str]:
    return re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), re.S)


def chapters() -> dict[str, str]:
    """The commands of each numbered chapter."""
    parts = re.findall(r"^## (\d)\.(.*?)(?=^## |\Z)", DOC.read_text("utf-8"), re.M | re.S)
    return {number: "\n".join(re.findall(r"```sh\n(.*?)```", text, re.S)) for number, text in parts}


def test_both_languages_show_the_same_commands() -> None:
    assert len(blocks(DOC)) > 8
    assert blocks(CHINESE) == blocks(DOC)


@pytest.mark.skipif(bool(MISSING), reason=f"not on this machine: {', '.join(MISSING)}")
def test_the_page_does_a_whole_quarter(
    transactional_db: None,
    world: World,
    live_server: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    day = tmp_path / "day"
    monkeypatch.setenv("BONDPOOL_CLOCK_FILE", str(day))
    with platform_wide():
        # The page speaks of the demo's companies.
        for code, name in (("CANARY-S", "S001"), ("CANARY-I", "IMPORTER")):
            Company.objects.filter(code=code).update(code=name)
    tokens = {
        f"T_{name}": token_for(world.people[who].memberships.get().company, role, world.people[who])
        for name, who, role in (
            ("SELLER", "seller", "seller"),
            ("IMPORTER", "importer", "importer"),
            ("FINANCE", "finance", "finance"),
            ("CHECKER", "checker", "finance"),
        )
    }
    told: dict[str, str] = chapters()
    names: list[str] = []

    def at(moment: datetime) -> datetime:
        day.write_text(moment.isoformat())
        return moment

    def do(number: str) -> str:
        commands = told.pop(number).replace("http://127.0.0.1:8000", live_server.url)
        names.extend(re.findall(r"^([A-Z]+)=", commands, re.M))
        script = f"{_PRELUDE}\n{commands}\ndeclare -p {' '.join(names)} > names\n"
        answer = subprocess.run(
            ["bash", "-c", script],
            env={
                "PATH": os.environ["PATH"],
                "FOLDER": str(tmp_path),
                "TODAY": day.read_text()[:10],
                **tokens,
            },
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert answer.returncode == 0, (number, answer.stdout[-2000:], answer.stderr[-2000:])
        return answer.stdout

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
    assert '"quantity":480' in do("3").replace(" ", "")
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
    at(datetime.fromisoformat("2026-08-30T10:00:00+08:00"))
    do("6")
    do("7")
    do("8")
    with platform_wide():
        assert work(now=doors.now) == 1
    do("9")

    assert told == {}
    assert (tmp_path / "declaration.pdf").read_bytes()[:5] == b"%PDF-"
    assert b"pain.001" in (tmp_path / "payment.xml").read_bytes()
    assert len((tmp_path / "movements.csv").read_text("utf-8-sig").splitlines()) > 1


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
        insurance_minor=1_200,
        now=now,
    )
