"""The papers of the canary's entry, released and fetched by a link, and those of its parcel."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from customs.models import Declaration, GoodsPermit, HouseMode, RemarkJudgement, RetailList
from customs.queries.papers import KINDS
from customs.services import (
    make_due_documents,
    make_due_retail_papers,
    order_papers,
    order_retail_papers,
)
from customs.services.paper_sets import link_papers, note_use, release_papers


def printed_out(
    declaration: Declaration, retail_list: RetailList, by: User, *, now: datetime
) -> None:
    """The whole set in Chinese with a proof of origin, and the papers of the parcel."""
    GoodsPermit.objects.create(
        shipment=declaration.shipment,
        importer=declaration.importer,
        product=declaration.lines.order_by("pk")[0].product,
        sign="Y",
        number="CANARY-COO",
        told_at=now,
        told_by=by,
    )
    RemarkJudgement.objects.create(
        product=declaration.lines.order_by("pk")[0].product,
        hs_code=declaration.lines.order_by("pk")[0].hs_code,
        kinds=["named_only"],
        remark="",
        verdict="fits",
        reason="REASONCANARY",
        judged_at=now,
        judged_by=by,
        judged_for=declaration.importer,
    )
    HouseMode.objects.create(
        warehouse=declaration.warehouse,
        keeper=declaration.warehouse.operator,
        mode="1210",
        valid_from=now.date(),
        told_at=now,
        told_by=by,
    )
    order_papers(declaration=declaration, kinds=KINDS, language="zh-hans", now=now)
    order_retail_papers(retail_list=retail_list, language="zh-hans", now=now)
    make_due_documents(now=lambda: now)
    make_due_retail_papers(now=lambda: now)
    release_papers(declaration=declaration, language="zh-hans", by=by, now=now)
    link = link_papers(declaration=declaration, hours=300, note="CANARYBROKER", by=by, now=now)
    note_use(link=link, fetched="set", client="203.0.113.7", now=now)
