"""Sets of papers are released when they agree, and handed out by links that end."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from accounts.models import User
from customs import queries
from customs.models import Declaration, PaperLink, PaperLinkUse, PaperRelease
from customs.queries import papers as queries_of_papers
from customs.rules import paper_sets as rules
from customs.rules.agreeing import PapersDiffer, disagreements


@transaction.atomic
def release_papers(
    *, declaration: Declaration, language: str, by: User, now: datetime
) -> PaperRelease:
    """Release the newest papers of a declaration in a language, share sheets with them.

    Raises NoLongerDeclared, PapersDiffer with the figures that differ, or PapersNotReady with the
    papers that are missing; then nothing has been written.
    """
    # Nobody orders another version between the look and the release.
    held = Declaration.objects.select_for_update(of=("self",)).get(pk=declaration.pk)
    queries_of_papers.check_counts(held)
    data = queries.import_set(held.pk)
    if found := disagreements(data):
        raise PapersDiffer(differ=sorted({f"{one.what} {one.of}".strip() for one in found}))
    papers = queries_of_papers.papers_of(held, data)
    rules.check_ready(queries_of_papers.missing_in(papers, data, language))
    return PaperRelease.objects.create(
        declaration=held,
        importer_id=held.importer_id,
        language=language,
        manifest=queries_of_papers.manifest_of(papers, language),
        digest=data.digest,
        released_at=now,
        released_by=by,
    )


@transaction.atomic
def link_papers(
    *, declaration: Declaration, hours: int, note: str, by: User, now: datetime
) -> PaperLink:
    """Make a link to the released set of a declaration.

    Raises NoLongerDeclared, NotReleased or LinkTooLong; then nothing has been written.
    """
    release = queries_of_papers.standing_release(declaration)
    return PaperLink.objects.create(
        uid=uuid.uuid4(),
        release=release,
        importer_id=release.importer_id,
        note=note.strip(),
        made_at=now,
        made_by=by,
        expires_at=rules.expiry(hours=hours, now=now),
    )


@transaction.atomic
def revoke_link(*, link: PaperLink, by: User, now: datetime) -> PaperLink:
    """Take a link back. Raises LinkOver; then nothing has been written."""
    taken = PaperLink.objects.filter(pk=link.pk, revoked_at=None, expires_at__gt=now).update(
        revoked_at=now, revoked_by=by
    )
    if not taken:
        raise rules.LinkOver()
    link.refresh_from_db()
    return link


def note_use(*, link: PaperLink, fetched: str, client: str, now: datetime) -> PaperLinkUse:
    """Write down that somebody used a link."""
    return PaperLinkUse.objects.create(
        link=link, importer_id=link.importer_id, fetched=fetched, used_at=now, client=client[:64]
    )
