"""What a round's bills are made of: what stands of its orders, whose it is, what was billed."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce

from accounts.models import CompanyKind
from accounts.queries.companies import platform
from core.copying import read_whole
from procurement.models import (
    BillRun,
    BillWork,
    BillWorkState,
    LineRevision,
    MissingShare,
    OrderBill,
    OrderShare,
    PoolRound,
    PurchaseOrder,
    PurchaseOrderLine,
    RevisedShare,
    RoundBill,
    RoundCharge,
    RoundPlan,
)
from procurement.rules import billing, rebilling
from procurement.rules.sharing.costs import WHOLE_SHIPMENT, Driver
from procurement.rules.solving.evaluating import Evaluation
from procurement.rules.solving.solution import problem_from_json, replay
from procurement.rules.solving.terms import LaneKey, Problem

_HELD = ("line_id", "order_id", "product_id", "owner_id", "quantity", "amount_minor")
_CHARGE = ("order_id", "only", "kind", "driver", "amount_minor")


@dataclass(frozen=True, slots=True)
class Stood:
    """As of when a run counts: by order line the revision that stood, and what was missing then."""

    revisions: Mapping[int, int]
    shipments: tuple[int, ...]

    def told(self) -> dict[str, Any]:
        return {
            "revisions": {str(line): key for line, key in sorted(self.revisions.items())},
            "shipments": list(self.shipments),
        }


def stood_of(run: BillRun) -> Stood:
    """What a run that was made says of itself."""
    told = run.stood
    revisions = {int(line): key for line, key in told.get("revisions", {}).items()}
    return Stood(revisions, tuple(told.get("shipments", ())))


def stands_now(round: PoolRound) -> Stood:
    newest = (
        LineRevision.objects.filter(order_line__order__round=round)
        .order_by("order_line_id", "-position")
        .distinct("order_line_id")
    )
    missing = MissingShare.objects.filter(shipment__order__round=round).order_by("shipment_id")
    return Stood(
        dict(newest.values_list("order_line_id", "pk")),
        tuple(missing.values_list("shipment_id", flat=True).distinct()),
    )


def plan_of(round: PoolRound) -> RoundPlan | None:
    """The plan by which a closed round was ordered and is billed."""
    run = BillRun.objects.filter(round=round).select_related("plan").order_by("number").first()
    return run.plan if run else None


def terms_of(plan: RoundPlan) -> Problem:
    """The terms a plan was made from, as they were stored."""
    return problem_from_json(_stored(plan))


def made_of(plan: RoundPlan) -> tuple[Problem, Evaluation]:
    """The same, and the plan that was chosen, counted again by them."""
    terms = _stored(plan)
    return problem_from_json(terms), replay(terms, plan.found)


def _stored(plan: RoundPlan) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(zlib.decompress(bytes(plan.terms)))
    return told


def newest(round: PoolRound) -> BillRun | None:
    """The run that was made last."""
    return BillRun.objects.filter(round=round).order_by("-number").first()


def run_of(round: PoolRound, number: int) -> BillRun | None:
    return BillRun.objects.filter(round=round, number=number).first()


def runs(round: PoolRound) -> QuerySet[BillRun]:
    """All of them, newest first."""
    return BillRun.objects.filter(round=round).order_by("-number")


def last_failure(round: PoolRound) -> str | None:
    """Why a round could not be billed again, where the workers gave up; it is empty where they
    died over it. None otherwise."""
    work = BillWork.objects.filter(round=round, state=BillWorkState.FAILED).order_by("-pk").first()
    return work.last_error if work else None


def unbilled() -> QuerySet[PoolRound]:
    """The rounds that could not be billed again, until somebody lets the workers try again."""
    failed = BillWork.objects.filter(round=OuterRef("pk"), state=BillWorkState.FAILED)
    return PoolRound.objects.filter(Exists(failed)).order_by("pk")


def platform_of(round: PoolRound) -> int:
    """The company to whom nobody's units belong: the platform that has a bill of the round, or
    the one there is. 0 where there is none."""
    billed = RoundBill.objects.filter(round=round, owner__kinds__contains=[CompanyKind.PLATFORM])
    found = billed.order_by("owner_id").values_list("owner_id", flat=True).first()
    if found is None:
        house = platform()
        found = house.pk if house else 0
    return int(found)


def lines(round: PoolRound, problem: Problem, stood: Stood) -> pd.DataFrame:
    """line_id, order_id, product_id, quantity, amount_minor, lane, rate_ppb of every line of a
    round; the lane is its place in the problem."""
    lanes = problem.lane_places
    revised = LineRevision.objects.in_bulk(list(stood.revisions.values()))
    rows = PurchaseOrderLine.objects.filter(order__round=round).order_by("order_id", "position")
    found = []
    for key, order, product, quantity, amount, *lane in rows.values_list(
        *("pk", "order_id", "product_id", "quantity", "amount_minor"),
        *("order__supplier_id", "order__currency", "order__incoterm"),
    ):
        revision = revised.get(stood.revisions.get(key, 0))
        if revision is not None:
            quantity, amount = revision.quantity, revision.amount_minor
        place = lanes[LaneKey(*lane)]
        rate = problem.lanes[place].rate_ppb
        found.append((key, order, product, quantity, amount, place, rate))
    columns = ["line_id", "order_id", "product_id", "quantity", "amount_minor", "lane", "rate_ppb"]
    return pd.DataFrame(found, columns=columns, dtype="int64")


def lanes_of(orders: Collection[int], problem: Problem) -> pd.Series[int]:
    """By order, the place of its lane in the problem."""
    places = problem.lane_places
    rows = PurchaseOrder.objects.filter(pk__in=orders).order_by("pk")
    named = rows.values_list("pk", "supplier_id", "currency", "incoterm")
    told = {
        pk: places[LaneKey(supplier, currency, incoterm)]
        for pk, supplier, currency, incoterm in named
    }
    return pd.Series(told, dtype="int64")


def held(
    round: PoolRound, stood: Stood, platform_id: int, *, only: Mapping[str, object] | None = None
) -> pd.DataFrame:
    """Whose how much of every line stood: line_id, order_id, product_id, owner_id, quantity,
    amount_minor. What did not arrive is the platform's. ``only``: of some orders."""
    asked = dict(only or {})
    plain = OrderShare.objects.filter(round=round, **asked)
    if stood.revisions:
        plain = plain.exclude(line__in=list(stood.revisions))
    wanted = ("line_id", "order_id", "line__product_id", "owner_id", "quantity", "amount_minor")
    shares = pd.DataFrame(read_whole(plain.values_list(*wanted), _HELD))
    if stood.revisions:
        revised = RevisedShare.objects.filter(
            revision__in=list(stood.revisions.values()),
            **{f"order_line__{name}": value for name, value in asked.items()},
        ).values_list(
            *("order_line_id", "order_line__order_id", "order_line__product_id"),
            *("owner_id", "quantity", "amount_minor"),
        )
        shares = pd.concat([shares, pd.DataFrame(read_whole(revised, _HELD))], ignore_index=True)
    if stood.shipments:
        missing = MissingShare.objects.filter(
            shipment__in=stood.shipments,
            **{f"order_line__{name}": value for name, value in asked.items()},
        ).values_list("order_line_id", "owner_id", "quantity")
        lost = pd.DataFrame(read_whole(missing, ("line_id", "owner_id", "quantity")))
        shares = rebilling.arrived(shares, lost, platform_id)
    shares = shares.astype("int64")
    return shares.sort_values(["line_id", "owner_id"], ignore_index=True)


def charges(round: PoolRound, run: int) -> pd.DataFrame:
    """The charges of a run, as the rules take them."""
    rows = RoundCharge.objects.filter(round=round, run=run).annotate(
        only=Coalesce(F("line_id"), Value(WHOLE_SHIPMENT))
    )
    return _frame(rows.order_by("pk").values_list(*_CHARGE, "is_private"), "is_private")


def expected(round: PoolRound, plan: RoundPlan) -> pd.DataFrame:
    """The charges of the first run, as the plan has them.

    Between few sellers insurance went with the freight of containers, and duty on both became a
    charge of the order (:func:`~.disclosing.private`). A bill that takes the place of one of them
    would take others along; who shares them now decides anew.
    """
    found = charges(round, 1)
    is_moved = (found["kind"] == "duty") & (found["line_id"] == WHOLE_SHIPMENT)
    if not (is_moved | (found["driver"] == Driver.SIZE_CLASS)).any():
        return found
    problem, made = made_of(plan)
    rows = PurchaseOrderLine.objects.filter(order__round=round)
    placed = {
        offer: (line, order) for line, order, offer in rows.values_list("pk", "order_id", "offer")
    }
    columns = ["line_id", "order_id"]
    told = pd.DataFrame([placed[line.offer] for line in made.lines], columns=columns)
    lanes = dict(zip((line.lane for line in made.lines), told["order_id"], strict=True))
    orders = pd.Series([lanes[order.lane] for order in made.orders], dtype="int64")
    planned = billing.expected(made, orders, told)
    return billing.by_measure(problem, made, orders, planned)


def bills(round: PoolRound, run: int) -> pd.DataFrame:
    """owner_id, shared_minor, paid_minor of a run."""
    names = ("owner_id", "shared_minor", "paid_minor")
    rows = RoundBill.objects.filter(round=round, run=run).order_by("owner_id")
    return pd.DataFrame(read_whole(rows.values_list(*names), names))


def billed(round: PoolRound) -> pd.DataFrame:
    """What was really billed for the orders of a round, as the rules take it."""
    rows = OrderBill.objects.filter(order__round=round).annotate(
        only=Coalesce(F("line_id"), Value(WHOLE_SHIPMENT))
    )
    return _frame(rows.order_by("pk").values_list(*_CHARGE))


def billed_owners(round: PoolRound) -> pd.Series[int]:
    """Who ever had a bill of a round."""
    keys = RoundBill.objects.filter(round=round).order_by("owner_id").values("owner_id").distinct()
    return pd.Series(read_whole(keys.values_list("owner_id"), ("owner_id",))["owner_id"])


def _frame(rows: QuerySet[Any, Any], *further: str) -> pd.DataFrame:
    found = pd.DataFrame(list(rows), columns=[*rebilling.CHARGE, *further])
    whole = ["shipment_id", "line_id", "amount_minor"]
    return found.astype(dict.fromkeys(whole, np.int64))
