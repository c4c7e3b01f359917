"""What a seller does: file a forecast, by form or file, and see its share of the pool."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from core.sheets import MAX_BYTES
from procurement import services, within
from procurement.forms import ForecastForm, UploadForm
from procurement.models import ForecastUpload, PoolRound
from procurement.queries import forecasts, offers, orders
from procurement.tables import MY_ROUNDS
from procurement.within import FORECAST_LINES, FORECASTABLE, place_of
from web.files import template_file
from web.forms import posted, posted_files
from web.lists import show_list, shown


@require_GET
@role_required(Role.SELLER)
def rounds(request: MemberRequest) -> HttpResponse:
    """All rounds, and what this seller filed in each."""
    return show_list(request, MY_ROUNDS, "procurement/my_rounds.html")


@require_GET
@role_required(Role.SELLER)
def my_round(request: MemberRequest, code: str) -> HttpResponse:
    """One round: the cut-off, what counts, and the earlier versions."""
    at, seller = now(), request.membership.company
    held = get_object_or_404(PoolRound, code=code)
    current = forecasts.current(held, seller)
    context = {
        "round": held,
        "now": at,
        "is_open": forecasts.takes_forecasts(held, at),
        "is_early": at < held.opens_at,
        "versions": forecasts.versions(held, seller),
        "current": current,
    }
    template = "procurement/my_round.html"
    if current is None:
        return render(request, template, context)
    place = place_of(held, current)
    return show_list(request, FORECAST_LINES, template, context, place=place)


@require_GET
@role_required(Role.SELLER)
def version(request: MemberRequest, code: str, number: int) -> HttpResponse:
    """One version as it was filed."""
    held = get_object_or_404(PoolRound, code=code)
    mine = forecasts.versions(held, request.membership.company)
    forecast = get_object_or_404(mine, version=number)
    newest = forecasts.current(held, request.membership.company)
    context = {
        "round": held,
        "forecast": forecast,
        "counts": newest is not None and newest.pk == forecast.pk,
        "upload": ForecastUpload.objects.filter(filed_as=forecast).defer("content").first(),
    }
    template, place = "procurement/version.html", place_of(held, forecast)
    return show_list(request, FORECAST_LINES, template, context, place=place)


@require_http_methods(["GET", "POST"])
@role_required(Role.SELLER)
def edit(request: MemberRequest, code: str) -> HttpResponse:
    """The form: quantities of a page of products; all others stay as they were filed."""
    at, seller = now(), request.membership.company
    held = get_object_or_404(PoolRound, code=code)
    newest = forecasts.current(held, seller)
    current = forecasts.quantities(newest)
    version = newest.version if newest else 0
    page = shown(request, FORECASTABLE, place=code)
    form = ForecastForm(posted(request), products=page.rows, current=current)
    for product, field in form.rows:
        product.field = field  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        wanted = {**current, **form.quantities()}
        wanted = {pk: units for pk, units in wanted.items() if units}
        if wanted == current:
            messages.info(request, _("Nothing was changed, so nothing new was filed."))
            return redirect("my_round", code=code)
        filed = services.file_forecast(
            round=held,
            seller=seller,
            lines=wanted,
            filed_by=request.user,
            seen=form.seen(version),
            now=at,
        )
        messages.success(
            request, _("Version %(version)s is filed and counts.") % {"version": filed.version}
        )
        return redirect("my_round", code=code)
    context = {
        "round": held,
        "now": at,
        "is_open": forecasts.takes_forecasts(held, at),
        "form": form,
        "seen": form.seen(version),
        "list": page,
        "others": len(current.keys() - {product.pk for product in page.rows}),
    }
    status = 422 if form.errors else 200
    return render(request, "procurement/forecast_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
@role_required(Role.SELLER)
def upload(request: MemberRequest, code: str) -> HttpResponse:
    """A file is looked at; nothing is filed yet."""
    at = now()
    held = get_object_or_404(PoolRound, code=code)
    form = UploadForm(posted(request), posted_files(request))
    context: dict[str, Any] = {
        "round": held,
        "now": at,
        "is_open": forecasts.takes_forecasts(held, at),
        "form": form,
    }
    if request.method == "GET" or not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "procurement/upload.html", context, status=status)
    sent = form.cleaned_data["file"]
    preview = services.preview_upload(
        round=held,
        seller=request.membership.company,
        file_name=sent.name,
        content=sent.read(MAX_BYTES + 1),
        uploaded_by=request.user,
        now=at,
        is_looked_at=True,
    )
    if preview.upload is not None:
        return redirect("forecast_preview", code=code, pk=preview.upload.pk)
    context |= {"file_name": sent.name, "preview": preview}
    if preview.refused:
        context["refused"] = _(preview.refused.rule())
    return render(request, "procurement/unreadable.html", context, status=422)


@require_GET
@role_required(Role.SELLER)
def preview(request: MemberRequest, code: str, pk: int) -> HttpResponse:
    """What a file says, row by row, or everything that is wrong with it."""
    at = now()
    kept = within.kept_file(request.membership.company, str(pk))
    if kept.round.code != code:
        raise Http404
    if kept.filed_as_id is not None:
        return redirect("my_round", code=code)
    told = services.look_again(kept)
    context = {
        "round": kept.round,
        "now": at,
        "file_name": kept.file_name,
        "preview": told,
        "form": UploadForm(),
        "is_open": forecasts.takes_forecasts(kept.round, at),
    }
    table = within.FILE_FAULTS if told.errors else within.FILE_ROWS
    rows = within.file_faults(told.errors) if told.errors else within.file_rows(told.wants)
    template = "procurement/preview.html"
    return show_list(request, table, template, context, place=str(pk), rows=rows)


@require_POST
@role_required(Role.SELLER)
def file_upload(request: MemberRequest, code: str, pk: int) -> HttpResponse:
    """File what was looked at."""
    kept = get_object_or_404(
        ForecastUpload.objects.filter(seller=request.membership.company),
        pk=pk,
        round__code=code,
    )
    filed = services.file_upload(upload=kept, filed_by=request.user, now=now())
    messages.success(
        request, _("Version %(version)s is filed and counts.") % {"version": filed.version}
    )
    return redirect("my_round", code=code)


@require_GET
@role_required(Role.SELLER)
def template(request: MemberRequest, code: str, kind: str) -> HttpResponse:
    """A file to fill in: every product that may be forecast, with what was filed last."""
    held = get_object_or_404(PoolRound, code=code)
    head, rows = offers.to_fill_in(held, request.membership.company)
    return template_file(f"forecast-{held.code}", kind, head, rows)


@require_GET
@role_required(Role.SELLER)
def share(request: MemberRequest, code: str) -> HttpResponse:
    """What pooling came to for this seller."""
    held = get_object_or_404(PoolRound, code=code)
    mine = orders.my_shares(held, request.membership.company)
    context = {"round": held, "shares": mine, "totals": orders.totals(mine), "now": now()}
    return render(request, "procurement/share.html", context)
