"""Files that somebody else made."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from accounts.models import AdmissionDocument


def as_attachment(document: AdmissionDocument) -> HttpResponse:
    """To be saved, never shown in a page of ours: a PDF may hold scripts that no check finds."""
    response = HttpResponse(bytes(document.content), content_type=document.media_type)
    response["Content-Disposition"] = content_disposition_header(True, document.file_name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
