"""Reference data of the demo: proposed by one operator, approved by another.

Countries, currencies and units are the tables that come with the product, in front of what draws
from them.

Where each row comes from stands in its ``source``. Codes and units are the customs tables' own; the
rates, remarks and elements are examples in the shape of the catalogues, which decide.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from core.sheets import write_csv
from customs.models import ExchangeRate, PositiveEntry, TariffRate
from customs.rules.reference.kinds import EXCHANGE, KINDS, POSITIVE, TARIFF
from customs.services import approve_reference, keep_shipped, propose_reference
from demo.house import rows as data_rows
from demo.story import Story

#: Since cross-border retail import has its tax of its own.
SINCE = date(2016, 4, 8)
#: Months whose customs rates are told: the quarter that is planned, and the one after it.
MONTHS = 12
MADE_UP = "the loader's mapping; made up"


def keep_reference(story: Story) -> None:
    """Load what is not kept yet; safe to run again."""
    keep_shipped(
        proposed_by=story.house.operator,
        approved_by=story.house.second_operator,
        now=story.quarter.opens_at,
    )
    _keep(story, TARIFF, _tariff(story), set(TariffRate.objects.values_list("hs_code", flat=True)))
    rated = set(ExchangeRate.objects.values_list("currency", flat=True))
    _keep(story, EXCHANGE, _exchange(story), rated)
    listed = set(PositiveEntry.objects.values_list("code", flat=True))
    _keep(story, POSITIVE, _positive(story), listed)


def _tariff(story: Story) -> list[dict[str, str]]:
    kept = data_rows("reference_tariff.csv")
    known = {row["hs_code"] for row in kept}
    for one in story.goods:
        if one.rates and one.hs_code not in known:
            known.add(one.hs_code)
            duty, vat, consumption = map(str, one.rates)
            kept.append(
                {
                    "hs_code": one.hs_code,
                    "valid_from": SINCE.isoformat(),
                    "duty_rate": duty,
                    "vat_rate": vat,
                    "consumption_tax_rate": consumption,
                    "legal_unit": "035",
                    "source": MADE_UP,
                }
            )
    return kept


def _exchange(story: Story) -> list[dict[str, str]]:
    """The same rates for each month from the quarter's opening on: real ones move."""
    first = story.quarter.opens_at.date().replace(day=1)
    months = [first]
    for _at in range(MONTHS):
        months.append((months[-1] + timedelta(days=31)).replace(day=1))
    return [
        {
            **row,
            "valid_from": begins.isoformat(),
            "valid_to": (following - timedelta(days=1)).isoformat(),
        }
        for row in data_rows("reference_exchange.csv")
        for begins, following in pairwise(months)
    ]


def _positive(story: Story) -> list[dict[str, str]]:
    kept = data_rows("reference_positive.csv")
    known = {row["code"] for row in kept}
    told = {row["hs_code"] for row in data_rows("reference_tariff.csv")}
    for one in story.goods:
        code = one.hs_code[:8]
        if one.rates and one.hs_code not in told and code not in known:
            known.add(code)
            kept.append({"code": code, "valid_from": SINCE.isoformat(), "source": MADE_UP})
    return kept


def _keep(story: Story, kind: str, rows: list[dict[str, str]], kept: set[str]) -> None:
    """Through a file and two people, as anybody else's."""
    known = KINDS[kind]
    new = [row for row in rows if row[known.key.name] not in kept]
    if not new:
        return
    opened = story.quarter.opens_at
    proposal = propose_reference(
        kind=kind,
        file_name=f"{kind}.csv",
        content=write_csv(
            known.columns, ([row.get(name, "") for name in known.columns] for row in new)
        ),
        proposed_by=story.house.operator,
        now=opened,
    )
    approve_reference(proposal=proposal, decided_by=story.house.second_operator, now=opened)
