"""What pooling saved, round by round."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from procurement.queries.saving import Saving
from web.pages import Chart


def chart(savings: Sequence[Saving], title: str | Promise) -> list[Chart]:
    """In percent of the whole cost of going alone; none before anything was billed."""
    told = [one for one in savings if one.alone_minor]
    if not told:
        return []
    return [
        Chart(
            key="rounds",
            title=title,
            unit="%",
            head=_("Round"),
            categories=[one.round for one in told],
            series=[(_("less"), [str(one.saved_percent) for one in told])],
            note=_(
                "Bills against what each seller would have paid alone: own packs and minimums,"
                " freight, declaration and wire."
            ),
        )
    ]
