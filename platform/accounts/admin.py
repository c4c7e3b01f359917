from django.contrib import admin

from accounts.models import Company, Membership, User


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin[Company]):
    list_display = ("code", "name_zh", "name_en", "country", "status")
    search_fields = ("code", "name_zh", "name_en", "uscc", "lei", "vat_number")


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    list_display = ("email", "name", "is_active")
    exclude = ("password",)


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin[Membership]):
    list_display = ("user", "company", "role")
