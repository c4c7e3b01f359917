"""The report's sections on who pays what: by size, with tolerance, and where it is tight."""

from __future__ import annotations

from django.utils.translation import gettext as _

from procurement.study import charts, figures
from procurement.study import demand as demands
from procurement.study.running import TOLERANCE, Study
from procurement.study.telling import THOUSAND, percent, table, tenths, yuan, yuan_and_fen


def fairness(study: Study) -> str:
    """Who pays what, against its cost alone."""
    head = [
        _("Quarter"), _("Sellers"), _("Better off"), _("As alone"), _("Above cost alone"),
        _("Get nothing"),
        _("Would lose by value alone"), _("Would lose by drivers without cap"),
        _("Platform bears of their bills"), _("Platform's surplus, units"),
        _("Platform's surplus, cost"),
    ]  # fmt: skip
    rows = [
        (
            demands.name(one.quarter), one.sellers, one.best.better, one.best.equal,
            one.best.worse, one.sellers - one.best.served, one.best.losers("by_value")[0],
            one.best.losers("by_driver")[0],
            yuan_and_fen(one.best.borne), one.best.surplus, yuan(one.best.surplus_cost),
        )
        for one in study.firm
    ]  # fmt: skip
    told = _(
        "The optimised plan, shared by the house's drivers and capped by each seller's cost alone "
        "for the same units. Bills and the platform's part come to the cost of the plan to the "
        "fen. The surplus is what packs and minimums bring beyond all wishes: the platform owns "
        "it, pays its share of everything for it, and must sell it. It is %(share)s of the cost; "
        "by the plain rule it would be %(plain)s. It comes of what suppliers ask at least for a "
        "few firm units; tolerance lowers it, see below. Who gets nothing wished only for units "
        "that were left out."
    ) % {
        "plain": percent(
            sum(one.plain.surplus_cost for one in study.firm),
            sum(one.plain.cost.total for one in study.firm),
        ),
        "share": percent(
            sum(one.best.surplus_cost for one in study.firm),
            sum(one.best.cost.total for one in study.firm),
        ),
    }
    return f"## {_('Is everybody better off?')}\n\n{told}\n\n{table(head, rows)}"


def by_size(study: Study) -> str:
    """The saving of small and of large sellers."""
    head = [
        _("Tenth of the sellers"), _("Units of one, from"), _("to"), _("Sellers"),
        _("Going alone"), _("Strictly alone"), _("To pay"), _("Saved"), _("Saved, strictly"),
        _("Least saving of one"),
    ]  # fmt: skip
    rows = [
        (
            str(place), size.least_units, size.most_units, size.sellers, yuan(size.alone),
            yuan(size.strict), yuan(size.paid), percent(size.alone - size.paid, size.alone),
            percent(size.strict - size.paid, size.strict), percent(size.least, 1000),
        )
        for place, size in enumerate(figures.sizes(study.firm), 1)
    ]  # fmt: skip
    told = _(
        "Sellers of all quarters in ten classes of the same number, the smallest first (ranked "
        "within their quarter by units). Strictly: what is left over alone keeps its full value."
    )
    title = _("Saving by size of seller")
    return f"## {title}\n\n{told}\n\n{table(head, rows)}\n\n![{title}](size.svg)"


def size_chart(study: Study) -> charts.Bars:
    """Bars of the same."""
    held = figures.sizes(study.firm)
    return charts.Bars(
        title=_("Saving by size of seller"),
        unit=_("percent; units of one seller below"),
        groups=[f"{size.least_units}-{size.most_units}" for size in held],
        series=[
            (_("Against alone"), [tenths(one.alone - one.paid, one.alone) for one in held]),
            (_("Against strictly alone"), [tenths(s.strict - s.paid, s.strict) for s in held]),
        ],
        scale=10,
        digits=1,
    )


def tolerance(study: Study) -> str:
    """What comes of giving a little."""
    head = [
        _("Quarter"), _("Plan"), _("Units to sellers"), _("Cost for each of them"),
        _("Platform's surplus, units"), _("Platform's surplus, cost"), _("Below the wishes"),
    ]  # fmt: skip
    rows = []
    for firm, flexed in zip(study.firm, study.flexed, strict=True):
        for name, one in (
            (_("Plain rule"), firm.plain),
            (_("Optimised"), firm.best),
            (_("Optimised, with tolerance"), flexed.best),
        ):
            each = one.sum("paid") // max(one.given, 1)
            rows.append(
                (
                    demands.name(firm.quarter), name, one.given, yuan_and_fen(each), one.surplus,
                    yuan(one.surplus_cost), one.unmet,
                )
            )  # fmt: skip
    surplus = [sum(one.best.surplus_cost for one in held) for held in (study.firm, study.flexed)]
    told = _(
        "Everybody would take %(percent)s %% more of each line or do without as much, to the "
        "nearest unit; who wishes fewer than five gives nothing. The platform's surplus then "
        "costs %(saved)s less. What a seller takes by its tolerance it pays for, so the units "
        "differ: compare the cost of a unit."
    ) % {"percent": TOLERANCE, "saved": percent(surplus[0] - surplus[1], surplus[0])}
    title = _("What tolerance adds")
    return f"## {title}\n\n{told}\n\n{table(head, rows)}\n\n![{title}](tolerance.svg)"


def tolerance_chart(study: Study) -> charts.Bars:
    """Bars of the platform's surplus."""
    return charts.Bars(
        title=_("What the platform's surplus costs"),
        unit=_("thousand CNY"),
        groups=[demands.name(one.quarter) for one in study.firm],
        series=[
            (_("Plain rule"), [one.plain.surplus_cost for one in study.firm]),
            (_("Optimised"), [one.best.surplus_cost for one in study.firm]),
            (_("Optimised, with tolerance"), [one.best.surplus_cost for one in study.flexed]),
        ],
        scale=THOUSAND,
    )


def hard(study: Study) -> str:
    """Pools so thin, or suppliers so easy, that there is little to share."""
    last = study.firm[-1]
    held = {
        _("As above: one round"): figures.hard([last]),
        _("A round for each category (%(count)s)") % {"count": len(study.thin)}: figures.hard(
            study.thin.values()
        ),
        _("Easy suppliers, one round"): figures.hard([study.easy]),
        _("Easy suppliers, a round for each category"): figures.hard(study.easy_thin.values()),
    }
    head = [
        "", _("Sellers' bills"), _("Get nothing"), _("Going alone"), _("Plain rule"),
        _("Optimised"), _("Would lose by value alone"), _("They would lose"),
        _("Would lose by drivers without cap"), _("They would lose"), _("Above cost alone"),
        _("Platform bears, plain rule"), _("Platform bears, optimised"),
        _("Platform's surplus, cost"),
    ]  # fmt: skip
    rows = [
        (
            name, one.sellers, one.without, yuan(one.alone), yuan(one.plain), yuan(one.best),
            one.by_value[0], yuan(one.by_value[1]), one.by_driver[0], yuan(one.by_driver[1]),
            one.above, yuan_and_fen(one.borne_plain), yuan_and_fen(one.borne_best),
            yuan(one.surplus_cost),
        )
        for name, one in held.items()
    ]  # fmt: skip
    told = _(
        "Where going alone is as dear as above almost any rule leaves everybody better off, and "
        "the cap hardly binds. So %(quarter)s again on harder ground: thin pools of one category "
        "each; and easy suppliers who sell single units at one price, without minimum, while bank "
        "and broker ask nothing, so that little but freight is left to save. There the rule "
        "matters. In a thin pool part of the saving is the platform's surplus, which it pays for "
        "where a seller alone would be left with it. Where a pool saves nothing, the caps may come "
        "to less than the bill: by some fen, because amounts are rounded half up once for each "
        "order, and under the plain rule by more, because it picks offers by goods alone and may "
        "pay more freight than a seller would. The platform bears that; no seller does."
    ) % {"quarter": demands.name(last.quarter)}
    return f"## {_('Where it is tight')}\n\n{told}\n\n{table(head, rows)}"
