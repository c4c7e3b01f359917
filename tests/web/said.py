"""What sources and templates ask to be said in the reader's language, read more closely than
gettext's own extraction: also what stands within an f-string, which that one passes over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from django.utils.translation.template import templatize

#: A word and the context that it is said in.
Said = tuple[str | None, str]

#: How the house calls them -> where the word stands, and its context.
_CALLS: dict[str, tuple[int, int | None]] = {
    **dict.fromkeys(("_", "_lazy", "gettext", "gettext_lazy", "gettext_noop"), (0, None)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (0, None)),
    **dict.fromkeys(("_p", "pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"), (1, 0)),
}
_OF_TEMPLATES = re.compile(r"\bn?p?gettext\(")


def said_in_source(source: str) -> set[Said]:
    return set(_words(ast.parse(source)))


def said_in_template(text: str) -> set[Said]:
    code = templatize(text)
    starts = (found.start() for found in _OF_TEMPLATES.finditer(code))
    return {word for start in starts for word in _words(_call(code, start))}


def _call(code: str, start: int) -> ast.AST:
    """The call that begins there: what a template says is no code as a whole."""
    end = start
    while (end := code.index(")", end) + 1) > 0:
        try:
            return ast.parse(code[start:end])
        except SyntaxError:
            continue
    raise AssertionError(code[start:])


def _words(tree: ast.AST) -> Iterator[Said]:
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = str(getattr(call.func, "id", "") or getattr(call.func, "attr", ""))
        place, beside = _CALLS.get(name, (0, None))
        word = _text(call.args[place : place + 1])
        if name in _CALLS and word:
            yield (None if beside is None else _text(call.args[beside : beside + 1])), word


def _text(given: list[ast.expr]) -> str | None:
    if given and isinstance(given[0], ast.Constant) and isinstance(given[0].value, str):
        return given[0].value
    return None
