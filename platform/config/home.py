"""The start page of each role: what to do next, told by the stages' own queries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from web.pages import Home


def build(membership: Any, *, now: datetime) -> Home:
    """The page for the role in use."""
    return Home(lead=_("Nothing yet."))
