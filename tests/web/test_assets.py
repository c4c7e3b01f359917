"""Nothing from elsewhere, nothing inline, and what a page names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.factories.accounts import MembershipFactory

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    path
    for folder in ("platform/*", "procurement", "warehouse", "customs", "traceability")
    for path in ROOT.glob(f"{folder}/templates/**/*.html")
    # A mailbox loads no style sheet and knows no policy of ours: letters carry their dress.
    if "mail" not in path.parts
)
OWN = sorted((ROOT / "platform/web/static/web").iterdir())


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_templates_are_found() -> None:
    assert "platform/web/templates/web/base.html" in map(_short, TEMPLATES)


@pytest.mark.parametrize("template", TEMPLATES, ids=_short)
def test_a_template_loads_nothing_from_elsewhere_and_has_nothing_inline(template: Path) -> None:
    text = template.read_text("utf-8")

    assert not re.findall(r"""(?:src|href|action|url)\s*=?\s*["'(]\s*(?:https?:)?//[^"')]*""", text)
    assert not re.findall(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", text)
    assert not re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", text)
    # htmx would evaluate these; the CSP forbids it.
    assert not re.findall(r"hx-on|hx-vals=[\"']js:|hx-trigger=[\"'][^\"']*\[", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=_short)
def test_every_static_file_a_template_names_is_there(template: Path) -> None:
    named = re.findall(r"{%\s*static\s+['\"]([^'\"]+)['\"]", template.read_text("utf-8"))

    assert [name for name in named if finders.find(name) is None] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=_short)
def test_every_icon_a_template_names_is_in_the_font(template: Path) -> None:
    sheet = Path(str(finders.find("vendor/icons/tabler-icons.min.css"))).read_text("utf-8")
    named = set(re.findall(r"\bti-([a-z0-9-]+)(?=[\"' ])", template.read_text("utf-8")))

    assert {name for name in named if f".ti-{name}:" not in sheet} == set()


def test_our_own_files_load_nothing_from_elsewhere() -> None:
    for path in OWN:
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")

        assert "http://" not in text, path
        assert "https://" not in text, path
        assert "@import" not in text, path


@pytest.mark.parametrize("path", ["/login/", "/"])
@pytest.mark.django_db
def test_pages_forbid_inline_code_and_other_sites(client: Client, path: str) -> None:
    client.force_login(MembershipFactory.create().user)
    if path == "/login/":
        client.logout()

    policy = client.get(path)["Content-Security-Policy"]

    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'self'"
    assert rules["object-src"] == "'none'"
    assert rules["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy
    assert "http" not in policy
