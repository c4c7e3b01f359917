"""Valkey for one checkout: Celery's broker, on a private unix socket, without a TCP port."""

import shutil
import signal
import socket
import time
from pathlib import Path

from core.embedded import processes
from core.embedded.places import Places
from core.embedded.programs import usable_valkey


class Valkey:
    """What the keeper needs to know about Valkey."""

    name = "valkey"
    farewell = signal.SIGTERM
    stops: tuple[tuple[signal.Signals, float], ...] = (
        (signal.SIGTERM, 20.0),
        (signal.SIGKILL, 10.0),
    )
    ready_within = 60.0

    def __init__(self, places: Places) -> None:
        self.places = places
        self.data = places.home / "valkey"

    def leftovers(self) -> list[int]:
        """Live processes of this very data folder."""
        return processes.alive("valkey-server", self._belongs)

    def _belongs(self, process: Path) -> bool:
        line = " ".join(processes.command_line(process))
        return processes.works_in(process, self.data) or str(self.places.valkey_socket) in line

    def prepare(self) -> list[str]:
        self.places.private_folder(self.data)
        self.places.valkey_socket.unlink(missing_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(self.places.valkey_socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "daemonize": "no",
            "appendonly": "yes",
            # Up to a second of bells may be lost; the sweeper rings them again.
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            # Each test run takes one of its own.
            "databases": "16384",
            "enable-debug-command": "no",
            "enable-module-command": "no",
        }
        command = [str(usable_valkey(self.places))]
        for name, value in options.items():
            command += [f"--{name}", value]
        return command

    def answers(self) -> bool:
        """Whether the server is there and done with loading its file."""
        # One word over a socket: the client library would take longer to import than the
        # server to start.
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(10)
                line.connect(str(self.places.valkey_socket))
                line.sendall(b"PING\r\n")
                return line.recv(64).startswith(b"+PONG")
        except OSError:
            return False

    def arrange(self) -> None:
        """Nothing: queues are made by who uses them."""

    def last_resort(self) -> bool:
        """Bells are only hints: a damaged file is put aside and the broker starts empty."""
        if not self.data.is_dir():
            return False
        aside = self.data.with_name(f"valkey.damaged-{int(time.time())}")
        shutil.rmtree(aside, ignore_errors=True)
        self.data.rename(aside)
        return True
