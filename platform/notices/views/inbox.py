"""A person's notices, and how it wants to hear of things."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import MemberRequest, role_required
from core import clock
from core.walls import platform_wide
from notices import queries, services
from notices.catalogue import EVENTS, MailWhen
from notices.forms import ChoicesForm, ReadForm
from notices.services.choosing import DIGEST, read_stop_token
from notices.tables import NOTICES
from web.lists import show_list


@role_required(any_standing=True)
@never_cache
@require_safe
def notices(request: MemberRequest) -> HttpResponse:
    """The newest first."""
    newest = queries.copies(request.membership).order_by("-pk").values_list("pk", flat=True).first()
    context = {"newest": newest, "unread": queries.unread(request.membership)}
    return show_list(request, NOTICES, "notices/notices.html", context)


@role_required(any_standing=True)
@never_cache
@require_safe
def open_notice(request: MemberRequest, pk: int) -> HttpResponse:
    """Lead to what it is about; it is read with that."""
    copy = queries.copy_of(request.membership, pk)
    if copy is None:
        raise Http404
    services.mark_read(membership=request.membership, ids=[copy.pk], now=clock.now())
    (one,) = queries.shown([copy], role=request.membership.role)
    return HttpResponseRedirect(one.says.path)


@role_required(any_standing=True)
@require_POST
def read(request: MemberRequest) -> HttpResponse:
    """One, or all that were shown."""
    form = ReadForm(request.POST)
    if not form.is_valid():
        raise Http404
    services.mark_read(
        membership=request.membership,
        ids=[form.cleaned_data["copy"]] if form.cleaned_data["copy"] else [],
        up_to=form.cleaned_data["up_to"],
        now=clock.now(),
    )
    return redirect("notices")


@role_required(any_standing=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: MemberRequest) -> HttpResponse:
    """By event: in the portal, by e-mail at once, once a day, or not."""
    role = request.membership.role
    form = ChoicesForm(request.POST if request.method == "POST" else None, role=role)
    if form.is_bound and form.is_valid():
        services.choose(membership=request.membership, choices=form.choices)
        messages.success(request, _("Your choice is kept."))
        return redirect("notice_settings")
    groups = queries.settings_of(request.membership)
    if form.is_bound:
        groups = [(group, [form.shown(row) for row in rows]) for group, rows in groups]
    context = {"groups": groups, "mails": MailWhen.choices, "form": form}
    return render(request, "notices/settings.html", context, status=422 if form.is_bound else 200)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mail(request: HttpRequest, token: str) -> HttpResponse:
    """From a mail's own link, signed out as well. The link is the proof, so a mailbox may post
    here by itself (RFC 8058); a mere look at the page changes nothing."""
    if request.method == "POST":
        membership, event = services.stop_mail(token=token)
    else:
        with platform_wide():
            membership, event = read_stop_token(token)
    context = {
        "email": membership.user.email,
        "what": EVENTS[event].label if event != DIGEST else _("the daily summary"),
        "is_done": request.method == "POST",
    }
    return render(request, "notices/stop_mail.html", context)
