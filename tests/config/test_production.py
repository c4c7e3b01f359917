"""A site that people rely on starts with nothing made up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from config.addresses import check_production

TOLD = {
    "DATABASE_URL": "postgresql://app_rw:x@db/bondpool",
    "CELERY_BROKER_URL": "redis://broker/0",
    "SECRET_KEY": "0123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "BONDPOOL_FIELD_KEYS": Fernet.generate_key().decode(),
    "BONDPOOL_DIGEST_KEY": "c",
    "BONDPOOL_HOSTS": "bondpool.example",
    "BONDPOOL_PUBLIC_URL": "https://bondpool.example",
    "BONDPOOL_PROXIES": "0",
    "EMAIL_URL": "smtp://mail:587?tls=1",
    "EMAIL_FROM": "no-reply@bondpool.example",
}


def test_all_that_must_be_told_is_enough() -> None:
    check_production(TOLD)


@pytest.mark.parametrize("name", list(TOLD))
def test_each_thing_that_is_not_told_is_named(name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"{name} is not set"):
        check_production({**TOLD, name: ""})


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("BONDPOOL_CLOCK_FILE", "var/clock", "the demo's clock"),
        ("BONDPOOL_PUBLIC_URL", "http://bondpool.example", "does not begin with https"),
    ],
)
def test_what_belongs_to_a_demo_is_refused(name: str, value: str, words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=words):
        check_production({**TOLD, name: value})


def test_production_passes_djangos_own_check() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | TOLD | {"BONDPOOL_PRODUCTION": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
