"""The lock that falls after too many wrong passwords or codes: by e-mail and address together.

django-axes counts. Its settings name the functions here; doors where codes are tried tell it
of each failure with :func:`count_failure`, so that passwords and codes are counted as one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext

from accounts.models import AccountEventKind
from accounts.trail import LONGEST_EMAIL, note


def who_tries(request: HttpRequest | None, credentials: Mapping[str, Any] | None) -> str:
    """The e-mail a password or code is tried for, as it is compared and kept."""
    told = credentials or {}
    email = told.get("email") or told.get("username") or ""
    if not email and request is not None:
        email = request.POST.get("email", "")
    return str(email).strip().lower()[:LONGEST_EMAIL]


def is_locked(request: HttpRequest, email: str) -> bool:
    return not AxesProxyHandler.is_allowed(request, {"email": email})


def count_failure(request: HttpRequest, email: str) -> None:
    """A wrong code counts like a wrong password; the fifth makes the answer a closed door."""
    note(request, AccountEventKind.FAILED, email=email)
    user_login_failed.send(sender=__name__, credentials={"email": email}, request=request)


def closed_door(
    request: HttpRequest,
    _answer: HttpResponse | None = None,
    credentials: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """429 in words, in the look of the gate. Says the same whether the account exists or not."""
    note(request, AccountEventKind.LOCKED_OUT, email=who_tries(request, credentials))
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds()) // 60
    if not request.accepts("text/html"):
        rule = gettext("Too many wrong tries. Wait %(minutes)s minutes and try again.")
        body = {"code": "accounts.locked_out", "rule": rule % {"minutes": minutes}}
        return JsonResponse(body, status=429, headers={"Retry-After": str(minutes * 60)})
    answer = render(request, "account/locked.html", {"minutes": minutes}, status=429)
    answer["Retry-After"] = str(minutes * 60)
    return answer
