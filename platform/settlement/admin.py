"""Django's admin shows bank accounts; finance enters them in the portal, and two persons each."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin import Shown
from settlement.models import BankAccount


@admin.register(BankAccount)
class BankAccountAdmin(Shown):
    list_display = ("number", "company", "currency", "bank_name", "bic", "state")
