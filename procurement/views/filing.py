"""How a seller files: in a grid, by a file, from the quarter before, or for the next round."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from core.listed import Listed
from core.sheets import MAX_BYTES
from procurement import services
from procurement.forms import UploadForm
from procurement.grids import ForecastForm
from procurement.models import ForecastUpload, PoolRound
from procurement.queries import forecasts, offers, outlook, tolerating
from procurement.rules.forecasting import Phase
from procurement.services.copying import Copied
from procurement.services.uploading import as_file
from procurement.within import FORECASTABLE, forecastable
from procurement.within_files import FILE_FAULTS, FILE_ROWS, file_rows, kept_file
from web.files import template_file
from web.forms import posted, posted_files
from web.lists import show_list, shown

#: So many SKUs are named in a message.
_NAMED = 5


@require_http_methods(["GET", "POST"])
@role_required(Role.SELLER)
def edit(request: MemberRequest, code: str) -> HttpResponse:
    """The grid: quantities of a page of products; all others stay as they were filed.

    Once the round has ended, what is entered is kept for a later one.
    """
    at, seller = now(), request.membership.company
    held = get_object_or_404(PoolRound, code=code)
    phase = forecasts.phase(held, at)
    is_late = phase in {Phase.ENDED, Phase.CLOSED}
    newest, current = forecasts.newest_wanted(held, seller)
    version = newest.version if newest else 0
    page = shown(request, FORECASTABLE, place=code, rows=forecastable(held, newest, seller))
    begun = {} if is_late and request.method == "GET" else current
    limit = tolerating.limit_of(held, seller, at)
    form = ForecastForm(
        posted(request),
        products=page.rows,
        current=begun,
        limit=limit,
    )
    outlook.attach(held, seller, page.rows)
    for product in page.rows:
        product.fields = [form[f"{part}{product.pk}"] for part in ("p", "l", "m")]
    if request.method == "POST" and form.is_valid():
        file = partial(_keep, request, held, form) if is_late else partial(_file, request, held)
        return file(current, form.wanted()) if is_late else file(form, current, version)
    context = {
        "round": held,
        "now": at,
        "is_open": forecasts.takes_forecasts(held, at),
        "is_late": is_late,
        "is_filling": phase == Phase.FILLING,
        "later": forecasts.next_round(held, at) if is_late else None,
        "limit": limit,
        "form": form,
        "seen": form.seen(version),
        "list": page,
        "others": 0 if is_late else len(current.keys() - {product.pk for product in page.rows}),
    }
    status = 422 if form.errors else 200
    return render(request, "procurement/forecast_form.html", context, status=status)


def _file(
    request: MemberRequest,
    held: PoolRound,
    form: ForecastForm,
    current: dict[int, tuple[int, int, int]],
    version: int,
) -> HttpResponse:
    wanted = {pk: row for pk, row in {**current, **form.wanted()}.items() if row[0]}
    if wanted == current:
        messages.info(request, _("Nothing was changed, so nothing new was filed."))
        return redirect("my_round", code=held.code)
    filed = services.file_forecast(
        round=held,
        seller=request.membership.company,
        lines={pk: units for pk, (units, _less, _more) in wanted.items()},
        tolerances={pk: (less, more) for pk, (_units, less, more) in wanted.items()},
        filed_by=request.user,
        seen=form.seen(version),
        now=now(),
    )
    messages.success(
        request, _("Version %(version)s is filed and counts.") % {"version": filed.version}
    )
    return redirect("my_round", code=held.code)


def _keep(
    request: MemberRequest,
    held: PoolRound,
    form: ForecastForm,
    current: dict[int, tuple[int, int, int]],
    wanted: dict[int, tuple[int, int, int]],
) -> HttpResponse:
    # A form that was fetched while the round was open shows what is filed already.
    seen = {} if form.data.get("late") else current
    fresh = {pk: row for pk, row in wanted.items() if row != seen.get(pk) and row[0]}
    at = now()
    services.keep_late_wish(
        round=held,
        seller=request.membership.company,
        lines={pk: units for pk, (units, _less, _more) in fresh.items()},
        tolerances={pk: (less, more) for pk, (_units, less, more) in fresh.items()},
        wished_by=request.user,
        now=at,
    )
    messages.warning(
        request,
        _(
            "The round %(round)s takes nothing more. What you entered is kept; "
            "take it into the next round when that is open."
        )
        % {"round": held.code},
    )
    return redirect("my_rounds")


@require_POST
@role_required(Role.SELLER)
def take_late(request: MemberRequest, code: str, pk: int) -> HttpResponse:
    """What was kept for a later round goes into this one."""
    held = get_object_or_404(PoolRound, code=code)
    mine = forecasts.late_wishes(request.membership.company)
    taken = services.take_late_wish(
        wish=get_object_or_404(mine, pk=pk), round=held, filed_by=request.user, now=now()
    )
    _tell_taken(request, taken.forecast.version, taken.left_out)
    return redirect("my_round", code=held.code)


@require_POST
@role_required(Role.SELLER)
def copy(request: MemberRequest, code: str) -> HttpResponse:
    """What was filed or ordered in the last round begins this one's forecast."""
    held = get_object_or_404(PoolRound, code=code)
    what = request.POST.get("what") or Copied.FILED
    if what not in set(Copied):
        raise Http404
    taken = services.copy_last(
        round=held,
        seller=request.membership.company,
        what=Copied(what),
        filed_by=request.user,
        now=now(),
    )
    _tell_taken(request, taken.forecast.version, taken.left_out)
    return redirect("forecast_edit", code=held.code)


def _tell_taken(request: MemberRequest, version: int, left_out: Sequence[str]) -> None:
    messages.success(request, _("Version %(version)s is filed and counts.") % {"version": version})
    if left_out:
        named = ", ".join(left_out[:_NAMED])
        messages.warning(
            request,
            _("Left out, because this round does not take them: %(skus)s (%(count)s in all).")
            % {"skus": named, "count": len(left_out)},
        )


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
    name, content = (
        (sent.name, sent.read(MAX_BYTES + 1))
        if sent
        else as_file(held, form.cleaned_data["pasted"])
    )
    preview = services.preview_upload(
        round=held,
        seller=request.membership.company,
        file_name=name,
        content=content,
        uploaded_by=request.user,
        now=at,
        is_looked_at=True,
    )
    if preview.upload is not None:
        return redirect("forecast_preview", code=code, pk=preview.upload.pk)
    context |= {"file_name": name, "preview": preview}
    if preview.refused:
        context["refused"] = _(preview.refused.rule())
    return render(request, "procurement/unreadable.html", context, status=422)


@require_GET
@role_required(Role.SELLER)
def preview(request: MemberRequest, code: str, pk: int) -> HttpResponse:
    """What a file says, row by row, with everything that is wrong marked where it stands."""
    at = now()
    kept = kept_file(request.membership.company, str(pk))
    if kept.round.code != code:
        raise Http404
    if kept.filed_as_id is not None:
        return redirect("my_round", code=code)
    told = services.look_again(kept, at)
    context = {
        "round": kept.round,
        "now": at,
        "file_name": kept.file_name,
        "preview": told,
        "form": UploadForm(),
        "is_open": forecasts.takes_forecasts(kept.round, at),
    }
    table = FILE_FAULTS if told.errors else FILE_ROWS
    rows = Listed(told.checked) if told.errors else file_rows(told.wants)
    template = "procurement/preview.html"
    return show_list(request, table, template, context, place=str(pk), rows=rows)


@require_POST
@role_required(Role.SELLER)
def file_upload(request: MemberRequest, code: str, pk: int) -> HttpResponse:
    """File what was looked at; with faults in it only the rows without, and only if asked."""
    kept = get_object_or_404(
        ForecastUpload.objects.filter(seller=request.membership.company), pk=pk, round__code=code
    )
    is_partial = request.POST.get("partial") == "yes"
    left_out: Sequence[int] = ()
    if is_partial:
        filed, left_out = services.file_partly(upload=kept, filed_by=request.user, now=now())
    else:
        filed = services.file_upload(upload=kept, filed_by=request.user, now=now())
    messages.success(
        request, _("Version %(version)s is filed and counts.") % {"version": filed.version}
    )
    if left_out:
        named = ", ".join(str(row) for row in left_out[:20])
        messages.warning(
            request,
            _("Rows left out, because something is wrong in them: %(rows)s (%(count)s in all).")
            % {"rows": named, "count": len(left_out)},
        )
    return redirect("my_round", code=code)


@require_GET
@role_required(Role.SELLER)
def template(request: MemberRequest, code: str, kind: str) -> HttpResponse:
    """A file to fill in: every product that may be forecast, with what was filed last."""
    held = get_object_or_404(PoolRound, code=code)
    head, rows = offers.to_fill_in(held, request.membership.company)
    return template_file(f"forecast-{held.code}", kind, head, rows)
