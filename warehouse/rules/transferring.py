"""What one seller may offer another of the goods it has in bond, and what becomes of an offer.

The goods stay where they lie, and under the account book of the house that keeps them: only whose
they are changes. Values in, a decision or a refusal out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.errors import DomainError, InputError
from warehouse.rules.fulfilling import is_expired

#: An offer stands so long at most: what is set aside for it is sold to nobody else.
LONGEST_DAYS = 30
MOST_UNITS = 9_999_999
#: Ten million yuan a unit are a typing mistake.
HIGHEST_PRICE_MINOR = 10**9
LONGEST_REMARK = 200


class Step(StrEnum):
    """What the two companies, or the day, did with an offer."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class FeeBy(StrEnum):
    """Which side pays what the warehouse charges for the change of owner."""

    GIVER = "giver"
    TAKER = "taker"


class OfferedToOneself(DomainError):
    """Goods in bond are offered to another company than the one whose they are."""

    code = "warehouse.offered_to_oneself"


class NotAnAdmittedSeller(DomainError):
    """Goods in bond change hands between admitted sellers; nobody of this code is one."""

    code = "warehouse.not_an_admitted_seller"


class NotThatMuchToOffer(DomainError):
    """The seller has fewer units of this lot that it could sell than are to be offered."""

    code = "warehouse.not_that_much_to_offer"


class OfferOfNothing(InputError):
    """An offer is of whole units, of one at least, at a price of whole fen, below ten million yuan
    a unit."""

    code = "warehouse.offer_of_nothing"


class OfferDayOutOfRange(InputError):
    """An offer stands from today on, for thirty days at most."""

    code = "warehouse.offer_day_out_of_range"


class RemarkTooLong(InputError):
    """The remark for customs has two hundred characters at most, and no line breaks."""

    code = "warehouse.remark_too_long"


class ExpiredGoodsOffered(DomainError):
    """This lot has expired: it changes its owner no longer."""

    code = "warehouse.expired_goods_offered"


class AccountBookChanges(DomainError):
    """Goods that come under another account book need a bonded transfer declaration, which is not
    made here; within the book of the house that keeps them a remark in it is enough."""

    code = "warehouse.account_book_changes"


class OfferIsOver(DomainError):
    """This offer was accepted, refused or withdrawn, or its day is over."""

    code = "warehouse.offer_is_over"


class NotYoursToAnswer(DomainError):
    """To whom goods are offered accepts or refuses them; who offered them withdraws."""

    code = "warehouse.not_yours_to_answer"


class GiverNotAdmitted(DomainError):
    """Whoever offered these goods is no admitted seller any more; nothing is taken from it."""

    code = "warehouse.giver_not_admitted"


class BuyerIsLate(DomainError):
    """Who owes the platform what is overdue buys nothing; pay that first."""

    code = "warehouse.buyer_is_late"


@dataclass(frozen=True, slots=True)
class Shelf:
    """What of the lot lies at one place (id) and is free to be sold."""

    location: int
    units: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What a seller says it offers: ``price_minor`` in fen a unit, ``book`` the account book under
    which the goods are to be, empty for the one under which they are; ``fee_by`` pays the house."""

    units: int
    price_minor: int
    valid_until: date
    remark: str = ""
    book: str = ""
    fee_by: FeeBy = FeeBy.GIVER


def plan_offer(
    offer: Offer,
    shelves: Sequence[Shelf],
    *,
    book: str,
    expires_on: date | None,
    today: date,
) -> list[Shelf]:
    """From which places how much is set aside, in the order given. ``book``: of the house.

    Raises OfferOfNothing, OfferDayOutOfRange, RemarkTooLong, AccountBookChanges,
    ExpiredGoodsOffered or NotThatMuchToOffer.
    """
    check_terms(offer, today=today)
    if offer.book and offer.book != book:
        raise AccountBookChanges(field="book", given=offer.book, account_book=book)
    if is_expired(expires_on, today):
        raise ExpiredGoodsOffered(expires_on=expires_on)
    there = sum(shelf.units for shelf in shelves)
    if there < offer.units:
        raise NotThatMuchToOffer(field="units", wanted=offer.units, available=there)
    taken, open_units = [], offer.units
    for shelf in shelves:
        part = min(shelf.units, open_units)
        if part:
            taken.append(Shelf(shelf.location, part))
            open_units -= part
    return taken


def check_terms(offer: Offer, *, today: date) -> None:
    """Raises OfferOfNothing, OfferDayOutOfRange or RemarkTooLong."""
    if not 1 <= offer.units <= MOST_UNITS:
        raise OfferOfNothing(field="units", given=offer.units)
    if not 0 <= offer.price_minor <= HIGHEST_PRICE_MINOR:
        raise OfferOfNothing(field="price", given=offer.price_minor)
    last = today + timedelta(days=LONGEST_DAYS)
    if not today <= offer.valid_until <= last:
        raise OfferDayOutOfRange(field="valid_until", given=offer.valid_until, latest=last)
    if len(offer.remark) > LONGEST_REMARK or not offer.remark.isprintable():
        raise RemarkTooLong(field="remark", given=len(offer.remark))


def check_side(company: int, side: int) -> None:
    """Whether the company (id) is the one that may do so. Raises NotYoursToAnswer."""
    if company != side:
        raise NotYoursToAnswer()


def check_giver(is_admitted: bool) -> None:
    """Raises GiverNotAdmitted."""
    if not is_admitted:
        raise GiverNotAdmitted()


def check_open(step: str, *, valid_until: date, today: date) -> None:
    """Whether it can still be accepted, refused or withdrawn. Raises OfferIsOver."""
    if step != Step.OFFERED or valid_until < today:
        raise OfferIsOver(state=step, valid_until=valid_until)


def check_takeable(*, expires_on: date | None, overdue_minor: int, today: date) -> None:
    """What is looked at once more on the day of acceptance. Raises ExpiredGoodsOffered or
    BuyerIsLate."""
    if is_expired(expires_on, today):
        raise ExpiredGoodsOffered(expires_on=expires_on)
    if overdue_minor > 0:
        raise BuyerIsLate(overdue_minor=overdue_minor)


def amount_of(units: int, price_minor: int) -> int:
    """What the taker owes, and the giver gets, in fen."""
    return units * price_minor
