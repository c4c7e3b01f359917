"""The tariff as it is kept."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from customs import queries
from customs.tables import TARIFF
from web.lists import show_list


@require_GET
@role_required(Role.OPERATOR, Role.IMPORTER)
def tariff(request: MemberRequest) -> HttpResponse:
    return show_list(request, TARIFF, "customs/tariff.html", {"rules": queries.tax_rules()})
