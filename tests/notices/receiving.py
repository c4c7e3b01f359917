"""A company's own system: a real HTTP server on loopback that answers as it is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Got:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """``answers``: status codes in turn, the last one again and again; or what to do instead."""

    answers: list[int | str] = field(default_factory=lambda: [200])
    got: list[Got] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    port: int = 0
    sent_bytes: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?shop=1"

    def next_answer(self) -> int | str:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def receiving(*answers: int | str) -> Iterator[Receiver]:
    told = Receiver(answers=list(answers) or [200])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.got.append(Got(self.path, dict(self.headers.items()), body))
            answer = told.next_answer()
            if answer == "hang":
                told.over.wait(20)
                return
            if answer == "drip":
                self._drip()
                return
            if answer == "flood":
                self._flood()
                return
            self.send_response(int(answer))
            if 300 <= int(answer) < 400:
                self.send_header("Location", f"http://127.0.0.1:{told.port}/elsewhere")
            self.end_headers()
            self.wfile.write(f"answer {answer}\x00 \u4e2d".encode())

        def _drip(self) -> None:
            """A header byte now and then, for ever."""
            try:
                while not told.over.wait(0.05):
                    self.wfile.write(b"H")
                    self.wfile.flush()
            except OSError:
                pass

        def _flood(self) -> None:
            self.send_response(200)
            self.end_headers()
            try:
                for _ in range(160):
                    told.sent_bytes += self.wfile.write(b"x" * 65_536)
            except OSError:
                pass

        def log_message(self, *_told: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield told
        finally:
            told.over.set()
            server.shutdown()
            thread.join()
