"""Gateways whose folders and keys lie in a test's own folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from customs.gateways.folder import make_folders
from customs.models import Gateway, SignerKind
from tests.customs.ceb.test_signing import PASSWORD, key_file
from tests.factories.messages import GatewayFactory


@pytest.fixture
def gateways(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of all gateways, for this process and the workers it starts."""
    monkeypatch.setenv("BONDPOOL_GATEWAYS", str(tmp_path))
    settings.BONDPOOL_GATEWAYS = str(tmp_path)
    return tmp_path


@pytest.fixture
def keys(gateways: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The secrets of the gateways ``signing-0`` to ``signing-9``: a key file that opens."""
    file = gateways / "card.p12"
    file.write_bytes(key_file())
    secrets = {"key": str(file), "password": PASSWORD.decode(), "key_name": "0200001"}
    told = {f"signing-{number}": secrets for number in range(10)}
    named = gateways / "secrets.json"
    named.write_text(json.dumps(told))
    monkeypatch.setenv("BONDPOOL_GATEWAY_SECRETS", str(named))
    settings.BONDPOOL_GATEWAY_SECRETS = told
    return secrets


def a_gateway(**facts: object) -> Gateway:
    """One with folders of its own, which lets everything through."""
    gateway: Gateway = GatewayFactory.create(**{"per_minute": 60_000, **facts})
    make_folders(gateway.code)
    return gateway


def signing(number: int = 0, **facts: object) -> Gateway:
    """The same, whose messages are signed by the key file."""
    return a_gateway(code=f"signing-{number}", signer=SignerKind.FILE, **facts)
