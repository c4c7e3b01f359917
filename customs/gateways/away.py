"""What a way says when it cannot be gone."""

from __future__ import annotations


class GatewayAway(Exception):
    """The way itself is not open: every message would fail, and none is at fault. Try again."""
