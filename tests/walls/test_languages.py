"""Every page, file name and refusal in one language: no Chinese on an English page, and no
English left on a Chinese one. What is data (names, numbers, addresses) is known from the tables.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.db import connection
from django.test import Client
from lxml import html

from core.walls import platform_wide
from tests.walls.addresses import EVERYBODY, TABLE, path_of
from tests.walls.world import World

#: `make slow` reads a page as every role that has it, `make test` as one of them, by turns.
EVERY_ROLE = bool(os.environ.get("BONDPOOL_EVERY_ROLE"))
ROOT = Path(__file__).resolve().parents[2]
CHINESE = re.compile(r"[\u3400-\u9fff]+")
#: Three words of Latin letters in a row are a sentence, or a name from the tables.
ENGLISH = re.compile(r"[A-Za-z]{2,}(?:[ ,'’-]+[A-Za-z]{2,}){2,}")
#: Read by people, wherever it stands in the markup.
SPOKEN = ("aria-label", "title", "placeholder", "alt", "content", "data-none", "data-found")
#: What programs read, and names of columns.
UNSPOKEN = frozenset({"script", "style", "code"})
#: Written for programmers, with the operations' own English summaries beside the translated page.
IN_ENGLISH = frozenset({"api/docs/", "api/v1/docs"})
#: Encrypted in the tables, so not found there: the parcel's buyer.
BUYERS = "张三 浙江省杭州市西湖区示例路 1 号"
#: Names and terms that are the same in both languages.
ENGLISH_EVERYWHERE = frozenset({"Bondpool", "English", "EPCIS", "SKU", "UETR", "SHA"})


@pytest.fixture
def data(world: World) -> str:
    """Everything that stands in any table, and the names of countries."""
    told = [BUYERS]
    with platform_wide(), connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.proxy or not model._meta.managed:
                continue
            cursor.execute(f'SELECT t::text FROM "{model._meta.db_table}" t')  # noqa: S608 - own names
            told += [row[0] for row in cursor.fetchall()]
    return "\n".join(told)


@cache
def translated() -> frozenset[str]:
    """Every message without gaps whose Chinese is another."""
    found = set()
    for pattern in ("*/locale", "platform/*/locale"):
        for path in ROOT.glob(f"{pattern}/zh_Hans/LC_MESSAGES/django.po"):
            with path.open("rb") as file:
                for one in read_po(file, locale="zh_Hans"):
                    if isinstance(one.id, str) and one.id and one.string not in {"", one.id}:
                        found.add(one.id)
    return frozenset(found)


def _language(element: html.HtmlElement | None) -> str:
    """What the nearest mark on it or around it says."""
    while element is not None:
        if marked := element.get("lang"):
            return str(marked).lower()[:2]
        element = element.getparent()
    return ""


def spoken(page: str, *, language: str) -> Iterator[str]:
    """The texts of a page, but for what is marked as being in the other language."""
    ours = {"", language[:2]}
    for element in html.fromstring(page).iter("*"):
        if element.tag not in UNSPOKEN and _language(element) in ours:
            if element.text and element.tag != "textarea":
                yield " ".join(str(element.text).split())
            if element.tag != "meta":
                yield from (str(element.get(name, "")) for name in SPOKEN)
        if element.tail and _language(element.getparent()) in ours:
            yield " ".join(str(element.tail).split())


def not_english(texts: Iterable[str], data: str) -> set[str]:
    return {text for text in texts for run in CHINESE.findall(text) if run not in data}


def not_chinese(texts: Iterable[str], data: str) -> set[str]:
    left = set()
    for text in texts:
        if text.startswith(("http://", "https://")):
            continue
        bare = text.strip(" :·,;.()")
        if bare in translated() and bare not in data and bare not in ENGLISH_EVERYWHERE:
            left.add(text)
        left |= {
            text for run in ENGLISH.findall(text) if run not in data and run.split()[0] not in data
        }
    return left


FINDS = {"en": not_english, "zh-hans": not_chinese}


@pytest.mark.parametrize("role", [*sorted(EVERYBODY), ""])
def test_a_page_speaks_one_language(world: World, data: str, role: str) -> None:
    mixed: dict[str, list[str]] = {}
    pages = 0
    for turn, (language, find) in enumerate(FINDS.items()):
        client = Client(headers={"accept-language": language})
        if role:
            client.force_login(world.people[role])
        for number, (route, address) in enumerate(TABLE.items()):
            readers = [""] if address.public else sorted(address.read)
            if role not in readers or route == "logout/":
                continue
            # The start page is another for each of them.
            if route and not EVERY_ROLE and readers[number % len(readers)] != role:
                continue
            if not EVERY_ROLE and number // len(readers) % 2 == turn and route not in IN_ENGLISH:
                continue
            if route in IN_ENGLISH and language != "en":
                continue
            answer = client.get(path_of(route, world))
            if answer.status_code != 200 or "html" not in answer.headers["Content-Type"]:
                continue
            pages += 1
            page = answer.content.decode()
            assert f'<html lang="{language}"' in page, route
            if found := find(spoken(page, language=language), data):
                mixed[f"{language} {route}"] = sorted(found)

    assert pages > 4
    assert mixed == {}


def test_a_refused_form_speaks_one_language(world: World, data: str) -> None:
    """Every form, sent empty: its errors are words of the same language as the page."""
    mixed = {}
    forms = 0
    for turn, (language, find) in enumerate(FINDS.items()):
        sent = {"act-for/"}
        for role in sorted(EVERYBODY):
            client = Client(headers={"accept-language": language})
            client.force_login(world.people[role])
            for route, address in TABLE.items():
                # A form is the same for every role that has it.
                if role not in address.write or route in sent:
                    continue
                sent.add(route)
                if not EVERY_ROLE and len(sent) % 2 == turn:
                    continue
                answer = client.post(path_of(route, world), {})
                told = answer.headers.get("Content-Type", "")
                if answer.status_code < 400 or "html" not in told:
                    continue
                forms += 1
                if found := find(spoken(answer.content.decode(), language=language), data):
                    mixed[f"{language} {role} {route}"] = sorted(found)

    assert forms > 10
    assert mixed == {}


def test_the_finders_find() -> None:
    """Otherwise the tests above would pass on any page."""
    page = (
        '<html lang="en"><body><p>Nothing waits for you</p><b title="批次">Lots</b>'
        '<i lang="zh-Hans">邦池</i> x <em>please pay it now</em></body></html>'
    )

    assert not_english(spoken(page, language="en"), "") == {"批次"}
    chinese = page.replace('lang="en"', 'lang="zh-hans"')
    assert not_chinese(spoken(chinese, language="zh-hans"), "") == {
        "Nothing waits for you",
        "Lots",
        "please pay it now",
    }
    assert not_chinese(spoken(chinese, language="zh-hans"), "please pay it now") == {
        "Nothing waits for you",
        "Lots",
    }
