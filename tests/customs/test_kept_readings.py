"""What was lodged stays as it was printed: what changes elsewhere afterwards ends no release."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from accounts.models import Company, User
from catalog.models import Product
from core.walls import platform_wide
from customs.bench import sample_set
from customs.models import (
    CustomsCode,
    Declaration,
    DeclarationDocument,
    EntryReading,
    PaperKind,
)
from customs.queries import import_set
from customs.queries import papers as of_papers
from customs.queries.import_set import set_now
from customs.rules.import_set import ImportSet, Party, Statement
from customs.rules.kept_reading import around_of, read, told
from customs.services import lodge, make_due_documents, order_papers
from customs.services.paper_sets import release_papers
from procurement.models import Shipment
from tests.factories.accounts import UserFactory
from tests.factories.customs import DECLARES, a_draft, a_lodged
from warehouse.models import BondedWarehouse

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _wide(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield


def made(declaration: Declaration) -> Declaration:
    order_papers(declaration=declaration, kinds=of_papers.KINDS, language="zh-hans", now=DECLARES)
    make_due_documents(now=lambda: DECLARES)
    declaration.refresh_from_db()
    return declaration


def all_else_changes(declaration: Declaration) -> None:
    """Names, codes, telephones, weights, the ship notice, and customs' own tables."""
    Product.objects.update(name_zh="改名", hs_code="2106909090", origin="FRA", net_weight_g=1)
    Company.objects.update(name_zh="改名后的公司", contact_phone="000", street="Elsewhere 1")
    Shipment.objects.update(vessel="OTHER", packages=99, freight_minor=1)
    BondedWarehouse.objects.update(name_zh="另一仓", customs_district="9999")
    for table in ("port-foreign", "package", "customs-district"):
        CustomsCode.objects.create(
            table=table, code="XXX000", name_zh="新", name_en="New", valid_from=date(2027, 1, 1)
        )


def test_a_reading_is_the_same_again_after_it_was_kept() -> None:
    data = replace(
        sample_set(3),
        statement=Statement(special_relation="0", broker=Party("", "报关行", "", "9131", "3100")),
    )

    kept = around_of(data)

    assert read(told(kept)) == kept
    assert read(told(around_of(replace(data, statement=Statement())))).statement.broker is None


def test_a_released_set_that_was_lodged_holds_whatever_changes_elsewhere() -> None:
    declaration = made(a_draft(2))
    who: User = UserFactory.create()
    release = release_papers(declaration=declaration, language="zh-hans", by=who, now=DECLARES)
    lodge(declaration=declaration, now=DECLARES)
    before = import_set(declaration.pk)

    all_else_changes(declaration)

    assert of_papers.standing_release(declaration) == release
    assert import_set(declaration.pk) == before
    assert all(kept.holds for kept in of_papers.papers_of(declaration).newest)
    # A message to the zone is written from what stands today.
    assert set_now(declaration.pk).operator.name_zh == "改名后的公司"


def test_papers_that_are_ordered_late_say_what_was_lodged_and_can_be_released() -> None:
    declaration = a_lodged(2)
    all_else_changes(declaration)

    made(declaration)

    # The form is still the one that was lodged, and the others agree with it.
    assert DeclarationDocument.objects.filter(kind=PaperKind.DECLARATION).count() == 1
    release = release_papers(
        declaration=declaration, language="zh-hans", by=UserFactory.create(), now=DECLARES
    )
    assert of_papers.standing_release(declaration) == release


def test_the_newest_form_before_the_lodging_is_what_was_lodged() -> None:
    declaration = made(a_draft())
    Company.objects.filter(pk=declaration.importer_id).update(name_zh="第二个名字")
    made(declaration)
    Company.objects.filter(pk=declaration.importer_id).update(name_zh="第三个名字")

    assert _importer(declaration) == "第三个名字"
    lodge(declaration=declaration, now=DECLARES)

    assert _importer(declaration) == "第二个名字"
    # A form that is drawn afterwards, in another language, keeps nothing of its own.
    order_papers(
        declaration=declaration, kinds=[PaperKind.DECLARATION], language="en", now=DECLARES
    )
    assert make_due_documents(now=lambda: DECLARES) == 1
    assert EntryReading.objects.count() == 2


def _importer(declaration: Declaration) -> str:
    data: ImportSet = import_set(declaration.pk)
    return data.importer.name_zh
