"""A checkout with embedded servers of its own, commands that use them, and what is seen of both."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import redis

from core.embedded import processes
from core.embedded.keeper import server_called
from core.embedded.places import Places
from core.embedded.postgres import OWNER, Postgres

CHECKOUT = Path(__file__).resolve().parents[2]
NAMES = ("postgres", "valkey")


# A command as a person would start it: it wants the servers, says so, and works until told.
COMMAND = """
import sys
from pathlib import Path
from core.embedded.running import ensure_running
ensure_running(Path(sys.argv[1]))
print("up", flush=True)
sys.stdin.read()
"""


class Command:
    """A process that uses the servers of one checkout."""

    def __init__(self, root: Path, *, python: str = sys.executable, uid: int | None = None) -> None:
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "CELERY_BROKER_URL"}
        }
        environment["PYTHONPATH"] = os.pathsep.join(
            [str(CHECKOUT / "platform"), str(Path(psycopg.__file__).parents[1])]
        )
        self.process = subprocess.Popen(
            [python, "-c", COMMAND, str(root)],
            cwd="/",
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            user=uid,
            group=pwd.getpwuid(uid).pw_gid if uid else None,
            extra_groups=[] if uid else None,
        )

    def until_up(self) -> "Command":
        assert self.process.stdout
        assert self.process.stderr
        assert self.process.stdout.readline() == "up\n", self.process.stderr.read()
        return self

    def end(self) -> None:
        self.process.communicate()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


def eventually(check: Callable[[], object], *, within: float = 60.0) -> None:
    deadline = time.monotonic() + within
    while not check():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def alive(root: Path) -> list[int]:
    """Every process of the two servers of this checkout."""
    return [pid for name in NAMES for pid in server_called(name, Places(root)).leftovers()]


def postmaster(root: Path) -> int:
    return int((Postgres(Places(root)).data / "postmaster.pid").read_text().splitlines()[0])


def keepers(root: Path) -> list[int]:
    return processes.alive("python", lambda entry: _is_keeper(entry, root)) + processes.alive(
        "python3", lambda entry: _is_keeper(entry, root)
    )


def _is_keeper(entry: Path, root: Path) -> bool:
    words = processes.command_line(entry)
    return "core.embedded.keeper" in words and str(root) in words


def stopped(root: Path) -> bool:
    return not alive(root) and not keepers(root)


def connect(root: Path, role: str = OWNER) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(
        host=str(Places(root).sockets), port=5432, user=role, dbname="bondpool", autocommit=True
    )


def ping(root: Path) -> bool:
    try:
        with redis.Redis(unix_socket_path=str(Places(root).valkey_socket)) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def note(root: Path, text: str) -> None:
    with connect(root) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (text text)")
        connection.execute("INSERT INTO note VALUES (%s)", [text])


def notes(root: Path) -> list[object]:
    with connect(root) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM note ORDER BY text")]


def remove(root: Path) -> None:
    for pid in [*keepers(root), *alive(root)]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    for folder in {Places(root).home, Places(root).sockets, root}:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def a_checkout(mode: int = 0o755) -> Iterator[Path]:
    """An empty folder that stands for a checkout. Not pytest's: that one is closed to others."""
    root = Path(tempfile.mkdtemp(prefix="bondpool-test-", dir="/tmp"))
    root.chmod(mode)
    try:
        yield root
    finally:
        remove(root)
