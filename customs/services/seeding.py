"""The code tables that come with the product, for a house that has none of them yet.

Countries, currencies and units: what messages to customs, tariff files and the rules of a
declaration cannot do without. ``customs/seeds`` holds customs' own codes of 2018 with the older
ones that its messages still speak (DEU is 304, EUR is 300). South Africa is 244: the published
table gives its code to "Africa, other" (299) as well, which is left out here.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from accounts.models import User
from customs.models import ReferenceProposal
from customs.queries.reference import is_kept
from customs.services.reference import approve_reference, propose_reference

SHIPPED = ("country", "currency", "unit")
SEEDS = Path(__file__).resolve().parents[1] / "seeds"
#: Since then customs' declaration has ISO codes, and the older ones beside them.
SINCE = date(2018, 8, 1)
SOURCE = "关检融合部分通关参数 2018"


@transaction.atomic
def keep_shipped(*, proposed_by: User, approved_by: User, now: datetime) -> list[ReferenceProposal]:
    """Load each shipped table of which nothing is kept, in one step; the others stay as they are.

    There is nothing to hold an empty table's rows against, and no paper was made by it: that is
    why this alone is proposed and approved at once, by two people all the same. Returns what was
    approved.

    Raises NotAnOperator or ProposerApprovesAlone; then nothing has been written.
    """
    made = []
    for table in SHIPPED:
        if is_kept(table):
            continue
        proposal = propose_reference(
            kind=table,
            file_name=f"{table}.csv",
            content=(SEEDS / f"{table}.csv").read_bytes(),
            proposed_by=proposed_by,
            now=now,
            source=SOURCE,
            valid_from=SINCE,
        )
        approve_reference(proposal=proposal, decided_by=approved_by, now=now)
        made.append(proposal)
    return made
