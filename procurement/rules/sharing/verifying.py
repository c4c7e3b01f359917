"""A statement recomputed from itself: nothing else is read.

Every amount of it is either told by other numbers of the same file or by the terms in it, with
the arithmetic of the pool and the engine of the round's plan.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation, localcontext
from typing import Any

import numpy as np

from core.errors import InputError
from procurement.rules import crediting
from procurement.rules.sharing import wording
from procurement.rules.sharing.costs import Driver
from procurement.rules.sharing.parts import FEWEST_SELLERS
from procurement.rules.sharing.statements import (
    FORMAT,
    alone_too,
    coarse,
    rate,
    saving_percent,
    seal,
)
from procurement.rules.solving.alone import alone
from procurement.rules.solving.terms import Container, Item, Lane, Offer, Problem


class StatementNotReadable(InputError):
    """This is not a whole statement of a round of this kind."""

    code = "procurement.statement_not_readable"


@dataclass(frozen=True, slots=True)
class Check:
    """One number: what the file tells and what it comes to.

    ``code`` is a key of ``wording.CHECKS``; ``kind`` (of ``wording.KINDS``) and ``of`` (an SKU,
    an order) say which. Amounts are minor units, unless the code is about units, percent or
    remainders. Of what has several right values (a rounded part whose pool is not shown, a
    limit) ``found`` is the nearest of them.
    """

    code: str
    told: int | str
    found: int | str
    kind: str = ""
    of: str = ""

    @property
    def ok(self) -> bool:
        return self.told == self.found


def read_statement(text: str | bytes) -> dict[str, Any]:
    """The statement in a file. Raises StatementNotReadable."""
    try:
        told = json.loads(
            text, parse_float=_no_float, parse_constant=_no_float, object_pairs_hook=_once
        )
    except (ValueError, RecursionError) as problem:
        raise StatementNotReadable(reason=type(problem).__name__) from problem
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise StatementNotReadable(reason="format")
    return told


def recompute(statement: Mapping[str, Any]) -> list[Check]:
    """Every check of a statement, in the order in which it reads; it holds if all are ok.

    Raises StatementNotReadable when something of it is missing or of another kind.
    """
    try:
        return list(_checks(statement))
    except (
        *(KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError, OverflowError),
        *(InvalidOperation, IndexError),
    ) as problem:
        raise StatementNotReadable(reason=type(problem).__name__) from problem
    except InputError as problem:
        # The terms in the file are such as no round could have been planned with.
        raise StatementNotReadable(reason=problem.code) from problem


def _checks(told: Mapping[str, Any]) -> Iterator[Check]:
    yield Check("digest", told["digest"], seal(told)["digest"])
    sku = {}
    for part in told["products"]:
        sku[part["product"]] = part["sku"]
        yield from _counted_checks(part, told.get("credit"))
        most = _whole(part.get("counted", part["wished"])) + _whole(part["more"])
        yield Check("units", _whole(part["got"]), min(part["got"], most), of=part["sku"])
    most_of = _Most(told)
    for cost in told["costs"]:
        checks = [*_part_checks("share", cost, "share_minor", "bill_minor"), *most_of.checks(cost)]
        for check in checks:
            yield replace(check, kind=cost["kind"], of=cost["of"])
    shared = max(0, sum(_whole(cost["share_minor"]) for cost in told["costs"]))
    yield Check("shares", told["totals"]["shared_minor"], shared)
    for part in told["corrections"]:
        yield from _correction_checks(part)
    yield from _cap_checks(told["cap"], shared)
    yield from _alone_checks(told, sku)
    yield from _totals(told)


def _counted_checks(
    part: Mapping[str, Any], by_credit: Mapping[str, Any] | None
) -> Iterator[Check]:
    """What counted of a wish; statements that were made before this was told say nothing."""
    if by_credit is None and "counted" not in part:
        return
    wished, less = _whole(part["wished"]), _whole(part["less"])
    found = (wished, less)
    if by_credit is not None:
        factor = _whole(by_credit["factor_ten_thousandths"])
        found = crediting.counted(quantity=wished, less=less, factor=factor)
    yield Check("counted", _whole(part["counted"]), found[0], of=part["sku"])
    yield Check("counted_less", _whole(part["counted_less"]), found[1], of=part["sku"])


class _Most:
    """How much of a basis the units that a seller got can be, at most; whoever is told to hold
    more than it got bears too much. Which products an order has is not told, so of a whole order
    it is that of all products. Of values and size classes there is no such limit: prices may have
    risen since the terms."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        sizes = {
            item["product"]: (_whole(item["gross_weight_g"]), _whole(item["volume_cm3"]))
            for item in told["alone"]["terms"]["items"]
        }
        self._held = {}
        for part in told["products"]:
            units = _whole(part["got"])
            # Of what nothing is left no terms stand in the file.
            grams, cm3 = sizes[part["product"]] if units else (0, 0)
            self._held[part["sku"]] = (units, units * grams, units * cm3, 1)

    def checks(self, cost: Mapping[str, Any]) -> Iterator[Check]:
        rows = [self._held[cost["of"]]] if cost["is_attributed"] else list(self._held.values())
        units, grams, cm3, lines = (sum(column) for column in zip(*rows, strict=True))
        most = {
            Driver.UNITS: units,
            Driver.WEIGHT: grams,
            Driver.VOLUME: cm3,
            Driver.CHARGEABLE: max(grams, cm3),
            Driver.CHARGEABLE_AIR: max(6 * grams, cm3),
            Driver.LINES: lines,
            Driver.EQUAL: 1,
        }.get(Driver(cost["driver"]))
        if most is not None:
            yield Check("basis", _whole(cost["own_basis"]), min(cost["own_basis"], most))


def _correction_checks(part: Mapping[str, Any]) -> Iterator[Check]:
    units, sold = _whole(part["units"]), _whole(part["sold"])
    difference = _whole(part["difference_minor"])
    # Half a minor unit goes to what was sold; who holds nothing has sold nothing of it.
    size = (2 * abs(difference) * sold + units) // (2 * units) if units else 0
    found = size if difference >= 0 else -size
    yield Check("sold", part["sold_minor"], found, of=part["sku"])
    yield Check("stock", part["stock_minor"], difference - found, of=part["sku"])


def _cap_checks(cap: Mapping[str, Any], shared: int) -> Iterator[Check]:
    most = _whole(cap["alone_minor"])
    yield Check("shares", cap["shared_minor"], shared)
    yield Check("cut", cap["cut_minor"], max(0, shared - most))
    if cap["spread"] is not None:
        spread = {**cap["spread"], "added_minor": cap["added_minor"]}
        for check in _part_checks("added", spread, "added_minor", "left_minor"):
            yield replace(check, kind="spread")
    else:
        filled = most - shared if cap["formula"] == wording.FILLED else 0
        yield Check("added", cap["added_minor"], filled)
    paid = shared - _whole(cap["cut_minor"]) + _whole(cap["added_minor"])
    yield Check("paid", cap["paid_minor"], paid)
    yield Check("cap", cap["paid_minor"], min(_whole(cap["paid_minor"]), most))


def _alone_checks(told: Mapping[str, Any], sku: Mapping[int, str]) -> Iterator[Check]:
    part = told["alone"]
    got = {product["product"]: product["got"] for product in told["products"] if product["got"]}
    asked = {row["product"]: _whole(row["units"]) for row in part["quantities"]}
    for product in sorted(got.keys() | asked.keys()):
        name = sku.get(product, str(product))
        yield Check("alone_units", asked.get(product, 0), got.get(product, 0), of=name)
    found = alone(
        _problem(part["terms"]),
        sellers=np.ones(len(asked), dtype=np.int64),
        products=np.array(list(asked), dtype=np.int64),
        quantities=np.array(list(asked.values()), dtype=np.int64),
    ).of(1)
    for name, minor in asdict(found).items():
        yield Check("alone", part["parts"][name], minor, kind=name)
    # Statements that were made before this was counted say nothing of it.
    told_too = part.get("attributed", [])
    if told_too:
        products = {name: product for product, name in sku.items()}
        too = alone_too(told["costs"], products, part["terms"]["items"])
        for kind, of in dict.fromkeys((one["kind"], one["of"]) for one in (*too, *told_too)):
            yield Check("alone_too", _of(told_too, kind, of), _of(too, kind, of), kind, of)
    too_minor = sum(_whole(one["minor"]) for one in told_too)
    yield Check("alone_total", part["minor"], found.total + too_minor)


def _of(rows: Sequence[Mapping[str, Any]], kind: str, of: str) -> int:
    return sum(_whole(one["minor"]) for one in rows if (one["kind"], one["of"]) == (kind, of))


def _totals(told: Mapping[str, Any]) -> Iterator[Check]:
    totals, cap = told["totals"], told["cap"]
    yield Check("paid", totals["paid_minor"], cap["paid_minor"])
    for minor in (totals["alone_minor"], cap["alone_minor"]):
        yield Check("alone_total", minor, told["alone"]["minor"])
    saving = _whole(totals["alone_minor"]) - _whole(totals["paid_minor"])
    yield Check("saving", totals["saving_minor"], saving)
    percent = saving_percent(saving, totals["alone_minor"])
    yield Check("saving_percent", totals["saving_hundredths_percent"], percent)


def _part_checks(code: str, told: Mapping[str, Any], part: str, total: str) -> Iterator[Check]:
    """A part of a total: exactly from the pool's numbers, or the nearest from the unit rate."""
    own, pool, share = _whole(told["own_basis"]), told["pool"], _whole(told[part])
    if pool is None and told["rate"] is None:
        # Nothing to recompute it from: it would tell what another seller ordered.
        return
    if pool is None:
        with localcontext(prec=80):
            exact = Decimal(told["rate"]) * own
            decimals = len(told["rate"].partition(".")[2])
            if decimals < coarse(own):
                raise ValueError("a rate that tells too little")
            # The rate was rounded: by half of its last decimal at most.
            error = Decimal(own).scaleb(-decimals) / 2
            low = int((exact - error).to_integral_value(ROUND_FLOOR))
            high = int((exact + error).to_integral_value(ROUND_CEILING))
        yield Check(code, share, min(max(share, low), high))
        return
    if _whole(pool["sellers"]) < FEWEST_SELLERS:
        raise ValueError("a total over too few sellers")
    bill, basis = _whole(pool[total]), _whole(pool["basis"])
    floor, remainder = divmod(abs(bill) * own, basis)
    is_up = remainder > pool["rounded_up_above"] or (
        remainder == pool["rounded_up_above"] and pool["place"] <= pool["rounded_up_at"]
    )
    yield Check(code, share, (floor + is_up) * (1 if bill >= 0 else -1))
    yield Check("remainder", pool["remainder"], remainder)
    yield Check("rate", told["rate"], rate(bill, basis))


def _problem(terms: Mapping[str, Any]) -> Problem:
    return Problem(
        items=tuple(Item(firm=0, wanted=0, most=0, **item) for item in terms["items"]),
        offers=tuple(
            Offer(**offer | {"breaks": tuple((step[0], step[1]) for step in offer["breaks"])})
            for offer in terms["offers"]
        ),
        lanes=tuple(
            Lane(**lane | {"containers": tuple(Container(**c) for c in lane["containers"])})
            for lane in terms["lanes"]
        ),
    )


def _whole(number: Any) -> int:
    if type(number) is not int:
        raise TypeError("a whole number is expected")
    return number


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two values under one name a reader would see one and this program the other."""
    told = dict(pairs)
    if len(told) < len(pairs):
        raise ValueError("a name stands twice")
    return told


def _no_float(text: str) -> Any:
    raise ValueError(text)
