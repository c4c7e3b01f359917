"""What a page shows of one thing, its operation tells: field by field, read from the templates.

A field that a template begins to show must be put here with the field of the schema that says the
same, or with the reason why a program is not told.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from config.api import api
from tests.rest.shown import PAGES
from tests.rest.shown_of_entries import Not

ROOT = Path(__file__).resolve().parents[2]
_TAG = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}")
_TEXT = re.compile(r"'[^']*'|\"[^\"]*\"")
_FIELD = re.compile(r"(?<![\w.|:])([a-z_]+(?:\.\w+)+)")

#: What people are told in words or by a name, and programs by a code or a number beside it.
_WORDS = re.compile(r"\.get_\w+_display$|_label$")
#: A part of the machinery of pages.
_NO_DATA = {"forloop", "form", "request", "replay_form"}


@pytest.fixture(scope="module")
def told() -> dict[str, set[str]]:
    """Operation -> the fields of its answer, with dots."""
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    parts = schema["components"]["schemas"]
    found = {}
    for operations in schema["paths"].values():
        for one in operations.values():
            answer: dict[str, Any] = next(
                (r for status, r in one["responses"].items() if str(status) == "200"), {}
            )
            content = answer.get("content", {}).get("application/json", {})
            found[one["operationId"]] = set(_names(parts, content.get("schema", {})))
    return found


def _names(parts: dict[str, Any], one: dict[str, Any], before: str = "") -> list[str]:
    one = next((kind for kind in one.get("anyOf", []) if kind.get("type") != "null"), one)
    if "$ref" in one:
        one = parts[one["$ref"].rsplit("/", 1)[-1]]
    if one.get("type") == "array":
        return _names(parts, one["items"], before)
    names = []
    for name, inner in one.get("properties", {}).items():
        names += [before + name, *_names(parts, inner, f"{before}{name}.")]
    return names


def _shown(template: str) -> set[str]:
    found: set[str] = set()
    for tag in _TAG.findall((ROOT / template).read_text("utf-8")):
        found |= set(_FIELD.findall(_TEXT.sub("", "".join(tag))))
    return {
        one for one in found if not _WORDS.search(one) and one.partition(".")[0] not in _NO_DATA
    }


@pytest.mark.parametrize("template", PAGES, ids=lambda path: Path(path).stem)
def test_an_operation_tells_whatever_its_page_shows(
    template: str, told: dict[str, set[str]]
) -> None:
    operation, fields = PAGES[template]
    wanting = []
    for shown, name in fields.items():
        if isinstance(name, Not):
            assert len(name) > 15, shown
            continue
        other, _, rest = name.rpartition(":")
        wanted = shown.rpartition(".")[2] if rest == "=" else rest
        if wanted not in told[other or operation]:
            wanting.append(f"{shown} is no {other or operation} {wanted}")

    assert _shown(template) - set(fields) == set(), "say which field tells it, or why none does"
    assert set(fields) - _shown(template) == set(), "the page shows it no more"
    assert wanting == []
