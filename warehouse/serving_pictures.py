"""A picture of the gate as an answer, for pages and programs."""

from __future__ import annotations

from typing import Literal

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from warehouse.models import GatePicture


def as_picture(
    found: QuerySet[GatePicture], pk: int, what: Literal["content", "thumbnail"]
) -> HttpResponse:
    """One of those that may be looked at. Raises Http404.

    A browser keeps it for a few minutes, for this session only: a picture may be withdrawn.
    """
    if pk > 2**62:
        raise Http404
    one = get_object_or_404(found.only(what), pk=pk)
    answer = HttpResponse(bytes(getattr(one, what)), content_type="image/jpeg")
    answer["Content-Disposition"] = f'inline; filename="gate-{pk}.jpg"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, max-age=300"
    answer["Vary"] = "Cookie, Authorization"
    return answer
