"""Folder exchange with the e-port client: it takes files from one folder and lays answers into
another.

``out/`` is what waits for the client, who takes a file away; ``receipt/`` is where it lays what
comes back. ``tmp/`` is ours: a file
appears in ``out/`` whole or not at all.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from customs.gateways.away import GatewayAway

FOLDERS = ("out", "receipts", "tmp")


def folder_of(code: str) -> Path:
    """Where a gateway's folders are."""
    return Path(settings.BONDPOOL_GATEWAYS) / code


def make_folders(code: str) -> None:
    """Make what is not there; when a gateway is opened, and never at sending: a share that is not
    mounted must not be taken for an empty one."""
    for name in FOLDERS:
        (folder_of(code) / name).mkdir(mode=0o750, parents=True, exist_ok=True)


def carry_by_folder(*, code: str, name: str, data: bytes, secrets: Mapping[str, str]) -> None:
    """Write beside, sync, and rename: whoever looks into ``out/`` sees whole files only."""
    home = folder_of(code)
    written = home / "tmp" / f"{name}.{uuid4().hex}"
    try:
        with written.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        written.rename(home / "out" / name)
        held = os.open(home / "out", os.O_RDONLY)
        try:
            os.fsync(held)
        finally:
            os.close(held)
        # What was left by a worker that was killed while it wrote.
        for left in (home / "tmp").glob(f"{name}.*"):
            left.unlink(missing_ok=True)
    except OSError as error:
        raise GatewayAway(f"{type(error).__name__}: {error.strerror}: {error.filename}") from error
