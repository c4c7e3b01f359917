"""Valkey for one checkout: Celery's broker, on a private unix socket, without a TCP port."""

import shutil
import signal
import time
from pathlib import Path

import redis

from core.embedded import processes
from core.embedded.places import Places
from core.embedded.programs import usable_valkey


class Valkey:
    """What the keeper needs to know about Valkey."""

    name = "valkey"
    farewell = signal.SIGTERM
    stops = ((signal.SIGTERM, 20.0), (signal.SIGKILL, 10.0))
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

    def check(self) -> None:
        """Raises redis.RedisError while the server does not answer."""
        client = redis.Redis(unix_socket_path=str(self.places.valkey_socket), socket_timeout=10)
        try:
            client.ping()
        finally:
            client.close()

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
