"""Django's admin behind the house's gate: for staff who have shown a second factor."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.account.decorators import secure_admin_login
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.access import came_from
from accounts.second_factor import was_shown


class Site(admin.AdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and was_shown(request)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The gate of the house; who is in already shows a factor, or sets one up."""
        if super().has_permission(request) and not was_shown(request):
            has_one = is_mfa_enabled(request.user)
            door = reverse("account_reauthenticate" if has_one else "mfa_activate_totp")
            wanted = request.GET.get("next") or came_from(request)
            return HttpResponseRedirect(f"{door}?{urlencode({'next': wanted})}")
        gate: HttpResponse = secure_admin_login(super().login)(request)
        return gate

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """At the gate of the house: there the lock counts, a letter goes out, and it is kept."""
        return HttpResponseRedirect(reverse("account_change_password"))

    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return HttpResponseRedirect(reverse("account"))
