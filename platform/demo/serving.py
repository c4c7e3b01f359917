"""The site as people reach it, for a measure: its own server on a port of its own."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from core.ports import free_port

HOST = "127.0.0.1"
#: So long it may take to start, and to end.
SECONDS = 60


#: What every browser says.
_BROWSER = {"Accept-Language": "en", "Accept-Encoding": "gzip"}


class Served:
    """Asks the running site, over one connection that stays open."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.line = http.client.HTTPConnection(HOST, port, timeout=SECONDS)

    def ask(self, address: str, cookies: Mapping[str, str]) -> tuple[int, bytes]:
        """Status and body, as somebody who is signed in."""
        told = "; ".join(f"{name}={value}" for name, value in cookies.items())
        headers = {"Cookie": told, **_BROWSER}
        try:
            return self._asked(address, headers)
        except (http.client.RemoteDisconnected, ConnectionError):
            # The server lets go of a line on which nothing was asked for a while.
            self.line.close()
            return self._asked(address, headers)

    def send(self, address: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """POST JSON, as a program does; sent once."""
        told = {"Content-Type": "application/json", **headers}
        self.line.request("POST", address, body=body, headers=told)
        answer = self.line.getresponse()
        return answer.status, answer.read()

    def _asked(self, address: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
        self.line.request("GET", address, headers=headers)
        answer = self.line.getresponse()
        return answer.status, answer.read()


@contextmanager
def site(command: Path, workers: int = 1) -> Iterator[Served]:
    """Run until the block ends; whatever happens in it, the server ends as well."""
    port = free_port(HOST, 8700)
    server = subprocess.Popen(
        [
            *(sys.executable, str(command), "serve", "--host", HOST, "--port", str(port)),
            *("--exact", "--workers", str(workers)),
        ],
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, server)
        yield Served(port)
    finally:
        server.terminate()
        try:
            server.wait(SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(SECONDS)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError(f"the site ended with {server.returncode} before it answered")
        try:
            Served(port).ask("/login/", {})
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"the site has not answered for {SECONDS} seconds")
