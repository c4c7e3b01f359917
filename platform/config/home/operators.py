from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import AdmissionState, Membership
from accounts.queries.admissions import waiting
from config.home import landed, savings, shelves
from config.home.words import BARS, PRESSING, amounts, left, link
from customs.queries import proposals_for
from procurement.models import OrderState, PoolRound, RoundState
from procurement.queries import bearing, forecasts, offers, orders, saving
from warehouse.queries import stock
from web.pages import Chart, Figure, Home, Task
from web.templatetags.bondpool import moment, money, qty


def page(membership: Membership, *, now: datetime) -> Home:
    """Where the round stands, which orders wait, and what pooling has brought."""
    rounds = list(forecasts.rounds()[:4])
    tasks = [
        Task(
            _("Close the round %(quarter)s") % {"quarter": round.code},
            _("Its cut-off was %(at)s; closing pools the forecasts into orders.")
            % {"at": moment(round.cutoff_at)},
            link("round", round.code),
            _("Close the round"),
            "lock",
            "orange",
        )
        for round in rounds
        if round.state == RoundState.OPEN and round.ends_at <= now
    ]
    tasks += [
        Task(
            _("Round %(quarter)s could not be billed again") % {"quarter": round.code},
            _("The workers gave up; until it is billed, sellers see their bills as they were."),
            link("round_bills", round.code),
            _("See why, and try again"),
            "alert-triangle",
            "red",
        )
        for round in bearing.unbilled()
    ]
    tasks += [
        Task(
            _("Round %(quarter)s closes in %(left)s")
            % {"quarter": round.code, "left": left(round.cutoff_at, now)},
            _("On %(at)s; until then sellers may file and change.")
            % {"at": moment(round.cutoff_at)},
            link("round", round.code),
            _("See the round"),
            "clock",
            "orange" if round.cutoff_at - now <= PRESSING else "grey",
        )
        for round in rounds
        if takes_forecasts(round, now)
    ]
    if applications := waiting():
        tasks.append(
            Task(
                ngettext(
                    "%(n)s application for admission waits",
                    "%(n)s applications for admission wait",
                    applications,
                )
                % {"n": applications},
                _("Look at the documents, then ask back, admit or refuse."),
                f"{link('admissions')}?state={AdmissionState.WAITING}",
                _("See the applications"),
                "clipboard-text",
                "orange",
            )
        )
    if proposed := proposals_for(membership.user, timezone.localdate(now)):
        tasks.append(
            Task(
                ngettext(
                    "%(n)s change of reference data waits",
                    "%(n)s changes of reference data wait",
                    proposed,
                )
                % {"n": proposed},
                _("Another operator proposed it: look at the differences, then approve or refuse."),
                f"{link('reference_proposals')}?state=open",
                _("See the proposals"),
                "database-import",
                "orange",
            )
        )
    counts = orders.counts()
    if drafts := counts.get(OrderState.DRAFT):
        tasks.append(
            Task(
                ngettext("%(n)s order is not placed yet", "%(n)s orders are not placed yet", drafts)
                % {"n": drafts},
                _("Placing makes the PDF for the supplier."),
                f"{link('orders')}?state={OrderState.DRAFT}",
                _("Place the orders"),
                "send",
            )
        )
    if placed := counts.get(OrderState.PLACED):
        tasks.append(
            Task(
                ngettext(
                    "%(n)s placed order has not been shipped",
                    "%(n)s placed orders have not been shipped",
                    placed,
                )
                % {"n": placed},
                _("Enter the supplier's ship notice when it comes."),
                f"{link('orders')}?state={OrderState.PLACED}",
                _("Enter a ship notice"),
                "ship",
            )
        )
    if not rounds:
        return Home(
            _("No round has been opened yet."), tasks, calm=_("Open a round to take forecasts.")
        )
    round = next(
        (one for one in rounds if takes_forecasts(one, now)),
        next((one for one in rounds if one.state == RoundState.OPEN), rounds[0]),
    )
    pool = forecasts.demand(round, most=BARS)
    standing = forecasts.standing(round)
    figures = [
        Figure(
            _("Sellers who filed"),
            qty(standing.sellers),
            round.code,
            link("round", round.code),
        ),
        Figure(
            _("Units wanted"),
            qty(standing.units),
            ngettext("%(n)s line", "%(n)s lines", standing.lines) % {"n": standing.lines},
        ),
    ]
    closed = next((one for one in rounds if one.state == RoundState.CLOSED), None)
    told = saving.savings()
    if closed:
        pooled = orders.pooled(closed)
        figures += [
            Figure(
                _("Ordered for %(quarter)s") % {"quarter": closed.code},
                amounts({one.currency: one.amount_minor for one in pooled}),
                "",
                link("orders"),
            ),
        ]
        if saved := next((one for one in told if one.round == closed.code), None):
            figures.append(
                Figure(
                    _("Less for the sellers than alone"),
                    money(saved.saved_minor, "CNY"),
                    _("where packs, minimums, freight and fees would be theirs"),
                )
            )
    if takes_forecasts(round, now):
        lead = _("Forecasts for %(quarter)s are taken until %(at)s.") % {
            "quarter": round.code,
            "at": moment(round.cutoff_at),
        }
    else:
        lead = _("No round takes forecasts at the moment.")
    charts: list[Chart] = []
    shown = round
    if not pool.most and closed and closed != round:
        shown, pool = closed, forecasts.demand(closed, most=BARS)
    if pool.most:
        charts = [_chart(shown, pool.most)]
    charts += savings.chart(told, _("Saved by pooling, per round"))
    charts += shelves.chart(stock.by_age(now=now), _("Stock in bond, by age"))
    charts += landed.chart()
    return Home(lead, tasks, figures, charts, calm=_("No round and no order waits for you."))


def takes_forecasts(round: PoolRound, now: datetime) -> bool:
    """Whether sellers can file at this moment."""
    return round.state == RoundState.OPEN and round.opens_at <= now < round.cutoff_at


def _chart(round: PoolRound, most: Sequence[forecasts.Demand]) -> Chart:
    held = offers.chosen(offers.day_of(round))
    minimum = dict(
        held.filter(product__in=[one.product_id for one in most]).values_list(
            "product_id", "minimum_quantity"
        )
    )
    chinese = _speaks_chinese()
    return Chart(
        key="demand",
        title=_("Pooled demand and the supplier's minimum, %(quarter)s") % {"quarter": round.code},
        unit=_("units"),
        head=_("Product"),
        kind="rows",
        categories=[one.name_zh if chinese else one.name_en for one in most],
        series=[
            (_("wanted by all sellers"), [one.units for one in most]),
            (_("supplier's minimum"), [minimum.get(one.product_id, "") for one in most]),
        ],
        note=_("The products with the largest demand."),
    )


def _speaks_chinese() -> bool:
    return (get_language() or "").startswith("zh")
