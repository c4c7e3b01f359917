"""What an importer states of an entry: asked on a page, assumed nowhere."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import get_default_timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from customs import queries, services
from customs.forms_stating import StatementForm, as_told
from customs.models import NO_LONGER, Declaration
from customs.queries.ports import PACKINGS, choices_of
from customs.queries.stating import is_printed
from customs.words import FIELDS
from web.forms import beside_fields, posted


@require_http_methods(["GET", "POST"])
@role_required(Role.IMPORTER)
def statement(request: MemberRequest, number: str) -> HttpResponse:
    """The statement of a shipment, or of its supplier as far as the shipment has none."""
    shipment = queries.shipment_to_state(number, request.membership.company)
    moment = now()
    day = moment.astimezone(get_default_timezone()).date()
    stands = queries.statement_of(shipment)
    form = StatementForm(
        posted(request), packings=choices_of(PACKINGS, day), initial=as_told(stands)
    )
    living = Declaration.objects.filter(shipment=shipment).exclude(state__in=NO_LONGER).first()
    if request.method == "POST" and form.is_valid():
        keep = partial(
            services.keep_statement,
            shipment=shipment,
            told=form.told,
            for_supplier=form.cleaned_data["for_supplier"],
            told_by=request.membership.user,
            now=moment,
        )
        if beside_fields(form, keep) is not None:
            messages.success(request, _("The statement is kept."))
            if living is not None:
                return redirect("declaration", reference=living.our_reference)
            return redirect("declare", number=number)
    said = queries.stated(shipment, day=day)
    chinese = (get_language() or "").startswith("zh")
    context = {
        "shipment": shipment,
        "form": form,
        "stands": stands,
        "declaration": living,
        "is_printed": is_printed(shipment),
        "departure": said.departure,
        "departure_name": said.departure.name(chinese=chinese),
        "lacking": [FIELDS[name] for name in queries.lacking_of(said)],
    }
    return render(request, "customs/statement.html", context, status=422 if form.errors else 200)


#: Address, view and name.
PAGES = (("shipments/<str:number>/statement/", statement, "customs_statement"),)
