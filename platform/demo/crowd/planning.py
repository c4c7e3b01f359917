"""A solved round, and what its owners are expected to bear."""

from __future__ import annotations

import json
import zlib

from django.apps import apps
from django.db import connections

from demo.crowd.rows import CURRENCIES, Rows
from procurement.rules.solving.solution import problem_to_json, solution_to_json, solve
from procurement.rules.solving.terms import Break, Item, Lane, Offer, Problem

#: A plan of more is read no differently, and takes long to make.
MOST_PRODUCTS = 200
_MONEY = CURRENCIES.removeprefix("(ARRAY['").removesuffix("'])").split("', '")


class Planning(Rows):
    """The last closed round as a solver took it, and its bills."""

    def plans(self) -> None:
        terms = self._terms()
        # Without time for it nothing is optimised: the plain and the greedy plan are there.
        solution = solve(terms, time_limit_s=0)
        best, plain = solution.best, solution.plans["plain"]
        told = json.dumps(problem_to_json(terms), separators=(",", ":"), sort_keys=True)
        model = apps.get_model("procurement.RoundPlan")
        row = model(
            round_id=self.size.rounds - 1,
            number=1,
            chosen=solution.chosen,
            landed_minor=best.landed,
            adjusted_minor=best.adjusted,
            plain_landed_minor=plain.landed,
            plain_adjusted_minor=plain.adjusted,
            bound_minor=solution.bound,
            gap_ppm=solution.gap_ppm,
            solver=solution.solver,
            solver_version=solution.solver_version,
            terms=zlib.compress(told.encode(), 6),
            terms_digest=solution.problem,
            found=solution_to_json(solution),
        )
        connection = connections[self.using]
        connection.ensure_connection()
        values = {
            str(field.column): self._literal(
                field.get_db_prep_save(getattr(row, field.attname), connection)
            )
            for field in model._meta.concrete_fields
            if not field.primary_key and field.name != "made_at"
        }
        self._insert("procurement.RoundPlan", "(SELECT 1) one", made_at="now()", **values)

    def bills(self) -> None:
        """Of everybody but the first seller: nobody could recompute a statement of these."""
        self._insert(
            "procurement.RoundBill",
            f"generate_series(2, {self.size.sellers}) n",
            round_id=str(self.size.rounds - 1),
            run="1",
            owner_id="1000 + n",
            units="600",
            goods_minor="400000",
            freight_minor="40000",
            insurance_minor="1000",
            duty_minor="0",
            fees_minor="9000",
            shared_minor="450000",
            alone_minor="520000",
            cut_minor="0",
            added_minor="0",
            paid_minor="450000",
        )

    def _terms(self) -> Problem:
        """As the crowd's offers are: packs of six from a minimum of a hundred."""
        s = self.size
        products = range(1, min(s.products, MOST_PRODUCTS) + 1)
        suppliers = {product: 1 + product % s.suppliers for product in products}
        lanes = {
            supplier: Lane(supplier, _MONEY[supplier % 4], "FOB", rate_ppb=7_000_000_000)
            for supplier in suppliers.values()
        }
        return Problem(
            items=tuple(Item(product, 500, 590, 620, penalty=9_000) for product in products),
            offers=tuple(
                Offer(
                    id=product,
                    product=product,
                    supplier=supplier,
                    currency=lanes[supplier].currency,
                    incoterm="FOB",
                    pack_quantity=6,
                    breaks=(Break(1, 5000), Break(20, 4800)),
                    minimum_quantity=600,
                )
                for product, supplier in suppliers.items()
            ),
            lanes=tuple(lanes.values()),
        )
