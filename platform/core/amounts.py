"""An amount of money in words, as invoices state it: Chinese capitals, and English."""

from __future__ import annotations

from core.money import exponent

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_SMALL = (
    *("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_STEPS = ("", "thousand", "million", "billion", "trillion")


def in_chinese(minor: int, currency: str, name: str) -> str:
    """``欧元壹仟贰佰元整`` for 120,000 minor units; ``name`` is the currency's."""
    places = exponent(currency)
    whole, part = divmod(minor, 10**places)
    if not part:
        return f"{name}{_capitals(whole)}元整"
    told = f"{name}{_capitals(whole)}元" if whole else name
    digits = f"{part:0{places}d}"
    signs = ("角", "分", "厘", "毫")
    words, gap = "", not digits[0].strip("0") and whole > 0
    for digit, sign in zip(digits, signs, strict=False):
        if digit == "0":
            gap = gap or bool(words)
            continue
        words += ("零" if gap else "") + _DIGITS[int(digit)] + sign
        gap = False
    return told + words


def _capitals(number: int) -> str:
    if number == 0:
        return _DIGITS[0]
    words, at, gap, is_full = "", 0, False, True
    while number:
        number, group = divmod(number, 10_000)
        if group:
            told = _group(group) + _GROUPS[at]
            # A zero is read where a group is short of its thousands, or one between is empty.
            words = told + ("零" if words and (gap or not is_full) else "") + words
            is_full, gap = group >= 1000, False
        elif words:
            gap = True
        at += 1
    return words


def _group(number: int) -> str:
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return words


def in_english(minor: int, currency: str) -> str:
    """``EUR one thousand two hundred only``; cents as ``and 50/100``."""
    places = exponent(currency)
    whole, part = divmod(minor, 10**places)
    told = f"{currency} {_words(whole)}"
    return f"{told} and {part:0{places}d}/{10**places}" if part else f"{told} only"


def _words(number: int) -> str:
    if number == 0:
        return "zero"
    groups: list[str] = []
    for step in _STEPS:
        number, group = divmod(number, 1000)
        if group:
            groups.append(f"{_hundreds(group)} {step}".strip())
    return " ".join(reversed(groups))


def _hundreds(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    told = [f"{_SMALL[hundreds]} hundred"] if hundreds else []
    if rest >= len(_SMALL):
        tens, ones = divmod(rest, 10)
        told.append(f"{_TENS[tens]}-{_SMALL[ones]}".rstrip("-"))
    elif rest:
        told.append(_SMALL[rest])
    return " ".join(told)
