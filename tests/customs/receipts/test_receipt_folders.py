"""Receipts in folders are read and moved; what cannot be read is left, told, and stops nobody."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from accounts.models import Role
from core.walls import platform_wide
from customs.models import Gateway, OutgoingElement, Receipt, ReceiptFile
from customs.services import receipt_folders as folders
from notices.models import Notice
from tests.customs.receipts.answers import of_list
from tests.factories.accounts import MembershipFactory
from tests.factories.messages import (
    SENDS,
    GatewayFactory,
    OutgoingElementFactory,
    OutgoingMessageFactory,
)

pytestmark = pytest.mark.django_db

COMES = SENDS + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _wide(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def gateway() -> Gateway:
    return GatewayFactory.create(code="ningbo")


@pytest.fixture
def listed(gateway: Gateway) -> OutgoingElement:
    """A retail list that was sent."""
    message = OutgoingMessageFactory.create(gateway=gateway, number="M-1")
    return OutgoingElementFactory.create(message=message, key="RL-2026-000001")


def read(folder: Path, gateway: Gateway) -> folders.Read:
    return folders.read_folder(folder, gateway=gateway, now=lambda: COMES)


def laid(path: Path, data: bytes, *, seconds_ago: int = 60) -> Path:
    path.write_bytes(data)
    then = path.stat().st_mtime - seconds_ago
    os.utime(path, (then, then))
    return path


def below(folder: Path) -> list[str]:
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if not one.is_dir())


def test_a_folder_is_read_and_its_files_are_moved(
    gateway: Gateway, listed: OutgoingElement, tmp_path: Path
) -> None:
    laid(tmp_path / "r1.xml", of_list(listed.key, "120"))
    laid(tmp_path / "r2.xml", b"<html/>")
    laid(tmp_path / ".r3.xml", b"hidden")
    laid(tmp_path / "r4.tmp", b"unfinished")
    (tmp_path / "r5.xml").symlink_to(tmp_path / "r4.tmp")

    assert read(tmp_path, gateway) == folders.Read(taken=1, parked=1)

    assert below(tmp_path) == [
        *(".r3.xml", "done/20260801/r1.xml", "parked/20260801/r2.xml", "r4.tmp", "r5.xml")
    ]
    file = ReceiptFile.objects.get(refusal="")
    assert (file.gateway, file.company, file.way) == (gateway, gateway.company, "folder")


def test_whoever_is_killed_before_the_move_takes_nothing_twice(
    gateway: Gateway, listed: OutgoingElement, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = of_list(listed.key, "120")
    laid(tmp_path / "r1.xml", data)
    with monkeypatch.context() as killed:
        killed.setattr(Path, "replace", lambda *_a: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            read(tmp_path, gateway)
    assert below(tmp_path) == ["r1.xml"]

    assert read(tmp_path, gateway) == folders.Read(known=1)
    laid(tmp_path / "r1.xml", data)
    laid(tmp_path / "r2.xml", data)
    assert read(tmp_path, gateway) == folders.Read(known=2)

    assert len(below(tmp_path)) == 3
    assert {one.split("/")[0] for one in below(tmp_path)} == {"done"}
    assert (ReceiptFile.objects.count(), Receipt.objects.count()) == (1, 1)


def test_a_file_that_grows_is_left_until_it_stands(
    gateway: Gateway, listed: OutgoingElement, tmp_path: Path
) -> None:
    data = of_list(listed.key, "120")
    laid(tmp_path / "r1.xml", data[:100], seconds_ago=0)
    assert read(tmp_path, gateway) == folders.Read()
    assert not ReceiptFile.objects.exists()

    laid(tmp_path / "r1.xml", data, seconds_ago=0)
    assert read(tmp_path, gateway) == folders.Read(taken=1)


def test_a_file_too_large_to_be_a_message_is_laid_aside_unread(
    gateway: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "LARGEST_FILE", 10)
    laid(tmp_path / "r1.xml", b"x" * 11)

    assert read(tmp_path, gateway) == folders.Read(parked=1)

    file = ReceiptFile.objects.get()
    assert (file.refusal, file.size) == ("customs.message_too_large", 11)
    assert below(tmp_path) == ["parked/20260801/r1.xml"]


def test_one_file_that_cannot_be_read_does_not_stop_the_others_and_is_told(
    gateway: Gateway, listed: OutgoingElement, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    MembershipFactory.create(company=gateway.company, role=Role.IMPORTER)
    laid(tmp_path / "r1.xml", of_list("A", "120"), seconds_ago=folders.TOLD_SECONDS + 9)
    laid(tmp_path / "r2.xml", of_list("B", "120"), seconds_ago=60)
    laid(tmp_path / "r3.xml", of_list(listed.key, "120"))
    read_bytes = Path.read_bytes

    def unless_locked(path: Path) -> bytes:
        if path.name in ("r1.xml", "r2.xml"):
            raise PermissionError(13, "Permission denied", str(path))
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", unless_locked)
    for _bell in range(2):
        read(tmp_path, gateway)

    assert Receipt.objects.get().key == listed.key
    assert below(tmp_path) == ["done/20260801/r3.xml", "r1.xml", "r2.xml"]
    assert Notice.objects.get(event="receipts.unread").facts == {"code": "ningbo", "file": "r1.xml"}


def test_one_gateway_that_cannot_be_read_does_not_stop_the_others(
    gateway: Gateway, listed: OutgoingElement, tmp_path: Path, settings: object
) -> None:
    settings.BONDPOOL_GATEWAYS = tmp_path  # type: ignore[attr-defined]
    broken = GatewayFactory.create(code="a-broken")
    (tmp_path / broken.code / "receipts").mkdir(parents=True)
    laid(tmp_path / broken.code / "receipts" / "r.xml", of_list("X", "120"))
    (tmp_path / broken.code / "receipts" / "done").write_text("in the way")
    (tmp_path / gateway.code / "receipts").mkdir(parents=True)
    laid(tmp_path / gateway.code / "receipts" / "r.xml", of_list(listed.key, "120"))

    folders.read_folders(now=lambda: COMES)

    assert sorted(Receipt.objects.values_list("key", flat=True)) == [listed.key, "X"]
    assert (tmp_path / broken.code / "receipts" / "r.xml").exists()
