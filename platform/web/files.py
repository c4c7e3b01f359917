"""Tables to be filled in, as files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import Http404, HttpResponse

from core.sheets import write_csv, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}


def template_file(
    name: str, kind: str, head: Sequence[str], rows: Iterable[Sequence[Any]]
) -> HttpResponse:
    """A table with its first row, and what stands in it already. Raises Http404 for other kinds."""
    if kind not in _TYPES:
        raise Http404
    content = write_csv(head, rows) if kind == "csv" else write_xlsx(head, rows)
    answer = HttpResponse(content, content_type=_TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def attachment(content: bytes, media_type: str, name: str) -> HttpResponse:
    """A file to keep, which no cache keeps."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=media_type, headers=headers)
