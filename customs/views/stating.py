"""What an importer states of an entry: asked on a page, assumed nowhere."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from customs import queries, services
from customs.forms_stating import StatementForm, as_told
from customs.models import NO_LONGER, Declaration, StatementAnswer
from customs.queries.ports import PACKINGS, choices_of
from customs.queries.stating import is_printed
from customs.rules.import_set import Statement
from customs.words import FIELDS
from warehouse.days import day_of
from web.forms import beside_fields, posted


@require_http_methods(["GET", "POST"])
@role_required(Role.IMPORTER)
def statement(request: MemberRequest, number: str) -> HttpResponse:
    """The statement of a shipment, or of its supplier as far as the shipment has none."""
    shipment = queries.shipment_to_state(number, request.membership.company)
    moment = now()
    day = day_of(moment)
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
    is_fixed = is_printed(shipment)
    printed = []
    if is_fixed and living is not None:
        drafted_on = day_of(living.drafted_at)
        printed = _answers(form, queries.stated_on(living, drafted_on), chinese=chinese)
    context = {
        "shipment": shipment,
        "form": form,
        "stands": stands,
        "declaration": living,
        "is_printed": is_fixed,
        "printed": printed,
        "departure": said.departure,
        "departure_name": said.departure.name(chinese=chinese),
        "lacking": [FIELDS[name] for name in queries.lacking_of(said)],
    }
    return render(request, "customs/statement.html", context, status=422 if form.errors else 200)


def _answers(form: StatementForm, said: Statement, *, chinese: bool) -> list[tuple[str, str]]:
    """Each question with what stands on the printed form."""
    answers = dict(StatementAnswer.choices)
    told = {
        "special_relation": str(answers.get(said.special_relation, "")),
        "price_influence": str(answers.get(said.price_influence, "")),
        "royalties": str(answers.get(said.royalties, "")),
        "package_kind": said.packing.name(chinese=chinese),
        "departure_port": f"{said.departure.code} {said.departure.name(chinese=chinese)}".strip(),
        "call_port": f"{said.call.code} {said.call.name(chinese=chinese)}".strip(),
        "broker_name": said.broker.name_zh if said.broker else "",
    }
    return [(str(form.fields[name].label), answer) for name, answer in told.items()]


#: Address, view and name.
PAGES = (("shipments/<str:number>/statement/", statement, "customs_statement"),)
