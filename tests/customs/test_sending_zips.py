"""Files of the bonded zone go as ZIPs where a gateway's client wants them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.timezone import get_default_timezone
from pytest_django.fixtures import Settings

from core.walls import platform_wide
from customs.rules.ceb.envelope import open_envelope
from customs.rules.ceb.parsing import parse
from customs.rules.ceb.zipped import zipped
from customs.rules.sending import squeezed
from customs.services import send_due
from tests.customs.test_sending import Time, out
from tests.customs.ways import a_gateway, gateways
from tests.factories.messages import SENDS, OutgoingMessageFactory

__all__ = ["gateways"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def wide(gateways: Path) -> Iterator[None]:
    with platform_wide():
        yield


@pytest.mark.parametrize("kind", ["INV101", "CEB311"])
def test_files_of_the_zone_go_as_zips_where_the_client_wants_them(
    gateways: Path, settings: Settings, kind: str
) -> None:
    gateway = a_gateway(code="zone")
    settings.BONDPOOL_GATEWAY_SECRETS = {"zone": {"zone_files": "zip"}}
    body = squeezed(b"<Signature/>")
    message = OutgoingMessageFactory.create(gateway=gateway, kind=kind, body=body)
    named = f"{message.number}.zip" if kind == "INV101" else f"{message.number}.xml"

    assert send_due(Time().clocks) == 1

    assert out(gateways, gateway) == [named]
    sent = (gateways / "zone" / "out" / named).read_bytes()
    if kind == "INV101":
        assert sent == zipped(
            f"{message.number}.xml", b"<Signature/>", at=SENDS.astimezone(get_default_timezone())
        )
    else:
        assert open_envelope(parse(sent)).data == b"<Signature/>"
