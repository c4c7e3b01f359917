"""Products are filed with a book that asks for it before goods are declared into it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Role, User
from catalog.models import Product
from core.errors import DomainError
from core.walls import inside, platform_wide
from customs import queries
from customs.models import BookFiling, FilingAnswer
from customs.rules import filing as rules
from customs.rules.declared import RulesBroken
from customs.services import answer_filing, ask_filing, draft_declaration, queue_document
from tests.customs.test_pages import SignIn, sign_in
from tests.factories.accounts import ImporterFactory, UserFactory
from tests.factories.customs import DECLARES, a_shipment, a_warehouse
from tests.factories.warehouse import BondedWarehouseFactory
from tests.walls.rows import all_rows
from warehouse.models import BondedWarehouse

BOOK = "L3104B26A001"
__all__ = ["sign_in"]


@pytest.fixture
def clerk(db: None) -> Iterator[User]:
    with platform_wide():
        yield UserFactory.create()


def filing_house() -> BondedWarehouse:
    house = a_warehouse()
    BondedWarehouse.objects.update(ledger_number=BOOK)
    house.refresh_from_db()
    return house


def test_goods_wait_until_their_product_is_filed(clerk: User) -> None:
    shipment, house = a_shipment(), filing_house()
    importer = shipment.order.buyer
    draft = draft_declaration(shipment=shipment, importer=importer, warehouse=house, now=DECLARES)
    with pytest.raises(RulesBroken):
        queue_document(declaration=draft, now=DECLARES)
    asked = ask_filing(
        product=Product.objects.get(),
        warehouse=house,
        importer=importer,
        asked_by=clerk,
        now=DECLARES,
    )
    assert asked.state == "pending"
    assert [one.fields for one in queries.to_do(importer, day=DECLARES.date())] == [("filing",)]
    with pytest.raises(RulesBroken):
        queue_document(declaration=draft, now=DECLARES)

    answer_filing(filing=asked, filed=True, item=36, recorded_by=clerk, now=DECLARES)

    assert queries.to_do(importer, day=DECLARES.date()) == []
    queue_document(declaration=draft, now=DECLARES)
    assert BookFiling.objects.get().state == "filed"


def test_who_declares_into_a_book_that_is_filed_before_hears_what_it_lacks(clerk: User) -> None:
    shipment, house = a_shipment(), filing_house()
    importer, day = shipment.order.buyer, DECLARES.date()
    BondedWarehouseFactory.create(code="POSTING", ledger_number="T3104W000001")
    assert queries.to_do(importer, day=day) == [], "it may go to the other"

    draft_declaration(shipment=shipment, importer=importer, warehouse=house, now=DECLARES)

    assert [one.fields for one in queries.to_do(importer, day=day)] == [("filing",)]
    assert queries.to_do(None, day=day) == []


def test_what_the_to_do_list_lacks_is_asked_for_at_once(clerk: User, sign_in: SignIn) -> None:
    importer = ImporterFactory.create()
    a_shipment(3, importer=importer, apart=True)
    house = filing_house()
    client = sign_in(importer, Role.IMPORTER)
    skus = sorted(Product.objects.values_list("sku", flat=True))
    page = client.get(reverse("book_filings")).content.decode()
    offered = page.split("<textarea")[1].split("</textarea>")[0].split(">")[1].split()
    assert sorted(offered) == skus

    before = all_rows()
    unknown = client.post(
        reverse("book_filings"), {"product": f"{skus[0]}, NOWHERE", "warehouse": house.code}
    )
    assert unknown.status_code == 422
    assert "The catalogue has no NOWHERE." in unknown.content.decode()
    assert all_rows() == before
    client.post(reverse("book_filings"), {"product": "\n".join(skus), "warehouse": house.code})

    assert sorted(BookFiling.objects.values_list("product__sku", flat=True)) == skus
    told = client.post(reverse("book_filings"), {"product": skus[0], "warehouse": house.code})
    assert told.status_code == 409
    assert BookFiling.objects.count() == 3


def test_of_many_the_longest_waiting_is_answered_first(clerk: User) -> None:
    a_shipment(3, apart=True)
    house, importer = filing_house(), ImporterFactory.create()
    older, newer, newest = (
        ask_filing(
            product=product,
            warehouse=house,
            importer=importer,
            asked_by=clerk,
            now=DECLARES + timedelta(hours=hours),
        )
        for hours, product in enumerate(Product.objects.order_by("pk"))
    )

    answer_filing(filing=newest, filed=True, item=7, recorded_by=clerk, now=DECLARES)

    assert list(queries.filings_of()) == [older, newer, newest]


def test_a_refused_product_may_be_asked_for_again_and_a_filed_one_not(clerk: User) -> None:
    shipment, house = a_shipment(), filing_house()
    told = {
        "product": Product.objects.get(),
        "warehouse": house,
        "importer": shipment.order.buyer,
        "asked_by": clerk,
        "now": DECLARES,
    }
    first = ask_filing(**told)  # type: ignore[arg-type]
    with pytest.raises(rules.FilingStands):
        ask_filing(**told)  # type: ignore[arg-type]
    answer_filing(filing=first, filed=False, reason="归类有误", recorded_by=clerk, now=DECLARES)

    again = ask_filing(**told)  # type: ignore[arg-type]

    assert [one.state for one in BookFiling.objects.order_by("pk")] == ["refused", "pending"]
    with inside(house.operator_id):
        assert BookFiling.objects.count() == 2
    with inside(ImporterFactory.create().pk):
        assert not BookFiling.objects.exists()
    answer_filing(filing=again, filed=True, item=7, recorded_by=clerk, now=DECLARES)
    with pytest.raises(rules.FilingAnswered):
        answer_filing(filing=again, filed=True, item=8, recorded_by=clerk, now=DECLARES)


@pytest.mark.parametrize(
    ("filed", "item", "reason"),
    [(True, None, ""), (True, 0, ""), (True, 7, "no"), (False, None, " "), (False, 7, "no")],
)
def test_an_answer_is_an_item_or_a_reason(filed: bool, item: int | None, reason: str) -> None:
    with pytest.raises(rules.FilingAnswerWrong):
        rules.check_answer(filed=filed, item=item, reason=reason)


def test_refused_filings_write_nothing(clerk: User) -> None:
    shipment, house = a_shipment(), filing_house()
    posting = BondedWarehouse(pk=house.pk, ledger_number="T3104W000001")
    nameless = Product(pk=Product.objects.get().pk, sku="X", hs_code="1", name_zh="")
    before = all_rows()

    wrong: list[tuple[Product, BondedWarehouse, type[DomainError]]] = [
        (Product.objects.get(), posting, rules.BookNeedsNoFiling),
        (nameless, house, rules.FilingDataMissing),
    ]
    for product, into, refusal in wrong:
        with pytest.raises(refusal):
            ask_filing(
                product=product,
                warehouse=into,
                importer=shipment.order.buyer,
                asked_by=clerk,
                now=DECLARES,
            )

    assert all_rows() == before
    assert not FilingAnswer.objects.exists()
