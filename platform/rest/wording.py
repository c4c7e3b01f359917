"""The words of the schema: written once in English, told in the language that is asked for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

#: What the framework says of an answer that has no words of its own.
_OF_THE_FRAMEWORK = (_("OK"), _("Created"))
_SAYING = {"description", "summary"}
#: Under these names stand values, not words.
_VALUES = {"example", "examples", "default", "enum"}


class Said(str):
    """A sentence with facts in it, which knows the sentence without them."""

    __slots__ = ("facts", "sentence")
    sentence: str
    facts: dict[str, object]


def said(sentence: str, **facts: object) -> Said:
    """``said(_("Rows of a page; %(limit)s without it"), limit=50)``."""
    made = Said(sentence % facts)
    made.sentence, made.facts = sentence, facts
    return made


def in_words(told: Any) -> Any:
    """A copy of a schema in the language that is active."""
    if isinstance(told, dict):
        return {
            name: _told(value)
            if name in _SAYING and isinstance(value, str)
            else value
            if name in _VALUES
            else in_words(value)
            for name, value in told.items()
        }
    if isinstance(told, list | tuple):
        return [in_words(one) for one in told]
    return told


def _told(text: str) -> str:
    if isinstance(text, Said):
        return gettext(text.sentence) % text.facts
    return "\n\n".join(gettext(sentence) for sentence in sentences(text) if sentence)


def sentences(text: str) -> list[str]:
    """The paragraphs of a docstring, each on one line: what is translated."""
    return [" ".join(one.split()) for one in text.split("\n\n")]
