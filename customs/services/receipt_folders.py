"""Receipts in the folders of the e-port clients: read, written down, then moved; never deleted.

A file is moved only after its rows stand. Whoever is killed in between finds the file again, and it
is known by its bytes: nothing is taken twice and nothing is left out.
"""

from __future__ import annotations

import hashlib
import logging
import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from customs.models import Gateway, GatewayKind, ReceiptFile, ReceiptWay
from customs.rules.ceb.parsing import LARGEST_FILE, EncodingWrong, MessageTooLarge, XmlBroken
from customs.rules.ceb.zipped import ZipBroken
from customs.rules.receipts.parking import ReceiptFileEmpty
from customs.services.receiving import Looked, keep, look
from customs.services.telling_messages import tell_unread
from warehouse.days import day_of

log = logging.getLogger(__name__)

DONE, PARKED = "done", "parked"
#: A file that cannot be read and is younger than this may still be written.
GROWS_SECONDS = 10
#: So old is a file that cannot be read before its company hears of it.
TOLD_SECONDS = 300
#: How clients call what they have not written to its end.
_UNFINISHED = (".tmp", ".part", ".filepart", ".writing")
#: As the row tells it of a file that is too large to be read at all.
_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Read:
    """How many files were taken, known before, and laid aside."""

    taken: int = 0
    known: int = 0
    parked: int = 0

    def __add__(self, other: Read) -> Read:
        return Read(self.taken + other.taken, self.known + other.known, self.parked + other.parked)


def receipts_folder(gateway: Gateway) -> Path:
    """Where the client of a gateway lays what comes back."""
    return Path(settings.BONDPOOL_GATEWAYS) / gateway.code / "receipts"


def read_folders(*, now: Callable[[], datetime]) -> Read:
    """Read the folders of all gateways; a folder or a file that cannot be read does not stop the
    others. Safe to run any number of times. Call platform-wide."""
    total = Read()
    for gateway in Gateway.objects.filter(kind=GatewayKind.FOLDER).order_by("pk"):
        try:
            total += read_folder(receipts_folder(gateway), gateway=gateway, now=now)
        except OSError as error:
            log.warning("the receipts of gateway %s cannot be read: %s", gateway.code, error)
            tell_unread(gateway, Path(error.filename or "").name, now=now())
    return total


def read_folder(folder: Path, *, gateway: Gateway, now: Callable[[], datetime]) -> Read:
    """Take every finished file of one folder, and move it to ``done`` or ``parked``.

    One that cannot be read or moved is left for the next time, and the company whose gateway it is
    hears of it once it has lain there for a while; raises OSError where the folder itself cannot be
    read.
    """
    total = Read()
    for path in _finished(folder):
        try:
            total += _take(path, gateway, now())
        except OSError as error:
            log.warning("receipt %s of gateway %s: %s", path.name, gateway.code, error)
            if _age(path) > TOLD_SECONDS:
                tell_unread(gateway, path.name, now=now())
    return total


def _age(path: Path) -> float:
    """Seconds since a file changed; none for one that is gone."""
    try:
        return abs(time.time() - path.lstat().st_mtime)
    except OSError:
        return 0.0


def _finished(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for name in sorted(os.listdir(folder)):
        if name.startswith((".", "~")) or name.lower().endswith(_UNFINISHED):
            continue
        path = folder / name
        # No link is followed: what it leads to is nobody's receipt.
        if stat.S_ISREG(path.lstat().st_mode):
            yield path


def _take(path: Path, gateway: Gateway, now: datetime) -> Read:
    seen = path.lstat()
    if seen.st_size > LARGEST_FILE:
        data, looked = b"", Looked([], MessageTooLarge(bytes=seen.st_size, most=LARGEST_FILE))
        sha256 = _digest(path)
    else:
        data = path.read_bytes()
        looked = look(data, must_be_signed=settings.BONDPOOL_RECEIPTS_SIGNED)
        sha256 = ""
    if isinstance(looked.refusal, XmlBroken | EncodingWrong | ZipBroken | ReceiptFileEmpty) and (
        _age(path) < GROWS_SECONDS
    ):
        return Read()
    file, is_new = keep(
        data,
        looked,
        name=path.name,
        way=ReceiptWay.FOLDER,
        now=now,
        company=gateway.company,
        gateway=gateway,
        too_large=(sha256, seen.st_size) if sha256 else None,
    )
    _move(path, file, now)
    if file.refusal:
        return Read(parked=int(is_new), known=int(not is_new))
    return Read(taken=int(is_new), known=int(not is_new))


def _digest(path: Path) -> str:
    running = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            running.update(block)
    return running.hexdigest()


def _move(path: Path, file: ReceiptFile, now: datetime) -> None:
    """Into the folder of its day. Of two files of one name the second gets its bytes' name too; the
    same bytes again lie there already, and one of them is enough."""
    into = path.parent / (PARKED if file.refusal else DONE) / f"{day_of(now):%Y%m%d}"
    into.mkdir(parents=True, exist_ok=True)
    target = into / path.name
    if target.exists():
        target = into / f"{path.stem}-{file.sha256[:16]}{path.suffix}"
    path.replace(target)
