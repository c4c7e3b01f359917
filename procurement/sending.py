"""An order as a file, for pages and programs alike."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from procurement.models import PurchaseOrder
from procurement.queries.order_changes import change_ubl
from procurement.queries.order_files import order_csv, order_json, order_ubl


def file_answer(order: PurchaseOrder, kind: str) -> HttpResponse:
    """Raises Http404 for other kinds than UBL, JSON and CSV, and for UBL of what is no order yet
    or no more."""
    if kind == "json":
        answer = HttpResponse(order_json(order), content_type="application/json")
    elif kind == "csv":
        answer = HttpResponse(order_csv(order), content_type="text/csv; charset=utf-8")
    elif kind == "xml" and (content := order_ubl(order)) is not None:
        answer = HttpResponse(content, content_type="application/xml")
    else:
        raise Http404
    answer["Content-Disposition"] = f'attachment; filename="{order.number}.{kind}"'
    return answer


def change_answer(order: PurchaseOrder, sequence: int) -> HttpResponse:
    """Raises Http404 where the order has no such change."""
    content = change_ubl(order, sequence)
    if content is None:
        raise Http404
    answer = HttpResponse(content, content_type="application/xml")
    answer["Content-Disposition"] = f'attachment; filename="{order.number}-{sequence}.xml"'
    return answer
