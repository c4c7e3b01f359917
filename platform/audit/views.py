from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.apps import apps
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from audit import queries, showing, wording
from audit.forms import SearchForm
from core.clock import now

_SALT = "audit.place"


@require_GET
@role_required(Role.OPERATOR)
def search(request: MemberRequest) -> HttpResponse:
    """Who did what: across all kinds of rows, newest first."""
    form = SearchForm(request.GET)
    if not form.is_valid():
        return render(request, "audit/search.html", {"form": form, "page": None}, status=422)
    page = queries.search(form.wanted(now()), after=_place(request))
    told = {name: value for name, value in request.GET.items() if name != "after" and value}
    context = {
        "form": form,
        "page": page,
        "next": _sealed(page.next),
        "is_first": "after" not in request.GET,
        "query": urlencode(told),
    }
    return render(request, "audit/search.html", context)


@require_GET
@role_required()
def history(request: MemberRequest, kind: str, pk: int) -> HttpResponse:
    """Everything that happened to one row, for whom its own page is made."""
    label = queries.label_of(kind)
    if not label or pk > 2**62 or not showing.may_read(request.membership.role, label):
        raise Http404
    reader = showing.reader(request.membership, label)
    page = queries.history_of(label, pk, reader=reader, after=_place(request))
    if not page.entries:
        raise Http404
    context = {
        "page": page,
        # What is told beside it may be of a part.
        "first": next((one for one in page.entries if one.label == label), page.entries[0]),
        "kind": wording.kind_name(apps.get_model(label)),
        "next": _sealed(page.next),
        "is_first": "after" not in request.GET,
    }
    return render(request, "audit/history.html", context)


def _sealed(place: queries.Place | None) -> str:
    return signing.dumps([place[0].isoformat(), place[1]], salt=_SALT) if place else ""


def _place(request: HttpRequest) -> queries.Place | None:
    told = request.GET.get("after")
    if not told:
        return None
    try:
        at, number = signing.loads(told, salt=_SALT)
    except signing.BadSignature:
        raise Http404 from None
    return datetime.fromisoformat(at), int(number)
