"""A refusal that was kept as text (``EnvelopeInvalid: This envelope … (field=DxpMsg/Data)``) as a
person reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext, pgettext

from core.rulebook import refusals

_FACT = re.compile(r"(\w+)=")


def in_words(kept: str) -> str:
    """``f"{type(refusal).__name__}: {refusal}"`` with its sentence and facts in the language that
    is active; empty where it is no refusal of ours."""
    name, _colon, text = kept.partition(":")
    refusal = next((one for one in refusals() if one.__name__ == name), None)
    return "" if refusal is None else _sentence(text.strip(), refusal.rule())


def _sentence(text: str, rule: str) -> str:
    said = gettext(rule)
    rest = text.removeprefix(rule)
    # Of what was cut, or says something else, the sentence alone is sure.
    if rest == text or not (rest.startswith(" (") and rest.endswith(")")):
        return said
    told = ", ".join(
        f"{pgettext('fact', name.replace('_', ' '))}: {_value(value)}"
        for name, value in _facts(rest[2:-1])
        # Beware: a path of the server is for the log alone.
        if not value.startswith("/")
    )
    return f"{said} ({told})" if told else said


def _value(value: str) -> str:
    """A fact may be a refusal itself: why another one came to be."""
    rule = max(
        (one.rule() for one in refusals() if value.startswith(one.rule())), key=len, default=""
    )
    return _sentence(value, rule) if rule else value


def _facts(text: str) -> Iterator[tuple[str, str]]:
    """Names and values of ``a=1, b=Why. (c=2, d=3)``: what stands in brackets is the value's."""
    parts, depth = [""], 0
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0 and text.startswith(", ", at) and _FACT.match(text, at + 2):
            parts.append("")
        else:
            parts[-1] += sign
    for part in parts:
        name, is_told, value = part.strip().partition("=")
        if is_told:
            yield name, value
