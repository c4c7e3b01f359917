"""Permits that the tariff asks for are told before goods are declared, and stand on the form."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils.translation import override
from pypdf import PdfReader

from accounts.models import Company, Role, User
from core.errors import InputError
from core.walls import platform_wide
from customs.models import Declaration, DeclarationState, GoodsPermit, PaperKind
from customs.queries import import_set
from customs.queries.permits import permits_of
from customs.queries.to_do import to_do
from customs.rules.goods import DataMissing
from customs.rules.permits import (
    PermitNotAsked,
    PermitNumberWrong,
    PermitToldTwice,
    PermitTooLate,
    all_told,
    demanded,
    each_once,
    offered,
    permit_number,
)
from customs.services import draft_declaration, make_due_documents, order_papers
from customs.services.permits import tell_permits
from procurement.models import Shipment
from tests.factories.accounts import (
    ImporterFactory,
    MembershipFactory,
    PlatformCompanyFactory,
    UserFactory,
)
from tests.factories.customs import DECLARES, TariffRateFactory, a_shipment, a_warehouse

SIGNS = "17"
DAY = DECLARES.date()


def test_only_signs_that_ask_for_a_number_are_demanded_in_the_order_of_the_row() -> None:
    assert demanded("7AB1", SIGNS) == ("7", "1")
    assert offered("7AB1", SIGNS) == ("7", "1", "Y")
    assert offered("", SIGNS) == ("Y",)


def test_all_are_told_when_each_has_its_number() -> None:
    assert all_told(("7", "1"), {"7": "A", "1": "B"})
    assert not all_told(("7", "1"), {"7": "A", "1": ""})
    assert all_told((), {})


@pytest.mark.parametrize("text", ["26 AB", "许可", "A" * 33, "a;b"])
def test_a_number_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(PermitNumberWrong):
        permit_number(text, field="x")

    assert permit_number(" 26-AB/1(2) ", field="x") == "26-AB/1(2)"


def test_each_permit_is_told_once() -> None:
    assert each_once([("A", "7", "1"), ("A", "Y", "2"), ("B", "7", "3")]) == {
        ("A", "7"): "1",
        ("A", "Y"): "2",
        ("B", "7"): "3",
    }
    with pytest.raises(PermitToldTwice):
        each_once([("A", "7", "1"), ("A", "7", "1")])


@pytest.fixture
def wide(db: None) -> Iterator[None]:
    with platform_wide(), override("en"):
        yield


@pytest.fixture
def shipment(wide: None) -> Shipment:
    """One product whose tariff row asks for an automatic licence and an import licence."""
    TariffRateFactory.create(supervision=["7", "A", "1"])
    return a_shipment()


@pytest.fixture
def clerk(wide: None) -> User:
    made: User = UserFactory.create()
    return made


def sku_of(shipment: Shipment) -> str:
    return str(shipment.lines.get().order_line.product.sku)


def tell(shipment: Shipment, clerk: User, **numbers: str) -> list[GoodsPermit]:
    sku = sku_of(shipment)
    told = {(sku, name[1:]): number for name, number in numbers.items()}
    return tell_permits(shipment=shipment, numbers=told, told_by=clerk, now=DECLARES)


def test_without_its_permits_goods_are_on_the_to_do_list_and_not_drafted(
    shipment: Shipment, clerk: User
) -> None:
    house, importer = a_warehouse(), shipment.order.buyer
    before = {one for row in to_do(importer, day=DAY) for one in row.fields}
    tell(shipment, clerk, _7="AUTO-1")

    (row,) = to_do(importer, day=DAY)
    with pytest.raises(DataMissing) as refused:
        draft_declaration(shipment=shipment, importer=importer, warehouse=house, now=DECLARES)

    assert "permits" in before
    assert ("permits" in row.fields, row.permits_of) == (True, shipment.number)
    assert refused.value.facts == {sku_of(shipment): "permits"}
    assert not Declaration.objects.exists()
    tell(shipment, clerk, _1="LIC-9")
    assert not any("permits" in one.fields for one in to_do(importer, day=DAY))
    draft_declaration(shipment=shipment, importer=importer, warehouse=house, now=DECLARES)


def test_the_newest_word_counts_and_an_empty_one_takes_back(
    shipment: Shipment, clerk: User
) -> None:
    assert len(tell(shipment, clerk, _7="AUTO-1", _Y="COO-1")) == 2
    assert len(tell(shipment, clerk, _7="AUTO-1", _Y="")) == 1

    told = [(one.sign, one.is_demanded, one.number) for one in permits_of(shipment, day=DAY)]
    assert told == [("7", True, "AUTO-1"), ("1", True, ""), ("Y", False, "")]


@pytest.mark.parametrize(
    ("numbers", "refused"),
    [({"_7": "A B"}, PermitNumberWrong), ({"_4": "X"}, PermitNotAsked)],
)
def test_what_is_wrong_is_refused_and_nothing_is_written(
    shipment: Shipment, clerk: User, numbers: dict[str, str], refused: type[InputError]
) -> None:
    with pytest.raises(refused):
        tell(shipment, clerk, _1="LIC-9", **numbers)

    assert not GoodsPermit.objects.exists()


def test_the_form_has_a_licence_in_its_column_and_the_others_attached(
    shipment: Shipment, clerk: User
) -> None:
    tell(shipment, clerk, _1="LIC-9", _7="AUTO-1", _Y="COO-1")
    declared = draft_declaration(
        shipment=shipment, importer=shipment.order.buyer, warehouse=a_warehouse(), now=DECLARES
    )

    data = import_set(declared.pk)
    order_papers(declaration=declared, kinds=[PaperKind.DECLARATION], language="en", now=DECLARES)
    make_due_documents(now=lambda: DECLARES)

    assert (data.licence, data.attached) == ("LIC-9", ("7 AUTO-1", "Y COO-1"))
    (paper,) = declared.documents.filter(language="en")
    text = PdfReader(io.BytesIO(bytes(paper.content or b""))).pages[0].extract_text()
    assert "LIC-9" in text
    assert "1: 7 AUTO-1, Y COO-1. 2:" in " ".join(text.split())
    Declaration.objects.update(state=DeclarationState.LODGED)
    with pytest.raises(PermitTooLate):
        tell(shipment, clerk, _Y="COO-2")
    assert GoodsPermit.objects.count() == 3


def test_the_page_asks_and_a_stranger_finds_none(shipment: Shipment) -> None:
    def person(company: Company) -> Client:
        client = Client(headers={"accept": "text/html", "accept-language": "en"})
        client.force_login(MembershipFactory.create(company=company, role=Role.IMPORTER).user)
        return client

    address = f"/customs/shipments/{shipment.number}/permits/"
    client, stranger = person(shipment.order.buyer), person(ImporterFactory.create())
    reader = Client(headers={"accept": "text/html", "accept-language": "en"})
    platform = PlatformCompanyFactory.create()
    reader.force_login(MembershipFactory.create(company=platform, role=Role.OPERATOR).user)

    page = client.get(address).content.decode()
    number = f"number_{shipment.lines.get().order_line.product_id}"
    hidden = stranger.post(address, {f"{number}_7": "X"}).status_code
    read = reader.get(address).content.decode()
    refused = reader.post(address, {f"{number}_7": "X"}).status_code
    kept = client.post(address, {f"{number}_7": "AUTO-1", f"{number}_1": "LIC-9"})

    assert "7 automatic import licence" in page
    assert f'name="{number}_Y"' in page
    assert page.count("form-label-description") == 1, "only the proof of origin is optional"
    assert (hidden, kept.status_code) == (404, 302)
    assert client.head(address).status_code == 200
    assert (refused, "not told yet" in read, f'name="{number}_7"' in read) == (*(404, True, False),)
    assert list(GoodsPermit.objects.order_by("pk").values_list("sign", "number")) == [
        *(("7", "AUTO-1"), ("1", "LIC-9")),
    ]


def test_what_the_tariff_asks_for_since_the_page_was_opened_stays_untold(
    shipment: Shipment, clerk: User
) -> None:
    """A number goes to the permit that it was typed for, whatever stands before it now."""
    product = shipment.lines.get().order_line.product_id
    client = Client(headers={"accept": "text/html", "accept-language": "en"})
    buyer = MembershipFactory.create(company=shipment.order.buyer, role=Role.IMPORTER)
    client.force_login(buyer.user)
    typed = {f"number_{product}_7": "AUTO-1", f"number_{product}_Y": "COO-1"}
    tell(shipment, clerk, _1="LIC-9")

    client.post(f"/customs/shipments/{shipment.number}/permits/", typed)

    told = [(one.sign, one.number) for one in permits_of(shipment, day=DAY)]
    assert told == [("7", "AUTO-1"), ("1", "LIC-9"), ("Y", "COO-1")]
