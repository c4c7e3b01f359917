"""The page of customs' rules says what the rules say."""

from __future__ import annotations

import io
from pathlib import Path

from django.core.management import call_command

PAGE = Path(__file__).resolve().parents[2] / "docs" / "customs-rules.md"


def test_the_page_is_fresh() -> None:
    assert customs_page() == PAGE.read_text("utf-8"), "write it: bondpool customs_rulebook"


def test_every_rule_stands_there_in_both_languages() -> None:
    rows = [line.split(" | ") for line in customs_page().splitlines() if line.startswith("| `")]

    assert len(rows) > 80
    assert len({row[0] for row in rows}) == len(rows)
    for code, chinese, english in rows:
        assert chinese != english.removesuffix(" |"), code
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese), code


def customs_page() -> str:
    out = io.StringIO()
    call_command("customs_rulebook", stdout=out)
    return out.getvalue()
