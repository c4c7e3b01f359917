"""Pictures at the gate: taken while it is counted and after, shown to whom they concern."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from accounts.models import Company, Role, User
from catalog.models import Product
from core.errors import DomainError
from core.walls import inside, platform_wide
from procurement.models import ShipmentLine, ShipmentState
from tests.factories.accounts import (
    ImporterFactory,
    SellerFactory,
    UserFactory,
    WarehouseOperatorFactory,
)
from tests.factories.pictures import drawn, moving, with_gps
from tests.factories.warehouse import (
    ARRIVES,
    SELLS,
    BondedWarehouseFactory,
    a_cleared_shipment,
)
from tests.walls.rows import all_rows
from tests.warehouse.browsing import signed_in, text_of
from tests.warehouse.photographing import colored, keep
from warehouse.models import (
    BondedWarehouse,
    GatePicture,
    GatePictureWithdrawal,
    Receipt,
    SupplierClaim,
)
from warehouse.queries import pictures as queries
from warehouse.rules import pictures as rules
from warehouse.rules.receiving import Found
from warehouse.services import receive, withdraw_picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts")]


@pytest.fixture(autouse=True)
def house() -> Iterator[BondedWarehouse]:
    with platform_wide():
        made: BondedWarehouse = BondedWarehouseFactory.create()
        yield made


@pytest.fixture
def clerk() -> User:
    return UserFactory.create()


@pytest.fixture
def bert() -> Company:
    return SellerFactory.create()


@pytest.fixture
def line(house: BondedWarehouse, milk: Product, anna: Company, bert: Company) -> ShipmentLine:
    """Ten units of Anna's and one of Bert's, cleared and not counted yet."""
    return a_cleared_shipment({anna: 10, bert: 1}, product=milk, bound_for=house.operator)


def count(line: ShipmentLine, house: BondedWarehouse, clerk: User, damaged: int = 1) -> Receipt:
    return receive(
        shipment=line.shipment,
        warehouse=house,
        counts={line.pk: line.quantity},
        found={line.pk: Found(damaged=damaged)},
        received_by=clerk,
        now=ARRIVES,
    )


def test_a_picture_is_a_fact_of_its_line_with_hash_time_and_person(
    line: ShipmentLine, clerk: User
) -> None:
    (kept,) = keep(line, clerk, with_gps(), caption=" 箱角\n压坏 ")

    kept.refresh_from_db()
    assert (kept.shipment, kept.line, kept.keeper) == (
        line.shipment,
        line,
        line.shipment.bound_for,
    )
    assert (kept.buyer, kept.caption) == (line.shipment.order.buyer, "箱角 压坏")
    assert (kept.width, kept.height, kept.size) == (48, 64, len(kept.content))
    assert (kept.taken_at, kept.taken_by, kept.again) == (ARRIVES, clerk, 0)
    read = rules.read("x", with_gps())
    assert (bytes(kept.content), bytes(kept.thumbnail)) == (read.content, read.thumbnail)
    assert kept.sha256 == read.sha256


def test_the_same_picture_stands_once_of_a_line_and_again_once_it_was_withdrawn(
    line: ShipmentLine, clerk: User
) -> None:
    (first,) = keep(line, clerk, drawn(), drawn())

    assert keep(line, clerk, drawn()) == []
    (whole,) = keep(line, clerk, drawn(), whole=True)
    assert whole.line is None
    withdraw_picture(picture=first, reason="wrong goods", withdrawn_by=clerk, now=SELLS)
    (again,) = keep(line, clerk, drawn())

    assert again.again == 1
    assert GatePicture.objects.count() == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        GatePicture.objects.bulk_create([_other(first)])
    with pytest.raises(IntegrityError), transaction.atomic():
        GatePicture.objects.bulk_create([_other(whole, sha256="0" * 64)])


def _other(of: GatePicture, **told: object) -> GatePicture:
    names = [field.attname for field in GatePicture._meta.concrete_fields if field.name != "id"]
    return GatePicture(**{name: getattr(of, name) for name in names} | told)


def test_one_that_is_refused_leaves_nothing_of_all_that_was_sent(
    line: ShipmentLine, clerk: User
) -> None:
    keep(line, clerk, *colored(0, 5))
    keep(line, clerk, *colored(5, 10))
    before = all_rows()
    cases: list[tuple[list[bytes], dict[str, Any], type[DomainError]]] = [
        ([drawn(), b"no picture"], {}, rules.PictureOfAnotherKind),
        ([drawn(), b""], {}, rules.PictureEmpty),
        ([drawn(), drawn() + b"<script>"], {}, rules.PictureWithMore),
        ([drawn(), moving()], {}, rules.PictureMoves),
        ([drawn(), drawn()[:-9]], {}, rules.PictureBroken),
        ([], {}, rules.NoPictures),
        ([drawn()] * 7, {}, rules.TooManyAtOnce),
        ([drawn()], {"caption": "x" * 121}, rules.CaptionTooLong),
        (colored(10, 13), {}, rules.TooManyPictures),
    ]

    for files, told, refusal in cases:
        with pytest.raises(refusal) as refused:
            keep(line, clerk, *files, **told)
        assert refused.value.facts.get("file", "2.jpg") == "2.jpg"

    assert all_rows() == before


def test_only_who_has_it_at_the_gate_takes_pictures_of_it(line: ShipmentLine, clerk: User) -> None:
    other = WarehouseOperatorFactory.create()
    before = all_rows()
    with pytest.raises(rules.ShipmentNotAtGate):
        keep(line, clerk, drawn(), keeper=other)
    assert all_rows() == before

    line.shipment.state = ShipmentState.SHIPPED
    line.shipment.save()
    before = all_rows()
    with pytest.raises(rules.ShipmentNotAtGate):
        keep(line, clerk, drawn())
    assert all_rows() == before


def test_a_picture_is_withdrawn_once_with_a_reason_and_stays(
    line: ShipmentLine, clerk: User
) -> None:
    (kept,) = keep(line, clerk, drawn())
    before = all_rows()
    with pytest.raises(rules.WithdrawalWithoutReason):
        withdraw_picture(picture=kept, reason=" ", withdrawn_by=clerk, now=SELLS)
    assert all_rows() == before

    gone = withdraw_picture(picture=kept, reason="wrong goods", withdrawn_by=clerk, now=SELLS)

    assert (gone.picture, gone.reason, gone.withdrawn_at) == (kept, "wrong goods", SELLS)
    assert (gone.keeper, gone.withdrawn_by) == (kept.keeper, clerk)
    assert [one.is_withdrawn for one in queries.of_shipment(line.shipment)] == [True]
    before = all_rows()
    with pytest.raises(rules.PictureAlreadyWithdrawn):
        withdraw_picture(picture=kept, reason="again", withdrawn_by=clerk, now=SELLS)
    assert all_rows() == before
    assert GatePictureWithdrawal.objects.count() == 1


def page_of(role: Role, key: int) -> str:
    return f"/stock/pictures/{key}.jpg" if role == Role.SELLER else f"/pictures/{key}/small.jpg"


def test_who_looks_at_which_picture(
    house: BondedWarehouse, line: ShipmentLine, anna: Company, bert: Company, clerk: User
) -> None:
    """Of eleven units one is damaged, and it is Anna's."""
    sound = a_cleared_shipment({anna: 5}, bound_for=house.operator, shipment=line.shipment)
    (of_line,) = keep(line, clerk, drawn())
    (of_sound,) = keep(sound, clerk, drawn(color="green"))
    (whole,) = keep(line, clerk, drawn(color="blue"), whole=True)
    (wrong,) = keep(line, clerk, drawn(color="white"))
    withdraw_picture(picture=wrong, reason="wrong goods", withdrawn_by=clerk, now=ARRIVES)
    seen = {
        (house.operator, Role.WAREHOUSE): (of_line, of_sound, whole, wrong),
        (WarehouseOperatorFactory.create(), Role.WAREHOUSE): (),
        (line.shipment.order.buyer, Role.IMPORTER): (of_line, whole),
        (ImporterFactory.create(), Role.IMPORTER): (),
        (anna, Role.SELLER): (of_line,),
        (bert, Role.SELLER): (),
    }
    people = {company: (signed_in(company, role), role) for company, role in seen}
    early = people[line.shipment.order.buyer][0].get(f"/pictures/{of_line.pk}.jpg")
    assert early.status_code == 404, "nothing is claimed before it is counted"
    receive(
        shipment=line.shipment,
        warehouse=house,
        counts={line.pk: 11, sound.pk: 5},
        found={line.pk: Found(damaged=1)},
        received_by=clerk,
        now=ARRIVES,
    )

    for (company, role), expected in seen.items():
        client = people[company][0]
        found = {
            one.pk
            for one in (of_line, of_sound, whole, wrong)
            if client.get(page_of(role, one.pk)).status_code == 200
        }
        assert found == {one.pk for one in expected}, role
        # The second wall says the same where the first is open; the policy knows no role.
        with inside(company.pk, keeper=role == Role.WAREHOUSE):
            there = set(GatePicture._base_manager.values_list("pk", flat=True))
        assert there == found, role
    assert people[anna][0].get(f"/stock/pictures/{2**63}.jpg").status_code == 404
    assert people[anna][0].get(f"/pictures/{of_line.pk}.jpg").status_code == 404


def test_it_is_served_as_what_it_is_and_nothing_else(
    house: BondedWarehouse, line: ShipmentLine, clerk: User
) -> None:
    (kept,) = keep(line, clerk, drawn())
    client = signed_in(house.operator, Role.WAREHOUSE)

    answer = client.get(f"/pictures/{kept.pk}.jpg")

    assert answer.content == bytes(kept.content)
    assert {name: answer[name] for name in ("Content-Type", "X-Content-Type-Options")} == {
        "Content-Type": "image/jpeg",
        "X-Content-Type-Options": "nosniff",
    }
    assert answer["Content-Disposition"] == f'inline; filename="gate-{kept.pk}.jpg"'
    assert answer["Cache-Control"] == "private, max-age=300"
    assert "Cookie" in answer["Vary"]
    assert "sandbox" in answer["Content-Security-Policy"]


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_pictures_are_taken_while_the_goods_are_counted_and_the_count_stays(
    house: BondedWarehouse, line: ShipmentLine
) -> None:
    client = signed_in(house.operator, Role.WAREHOUSE)
    address = f"/warehouse/shipments/{line.shipment.number}/count/"
    told = {f"line_{line.pk}": "7", f"damaged_{line.pk}": "2", "step": "pictures", "of": line.pk}
    before = all_rows()

    refused = client.post(
        address, told | {"pictures": [sent("a.jpg", drawn()), sent("b.gif", b"GIF")]}
    )

    assert refused.status_code == 422
    page = text_of(refused)
    assert "A picture is a JPEG, a PNG or a WebP" in page
    assert "b.gif" in page
    assert f'name="line_{line.pk}" value="7"' in page
    assert all_rows() == before

    assert "The importer reads it on its claim, the supplier in the letter." in page

    taken = client.post(address, told | {"pictures": sent("a.jpg", drawn()), "caption": "wet"})

    assert taken.status_code == 200
    page = text_of(taken)
    kept = GatePicture.objects.get()
    assert (kept.line, kept.caption) == (line, "wet")
    assert f'name="line_{line.pk}" value="7"' in page
    assert f"/pictures/{kept.pk}/small.jpg" in page
    assert 'accept="image/*"' in page
    assert "capture" in page
    assert not Receipt.objects.exists()


def test_pictures_of_a_receipt_are_added_withdrawn_and_shown_on_its_pages(
    house: BondedWarehouse, line: ShipmentLine, anna: Company, clerk: User
) -> None:
    receipt = count(line, house, clerk)
    keeper = signed_in(house.operator, Role.WAREHOUSE)
    address = f"/warehouse/shipments/{line.shipment.number}/pictures/"
    before = all_rows()
    for wrong in ({}, {"pictures": sent("a.svg", b"<svg/>")}, {"of": "99999999"}):
        assert keeper.post(address, {"of": line.pk} | wrong).status_code == 422
    assert all_rows() == before

    for name in ("🙂.jpg", "a" * 300 + ".jpg", '"; x=y.png', "..", "\r\na.jpg"):
        file = sent("a.jpg", b"no picture")
        file.__dict__["_name"] = name
        assert keeper.post(address, {"pictures": file}).status_code == 422
    assert all_rows() == before

    for told in ("1 picture is kept.", "A picture that is there already is kept once."):
        file = sent("a", drawn())
        after = keeper.post(address, {"of": line.pk, "pictures": file}, follow=True)
        assert told in text_of(after)
    kept = GatePicture.objects.get()
    small = f"/pictures/{kept.pk}/small.jpg"
    claim = SupplierClaim.objects.get()
    importer = signed_in(claim.buyer, Role.IMPORTER)
    seller = signed_in(anna, Role.SELLER)
    pages = (
        (keeper, f"/warehouse/receipts/{receipt.number}/", small),
        (importer, f"/claims/{claim.number}/", small),
        (seller, "/stock/", f"/stock/pictures/{kept.pk}.jpg"),
    )
    for client, page, link in pages:
        assert link in text_of(client.get(page)), page

    withdraw = f"/pictures/{kept.pk}/withdraw/"
    assert keeper.post(withdraw, {"reason": ""}).status_code == 422
    assert not GatePictureWithdrawal.objects.exists()
    assert keeper.post(withdraw, {"reason": "CANNOT SEE"}).status_code == 302
    page = text_of(keeper.get(pages[0][1]))
    assert small in page
    assert "CANNOT SEE" in page
    for client, page, link in pages[1:]:
        assert link not in text_of(client.get(page)), page
