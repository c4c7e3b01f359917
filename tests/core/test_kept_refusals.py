"""Why work was given up is told with what it was refused for."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from core.errors import CurrencyMismatch, DomainError, NotExact
from core.kept_refusals import in_words
from customs.rules.ceb.envelope import Envelope, EnvelopeInvalid, write_envelope


def kept(refusal: DomainError) -> str:
    """As ``core.queue.put_back`` keeps it."""
    return f"{type(refusal).__name__}: {refusal}"


def test_a_message_that_fits_no_envelope_names_the_field_and_why() -> None:
    odd = Envelope("M", "S", ("R",), "yesterday", "CEB621Message", b"<a/>", "")
    with pytest.raises(EnvelopeInvalid) as refused:
        write_envelope(odd)
    text = kept(refused.value)

    with override("en"):
        assert in_words(text) == (
            "This envelope is not as its form demands; the message in it was not taken. "
            "(field: DxpMsg/TransInfo/CreatTime, "
            "why: This field is a time, written 2026-11-30T08:00:00. (value: yesterday))"
        )
    with override("zh-hans"):
        told = in_words(text)
    assert "DxpMsg/TransInfo/CreatTime" in told
    assert "This" not in told
    assert "field" not in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("RuntimeError: boom", ""),
        ("", ""),
        ("NotExact: An amount …", NotExact.rule()),
        (kept(NotExact()), NotExact.rule()),
        (kept(NotExact(a="/srv/x")), NotExact.rule()),
        (kept(NotExact(a=1, the_b="x, y (z)")), f"{NotExact.rule()} (a: 1, the b: x, y (z))"),
        (
            kept(NotExact(a=CurrencyMismatch(c=2, d=3), b="2=2")),
            f"{NotExact.rule()} (a: {CurrencyMismatch.rule()} (c: 2, d: 3), b: 2=2)",
        ),
        (kept(NotExact(a="x" * 50))[:-9], NotExact.rule()),
    ],
)
def test_a_refusal_is_told_with_its_facts_and_anything_else_not_at_all(
    text: str, told: str
) -> None:
    with override("en"):
        assert in_words(text) == told
