"""The rule book: every refusal of the house, in its own sentence (``bondpool rulebook``)."""

from __future__ import annotations

import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

from django.apps import apps
from django.conf import settings

from core.errors import DomainError

#: Doors and tests of an app have no rules of their own.
_WITHOUT = ("migrations", "management", "admin")


def refusals() -> list[type[DomainError]]:
    """Every refusal that an app of the house defines, by code."""
    _import_all()
    found = {
        kind.code: kind
        for kind in _below(DomainError)
        if "code" in vars(kind) and not kind.__module__.startswith("tests.")
    }
    return [found[code] for code in sorted(found)]


@cache
def _import_all() -> None:
    """Once a process: looking through the folders takes as long as answering a page."""
    for config in apps.get_app_configs():
        is_ours = Path(config.path).is_relative_to(settings.BASE_DIR) and not (
            {"site-packages", "dist-packages"} & {*Path(config.path).parts}
        )
        if is_ours and config.module is not None:
            for _module in _modules(config.module):
                pass


def rulebook() -> str:
    """``docs/rules.md``: one table per app."""
    by_app: dict[str, list[type[DomainError]]] = defaultdict(list)
    for kind in refusals():
        by_app[kind.code.partition(".")[0]].append(kind)
    lines = [
        "# Rules",
        "",
        "Every refusal of the house in its own words. Written by `make rules`; do not edit.",
        "409 refuses because of the state of the world, 422 because of the input.",
    ]
    for app, kinds in sorted(by_app.items()):
        lines += ["", f"## {app}", "", "| code | status | rule |", "| --- | --- | --- |"]
        lines += [f"| `{kind.code}` | {kind.status} | {kind.rule()} |" for kind in kinds]
    return "\n".join(lines) + "\n"


def _below(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not any(part in _WITHOUT for part in found.name.split(".")):
            yield importlib.import_module(found.name)
