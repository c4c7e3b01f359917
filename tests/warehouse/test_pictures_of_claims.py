"""Pictures of what came damaged, on the page of its claim and in the letter to its supplier."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from pypdf import PdfReader

from accounts.models import Company, Role, User
from catalog.models import Product
from core.walls import inside, platform_wide
from tests.factories.accounts import UserFactory
from tests.factories.pictures import drawn
from tests.factories.procurement import ShipmentLineFactory
from tests.factories.warehouse import ARRIVES, BondedWarehouseFactory, a_cleared_shipment
from tests.warehouse.browsing import signed_in, text_of
from tests.warehouse.photographing import colored, keep
from warehouse.models import BondedWarehouse, SupplierClaim
from warehouse.papers_claims import claim_letter
from warehouse.queries import pictures as queries
from warehouse.queries.claims import lines_of
from warehouse.rules.receiving import Found
from warehouse.services import receive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts")]


@pytest.fixture(autouse=True)
def house() -> Iterator[BondedWarehouse]:
    with platform_wide():
        made: BondedWarehouse = BondedWarehouseFactory.create()
        yield made


@pytest.fixture
def clerk() -> User:
    return UserFactory.create()


def test_a_claim_shows_the_damaged_batch_alone_and_the_same_to_everybody(
    house: BondedWarehouse, milk: Product, anna: Company, clerk: User
) -> None:
    """Two batches of one order line, and one of them came damaged."""
    hurt = a_cleared_shipment(
        {anna: 11}, product=milk, bound_for=house.operator, announced=6, batch="L-1"
    )
    sound = ShipmentLineFactory.create(
        shipment=hurt.shipment, order_line=hurt.order_line, quantity=5, batch="L-2"
    )
    keep(sound, clerk, drawn(color="green"))
    (of_line,) = keep(hurt, clerk, drawn())
    (whole,) = keep(hurt, clerk, drawn(color="blue"), whole=True)
    receive(
        shipment=hurt.shipment,
        warehouse=house,
        counts={hurt.pk: 6, sound.pk: 5},
        found={hurt.pk: Found(damaged=1)},
        received_by=clerk,
        now=ARRIVES,
    )
    claim = SupplierClaim.objects.get()

    assert queries.of_claim(claim) == [whole, of_line]
    with inside(claim.buyer_id):
        assert queries.of_claim(claim) == [whole, of_line]
    operator = signed_in(claim.buyer, Role.OPERATOR)
    pages = [
        text_of(browser.get(f"/claims/{claim.number}/"))
        for browser in (operator, signed_in(claim.buyer, Role.IMPORTER))
    ]
    assert [page.count("/small.jpg") for page in pages] == [2, 2]


@pytest.mark.parametrize(("pictures", "pages"), [(0, 1), (1, 1), (12, 2)])
def test_the_letter_shows_the_pictures_and_breaks_between_their_rows(
    house: BondedWarehouse, milk: Product, anna: Company, clerk: User, pictures: int, pages: int
) -> None:
    line = a_cleared_shipment({anna: 11}, product=milk, bound_for=house.operator)
    receive(
        shipment=line.shipment,
        warehouse=house,
        counts={line.pk: 11},
        found={line.pk: Found(damaged=1)},
        received_by=clerk,
        now=ARRIVES,
    )
    for at in range(0, pictures, 6):
        files = colored(at, min(at + 6, pictures), size=(600, 800))
        keep(line, clerk, *files, caption="箱角压坏 corner crushed")
    claim = SupplierClaim.objects.get()

    def written() -> bytes:
        shown = queries.of_claim(claim, with_thumbnails=True)
        return claim_letter(claim, list(lines_of(claim)), shown)

    letter = written()

    assert written() == letter
    read = PdfReader(BytesIO(letter))
    text = "".join(page.extract_text() for page in read.pages)
    assert len(read.pages) == pages
    assert ("附图 Annex: pictures" in text) == bool(pictures)
    assert sum(one.sha256[:12] in text for one in queries.of_claim(claim)) == pictures
    assert sum(len(page.images) for page in read.pages) == pictures
