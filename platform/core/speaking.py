"""In which language a command speaks to who called it."""

from __future__ import annotations

import os

from django.core.management.base import CommandParser


def add_language(parser: CommandParser) -> None:
    """``--language``: Chinese or English, the shell's if it is not given."""
    parser.add_argument(
        "--language",
        choices=("zh-hans", "en"),
        default="zh-hans" if os.environ.get("LANG", "").startswith("zh") else "en",
        help="the language of what is said (the shell's, if not given)",
    )
