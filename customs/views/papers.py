"""The papers of one declaration: their state, their versions, and what to do with them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from core.packing import MEDIA_TYPE
from customs import queries, services
from customs.forms_papers import LinkForm, PapersForm
from customs.models import (
    NO_LONGER,
    CollectivePaperKind,
    Declaration,
    PaperKind,
    PaperLink,
    PaperRelease,
)
from customs.queries import papers as of_papers
from customs.queries.collective_papers import month_file_name, month_sheets
from customs.queries.links import token_of
from customs.rules.agreeing import Difference, disagreements
from customs.services import paper_sets
from web.files import attachment

#: What a figure is called where papers differ in it.
FIGURES = {
    "contract": gettext_lazy("contract number"),
    "invoice": gettext_lazy("invoice number"),
    "bill_of_lading": gettext_lazy("bill of lading"),
    "seller": pgettext_lazy("paper", "seller abroad"),
    "buyer": pgettext_lazy("paper", "buyer"),
    "currency": gettext_lazy("currency"),
    "terms": gettext_lazy("terms of delivery"),
    "freight": gettext_lazy("freight"),
    "insurance": gettext_lazy("insurance"),
    "ledger": gettext_lazy("number of the bonded account book"),
    "district": gettext_lazy("customs where it is declared"),
    "departure": gettext_lazy("country of departure"),
    "form": gettext_lazy("kind of declaration"),
    "cartons": gettext_lazy("cartons, line by line"),
    "packages": gettext_lazy("number of packages"),
    "gross": gettext_lazy("gross weight"),
    "net": gettext_lazy("net weight"),
    "total": pgettext_lazy("paper", "total"),
    "hs_code": gettext_lazy("tariff code"),
    "origin": gettext_lazy("country of origin"),
    "quantity": pgettext_lazy("paper", "quantity"),
    "amount": pgettext_lazy("paper", "amount"),
    "name": gettext_lazy("name of the goods"),
    "specification": gettext_lazy("specification"),
}
PAPERS = {
    "order": gettext_lazy("purchase order"),
    "pass": gettext_lazy("pass"),
    "sent_list": gettext_lazy("bonded list as it was sent"),
    "lists": CollectivePaperKind.LISTS.label,
    **{kind.value: kind.label for kind in PaperKind},
}


def told(found: Difference) -> dict[str, Any]:
    """A finding in the reader's words."""
    return {
        "rule": _(found.rule.rule()),
        "what": FIGURES[found.what],
        "of": found.of,
        "says": [(PAPERS[paper], value) for paper, value in found.says],
    }


@never_cache
@require_GET
@role_required(Role.IMPORTER, Role.OPERATOR)
def papers(request: MemberRequest, reference: str) -> HttpResponse:
    return _shown(request, queries.declaration_to_read(reference))


def _shown(
    request: MemberRequest,
    found: Declaration,
    form: PapersForm | None = None,
    link_form: LinkForm | None = None,
) -> HttpResponse:
    data = queries.set_of(found)
    kept = of_papers.papers_of(found, data)
    release = of_papers.last_release(found)
    holds = release is not None and of_papers.release_holds(release, kept, data)
    moment = now()
    context = {
        "declaration": found,
        "papers": kept,
        "form": form or PapersForm(),
        "link_form": link_form or LinkForm(),
        "may_act": request.membership.role == Role.IMPORTER,
        "differences": [told(one) for one in disagreements(data)],
        "ready": [one for one in of_papers.LANGUAGES if not of_papers.missing_in(kept, data, one)],
        "release": release,
        "counts": found.state not in NO_LONGER,
        "release_holds": holds,
        "links": [
            (
                one,
                reverse("papers_by_link", args=[token_of(one)]),
                one.revoked_at is None and one.expires_at > moment,
            )
            for one in of_papers.links_of(found)
        ],
    }
    wrong = any(one is not None and one.errors for one in (form, link_form))
    return render(request, "customs/papers.html", context, status=422 if wrong else 200)


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


@require_POST
@role_required(Role.IMPORTER)
def release(request: MemberRequest, reference: str) -> HttpResponse:
    """Release the set: refused in words where its papers differ, or one is missing."""
    found = queries.declaration_of(reference)
    language = request.POST.get("language", "")
    if language not in of_papers.LANGUAGES:
        language = of_papers.LANGUAGES[0]
    paper_sets.release_papers(declaration=found, language=language, by=request.user, now=now())
    messages.success(request, _("Released: its papers agree, and sellers find their share sheets."))
    return redirect("papers", reference=reference)


@require_POST
@role_required(Role.IMPORTER)
def link(request: MemberRequest, reference: str) -> HttpResponse:
    """Make a link by which somebody without an account fetches the released set."""
    found, form = queries.declaration_of(reference), LinkForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, link_form=form)
    paper_sets.link_papers(declaration=found, by=request.user, now=now(), **form.cleaned_data)
    messages.success(request, _("The link stands below; who has it sees this set alone."))
    return redirect("papers", reference=reference)


@require_POST
@role_required(Role.IMPORTER)
def revoke(request: MemberRequest, reference: str, uid: str) -> HttpResponse:
    found = queries.declaration_of(reference)
    held = PaperLink.objects.filter(release__declaration=found, uid=uid).first()
    if held is None:
        raise Http404
    paper_sets.revoke_link(link=held, by=request.user, now=now())
    messages.success(request, _("The link opens nothing any more."))
    return redirect("papers", reference=reference)


@require_GET
@role_required(Role.IMPORTER, Role.OPERATOR)
def paper(request: MemberRequest, reference: str, document: str) -> HttpResponse:
    found = of_papers.paper_named(reference, document)
    name = of_papers.file_name_of(found, reference)
    return attachment(bytes(found.content or b""), found.media_type, name)


@require_GET
@role_required(Role.IMPORTER, Role.OPERATOR)
def whole_set(request: MemberRequest, reference: str) -> HttpResponseBase:
    """The released set as one ZIP file, with its manifest."""
    return zip_of(of_papers.standing_release(queries.declaration_of(reference)))


def zip_of(found: PaperRelease) -> StreamingHttpResponse:
    """The released files, streamed."""
    name = f"{found.declaration.our_reference}-{found.language}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(
        of_papers.packed_set(found), content_type=MEDIA_TYPE, headers=headers
    )


@never_cache
@require_GET
@role_required(Role.SELLER)
def sheets(request: MemberRequest) -> HttpResponse:
    """A seller's own share sheets, out of sets that were released."""
    found = of_papers.own_sheets(of_papers.sheets_of(request.membership.company)[:SHOWN])
    months = month_sheets(request.membership.company)
    context = {"sheets": found, "months": months, "most": SHOWN}
    return render(request, "customs/share_sheets.html", context)


@require_GET
@role_required(Role.SELLER)
def sheet(request: MemberRequest, document: str) -> HttpResponse:
    for one in month_sheets(request.membership.company, document):
        of_month = month_file_name(one, one.collective.our_reference)
        return attachment(bytes(one.content or b""), one.media_type, of_month)
    found = of_papers.own_sheet(document)
    name = of_papers.file_name_of(found, found.declaration.our_reference)
    return attachment(bytes(found.content or b""), found.media_type, name)


#: Share sheets on a seller's page.
SHOWN = 200
#: Addresses below ``customs/declarations/<str:reference>/papers/``, their views and names.
PAGES = (
    ("", papers, "papers"),
    ("order/", order, "papers_order"),
    ("release/", release, "papers_release"),
    ("links/", link, "papers_link"),
    ("links/<uuid:uid>/revoke/", revoke, "papers_link_revoke"),
    ("set.zip", whole_set, "papers_set"),
    ("<str:document>.pdf", paper, "papers_file"),
)
#: Below ``customs/``.
OF_SELLERS = (
    ("share-sheets/", sheets, "share_sheets"),
    ("share-sheets/<str:document>.pdf", sheet, "share_sheet"),
)
