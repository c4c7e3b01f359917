"""A seller's statement of a round is made once, and only if it can be recomputed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction

from accounts.models import Company
from core.errors import DomainError
from core.walls import platform_wide
from procurement.models import PoolRound, RoundStatement
from procurement.queries import bearing, statements
from procurement.queries.statements import Stated
from procurement.rules import billing, disclosing
from procurement.rules.sharing.apart import spread_told
from procurement.rules.sharing.capping import Capped
from procurement.rules.sharing.parts import Bills, Terms, cap_part
from procurement.rules.sharing.splitting import Whole
from procurement.rules.sharing.statements import build_statement, canonical
from procurement.rules.sharing.verifying import read_statement, recompute
from procurement.rules.solving.alone import alone
from procurement.rules.solving.evaluating import Cost
from procurement.rules.solving.terms import Problem


class NothingToState(DomainError):
    """There is a statement once the round has closed, for who got something in it."""

    code = "procurement.nothing_to_state"


class StatementWrong(RuntimeError):
    """A statement that was made does not come to what was billed; it is not handed out."""


def state(
    *, round: PoolRound, seller: Company, now: datetime, run: int | None = None
) -> RoundStatement:
    """One seller's statement of a run of a closed round, the newest unless told: made and
    checked when it is asked for first. A new one takes the place of the earlier, which stay.

    Raises NothingToState, or StatementWrong when an amount of it differs from the bill or cannot
    be recomputed from the text; then nothing has been written.
    """
    newest = statements.newest_run(round, seller)
    if newest is None or (run is not None and not 1 <= run <= newest):
        raise NothingToState(round=round.code)
    number = run or newest
    held = RoundStatement.objects.filter(round=round, owner=seller, run=number)
    if found := held.first():
        return found
    # Parts of a bill are told by what everybody bears of it.
    with platform_wide():
        told = _statement(round, seller, number)
        text = canonical(told)
        check(text)
        with transaction.atomic():
            RoundStatement.objects.bulk_create(
                [
                    RoundStatement(
                        round=round,
                        run=number,
                        owner=seller,
                        made_at=now,
                        content=text,
                        digest=told["digest"],
                    )
                ],
                # Whoever asked at the same moment made the same.
                ignore_conflicts=True,
            )
    return held.get()


def check(text: str) -> None:
    """Recompute a statement as a stranger does. Raises StatementWrong."""
    wrong = [one for one in recompute(read_statement(text)) if not one.ok]
    if wrong:
        raise StatementWrong(f"{StatementWrong.__doc__} {wrong[:5]}")


def _statement(round: PoolRound, seller: Company, run: int) -> dict[str, Any]:
    plan = bearing.plan_of(round)
    if plan is None or bearing.run_of(round, run) is None:
        raise StatementWrong("a round with bills and without a plan or a run")
    problem = bearing.terms_of(plan)
    stated = statements.gather(round, seller, run)
    held = billing.holdings(problem, stated.shares, stated.lines)
    mine = stated.shares.loc[stated.shares["owner_id"] != stated.platform_id]
    lanes = bearing.lanes_of(set(stated.lines["order_id"].tolist()), problem)
    lines = stated.lines.assign(lane=stated.lines["order_id"].map(lanes))
    prices = billing.prices_of(problem, lines)
    bills = Bills(
        stated.charges,
        spread_told(stated.charges, held, prices, platform_id=stated.platform_id),
        platform_id=stated.platform_id,
        shown=disclosing.open_orders(mine),
    )
    capped, own, at = _capped(stated, seller)
    got = {part.product: part.got for part in stated.products if part.got}
    terms = statements.only(problem, set(got))
    costs = bills.of(seller.pk)
    told = build_statement(
        round=stated.round,
        seller=stated.seller,
        sellers_in_round=int((stated.bills["units"] > 0).sum()),
        products=stated.products,
        costs=costs,
        cap=cap_part(capped, own, at),
        terms=Terms(terms),
        alone=_alone(terms, got),
        suppliers=statements.suppliers_of(terms),
        corrections=stated.corrections,
        run=stated.run,
        factor=stated.factor,
    )
    row = stated.bills.loc[stated.bills["owner_id"] == seller.pk].iloc[0]
    for name in ("shared_minor", "alone_minor", "paid_minor"):
        if told["totals"][name] != int(row[name]):
            raise StatementWrong(f"{StatementWrong.__doc__} {name}")
    return told


def _capped(stated: Stated, seller: Company) -> tuple[Capped, Whole, int]:
    """The caps of all who hold something, what each would pay alone, and the place of this seller
    among them; who holds nothing any more is told by itself."""
    is_in = (stated.bills["units"] > 0) | (stated.bills["shared_minor"] > 0)
    if not is_in[stated.bills["owner_id"] == seller.pk].any():
        is_in = stated.bills["owner_id"] == seller.pk
    there = stated.bills.loc[is_in]
    owners = there["owner_id"].to_numpy(np.int64)
    own = there["alone_minor"].to_numpy(np.int64)
    capped = billing.cap_of(owners, there["shared_minor"].to_numpy(np.int64), own)
    return capped, own, int(np.searchsorted(owners, seller.pk))


def _alone(terms: Problem, got: dict[int, int]) -> Cost:
    found = alone(
        terms,
        sellers=np.ones(len(got), dtype=np.int64),
        products=np.array(list(got), dtype=np.int64),
        quantities=np.array(list(got.values()), dtype=np.int64),
    )
    return found.of(1)
