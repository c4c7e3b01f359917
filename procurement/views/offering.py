"""What suppliers ask, as an operator enters it: by form, by file, and for the goods' way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from accounts.rules.seen import stamp
from catalog.models import TradingPartner
from core.clock import now
from core.sheets import MAX_BYTES
from procurement import services
from procurement.drawing import break_chart
from procurement.models import SupplierOffer
from procurement.offer_forms import EndForm, FreightForm, MinimumForm, OfferFileForm, OfferForm
from procurement.queries import freight, offers
from procurement.rules.offering import OffersRefused
from procurement.services.offer_files import EXAMPLE, NEEDED, OPTIONAL
from procurement.tables import OFFERS
from web.files import template_file
from web.forms import beside_fields, posted, posted_files
from web.lists import show_list

ROWS_SHOWN = 200


@require_GET
@role_required(Role.OPERATOR)
def offer_list(request: MemberRequest) -> HttpResponse:
    return show_list(request, OFFERS, "procurement/offers.html")


@require_GET
@role_required(Role.OPERATOR)
def offer_page(request: MemberRequest, pk: int) -> HttpResponse:
    """One offer: its prices per pack and unit, its days, and who else offers the product."""
    offer = get_object_or_404(offers.listed(), pk=pk)
    steps = offers.steps_of(offer)
    context = {
        "offer": offer,
        "today": _today(),
        "steps": steps,
        "chart": break_chart(offer, steps),
        "others": offers.listed().filter(product=offer.product).exclude(pk=offer.pk),
        "end_form": EndForm(
            initial={"ends_on": _today(), "seen": stamp(*services.standing_of(offer).values())}
        ),
        "minimum": freight.minimums_of(offer.supplier)
        .filter(currency=offer.currency, incoterm=offer.incoterm)
        .first(),
    }
    return render(request, "procurement/offer.html", context)


@require_http_methods(["GET", "POST"])
@role_required(Role.OPERATOR)
def new(request: MemberRequest) -> HttpResponse:
    form = OfferForm(posted(request))
    if request.method == "POST" and form.is_valid() and (terms := form.terms()):
        stored = _stored(form, partial(services.add_offers, offers=[terms]))
        if stored:
            messages.success(request, _("The offer is kept."))
            return redirect("offer", pk=stored[0].pk)
    status = 422 if _is_wrong(form) else 200
    return render(request, "procurement/offer_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@role_required(Role.OPERATOR)
def change(request: MemberRequest, pk: int) -> HttpResponse:
    offer = get_object_or_404(offers.listed(), pk=pk)
    seen = stamp(*services.standing_of(offer).values())
    form = OfferForm(posted(request), offer=offer, seen=seen)
    if request.method == "POST" and form.is_valid() and (terms := form.terms()):
        act = partial(
            services.change_offer, offer=offer, terms=terms, seen=form.cleaned_data["seen"]
        )
        if _stored(form, act):
            messages.success(request, _("The offer is kept."))
            return redirect("offer", pk=offer.pk)
    status = 422 if _is_wrong(form) else 200
    context = {"form": form, "offer": offer}
    return render(request, "procurement/offer_form.html", context, status=status)


@require_POST
@role_required(Role.OPERATOR)
def end(request: MemberRequest, pk: int) -> HttpResponse:
    """The last day on which an offer holds."""
    offer = get_object_or_404(SupplierOffer, pk=pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A day is written 2026-03-31."))
        return redirect("offer", pk=pk)
    services.end_offer(offer=offer, **form.cleaned_data)
    messages.success(request, _("The offer ends on %(day)s.") % {"day": offer.valid_to})
    return redirect("offer", pk=pk)


@require_http_methods(["GET", "POST"])
@role_required(Role.OPERATOR)
def upload(request: MemberRequest) -> HttpResponse:
    """A file of offers: looked at, and stored all or none."""
    form = OfferFileForm(posted(request), posted_files(request))
    context: dict[str, object] = {"form": form, "needed": NEEDED, "optional": OPTIONAL}
    template = "procurement/offers_upload.html"
    if request.method == "GET" or not form.is_valid():
        return render(request, template, context, status=422 if form.errors else 200)
    sent = form.cleaned_data["file"]
    content = sent.read(MAX_BYTES + 1)
    reading = services.preview_offers(sent.name, content)
    if not reading.is_clean:
        context |= {"errors": reading.errors[:ROWS_SHOWN], "count": reading.error_count}
        if reading.refused:
            context |= {"refused": _(reading.refused.rule()), "facts": reading.refused.facts}
        return render(request, template, context, status=422)
    if "look" in request.POST:
        shown = reading.offers[:ROWS_SHOWN]
        context |= {"read": shown, "read_count": len(reading.offers)}
        return render(request, template, context)
    stored = services.import_offers(name=sent.name, content=content)
    messages.success(
        request,
        ngettext("%(count)s offer is kept.", "%(count)s offers are kept.", len(stored))
        % {"count": len(stored)},
    )
    return redirect("offers")


@require_GET
@role_required(Role.OPERATOR)
def template(request: MemberRequest, kind: str) -> HttpResponse:
    """The columns of a file of offers, with one row as an example."""
    columns = [*NEEDED, *OPTIONAL]
    return template_file("offers", kind, columns, [[EXAMPLE[name] for name in columns]])


@require_http_methods(["GET", "POST"])
@role_required(Role.OPERATOR)
def freight_page(request: MemberRequest, code: str) -> HttpResponse:
    """What a supplier's goods cost on their way, and below what it takes no order."""
    supplier = get_object_or_404(
        TradingPartner.objects.select_related("company"), company__code=code
    )
    told, at = posted(request), _today()
    terms = list(freight.freight_of(supplier))
    is_minimum = told is not None and "minimum" in told
    freight_form = FreightForm(
        None if is_minimum else told, terms=terms[0] if terms else None, today=at
    )
    minimum_form = MinimumForm(
        told if is_minimum else None, initial={"currency": supplier.currency}
    )
    if is_minimum and minimum_form.is_valid():
        act = partial(services.set_minimum, supplier=supplier, **minimum_form.minimum())
        if beside_fields(minimum_form, act):
            messages.success(request, _("The minimum is kept."))
            return redirect("supplier_freight", code)
    if told is not None and not is_minimum and freight_form.is_valid():
        keep = partial(services.set_freight, supplier=supplier, **freight_form.terms())
        if beside_fields(freight_form, keep):
            messages.success(request, _("The freight terms are kept."))
            return redirect("supplier_freight", code)
    forms = (freight_form, minimum_form, *freight_form.containers)
    context = {
        "supplier": supplier,
        "terms": terms,
        "minimums": freight.minimums_of(supplier),
        "form": freight_form,
        "minimum_form": minimum_form,
        "today": at,
    }
    return render(
        request,
        "procurement/freight.html",
        context,
        status=422 if any(one.errors for one in forms) else 200,
    )


def _today() -> date:
    return timezone.localtime(now(), timezone.get_default_timezone()).date()


def _is_wrong(form: OfferForm) -> bool:
    return bool(form.errors) or any(row.errors for row in form.prices)


def _stored(form: OfferForm, act: Callable[[], object]) -> list[SupplierOffer]:
    """What was stored; what is refused stands beside its field, and then there is nothing."""
    try:
        done = act()
    except OffersRefused as refusal:
        for one in refusal.facts["rows"]:  # type: ignore[attr-defined]
            form.add_error(one.field if one.field in form.fields else None, one.message)
        return []
    return done if isinstance(done, list) else [done]  # type: ignore[list-item]
