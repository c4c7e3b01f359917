"""An order as a file, for pages and programs alike."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from procurement.models import PurchaseOrder
from procurement.queries.order_files import order_csv, order_json


def file_answer(order: PurchaseOrder, kind: str) -> HttpResponse:
    """Raises Http404 for other kinds than JSON and CSV."""
    if kind == "json":
        answer = HttpResponse(order_json(order), content_type="application/json")
    elif kind == "csv":
        answer = HttpResponse(order_csv(order), content_type="text/csv; charset=utf-8")
    else:
        raise Http404
    answer["Content-Disposition"] = f'attachment; filename="{order.number}.{kind}"'
    return answer
