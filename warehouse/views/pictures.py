"""Pictures of the gate: taken in, looked at, withdrawn."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from procurement.models import Shipment
from warehouse import services
from warehouse.forms_pictures import PicturesForm, WithdrawForm
from warehouse.models import GatePicture, Receipt
from warehouse.queries import pictures as queries
from warehouse.serving_pictures import as_picture
from web.forms import posted, posted_files, tried


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.WAREHOUSE)
def of_shipment(request: MemberRequest, number: str) -> HttpResponse:
    """What was taken of a shipment that came to one's own gate, and more of it."""
    shipments = queries.shipments_at_gate(request.membership.company)
    shipment = get_object_or_404(
        shipments.select_related("order__supplier__company"), number=number
    )
    lines = list(shipment.lines.select_related("order_line__product").order_by("pk"))
    form = PicturesForm(posted(request), posted_files(request), lines=lines)
    if form.is_valid() and kept(request, form, shipment):
        return redirect("gate_pictures", number=number)
    context = {
        "shipment": shipment,
        "receipt": Receipt.objects.filter(shipment=shipment).first(),
        "form": form,
        "pictures": queries.of_shipment(shipment),
        "may_withdraw": True,
    }
    status = 422 if form.errors else 200
    return render(request, "warehouse/pictures.html", context, status=status)


def kept(request: MemberRequest, form: PicturesForm, shipment: Shipment) -> bool:
    """Whether the pictures of a valid form were kept; what is refused stands above it."""
    sent = form.cleaned_data["pictures"]
    act = partial(
        services.keep_pictures,
        shipment=shipment,
        keeper=request.membership.company,
        line=form.line,
        sent=sent,
        caption=form.cleaned_data["caption"],
        taken_by=request.user,
        now=now(),
    )
    new = tried(form, act)
    if new is None:
        return False
    if new:
        told = ngettext("%(n)s picture is kept.", "%(n)s pictures are kept.", len(new))
        messages.success(request, told % {"n": len(new)})
    if len(new) < len(sent):
        messages.info(request, _("A picture that is there already is kept once."))
    return True


def _shown(request: MemberRequest) -> QuerySet[GatePicture]:
    """Those that the person may look at; an owner's have an address of their own."""
    membership = request.membership
    if membership.role == Role.OPERATOR:
        return queries.pictures()
    if membership.role == Role.IMPORTER:
        return queries.claimed(membership.company)
    return queries.pictures(membership.company)


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR, Role.IMPORTER)
def picture(request: MemberRequest, pk: int) -> HttpResponse:
    return as_picture(_shown(request), pk, "content")


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR, Role.IMPORTER)
def thumbnail(request: MemberRequest, pk: int) -> HttpResponse:
    return as_picture(_shown(request), pk, "thumbnail")


@require_GET
@role_required(Role.SELLER)
def of_damage(request: MemberRequest, pk: int) -> HttpResponse:
    """Of a line of which units of one's own came damaged."""
    return as_picture(queries.of_damage(request.membership.company), pk, "content")


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.WAREHOUSE)
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """A wrong picture, and why it is one."""
    if pk > 2**62:
        raise Http404
    mine = queries.pictures(request.membership.company).defer("content", "thumbnail")
    found = get_object_or_404(mine.select_related("shipment", "withdrawal"), pk=pk)
    form = WithdrawForm(posted(request))
    if form.is_valid():
        act = partial(
            services.withdraw_picture,
            picture=found,
            reason=form.cleaned_data["reason"],
            withdrawn_by=request.user,
            now=now(),
        )
        if tried(form, act) is not None:
            messages.success(request, _("The picture is withdrawn."))
            return redirect("gate_pictures", number=found.shipment.number)
    context = {"picture": found, "form": form}
    status = 422 if form.errors else 200
    return render(request, "warehouse/picture_withdraw.html", context, status=status)
