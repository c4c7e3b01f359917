"""Products are filed with a book that asks for it before goods are declared into it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from accounts.models import User
from catalog.models import Product
from core.errors import DomainError
from core.walls import inside, platform_wide
from customs import queries
from customs.models import BookFiling, FilingAnswer
from customs.rules import filing as rules
from customs.rules.declared import RulesBroken
from customs.services import answer_filing, ask_filing, draft_declaration, queue_document
from tests.factories.accounts import ImporterFactory, UserFactory
from tests.factories.customs import DECLARES, a_shipment, a_warehouse
from tests.walls.rows import all_rows
from warehouse.models import BondedWarehouse

BOOK = "L3104B26A001"


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
