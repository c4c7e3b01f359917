"""The reference and the schema are told in the language that is asked for, to the last word."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.test import Client

from core.management.commands.makemessages import of_the_api

ROOT = Path(__file__).resolve().parents[2]
APPS = [
    path.parents[3]
    for folder in ("platform/*", "procurement", "warehouse", "customs", "traceability")
    for path in sorted(ROOT.glob(f"{folder}/locale/zh_Hans/LC_MESSAGES/django.po"))
]
SCHEMA = "/api/v1/openapi.json"
#: The same in every language.
NO_WORDS = {"Bondpool", "ISO 3166-1 alpha-3"}


def _schema(language: str) -> dict[str, Any]:
    answer = Client().get(SCHEMA, headers={"accept-language": language})
    assert {"Accept-Language", "Cookie"} <= set(answer.headers["Vary"].split(", "))
    return dict(json.loads(answer.content))


def _said(told: Any, there: str = "") -> Iterator[tuple[str, str]]:
    """Where something is said in words, and what."""
    if isinstance(told, dict):
        for name, value in told.items():
            if name in {"description", "summary"} and isinstance(value, str):
                yield f"{there}/{name}", value
            elif name not in {"example", "examples", "default", "enum"}:
                yield from _said(value, f"{there}/{name}")
    elif isinstance(told, list):
        for at, value in enumerate(told):
            yield from _said(value, f"{there}/{at}")


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= one <= "\u9fff" for one in text)


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_every_word_of_an_operation_is_translated(app: Path) -> None:
    with (app / "locale/zh_Hans/LC_MESSAGES/django.po").open("rb") as file:
        known = {one.id for one in read_po(file, locale="zh_Hans") if one.string}
    told = {
        one for source in app.rglob("*.py") for one in of_the_api(source, source.read_text("utf-8"))
    }

    assert told - known == set()


def test_the_schema_says_everything_in_chinese_and_is_otherwise_the_same(db: None) -> None:
    chinese, english = dict(_said(_schema("zh-hans"))), dict(_said(_schema("en")))

    left = {
        there: text
        for there, text in chinese.items()
        if not _is_chinese(text) and text not in NO_WORDS
    }

    assert left == {}
    assert set(chinese) == set(english)
    assert [there for there, text in english.items() if _is_chinese(text)] == []
    assert len(english) > 800


def test_a_value_with_a_fact_in_it_is_told_with_the_fact(db: None) -> None:
    told = _schema("zh-hans")["paths"]["/api/v1/products"]["get"]["parameters"]

    assert {"列表的排序，带减号为降序；不填则按 sku", "每页行数；不填则为 50"} <= {
        one["description"] for one in told
    }


def test_the_reference_page_is_told_in_chinese(db: None) -> None:
    page = Client().get("/api/docs/", headers={"accept-language": "zh-hans"}).content.decode()
    english = Client().get("/api/docs/", headers={"accept-language": "en"}).content.decode()

    assert "按 SKU 查一个商品。" in page
    assert "One product by its SKU." not in page
    assert 'lang="en">' not in page.partition("<main")[2]
    assert "One product by its SKU." in english


def test_who_chose_a_language_in_the_portal_reads_the_schema_in_it(db: None) -> None:
    client = Client(headers={"accept-language": "zh-hans"})
    client.post("/language/", {"language": "en", "next": "/"})

    told = json.loads(client.get(SCHEMA).content)

    assert told["info"]["description"].startswith("Everything the portal does")


def test_the_words_of_an_operation_are_found_in_its_source() -> None:
    source = '''
class Out(Schema):
    """What is
    shown."""

    name: str = Field(description="As written")

@routes.show("/x", scope="x", response=Out, summary=_("Show"))
def show(request):
    """One thing.

    And more."""

def helper():
    """Nobody reads this."""
'''

    assert sorted(of_the_api(Path("shop/api/things.py"), source)) == sorted(
        ["What is shown.", "As written", "One thing.", "And more."]
    )
    assert of_the_api(Path("shop/queries.py"), '"""No."""\nclass A:\n    """No."""') == []
