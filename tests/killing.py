"""Real processes of the house that a test starts and kills with ``kill -9``."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings

from core.ports import free_port

LAUNCHER = Path(__file__).with_name("worker_launcher.py")
ROOT = LAUNCHER.parents[1]
HOST = "127.0.0.1"


@cache
def _launcher() -> subprocess.Popen[str]:
    """One for all tests of this process: it has imported the house, which takes seconds."""
    environment = os.environ | {
        "BONDPOOL_LEASE_SECONDS": "2",
        # A row may meet several kills; here nothing may end as FAILED because of it.
        "BONDPOOL_MAX_ATTEMPTS": "1000",
        # The house is not looked over anew at each start.
        "CELERY_SKIP_CHECKS": "1",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
    }
    launcher = subprocess.Popen(
        [sys.executable, str(LAUNCHER)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(launcher.kill)
    return launcher


class Workers:
    """Workers that live until they are killed."""

    def __init__(self) -> None:
        self.alive: int | None = None
        self.launcher = _launcher()

    def start(self, processes: int = 2) -> None:
        """Where a test says where gateways are, the workers hear of it."""
        assert self.launcher.stdin
        assert self.launcher.stdout
        told = {
            "BONDPOOL_GATEWAYS": str(settings.BONDPOOL_GATEWAYS),
            "BONDPOOL_GATEWAY_SECRETS": settings.BONDPOOL_GATEWAY_SECRETS,
        }
        self.launcher.stdin.write(json.dumps({"processes": processes, "settings": told}) + "\n")
        self.launcher.stdin.flush()
        self.alive = int(self.launcher.stdout.readline())

    def kill(self) -> None:
        """All of them at once."""
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.alive, signal.SIGKILL)
            self.alive = None

    def kill_one(self, which: int) -> None:
        """One process of the pool, whatever it is at; the worker starts another."""
        pids = children_of(self.alive) if self.alive else []
        if pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pids[which % len(pids)], signal.SIGKILL)

    def close(self) -> None:
        self.kill()


def children_of(pid: int) -> list[int]:
    """The processes that one has started and that still live."""
    told = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        return sorted(int(child) for child in told.read_text().split())
    except FileNotFoundError:
        return []


def wait_until(until: Callable[[], bool], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, what
        time.sleep(0.005)


class Site:
    """The site's own server with two workers, on a free port that stays its own."""

    def __init__(self) -> None:
        self.port = free_port(HOST, 8700 + os.getpid() % 1000)
        self.server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        words = ["serve", "--host", HOST, "--port", str(self.port), "--exact", "--workers", "2"]
        self.server = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), *words],
            cwd=ROOT,
            env=os.environ | {"BONDPOOL_LOG_LEVEL": "CRITICAL"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def wait(self, seconds: float = 60) -> None:
        """Until it answers."""
        end = time.monotonic() + seconds
        while True:
            try:
                with urllib.request.urlopen(f"http://{HOST}:{self.port}/login/", timeout=5):
                    return
            except (OSError, urllib.error.URLError):
                assert time.monotonic() < end, "the site does not answer"
                time.sleep(0.1)

    def kill_one(self, which: int) -> None:
        """One of the processes that answer; the server starts another."""
        pids = self._children()
        if pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pids[which % len(pids)], signal.SIGKILL)

    def kill(self) -> None:
        """All of it at once."""
        if self.server:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()
            self.server = None

    def _children(self) -> list[int]:
        return children_of(self.server.pid) if self.server else []
