"""Compiles the translations (``.po`` to ``.mo``) with Babel, so that no gettext is needed.

Run by the set-up as ``python -m core.catalogues``; the results are not committed.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

APPS = ("platform/*", "procurement", "warehouse", "customs", "traceability")


def catalogues(root: Path) -> Iterator[Path]:
    """Every message catalogue of our own apps."""
    for app in APPS:
        yield from sorted(root.glob(f"{app}/locale/*/LC_MESSAGES/django.po"))


def compile_catalogue(source: Path) -> Path:
    """Write the ``.mo`` beside the ``.po``, whole or not at all, and return its path."""
    language = source.parents[1].name
    with source.open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    target = source.with_suffix(".mo")
    unfinished = target.with_suffix(".mo.unfinished")
    with unfinished.open("wb") as file:
        write_mo(file, catalogue)
    unfinished.replace(target)
    return target


if __name__ == "__main__":
    for catalogue in catalogues(Path(__file__).resolve().parents[2]):
        try:
            compile_catalogue(catalogue)
        except (PoFileError, ValueError) as problem:
            sys.exit(f"{catalogue}: {problem}")
