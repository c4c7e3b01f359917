"""Nothing from elsewhere, nothing inline, and what a page names is there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
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


#: A file from another site, a style or a script in the page; what htmx would evaluate, which the
#: CSP forbids.
FOREIGN = (
    r"""(?:src|href|action|url)\s*=?\s*["'(]\s*(?:https?:)?//[^"')]*""",
    r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:",
    r"<script(?![^>]*\ssrc=)[^>]*>",
    r"hx-on|hx-vals=[\"']js:|hx-trigger=[\"'][^\"']*\[",
)


def of_each_template(find: Callable[[str], Iterable[str]]) -> dict[str, set[str]]:
    """The templates in which something is found, and what."""
    assert len(TEMPLATES) > 200
    found = {_short(path): set(find(path.read_text("utf-8"))) for path in TEMPLATES}
    return {path: wrong for path, wrong in found.items() if wrong}


def test_a_template_loads_nothing_from_elsewhere_and_has_nothing_inline() -> None:
    assert of_each_template(lambda text: [one for one in FOREIGN if re.search(one, text)]) == {}


def test_every_static_file_a_template_names_is_there() -> None:
    def missing(text: str) -> Iterator[str]:
        for name in re.findall(r"{%\s*static\s+['\"]([^'\"]+)['\"]", text):
            if finders.find(name) is None:
                yield name

    assert of_each_template(missing) == {}


def test_every_icon_a_template_names_is_in_the_font() -> None:
    sheet = Path(str(finders.find("vendor/icons/tabler-icons.min.css"))).read_text("utf-8")

    def missing(text: str) -> Iterator[str]:
        for name in re.findall(r"\bti-([a-z0-9-]+)(?=[\"' ])", text):
            if f".ti-{name}:" not in sheet:
                yield name

    assert of_each_template(missing) == {}


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
