"""The papers of one declaration: their state, their versions, and what to do with them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from customs import queries, services
from customs.forms_papers import PapersForm
from customs.models import Declaration
from customs.queries import papers as queries_of_papers
from web.files import attachment


@never_cache
@require_GET
@role_required(Role.IMPORTER, Role.OPERATOR)
def papers(request: MemberRequest, reference: str) -> HttpResponse:
    found = queries.declaration_of(reference)
    return _shown(request, found, PapersForm())


def _shown(request: MemberRequest, found: Declaration, form: PapersForm) -> HttpResponse:
    context = {
        "declaration": found,
        "papers": queries_of_papers.papers_of(found),
        "form": form,
        "may_act": request.membership.role == Role.IMPORTER,
    }
    return render(request, "customs/papers.html", context, status=422 if form.errors else 200)


@require_POST
@role_required(Role.IMPORTER)
def order(request: MemberRequest, reference: str) -> HttpResponse:
    """Have papers made; what still holds is not made again."""
    found, form = queries.declaration_of(reference), PapersForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, form)
    ordered = services.order_papers(
        declaration=found,
        kinds=form.chosen(),
        language=form.cleaned_data["language"],
        now=now(),
    )
    if all(one.state == "ready" for one in ordered):
        messages.info(request, _("These papers say what the data say: nothing is made again."))
    return redirect("papers", reference=reference)


@require_GET
@role_required(Role.IMPORTER, Role.OPERATOR)
def paper(request: MemberRequest, reference: str, document: str) -> HttpResponse:
    found = queries_of_papers.paper_named(reference, document)
    name = queries_of_papers.file_name_of(found)
    return attachment(bytes(found.content or b""), found.media_type, name)


#: Addresses below ``customs/declarations/<str:reference>/papers/``, their views and names.
PAGES = (
    ("", papers, "papers"),
    ("order/", order, "papers_order"),
    ("<str:document>.pdf", paper, "papers_file"),
)
