"""Chinese first: every sentence of every app is there, the refusals' too."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils.translation import gettext, override, pgettext

from core.management.commands.makemessages import facts, refusals
from tests.test_house import CODE
from tests.web.said import Said, said_in_source, said_in_template

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = sorted(
    path
    for folder in ("platform/*", "procurement", "warehouse", "customs", "traceability")
    for path in ROOT.glob(f"{folder}/locale/zh_Hans/LC_MESSAGES/django.po")
)


def _app(path: Path) -> str:
    return path.parents[3].name


@pytest.mark.parametrize("path", CATALOGUES, ids=_app)
def test_nothing_is_left_untranslated(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans")

    empty = [one.id for one in catalogue if one.id and (not one.string or one.fuzzy)]

    assert empty == []


@pytest.mark.parametrize("path", CATALOGUES, ids=_app)
def test_every_refusal_is_told_in_chinese(path: Path) -> None:
    with path.open("rb") as file:
        known = {one.id for one in read_po(file, locale="zh_Hans") if one.string}
    app = path.parents[3]
    sentences = {
        sentence for source in app.rglob("*.py") for sentence in refusals(source.read_text("utf-8"))
    }

    assert sentences - known == set()


def test_a_refusals_sentence_is_found_in_its_source() -> None:
    source = '''
class TooLate(DomainError):
    """The round
    is closed."""

    code = "tests.too_late"

class Helper:
    """No refusal."""
'''

    assert refusals(source) == ["The round is closed."]


def test_the_names_of_facts_are_found_in_their_source() -> None:
    source = "raise TooFew(minimum_quantity=6, rows=[1])\nraise errors.TooFew(sku='A')"

    assert facts(source) == ["minimum quantity", "sku"]


@pytest.mark.parametrize("path", CATALOGUES, ids=_app)
def test_every_fact_is_named_in_chinese(path: Path) -> None:
    with path.open("rb") as file:
        known = {
            one.id
            for one in read_po(file, locale="zh_Hans")
            if one.string and one.context == "fact"
        }
    named = {
        name
        for source in path.parents[3].rglob("*.py")
        for name in facts(source.read_text("utf-8"))
    }

    assert named - known == set()


def test_a_word_within_a_word_is_found_in_its_source() -> None:
    source = """f"{label} ({_('currency')})"; pgettext("fact", "sku"); ngettext("%d row", "x", 2)"""

    assert said_in_source(source) == {(None, "currency"), ("fact", "sku"), (None, "%d row")}


def test_what_a_template_says_is_found_in_it() -> None:
    text = (
        "<a title=\"{% translate 'It (is)' %}\">{% blocktranslate count n=n %}{{ n }} lot"
        '{% plural %}{{ n }} lots{% endblocktranslate %}{% translate "lot" context "goods" %}</a>'
    )

    assert said_in_template(text) == {(None, "It (is)"), (None, "%(n)s lot"), ("goods", "lot")}


def test_every_word_of_the_sources_and_templates_stands_in_a_catalogue() -> None:
    known = set()
    for path in CATALOGUES:
        with path.open("rb") as file:
            for one in read_po(file, locale="zh_Hans"):
                words = (one.id,) if isinstance(one.id, str) else one.id[:1]
                known |= {(one.context, word) for word in words if one.string}
    said: dict[Said, str] = {}
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*")):
            found: set[Said] = set()
            if path.suffix == ".py" and "migrations" not in path.parts:
                found = said_in_source(path.read_text("utf-8"))
            elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
                found = said_in_template(path.read_text("utf-8"))
            said |= dict.fromkeys(found, str(path.relative_to(ROOT)))
    missing = {key: path for key, path in said.items() if key not in known}
    with override("zh-hans"):
        # Django knows some by itself.
        untold = [
            f"{path}: {word}"
            for (context, word), path in missing.items()
            if (pgettext(context, word) if context else gettext(word)) == word
        ]

    assert "\n".join(untold) == ""
    assert len(said) > 2_000


def test_the_same_words_are_said_the_same_way_everywhere() -> None:
    """Django merges all catalogues into one: of two translations of a word, one would vanish."""
    said: dict[tuple[str | None, str], dict[str, str]] = {}
    for path in CATALOGUES:
        with path.open("rb") as file:
            for one in read_po(file, locale="zh_Hans"):
                if one.id and one.string and one.context != "fact":
                    words = one.id if isinstance(one.id, str) else one.id[0]
                    chinese = one.string if isinstance(one.string, str) else one.string[0]
                    said.setdefault((one.context, words), {})[_app(path)] = chinese

    assert {key: by for key, by in said.items() if len(set(by.values())) > 1} == {}


def test_one_thing_has_one_word() -> None:
    """The glossary says which words are not used, and what is said instead."""
    page = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    _before, _head, never = page.partition("## Never said")
    rows = [line.strip("| ").split(" | ") for line in never.splitlines() if line.startswith("|")]
    banned = [word for word, _instead in rows[2:]]
    wrong = []
    for path in CATALOGUES:
        with path.open("rb") as file:
            for one in read_po(file, locale="zh_Hans"):
                said = one.string if isinstance(one.string, str) else "".join(one.string or ())
                wrong += [f"{_app(path)}: {said}" for word in banned if word in said]

    assert len(banned) >= 4
    assert "\n".join(wrong) == ""
