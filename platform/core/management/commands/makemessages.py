from __future__ import annotations

import ast
from functools import cached_property
from pathlib import Path

from django.core.management.commands import makemessages

#: What stands above an operation of the API: ``@routes.show(…)``.
_OPERATIONS = {"rows", "show", "file", "create", "change", "ask"}


class BuildFile(makemessages.BuildFile):
    """A source whose refusals are translatable too: their docstrings are what a person reads.

    So are those of the API's operations and bodies, which are the words of its reference.
    """

    @cached_property
    def _calls(self) -> list[str]:
        path = Path(self.path)
        if path.suffix != ".py":
            return []
        source = path.read_text("utf-8")
        return [
            *(f"gettext({sentence!r})" for sentence in refusals(source)),
            *(f'pgettext("fact", {name!r})' for name in facts(source)),
            *(f"gettext({sentence!r})" for sentence in of_the_api(path, source)),
        ]

    @cached_property
    def is_templatized(self) -> bool:
        return bool(self._calls) or super().is_templatized

    def preprocess(self) -> None:
        if not self._calls:
            super().preprocess()
            return
        # The copy that gettext reads; it is removed afterwards.
        source = Path(self.path).read_text("utf-8")
        Path(self.work_path).write_text("\n".join([source, *self._calls, ""]), "utf-8")


class Command(makemessages.Command):
    """Django's ``makemessages``, which also finds the refusals' sentences and names of facts.

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


def facts(source: str) -> list[str]:
    """The names of facts that a source raises, as words: ``raise TooFew(minimum_quantity=6)``.

    A refusal that is told and not raised counts where its class stands in the same source.
    """
    tree = ast.parse(source)
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and _code(node)}
    calls = [node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise)]
    calls += [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in own
    ]
    return sorted(
        {
            word.arg.replace("_", " ")
            for call in calls
            if isinstance(call, ast.Call)
            for word in call.keywords
            if word.arg and word.arg != "rows"
        }
    )


def _code(node: ast.ClassDef) -> bool:
    """Whether a class gives a refusal's ``code``."""
    return any(
        isinstance(one, ast.Assign)
        and any(isinstance(name, ast.Name) and name.id == "code" for name in one.targets)
        for one in node.body
    )


def of_the_api(path: Path, source: str) -> list[str]:
    """The paragraphs that the API's schema takes from a source: docstrings and ``description=``."""
    tree = ast.parse(source)
    is_api = path.stem == "api" or path.parent.name == "api"
    if not is_api and not any("Schema" in _bases(one) for one in tree.body):
        return []
    told: list[str] = []
    for node in ast.walk(tree):
        is_said = isinstance(node, ast.ClassDef) or _is_an_operation(node)
        if is_said and (text := ast.get_docstring(node)):  # type: ignore[arg-type]
            told += [" ".join(one.split()) for one in text.split("\n\n")]
        if isinstance(node, ast.keyword) and node.arg == "description":
            match node.value:
                case ast.Constant(value=str(text)):
                    told.append(text)
    return list(dict.fromkeys(told))


def _is_an_operation(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(one, ast.Call)
        and isinstance(one.func, ast.Attribute)
        and one.func.attr in _OPERATIONS
        for one in node.decorator_list
    )


def _bases(node: ast.stmt) -> set[str]:
    bases = node.bases if isinstance(node, ast.ClassDef) else []
    return {one.id for one in bases if isinstance(one, ast.Name)}


def _is_code(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=str())):
            return True
        case ast.AnnAssign(target=ast.Name(id="code"), value=ast.Constant(value=str())):
            return True
    return False
