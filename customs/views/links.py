"""A released set by a link, without signing in: that set and nothing else, while it lasts."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from core.clients import address_of
from core.clock import now
from core.walls import platform_wide
from customs import queries
from customs.models import PaperLink
from customs.queries import papers as of_papers
from customs.queries.links import link_of
from customs.rules.paper_sets import why_over
from customs.services import paper_sets
from customs.views.papers import PAPERS, zip_of
from web.files import attachment


def _by_link(
    request: HttpRequest, token: str, fetched: str, answer: Callable[[PaperLink], HttpResponseBase]
) -> HttpResponseBase:
    """Answer who has the link, and write the use down; or say why it opens nothing."""
    moment = now()
    with platform_wide():
        link = link_of(token)
        if link is None:
            raise Http404
        declaration = link.release.declaration
        data = queries.import_set(declaration.pk)
        papers = of_papers.papers_of(declaration, data)
        over = why_over(
            expires_at=link.expires_at,
            revoked_at=link.revoked_at,
            holds=of_papers.release_holds(link.release, papers, data),
            now=moment,
        )
        if over:
            return render(request, "customs/papers_over.html", {"why": over}, status=410)
        made = answer(link)
        paper_sets.note_use(link=link, fetched=fetched, client=address_of(request), now=moment)
        return made


@never_cache
@require_GET
def papers(request: HttpRequest, token: str) -> HttpResponseBase:
    """The files of the set."""

    def shown(link: PaperLink) -> HttpResponse:
        files = [{**one, "paper": PAPERS[one["kind"]]} for one in link.release.manifest]
        context = {"link": link, "files": files, "token": token}
        return render(request, "customs/papers_by_link.html", context)

    return _by_link(request, token, "page", shown)


@require_GET
def paper(request: HttpRequest, token: str, document: str) -> HttpResponseBase:
    """One file of the set."""

    def file(link: PaperLink) -> HttpResponse:
        reference = link.release.declaration.our_reference
        if document not in {one["number"] for one in link.release.manifest}:
            raise Http404
        found = of_papers.paper_named(reference, document)
        name = of_papers.file_name_of(found, reference)
        return attachment(bytes(found.content or b""), found.media_type, name)

    return _by_link(request, token, document[:32], file)


@require_GET
def whole_set(request: HttpRequest, token: str) -> HttpResponseBase:
    """All files as one ZIP file."""
    return _by_link(request, token, "set", lambda link: zip_of(link.release))


#: Addresses below ``papers/``, their views and names.
PAGES = (
    ("<str:token>/", papers, "papers_by_link"),
    ("<str:token>/set.zip", whole_set, "papers_set_by_link"),
    ("<str:token>/<str:document>.pdf", paper, "paper_by_link"),
)
