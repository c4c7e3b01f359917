"""What finance and sellers read. Amounts are minor units of the named currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from accounts.models import Company, CompanyKind, CompanyStatus, User
from core.errors import DomainError, InputError
from core.listings import of_each
from settlement import ecb, rates, risk, rules
from settlement.models import (
    BatchLine,
    BatchState,
    Payable,
    PayableShare,
    PayableState,
    PaymentFile,
    RateQuote,
    SellerCharge,
    SettlementBatch,
    SettlementPolicy,
)


class NoPolicy(DomainError):
    """This company has no settlement policy in force on that day."""

    code = "settlement.no_policy"


def policy_for(debtor: Company, day: date) -> SettlementPolicy:
    """The newest policy in force on a day. Raises NoPolicy."""
    policy = (
        SettlementPolicy.objects.filter(debtor=debtor, valid_from__lte=day)
        .order_by("-valid_from")
        .first()
    )
    if policy is None:
        raise NoPolicy(company=debtor.code, day=day)
    return policy


def without_policy() -> QuerySet[Company]:
    """Importers for whom nobody has said yet how they pay."""
    told = SettlementPolicy.objects.values("debtor_id")
    found: QuerySet[Company] = Company.objects.filter(
        kinds__contains=[CompanyKind.IMPORTER], status=CompanyStatus.ADMITTED
    ).exclude(pk__in=told)
    return found.order_by("code")


def terms_of(policy: SettlementPolicy) -> rules.Terms:
    """What the bank takes, as the rules read it."""
    return rules.Terms(
        wire_fee_minor=policy.wire_fee_minor,
        spread_bp=policy.spread_bp,
        bulk_spread_bp=policy.bulk_spread_bp,
        bulk_from_minor=policy.bulk_from_minor,
    )


def invoices_of(
    batch: SettlementBatch, lines: Sequence[BatchLine] | None = None
) -> list[rules.Invoice]:
    """A batch's invoices with who carries them, in the order of their numbers.

    ``lines`` are those of :func:`lines_of`, from whoever has them already.
    """
    shares: dict[int, dict[int, int]] = defaultdict(dict)
    rows = PayableShare.objects.filter(payable__batch_line__batch=batch).values_list(
        "payable_id", "seller_id", "amount_minor"
    )
    for payable_id, seller_id, amount in rows:
        shares[payable_id][seller_id] = amount
    return [
        rules.Invoice(line.payable.amount_minor, shares[line.payable_id])
        for line in (lines_of(batch) if lines is None else lines)
    ]


def lines_of(batch: SettlementBatch) -> QuerySet[BatchLine]:
    """A batch's lines with their invoices, in the order they were booked."""
    return (
        BatchLine.objects.filter(batch=batch)
        .select_related("payable", "payable__rate")
        .order_by("payable__number")
    )


def booked_minor(batch: SettlementBatch, lines: Sequence[BatchLine] | None = None) -> int:
    """What a batch's invoices were booked at, CNY minor units."""
    return sum(
        rules.booked(line.payable.amount_minor, batch.currency, line.payable.rate.value)
        for line in (lines_of(batch) if lines is None else lines)
    )


def charges_of(
    batch: SettlementBatch, invoices: Sequence[rules.Invoice] | None = None
) -> list[rules.Charge]:
    """What each seller owes for a priced batch, by company id; sums to the payment."""
    if batch.rate is None or batch.policy is None:
        return []
    return rules.charge(
        list(invoices_of(batch) if invoices is None else invoices),
        batch.currency,
        batch.rate.value,
        terms_of(batch.policy),
        goods_minor=batch.cny_minor or 0,
        fee_minor=batch.fee_minor or 0,
    )


def currencies_in_use() -> list[str]:
    """Currencies that something is owed in, other than the home currency."""
    open_ones = Payable.objects.exclude(state=PayableState.PAID)
    return sorted(set(open_ones.values_list("currency", flat=True)) - {rules.HOME})


@dataclass(frozen=True, slots=True)
class CurrencySum:
    """How many invoices of one currency, and what they come to."""

    currency: str
    count: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class BatchFigures:
    """Everything that explains a priced batch; CNY minor units."""

    price: rules.Price
    invoices: int
    booked_minor: int
    total_minor: int
    rate_age_days: int
    risk: risk.Exposure | None

    @property
    def spread_percent(self) -> Decimal:
        return (self.price.goods.spread_bp / 100).normalize()

    @property
    def drift_minor(self) -> int:
        """What the market did between the invoices and the pricing day: luck, not a saving."""
        return self.price.goods.mid_minor - self.booked_minor


def payables() -> QuerySet[Payable]:
    """Every invoice, the latest due first."""
    return Payable.objects.select_related(
        "supplier__company", "debtor", "rate", "batch_line__batch"
    ).order_by("-due_on", "-pk")


def sums(found: QuerySet[Payable]) -> list[CurrencySum]:
    """What a list of invoices comes to, per currency."""
    rows = (
        found.order_by()
        .values_list("currency")
        .annotate(n=Count("pk"), total=Sum("amount_minor"))
        .order_by("currency")
    )
    return [CurrencySum(currency, n, int(total)) for currency, n, total in rows]


def batches() -> QuerySet[SettlementBatch]:
    """Every batch, the newest first, with the number of its invoices."""
    return (
        SettlementBatch.objects.select_related("supplier__company", "debtor", "rate", "policy")
        .annotate(invoices=of_each(BatchLine.objects.all(), "batch", Count("pk")))
        .order_by("-pk")
    )


def saved_minor() -> int:
    """What the approved batches saved against paying each invoice alone, CNY minor units."""
    return int(SettlementBatch.objects.aggregate(saved=_saved())["saved"] or 0)


class NoSuchBatches(InputError):
    """Some of these batches are not there; nothing has been written."""

    code = "settlement.no_such_batches"


def batches_named(numbers: Sequence[str]) -> list[SettlementBatch]:
    """The batches of these numbers. Raises NoSuchBatches with those that are not there."""
    found = list(SettlementBatch.objects.filter(number__in=numbers).order_by("pk"))
    if missing := sorted(set(numbers) - {batch.number for batch in found}):
        raise NoSuchBatches(batches=missing)
    return found


def _saved() -> Sum:
    """One may look at a price and turn it down: only what was approved was saved."""
    return Sum(
        F("alone_minor") - F("cny_minor") - F("fee_minor"),
        filter=Q(state__in=[BatchState.APPROVED, BatchState.EXPORTED]),
    )


def figures_of(
    batch: SettlementBatch, lines: Sequence[BatchLine], invoices: Sequence[rules.Invoice]
) -> BatchFigures | None:
    """How a priced batch's cost comes about; None for a draft."""
    if batch.rate is None or batch.policy is None:
        return None
    price = rules.price(list(invoices), batch.currency, batch.rate.value, terms_of(batch.policy))
    return BatchFigures(
        price=price,
        invoices=len(invoices),
        booked_minor=booked_minor(batch, lines),
        total_minor=price.goods.cost_minor + price.fee_minor,
        rate_age_days=(batch.rate.asked_for - batch.rate.value_date).days,
        risk=risk.exposure(
            batch.currency, price.goods.mid_minor, risk.DAYS.get(batch.policy.period, 91)
        ),
    )


def newest_rates(currencies: Sequence[str]) -> dict[str, RateQuote]:
    """The newest stored rate of each of these to the home currency, where there is one."""
    found = (
        RateQuote.objects.filter(base__in=currencies, quote=rules.HOME)
        .order_by("base", "-value_date", "-pk")
        .distinct("base")
    )
    return {quote.base: quote for quote in found}


def newest_rate(currency: str) -> Subquery:
    """The same beside each row of another query, whose ``currency`` names the field."""
    found = RateQuote.objects.filter(base=OuterRef(currency), quote=rules.HOME)
    return Subquery(found.order_by("-value_date", "-pk").values("value")[:1])


@dataclass(frozen=True, slots=True)
class Steps:
    """How many batches wait at each step for one person; ``mine`` that one made itself.

    ``saved_minor``: what the approved ones saved, CNY; None where none was approved.
    """

    drafts: int
    mine: int
    theirs: int
    approved: int
    saved_minor: int | None


def steps_for(user: User) -> Steps:
    """One look at all batches."""
    made = Q(created_by=user) | Q(priced_by=user)
    priced = Q(state=BatchState.PRICED)
    told = SettlementBatch.objects.aggregate(
        drafts=Count("pk", filter=Q(state=BatchState.DRAFT)),
        priced=Count("pk", filter=priced),
        mine=Count("pk", filter=priced & made),
        approved=Count("pk", filter=Q(state=BatchState.APPROVED)),
        saved=_saved(),
    )
    saved = told["saved"]
    return Steps(
        drafts=told["drafts"],
        mine=told["mine"],
        theirs=told["priced"] - told["mine"],
        approved=told["approved"],
        saved_minor=None if saved is None else int(saved),
    )


def home_rate(currency: str, *, on: date, carry_days: int = rates.CARRY_DAYS) -> Decimal | None:
    """CNY for one unit, of that day or of the last week before it; nothing is stored.

    None where neither the store nor the embedded file knows one. ``carry_days``: how much older
    it may be, where a rough one does.
    """
    return home_rates([currency], on=on, carry_days=carry_days).get(currency)


def home_rates(
    currencies: Collection[str], *, on: date, carry_days: int = rates.CARRY_DAYS
) -> dict[str, Decimal]:
    """The same for several currencies; those that nobody knows are left out."""
    known = dated_home_rates(currencies, on=on, carry_days=carry_days)
    return {currency: value for currency, (value, _day) in known.items()}


def dated_home_rates(
    currencies: Collection[str], *, on: date, carry_days: int = rates.CARRY_DAYS
) -> dict[str, tuple[Decimal, date]]:
    """The same with the day each is of."""
    days = (on - timedelta(days=carry_days), on)
    stored = RateQuote.objects.filter(
        base__in=currencies, quote=rules.HOME, value_date__range=days
    ).order_by("base", "-value_date", "-pk")
    found = {quote.base: (quote.value, quote.value_date) for quote in stored.distinct("base")}
    for currency in currencies:
        if currency == rules.HOME:
            found[currency] = Decimal(1), on
        elif currency not in found and (
            known := ecb.rate(currency, rules.HOME, on, carry_days=carry_days)
        ):
            found[currency] = known
    return found


@dataclass(frozen=True, slots=True)
class Settled:
    """What a priced batch cost, CNY minor units: goods at the reference rate, and the bank.

    ``invoices`` are (order number, supplier's invoice number).
    """

    batch: SettlementBatch
    goods_minor: int
    spread_minor: int
    fee_minor: int
    invoices: tuple[tuple[str, str], ...]


def settled(*, debtor: Company | None = None, latest: int = 10) -> list[Settled]:
    """The latest priced batches, of one debtor or of all, the newest first."""
    priced = SettlementBatch.objects.filter(cny_minor__isnull=False, rate__isnull=False)
    if debtor is not None:
        priced = priced.filter(debtor=debtor)
    found = list(priced.select_related("supplier__company", "rate").order_by("-pk")[:latest])
    invoices: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for batch_id, order, invoice in (
        BatchLine.objects.filter(batch__in=found)
        .order_by("pk")
        .values_list("batch_id", "payable__order_number", "payable__invoice_number")
    ):
        invoices[batch_id].append((order, invoice))
    told = []
    for batch in found:
        assert batch.rate is not None  # noqa: S101 - asked for above
        goods = rules.booked(batch.total_minor, batch.currency, batch.rate.value)
        told.append(
            Settled(
                batch=batch,
                goods_minor=goods,
                spread_minor=(batch.cny_minor or 0) - goods,
                fee_minor=batch.fee_minor or 0,
                invoices=tuple(invoices[batch.pk]),
            )
        )
    return told


def charge_parts() -> dict[str, int]:
    """What the charges of the seller in scope add up to, CNY minor units."""
    sums = SellerCharge.objects.aggregate(goods=Sum("goods_minor"), fee=Sum("fee_minor"))
    return {name: int(value or 0) for name, value in sums.items()}


def charges_of_seller() -> QuerySet[SellerCharge]:
    """The charges of the seller in scope, the newest first."""
    return (
        SellerCharge.objects.select_related("batch__supplier__company", "batch__rate")
        .annotate(
            total_minor=F("goods_minor") + F("fee_minor"),
            saved_minor=F("alone_minor") - F("goods_minor") - F("fee_minor"),
        )
        .order_by("-pk")
    )


def charged() -> dict[str, int]:
    """What the charges of the seller in scope come to, and what they saved; CNY minor units."""
    told = charges_of_seller().aggregate(total=Sum("total_minor"), saved=Sum("saved_minor"))
    return {name: int(value or 0) for name, value in told.items()}


def files() -> QuerySet[PaymentFile]:
    """Every payment file, the newest first, without its content."""
    return PaymentFile.objects.select_related("debtor", "made_by").defer("content").order_by("-pk")


def offered_pricing_day(batch: SettlementBatch, today: date) -> date:
    """The day a person is offered to price for: today, or the newest one a rate is known for.

    Without a live source the embedded file ends some day; a page that offers a day it must
    then refuse is no help.
    """
    known_until = ecb.last_day() + timedelta(days=rates.CARRY_DAYS)
    stored = RateQuote.objects.filter(base=batch.currency, quote=rules.HOME, asked_for=today)
    newest = max(ecb.last_day(), batch.period_end)
    if today <= known_until or newest > known_until or stored.exists():
        return today
    return newest
