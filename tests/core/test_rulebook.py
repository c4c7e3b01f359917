"""The rule book is what the code says."""

from __future__ import annotations

from pathlib import Path

from core.errors import DomainError
from core.rulebook import refusals, rulebook

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules.md"


def test_the_page_of_rules_is_what_the_code_says() -> None:
    assert PAGE.read_text("utf-8") == rulebook(), "run `make rules`"


def test_every_refusal_has_a_code_and_a_sentence_of_its_own() -> None:
    kinds = refusals()

    assert len(kinds) > 100
    assert len({kind.code for kind in kinds}) == len(kinds)
    for kind in kinds:
        assert kind.rule().endswith((".", "?")), kind
        assert kind.rule() != DomainError.rule(), kind
        assert 400 <= kind.status < 600, kind
