"""What a seller calls the products of the catalogue: seen, added after a look, removed."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from core.errors import DomainError
from procurement import services
from procurement.forms import OwnSkuForm
from procurement.queries import naming
from procurement.rules.naming import OwnSkuIsAnothers, OwnSkuNotKnown, OwnSkuTaken
from procurement.tables import OWN_SKUS
from web.forms import posted, tried
from web.lists import show_list

_BESIDE: dict[type[DomainError], str] = {
    OwnSkuTaken: "own_sku",
    OwnSkuIsAnothers: "own_sku",
    OwnSkuNotKnown: "product",
}


@require_http_methods(["GET", "POST"])
@role_required(Role.SELLER)
def own_skus(request: MemberRequest) -> HttpResponse:
    """The list, and a form: an exact code maps by itself, of a likely one a person says so."""
    form = OwnSkuForm(posted(request))
    if request.method == "POST" and form.is_valid():
        add = partial(
            services.map_own_sku,
            seller=request.membership.company,
            own_sku=form.cleaned_data["own_sku"],
            product=form.cleaned_data["product"],
            by=request.user,
            now=now(),
        )
        if made := tried(form, add, beside=_BESIDE):
            messages.success(
                request,
                _("%(own)s now means %(sku)s.") % {"own": made.own_sku, "sku": made.product.sku},
            )
            return redirect("own_skus")
    text = form.data.get("likely") or form.data.get("own_sku") or ""
    context = {
        "form": form,
        "proposed": naming.proposed(str(text)[:200]) if form.errors else [],
    }
    status = 422 if form.errors else 200
    return show_list(request, OWN_SKUS, "procurement/own_skus.html", context, status=status)


@require_POST
@role_required(Role.SELLER)
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    """The mapping goes; what was filed by it stays."""
    mine = naming.own_skus(request.membership.company)
    mapping = get_object_or_404(mine, pk=pk)
    name = mapping.own_sku
    services.forget_own_sku(mapping=mapping)
    messages.success(request, _("%(own)s means nothing any more.") % {"own": name})
    return redirect("own_skus")
