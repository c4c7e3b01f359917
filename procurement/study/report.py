"""The report of a study: Markdown with charts beside it, in the language that is active."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from procurement.rules.solving import milp
from procurement.study import charts, figures, report_fair
from procurement.study import demand as demands
from procurement.study.report_credit import credit_section
from procurement.study.rounds import GAP, Pooled, Round
from procurement.study.running import CHECKED, Study
from procurement.study.telling import THOUSAND, percent, table, yuan, yuan_and_fen
from procurement.study.terms import MAPPING


def files(study: Study, *, seconds: float, command: str) -> dict[str, str]:
    """The files of the report by name. Only the last section of report.md has times."""
    credit_text, credit_charts = credit_section(study)
    sections = [
        _head(study, command),
        _cost(study),
        _alone(study),
        report_fair.fairness(study),
        report_fair.by_size(study),
        report_fair.tolerance(study),
        report_fair.hard(study),
        credit_text,
        _limits(study),
        _times(study, seconds),
    ]
    return {
        "report.md": "\n\n".join(sections) + "\n",
        "cost.svg": _cost_chart(study).svg(),
        "parts.svg": _parts_chart(study).svg(),
        "size.svg": report_fair.size_chart(study).svg(),
        "tolerance.svg": report_fair.tolerance_chart(study).svg(),
        **{name: chart.svg() for name, chart in credit_charts.items()},
    }


def summary(study: Study) -> list[str]:
    """The study in a few lines, as the command prints it and the report begins."""
    alone, strict, plain, best = (
        _total(study.firm, way) for way in ("alone", "strict", "plain", "best")
    )
    better = sum(one.best.better for one in study.firm)
    served = sum(one.best.served for one in study.firm)
    surplus = sum(one.best.surplus_cost for one in study.firm)
    return [
        _("Every seller by itself: CNY %(amount)s (strictly, what it leaves over keeping its full "
          "value: %(strict)s)")
        % {"amount": yuan(alone), "strict": yuan(strict)},
        _("Pooled by the plain rule: CNY %(amount)s (%(saved)s less than strictly alone)")
        % {"amount": yuan(plain), "saved": percent(strict - plain, strict)},
        _("Optimised: CNY %(amount)s (%(saved)s less than the plain rule)")
        % {"amount": yuan(best), "saved": percent(plain - best, plain)},
        _("With a round for each category of %(quarter)s, where minimums bind: plain rule CNY "
          "%(plain)s, optimised CNY %(best)s (%(saved)s less)")
        % _thin(study),
        _("Sellers better off: %(better)s of the %(all)s who get something (%(share)s)")
        % {"better": f"{better:,}", "all": f"{served:,}", "share": percent(better, served)},
        _("Sellers above their cost alone: %(worse)s; who get nothing and pay nothing: %(none)s")
        % {
            "worse": sum(one.best.worse for one in study.firm),
            "none": sum(one.sellers - one.best.served for one in study.firm),
        },
        _("The platform pays for its own surplus CNY %(surplus)s, and bears of the sellers' bills "
          "CNY %(borne)s")
        % {
            "surplus": yuan(surplus),
            "borne": yuan_and_fen(sum(one.best.borne for one in study.firm)),
        },
        _("Largest gap to a proven bound: %(gap)s")
        % {"gap": percent(max(one.gap_ppm for one in study.firm), 1_000_000)},
    ]  # fmt: skip


def _thin(study: Study) -> dict[str, str]:
    plain, best = (_total(study.thin.values(), way) for way in ("plain", "best"))
    return {
        "quarter": demands.name(study.demand.quarters[-1]),
        "plain": yuan(plain),
        "best": yuan(best),
        "saved": percent(plain - best, plain),
    }


def _total(rounds: Iterable[Round], way: str) -> int:
    if way in {"alone", "strict"}:
        return sum(getattr(one, way).total for one in rounds)
    return sum(_of(one, way).cost.total for one in rounds)


def _of(one: Round, way: str) -> Pooled:
    return one.plain if way == "plain" else one.best


def _quarters(study: Study) -> list[str]:
    return [demands.name(one.quarter) for one in study.firm]


def _head(study: Study, command: str) -> str:
    digest = hashlib.sha256(MAPPING.read_bytes()).hexdigest()[:12]
    demand = (
        _("**Demand is real**: forecasts and sales of small sellers, derived from the Olist data "
          "set (CC BY-NC-SA 4.0), quarter by quarter.")
        if study.demand.is_real
        else _("**Demand is made up**, too: the real data is not here. This only shows what the "
               "command does.")
    )  # fmt: skip
    mapped = _(
        "**Suppliers, packs, prices, minimums, freight, fees, rates and duty are made up** by "
        "`procurement/study/%(file)s` (SHA-256 %(digest)s), with a reason beside each. So the "
        "amounts say nothing about a real supplier; what can be compared is one way of ordering "
        "with another on the same terms."
    ) % {"file": MAPPING.name, "digest": digest}
    written = _(
        "Written by `%(command)s`. All amounts in CNY without tax; exact fen in `study.json`, "
        "every seller in `sellers.csv`."
    ) % {"command": command}
    lines = "\n".join(f"- {line}" for line in summary(study))
    return f"# {_('What pooling is worth')}\n\n{demand} {mapped}\n\n{written}\n\n{lines}"


def _cost(study: Study) -> str:
    head = [
        _("Quarter"), _("Sellers"), _("Products"), _("Units wished"), _("Going alone"),
        _("Strictly alone"), _("Plain rule"), _("Optimised"), _("Less than strictly alone"),
        _("Less than the plain rule"), _("Gap at most"),
    ]  # fmt: skip
    rows = [
        (
            demands.name(one.quarter), one.sellers, one.products, one.wished,
            *_costs([one]), percent(one.gap_ppm, 1_000_000),
        )
        for one in study.firm
    ]  # fmt: skip
    wished = sum(one.wished for one in study.firm)
    rows.append((_("In all"), "", "", wished, *_costs(study.firm), ""))
    told = _(
        "Landed cost: goods, freight, insurance, duty, bank, broker and line fees, the surplus "
        "that packs and minimums bring included. Going alone: what each seller would pay by the "
        "same terms, rules and engine with nobody else in the pool. Strictly alone: the same, but "
        "all that is then left over keeps its full value. The optimised plan minimises landed "
        "cost, and what is left over counts for nothing: where nobody gives tolerance it is never "
        "dearer than the plain rule. Firm is firm: a firm unit is left out only where ordering it "
        "would cost a hundred times its price. It left out %(unmet)s of %(wished)s units, and "
        "stops at a gap of %(gap)s."
    ) % {
        "unmet": f"{sum(one.best.unmet for one in study.firm):,}",
        "wished": f"{sum(one.wished for one in study.firm):,}",
        "gap": percent(round(GAP * 1000), 1000),
    }
    title = _("Cost of each quarter")
    return f"## {title}\n\n{told}\n\n{table(head, rows)}\n\n![{title}](cost.svg)"


def _costs(rounds: Sequence[Round]) -> list[str]:
    """Four ways and what is saved, as cells."""
    alone, strict, plain, best = (
        _total(rounds, way) for way in ("alone", "strict", "plain", "best")
    )
    told = [yuan(cost) for cost in (alone, strict, plain, best)]
    return [*told, percent(strict - best, strict), percent(plain - best, plain)]


def _cost_chart(study: Study) -> charts.Bars:
    return charts.Bars(
        title=_("Cost of each quarter"),
        unit=_("thousand CNY"),
        groups=_quarters(study),
        series=[
            (_("Going alone"), [one.alone.total for one in study.firm]),
            (_("Strictly alone"), [one.strict.total for one in study.firm]),
            (_("Plain rule"), [one.plain.cost.total for one in study.firm]),
            (_("Optimised"), [one.best.cost.total for one in study.firm]),
        ],
        scale=THOUSAND,
    )


def _alone(study: Study) -> str:
    alone, best = _total(study.firm, "alone"), _total(study.firm, "best")
    units = sum(one.alone_units for one in study.firm)
    wished = sum(one.wished for one in study.firm)
    strict, paid = (sum(one.best.sum(name) for one in study.firm) for name in ("strict", "paid"))
    above = [one.best.bills for one in study.firm]
    over = sum(int((bills["paid"] > bills["strict"]).sum()) for bills in above)
    said = [
        _(
            "Alone, sellers would have to order %(units)s units for the %(wished)s they wish, in "
            "%(orders)s orders of their own instead of %(pooled)s: minimums, packs and fees make "
            "up most of the difference, and a seller of three units would not import at all. So "
            "the saving against this figure (%(saving)s) is not money that anybody would have "
            "spent; it says what terms the pool opens."
        )
        % {
            "units": f"{units:,}",
            "wished": f"{wished:,}",
            "orders": f"{sum(one.alone_orders for one in study.firm):,}",
            "pooled": sum(one.best.orders for one in study.firm),
            "saving": percent(alone - best, alone),
        },
        _(
            "A stricter measure: everything left over from going alone keeps its full value, so "
            "only the wished part of goods, freight and duty counts, and the fees. By it the "
            "sellers pay CNY %(paid)s instead of %(strict)s, %(saving)s less, and %(over)s of them "
            "pay more than by themselves."
        )
        % {
            "paid": yuan(paid),
            "strict": yuan(strict),
            "saving": percent(strict - paid, strict),
            "over": over,
        },
    ]
    exact = [one.exact for one in study.firm if one.exact is not None]
    if exact:
        house, least = (
            sum(int(one.rows[name].sum()) for one in exact) for name in ("alone", "exact")
        )
        said.append(
            _(
                "Is the cost alone overstated? For %(count)s sellers of each quarter, from the "
                "smallest to the largest, the cheapest way alone was solved exactly: the house's "
                "way is %(above)s above it in all and more than 1 %% above it for %(many)s "
                "of %(all)s sellers; %(over)s pay more in the pool than their cheapest way alone."
            )
            % {
                "count": CHECKED,
                "above": percent(house - least, least),
                "many": sum(one.overstated for one in exact),
                "all": sum(len(one.rows) for one in exact),
                "over": sum(one.over_exact for one in exact),
            }
        )
    title = _("What the cost is made of")
    text = "\n\n".join(said)
    return f"## {title}\n\n{text}\n\n![{title}](parts.svg)"


def _parts_chart(study: Study) -> charts.Bars:
    costs = [
        figures.added(one.strict for one in study.firm),
        figures.added(one.plain.cost for one in study.firm),
        figures.added(one.best.cost for one in study.firm),
    ]
    units = [
        sum(one.wished for one in study.firm),
        sum(one.plain.given for one in study.firm),
        sum(one.best.given for one in study.firm),
    ]
    parts = [figures.parts_of(cost) for cost in costs]
    labels = {
        "goods": _("Goods"),
        "freight": _("Freight and insurance"),
        "duty": _("Duty"),
        "fees": _("Bank, broker and line fees"),
    }
    return charts.Bars(
        title=_("What the cost is made of"),
        unit=_("CNY for a unit that a seller gets"),
        groups=[_("Strictly alone"), _("Plain rule"), _("Optimised")],
        series=[
            (
                label,
                [part[name] // max(many, 1) for part, many in zip(parts, units, strict=True)],
            )
            for name, label in labels.items()
        ],
        scale=100,
        digits=1,
        stacked=True,
    )


def _limits(study: Study) -> str:
    real = _(
        "The forecasts are the sales of the quarter before, scaled by the growth of the market: "
        "honest, but nobody's plan. Quarters are estimated from shipping limits, cancelled orders "
        "are in the sales, and products are categories cut into four by price: listings as such "
        "hardly overlap between sellers."
    )
    points = [
        *([real] if study.demand.is_real else []),
        _("Going alone knows no capacity; what it leaves over counts as worth nothing, and by the "
          "stricter measure as worth what it cost. The truth is between the two."),
        _("Storage, domestic freight, tax and the platform's own fee are in no figure."),
        _("The made-up terms decide how much is saved. Change them in the mapping and run again."),
    ]  # fmt: skip
    lines = "\n".join(f"- {point}" for point in points)
    return f"## {_('What this does not say')}\n\n{lines}"


def _times(study: Study, seconds: float) -> str:
    cut = [one for one in (*study.firm, *study.flexed) if one.was_cut]
    told = _(
        "Nothing else in the report differs from run to run. %(solver)s %(version)s, one thread; "
        "the whole study took %(seconds)s s."
    ) % {"solver": milp.SOLVER, "version": milp.VERSION, "seconds": f"{seconds:.0f}"}
    if cut:
        told += " " + _(
            "The time limit ended %(count)s of the solutions early: those plans may differ."
        ) % {"count": len(cut)}
    head = [_("Quarter"), _("Seconds, firm"), _("Seconds, with tolerance")]
    rows = [
        (demands.name(one.quarter), f"{one.seconds:.1f}", f"{two.seconds:.1f}")
        for one, two in zip(study.firm, study.flexed, strict=True)
    ]
    return f"## {_('Time to solve')}\n\n{told}\n\n{table(head, rows)}"
