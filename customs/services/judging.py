"""A person says of a product whether the positive list's remark lets it in."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Company, User
from catalog.models import Product
from core.queue import ring
from core.taking import take_turns
from customs.models import RemarkJudgement
from customs.queries.judging import remark_of
from customs.rules.positive_list import Verdict, judge
from warehouse.days import day_of


@transaction.atomic
def judge_remark(
    *,
    product: Product,
    verdict: Verdict,
    reason: str,
    judged_by: User,
    judged_for: Company,
    now: datetime,
) -> RemarkJudgement:
    """Keep what a person says of a product under the remark of its code as it stands today, or take
    back what was said last.

    Raises JudgementNotAsked, JudgementWithoutReason, JudgementStands or NoJudgement; then nothing
    has been written.
    """
    take_turns("remark-judgement", product.sku)
    found = remark_of(product, day_of(now))
    before = found.said[0] if found.said else None
    told = judge(
        before.as_judged if before else None, product.hs_code, found.remark, verdict, reason
    )
    # What is taken back is named by what it was said of.
    is_back = verdict == Verdict.WITHDRAWN and before is not None
    made = RemarkJudgement.objects.create(
        product=product,
        hs_code=before.hs_code if is_back and before else product.hs_code,
        kinds=before.kinds if is_back and before else list(found.remark.kinds),
        remark=before.remark if is_back and before else found.remark.text,
        verdict=verdict,
        reason=told,
        judged_at=now,
        judged_by=judged_by,
        judged_for=judged_for,
    )
    # Orders that waited for it are drawn.
    ring("customs.retail_lists")
    return made
