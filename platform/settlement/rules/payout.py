"""What paying abroad costs, who may let it go, and which days count.

Values in, a decision or a refusal out. Amounts are minor units; rates are CNY for one unit
of the invoice's currency; spreads are basis points on the reference rate.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core.errors import DomainError, InputError
from core.money import Money, shared

#: The currency the sellers and the importer keep their books in.
HOME = "CNY"

#: Spot: a foreign-exchange deal settles on the second business day.
SPOT_DAYS = 2


class SharesDoNotSum(InputError):
    """The sellers' shares of an invoice sum exactly to its amount, and none is negative."""

    code = "settlement.shares_do_not_sum"


class AmountNotPositive(InputError):
    """An invoice is booked with an amount above zero."""

    code = "settlement.amount_not_positive"


class DueBeforeInvoiced(InputError):
    """An invoice is due on or after the day it was written."""

    code = "settlement.due_before_invoiced"


class InvoicedInFuture(InputError):
    """An invoice from a day that has not come yet is not booked."""

    code = "settlement.invoiced_in_future"


class PeriodUpsideDown(InputError):
    """A settlement period ends on or after the day it begins."""

    code = "settlement.period_upside_down"


class NotPricedYet(DomainError):
    """Only a priced batch is approved."""

    code = "settlement.not_priced_yet"


class AlreadyApproved(DomainError):
    """A batch that was approved is not priced or changed again."""

    code = "settlement.already_approved"


class PricedAnew(DomainError):
    """The batch was priced again after you looked at it. Look at the new figures first."""

    code = "settlement.priced_anew"
    status = 409


class SecondPersonNeeded(DomainError):
    """Who opened or priced a batch does not approve it; a second person of finance does."""

    code = "settlement.second_person_needed"


class FinanceOnly(DomainError):
    """Only a person with the finance role opens, prices, approves and exports batches."""

    code = "settlement.finance_only"


class NotApproved(DomainError):
    """Only approved batches are exported, and each of them once."""

    code = "settlement.not_approved"


class PricingDayOutside(InputError):
    """A batch is priced for a day from the end of its period up to today."""

    code = "settlement.pricing_day_outside"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a debtor's bank takes: fee in CNY minor units a payment, spreads in basis points.

    ``bulk_spread_bp`` holds from ``bulk_from_minor`` CNY a conversion on.
    """

    wire_fee_minor: int
    spread_bp: Decimal
    bulk_spread_bp: Decimal
    bulk_from_minor: int

    def spread_for(self, home_minor: int) -> Decimal:
        """The spread of one conversion worth ``home_minor`` CNY at the reference rate."""
        return self.bulk_spread_bp if home_minor >= self.bulk_from_minor else self.spread_bp


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice to be paid, and who carries how much of it (company id -> minor units)."""

    amount_minor: int
    shares: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Conversion:
    """What one purchase of currency costs, in CNY minor units.

    ``mid_minor`` is the worth at the reference rate, ``cost_minor`` what the bank takes.
    """

    mid_minor: int
    cost_minor: int
    spread_bp: Decimal


@dataclass(frozen=True, slots=True)
class Price:
    """What a batch costs, and what its invoices would have cost alone; CNY minor units."""

    goods: Conversion
    fee_minor: int
    alone_goods_minor: int
    alone_fee_minor: int

    @property
    def alone_minor(self) -> int:
        return self.alone_goods_minor + self.alone_fee_minor

    @property
    def saved_minor(self) -> int:
        return self.alone_minor - self.goods.cost_minor - self.fee_minor

    @property
    def saved_fees_minor(self) -> int:
        """The certain part: wires that need not be sent."""
        return self.alone_fee_minor - self.fee_minor

    @property
    def saved_spread_minor(self) -> int:
        """The part that rests on the bank's lower spread for a larger conversion."""
        return self.alone_goods_minor - self.goods.cost_minor


@dataclass(frozen=True, slots=True)
class Charge:
    """What one seller owes for a batch, CNY minor units."""

    seller_id: int
    goods_minor: int
    fee_minor: int
    alone_minor: int


def check_invoice(
    amount_minor: int,
    shares: Mapping[int, int],
    invoiced_on: date,
    due_on: date,
    today: date,
) -> dict[int, int]:
    """The shares that are booked, by company id, those of nothing left away.

    Raises AmountNotPositive, SharesDoNotSum, DueBeforeInvoiced or InvoicedInFuture.
    """
    if type(amount_minor) is not int or amount_minor <= 0:
        raise AmountNotPositive(amount=amount_minor)
    if any(type(part) is not int or part < 0 for part in shares.values()):
        raise SharesDoNotSum(shares=dict(shares))
    if sum(shares.values()) != amount_minor:
        raise SharesDoNotSum(amount=amount_minor, sum=sum(shares.values()))
    if due_on < invoiced_on:
        raise DueBeforeInvoiced(invoiced_on=invoiced_on, due_on=due_on)
    if invoiced_on > today:
        raise InvoicedInFuture(invoiced_on=invoiced_on)
    return {company: shares[company] for company in sorted(shares) if shares[company]}


def booked(amount_minor: int, currency: str, rate: Decimal) -> int:
    """What an amount is worth at a stored reference rate, CNY minor units, half up."""
    return Money(amount_minor, currency).converted(rate, HOME).minor


def convert(amount_minor: int, currency: str, mid: Decimal, terms: Terms) -> Conversion:
    """Buy an amount of currency at the reference rate plus the bank's spread.

    The home currency is not bought, so it costs what it is.
    """
    if currency == HOME:
        return Conversion(amount_minor, amount_minor, Decimal(0))
    worth = booked(amount_minor, currency, mid)
    spread = terms.spread_for(worth)
    dealt = mid * (1 + spread / 10_000)
    return Conversion(worth, booked(amount_minor, currency, dealt), spread)


def price(invoices: Sequence[Invoice], currency: str, mid: Decimal, terms: Terms) -> Price:
    """One payment for all against one payment for each.

    Alone, every invoice is its own conversion with its own wire fee. An invoice that is
    large enough for the lower spread by itself gets it alone as well: a saving that the
    bank would have given anyway is none of ours.
    """
    alone = [convert(i.amount_minor, currency, mid, terms).cost_minor for i in invoices]
    return Price(
        goods=convert(sum(i.amount_minor for i in invoices), currency, mid, terms),
        fee_minor=terms.wire_fee_minor,
        alone_goods_minor=sum(alone),
        alone_fee_minor=terms.wire_fee_minor * len(invoices),
    )


def charge(
    invoices: Sequence[Invoice],
    currency: str,
    mid: Decimal,
    terms: Terms,
    *,
    goods_minor: int,
    fee_minor: int,
) -> list[Charge]:
    """Share a batch's cost among those who carry its invoices, by company id.

    The bank's total is what counts: goods and fee are each shared by what a seller carries
    of all invoices, by largest remainder, ties to the lower company id; so the charges sum
    to the payment exactly. Alone, a seller would have borne its part of each single
    invoice's cost.
    """
    carried: dict[int, int] = defaultdict(int)
    alone: dict[int, int] = defaultdict(int)
    for invoice in invoices:
        cost = convert(invoice.amount_minor, currency, mid, terms).cost_minor
        sellers = sorted(invoice.shares)
        parts = shared(cost + terms.wire_fee_minor, [invoice.shares[s] for s in sellers])
        for seller, part in zip(sellers, parts, strict=True):
            carried[seller] += invoice.shares[seller]
            alone[seller] += part
    owners = sorted(carried)
    weights = [carried[owner] for owner in owners]
    goods, fees = shared(goods_minor, weights), shared(fee_minor, weights)
    return [Charge(owner, goods[i], fees[i], alone[owner]) for i, owner in enumerate(owners)]


def check_approval(*, is_priced: bool, is_finance: bool, approver: int, makers: set[int]) -> None:
    """Raises FinanceOnly, NotPricedYet or SecondPersonNeeded."""
    if not is_finance:
        raise FinanceOnly()
    if not is_priced:
        raise NotPricedYet()
    if approver in makers:
        raise SecondPersonNeeded()


def check_pricing_day(day: date, *, period_end: date, today: date) -> None:
    """Raises PricingDayOutside: nobody picks a rate from before what is paid was known."""
    if not min(period_end, today) <= day <= today:
        raise PricingDayOutside(day=day, earliest=period_end, latest=today)


def business_days_after(day: date, count: int) -> date:
    """The ``count``-th day from Monday to Friday after ``day``.

    Beware: public holidays are not known here, and a Chinese make-up working Saturday is
    rightly no settlement day. The bank moves a payment on from a holiday by itself.
    """
    while count:
        day += timedelta(days=1)
        if day.weekday() < calendar.SATURDAY:
            count -= 1
    return day


def period_of(period: str, day: date) -> tuple[date, date]:
    """First and last day of the month, quarter or year that ``day`` lies in.

    A policy of paying each invoice has a period of one day.
    """
    if period == "invoice":
        return day, day
    if period == "year":
        return date(day.year, 1, 1), date(day.year, 12, 31)
    months = 1 if period == "month" else 3
    first = (day.month - 1) // months * months + 1
    last = first + months - 1
    return (
        date(day.year, first, 1),
        date(day.year, last, calendar.monthrange(day.year, last)[1]),
    )


def period_before(period: str, day: date) -> tuple[date, date]:
    """The last full period before the one ``day`` lies in: what is settled on ``day``."""
    start, _end = period_of(period, day)
    return period_of(period, start - timedelta(days=1))
