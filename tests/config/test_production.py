"""A site that people rely on starts with nothing made up."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

from config.addresses import check_production
from core.middleware import PackingMiddleware

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


PAGE = b"<p>Many small sellers, one full container.</p>" * 40


@pytest.mark.parametrize(
    ("media_type", "more", "is_packed"),
    [
        ("text/html; charset=utf-8", {}, True),
        ("application/json", {}, True),
        ("application/problem+json", {}, True),
        # In ``If-Match`` the name of a packed answer would be another one.
        ("application/json", {"ETag": '"7"'}, False),
        ("application/pdf", {}, False),
    ],
)
def test_words_travel_packed(media_type: str, more: dict[str, str], is_packed: bool) -> None:
    answer = HttpResponse(PAGE, content_type=media_type, headers=more)
    asked = RequestFactory().get("/", headers={"accept-encoding": "gzip, br"})

    sent = PackingMiddleware(lambda _request: answer)(asked)

    assert isinstance(sent, HttpResponse)
    assert sent.has_header("Content-Encoding") == is_packed
    assert (gzip.decompress(sent.content) if is_packed else sent.content) == PAGE
    assert sent.get("ETag") == more.get("ETag")


def test_a_browser_keeps_a_collected_file_for_good_and_gets_it_packed(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2] / "platform/web/static"
    manifest = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    with override_settings(
        STATIC_ROOT=tmp_path,
        WHITENOISE_USE_FINDERS=False,
        STORAGES={"staticfiles": {"BACKEND": manifest}},
    ):
        storage = CompressedManifestStaticFilesStorage(location=str(tmp_path))
        script = storage.save("web/bondpool.js", (root / "web/bondpool.js").open("rb"))
        for _done in storage.post_process({script: (storage, script)}):
            pass
        asked = RequestFactory().get(storage.url(script), headers={"accept-encoding": "gzip"})
        sent = WhiteNoiseMiddleware(lambda _request: HttpResponse(status=404))(asked)

    assert sent.status_code == 200
    assert sent["Content-Encoding"] == "gzip"
    assert sent["Cache-Control"] == "max-age=315360000, public, immutable"


def test_only_pages_with_a_chart_fetch_what_draws_charts() -> None:
    root = Path(__file__).resolve().parents[2]
    templates = [
        path
        for folder in ("platform/*", "*")
        for path in root.glob(f"{folder}/templates/**/*.html")
    ]
    naming = [path.name for path in templates if "echarts" in path.read_text("utf-8")]
    including = {path.name for path in templates if "web/_charts.html" in path.read_text("utf-8")}

    assert naming == ["_charts.html"]
    assert "base.html" not in including
    assert "{% if page.charts %}{% include" in (
        root / "platform/web/templates/web/home.html"
    ).read_text("utf-8")
