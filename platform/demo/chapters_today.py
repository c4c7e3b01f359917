"""Rounds that are under way on the real day, so that every page has something to show.

One of each phase, each of a category of the goods: one was ordered, each wish as its seller's
credit lets it count, and its supplier cannot deliver all of it; one waits for deposits; one takes
only what fills packs. Each is made once and as a whole, so a telling that was cut short goes on
with the next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Company
from catalog.models import Product
from core.money import Money
from demo import terms
from demo.calendar import Quarter
from demo.story import Story, wait_for
from demo.telling import Chapter
from procurement import services as procurement
from procurement.models import (
    Deposit,
    ForecastLine,
    OrderDocument,
    OrderState,
    PoolRound,
    PurchaseOrder,
    RoundState,
    SellerSku,
)
from procurement.queries import approvals, forecasts, standing
from procurement.rules.confirming import Confirmed
from procurement.rules.ordering import RoundPolicy
from procurement.services import ShippedLine

#: So many of the file's sellers take part, and the solver gets so long.
SELLERS = 30
SECONDS = 4.0
#: The bills of the round that is ordered are due in some days, not after the usual two weeks.
PAYMENT_DAYS = 60
#: Who is asked to be one of those whose deposit is paid.
SHOWN = "seller1@bondpool.example"


def go_on_today(story: Story, chapter: Chapter) -> None:
    """What an operator, a seller and finance find on their desks."""
    name_the_goods(story)
    coming = PoolRound.objects.filter(state=RoundState.OPEN, category="").order_by("-quarter")
    whole = coming.first()
    free = _categories(story)
    if whole is None or len(free) < 2:
        return
    now = Quarter.of(story.today.date())
    if now.name != story.quarter.name:
        _ordered(story, chapter, now.name, free[0])
    _waiting(story, chapter, whole.quarter, free[1])
    if len(free) > 2:
        _filling(story, chapter, whole.quarter, free[2])
    _wished(story, whole, free[:3])


def name_the_goods(story: Story) -> None:
    """The first seller's own names of some goods, said by a person of its."""
    person = story.house.people.get(SHOWN)
    if person is None or SellerSku.objects.exists():
        return
    seller = person.memberships.get().company
    products = Product.objects.in_bulk(field_name="sku")
    for own, sku in terms.read()["own_skus"].items():
        if sku in products:
            procurement.map_own_sku(
                seller=seller, own_sku=own, product=products[sku], by=person, now=story.today
            )


def _categories(story: Story) -> list[str]:
    """Those with most goods that pool, first first."""
    offered = Product.objects.filter(offers__isnull=False).values_list("pk", "category").distinct()
    counted = Counter(category for _pk, category in offered)
    return [name for name, _many in sorted(counted.items(), key=lambda one: (-one[1], one[0]))]


def _wishes(story: Story, category: str) -> dict[int, dict[int, int]]:
    """What some sellers of the story wished of a category: seller, product, units."""
    lines = (
        ForecastLine.objects.filter(
            forecast__in=forecasts.newest(story.round), product__category=category
        )
        .order_by("seller__code", "product__sku")
        .values_list("seller", "product", "quantity")
    )
    found: dict[int, dict[int, int]] = {}
    for seller, product, units in lines:
        if seller in found or len(found) < SELLERS:
            # Another quarter: a tenth more or less, the same at every run.
            found.setdefault(seller, {})[product] = max(1, units * (90 + product % 21) // 100)
    shown = _shown(story)
    if shown is not None and shown.pk not in found and found:
        # It takes what the first of them takes, a third less.
        first = next(iter(found.values()))
        found[shown.pk] = {product: max(6, units * 2 // 3) for product, units in first.items()}
    return found


def _shown(story: Story) -> Company | None:
    person = story.house.people.get(SHOWN)
    return person.memberships.get().company if person else None


def _opened(
    story: Story, quarter: str, category: str, *, cutoff: int, policy: RoundPolicy
) -> PoolRound:
    """A round whose cut-off was ``cutoff`` days ago, with what was wished for it in time."""
    day = story.today
    held = procurement.open_round(
        quarter=quarter,
        category=category,
        opens_at=day - timedelta(days=cutoff + 30),
        cutoff_at=day - timedelta(days=cutoff),
        policy=policy,
    )
    filed = day - timedelta(days=cutoff + 6)
    wishes = _wishes(story, category)
    sellers = Company.objects.in_bulk(list(wishes))
    for seller, lines in wishes.items():
        procurement.file_forecast(
            round=held,
            seller=sellers[seller],
            lines=lines,
            tolerances=_tolerances(lines, held.tolerance_limit_percent),
            filed_by=None,
            now=filed,
        )
    return held


def _tolerances(lines: Mapping[int, int], limit: int) -> dict[int, tuple[int, int]]:
    """A tenth less or a fifth more would do for every second product."""
    return {
        product: (units * min(10, limit // 4) // 100, units * min(20, limit // 4) // 100)
        for product, units in lines.items()
        if product % 2
    }


def _is_there(quarter: str, category: str) -> bool:
    return PoolRound.objects.filter(quarter=quarter, category=category).exists()


@transaction.atomic
def _order(story: Story, quarter: str, category: str) -> PoolRound:
    held = _opened(
        story,
        quarter,
        category,
        cutoff=50,
        policy=RoundPolicy(
            tolerance_limit_percent=80, is_credit_applied=True, payment_days=PAYMENT_DAYS
        ),
    )
    procurement.close_round(
        round=held,
        buyer=story.house.importer,
        platform=story.house.platform,
        closed_by=story.house.operator,
        now=story.today - timedelta(days=49),
        seconds=SECONDS,
    )
    for order in held.orders.order_by("pk"):
        approve(story, order, days_ago=48)
        procurement.place_order(
            order=order, by=story.house.operator, now=story.today - timedelta(days=47)
        )
    return held


def approve(story: Story, order: PurchaseOrder, *, days_ago: float) -> None:
    """As many people of finance as its amount asks for."""
    now = story.today - timedelta(days=days_ago)
    people = (story.house.maker, story.house.checker)
    for by in people[: approvals.needed_for(order, now=now)]:
        procurement.approve_order(order=order, by=by, now=now)


def _ordered(story: Story, chapter: Chapter, quarter: str, category: str) -> None:
    """Ordered, confirmed with a cut, half delivered, and a rest cancelled."""
    if _is_there(quarter, category):
        return
    story.at(story.today - timedelta(days=47))
    held = _order(story, quarter, category)
    orders = list(held.orders.order_by("pk"))
    for order in orders:
        order.refresh_from_db()
        _live(story, order)
    story.at(story.today)
    wait_for(story, OrderDocument)
    chapter.say(
        _("%(round)s: %(orders)s orders confirmed with a cut, a part delivered, a rest cancelled"),
        round=held.code,
        orders=len(orders),
    )


@transaction.atomic
def _live(story: Story, order: PurchaseOrder) -> None:
    day, operator = story.today, story.house.operator
    stands = standing.standings(order)
    if not stands:
        return
    first, last = stands[0].line, stands[-1].line
    told = {
        one.line.pk: Confirmed(
            # A fifth of the first line cannot be made.
            packs=max(1, one.packs * 4 // 5) if one.line.pk == first.pk else one.packs,
            pack_price_minor=one.terms.pack_price_minor,
            promised_on=(day - timedelta(days=2)).date(),
        )
        for one in stands
    }
    confirmation = procurement.confirm_order(
        order=order,
        lines=told,
        reference=f"AB-{order.number[-4:]}",
        by=operator,
        now=day - timedelta(days=44),
    )
    if confirmation.is_change:
        procurement.decide_confirmation(
            confirmation=confirmation,
            is_accepted=True,
            reason=_("The filling line stands still until the new year."),
            by=story.house.people["operator@bondpool.example"],
            now=day - timedelta(days=43),
        )
    order.refresh_from_db()
    _ship_a_part(story, order)
    order.refresh_from_db()
    rest = [one for one in standing.standings(order) if one.line.pk == last.pk and one.open]
    if rest and order.state == OrderState.PLACED:
        packs = max(1, rest[0].open // rest[0].line.pack_quantity // 3)
        procurement.cancel_open(
            order=order,
            lines=[(last.pk, packs * rest[0].line.pack_quantity)],
            reason=_("The supplier no longer makes this size."),
            by=operator,
            now=day - timedelta(days=3),
        )


def _ship_a_part(story: Story, order: PurchaseOrder) -> None:
    """Half of each line, in whole packs, has left; the rest is late."""
    left = story.today - timedelta(days=16)
    halves = [
        ShippedLine(
            order_line_id=one.line.pk,
            quantity=one.open // one.line.pack_quantity // 2 * one.line.pack_quantity,
            batch=f"B{left:%y%m%d}{one.line.position:02d}",
            produced_on=(left - timedelta(days=30)).date(),
            expires_on=(left + timedelta(days=one.line.product.shelf_life_days)).date()
            if one.line.product.shelf_life_days
            else None,
        )
        for one in standing.standings(order)
        if one.open // one.line.pack_quantity >= 2
    ]
    if halves:
        procurement.ship_order(
            order=order,
            lines=halves,
            vessel="DEMO WIND",
            voyage="48E",
            bill_of_lading=f"DEMW{order.number[-6:]}",
            departed_at=left,
            expected_on=(story.today + timedelta(days=19)).date(),
            freight_minor=order.amount_minor * 3 // 100,
            insurance_minor=order.amount_minor * 3 // 1000,
            freight_currency=order.currency,
            now=left,
            by=story.house.operator,
        )


def _waiting(story: Story, chapter: Chapter, quarter: str, category: str) -> None:
    """Forecasts are final and deposits asked: some paid, one in part, some not."""
    if _is_there(quarter, category):
        return
    with transaction.atomic():
        held = _opened(
            story,
            quarter,
            category,
            cutoff=6,
            policy=RoundPolicy(
                fill_until=story.today - timedelta(days=4),
                deposit_due_at=story.today + timedelta(days=3),
                deposit_percent=30,
                tolerance_limit_percent=60,
            ),
        )
        asked = procurement.ask_for_deposits(
            round=held,
            platform=story.house.platform,
            now=story.today - timedelta(days=3),
            seconds=SECONDS,
        )
        _pay(story, asked)
        _too_late(story, held)
    chapter.say(
        _("%(round)s: %(asked)s deposits asked, %(sum)s in all"),
        round=held.code,
        asked=len(asked),
        sum=Money(sum(one.amount_minor for one in asked), "CNY"),
    )


def _pay(story: Story, asked: list[Deposit]) -> None:
    """Every third pays at once, the next a half; the one who is shown has still to pay."""
    day = story.today - timedelta(days=1)
    for place, deposit in enumerate(sorted(asked, key=lambda one: one.number)):
        amount = (0, deposit.amount_minor, deposit.amount_minor // 2)[place % 3]
        if amount:
            procurement.record_payment(
                deposit=deposit,
                amount_minor=amount,
                value_date=day.date(),
                reference=f"ICBC{day:%Y%m%d}{place:06d}",
                noted_by=story.house.maker,
                now=day,
            )


def _too_late(story: Story, held: PoolRound) -> None:
    """The seller who is shown wished something after the last moment."""
    person = story.house.people.get(SHOWN)
    product = Product.objects.filter(category=held.category, offers__isnull=False).first()
    if person is not None and product is not None:
        procurement.keep_late_wish(
            round=held,
            seller=person.memberships.get().company,
            lines={product.pk: 18},
            wished_by=person,
            now=story.today - timedelta(days=2),
        )


@transaction.atomic
def _filling(story: Story, chapter: Chapter, quarter: str, category: str) -> None:
    """The cut-off is past; for two days what fills packs is still taken."""
    if _is_there(quarter, category):
        return
    held = _opened(
        story,
        quarter,
        category,
        cutoff=1,
        policy=RoundPolicy(
            fill_until=story.today + timedelta(days=2),
            deposit_due_at=story.today + timedelta(days=6),
            deposit_percent=20,
            tolerance_limit_percent=60,
        ),
    )
    procurement.plan_round(round=held, now=story.today - timedelta(hours=3), seconds=SECONDS)
    chapter.say(
        _("%(round)s: packs are filled up until %(until)s"),
        round=held.code,
        until=f"{held.fill_until:%Y-%m-%d %H:%M}",
    )


def _wished(story: Story, whole: PoolRound, pooled_apart: list[str]) -> None:
    """In the round of everything else some have filed already."""
    if whole.forecasts.exists():
        return
    rest = [one for one in _categories(story) if one not in pooled_apart]
    wishes: dict[int, dict[int, int]] = {}
    for category in rest:
        for seller, lines in _wishes(story, category).items():
            wishes.setdefault(seller, {}).update(lines)
    sellers = Company.objects.in_bulk(list(wishes))
    for seller, lines in wishes.items():
        procurement.file_forecast(
            round=whole,
            seller=sellers[seller],
            lines=lines,
            tolerances=_tolerances(lines, whole.tolerance_limit_percent),
            filed_by=None,
            now=story.today - timedelta(days=1),
        )
