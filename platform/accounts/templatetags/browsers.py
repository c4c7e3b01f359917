"""A browser by the name its owner knows it by."""

from __future__ import annotations

import re

from django import template

register = template.Library()

#: The first that is found counts: most browsers call themselves others as well.
_BROWSERS = (
    ("WeChat", r"MicroMessenger/(\d+)"),
    ("Edge", r"Edg(?:A|iOS)?/(\d+)"),
    ("Opera", r"OPR/(\d+)"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d+)"),
    ("Chrome", r"(?:Headless)?(?:Chrome|CriOS)/(\d+)"),
    ("Safari", r"Version/(\d+)[\d.]* .*Safari/"),
)
_SYSTEMS = (
    ("iOS", r"iPhone|iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows NT"),
    ("macOS", r"Mac OS X"),
    ("Linux", r"Linux"),
)


@register.filter
def browser(told: str) -> str:
    """``Chrome 156, Windows``; the first forty characters of what is none of these."""
    for name, pattern in _BROWSERS:
        found = re.search(pattern, told)
        if found:
            system = next((name for name, mark in _SYSTEMS if re.search(mark, told)), "")
            return f"{name} {found[1]}, {system}" if system else f"{name} {found[1]}"
    return told[:40]
