"""Starts real Celery workers quickly, for the tests that kill them.

Everything is imported once; then each line on stdin, JSON with a number of processes and settings
of the test, forks a process, in a session of its own, that becomes ``celery -A config worker -P
prefork`` with so many, and its pid is printed. Only the importing is saved: pool, connections and
tasks are those of any worker.
"""

import json
import os
import signal
import sys

COMMAND = [
    *("celery", "-A", "config", "worker", "-P", "prefork"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "WARNING"),
]


def main() -> None:
    from celery.bin.celery import main as celery
    from django.conf import settings

    from config.celery import app

    app.loader.import_default_modules()
    from core.pdf import load_fonts

    load_fonts()
    # A killed worker is nobody's zombie.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            os.setsid()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for stream in range(3):
                os.dup2(os.open(os.devnull, os.O_RDWR), stream)
            sys.stdin = os.fdopen(0)
            told = json.loads(line)
            for name, value in told["settings"].items():
                setattr(settings, name, value)
            sys.argv = [*COMMAND, "-c", str(told["processes"])]
            sys.exit(celery())
        print(pid, flush=True)


if __name__ == "__main__":
    main()
