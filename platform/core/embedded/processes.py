"""Looking at processes, and starting ones that do not outlive their keeper (Linux)."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from core.embedded.places import Account

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def start(
    command: list[str], *, account: Account | None, log: Path, farewell: signal.Signals
) -> "subprocess.Popen[bytes]":
    """Start a server that gets the signal ``farewell`` when this process dies, however it does."""
    keeper = os.getpid()

    def tie_to_keeper() -> None:
        # After the change of account, which would clear it. If the keeper died in between,
        # nobody would send the signal any more.
        _libc.prctl(_PR_SET_PDEATHSIG, farewell)
        if os.getppid() != keeper:
            os._exit(1)

    with log.open("ab") as out:
        return subprocess.Popen(
            command,
            cwd="/",
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=tie_to_keeper,
            umask=0o077,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )


def run(command: list[str], *, account: Account | None) -> "subprocess.CompletedProcess[str]":
    """Run a program to its end as the servers' account; its output is captured."""
    return subprocess.run(
        command,
        cwd="/",
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        umask=0o077,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def clean_environment() -> dict[str, str]:
    """Neither PG* variables nor anything else of the user's may change how a server starts."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def alive(name: str, belongs: Callable[[Path], bool]) -> list[int]:
    """Pids of the live processes called ``name`` for which ``belongs(/proc/<pid>)`` holds.

    A zombie has neither a working folder nor a command line, so it never belongs.
    """
    return sorted(
        int(process.name)
        for process in _processes()
        if _read(process / "comm").strip() == name and belongs(process)
    )


def works_in(process: Path, folder: Path) -> bool:
    try:
        return Path(os.readlink(process / "cwd")) == folder
    except OSError:  # ended meanwhile, or not ours to look at
        return False


def command_line(process: Path) -> list[str]:
    return _read(process / "cmdline").split("\0")


def end(pids: Iterable[int], *, signals: Iterable[tuple[signal.Signals, float]]) -> bool:
    """Send each signal in turn, waiting its seconds, until all are gone. True if they are."""
    waiting = set(pids)
    for number, patience in signals:
        for pid in waiting:
            send(pid, number)
        deadline = time.monotonic() + patience
        while waiting and time.monotonic() < deadline:
            waiting = {pid for pid in waiting if exists(pid)}
            if waiting:
                time.sleep(0.02)
    return not waiting


def send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def exists(pid: int) -> bool:
    """Whether the process lives; a zombie does not."""
    state = _read(Path("/proc") / str(pid) / "stat").rpartition(")")[2].split()
    return bool(state) and state[0] not in {"Z", "X"}


def _processes() -> Iterator[Path]:
    return (entry for entry in Path("/proc").iterdir() if entry.name.isdigit())


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""
