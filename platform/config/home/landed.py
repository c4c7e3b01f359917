"""What goods cost until they lie in bond, part by part, in yuan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import Company
from config.home.words import yuan
from core.money import Money
from procurement.models import Shipment
from settlement.queries import Settled, home_rate, settled
from settlement.rules import HOME
from web.pages import Chart

#: More payments than this are a list, and that has a page of its own.
LATEST = 8


@dataclass(frozen=True, slots=True)
class Landed:
    """One payment's goods and what came on top, CNY minor units.

    ``freight_minor`` and ``insurance_minor`` are worth what the currency was worth on the day
    the batch was priced; None where no rate of that day is known.
    """

    settled: Settled
    freight_minor: int | None
    insurance_minor: int | None


def landed(*, debtor: Company | None = None) -> list[Landed]:
    """The latest payments, of one debtor or of all, with their shipments' freight."""
    paid = settled(debtor=debtor, latest=LATEST)
    carried = _carried(paid)
    rates: dict[tuple[str, date], Decimal | None] = {}
    found = []
    for one in paid:
        assert one.batch.rate is not None  # noqa: S101 - only priced batches are settled
        day = one.batch.rate.value_date
        sums: list[int | None] = [0, 0]
        for shipment in (carried[key] for key in one.invoices if key in carried):
            for at, minor in enumerate((shipment.freight_minor, shipment.insurance_minor)):
                key = (shipment.freight_currency, day)
                if key not in rates:
                    rates[key] = home_rate(shipment.freight_currency, on=day)
                sums[at] = _added(sums[at], minor, shipment.freight_currency, rates[key])
        found.append(Landed(one, *sums))
    return found


def _added(sum_minor: int | None, minor: int, currency: str, rate: Decimal | None) -> int | None:
    if not minor or sum_minor is None:
        return sum_minor
    if rate is None:
        return None
    return sum_minor + Money(minor, currency).converted(rate, HOME).minor


def _carried(paid: Sequence[Settled]) -> Mapping[tuple[str, str], Shipment]:
    """The shipments that the invoices were written for."""
    keys = [key for one in paid for key in one.invoices]
    shipments = Shipment.objects.filter(
        order__number__in={order for order, _invoice in keys},
        invoice_number__in={invoice for _order, invoice in keys},
    ).select_related("order")
    return {(one.order.number, one.invoice_number): one for one in shipments}


def chart(*, debtor: Company | None = None) -> list[Chart]:
    """One bar per payment, stacked from its parts; none before anything was priced."""
    found = landed(debtor=debtor)
    if not found:
        return []
    parts: list[tuple[str, list[int | None]]] = [
        (_("goods at the reference rate"), [one.settled.goods_minor for one in found]),
        (_("freight"), [one.freight_minor for one in found]),
        (_("insurance"), [one.insurance_minor for one in found]),
        (_("bank's spread"), [one.settled.spread_minor for one in found]),
        (_("wire fee"), [one.settled.fee_minor for one in found]),
    ]
    return [
        Chart(
            key="landed",
            title=_("Landed cost by part"),
            unit=HOME,
            head=_("Settlement batch"),
            kind="rows",
            categories=[
                f"{one.settled.batch.supplier.company.name} ({one.settled.batch.currency})"
                for one in found
            ],
            series=[
                (name, ["" if minor is None else yuan(minor) for minor in values])
                for name, values in parts
            ],
            note=_(
                "Freight and insurance at the rate of the pricing day. Import tax comes with each "
                "parcel and is the seller's."
            ),
            stacked=True,
        )
    ]
