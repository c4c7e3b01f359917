"""What shops send: kept first, worked off later, each once."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from core.copying import among_keys
from core.errors import DomainError
from core.queue import ring
from procurement.queries.naming import meant
from warehouse.models import (
    Channel,
    ChannelDelivery,
    ChannelKind,
    DeliveryStage,
    RetailOrder,
    RetailOrderState,
)
from warehouse.queries import channels as asked
from warehouse.queries.merged import into_numbers
from warehouse.rules import arriving, shopify, woocommerce
from warehouse.rules import channels as rules
from warehouse.rules.arriving import Arrived
from warehouse.rules.retail import IncomingOrder, OrderTakenMeanwhile
from warehouse.rules.retail import Outcome as Became
from warehouse.services import telling_shops
from warehouse.services.paying import confirm_payment, lock_unpaid_merges
from warehouse.services.retail import accept_orders, cancel_order
from web.templatetags.bondpool import told as told_fact

log = logging.getLogger(__name__)

BELL = "warehouse.channels"
#: Channels worked off in one claim.
_AT_ONCE = 20
_LONGEST_WAIT = 600

Outcome = dict[str, object]


class Cancel(Protocol):
    """Takes an order back, or raises a DomainError."""

    def __call__(self, *, order: RetailOrder, now: datetime) -> object: ...


def keep_delivery(
    *,
    channel: Channel,
    heads: Mapping[str, str],
    body: bytes,
    look: Callable[[bytes], object],
    now: datetime,
) -> tuple[ChannelDelivery, bool]:
    """Keep what a shop sent, and whether it is new; it is worked off by a worker.

    ``heads`` by lower-case names; ``look`` refuses a signed body that is no JSON. Call
    platform-wide. Raises DeliveryNotSigned, DeliveryTooOld, DeliveryDiffers or what ``look``
    raises; then nothing has been written.
    """
    envelope = rules.check_signed(channel.kind, channel.secrets_at(now), heads, body, now=now)
    look(body)
    key = settings.BONDPOOL_DIGEST_KEY.encode()
    digest = rules.digest(channel.kind, envelope.delivery_id, body, key)
    before = asked.came_before(channel, envelope.delivery_id, digest)
    if before is None:
        try:
            return _keep(channel, envelope, digest, body, now), True
        except IntegrityError:
            # The same one came a second time at the same moment; the unique key let one win.
            before = asked.came_before(channel, envelope.delivery_id, digest)
            if before is None:
                raise
    if before.digest != digest:
        raise rules.DeliveryDiffers(delivery=envelope.delivery_id)
    return before, False


@transaction.atomic
def _keep(
    channel: Channel, envelope: rules.Envelope, digest: str, body: bytes, now: datetime
) -> ChannelDelivery:
    row = ChannelDelivery.objects.create(
        uid=f"dlv_{uuid4().hex}",
        channel=channel,
        seller_id=channel.seller_id,
        delivery_id=envelope.delivery_id,
        digest=digest,
        topic=envelope.topic,
        body=body.decode(),
        received_at=now,
        due_at=now,
    )
    ring(BELL)
    return row


def work_deliveries(*, now: Callable[[], datetime], cancel: Cancel = cancel_order) -> int:
    """Work off what is due, of each channel the oldest first, one by one; safe beside itself and
    after a crash. ``cancel`` takes an order back; customs' own voids its retail list as well.
    Call platform-wide. Returns how many were worked off."""
    worked = 0
    while claimed := _claim(now()):
        for row in claimed:
            try:
                worked += _work(row, now(), cancel)
            # One that cannot be worked off must not stop the others. Neither the log nor the row
            # says more than the kind of trouble: what stands in it may be a buyer's.
            except Exception as trouble:  # noqa: BLE001
                name = type(trouble).__name__
                log.error("delivery %s could not be worked off: %s", row.uid, name)
                _put_back(row, name, now())
    return worked


@transaction.atomic
def _claim(now: datetime) -> list[ChannelDelivery]:
    """The oldest due delivery of each of some channels that has none under way, so that what a
    shop cancels is cancelled after it was taken."""
    due = Q(state=DeliveryStage.QUEUED, due_at__lte=now) | Q(
        state=DeliveryStage.WORKING, leased_until__lt=now
    )
    under_way = Q(state=DeliveryStage.WORKING, leased_until__gte=now)
    waiting = ChannelDelivery.objects.filter(due).values("channel")
    busy = ChannelDelivery.objects.filter(under_way).values("channel")
    # Whoever holds a channel's row is the one to work on it; in turn, whoever waited longest.
    turns = (
        Channel.objects.filter(pk__in=waiting)
        .exclude(pk__in=busy)
        .order_by(F("worked_at").asc(nulls_first=True), "pk")
    )
    chosen = list(turns.values_list("pk", flat=True)[:_AT_ONCE])
    held = Channel.objects.select_for_update(skip_locked=True).filter(pk__in=chosen).order_by("pk")
    claimed = []
    for channel in held:
        # Looked at again behind the lock: another worker may have been here in between.
        own = ChannelDelivery.objects.filter(channel=channel)
        row = None if own.filter(under_way).exists() else own.filter(due).order_by("pk").first()
        if row is None:
            continue
        row.state = DeliveryStage.WORKING
        row.leased_until = now + timedelta(seconds=settings.BONDPOOL_LEASE_SECONDS)
        row.attempts += 1
        row.save(update_fields=["state", "leased_until", "attempts"])
        claimed.append(row)
    Channel.objects.filter(pk__in=[row.channel_id for row in claimed]).update(worked_at=now)
    return claimed


@transaction.atomic
def _work(row: ChannelDelivery, now: datetime, cancel: Cancel) -> int:
    """Everything of one delivery in one transaction; one whose lease was lost is another's."""
    mine = ChannelDelivery.objects.select_for_update(of=("self",)).filter(
        pk=row.pk, state=DeliveryStage.WORKING, leased_until=row.leased_until
    )
    held: ChannelDelivery | None = mine.select_related("channel__seller").first()
    if held is None:
        return 0
    try:
        arrived = _read(held)
        held.order_numbers = arrived.order_numbers
        held.outcomes = [*_taken(held, arrived, now), *_cancelled(held, arrived, now, cancel)]
        if any(one["outcome"] == "nothing_to_cancel" for one in held.outcomes):
            held.gave_up_at = arrived.told_at or held.received_at
    except DomainError as refusal:
        # Two callers with one order: the next look sees what became of it.
        if isinstance(refusal, OrderTakenMeanwhile):
            raise
        held.outcomes = [_refused("", refusal)]
    trouble = [one for one in held.outcomes if one["outcome"] in {"refused", "not_cancelled"}]
    held.state = DeliveryStage.REFUSED if trouble else DeliveryStage.DONE
    held.leased_until, held.worked_at, held.last_error = None, now, ""
    if not trouble:
        held.body = ""
    held.save(
        update_fields=[
            *("order_numbers", "outcomes", "state", "leased_until", "worked_at", "last_error"),
            *("body", "gave_up_at"),
        ]
    )
    if trouble:
        telling_shops.tell_refused(held, trouble, now)
    return 1


def _read(held: ChannelDelivery) -> Arrived:
    channel = held.channel
    if channel.kind == ChannelKind.SIGNED:
        return arriving.read_own(held.body, channel=channel.name)
    read = woocommerce.read if channel.kind == ChannelKind.WOOCOMMERCE else shopify.read
    return read(
        held.body,
        channel=channel.name,
        topic=held.topic,
        buyer_id_field=channel.buyer_id_field,
    )


def _taken(held: ChannelDelivery, arrived: Arrived, now: datetime) -> Iterator[Outcome]:
    seller, orders = held.channel.seller, []
    numbers = [one.order_number for one in arrived.orders]
    given_up = asked.given_up_later(held, numbers)
    overtaken = asked.given_up_before(held, numbers, told_at=arrived.told_at)
    for order in arrived.orders:
        if order.order_number in overtaken:
            yield _outcome(order.order_number, "cancelled_before")
        elif order.order_number in given_up:
            yield _outcome(order.order_number, "waiting")
        else:
            orders.append(order)
    skus = meant(seller, {line.sku for order in orders for line in order.lines})
    ours = [_in_our_words(order, skus) for order in orders]
    # Refused ones are told with the rest of the delivery.
    results = (
        accept_orders(seller=seller, orders=ours, now=now, tells_refused=False) if ours else []
    )
    # What a shop sends is paid, also where its seller merged before the payment came.
    unpaid = lock_unpaid_merges(
        [one.number for one in results if one.outcome is Became.ALREADY_TAKEN]
    )
    for result in results:
        number, refusal = result.order.order_number, result.refusal
        if merged := unpaid.get(result.number):
            refusal = _paid(merged, now)
        if refusal is not None:
            yield _refused(number, refusal, ours=result.number)
        else:
            yield _outcome(number, result.outcome.value, result.number)
    for one in arrived.unread:
        yield _refused(one.order_number, one.refusal)
    for number in arrived.waiting:
        yield _outcome(number, "waiting")


def _paid(order: RetailOrder, now: datetime) -> DomainError | None:
    """Why its payment could not be noted any more."""
    try:
        confirm_payment(order=order, now=now)
    except DomainError as refusal:
        return refusal
    return None


def _in_our_words(order: IncomingOrder, skus: Mapping[str, str]) -> IncomingOrder:
    lines = tuple(replace(line, sku=skus.get(line.sku, line.sku)) for line in order.lines)
    return replace(order, lines=lines)


def _cancelled(
    held: ChannelDelivery, arrived: Arrived, now: datetime, cancel: Cancel
) -> Iterator[Outcome]:
    """What the shop cancelled, each by itself: one that may not be cancelled leaves the others."""
    if not arrived.cancelled:
        return
    found: dict[str, list[RetailOrder]] = defaultdict(list)
    for order in (
        RetailOrder.objects.filter(
            among_keys("channel_order_number", arrived.cancelled, "text"),
            seller_id=held.seller_id,
            channel=held.channel.name,
        )
        .exclude(state=RetailOrderState.CANCELLED)
        .order_by("pk")
    ):
        of_number = found[order.channel_order_number]
        # A number that was merged stands again once it was sent anew.
        of_number[:] = [one for one in of_number if one.state != RetailOrderState.MERGED]
        of_number.append(order)
    for number in dict.fromkeys(arrived.cancelled):
        if number not in found:
            yield _outcome(number, "nothing_to_cancel")
        # An order that is served by several parcels is cancelled parcel by parcel.
        for order in found.get(number, ()):
            if order.state == RetailOrderState.MERGED:
                # The shop's own end of a merge: nothing of it is there to be cancelled.
                yield _outcome(number, "merged", into_numbers([order])[order.pk])
                continue
            try:
                cancel(order=order, now=now)
            except DomainError as refusal:
                yield _refused(number, refusal, outcome="not_cancelled", ours=order.number)
            else:
                yield _outcome(number, "cancelled", order.number)


def _outcome(number: str, outcome: str, ours: str = "") -> Outcome:
    return {"order_number": number, "outcome": outcome, "number": ours}


def _refused(
    number: str, refusal: DomainError, *, outcome: str = "refused", ours: str = ""
) -> Outcome:
    """The sentence is the key of its translation: the page shows it in the reader's language."""
    facts = {name: told_fact(value) for name, value in refusal.facts.items() if name != "field"}
    return {
        **_outcome(number, outcome, ours),
        "code": refusal.code,
        "rule": refusal.rule(),
        "field": str(refusal.facts.get("field", "")),
        "facts": facts,
    }


@transaction.atomic
def _put_back(row: ChannelDelivery, trouble: str, now: datetime) -> None:
    is_over = row.attempts >= settings.BONDPOOL_MAX_ATTEMPTS
    mine = ChannelDelivery.objects.filter(
        pk=row.pk, state=DeliveryStage.WORKING, leased_until=row.leased_until
    ).update(
        state=DeliveryStage.FAILED if is_over else DeliveryStage.QUEUED,
        due_at=now + timedelta(seconds=min(2**row.attempts, _LONGEST_WAIT)),
        leased_until=None,
        last_error=trouble[:100],
    )
    if mine and is_over:
        telling_shops.tell_refused(row, [], now)


@transaction.atomic
def retry_delivery(*, delivery: ChannelDelivery, now: datetime) -> ChannelDelivery:
    """Work off again what was not taken, after the mapping was mended; what was taken is known.

    Raises DeliveryUnderWay or DeliveryForgotten; then nothing has been written.
    """
    held: ChannelDelivery = ChannelDelivery.objects.select_for_update(of=("self",)).get(
        pk=delivery.pk
    )
    if held.state not in asked.TROUBLE:
        raise rules.DeliveryUnderWay(delivery=held.delivery_id)
    if not held.body:
        raise rules.DeliveryForgotten(delivery=held.delivery_id)
    held.state, held.attempts, held.due_at = DeliveryStage.QUEUED, 0, now
    held.save(update_fields=["state", "attempts", "due_at"])
    ring(BELL)
    return held


@transaction.atomic
def forget_deliveries(*, now: datetime) -> int:
    """Delete what stands in deliveries that were not taken within a month. Safe to run any number
    of times; returns how many."""
    left = ChannelDelivery.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        received_at__lt=now - rules.KEPT, state__in=asked.TROUBLE
    )
    keys = list(left.exclude(body="").order_by("pk").values_list("pk", flat=True)[:5_000])
    return int(ChannelDelivery.objects.filter(pk__in=keys).update(body=""))
