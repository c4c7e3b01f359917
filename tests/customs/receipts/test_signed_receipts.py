"""A receipt whose signature is over other data is laid aside; one that comes zipped is taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.walls import platform_wide
from customs.models import Gateway, Receipt, ReceiptFile, ReceiptWay
from customs.rules.ceb.envelope import Envelope, write_envelope
from customs.rules.ceb.signing import rsa_signer, signed_bytes
from customs.rules.ceb.zipped import zipped
from customs.rules.sending import unsqueezed
from customs.services import take_in
from customs.services.receipt_folders import Read
from tests.customs.ceb.test_signing import PASSWORD, key_file
from tests.customs.receipts.answers import of_list
from tests.customs.receipts.test_receipt_folders import below, laid, read
from tests.factories.messages import SENDS, GatewayFactory

pytestmark = pytest.mark.django_db

COMES = SENDS + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _wide(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def gateway() -> Gateway:
    return GatewayFactory.create(code="ningbo")


def signed_answer() -> bytes:
    data = of_list("RL-2026-000001", "800")
    envelope = Envelope("M1", "DXPEDCCEB0000002", ("DXPENT1",), "2026-08-01T12:00:00", "x", data)
    return signed_bytes(write_envelope(envelope), rsa_signer(key_file(), PASSWORD))


@pytest.mark.parametrize("must_be_signed", [False, True])
def test_a_receipt_signed_over_other_data_is_laid_aside(
    gateway: Gateway, must_be_signed: bool
) -> None:
    right = signed_answer()
    wrong = right.replace(b"DXPENT1", b"DXPENT2")
    assert wrong != right

    files = [
        take_in(
            data=data,
            name="a.xml",
            way=ReceiptWay.API,
            company=gateway.company,
            now=COMES,
            must_be_signed=must_be_signed,
        )[0]
        for data in (wrong, right)
    ]

    assert [one.refusal for one in files] == ["customs.signature_does_not_hold", ""]
    assert unsqueezed(ReceiptFile.objects.get(pk=files[0].pk).content) == wrong
    assert Receipt.objects.get().file == files[1]


def test_a_folder_lays_aside_what_is_signed_over_other_data(
    gateway: Gateway, tmp_path: Path
) -> None:
    laid(tmp_path / "r1.xml", signed_answer().replace(b"DXPENT1", b"DXPENT2"))

    assert read(tmp_path, gateway) == Read(parked=1)
    assert below(tmp_path) == ["parked/20260801/r1.xml"]
    assert not Receipt.objects.exists()


def test_a_folder_takes_receipts_in_zips_and_lays_broken_ones_aside(
    gateway: Gateway, tmp_path: Path
) -> None:
    data = zipped("r.xml", of_list("RL-2026-000001", "800"), at=SENDS)
    laid(tmp_path / "a.zip", data)
    laid(tmp_path / "b.zip", data[:-10])
    # One that grows is left until it stands.
    laid(tmp_path / "c.zip", data[:-20], seconds_ago=0)

    assert read(tmp_path, gateway) == Read(taken=1, parked=1)

    assert below(tmp_path) == ["c.zip", "done/20260801/a.zip", "parked/20260801/b.zip"]
    assert Receipt.objects.get().key == "RL-2026-000001"
    assert set(ReceiptFile.objects.values_list("name", "refusal")) == {
        ("a.zip", ""),
        ("b.zip", "customs.zip_broken"),
    }
