"""What a whole quarter tells: each company its own, the platform what is the platform's."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from accounts.models import Company
from core import queue
from customs.models import DeclarationDocument
from customs.services import make_due_documents, queue_document
from notices.models import Mail, Notice, NoticeCopy, WebhookDelivery
from notices.services.mailing import _message
from notices.wording import worded
from procurement import services as procurement
from procurement.models import PoolRound
from settlement import forex_gateway
from tests.factories.customs import DECLARES, a_draft
from tests.factories.procurement import PoolRoundFactory
from tests.factories.warehouse import an_incoming_order
from tests.notices.conftest import NOON
from tests.walls.looked import Looked
from tests.walls.world import SELLERS_SECRETS, World, build
from warehouse import services as warehouse
from warehouse.models import RetailOrder
from warehouse.services import accept_orders, cancel_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings: Any) -> World:
    settings.FOREX_RATES_URL = "http://127.0.0.1:9/api/"
    forex_gateway.circuit.close()
    return build()


def heard(company: Company | None) -> list[str]:
    found = Notice.objects.filter(company=company).order_by("pk")
    return list(found.values_list("event", flat=True))


def test_a_quarter_is_told_to_whom_it_concerns(world: World) -> None:
    assert heard(world.seller) == [
        *("round.closing", "forecast.filed", "deposit.asked", "deposit.paid", "deposit.applied"),
        *("round.closed", "share.ordered", "share.shipped"),
        *("share.cleared", "stock.received", "retail.accepted", "retail.listed"),
        *("retail.held", "retail.let_go", "retail.released", "retail.handed_over"),
        *("charge.due", "storage.billed"),
        # What its shop sent by itself and could not be taken.
        "channel.refused",
    ]
    assert heard(world.stranger) == [
        *("round.closing", "forecast.filed", "round.closed", "share.ordered", "share.shipped"),
        *("share.cleared", "stock.received", "charge.due", "stock.set_aside", "stock.freed"),
        "storage.billed",
    ]
    assert heard(world.importer) == [
        *("order.placed", "shipment.shipped", "declaration.ready", "declaration.released"),
        *("shipment.received", "invoice.payable"),
    ]
    assert heard(world.other_importer) == []
    assert heard(world.people["warehouse"].memberships.get().company) == [
        *("shipment.cleared", "count.refused"),
    ]
    assert heard(None) == [
        *("round.pooled", "order.proposed", "invoice.booked"),
        *("batch.priced", "batch.approved", "batch.exported", "count.to_approve"),
        "reference.proposed",
    ]
    hooks = WebhookDelivery.objects.values_list("company_id", "event").order_by("pk")
    assert [event for _, event in hooks] == ["webhook.ping", *heard(world.seller)]
    assert {company for company, _ in hooks} == {world.seller.pk}


def test_no_mail_and_no_message_holds_a_word_of_another_company_or_of_a_buyer(
    world: World,
) -> None:
    others = Looked([*SELLERS_SECRETS, "360426199101010071"])
    for mail in Mail.objects.filter(company=world.stranger):
        message = _message(mail)
        told = f"{message.subject} {message.body} {message.alternatives} {message.extra_headers}"
        assert others.found_in(told) == []
    buyers = Looked(["360426199101010071", "金丝雀路", "李", "13800000000", "138****0000"])
    for delivery in WebhookDelivery.objects.all():
        assert buyers.found_in(delivery.body) == []
    assert Mail.objects.filter(company=world.stranger).count() == 6


SAID = {
    "en": {
        "round.closed": "The pool was ordered. You have a share of 1 product, 7,919 units in all."
        " It costs you CNY\u00a0623,906.33, due on 2026-06-15 less what you deposited.",
        "share.ordered": "Order PO-2026-000001 went to the supplier; 7,919 units of it are yours.",
        "stock.received": "Shipment ASN-2026-000001 is counted in, complete for you.",
        "retail.accepted": "Stock is reserved for them; the retail lists follow.",
        "retail.listed": "The composite tax on them is CNY\u00a09.10.",
    },
    "zh-hans": {
        "round.closed": "拼单已转为采购订单。您的份额涉及 1 种商品，共 7,919 件。"
        "您应承担 CNY\u00a0623,906.33，减去定金后于 2026-06-15 到期。",
        "share.ordered": "订单 PO-2026-000001 已发给供应商，其中 7,919 件属于您。",
        "stock.received": "货运批次 ASN-2026-000001 已清点入库，您的份额足量到货。",
        "retail.accepted": "库存已预留，随后生成零售进口清单。",
        "retail.listed": "综合税合计 CNY\u00a09.10。",
    },
}


def test_the_seller_reads_its_quarter_in_its_language(world: World) -> None:
    for language, said in SAID.items():
        with override(language):
            texts = {
                one.event: worded(one, role="seller").text
                for one in Notice.objects.filter(company=world.seller)
            }

        assert {code: texts[code] for code in said} == said


def test_a_refused_parcel_and_a_cancelled_one_are_told_once_each(world: World) -> None:
    now, before = NOON + timedelta(days=30), Counter(heard(world.seller))
    refused = [an_incoming_order("NO-SUCH", 1, number=f"R-{n}") for n in range(3)]
    accept_orders(seller=world.seller, orders=refused, now=now)
    accept_orders(seller=world.seller, orders=refused, now=now + timedelta(hours=1))
    taken = accept_orders(
        seller=world.seller,
        orders=[an_incoming_order("MILK", 1, number="T-1", price_minor=5_000)],
        now=now,
    )
    assert taken[0].number
    order = RetailOrder.objects.get(number=taken[0].number)
    cancel_order(order=order, now=now)

    told = Counter(heard(world.seller)) - before
    assert (told["retail.refused"], told["retail.cancelled"]) == (1, 1)
    assert Notice.objects.filter(event="retail.refused").latest("pk").facts == {"orders": 3}


def test_a_round_is_told_of_when_it_opens_and_three_days_before_it_closes(
    clerk: Any, neighbour: Any
) -> None:
    round: PoolRound = PoolRoundFactory.create(
        quarter="2026-Q4", opens_at=NOON, cutoff_at=NOON + timedelta(days=20)
    )

    def remind(after: timedelta) -> int:
        return procurement.remind(now=NOON + after)

    assert remind(timedelta(seconds=-1)) == 0
    assert [remind(timedelta()) for _ in range(3)] == [1, 0, 0]
    assert remind(timedelta(days=17, seconds=-1)) == 0
    assert [remind(timedelta(days=17)) for _ in range(3)] == [1, 0, 0]
    assert remind(timedelta(days=20)) == 0
    assert heard(clerk.company) == heard(neighbour.company) == ["round.opened", "round.closing"]
    assert NoticeCopy.objects.count() == 4
    assert round.quarter == Notice.objects.latest("pk").subject


def test_a_round_that_is_missed_until_its_last_day_is_told_of_twice(clerk: Any) -> None:
    PoolRoundFactory.create(quarter="2026-Q4", opens_at=NOON, cutoff_at=NOON + timedelta(days=20))

    assert procurement.remind(now=NOON + timedelta(days=19)) == 2


def test_stock_near_its_expiry_is_told_of_once_at_each_threshold(world: World) -> None:
    day = datetime(2028, 1, 31, 4, 0, tzinfo=UTC)
    assert world.lot.expires_on == day.date() + timedelta(days=60)

    def told(after: int) -> int:
        return warehouse.remind(now=day + timedelta(days=after))

    # The first look tells of the nearest threshold alone.
    assert [told(-1), told(0), told(0), told(1), told(7)] == [2, 2, 0, 0, 0]
    assert [told(29), told(30), told(31), told(61)] == [0, 2, 0, 0]
    notices = Notice.objects.filter(event="stock.expiring", company=world.seller).order_by("pk")
    assert [one.facts["days"] for one in notices] == [90, 60, 30]
    assert notices[1].facts == {
        "days": 60,
        "lots": 1,
        "units": 7_914,
        "first_on": "2028-03-31",
        # Nothing was sold in the last 90 days.
        "wasted": 7_914,
    }


def test_the_end_of_the_time_in_bond_is_told_of_until_its_day(world: World) -> None:
    limit = world.lot.received_at + timedelta(days=730)

    for before in (91, 90, 60, 59, 30, 0, -1):
        warehouse.remind(now=limit - timedelta(days=before))

    notices = Notice.objects.filter(event="stock.time_in_bond", company=world.seller)
    days = [one.facts["days"] for one in notices.order_by("pk")]
    assert days == [90, 60, 30, 0]


def test_papers_that_cannot_be_made_are_told_of_when_the_workers_give_up(settings: Any) -> None:
    settings.BONDPOOL_MAX_ATTEMPTS = 1
    draft = a_draft()
    queue_document(declaration=draft, now=DECLARES)
    # A worker takes it and dies.
    assert queue.claim(DeclarationDocument, now=DECLARES)

    make_due_documents(now=lambda: DECLARES + timedelta(seconds=121))

    assert DeclarationDocument.objects.get().state == "failed"
    assert heard(draft.importer) == ["declaration.failed"]
