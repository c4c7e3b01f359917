"""Links to a released set: signed, so that nobody can make one up, and looked up on each use."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core import signing

from customs.models import PaperLink

_SALT = "customs.papers.link"


def token_of(link: PaperLink) -> str:
    """What its address ends with."""
    return signing.Signer(salt=_SALT).sign(link.uid.hex)


def link_of(token: str) -> PaperLink | None:
    """The link of a signed token; None where it was not signed here. Call platform-wide."""
    try:
        uid = UUID(hex=signing.Signer(salt=_SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    found = PaperLink.objects.filter(uid=uid)
    return found.select_related("release__declaration__importer").first()


def is_open(link: PaperLink, *, now: datetime) -> bool:
    """Neither taken back nor over."""
    return link.revoked_at is None and link.expires_at > now
