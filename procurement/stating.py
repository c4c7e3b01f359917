"""A statement as pages, papers and spreadsheets show it: the file's numbers in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from core.money import Money
from procurement.models import OrderStep
from procurement.rules.sharing import wording
from web.pages import Chart
from web.templatetags.bondpool import grouped

#: What a basis is counted in.
_UNITS: Final = {
    "minor": _("minor units of the order's currency"),
    "g": _("g"),
    "cm3": _("cm³"),
    "unit": _("units"),
    "line": _("lines"),
    "seller": _("sellers"),
    "g or cm3": _("g or cm³, whichever is more"),
    "class": _("parts, doubled from class to class"),
    "1/6 g or cm3": _("sixths of a gram or cm³, whichever is more"),
}
#: The units that are told of a product.
_UNITS_OF: Final = (
    *("forecast", "wished", "less", "more"),
    *("counted", "counted_less", "ordered", "got"),
)
HEAD: Final = (
    "part",
    "of",
    "kind",
    "driver",
    "own_basis",
    "basis_unit",
    "pool_basis",
    "pool_bill",
    "amount",
    "unit",
    "formula",
)


@dataclass(frozen=True, slots=True)
class CostRow:
    """One charge and this seller's part; ``pool`` fields are empty where they are not shown."""

    kind: str
    of: str
    driver: str
    own_basis: int
    unit: str
    pool_basis: int | None
    bill_minor: int | None
    share_minor: int
    formula: str
    counted: str


@dataclass(slots=True)
class ProductRow:
    """One product: what was forecast, wished, ordered and got, and why."""

    product: int
    sku: str
    name: str
    forecast: int
    wished: int
    less: int
    more: int
    ordered: int
    got: int
    counted: int | None
    counted_less: int | None
    why: list[str] = field(default_factory=list)

    @property
    def firm(self) -> int:
        """What of the wish the seller would not do without."""
        return self.wished - self.less

    @property
    def counted_firm(self) -> int | None:
        """What of that counted."""
        if self.counted is None or self.counted_less is None:
            return None
        return self.counted - self.counted_less


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """What a later run changed of one product's cost, on units sold and in stock."""

    sku: str
    units: int
    sold: int
    difference_minor: int
    sold_minor: int
    stock_minor: int


@dataclass(frozen=True, slots=True)
class PartRow:
    """A kind of cost in the pool and alone."""

    label: str
    pool_minor: int
    alone_minor: int


@dataclass(frozen=True, slots=True)
class Told:
    """Everything a page shows of a statement."""

    currency: str
    round: str
    quarter: str
    seller: str
    seller_code: str
    digest: str
    sellers: int | None
    products: list[ProductRow]
    costs: list[CostRow]
    parts: list[PartRow]
    shared_minor: int
    cut_minor: int
    added_minor: int
    paid_minor: int
    alone_minor: int
    saving_minor: int
    saving_percent: Decimal
    cap_formula: str
    borne_minor: int | None
    run: int = 1
    causes: Sequence[str] = ()
    corrections: Sequence[CorrectionRow] = ()
    #: In a round that orders by credit: the factor, four decimals, and the rule in words.
    factor: Decimal | None = None
    credit_formula: str = ""

    @property
    def left_out(self) -> list[ProductRow]:
        """What was wished for and is not ordered at all."""
        return [row for row in self.products if row.wished and not row.got]


def told(statement: Mapping[str, Any]) -> Told:
    """A statement in the reader's language."""
    totals, cap = statement["totals"], statement["cap"]
    costs = [_cost(one) for one in statement["costs"]]
    return Told(
        currency=statement["currency"],
        round=statement["round"]["code"],
        quarter=statement["round"]["quarter"],
        seller=_named(statement["seller"]),
        seller_code=statement["seller"]["code"],
        digest=statement["digest"],
        sellers=statement["sellers_in_round"],
        products=[_product(one) for one in statement["products"]],
        costs=costs,
        parts=_parts(statement),
        shared_minor=totals["shared_minor"],
        cut_minor=cap["cut_minor"],
        added_minor=cap["added_minor"],
        paid_minor=totals["paid_minor"],
        alone_minor=totals["alone_minor"],
        saving_minor=totals["saving_minor"],
        saving_percent=Decimal(totals["saving_hundredths_percent"]).scaleb(-2),
        cap_formula=gettext(cap["formula"]),
        borne_minor=cap["platform_bears_minor"],
        run=statement.get("run", {}).get("number", 1),
        causes=[cause_told(one) for one in statement.get("run", {}).get("causes", ())],
        corrections=[CorrectionRow(**one) for one in statement["corrections"]],
        **_credit(statement.get("credit")),
    )


def _credit(told: Mapping[str, Any] | None) -> dict[str, Any]:
    if told is None:
        return {}
    factor = Decimal(told["factor_ten_thousandths"]).scaleb(-4)
    return {"factor": factor, "credit_formula": gettext(told["formula"])}


def cause_told(cause: Mapping[str, str]) -> str:
    """What had changed before a run, in the reader's language."""
    labels = dict(OrderStep.choices)
    what = labels.get(cause["what"], cause["what"])
    return f"{cause['order']}: {what} ({cause['document']})"


def chart(shown: Told) -> Chart:
    """Going alone against the pool, by part."""
    rows = [*shown.parts, PartRow(gettext("In all"), shown.paid_minor, shown.alone_minor)]
    return Chart(
        key="alone",
        title=_("Alone against the pool"),
        unit=shown.currency,
        head=_("Part"),
        kind="rows",
        categories=[row.label for row in rows],
        series=[
            (_("in the pool"), [_major(row.pool_minor, shown.currency) for row in rows]),
            (_("alone"), [_major(row.alone_minor, shown.currency) for row in rows]),
        ],
        note=_("Parts in the pool are before the cap; in all is what is paid."),
    )


def csv_rows(shown: Told) -> Iterator[Sequence[object]]:
    """The statement as rows of one table, under :data:`HEAD`."""
    for row in shown.products:
        for what in _UNITS_OF:
            if (units := getattr(row, what)) is not None:
                formula = shown.credit_formula if what == "counted" else ""
                yield _row("product", row.sku, what, amount=units, unit="unit", formula=formula)
    for cost in shown.costs:
        yield (
            *("cost", cost.of, cost.kind, cost.driver, cost.own_basis, cost.unit),
            "" if cost.pool_basis is None else cost.pool_basis,
            "" if cost.bill_minor is None else _major(cost.bill_minor, shown.currency),
            *(_major(cost.share_minor, shown.currency), shown.currency, cost.formula),
        )
    for one in shown.corrections:
        for what in ("difference", "sold", "stock"):
            amount = _major(getattr(one, f"{what}_minor"), shown.currency)
            yield _row("correction", one.sku, what, amount=amount, unit=shown.currency)
    for part in shown.parts:
        amount = _major(part.alone_minor, shown.currency)
        yield _row("alone", "", part.label, amount=amount, unit=shown.currency)
    for what in ("shared", "cut", "added", "paid", "alone", "saving"):
        amount = _major(getattr(shown, f"{what}_minor"), shown.currency)
        formula = shown.cap_formula if what == "paid" else ""
        yield _row("total", "", what, amount=amount, unit=shown.currency, formula=formula)
    yield _row("total", "", "saving_percent", amount=shown.saving_percent, unit="%")
    if shown.factor is not None:
        formula = shown.credit_formula
        yield _row("credit", "", "factor", amount=shown.factor, formula=formula)
    yield _row("file", "", "run", amount=shown.run)
    yield _row("file", "", "sha256", amount=shown.digest)


def _row(
    part: str, of: str, kind: str, *, amount: object, unit: str = "", formula: str = ""
) -> Sequence[object]:
    return (part, of, kind, "", "", "", "", "", amount, unit, formula)


def _cost(one: Mapping[str, Any]) -> CostRow:
    pool = one["pool"]
    share, own = grouped(one["share_minor"]), grouped(one["own_basis"])
    if pool is None:
        counted = f"{own} × {one['rate']} ≈ {share}" if one["rate"] else "–"
    else:
        counted = f"{grouped(pool['bill_minor'])} × {own} ÷ {grouped(pool['basis'])} ≈ {share}"
    return CostRow(
        kind=pgettext("cost", wording.KINDS.get(one["kind"], one["kind"])),
        of=one["of"],
        driver=pgettext("driver", wording.DRIVERS[one["driver"]]),
        own_basis=one["own_basis"],
        unit=str(_UNITS.get(one["basis_unit"], one["basis_unit"])),
        pool_basis=pool["basis"] if pool else None,
        bill_minor=pool["bill_minor"] if pool else None,
        share_minor=one["share_minor"],
        formula=gettext(one["formula"]),
        counted=counted,
    )


def _product(one: Mapping[str, Any]) -> ProductRow:
    units: dict[str, Any] = {name: one.get(name) for name in _UNITS_OF}
    return ProductRow(
        product=one["product"],
        sku=one["sku"],
        name=_named(one),
        **units,
    )


def _parts(statement: Mapping[str, Any]) -> list[PartRow]:
    """The kinds of cost that arise in the pool or alone."""
    pool: dict[str, int] = {}
    for cost in statement["costs"]:
        pool[cost["kind"]] = pool.get(cost["kind"], 0) + cost["share_minor"]
    alone = dict(statement["alone"]["parts"])
    for one in statement["alone"].get("attributed", ()):
        alone[one["kind"]] = alone.get(one["kind"], 0) + one["minor"]
    kinds = [*wording.KINDS, *sorted(pool.keys() - wording.KINDS.keys())]
    return [
        PartRow(
            pgettext("cost", wording.KINDS.get(kind, kind)), pool.get(kind, 0), alone.get(kind, 0)
        )
        for kind in kinds
        if pool.get(kind) or alone.get(kind)
    ]


def _named(one: Mapping[str, Any]) -> str:
    is_chinese = (get_language() or "").startswith("zh")
    return str(one["name_zh" if is_chinese else "name_en"])


def _major(minor: int, currency: str) -> str:
    return str(Money(minor, currency).amount)
