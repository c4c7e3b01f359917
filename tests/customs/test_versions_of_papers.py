"""Papers are ordered, made by a worker, and made again as new versions when their data changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from accounts.models import Company
from core.walls import inside, platform_wide
from customs.models import Declaration, DeclarationDocument, PaperKind
from customs.queries.papers import KINDS, file_name_of, paper_named, papers_of
from customs.services import make_due_documents, order_papers
from tests.factories.accounts import ImporterFactory
from tests.factories.customs import DECLARES, a_draft, a_ready

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _wide(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield


def ordered(declaration: Declaration, *kinds: PaperKind) -> list[DeclarationDocument]:
    return order_papers(
        declaration=declaration, kinds=kinds or KINDS, language="zh-hans", now=DECLARES
    )


def worked() -> int:
    return make_due_documents(now=lambda: DECLARES)


def test_the_whole_set_of_a_draft_is_made_and_its_form_goes_its_way() -> None:
    draft = a_draft(2)

    numbers = [one.number for one in ordered(draft)]

    assert worked() == len(KINDS) == len(set(numbers))
    draft.refresh_from_db()
    assert draft.state == "ready"
    papers = papers_of(draft)
    assert (papers.made, papers.state) == (len(KINDS), "ready")
    for kept in papers.newest:
        assert kept.holds is True
        assert (kept.document.version, len(kept.document.fingerprint)) == (1, 64)
        assert (
            bytes(DeclarationDocument.objects.get(pk=kept.document.pk).content or b"")[:4]
            == b"%PDF"
        )


def test_what_still_holds_is_not_made_again() -> None:
    declaration = a_ready()
    first = [one.pk for one in ordered(declaration)]
    # Ordered twice before a worker came, and once after.
    assert [one.pk for one in ordered(declaration)] == first
    worked()

    assert [one.pk for one in ordered(declaration)] == first
    assert worked() == 0


def test_a_kind_that_is_named_twice_is_ordered_once() -> None:
    declaration = a_ready()

    (invoice,) = ordered(declaration, PaperKind.INVOICE, PaperKind.INVOICE)

    assert DeclarationDocument.objects.filter(kind="invoice").get() == invoice


def test_changed_data_make_a_new_version_and_the_old_one_stays() -> None:
    declaration = a_ready()
    ordered(declaration, PaperKind.INVOICE, PaperKind.PACKING_LIST)
    worked()
    old = DeclarationDocument.objects.get(kind="invoice")
    Company.objects.filter(pk=declaration.importer_id).update(name_zh="改名后的公司")

    (invoice,) = ordered(declaration, PaperKind.INVOICE)
    before = papers_of(declaration)
    worked()

    assert (invoice.version, invoice.number != old.number) == (2, True)
    by_kind = {paper.kind: paper for paper in before.kinds}
    assert [kept.holds for kept in by_kind[PaperKind.PACKING_LIST].newest] == [False]
    invoices = {p.kind: p for p in papers_of(declaration).kinds}[PaperKind.INVOICE]
    assert [one.document.pk for one in invoices.newest] == [invoice.pk]
    assert [one.document.pk for one in invoices.replaced] == [old.pk]
    # What was handed out can be had again, byte for byte.
    named = paper_named(declaration.our_reference, old.number)
    assert bytes(named.content or b"") == bytes(old.content or b"")
    assert (
        file_name_of(named, declaration.our_reference)
        == f"{declaration.our_reference}-invoice-zh-v1.pdf"
    )


def test_languages_have_versions_of_their_own() -> None:
    declaration = a_ready()
    ordered(declaration, PaperKind.CONTRACT)
    (english,) = order_papers(
        declaration=declaration, kinds=[PaperKind.CONTRACT], language="en", now=DECLARES
    )

    assert english.version == 1
    assert worked() == 2
    assert {one.document.language for one in papers_of(declaration).newest} == {"zh-hans", "en"}


def test_a_paper_that_failed_is_tried_again_under_its_number() -> None:
    declaration = a_ready()
    (invoice,) = ordered(declaration, PaperKind.INVOICE)
    DeclarationDocument.objects.filter(pk=invoice.pk).update(state="failed", attempts=20)

    (again,) = ordered(declaration, PaperKind.INVOICE)

    assert (again.pk, again.state, again.attempts) == (invoice.pk, "queued", 0)
    assert worked() == 1


def test_another_importer_sees_none_of_them() -> None:
    declaration = a_ready()
    ordered(declaration)
    worked()
    stranger = ImporterFactory.create()

    with inside(stranger.pk):
        assert not DeclarationDocument.objects.exists()
    with inside(declaration.importer_id):
        assert DeclarationDocument.objects.count() == len(KINDS)
