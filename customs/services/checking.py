"""A declaration is held against customs' rules before it goes anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from customs import queries
from customs.models import Declaration
from customs.rules.declared import Finding, RulesBroken
from warehouse.days import day_of


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """A finding in words: of a goods line, or of the head where ``row`` is 0."""

    row: int
    field: str
    message: str


def check_rules(*, declaration: Declaration, now: datetime) -> None:
    """Refuse a declaration that customs would send back, or that its papers could not say: they are
    drawn with the law and the code tables of the day it was drafted on, and customs holds it to
    those of the day on which it is declared. Raises RulesBroken, line by line."""
    drafted, today = day_of(declaration.drafted_at), day_of(now)
    found = queries.findings_of(declaration, day=drafted)
    if today != drafted:
        found += new_among(queries.findings_of(declaration, day=today), found)
    refuse(declaration.our_reference, found)


def refuse(reference: str, found: Sequence[Finding]) -> None:
    """Raises RulesBroken, line by line, where there is one."""
    if found:
        raise RulesBroken(
            declaration=reference, findings=len(found), rows=[told(one) for one in found]
        )


def new_among(found: Iterable[Finding], before: Iterable[Finding]) -> list[Finding]:
    """Those of a rule, line and field that none had before."""
    known = {_name(one) for one in before}
    return [one for one in found if _name(one) not in known]


def _name(one: Finding) -> tuple[str, int, str]:
    return one.error.code, one.line, one.field


def told(one: Finding) -> ToldFinding:
    """In the reader's language, with what stands there and what should."""
    sentence = gettext(one.error.rule())
    facts = ", ".join(str(value) for value in one.error.facts.values())
    return ToldFinding(one.line, one.field, f"{sentence} ({facts})" if facts else sentence)
