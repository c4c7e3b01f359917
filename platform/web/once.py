"""What a person sees once: it waits in the session from the form to the page after it.

So a page that is loaded again sends no form again and shows no secret again.
"""

from __future__ import annotations

from django.http import HttpRequest

from core.fields import decrypted, encrypted

_KEY = "shown_once"


def keep_once(request: HttpRequest, name: str, text: str) -> None:
    """Keep a text for the next page of that name; the session's table does not hold it in clear."""
    request.session[_KEY] = {**request.session.get(_KEY, {}), name: encrypted(text)}


def shown_once(request: HttpRequest, name: str) -> str | None:
    """The text, which is then forgotten; None where it was shown before."""
    if getattr(request, "is_head", False):
        return None
    waiting = dict(request.session.get(_KEY, {}))
    kept = waiting.pop(name, None)
    if kept is None:
        return None
    request.session[_KEY] = waiting
    return decrypted(kept)
