from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Company, Membership
from config.home import savings, shelves
from config.home.words import BARS, PRESSING, left, link, percent, plainly, yuan
from customs.queries import retail as retail_lists
from procurement.models import PoolRound
from procurement.queries import charging, forecasts, orders, saving
from settlement import queries as payments
from warehouse.queries import stock
from web.pages import Chart, Figure, Home, Task
from web.templatetags.bondpool import day, moment, money, number, qty

#: Stock that expires sooner than this is pointed out.
NEAR_DAYS = 60
#: What is due within so many days is pointed out.
PAY_SOON_DAYS = 7


def page(membership: Membership, *, now: datetime) -> Home:
    """What a seller has filed, ordered, in stock and refused; nobody else's."""
    seller = membership.company
    open_rounds = list(forecasts.open_rounds(now))
    tasks = [_forecast_task(round, seller, now) for round in open_rounds]
    if refused := retail_lists.refusals_to_answer(now).count():
        title = ngettext(
            "%(n)s retail order got no retail list",
            "%(n)s retail orders got no retail list",
            refused,
        ) % {"n": refused}
        why = _("The reason stands with each order.")
        url, action = f"{link('retail_orders')}?state=cancelled", _("See the orders")
        tasks.append(Task(title, why, url, action, "alert-triangle", "red"))
    held = stock.holdings(owner=seller)
    mine = link("my_stock")
    tasks += shelves.expiring(held, days=NEAR_DAYS, now=now, url=mine, action=_("See my stock"))
    account = charging.account(seller, localdate(now))
    if account.owed_minor:
        tasks.append(_account_task(account, localdate(now)))
    lead = _("No round takes forecasts at the moment.")
    if open_rounds:
        lead = _("Forecasts for %(quarter)s are taken until %(at)s.") % {
            "quarter": open_rounds[0].code,
            "at": moment(open_rounds[0].cutoff_at),
        }
    products = stock.by_age(owner=seller, now=now)
    kinds = ngettext("%(n)s product", "%(n)s products", len(products)) % {"n": len(products)}
    figures = [Figure(_("In bond for you"), qty(sum(one.on_hand for one in products)), kinds, mine)]
    if account.balance_minor:
        figures.append(_account_figure(account))
    charts = shelves.chart(products, _("Your stock in bond, by age"))
    saved = saving.savings_of(seller)
    if saved:
        last = saved[-1]
        share = link("my_share", last.round)
        figures += [
            Figure(_("Your part of the last pool"), money(last.paid_minor, "CNY"), "", share),
            Figure(
                _("Less than going alone"),
                money(last.saved_minor, "CNY"),
                # The comparison holds what one would have to take, not only what one wants.
                _("where packs, minimums, freight and fees would be yours"),
            ),
        ]
        charts.append(_saving_chart(orders.most_saved(last.round, seller, most=BARS)))
        charts += savings.chart(saved, _("Saved per round"))
    charts += _cost_chart()
    return Home(lead, tasks, figures, charts, calm=_("No forecast is due and your stock is fine."))


def _forecast_task(round: PoolRound, seller: Company, now: datetime) -> Task:
    _newest, filed = forecasts.newest_wanted(round, seller)
    closes = _("The round closes in %(left)s, on %(at)s.") % {
        "left": left(round.cutoff_at, now),
        "at": moment(round.cutoff_at),
    }
    url = link("my_round", round.code)
    if not filed:
        title = _("File your forecast for %(quarter)s") % {"quarter": round.code}
        tone = "red" if round.cutoff_at - now <= PRESSING else "orange"
        return Task(title, closes, url, _("File a forecast"), "clipboard-list", tone)
    title = _("Your forecast for %(quarter)s is in") % {"quarter": round.code}
    told = _("%(products)s products, %(units)s units; you may still change it.") % {
        "products": number(len(filed)),
        "units": number(sum(units for units, _less, _more in filed.values())),
    }
    return Task(title, f"{told} {closes}", url, _("Change it"), "clipboard-check", "green")


def _account_task(account: charging.Account, today: date) -> Task:
    """What is to be paid next, red when it is late."""
    url, action = link("owed"), _("See your account")
    if account.overdue_minor:
        title = _("%(amount)s are overdue") % {"amount": plainly(account.overdue_minor, "CNY")}
        detail = _("Pay them and write your company's code on the transfer.")
        return Task(title, detail, url, action, "alert-triangle", "red")
    first = account.open[0]
    title = _("%(amount)s are due on %(day)s") % {
        "amount": plainly(first.open_minor, "CNY"),
        "day": day(first.due_on),
    }
    detail = _("For your share of the round %(quarter)s.") % {"quarter": first.round}
    tone = "orange" if first.due_on - today <= timedelta(days=PAY_SOON_DAYS) else "grey"
    return Task(title, detail, url, action, "receipt", tone)


def _account_figure(account: charging.Account) -> Figure:
    if account.credit_minor:
        return Figure(_("Your credit"), money(account.credit_minor, "CNY"), "", link("owed"))
    note = _("bills less deposits and payments")
    return Figure(_("You owe"), money(account.balance_minor, "CNY"), note, link("owed"))


def _saving_chart(most: list[orders.MyShare]) -> Chart:
    # In percent, because the orders are in several currencies, which do not add.
    return Chart(
        key="saved",
        title=_("Goods: less than ordering them alone, per product"),
        unit="%",
        head=_("Product"),
        kind="rows",
        categories=[share.product.name for share in most],
        series=[(_("less"), [percent(share.saved_minor, share.alone_minor) for share in most])],
        note=_(
            "Of the same supplier, in packs and minimums of your own; without freight and fees."
        ),
    )


def _cost_chart() -> list[Chart]:
    charges, taxes = payments.charge_parts(), retail_lists.tax_parts()
    parts = [
        (_("Goods at the bank's rate"), charges["goods"]),
        (_("Wire fees"), charges["fee"]),
        (_("Import VAT"), taxes["vat"]),
        (_("Consumption tax"), taxes["consumption_tax"]),
        (_("Duty"), taxes["duty"]),
    ]
    if not any(minor for _name, minor in parts):
        return []
    return [
        Chart(
            key="landed",
            title=_("Your cost by part"),
            unit="CNY",
            head=_("Part"),
            kind="rows",
            categories=[str(name) for name, _minor in parts],
            series=[(_("amount"), [yuan(minor) for _name, minor in parts])],
            note=_("Goods and fees as they were charged to you; tax of the parcels you have sold."),
        )
    ]
