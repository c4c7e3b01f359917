"""A seller says how its consumers' orders are taken."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Company, User
from warehouse.models import RetailTerms
from warehouse.queries.parting import terms_of
from warehouse.rules.parting import Terms, check_terms


@transaction.atomic
def set_terms(*, seller: Company, terms: Terms, set_by: User, now: datetime) -> Terms:
    """From now on the seller's orders are taken like this; those taken before stay as they are.

    The same terms again write nothing. Raises BackOrderDaysWrong; then nothing has been written.
    """
    check_terms(terms)
    # Of two who set them at once, the one that waits comes last.
    Company.objects.select_for_update(no_key=True).get(pk=seller.pk)
    if terms_of(seller) != terms:
        RetailTerms.objects.create(
            seller=seller,
            shortage=terms.shortage.value,
            back_order_days=terms.back_order_days,
            may_split=terms.may_split,
            set_at=now,
            set_by=set_by,
        )
    return terms
