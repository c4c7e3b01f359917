"""Letters: what an e-mail says, as text and as a simple page, in one language.

A letter is two templates that extend ``mail/base.html`` and ``mail/base.txt``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str
    html: str


def letter(template: str, context: Mapping[str, Any], *, subject: object, language: str) -> Letter:
    """``template`` is the name without its end: ``mail/notice`` has a .txt and an .html.

    ``subject`` may be lazy text; it is put on one line, since a header has one.
    """
    with override(language):
        told = " ".join(str(subject).split())
        filled = {**context, "subject": told}
        return Letter(
            subject=told,
            text=render_to_string(f"{template}.txt", filled).strip() + "\n",
            html=render_to_string(f"{template}.html", filled),
        )
