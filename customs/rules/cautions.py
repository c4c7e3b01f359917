"""What a person looks at before the form is ordered, and what stops nothing.

What somebody judged of the positive list's remark is shown beside its line, with the reason. And in
mode 1239 goods are not freed from what a first import asks for; which goods those are no table
says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from core.errors import InputError
from customs.rules.declared import Finding, Goods, Law
from customs.rules.modes import Mode
from customs.rules.positive_list import Verdict, standing


class RemarkJudged(InputError):
    """A person said that these goods may be imported under the remark of the positive list: look
    that it holds for what is declared."""

    code = "customs.remark_judged"


class FirstImportPapers(InputError):
    """Mode 1239 does not free goods from the licence, registration or filing of a first import, as
    1210 does: look that cosmetics, infant formula, medical devices and special foods have theirs.
    """

    code = "customs.first_import_papers"


def cautions(mode: str, goods: Iterable[Goods], laws: Mapping[str, Law]) -> list[Finding]:
    """What a person looks at: of the head first, then line by line."""
    head = [Finding(FirstImportPapers(mode=mode), 0, "supervision_mode")]
    found = head if mode == Mode.BONDED_A else []
    return [*found, *(one for line in goods for one in _judged(line, laws.get(line.hs_code)))]


def _judged(line: Goods, law: Law | None) -> Iterator[Finding]:
    if law is None or not law.remark.kinds:
        return
    for one in line.articles:
        if one.judged and standing(one.judged, line.hs_code, law.remark) == Verdict.FITS:
            told = {"product": one.sku, "remark": law.remark.text}
            error = RemarkJudged(**told, reason=one.judged.reason, on=one.judged.on)
            yield Finding(error, line.position, "hs_code")
