"""Amounts in words: what banks and customs read off an invoice."""

from __future__ import annotations

import pytest

from core.amounts import in_chinese, in_english


@pytest.mark.parametrize(
    ("minor", "words"),
    [
        (0, "欧元零元整"),
        (5, "欧元伍分"),
        (50, "欧元伍角"),
        (101, "欧元壹元零壹分"),
        (110, "欧元壹元壹角"),
        (120_000, "欧元壹仟贰佰元整"),
        (100_010_000, "欧元壹佰万零壹佰元整"),
        (1_000_500_000, "欧元壹仟万伍仟元整"),
        (10_000_000_005, "欧元壹亿元零伍分"),
        (123_456_789_012, "欧元壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾元壹角贰分"),
    ],
)
def test_in_chinese_capitals(minor: int, words: str) -> None:
    assert in_chinese(minor, "EUR", "欧元") == words


@pytest.mark.parametrize(
    ("minor", "currency", "words"),
    [
        (0, "EUR", "EUR zero only"),
        (120_000, "EUR", "EUR one thousand two hundred only"),
        (3_001_275, "EUR", "EUR thirty thousand twelve and 75/100"),
        (21_000_042, "JPY", "JPY twenty-one million forty-two only"),
        (1_005, "KWD", "KWD one and 005/1000"),
    ],
)
def test_in_english(minor: int, currency: str, words: str) -> None:
    assert in_english(minor, currency) == words


def test_a_currency_without_a_minor_unit_has_no_cents() -> None:
    assert in_chinese(120, "JPY", "日元") == "日元壹佰贰拾元整"
