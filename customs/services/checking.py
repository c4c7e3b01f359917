"""A declaration is held against customs' rules before it goes anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext

from customs import queries
from customs.models import Declaration
from customs.rules.declared import Finding, RulesBroken


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """A finding in words: of a goods line, or of the head where ``row`` is 0."""

    row: int
    field: str
    message: str


def check_rules(*, declaration: Declaration, now: datetime) -> None:
    """Refuse a declaration that customs would send back. Raises RulesBroken, line by line."""
    day = now.astimezone(get_default_timezone()).date()
    found = queries.findings_of(declaration, day=day)
    if found:
        raise RulesBroken(
            declaration=declaration.our_reference,
            findings=len(found),
            rows=[told(one) for one in found],
        )


def told(one: Finding) -> ToldFinding:
    """In the reader's language, with what stands there and what should."""
    sentence = gettext(one.error.rule())
    facts = ", ".join(str(value) for value in one.error.facts.values())
    return ToldFinding(one.line, one.field, f"{sentence} ({facts})" if facts else sentence)
