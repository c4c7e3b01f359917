"""What customs amended stands in the papers behind the form too: a new version can be released."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from accounts.models import User
from core.walls import platform_wide
from customs.models import Declaration
from customs.queries import papers as of_papers
from customs.queries.import_set import import_set
from customs.rules.agreeing import disagreements
from customs.services import ask_amendment, make_due_documents, order_papers, record_accepted
from customs.services.paper_sets import release_papers
from tests.factories.accounts import UserFactory
from tests.factories.customs import DECLARES, TariffRateFactory, a_lodged

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(_django_db_helper: None) -> Iterator[User]:
    with platform_wide():
        yield UserFactory.create()


def amended(old: Declaration, clerk: User, *wanted: tuple[int, str, str]) -> Declaration:
    asked = ask_amendment(
        declaration=old, wanted=wanted, reason="申报有误", asked_by=clerk, now=DECLARES
    )
    after = record_accepted(document=asked, recorded_by=clerk, now=DECLARES)
    assert isinstance(after, Declaration)
    return after


def test_packages_charges_codes_and_origin_are_amended_on_all_papers_and_released(
    clerk: User,
) -> None:
    TariffRateFactory.create()
    TariffRateFactory.create(hs_code="1901101090")
    old = a_lodged()
    before = import_set(old.pk)

    new = amended(
        old,
        clerk,
        (0, "packages", "11"),
        (0, "freight", "USD/460/3"),
        (1, "hs_code", "1901101090"),
        (1, "origin", "NLD"),
    )

    data = import_set(new.pk)
    assert disagreements(data) == []
    voyage = data.shipment
    assert (voyage.packages, voyage.freight, voyage.freight_currency) == (11, 46_000, "USD")
    assert voyage.insurance == before.shipment.insurance
    assert [(one.hs_code, one.origin) for one in voyage.lines] == [("1901101090", "NLD")]
    assert [(one.hs_code, one.origin) for one in data.order.lines] == [("1901101090", "NLD")]
    order_papers(declaration=new, kinds=of_papers.KINDS, language="zh-hans", now=DECLARES)
    make_due_documents(now=lambda: DECLARES)
    new.refresh_from_db()
    release_papers(declaration=new, language="zh-hans", by=clerk, now=DECLARES)
    # What was amended stays as it was.
    assert import_set(old.pk).shipment == before.shipment


def test_an_amendment_of_an_amendment_holds_with_the_first(clerk: User) -> None:
    first = amended(a_lodged(), clerk, (0, "packages", "11"))

    second = amended(first, clerk, (0, "freight", "USD/470/3"))

    data = import_set(second.pk)
    assert disagreements(data) == []
    assert (data.shipment.packages, data.shipment.freight) == (11, 47_000)


def test_a_rate_of_freight_leaves_the_notice_as_it_is(clerk: User) -> None:
    old = a_lodged()

    new = amended(old, clerk, (0, "freight", "0.3/1"))

    assert import_set(new.pk).shipment == import_set(old.pk).shipment
    assert disagreements(import_set(new.pk)) == []
