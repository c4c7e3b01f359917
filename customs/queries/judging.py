"""What persons said of the positive list's remarks, and in which mode goods enter a warehouse."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from catalog.models import Product
from core.walls import platform_wide
from customs.models import HouseMode, RemarkJudgement, RemarkKind
from customs.queries.reference import positive_on
from customs.rules.modes import Mode
from customs.rules.positive_list import NO_REMARK, Judged, Remark, Verdict, standing
from warehouse.days import day_of


@dataclass(frozen=True, slots=True)
class RemarkOf:
    """A product under the positive list: the remark of its code, what holds of it (None: a person
    must look), and all that was ever said, the newest first."""

    product: Product
    remark: Remark
    stands: Verdict | None
    said: list[RemarkJudgement]

    @property
    def kinds_in_words(self) -> list[str]:
        return [str(RemarkKind(kind).label) for kind in self.remark.kinds]

    @property
    def waits(self) -> bool:
        """A person must look."""
        return bool(self.remark.kinds) and self.stands is None

    @property
    def may_withdraw(self) -> bool:
        return bool(self.said) and self.said[0].verdict != Verdict.WITHDRAWN


def said_last(product: str) -> Subquery:
    """What was said last of the product at a path, for :func:`as_judged`: within one statement."""
    found = RemarkJudgement.objects.filter(product=OuterRef(product)).order_by("-pk")
    told = JSONObject(
        hs_code="hs_code",
        kinds="kinds",
        remark="remark",
        verdict="verdict",
        reason="reason",
        at="judged_at",
    )
    return Subquery(found.values(told=told)[:1])


def as_judged(said: Mapping[str, Any] | None) -> Judged | None:
    """As the rules look at it."""
    if said is None:
        return None
    return Judged(
        hs_code=said["hs_code"],
        remark=Remark.of(said["kinds"], said["remark"]),
        verdict=said["verdict"],
        reason=said["reason"],
        on=day_of(datetime.fromisoformat(said["at"])).isoformat(),
    )


def judgements(products: Collection[int]) -> QuerySet[RemarkJudgement]:
    """The newest of each product."""
    found = RemarkJudgement.objects.filter(product__in=products)
    return found.order_by("product_id", "-pk").distinct("product_id")


def judged_of(products: Collection[int]) -> dict[int, Judged]:
    """By product: what was said of it last."""
    return {one.product_id: one.as_judged for one in judgements(products)}


def remarks_on(codes: Collection[str], day: date) -> Mapping[str, Remark]:
    """By tariff code: what the positive list's remark asks a person on a day."""
    listed = positive_on(codes, day)
    return {code: Remark.of(one.remarks, one.remark) for code, one in listed.items()}


def remark_of(product: Product, day: date) -> RemarkOf:
    """How a product stands under the positive list's remark on a day."""
    remark = remarks_on([product.hs_code], day).get(product.hs_code, NO_REMARK)
    said = list(
        RemarkJudgement.objects.filter(product=product)
        .select_related("judged_by", "judged_for")
        .order_by("-pk")
    )
    newest = said[0].as_judged if said else None
    return RemarkOf(product, remark, standing(newest, product.hs_code, remark), said)


def mode_of(warehouse_id: int, day: date) -> str:
    """In which mode goods enter a warehouse, and leave it, on a day: 1210 until its keeper told
    another."""
    # The keeper tells it; it stands on the papers of its importers.
    with platform_wide():
        return modes_on([warehouse_id], day).get(warehouse_id, Mode.BONDED)


def modes_on(warehouses: Collection[int], day: date) -> dict[int, str]:
    """By warehouse, of those whose keeper told a mode; ask ``platform_wide``."""
    found = HouseMode.objects.filter(warehouse__in=warehouses, valid_from__lte=day)
    newest = found.order_by("warehouse_id", "-valid_from", "-pk").distinct("warehouse_id")
    return dict(newest.values_list("warehouse_id", "mode"))
