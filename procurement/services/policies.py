"""The rules by which forecasts are scored are set for a day to come."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from procurement.models import CreditPolicy
from procurement.rules import policies
from procurement.rules.crediting import Policy


@transaction.atomic
def set_credit_policy(*, policy: Policy, by: User, now: datetime) -> CreditPolicy:
    """Score and pay by other bands from a day on; of two of one day the later one holds.

    What was scored before keeps the policy it was made under. Raises PolicyRefused or
    PolicyBegun; then nothing has been written.
    """
    today = timezone.localdate(now, timezone.get_default_timezone())
    policies.check_policy(policy, today=today)
    return CreditPolicy.objects.create(
        valid_from=policy.valid_from,
        shrunk_by=policy.shrunk_by,
        newcomer_band=policy.newcomer_band,
        newcomer_units=policy.newcomer_units,
        bands=[
            [band.name, band.from_score, band.deposit, band.tolerance, band.priority]
            for band in policy.bands
        ],
        set_by=by,
        set_at=now,
    )
