"""Countries of origin by their ISO 3166 alpha-3 code, in the reader's language."""

from __future__ import annotations

from babel import Locale
from babel.core import get_global


def alpha2(iso3: str) -> str:
    """``NZL`` is ``NZ``; a code nobody knows stays as it is."""
    found: list[str] = get_global("territory_aliases").get(iso3.upper(), [iso3])
    return found[0]


def country_name(iso3: str, language: str) -> str:
    """``NZL`` is 新西兰 or New Zealand; a code nobody knows stays as it is."""
    locale = Locale.parse("zh_Hans" if language.startswith("zh") else "en")
    return str(locale.territories.get(alpha2(iso3), iso3))
