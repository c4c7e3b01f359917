"""A statement as the files a seller takes away: verifiable, for a spreadsheet, on paper."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse
from django.utils import translation

from core.sheets import write_csv
from procurement import stating
from procurement.models import RoundStatement
from procurement.queries import statements
from procurement.reasons import of_seller, quiet
from procurement.rules.sharing.verifying import read_statement
from procurement.statement_papers import statement_paper

MEDIA: Final = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "zh.pdf": "application/pdf",
    "en.pdf": "application/pdf",
}
_LANGUAGES: Final = {"zh.pdf": "zh-hans", "en.pdf": "en"}


def shown(kept: RoundStatement) -> stating.Told:
    """A statement in the reader's language, with why each of its products got what it got."""
    told = stating.told(read_statement(kept.content))
    why: dict[int, list[str]] = {}
    short = {row.product for row in told.products if row.ordered < row.wished}
    for one in statements.whys(kept.round, kept.owner):
        why.setdefault(one.product, []).extend(of_seller(one, is_short=one.product in short))
    left_out = [row.product for row in told.left_out]
    rules = statements.why_left_out(kept.round, left_out)
    for row in told.products:
        row.why = why.get(row.product, []) or [
            said for said in map(quiet, rules.get(row.product, ())) if said
        ]
    return told


def statement_file(kept: RoundStatement, kind: str) -> HttpResponse:
    """``json``, ``csv``, ``zh.pdf`` or ``en.pdf``. Raises Http404 for other kinds."""
    if kind not in MEDIA:
        raise Http404
    if kind == "json":
        # As it was hashed: nothing is written anew.
        content = kept.content.encode()
    elif kind == "csv":
        content = write_csv(stating.HEAD, stating.csv_rows(shown(kept)))
    else:
        with translation.override(_LANGUAGES[kind]):
            content = statement_paper(shown(kept), made_at=kept.made_at, language=_LANGUAGES[kind])
    name = f"statement-{kept.round.code}-{kept.owner.code}.{kind}"
    answer = HttpResponse(content, content_type=MEDIA[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
