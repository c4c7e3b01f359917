"""Bells of a server that takes many requests a second (``core.queue`` rings them)."""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition, Thread
from time import sleep


class Ringer:
    """Rings in a thread of its own: at once, and then ``seconds`` later for all that rang
    meanwhile. A bell says that there is work, and says no more when it is rung a hundred times."""

    def __init__(self, *, seconds: float) -> None:
        self._seconds = seconds
        self._rung: dict[str, Callable[[str], None]] = {}
        self._heard = Condition()
        self._thread: Thread | None = None

    def ring(self, name: str, send: Callable[[str], None]) -> None:
        with self._heard:
            self._rung[name] = send
            self._heard.notify()
            # Not before the first bell: by then the server's process is the one that stays.
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._listen, name="bells", daemon=True)
                self._thread.start()

    def _listen(self) -> None:
        while True:
            with self._heard:
                self._heard.wait_for(lambda: bool(self._rung))
                rung, self._rung = self._rung, {}
            for name, send in rung.items():
                send(name)
            sleep(self._seconds)


_ringers: list[Ringer] = []


def ring_together(*, seconds: float) -> None:
    """From now on this process rings no bell more often than that."""
    _ringers[:] = [Ringer(seconds=seconds)]


def pass_on(name: str, send: Callable[[str], None]) -> None:
    """Ring, now or together with others."""
    if _ringers:
        _ringers[0].ring(name, send)
    else:
        send(name)
