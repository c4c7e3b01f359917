"""The keeper of one server: ``python -m core.embedded.keeper NAME CHECKOUT KEEPER_LOCK REPORT``.

It is started by ``running`` with two open files: the keeper-lock, already taken, so that there
is one keeper at most, and a pipe for its one report ("ready", or why not). It leaves when it
gets the users-lock for itself: then no command uses the server. The lock is kept while the
server stops, so that a command that comes meanwhile waits and starts a keeper of its own.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Protocol

from core.embedded import processes
from core.embedded.places import Places, ServerTrouble

PAUSE = 0.1
LOG_KEPT = 20_000_000


class Server(Protocol):
    """What the keeper asks of a server."""

    name: str
    places: Places
    farewell: signal.Signals
    stops: tuple[tuple[signal.Signals, float], ...]
    ready_within: float

    def leftovers(self) -> list[int]: ...
    def prepare(self) -> list[str]: ...
    def answers(self) -> bool: ...
    def arrange(self) -> None: ...
    def last_resort(self) -> bool: ...


def server_called(name: str, places: Places) -> Server:
    """The server of that name; only its own libraries are imported."""
    if name == "postgres":
        from core.embedded.postgres import Postgres

        return Postgres(places)
    from core.embedded.valkey import Valkey

    return Valkey(places)


class NobodyLeft(Exception):
    """The last command ended, or the keeper was asked to leave."""


class Keeper:
    """Keeps one server running for as long as somebody uses it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.log = server.places.logs / f"{server.name}.log"
        self.asked_to_leave = False
        self.child: subprocess.Popen[bytes] | None = None
        self.users = os.open(
            server.places.locks / f"{server.name}.users", os.O_RDONLY | os.O_CREAT, 0o644
        )

    def ask_to_leave(self, _number: int, _frame: FrameType | None) -> None:
        self.asked_to_leave = True

    def nobody_left(self) -> bool:
        if self.asked_to_leave:
            return True
        try:
            fcntl.flock(self.users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def start(self) -> None:
        """Start the server and wait until it answers, through a crash recovery if need be."""
        self.server.places.make_home()
        for attempt in range(1, 4):
            self._clear_leftovers()
            if self._try_once():
                return
            # A database that cannot start gets time (the dead server's memory may still be in
            # use); a broker is started empty.
            if attempt == 2 and self.server.last_resort():
                print(f"{self.server.name}: its files were put aside", flush=True)
            time.sleep(0.5 * attempt)
        raise ServerTrouble(f"{self.server.name} does not start. {self.log} ends:\n{self._tail()}")

    def keep(self) -> None:
        """Watch the server, and start it again when it dies, until nobody is left."""
        while not self.nobody_left():
            if self.child is None or self.child.poll() is not None:
                self.start()
            time.sleep(PAUSE)

    def stop(self) -> None:
        if self.child is None:
            return
        for number, patience in self.server.stops:
            if self.child.poll() is None:
                self.child.send_signal(number)
            try:
                self.child.wait(patience)
            except subprocess.TimeoutExpired:
                continue
            break
        self._clear_leftovers()

    def _clear_leftovers(self) -> None:
        if not processes.end(self.server.leftovers(), signals=self.server.stops):
            raise ServerTrouble(f"an older {self.server.name} of this checkout does not end")

    def _try_once(self) -> bool:
        command = self.server.prepare()
        if self.log.exists() and self.log.stat().st_size > LOG_KEPT:
            self.log.replace(self.log.with_suffix(".log.old"))
        self.child = processes.start(
            command,
            account=self.server.places.account,
            log=self.log,
            farewell=self.server.farewell,
        )
        deadline = time.monotonic() + self.server.ready_within
        while self.child.poll() is None and time.monotonic() < deadline:
            if self.nobody_left():
                raise NobodyLeft
            if self.server.answers():
                self.server.arrange()
                return True
            time.sleep(0.03)
        self.stop()
        return False

    def _tail(self) -> str:
        if not self.log.exists():
            return "(empty)"
        return "\n".join(self.log.read_text("utf-8", errors="replace").splitlines()[-15:])


def main(name: str, checkout: str, keeper_lock: str, report: str) -> int:
    # The lock is held for as long as this process lives; no child may inherit it.
    os.set_inheritable(int(keeper_lock), False)
    os.set_inheritable(int(report), False)
    keeper = Keeper(server_called(name, Places(Path(checkout))))
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, keeper.ask_to_leave)
    answer, failed = b"ready", 0
    try:
        keeper.start()
    except NobodyLeft:
        answer = b"nobody waited for the server"
    except (ServerTrouble, OSError) as trouble:
        answer, failed = f"{trouble}".encode(), 1
    try:
        os.write(int(report), answer)
    except BrokenPipeError:
        pass
    os.close(int(report))
    try:
        if answer == b"ready":
            keeper.keep()
    except NobodyLeft:
        pass
    finally:
        keeper.stop()
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
