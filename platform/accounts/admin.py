"""Django's admin shows people and companies and does not write them: no rule, reason or second
person stands behind it. What packages would write there (addresses, second factors, sessions,
groups) has no page at all: a change would leave no trail and send no letter."""

from __future__ import annotations

from typing import Any

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from allauth.usersessions.admin import UserSession
from django.contrib import admin
from django.contrib.auth.admin import Group
from django.http import HttpRequest

from accounts.models import Company, Membership, User

# By the modules that register them, so that they are registered by now, whatever comes first.
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
