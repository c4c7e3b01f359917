"""The talk with a company's own system: one POST, nothing followed, little read.

The address is resolved here and the connection goes to the very address that was looked at, so
a name that answers differently the second time leads nowhere else. A watchdog closes the
connection when the time is up, however slowly the other side drips.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from notices.rules import may_be_called

#: Seconds from the first packet to the last byte that is read.
LONGEST_CALL = 10.0
#: So much of an answer is kept for the log; the rest is not even read.
SNIPPET = 1_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status code, or why there is none."""

    status: int | None
    snippet: str
    error: str
    took_ms: int

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class NotPublic(OSError):
    """The name leads to an address that is not one of the open internet."""


def call(
    url: str,
    *,
    body: str,
    headers: Mapping[str, str],
    production: bool,
    longest: float = LONGEST_CALL,
) -> Answer:
    """Send ``body`` to ``url`` once."""
    parts = urlsplit(url)
    started = time.monotonic()
    kind = _Secure if parts.scheme == "https" else _Plain
    if production and kind is not _Secure:
        return Answer(None, "", "address not https", 0)
    # The port is always said: without one, an IPv6 address would be taken apart at its colons.
    door = kind(parts.hostname or "", parts.port or kind.default_port, timeout=longest)
    door.production = production
    watchdog = threading.Timer(longest, door.cut)
    watchdog.daemon = True
    watchdog.start()
    status, snippet, error = None, "", ""
    try:
        path = parts.path or "/"
        door.request(
            "POST",
            f"{path}?{parts.query}" if parts.query else path,
            body=body.encode(),
            headers={"Content-Type": "application/json", **headers},
        )
        answer = door.getresponse()
        # The status is the answer; a body that breaks off changes nothing.
        status = answer.status
        snippet = answer.read(SNIPPET).decode("utf-8", "replace").replace("\x00", "")
    except NotPublic:
        error = "address not public"
    except OSError as wrong:
        error = "time is up" if door.is_cut else _told(wrong)
    except (http.client.HTTPException, ValueError) as wrong:
        error = "time is up" if door.is_cut else f"no HTTP answer: {type(wrong).__name__}"
    finally:
        watchdog.cancel()
        door.close()
    took = int((time.monotonic() - started) * 1000)
    return Answer(status, snippet, error[:300], took)


def _told(wrong: OSError) -> str:
    """A reason without addresses of our own network in it."""
    match wrong:
        case TimeoutError():
            return "time is up"
        case socket.gaierror():
            return "name not known"
        case ssl.SSLCertVerificationError():
            return f"certificate not good: {wrong.verify_message}"
        case ssl.SSLError():
            return "no TLS"
        case ConnectionRefusedError():
            return "connection refused"
    return "connection broken"


class _Guarded(http.client.HTTPConnection):
    """Connects only to an address that was looked at."""

    production = True
    is_cut = False

    def connect(self) -> None:
        self.sock = self._reach()

    def _reach(self) -> socket.socket:
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        addresses = [str(one[4][0]) for one in found]
        # One bad apple spoils the name: who answers with inner addresses beside outer ones is
        # trying something.
        if not addresses or not all(
            may_be_called(address, production=self.production) for address in addresses
        ):
            raise NotPublic
        reached = socket.create_connection((addresses[0], self.port), self.timeout)
        if not may_be_called(str(reached.getpeername()[0]), production=self.production):
            reached.close()
            raise NotPublic
        if self.is_cut:
            reached.close()
            raise TimeoutError
        return reached

    def cut(self) -> None:
        """Time is up."""
        self.is_cut = True
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class _Plain(_Guarded):
    """A machine under development, on loopback."""


class _Secure(_Guarded):
    """The certificate is asked for by name, whatever the address."""

    default_port = 443

    def connect(self) -> None:
        reached = self._reach()
        self.sock = reached
        self.sock = ssl.create_default_context().wrap_socket(reached, server_hostname=self.host)
