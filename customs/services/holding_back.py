"""A retail list whose tax its guarantee does not cover is not told to customs: it waits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from core.queue import ring
from core.taking import take_turns
from customs.models import Guarantee, MessageKind, MissingPaper, RetailList, RetailParties
from customs.queries.guarantees import free_of, held_lists, holding_on
from customs.rules.guarantees import GuaranteeUsedUp, covered
from customs.rules.receipts.billing import yuan
from notices.services import once, tell
from warehouse.days import day_of

BELL = "customs.messages"
GAP: dict[str, object] = {
    "field": "guarantee",
    "code": GuaranteeUsedUp.code,
    "kind": MessageKind.RETAIL_LIST.value,
}


class FreeAmounts:
    """What is free of each guarantee that holds lists back, while ``lists`` are told in one
    transaction. Whoever tells others against the same one, or pays, waits until it ends."""

    def __init__(
        self, parties: Collection[RetailParties], lists: Iterable[RetailList], *, now: datetime
    ) -> None:
        self._now, day = now, day_of(now)
        codes = {(one.agent_id, one.assure_code) for one in parties}
        for one in holding_on(codes, day=day):
            take_turns("guarantee", f"{one.company_id} {one.assure_code}")
        # What was told or paid while we waited counts.
        self._kept: dict[tuple[int, str], Guarantee] = {
            (one.company_id, one.assure_code): one for one in holding_on(codes, day=day)
        }
        keys = [one.pk for one in lists] if self._kept else []
        self._free: dict[tuple[int, str], Decimal] = {
            key: free_of(one, day=day, without=keys) for key, one in self._kept.items()
        }

    def let_go(self, by: RetailParties, lists: Sequence[RetailList]) -> list[bool]:
        """Which of a seller's lists are covered, one after the other; the importer hears, once a
        day, that others wait."""
        key = by.agent_id, by.assure_code
        if key not in self._kept:
            return [True] * len(lists)
        taxes = [yuan(one.tax_minor) for one in lists]
        found = covered(self._free[key], taxes)
        self._free[key] -= sum(
            (tax for tax, fits in zip(taxes, found, strict=True) if fits), Decimal(0)
        )
        if not all(found):
            self._tell_held(self._kept[key])
        return found

    def _tell_held(self, guarantee: Guarantee) -> None:
        day = day_of(self._now)
        if once("guarantee.holds", f"{guarantee.pk} {day}", now=self._now):
            tell(
                "guarantee.holds",
                subject=f"{guarantee.assure_code} {day}",
                facts={"guarantee": guarantee.assure_code},
                companies=[guarantee.company_id],
                now=self._now,
            )


def look_again(*, company: int, assure_code: str, now: datetime) -> None:
    """More is free of a guarantee now: what waits for it is looked at at once."""
    waiting = held_lists().filter(
        seller__retail_parties__agent=company, seller__retail_parties__assure_code=assure_code
    )
    MissingPaper.objects.filter(retail_list__in=waiting).update(again_at=now)
    ring(BELL)
