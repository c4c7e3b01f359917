"""Filters of the customs pages."""

from __future__ import annotations

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def percent(rate: Decimal) -> str:
    """``0.13000`` is ``13%``, ``0.065`` is ``6.5%``."""
    return f"{(rate * 100).normalize():f}%"
