"""Being a user of the embedded servers: take the lock, find or start the keeper, wait."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from core.embedded.keeper import server_called
from core.embedded.places import Places, ServerTrouble

# A crash recovery of PostgreSQL may take its 300 seconds, and a stop before it a minute.
PATIENCE = 400.0

# The users-locks of this process: they live, and are inherited by forks, until it ends.
_held: dict[tuple[Path, str], int] = {}


def wanted() -> list[str]:
    """The servers that no environment variable replaces by one elsewhere."""
    names = []
    if not os.environ.get("DATABASE_URL"):
        names.append("postgres")
    if not os.environ.get("CELERY_BROKER_URL"):
        names.append("valkey")
    return names


def ensure_running(root: Path, names: Sequence[str] | None = None) -> None:
    """Make the servers run, and keep them running until this process ends.

    Cheap when called again. Raises ServerTrouble with the reason, in words.
    """
    places = Places(root)
    missing = [name for name in (wanted() if names is None else names) if (root, name) not in _held]

    def hold(name: str) -> None:
        _held[root, name] = _become_user(places, name)

    # Side by side: each start is mostly waiting.
    if missing:
        with ThreadPoolExecutor(len(missing)) as pool:
            list(pool.map(hold, missing))


@contextmanager
def servers(root: Path, names: Sequence[str] | None = None) -> Iterator[None]:
    """The servers run inside the block."""
    places = Places(root)
    locks: list[int] = []
    try:
        for name in wanted() if names is None else names:
            locks.append(_become_user(places, name))
        yield
    finally:
        for lock in locks:
            os.close(lock)


def _become_user(places: Places, name: str) -> int:
    """Take a share in the server's users-lock and return it once the server answers."""
    _make_locks_folder(places)
    deadline = time.monotonic() + PATIENCE
    users = _open_lock(places, f"{name}.users")
    try:
        # Not shared now: a keeper holds it alone while its server stops.
        _lock(users, fcntl.LOCK_SH, deadline, f"the {name} that is stopping")
        while not _answers(places, name, deadline):
            pass
    except BaseException:
        os.close(users)
        raise
    return users


def _answers(places: Places, name: str, deadline: float) -> bool:
    """One try to find or start the server. False: the keeper died, try again."""
    starters = _open_lock(places, f"{name}.starters")
    keeper_lock = _open_lock(places, f"{name}.keeper")
    try:
        _lock(starters, fcntl.LOCK_EX, deadline, f"another command that starts {name}")
        try:
            fcntl.flock(keeper_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return _kept_server_answers(places, name, keeper_lock, deadline)
        _start_keeper(places, name, keeper_lock)
        return True
    finally:
        os.close(keeper_lock)
        os.close(starters)


def _kept_server_answers(places: Places, name: str, keeper_lock: int, deadline: float) -> bool:
    server = server_called(name, places)
    while time.monotonic() < deadline:
        if server.answers():
            return True
        time.sleep(0.1)
        try:
            fcntl.flock(keeper_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        return False
    raise ServerTrouble(f"{name} has a keeper but does not answer; see {places.logs}")


def _start_keeper(places: Places, name: str, keeper_lock: int) -> None:
    places.make_home()
    read, write = os.pipe()
    try:
        # Its own session, so that Ctrl-C ends the command and leaves the order of stopping
        # to the keeper.
        with (places.logs / f"{name}-keeper.log").open("ab") as log:
            keeper = subprocess.Popen(
                [
                    *(sys.executable, "-m", "core.embedded.keeper", name, str(places.root)),
                    *(str(keeper_lock), str(write)),
                ],
                cwd="/",
                env={**os.environ, "PYTHONPATH": _path_of_modules()},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(keeper_lock, write),
                start_new_session=True,
            )
        os.close(write)
        write = -1
        with os.fdopen(read, "rb", closefd=False) as report:
            answer = report.read().decode("utf-8", errors="replace")
    finally:
        os.close(read)
        if write >= 0:
            os.close(write)
    if answer != "ready":
        keeper.wait(30)
        raise ServerTrouble(
            answer or f"the keeper of {name} ended without a word; see {places.logs}"
        )
    # It outlives us: nobody here waits for it, and Popen need not warn about that.
    keeper.returncode = 0


def _path_of_modules() -> str:
    ours = str(Path(__file__).resolve().parents[2])
    return os.pathsep.join(filter(None, [ours, os.environ.get("PYTHONPATH")]))


def _make_locks_folder(places: Places) -> None:
    try:
        places.locks.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise ServerTrouble(f"{places.locks} cannot be made: {problem.strerror}") from problem


def _open_lock(places: Places, name: str) -> int:
    try:
        return os.open(places.locks / name, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as problem:
        raise ServerTrouble(f"{places.locks / name} cannot be opened: {problem}") from problem


def _lock(lock: int, kind: int, deadline: float, whom: str) -> None:
    while True:
        try:
            fcntl.flock(lock, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise ServerTrouble(f"waited too long for {whom}") from None
            time.sleep(0.05)
        else:
            return
