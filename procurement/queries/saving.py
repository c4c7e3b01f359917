"""What pooling saves: what sellers are billed against what each would have paid alone.

Both are the bills' figures, with all of it in: own packs and minimums, freight as part load, the
declaration, the wire. What the goods alone would have cost at the same supplier stands with the
orders (:mod:`~procurement.queries.orders`) and is told as that.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Q, QuerySet, Sum

from accounts.models import Company, CompanyKind
from procurement.models import BillRun, PoolRound, RoundBill, RoundState


@dataclass(frozen=True, slots=True)
class Saving:
    """Of one round, CNY fen."""

    round: str
    paid_minor: int
    alone_minor: int

    @property
    def saved_minor(self) -> int:
        return self.alone_minor - self.paid_minor

    @property
    def saved_percent(self) -> Decimal:
        """Of what it would have cost alone, one decimal; nothing of nothing."""
        if not self.alone_minor:
            return Decimal("0.0")
        part = Decimal(100 * self.saved_minor) / Decimal(self.alone_minor)
        return part.quantize(Decimal("0.1"), ROUND_HALF_UP)


def saving_of(round: PoolRound) -> Saving | None:
    """All sellers' of a round, by its newest bills; None before there are any. For operators."""
    found = _of_all(PoolRound.objects.filter(pk=round.pk))
    return found[0] if found else None


def savings(*, latest: int = 6) -> list[Saving]:
    """All sellers' of the latest closed rounds, oldest first; for operators."""
    return _of_all(_closed()[:latest])


def savings_of(owner: Company, *, latest: int = 6) -> list[Saving]:
    """One owner's of the latest closed rounds, oldest first."""
    rounds = list(_closed().values_list("pk", flat=True)[:latest])
    rows = (
        RoundBill.objects.filter(owner=owner, round__in=rounds)
        .order_by("round__code", "-run")
        .distinct("round__code")
    )
    return [Saving(*row) for row in rows.values_list("round__code", "paid_minor", "alone_minor")]


def _closed() -> QuerySet[PoolRound]:
    return PoolRound.objects.filter(state=RoundState.CLOSED).order_by("-code")


def _of_all(rounds: QuerySet[PoolRound]) -> list[Saving]:
    newest = (
        BillRun.objects.filter(round__in=list(rounds.values_list("pk", flat=True)))
        .order_by("round", "-number")
        .distinct("round")
        .values_list("round", "number")
    )
    wanted = Q(pk__in=[])
    for round, number in newest:
        wanted |= Q(round=round, run=number)
    rows = (
        RoundBill.objects.filter(wanted)
        .exclude(owner__kinds__contains=[CompanyKind.PLATFORM])
        .order_by("round__code")
        .values_list("round__code")
        .annotate(paid=Sum("paid_minor"), alone=Sum("alone_minor"))
    )
    return [Saving(code, int(paid), int(alone)) for code, paid, alone in rows]
