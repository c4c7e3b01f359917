"""Master data is written here; what was booked, priced or paid is not shown to be edited."""

from django.contrib import admin

from settlement.models import BankAccount


@admin.register(BankAccount)
class BankAccountAdmin(admin.ModelAdmin[BankAccount]):
    list_display = ("company", "currency", "bank_name", "bic")
