"""A seller offers another goods it has in bond; the other takes them, or the offer ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import Company, CompanyKind, CompanyStatus, User
from core.copying import among_keys
from core.numbers import next_number
from core.walls import platform_wide
from procurement.services import book_sale, overdue_of
from traceability.models import Evidence
from traceability.rules import Fact, gtin_key, lot_key, quantity
from traceability.services import record
from warehouse.days import day_of
from warehouse.models import (
    Holding,
    StockMovement,
    StockTransfer,
    TransferConsent,
    TransferStep,
)
from warehouse.rules import posting
from warehouse.rules import transferring as rules
from warehouse.rules.posting import Kind, Leg, Posting, Status
from warehouse.rules.transferring import Offer, Step
from warehouse.services import telling_transfers
from warehouse.services.posting import post

#: Offers that the sweep ends in one transaction.
_AT_ONCE = 500


@transaction.atomic
def offer_stock(
    *, giver: Company, taker: str, lot: str, offer: Offer, offered_by: User, now: datetime
) -> StockTransfer:
    """Offer units of a lot (its number) to another seller (its company's code).

    They are set aside at once: nobody sells them while the offer stands. The other side hears of
    it.

    Raises OfferedToOneself, NotAnAdmittedSeller, NotThatMuchToOffer, ExpiredGoodsOffered,
    AccountBookChanges, or what is wrong with a term; then nothing has been written.
    """
    # The other company's rows are written with one's own.
    with platform_wide():
        other = _taker(giver, taker)
        held = list(
            Holding.objects.filter(
                owner=giver, lot__number=lot, status=Status.AVAILABLE, on_hand__gt=0
            )
            .select_related("lot__product", "lot__warehouse")
            .order_by("pk")
            .select_for_update(of=("self",))
        )
        if not held:
            raise rules.NotThatMuchToOffer(field="lot", wanted=offer.units, available=0)
        goods = held[0].lot
        parts = rules.plan_offer(
            offer,
            [rules.Shelf(one.location_id, one.on_hand) for one in held],
            book=goods.warehouse.ledger_number,
            expires_on=goods.expires_on,
            today=day_of(now),
        )
        transfer: StockTransfer = StockTransfer.objects.create(
            number=next_number("TR", day_of(now).year),
            giver=giver,
            taker=other,
            keeper_id=held[0].keeper_id,
            warehouse=goods.warehouse,
            lot=goods,
            lot_number=goods.number,
            product=goods.product,
            expires_on=goods.expires_on,
            quantity=offer.units,
            price_minor=offer.price_minor,
            valid_until=offer.valid_until,
            remark=offer.remark,
            fee_by=offer.fee_by.value,
            account_book=goods.warehouse.ledger_number,
            offered_at=now,
        )
        legs = [
            leg
            for part in parts
            for leg in posting.changed(
                goods.pk, part.location, part.units, before=Status.AVAILABLE, after=Status.OFFERED
            )
        ]
        post(postings=[_posting(transfer, "offer", giver, legs, now, offered_by)], now=now)
        _consent(transfer, Step.OFFERED, giver, offered_by, now)
        telling_transfers.tell_offered(transfer, now)
        return transfer


def _taker(giver: Company, code: str) -> Company:
    if code.strip().upper() == giver.code:
        raise rules.OfferedToOneself(field="taker", given=code)
    found = Company.objects.filter(code=code.strip().upper()).first()
    if found is None or not _is_admitted(found):
        raise rules.NotAnAdmittedSeller(field="taker", given=code[:40])
    return found


def _is_admitted(company: Company) -> bool:
    return company.status == CompanyStatus.ADMITTED and CompanyKind.SELLER in company.kinds


@transaction.atomic
def accept_offer(
    *, transfer: StockTransfer, company: Company, accepted_by: User, now: datetime
) -> StockTransfer:
    """Take what is offered: the units are the taker's to sell, and it owes the price.

    The trace hears that goods of the lot changed hands, and not whose they were.

    Raises OfferIsOver, NotYoursToAnswer, ExpiredGoodsOffered, BuyerIsLate, NotAnAdmittedSeller or
    GiverNotAdmitted; then nothing has been written.
    """
    with platform_wide():
        held = _held(transfer, now)
        rules.check_side(company.pk, held.taker_id)
        _taker(held.giver, company.code)
        # It may have been suspended since it offered.
        rules.check_giver(_is_admitted(held.giver))
        rules.check_takeable(
            expires_on=held.expires_on,
            overdue_minor=overdue_of(company=company, now=now) if held.price_minor else 0,
            today=day_of(now),
        )
        given, taken = _both_legs(held)
        post(
            postings=[
                _posting(held, "give", held.giver, given, now, accepted_by, Kind.TRANSFERRED),
                _posting(held, "take", held.taker, taken, now, accepted_by, Kind.TRANSFERRED),
            ],
            now=now,
        )
        book_sale(
            seller=held.giver,
            buyer=held.taker,
            amount_minor=held.amount_minor,
            document=held.number,
            noted_by=accepted_by,
            now=now,
        )
        _end(held, Step.ACCEPTED, company, accepted_by, now)
        record(_fact(held, now), now=now)
        telling_transfers.tell_accepted(held, now)
        return held


@transaction.atomic
def refuse_offer(
    *, transfer: StockTransfer, company: Company, refused_by: User, now: datetime
) -> StockTransfer:
    """The other side does not want it; the units are the giver's to sell again.

    Raises OfferIsOver or NotYoursToAnswer; then nothing has been written.
    """
    with platform_wide():
        held = _held(transfer, now)
        rules.check_side(company.pk, held.taker_id)
        _give_back([held], now, refused_by)
        _end(held, Step.REFUSED, company, refused_by, now)
        telling_transfers.tell_refused(held, now)
        return held


@transaction.atomic
def withdraw_offer(
    *, transfer: StockTransfer, company: Company, withdrawn_by: User, now: datetime
) -> StockTransfer:
    """Who offered thinks better of it; the units are its own to sell again.

    Raises OfferIsOver or NotYoursToAnswer; then nothing has been written.
    """
    with platform_wide():
        held = _held(transfer, now)
        rules.check_side(company.pk, held.giver_id)
        _give_back([held], now, withdrawn_by)
        _end(held, Step.WITHDRAWN, company, withdrawn_by, now)
        telling_transfers.tell_withdrawn(held, now)
        return held


@transaction.atomic
def end_offers(*, now: datetime) -> int:
    """Give back what was offered until a day that is over; both sides hear of it.

    Safe to run any number of times, and beside itself. Ask ``platform_wide``. Returns how many
    offers ended.
    """
    over = list(
        StockTransfer.objects.filter(state=TransferStep.OFFERED, valid_until__lt=day_of(now))
        .select_related("giver", "taker", "product")
        .order_by("pk")
        .select_for_update(of=("self",), skip_locked=True)[:_AT_ONCE]
    )
    _give_back(over, now, None)
    for one in over:
        _end(one, Step.EXPIRED, None, None, now)
        telling_transfers.tell_expired(one, now)
    return len(over)


def _held(transfer: StockTransfer, now: datetime) -> StockTransfer:
    """The offer, locked and still open. An offer is always locked before what is set aside for
    it."""
    held: StockTransfer = (
        StockTransfer.objects.select_related("giver", "taker", "product", "warehouse")
        .select_for_update(of=("self",))
        .get(pk=transfer.pk)
    )
    rules.check_open(held.state, valid_until=held.valid_until, today=day_of(now))
    return held


def _set_aside(transfers: Sequence[StockTransfer]) -> dict[str, list[tuple[int, int]]]:
    """By number of the offer, places and units that were set aside for it."""
    rows = StockMovement.objects.filter(
        among_keys("document", [one.number for one in transfers], "text"),
        posting__key__startswith="offer:",
        status=Status.OFFERED,
    )
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, location, units in rows.order_by("pk").values_list(
        "document", "location_id", "quantity"
    ):
        found[number].append((location, units))
    return found


def _both_legs(transfer: StockTransfer) -> tuple[list[Leg], list[Leg]]:
    given: list[Leg] = []
    taken: list[Leg] = []
    for location, units in _set_aside([transfer])[transfer.number]:
        one, other = posting.transferred(transfer.lot_id, location, units)
        given += one
        taken += other
    return given, taken


def _give_back(transfers: Sequence[StockTransfer], now: datetime, by: User | None) -> None:
    places = _set_aside(transfers)
    post(
        postings=[
            _posting(
                one,
                "offer-back",
                one.giver,
                [
                    leg
                    for location, units in places[one.number]
                    for leg in posting.changed(
                        one.lot_id, location, units, before=Status.OFFERED, after=Status.AVAILABLE
                    )
                ],
                now,
                by,
            )
            for one in transfers
        ],
        now=now,
    )


def _posting(
    transfer: StockTransfer,
    what: str,
    owner: Company,
    legs: Iterable[Leg],
    now: datetime,
    by: User | None,
    kind: Kind = Kind.CHANGED,
) -> Posting:
    return Posting(
        key=f"{what}:{transfer.number}",
        kind=kind,
        document=transfer.number,
        owner=owner.pk,
        keeper=transfer.keeper_id,
        moved_at=now,
        legs=list(legs),
        by=by.pk if by else None,
    )


def _end(
    held: StockTransfer, step: Step, company: Company | None, person: User | None, now: datetime
) -> None:
    held.state = step.value
    held.save(update_fields=["state"])
    _consent(held, step, company, person, now)


def _consent(
    held: StockTransfer, step: Step, company: Company | None, person: User | None, now: datetime
) -> None:
    TransferConsent.objects.create(
        transfer=held,
        step=step.value,
        company=company,
        person=person,
        said_at=now,
        giver_id=held.giver_id,
        taker_id=held.taker_id,
        keeper_id=held.keeper_id,
    )


def _fact(held: StockTransfer, now: datetime) -> Fact:
    """Units of a lot changed hands where they lie; not a word of whose they were or are."""
    house, gtin = held.warehouse, held.product.gtin
    return Fact(
        event_type="ObjectEvent",
        action="OBSERVE",
        # EPCIS (CBV 2.0, 7.1.2): "an object changes possession and/or ownership".
        biz_step="accepting",
        disposition="in_progress",
        event_time=now,
        asserted_by=held.keeper_id,
        evidence=Evidence.DECLARED,
        biz_location=house.code,
        keys=(gtin_key(gtin), lot_key(gtin, held.lot_number)),
        quantities=(quantity(gtin, held.quantity, held.lot_number),),
        details={"place_zh": house.name_zh, "place_en": house.name_en},
    )
