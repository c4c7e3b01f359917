"""Retail lists: one for each consumer's order that took stock, with its tax."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from core.numbers import next_numbers
from core.queue import ring
from customs import queries
from customs.models import PositiveEntry, RetailList, RetailListLine, RetailRefusal, RetailTaxRule
from customs.queries.contents import contents_by_product
from customs.queries.judging import judged_of, modes_on
from customs.queries.reference import positive_on
from customs.queries.ways import waits_for_release
from customs.rules import retail_tax as rules
from customs.rules.contents import Contents
from customs.rules.modes import Mode
from customs.rules.positive_list import (
    BONDED_ONLY,
    GoodsFromBondOnly,
    GoodsLeftOut,
    Remark,
    Verdict,
    standing,
)
from customs.services.quota import count_alone, reserve_quota
from customs.services.tax_rules import keep_tax_rules
from customs.services.telling import tell_drawn, tell_refused
from traceability.models import Evidence
from traceability.rules import RETAIL_LIST, Fact, gtin_key, retail_key
from traceability.services import record
from warehouse.days import day_of
from warehouse.models import Reservation, RetailOrder, RetailOrderLine
from warehouse.queries.parting import worth_beside
from warehouse.queries.retail import BUYER_FIELDS, TO_BE_LISTED
from warehouse.services import cancel_orders, mark_listed

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class DrawnLists:
    """How many lists were drawn, orders refused, and orders left waiting for a rate."""

    drawn: int = 0
    refused: int = 0
    waiting: int = 0

    def __add__(self, other: DrawnLists) -> DrawnLists:
        return DrawnLists(
            self.drawn + other.drawn, self.refused + other.refused, self.waiting + other.waiting
        )


def draw_retail_lists(*, now: datetime) -> DrawnLists:
    """Draw the list of every paid order that took stock and has none; safe to run twice. What
    somebody holds back waits.

    The earlier order counts first towards a buyer's year. An order that may not leave as
    retail is refused: the reason is kept and its stock goes back. An order with goods that
    have no tariff rate in force, that went in before customs released them, or of which nobody has
    said whether the positive list's remark lets them in, is left waiting.
    """
    keep_tax_rules()
    total, after = DrawnLists(), 0
    while True:
        batch, after = _draw_batch(after, now)
        if not after:
            return total
        total += batch


@transaction.atomic
def _draw_batch(after: int, now: datetime) -> tuple[DrawnLists, int]:
    """The next batch of orders behind ``after``; gives back the last id, 0 at the end."""
    count_alone()
    orders = list(
        RetailOrder.objects.select_for_update(of=("self",))
        .filter(TO_BE_LISTED, retail_list__isnull=True, pk__gt=after)
        .defer(*BUYER_FIELDS)
        .order_by("pk")[:BATCH]
    )
    if not orders:
        return DrawnLists(), 0
    day = day_of(now)
    tax_rule, limits = queries.tax_rule_on(day), queries.limits_on(day)
    lines = queries.retail_lines(orders)
    rates = queries.rates_on(
        {line.product.hs_code for parts in lines.values() for line in parts}, day
    )
    undeclared = waits_for_release([order.pk for order in orders])
    contents = contents_by_product(line.product for parts in lines.values() for line in parts)
    ready = [
        order
        for order in orders
        if order.pk not in undeclared
        and all(is_taxable(line, rates, contents) for line in lines[order.pk])
    ]
    ready, barred = under_remarks(ready, lines, day)
    if tax_rule is None or limits is None or not (ready or barred):
        return DrawnLists(waiting=len(orders)), orders[-1].pk
    buyers = {order.buyer_id_digest for order in ready}
    beside = worth_beside(ready)
    parcels = [
        parcel_of(order, lines[order.pk], rates, contents, beside.get(order.pk, 0))
        for order in ready
    ]
    outcomes = rules.assess_in_turn(
        [(order.buyer_id_digest, one) for order, one in zip(ready, parcels, strict=True)],
        used=queries.used_in_year(buyers, day.year),
        limits=limits,
        used_grams=queries.grams_in_year(buyers, day.year),
    )
    weights = {
        order.pk: {code: grams for code, (grams, _limit) in rules.limited_grams(one).items()}
        for order, one in zip(ready, parcels, strict=True)
    }
    drawn = [
        (order, outcome)
        for order, outcome in zip(ready, outcomes, strict=True)
        if isinstance(outcome, rules.Assessment)
    ]
    refused = [
        *barred,
        *(
            (order, outcome)
            for order, outcome in zip(ready, outcomes, strict=True)
            if isinstance(outcome, rules.RetailRefusal)
        ),
    ]
    _refuse(refused, now)
    _write(drawn, lines, weights, tax_rule, day, now)
    waiting = len(orders) - len(ready) - len(barred)
    counted = DrawnLists(len(drawn), len(refused), waiting)
    return counted, orders[-1].pk


def under_remarks(
    orders: Sequence[RetailOrder], lines: Mapping[int, Sequence[RetailOrderLine]], day: date
) -> tuple[list[RetailOrder], list[tuple[RetailOrder, rules.RetailRefusal]]]:
    """The orders that the positive list's remarks let out, and those that they refuse; one with
    goods that nobody judged is in neither."""
    told = [line.product for order in orders for line in lines[order.pk]]
    listed = positive_on({one.hs_code for one in told}, day)
    remarks = {code: Remark.of(one.remarks, one.remark) for code, one in listed.items()}
    shut = _shut_out(orders, lines, listed, day)
    asked = {one.pk for one in told if one.hs_code in remarks and remarks[one.hs_code].kinds}
    judged = judged_of(asked) if asked else {}
    out: list[RetailOrder] = []
    barred: list[tuple[RetailOrder, rules.RetailRefusal]] = []
    for order in orders:
        verdicts = {
            line.product.sku: standing(
                judged.get(line.product_id), line.product.hs_code, remarks[line.product.hs_code]
            )
            for line in lines[order.pk]
            if line.product_id in asked
        }
        if order.pk in shut:
            barred.append((order, GoodsFromBondOnly(product=shut[order.pk])))
            continue
        left_out = [sku for sku, verdict in verdicts.items() if verdict == Verdict.LEFT_OUT]
        if left_out:
            barred.append((order, GoodsLeftOut(product=left_out[0])))
        elif None not in verdicts.values():
            out.append(order)
    return out, barred


def _shut_out(
    orders: Sequence[RetailOrder],
    lines: Mapping[int, Sequence[RetailOrderLine]],
    listed: Mapping[str, PositiveEntry],
    day: date,
) -> dict[int, str]:
    """By order: a product that comes in from bond only, in a house of a mode that is none."""
    asked = {
        order.pk: line.product.sku
        for order in orders
        for line in lines[order.pk]
        if line.product.hs_code in listed and BONDED_ONLY in listed[line.product.hs_code].remarks
    }
    if not asked:
        return {}
    reserved = Reservation.objects.filter(line__order__in=asked.keys())
    houses = dict(reserved.values_list("line__order", "holding__lot__warehouse"))
    modes = modes_on(set(houses.values()), day)
    return {
        order: sku
        for order, sku in asked.items()
        if modes.get(houses.get(order, 0), Mode.BONDED) not in settings.BONDPOOL_BONDED_ONLY_MODES
    }


def is_taxable(
    line: RetailOrderLine, rates: Mapping[str, rules.Rates], contents: Mapping[int, Contents]
) -> bool:
    """Whether the tariff has the line's code, and what is taxed by quantity can be measured."""
    found = rates.get(line.product.hs_code)
    if found is None or not found.specific:
        return found is not None
    return contents[line.product_id].in_unit(found.specific_unit) is not None


def parcel_of(
    order: RetailOrder,
    lines: Sequence[RetailOrderLine],
    rates: Mapping[str, rules.Rates],
    contents: Mapping[int, Contents],
    beside: int,
) -> rules.Parcel:
    """An order as the rule wants it; ``contents`` of a unit by product, ``beside`` fen of its other
    parcels."""
    return rules.Parcel(
        lines=tuple(
            rules.ParcelLine(
                quantity=line.quantity,
                goods=line.quantity * line.unit_price_minor,
                hs_code=line.product.hs_code,
                rates=rates[line.product.hs_code],
                contents=contents[line.product_id],
            )
            for line in lines
        ),
        freight=order.freight_minor,
        beside=beside,
        insurance=order.insurance_minor,
    )


def _refuse(refused: Sequence[tuple[RetailOrder, rules.RetailRefusal]], now: datetime) -> None:
    cancel_orders(
        orders=[order for order, _refusal in refused],
        now=now,
        refusals={order.pk: refusal for order, refusal in refused},
    )
    RetailRefusal.objects.bulk_create(
        RetailRefusal(
            order=order,
            seller_id=order.seller_id,
            rule=refusal.code,
            facts={name: str(value) for name, value in refusal.facts.items()},
            refused_at=now,
        )
        for order, refusal in refused
    )
    tell_refused(refused, now)


def _write(
    drawn: Sequence[tuple[RetailOrder, rules.Assessment]],
    lines: Mapping[int, Sequence[RetailOrderLine]],
    weights: Mapping[int, Mapping[str, int]],
    tax_rule: RetailTaxRule,
    day: date,
    now: datetime,
) -> None:
    """Lists, lines, quota and facts, each table in one go."""
    mark_listed(orders=[order.pk for order, _ in drawn])
    numbers = next_numbers("RL", day.year, len(drawn))
    lists = RetailList.objects.bulk_create(
        RetailList(
            number=number,
            order=order,
            seller_id=order.seller_id,
            regime=assessment.regime,
            tax_rule=tax_rule,
            dutiable_minor=assessment.dutiable,
            duty_minor=assessment.tax.duty,
            consumption_tax_minor=assessment.tax.consumption_tax,
            vat_minor=assessment.tax.vat,
            tax_minor=assessment.tax.total,
            drawn_at=now,
        )
        for number, (order, assessment) in zip(numbers, drawn, strict=True)
    )
    RetailListLine.objects.bulk_create(
        (
            RetailListLine(
                retail_list=row,
                seller_id=row.seller_id,
                order_line=line,
                position=line.position,
                hs_code=line.product.hs_code,
                dutiable_minor=taxed.dutiable,
                duty_minor=taxed.tax.duty,
                consumption_tax_minor=taxed.tax.consumption_tax,
                vat_minor=taxed.tax.vat,
            )
            for row, (order, assessment) in zip(lists, drawn, strict=True)
            for line, taxed in zip(lines[order.pk], assessment.lines, strict=True)
        ),
        batch_size=2_000,
    )
    reserve_quota(
        ((row, row.order.buyer_id_digest, weights[row.order_id]) for row in lists), now=now
    )
    record(*(_fact(row, lines[row.order_id], now) for row in lists), now=now)
    tell_drawn(lists, now)
    ring("customs.messages")


def _fact(row: RetailList, lines: Sequence[RetailOrderLine], now: datetime) -> Fact:
    """The parcel was declared, told by its seller; nothing of the buyer, no amount."""
    return Fact(
        event_type="TransactionEvent",
        action="OBSERVE",
        biz_step="retail_selling",
        disposition="retail_sold",
        event_time=now,
        asserted_by=row.seller_id,
        evidence=Evidence.DOCUMENTED,
        keys=tuple(
            dict.fromkeys(
                (retail_key(row.order.number), *(gtin_key(line.product.gtin) for line in lines))
            )
        ),
        documents=((RETAIL_LIST, row.number),),
    )
