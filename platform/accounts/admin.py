"""Django's admin shows people and companies and does not write them: no rule, reason or second
person stands behind it. What packages would write there (addresses, second factors, sessions,
groups) has no page at all: a change would leave no trail and send no letter."""

from __future__ import annotations

from typing import Any

import allauth.account.admin
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401
import django.contrib.auth.admin  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from accounts.models import Company, Membership, User

# Registered by the modules imported above, whichever of the apps comes first.
admin.site.unregister([Authenticator, EmailAddress, Group, UserSession])


class Shown(admin.ModelAdmin[Any]):
    """Reads only."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Company)
class CompanyAdmin(Shown):
    list_display = ("code", "name_zh", "name_en", "country", "status")
    search_fields = ("code", "name_zh", "name_en", "uscc", "lei", "vat_number")


@admin.register(User)
class UserAdmin(Shown):
    list_display = ("email", "name", "is_active")
    exclude = ("password",)


@admin.register(Membership)
class MembershipAdmin(Shown):
    list_display = ("user", "company", "role")
