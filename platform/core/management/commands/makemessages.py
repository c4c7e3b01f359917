from __future__ import annotations

import ast
from functools import cached_property
from pathlib import Path

from django.core.management.commands import makemessages


class BuildFile(makemessages.BuildFile):
    """A source whose refusals are translatable too: their docstrings are what a person reads."""

    @cached_property
    def _sentences(self) -> list[str]:
        path = Path(self.path)
        return refusals(path.read_text("utf-8")) if path.suffix == ".py" else []

    @cached_property
    def is_templatized(self) -> bool:
        return bool(self._sentences) or super().is_templatized

    def preprocess(self) -> None:
        if not self._sentences:
            super().preprocess()
            return
        # The copy that gettext reads; it is removed afterwards.
        calls = "\n".join(f"gettext({sentence!r})" for sentence in self._sentences)
        source = Path(self.path).read_text("utf-8")
        Path(self.work_path).write_text(f"{source}\n{calls}\n", "utf-8")


class Command(makemessages.Command):
    """Django's ``makemessages``, which also finds the sentences of the refusals.

    Run it in the app's folder: ``cd customs && bondpool makemessages -l zh_Hans --no-location``.
    """

    build_file_class = BuildFile


def refusals(source: str) -> list[str]:
    """The sentences of the refusals in a source: classes with a ``code`` and a docstring."""
    return [
        " ".join(sentence.split())
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef)
        and any(_is_code(statement) for statement in node.body)
        and (sentence := ast.get_docstring(node))
    ]


def _is_code(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=str())):
            return True
        case ast.AnnAssign(target=ast.Name(id="code"), value=ast.Constant(value=str())):
            return True
    return False
