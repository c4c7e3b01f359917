"""The labels of a lot, as a part of whichever page shows the lot."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from accounts.models import Role
from core.models import WorkState
from traceability import queries

register = template.Library()


@register.inclusion_tag("traceability/_lot_labels.html", takes_context=True)
def lot_labels(context: Context, gtin: str, lot_number: str) -> dict[str, Any]:
    """``{% lot_labels lot.product.gtin lot.number %}``: how many are labelled, sheets, button."""
    request = context["request"]
    membership = getattr(request, "membership", None)
    lot = queries.received_lot(gtin, lot_number)
    sheets = list(queries.label_sheets(gtin, lot_number)[:20])
    moving = any(sheet.state in {WorkState.QUEUED, WorkState.GENERATING} for sheet in sheets)
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "gtin": gtin,
        "lot_number": lot_number,
        "lot": lot,
        "sheets": sheets,
        "moving": WorkState.GENERATING if moving else WorkState.READY,
        "may_issue": membership is not None and membership.role in {Role.OPERATOR, Role.WAREHOUSE},
    }
