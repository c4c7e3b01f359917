"""Bodies are read strictly: what two readers could understand differently is refused."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

from rest.refusals import BadJson

DEEPEST = 20
#: Digits of a number; 64 bits have 19.
LONGEST_NUMBER = 18
LONGEST_DECIMAL = 40


#: All that is no bracket: a text, to the end if it has none, or anything else. It never goes back.
_TEXTS = re.compile(r'"(?:[^"\\]|\\.)*+\\?(?:"|\Z)|[^"\[\]{}]++', re.DOTALL)
# A lone half of a surrogate pair is no text either, and no database takes it.
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


class StrictParser(Parser):
    """JSON in UTF-8: no NUL, no NaN, no name twice, no absurd number, no endless nesting."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        return read_json(request.body)  # type: ignore[no-any-return]


def read_json(content: bytes) -> Any:
    """Raises BadJson with its reason."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise BadJson(reason="not UTF-8") from None
    _check_depth(text)
    try:
        told = json.loads(
            text,
            parse_constant=_no_constant,
            parse_int=_whole,
            parse_float=_decimal,
            object_pairs_hook=_once,
        )
    except json.JSONDecodeError as error:
        raise BadJson(reason="malformed", position=error.pos) from None
    if "\\u" in text:  # JSON takes no such character as it is, and UTF-8 no half of a pair
        _check_texts(told)
    return told


def _check_depth(text: str) -> None:
    depth = 0
    for bracket in _TEXTS.sub("", text):
        if bracket in "[{":
            depth += 1
            if depth > DEEPEST:
                raise BadJson(reason="nested too deeply", deepest=DEEPEST)
        else:
            depth -= 1


def _no_constant(_told: str) -> NoReturn:
    raise BadJson(reason="not a number")


def _whole(told: str) -> int:
    if len(told.lstrip("-")) > LONGEST_NUMBER:
        raise BadJson(reason="number too long")
    return int(told)


def _decimal(told: str) -> Decimal:
    if len(told) > LONGEST_DECIMAL:
        raise BadJson(reason="number too long")
    value = Decimal(told)
    if abs(value.adjusted()) > LONGEST_DECIMAL:
        raise BadJson(reason="number too long")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadJson(reason="a name twice in one object")
    return found


def _check_texts(told: Any) -> None:
    if isinstance(told, str):
        if _NO_TEXT.search(told):
            raise BadJson(reason="characters that are no text")
    elif isinstance(told, dict):
        for name, value in told.items():
            _check_texts(name)
            _check_texts(value)
    elif isinstance(told, list):
        for value in told:
            _check_texts(value)
