"""The report's section on forecasts, credit and suggestions against what was sold."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from procurement.study import charts
from procurement.study import demand as demands
from procurement.study.credit import EVERY, INFLATED_PERCENT, WAYS, Against, in_all
from procurement.study.running import Study
from procurement.study.telling import percent, table, yuan

_WHOLE = 10_000


def credit_section(study: Study) -> tuple[str, dict[str, charts.Bars]]:
    """The section and its charts."""
    title = _("What forecasts are worth, and what credit does")
    if not study.against:
        return f"## {title}\n\n{_('No quarter has both its sales and a quarter before it.')}", {}
    names = _names()
    head = [
        _("Quarter"), _("Ordered by"), _("Units ordered"), _("Units sold"), _("Too many"),
        _("Too few"), _("Too many, landed cost"), _("Too few, margin lost"), _("WAPE by line"),
        _("WAPE of the pool"), _("Bias"),
    ]  # fmt: skip
    rows = [(demands.name(one.quarter), names[one.way], *_cells(one)) for one in study.against]
    every = {way: in_all(study.against, way) for way in WAYS}
    rows += [(_("In all"), names[way], *_cells(one)) for way, one in every.items()]
    filed, credited, suggested = (every[way] for way in WAYS)
    told = _(
        "What would have been ordered against what was sold, in all quarters that have a quarter "
        "before them. As filed: the forecast. With credit: each forecast times what its seller's "
        "earlier ones proved to be worth, never more than was wished. As suggested: the portal's "
        "suggestion from sales alone. Too many is money tied up, too few is margin lost; a seller "
        "who sold what it never forecast is counted in all three, and no credit can order that."
    )
    found = _(
        "Credit orders %(less)s less than was filed; what was ordered too much falls by %(over)s "
        "(CNY %(over_money)s), what was ordered too little rises by %(under)s (CNY %(under_money)s "
        "of margin): it never orders more than was wished, so it only ever lowers. The bias of "
        "what was filed is %(filed_bias)s; the nearer to nothing, the less there is to mend. The "
        "suggestion takes WAPE by line from %(filed)s to %(suggested)s and the pool's from "
        "%(pool_filed)s to %(pool_suggested)s, with a bias of %(bias)s: from sales alone it "
        "follows a growing market from behind."
    ) % {
        "less": percent(filed.ordered - credited.ordered, filed.ordered),
        "over": percent(filed.over - credited.over, filed.over),
        "over_money": yuan(filed.over_cost - credited.over_cost),
        "under": percent(credited.under - filed.under, filed.under),
        "under_money": yuan(credited.under_margin - filed.under_margin),
        "filed": percent(filed.wape, _WHOLE),
        "suggested": percent(suggested.wape, _WHOLE),
        "pool_filed": percent(filed.pooled, _WHOLE),
        "pool_suggested": percent(suggested.pooled, _WHOLE),
        "bias": percent(suggested.bias, _WHOLE),
        "filed_bias": percent(filed.bias, _WHOLE),
    }
    text = [
        f"## {title}", told, found, table(head, rows),
        f"![{_('Ordered too much and too little')}](credit.svg)", _inflated(study),
    ]  # fmt: skip
    return "\n\n".join(text), {
        "credit.svg": _chart(_("Ordered too much and too little"), every, names),
        "inflated.svg": _inflated_chart(study),
    }


def _names() -> dict[str, str]:
    return {"filed": _("As filed"), "credited": _("With credit"), "suggested": _("As suggested")}


def _cells(one: Against) -> Sequence[object]:
    return (
        one.ordered, one.sold, one.over, one.under, yuan(one.over_cost), yuan(one.under_margin),
        percent(one.wape, _WHOLE), percent(one.pooled, _WHOLE), percent(one.bias, _WHOLE),
    )  # fmt: skip


def _chart(title: str, every: dict[str, Against], names: dict[str, str]) -> charts.Bars:
    return charts.Bars(
        title=title,
        unit=_("units, all quarters; too few below"),
        groups=[names[way] for way in every],
        series=[
            (_("Too many"), [one.over for one in every.values()]),
            (_("Too few"), [-one.under for one in every.values()]),
        ],
    )


def _groups() -> dict[str, str]:
    return {"liars": _("Who inflates"), "others": _("All others")}


def _inflated(study: Study) -> str:
    names, groups = _names(), _groups()
    head = [
        _("Which sellers"), _("Ordered by"), _("Units ordered"), _("Units sold"),
        _("Too many"), _("Too few"), _("Too many, landed cost"), _("Too few, margin lost"),
        _("WAPE by line"), _("WAPE of the pool"), _("Bias"),
    ]  # fmt: skip
    rows = [
        (groups[who], names[way], *_cells(in_all(rows, way)))
        for who, rows in study.inflated.items()
        for way in ("filed", "credited")
    ]
    told = _(
        "And if some inflate? **Made up**: one seller of %(every)s files %(more)s %% more than it "
        "did, always; sales stay what they were. Credit, which knows of it only from earlier "
        "quarters, takes the bias of their orders from %(before)s to %(after)s, and that of the "
        "others from %(others_before)s to %(others_after)s."
    ) % {
        "every": EVERY,
        "more": INFLATED_PERCENT - 100,
        **{
            f"{prefix}{when}": percent(in_all(study.inflated[who], way).bias, _WHOLE)
            for who, prefix in (("liars", ""), ("others", "others_"))
            for when, way in (("before", "filed"), ("after", "credited"))
        },
    }
    title = _("Who inflates, and all others")
    return f"### {title}\n\n{told}\n\n{table(head, rows)}\n\n![{title}](inflated.svg)"


def _inflated_chart(study: Study) -> charts.Bars:
    names, groups = _names(), _groups()
    series = [
        (names[way], [in_all(rows, way).bias for rows in study.inflated.values()])
        for way in ("filed", "credited")
    ]
    return charts.Bars(
        title=_("Bias of what is ordered, where every fourth seller inflates"),
        unit=_("percent of what was sold"),
        groups=[groups[who] for who in study.inflated],
        series=series,
        scale=100,
        digits=1,
    )
