"""The end of the story: the period's invoices are paid, and everything is counted again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.moments import at_one_moment
from core.money import Money
from demo.calendar import Quarter
from demo.story import Story
from demo.telling import Chapter
from procurement import services as procurement
from procurement.models import (
    OrderShare,
    PoolRound,
    PurchaseOrder,
    PurchaseOrderLine,
    RoundState,
)
from procurement.queries import bearing, planning
from procurement.queries.proving import prove_accounts
from procurement.rules.ordering import RoundPolicy
from procurement.rules.solving.freighting import room
from settlement import ecb, proof
from settlement import services as settlement
from settlement.models import (
    BatchState,
    Payable,
    PayableState,
    Payment,
    PaymentFile,
    SettlementBatch,
)
from traceability import queries as traceability
from warehouse.models import Holding, ReceiptLine, ReceiptShare, StockMovement
from warehouse.queries.proving import prove_stock


class Uneven(DomainError):
    """Two counts of the same thing differ."""

    code = "demo.uneven"


def settle_the_period(story: Story, chapter: Chapter) -> None:
    """One batch per supplier and currency: priced by one person, released by another."""
    quarter, house = story.quarter, story.house
    now = story.at(quarter.settles_at)
    orders = [order.number for order in story.orders]
    if Payable.objects.filter(order_number__in=orders, state=PayableState.OPEN).exists():
        settlement.open_batches(
            debtor=house.importer,
            period_start=quarter.first_day,
            period_end=quarter.last_day,
            created_by=house.maker,
            now=now,
        )
    mine = SettlementBatch.objects.filter(
        debtor=house.importer, period_start=quarter.first_day
    ).order_by("pk")
    for batch in mine.filter(state=BatchState.DRAFT):
        settlement.price_batch(batch=batch, priced_by=house.maker, now=now)
    for batch in mine.filter(state=BatchState.PRICED):
        later = story.at(now + timedelta(hours=1))
        settlement.approve_batch(batch=batch, approved_by=house.checker, seen=later, now=later)
    approved = list(mine.filter(state=BatchState.APPROVED))
    if approved:
        settlement.export_batches(
            batches=approved, made_by=house.maker, now=story.at(now + timedelta(hours=2))
        )
    invoices = Payable.objects.filter(batch_line__batch__in=mine).count()
    sums = mine.aggregate(
        batches=Count("pk"), cny=Sum("cny_minor"), fee=Sum("fee_minor"), alone=Sum("alone_minor")
    )
    chapter.say(
        _("%(invoices)s invoices paid in %(transfers)s transfers, one payment file, %(amount)s"),
        invoices=invoices,
        transfers=sums["batches"],
        amount=Money(sums["cny"] + sums["fee"], "CNY"),
    )
    chapter.say(
        _("%(saved)s less than paying each invoice alone"),
        saved=Money(sums["alone"] - sums["cny"] - sums["fee"], "CNY"),
    )
    for source, day in sorted(set(mine.values_list("rate__source", "rate__value_date"))):
        told = _("ECB, embedded") if source == ecb.SOURCE else source
        chapter.say(_("rates of %(day)s from %(source)s"), day=day, source=told)


def open_the_next_round(story: Story, chapter: Chapter) -> None:
    """A round that takes forecasts on the real day, so that a visitor can file one."""
    whole = PoolRound.objects.filter(category="")
    closed = set(whole.filter(state=RoundState.CLOSED).values_list("quarter", flat=True))
    quarter = Quarter.of(story.today.date()).after()
    while story.today >= _last_call(quarter) or quarter.name in closed:
        quarter = quarter.after()
    if not whole.filter(quarter=quarter.name).exists():
        procurement.open_round(
            quarter=quarter.name,
            opens_at=min(quarter.opens_at, story.today),
            cutoff_at=_last_call(quarter),
            policy=RoundPolicy(
                fill_until=_last_call(quarter) + timedelta(days=3), tolerance_limit_percent=50
            ),
        )
    chapter.say(
        _("%(quarter)s takes forecasts until %(cutoff)s"),
        quarter=quarter.name,
        cutoff=f"{_last_call(quarter):%Y-%m-%d %H:%M}",
    )


def _last_call(quarter: Quarter) -> datetime:
    return quarter.at(-10, 18)


@at_one_moment()
def count_everything_again(story: Story, chapter: Chapter) -> None:
    """Pooled = shares, received = lots, stock = movements, payments = file = ledger, trace intact.

    Raises Uneven.
    """
    lines = PurchaseOrderLine.objects.aggregate(q=Sum("quantity"), a=Sum("amount_minor"))
    shares = OrderShare.objects.aggregate(q=Sum("quantity"), a=Sum("amount_minor"))
    orders = PurchaseOrder.objects.aggregate(a=Sum("amount_minor"))
    _even("ordered units", lines["q"], shares["q"])
    _even("ordered amount", lines["a"], shares["a"], orders["a"])
    received = ReceiptLine.objects.aggregate(n=Sum("counted"))["n"]
    _even(
        "received units",
        received,
        ReceiptShare.objects.aggregate(n=Sum("received"))["n"],
        StockMovement.objects.filter(kind="received", account="stock").aggregate(n=Sum("quantity"))[
            "n"
        ],
    )
    free = Q(status="available")
    on_hand = Holding.objects.filter(free).aggregate(n=Sum("on_hand"))["n"]
    _even("stock", on_hand, StockMovement.objects.filter(free).aggregate(n=Sum("quantity"))["n"])
    paid = Payment.objects.aggregate(n=Count("pk"))["n"]
    _even("payments", paid, PaymentFile.objects.aggregate(n=Sum("payment_count"))["n"])
    books, stock, chain = proof.prove(), prove_stock(), traceability.check_chain()
    accounts = prove_accounts()
    if books.faults or accounts.faults or stock or chain.broken:
        raise Uneven(books=books.faults, accounts=accounts.faults, stock=stock, trace=chain.broken)
    chapter.say(
        _(
            "ordered = shares = %(ordered)s units; received = shares = %(received)s; stock = "
            "movements = %(stock)s"
        ),
        ordered=lines["q"],
        received=received,
        stock=on_hand,
    )
    containers, part_loads = _fitting_loads()
    chapter.say(
        _(
            "every order fits what is booked for it by volume and weight; containers: "
            "%(containers)s, part loads: %(loads)s"
        ),
        containers=containers,
        loads=part_loads,
    )
    chapter.say(
        _("bills = sellers' accounts = ledger: %(billed)s billed"),
        billed=Money(accounts.billed_minor, "CNY"),
    )
    chapter.say(
        _("payments = file = ledger in every currency; %(events)s trace events, chain unbroken"),
        events=chain.count,
    )


def _fitting_loads() -> tuple[int, int]:
    """How many containers and part loads the plans book; what was ordered is measured again, from
    the lines of the orders and the catalogue. Raises Uneven where it does not go in."""
    containers = part_loads = 0
    for held in PoolRound.objects.filter(state=RoundState.CLOSED).order_by("pk"):
        plan = bearing.plan_of(held)
        if plan is None:
            continue
        told = planning.explained(plan)
        lanes = {lane.key: lane for lane in told.problem.lanes}
        for order in told.found.orders:
            lane = lanes[order.lane]
            lines = PurchaseOrderLine.objects.filter(
                order__round=held,
                order__supplier=lane.supplier,
                order__currency=lane.currency,
                order__incoterm=lane.incoterm,
            )
            cm3 = grams = 0
            for units, volume, weight in lines.values_list(
                "quantity", "product__volume_cm3", "product__gross_weight_g"
            ):
                cm3, grams = cm3 + units * volume, grams + units * weight
            space, strength = room(lane, order.load)
            if lane.pays_freight and (cm3 > space or grams > strength):
                raise Uneven(what=f"load, {held.code}", counts=((cm3, grams), (space, strength)))
            containers += order.load.count
            part_loads += bool(order.load.lcl)
    return containers, part_loads


def _even(what: str, *counts: int | None) -> None:
    if len(set(counts)) != 1:
        raise Uneven(what=what, counts=counts)
