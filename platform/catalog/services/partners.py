"""Suppliers: a company becomes one that can be ordered from."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Company
from accounts.rules.admitting import tidy_line
from accounts.rules.seen import check_unchanged
from catalog import rules
from catalog.models import TradingPartner


@transaction.atomic
def set_terms_of_trade(
    *,
    company: Company,
    currency: str,
    departure_port: str,
    over_percent: int | None = None,
    seen: str = "",
) -> TradingPartner:
    """What a supplier invoices in, where its goods leave from and how much more than announced is
    taken of it, the first time or anew.

    Raises NoSupplier, CurrencyNotTraded, PortMissing, WrongOverDelivery, or ChangedMeanwhile for a
    page that showed something else; then nothing has been written.
    """
    # The company holds the place of a partner that is not there yet.
    held = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    partner = TradingPartner.objects.filter(company=held).first() or TradingPartner(company=held)
    check_unchanged(
        seen,
        currency=partner.currency,
        departure_port=partner.departure_port,
        over_percent=partner.over_percent,
    )
    port = tidy_line(departure_port)
    rules.check_terms(kinds=held.kinds, currency=currency, port=port, over_percent=over_percent)
    partner.currency, partner.departure_port = currency, port
    partner.over_percent = over_percent
    partner.save()
    return partner
