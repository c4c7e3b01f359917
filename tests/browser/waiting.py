"""Until a site that was just started answers."""

from __future__ import annotations

from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

PATIENCE_SECONDS = 60


def until_it_answers(address: str, log: Path) -> None:
    """Raises TimeoutError with the end of the site's log."""
    until = monotonic() + PATIENCE_SECONDS
    while monotonic() < until:
        try:
            with urlopen(f"{address}/login/", timeout=5):  # noqa: S310 - our own loopback address
                return
        except (URLError, ConnectionError):
            sleep(0.1)
    raise TimeoutError(f"The site does not answer:\n{log.read_text()[-2000:]}")
