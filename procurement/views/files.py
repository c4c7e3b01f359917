"""Files of rows of money: all of one is taken, or every reason why not is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import MemberRequest
from core.clock import now
from core.sheets import MAX_BYTES
from procurement.forms import FileForm
from procurement.services import FileRead
from web.forms import posted, posted_files

ERRORS_SHOWN = 50


def refused(done: FileRead[Any]) -> dict[str, Any]:
    """What ``_refused_file.html`` shows of a file of which nothing was taken."""
    if done.refused is None:
        return {}
    return {
        "refused": _(done.refused.rule()),
        "facts": {k: v for k, v in done.refused.facts.items() if k not in {"rows", "count"}},
        "rows": done.errors[:ERRORS_SHOWN],
    }


def take_payments(
    request: MemberRequest, record: Callable[..., FileRead[Any]], *, template: str, then: str
) -> HttpResponse:
    """The page of a file of payments; ``then`` is where it leads once all of it is noted."""
    form = FileForm(posted(request), posted_files(request))
    context: dict[str, Any] = {"form": form}
    if request.method == "GET" or not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, template, context, status=status)
    sent = form.cleaned_data["file"]
    done = record(
        file_name=sent.name, content=sent.read(MAX_BYTES + 1), noted_by=request.user, now=now()
    )
    if done.refused is not None:
        return render(request, template, context | refused(done), status=422)
    noted = len(done.taken)
    messages.success(
        request,
        ngettext("%(n)s payment is noted.", "%(n)s payments are noted.", noted) % {"n": noted},
    )
    return redirect(then)
