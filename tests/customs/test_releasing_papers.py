"""A set is released only if its papers agree; it is handed out whole, by links that end."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.http import Http404
from django.test import Client

from accounts.models import User
from core import clock
from core.walls import inside, platform_wide
from customs.models import (
    Declaration,
    DeclarationDocument,
    PaperKind,
    PaperLink,
    PaperLinkUse,
    PaperRelease,
)
from customs.queries import import_set
from customs.queries import papers as of_papers
from customs.queries.links import token_of
from customs.queries.paper_sets import packed_sets
from customs.rules.agreeing import PapersDiffer
from customs.rules.import_set import Party
from customs.rules.paper_sets import (
    MOST_BYTES,
    LinkOver,
    LinkTooLong,
    NoLongerDeclared,
    NoSetReleased,
    NotReleased,
    PapersNotReady,
    SetsTooLarge,
    check_size,
    why_over,
)
from customs.services import drop_draft, make_due_documents, order_papers
from customs.services.paper_sets import link_papers, release_papers, revoke_link
from procurement.models import OrderShare, Shipment
from tests.factories.accounts import SellerFactory, UserFactory
from tests.factories.customs import DECLARES, a_draft, a_shipment
from tests.factories.procurement import OrderShareFactory
from tests.walls.rows import all_rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _wide(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def who(_django_db_helper: None) -> User:
    made: User = UserFactory.create()
    return made


def made(declaration: Declaration) -> Declaration:
    order_papers(declaration=declaration, kinds=of_papers.KINDS, language="zh-hans", now=DECLARES)
    make_due_documents(now=lambda: DECLARES)
    declaration.refresh_from_db()
    return declaration


def released(declaration: Declaration, who: User) -> PaperRelease:
    return release_papers(declaration=declaration, language="zh-hans", by=who, now=DECLARES)


def test_a_set_that_agrees_is_released_as_exactly_these_files(who: User) -> None:
    declaration = made(a_draft(2))

    release = released(declaration, who)

    documents = DeclarationDocument.objects.filter(declaration=declaration)
    assert [one["number"] for one in release.manifest] == [
        one.document.number for one in of_papers.papers_of(declaration).newest
    ]
    assert {one["sha256"] for one in release.manifest} == {one.sha256 for one in documents}
    assert of_papers.standing_release(declaration) == release


def test_papers_that_differ_are_not_released(who: User) -> None:
    declaration = made(a_draft())
    Shipment.objects.filter(pk=declaration.shipment_id).update(packages=11)
    made(declaration)

    with pytest.raises(PapersDiffer) as refused:
        released(declaration, who)

    assert refused.value.facts == {"differ": ["packages"]}
    assert not PaperRelease.objects.exists()


def test_a_set_with_a_missing_or_outdated_paper_is_not_released(who: User) -> None:
    declaration = made(a_draft())
    importer = declaration.importer
    importer.name_zh = "改名后的公司"
    importer.save(update_fields=["name_zh"])

    with pytest.raises(PapersNotReady) as refused:
        released(declaration, who)

    assert "invoice" in str(refused.value.facts["papers"])
    assert not PaperRelease.objects.exists()


def test_who_declares_itself_needs_no_power_of_attorney(who: User) -> None:
    declaration = a_draft()
    kinds = [kind for kind in of_papers.KINDS if kind != PaperKind.ATTORNEY]
    order_papers(declaration=declaration, kinds=kinds, language="zh-hans", now=DECLARES)
    make_due_documents(now=lambda: DECLARES)
    declaration.refresh_from_db()

    assert len(released(declaration, who).manifest) == len(kinds)
    papers, data = of_papers.papers_of(declaration), import_set(declaration.pk)
    assert of_papers.missing_in(papers, data, "zh-hans") == []
    broker = Party("", "某报关行", "")
    with_broker = replace(data, statement=replace(data.statement, broker=broker))
    assert "attorney" in of_papers.missing_in(papers, with_broker, "zh-hans")


def test_a_release_no_longer_holds_once_the_data_change(who: User) -> None:
    declaration = made(a_draft())
    released(declaration, who)
    Shipment.objects.filter(pk=declaration.shipment_id).update(vessel="OTHER")

    with pytest.raises(NotReleased):
        of_papers.standing_release(declaration)
    with pytest.raises(NotReleased):
        link_papers(declaration=declaration, hours=2, note="", by=who, now=DECLARES)

    assert not PaperLink.objects.exists()


def test_what_no_longer_counts_is_not_handed_out(who: User, client: Client) -> None:
    shipment = a_shipment()
    (line,) = shipment.lines.all()
    owner = SellerFactory.create()
    OrderShareFactory.create(line=line.order_line, owner=owner)
    declaration = made(a_draft_of(shipment))
    released(declaration, who)
    link = link_papers(declaration=declaration, hours=2, note="", by=who, now=clock.now())
    sheet = DeclarationDocument.objects.get(kind=PaperKind.SHARE_SHEET, seller=owner)
    assert of_papers.own_sheets([sheet]) == [sheet]

    drop_draft(declaration=declaration, reason="x", now=DECLARES)
    declaration.refresh_from_db()

    before = all_rows()
    with pytest.raises(NoLongerDeclared) as refused:
        released(declaration, who)
    assert refused.value.facts == {
        "declaration": declaration.our_reference,
        "state": declaration.state,
    }
    for asks in (
        lambda: link_papers(declaration=declaration, hours=2, note="", by=who, now=DECLARES),
        lambda: of_papers.standing_release(declaration),
    ):
        with pytest.raises(NoLongerDeclared):
            asks()
    with pytest.raises(NoSetReleased):
        packed_sets([declaration])
    assert all_rows() == before
    assert of_papers.own_sheets([sheet]) == []
    with pytest.raises(Http404):
        of_papers.own_sheet(sheet.number)
    over = client.get(f"/papers/{token_of(link)}/", headers={"accept-language": "en"})
    assert over.status_code == 410
    assert "The papers have changed since" in over.content.decode()


def test_the_zip_has_every_file_and_a_manifest_that_tells_their_digests(who: User) -> None:
    declaration = made(a_draft())
    release = released(declaration, who)

    parts = list(of_papers.packed_set(release))

    # A part for each file, one for the manifest, one for the end: never all in memory.
    assert len(parts) == len(release.manifest) + 2
    box = zipfile.ZipFile(io.BytesIO(b"".join(parts)))
    assert box.testzip() is None
    rows = list(csv.DictReader(io.StringIO(box.read("manifest.csv").decode("utf-8-sig"))))
    assert [row["number"] for row in rows] == [one["number"] for one in release.manifest]
    for row in rows:
        stored = DeclarationDocument.objects.get(number=row["number"])
        assert box.read(row["file"]) == bytes(stored.content or b"")
        assert row["sha256"] == stored.sha256


def test_each_owner_of_a_pool_sees_its_own_sheet_once_the_set_is_released(who: User) -> None:
    shipment = a_shipment()
    (line,) = shipment.lines.all()
    ours, theirs = SellerFactory.create(), SellerFactory.create()
    for owner in (ours, theirs):
        OrderShareFactory.create(line=line.order_line, owner=owner)
    assert OrderShare.objects.count() == 2
    declaration = made(a_draft_of(shipment))
    sheet, other = (
        DeclarationDocument.objects.get(kind=PaperKind.SHARE_SHEET, seller=one)
        for one in (ours, theirs)
    )

    with inside(ours.pk):
        assert [one.pk for one in of_papers.sheets_of(ours)] == [sheet.pk]
        assert of_papers.own_sheets(of_papers.sheets_of(ours)) == []
        assert not DeclarationDocument.objects.filter(pk=other.pk).exists()
    released(declaration, who)
    with inside(ours.pk):
        assert of_papers.own_sheet(sheet.number).pk == sheet.pk


def a_draft_of(shipment: Shipment) -> Declaration:
    from customs.services import draft_declaration
    from tests.factories.customs import a_warehouse

    return draft_declaration(
        shipment=shipment, importer=shipment.order.buyer, warehouse=a_warehouse(), now=DECLARES
    )


def test_a_link_lasts_between_an_hour_and_a_fortnight(who: User) -> None:
    declaration = made(a_draft())
    released(declaration, who)

    for hours in (0, 337):
        with pytest.raises(LinkTooLong):
            link_papers(declaration=declaration, hours=hours, note="", by=who, now=DECLARES)

    assert not PaperLink.objects.exists()


def test_a_link_is_taken_back_once(who: User) -> None:
    declaration = made(a_draft())
    released(declaration, who)
    link = link_papers(declaration=declaration, hours=2, note=" Broker ", by=who, now=DECLARES)

    revoke_link(link=link, by=who, now=DECLARES)
    with pytest.raises(LinkOver):
        revoke_link(link=link, by=who, now=DECLARES)

    assert (link.note, link.revoked_at, link.revoked_by) == ("Broker", DECLARES, who)


@pytest.mark.parametrize(
    ("minutes", "revoked", "holds", "why"),
    [
        (0, False, True, ""),
        (60, False, True, "expired"),
        (0, True, True, "revoked"),
        (59, False, False, "changed"),
    ],
)
def test_why_a_link_opens_nothing(minutes: int, revoked: bool, holds: bool, why: str) -> None:
    assert (
        why_over(
            expires_at=DECLARES + timedelta(hours=1),
            revoked_at=DECLARES if revoked else None,
            holds=holds,
            now=DECLARES + timedelta(minutes=minutes),
        )
        == why
    )


def test_who_has_the_link_fetches_that_set_alone_and_each_use_is_written_down(
    who: User, client: Client
) -> None:
    declaration, other = made(a_draft()), made(a_draft())
    released(declaration, who)
    foreign = DeclarationDocument.objects.filter(declaration=other)[0].number
    moment = clock.now()
    link = link_papers(declaration=declaration, hours=2, note="", by=who, now=moment)
    there = f"/papers/{token_of(link)}/"
    number = link.release.manifest[0]["number"]

    page = client.get(there)
    file = client.get(f"{there}{number}.pdf")
    whole = client.get(f"{there}set.zip")

    assert declaration.our_reference in page.content.decode()
    assert file.content == bytes(DeclarationDocument.objects.get(number=number).content or b"")
    assert zipfile.ZipFile(io.BytesIO(whole.getvalue())).testzip() is None
    assert client.get(f"{there}{foreign}.pdf").status_code == 404
    assert client.get(f"/papers/{token_of(link)[:-2]}aa/").status_code == 404
    assert client.get(f"/papers/{link.uid.hex}/").status_code == 404
    assert [one.fetched for one in PaperLinkUse.objects.order_by("pk")] == ["page", number, "set"]

    revoke_link(link=link, by=who, now=moment)
    over = client.get(f"{there}set.zip", headers={"accept-language": "en"})

    assert over.status_code == 410
    assert "taken back" in over.content.decode()
    assert PaperLinkUse.objects.count() == 3


def in_box(packed: bytes) -> tuple[list[str], list[dict[str, str]]]:
    """The files of a ZIP but for its manifest, and the rows of that."""
    with zipfile.ZipFile(io.BytesIO(packed)) as box:
        rows = csv.DictReader(io.StringIO(box.read("manifest.csv").decode("utf-8-sig")))
        return [one for one in box.namelist() if one != "manifest.csv"], list(rows)


def test_the_released_sets_of_several_declarations_come_in_one_file(who: User) -> None:
    older, newer = made(a_draft()), a_draft()
    release = released(older, who)

    files, rows = in_box(packed_sets([older, newer]))

    assert files == [
        f"{older.our_reference}/{of_papers.file_name_of(one, older.our_reference)}"
        for one in map(
            DeclarationDocument.objects.in_bulk(field_name="number").__getitem__,
            [entry["number"] for entry in release.manifest],
        )
    ]
    assert [(one["declaration"], one["state"], one["file"], one["sha256"]) for one in rows] == [
        *(
            (older.our_reference, "released", name, entry["sha256"])
            for name, entry in zip(files, release.manifest, strict=True)
        ),
        (newer.our_reference, "not released", "", ""),
    ]
    with pytest.raises(NoSetReleased):
        packed_sets([newer])


def test_sets_that_are_too_large_are_refused_before_they_are_read() -> None:
    check_size(MOST_BYTES)
    with pytest.raises(SetsTooLarge) as refused:
        check_size(MOST_BYTES + 1)

    assert refused.value.facts == {"bytes": 100_000_001, "limit": 100_000_000}
