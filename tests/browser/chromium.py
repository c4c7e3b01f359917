"""Which Chromium drives the tests, and how it is told to mind its own business."""

from __future__ import annotations

import shutil

PATH = next(
    (
        path
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (path := shutil.which(name))
    ),
    None,
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = (
    "no Chromium on this machine: on Debian, `apt-get install chromium fonts-noto-cjk` as root "
    "installs it"
)
