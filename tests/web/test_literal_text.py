"""What people read goes through the catalogues: no literal words in templates, forms and messages.

The walls' tests look at the pages as they are shown; this one at the sources, so that it also
sees what only an odd state shows.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("platform/*", "procurement", "warehouse", "customs", "traceability")
TEMPLATES = sorted(
    path
    for folder in APPS
    for kind in ("html", "txt")
    for path in ROOT.glob(f"{folder}/templates/**/*.{kind}")
)
SOURCES = sorted(
    path
    for folder in APPS
    for path in ROOT.glob(f"{folder}/**/*.py")
    if not {"migrations", "management", "tests"} & set(path.parts)
)
#: The same in every language: names, norms, kinds of files, units and machines' words.
EVERYWHERE = frozenset(
    re.findall(
        r"\S+",
        """Bondpool 邦池 邦 CSV XLSX PDF ZIP XML xml UBL JSON SHA UETR EPCIS GTIN CNY EUR USD kg HS
        API POST GET HMAC URL ID id ms webhook pain UTC OpenAPI openapi json IP TOTP LEI LOT BIC""",
    )
)
#: In a template these hold words or code of another kind, not text.
_NOT_TEXT = (
    r"{%\s*comment.*?endcomment\s*%}",
    r"{#.*?#}",
    r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}",
    r"<(script|style|code|svg)\b.*?</\1>",
    r"{%.*?%}",
    r"{{.*?}}",
    r"<!--.*?-->",
    r"<[^>]*>",
    r"&\w+;",
)
#: Attributes that are read out or shown.
_SPOKEN = re.compile(r'\b(?:aria-label|title|placeholder|alt)="([^"{]*[A-Za-z]{2,}[^"{]*)"')
#: Arguments whose text somebody reads.
_ARGUMENTS = frozenset({"label", "help_text", "verbose_name", "empty_label"})
_CALLS = frozenset({"success", "info", "warning", "error", "add_error", "ValidationError"})


def words(template: str) -> list[str]:
    """Literal words a template would show."""
    bare = template
    for pattern in _NOT_TEXT[:4]:
        bare = re.sub(pattern, " ", bare, flags=re.S)
    found = _SPOKEN.findall(bare)
    for pattern in _NOT_TEXT[4:]:
        bare = re.sub(pattern, " ", bare, flags=re.S)
    found += re.findall(r"[A-Za-z]{2,}|[\u3400-\u9fff]+", bare)
    return [
        word
        for word in found
        if not set(re.findall(r"[A-Za-z]{2,}|[\u3400-\u9fff]+", word)) <= EVERYWHERE
    ]


def _is_literal(node: ast.expr) -> bool:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    texts = [
        part.value
        for part in parts
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
    found = {word for text in texts for word in re.findall(r"[A-Za-z]{3,}|[\u3400-\u9fff]+", text)}
    return not found <= EVERYWHERE


def literals(source: str) -> list[str]:
    """Untranslated texts that forms and messages would show."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = (
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        )
        found += [
            ast.unparse(one.value)
            for one in node.keywords
            if one.arg in _ARGUMENTS and _is_literal(one.value)
        ]
        is_message = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) in {
            "messages",
            "form",
            "self",
            "forms",
        }
        if name in _CALLS and (is_message or name == "ValidationError"):
            texts = node.args[:1] if name == "ValidationError" else node.args[1:2]
            found += [ast.unparse(one) for one in texts if _is_literal(one)]
    return found


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_a_template_says_nothing_past_the_catalogues() -> None:
    literal = {}
    for path in TEMPLATES:
        shown = path.read_text("utf-8")
        # The house's own name is written in both scripts beside its mark.
        if path.name == "_brand.html" or path.name == "_language.html":
            shown = re.sub("邦池|中文|English", "", shown)
        literal[_short(path)] = words(shown)

    assert len(literal) > 200
    assert {path: found for path, found in literal.items() if found} == {}


def test_forms_and_messages_say_nothing_past_the_catalogues() -> None:
    literal = {_short(path): literals(path.read_text("utf-8")) for path in SOURCES}

    assert len(literal) > 500
    assert {path: found for path, found in literal.items() if found} == {}


def test_the_finders_find() -> None:
    template = (
        '{% load i18n %}<p title="Try">{% translate "Lots" %} Hello {{ name }} CSV</p><i>批次</i>'
    )
    source = """
forms.CharField(label="Name", help_text=_("Fine"))
messages.success(request, f"Sold {n} units")
messages.success(request, _("Sold"))
raise forms.ValidationError("Too late")
"""

    assert words(template) == ["Try", "Hello", "批次"]
    assert literals(source) == ["'Name'", "f'Sold {n} units'", "'Too late'"]
