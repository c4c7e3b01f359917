"""Pictures of the gate over the API, for a warehouse's telephones and for owners."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Company, Role
from catalog.models import Product
from core.clock import now
from core.walls import platform_wide
from rest.rules import scopes_of
from rest.services import issue_token
from tests.factories.accounts import MembershipFactory
from tests.factories.pictures import drawn
from tests.factories.warehouse import ARRIVES, BondedWarehouseFactory, a_cleared_shipment
from tests.walls.rows import all_rows
from warehouse.models import GatePicture
from warehouse.rules.receiving import Found
from warehouse.services import receive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts")]


def a_program(company: Company, role: Role) -> Client:
    person = MembershipFactory.create(company=company, role=role).user
    with platform_wide():
        _kept, token = issue_token(
            company=company,
            role=role,
            created_by=person,
            name="telephone",
            scopes=scopes_of(role),
            days=30,
            now=now(),
        )
    return Client(headers={"authorization": f"Bearer {token}", "accept-language": "en"})


def test_a_telephone_adds_and_withdraws_pictures_and_reads_the_receipt(
    milk: Product, anna: Company
) -> None:
    with platform_wide():
        house = BondedWarehouseFactory.create()
        line = a_cleared_shipment({anna: 10}, product=milk, bound_for=house.operator)
    keeper = a_program(house.operator, Role.WAREHOUSE)
    address = f"/api/v1/shipments/{line.shipment.number}/pictures"

    def add(key: str, *files: bytes, **told: Any) -> Any:
        sent = [SimpleUploadedFile(f"{n}.jpg", content) for n, content in enumerate(files, 1)]
        return keeper.post(address, {"file": sent, **told}, headers={"idempotency-key": key})

    # Its first use is noted at the token.
    assert keeper.get(address).json()["pictures"] == []
    before = all_rows()
    for key, files, code in (
        ("1", [drawn(), b"GIF89a"], "warehouse.picture_of_another_kind"),
        ("2", [drawn()] * 7, "warehouse.too_many_pictures_at_once"),
    ):
        answer = add(key, *files)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["facts"]["pictures"] == 7
    assert add("3", drawn(), line=line.pk + 999).status_code == 404
    assert all_rows() == before

    two, told = (drawn(), drawn("PNG", color="blue")), {"line": line.pk, "caption": "外箱受潮"}
    answer = add("4", *two, **told)

    assert answer.status_code == 201
    assert add("4", *two, **told).content == answer.content
    first, second = answer.json()["pictures"]
    with platform_wide():
        kept = GatePicture.objects.select_related("taken_by").order_by("pk")[0]
    assert first == {
        "id": kept.pk,
        "line": line.pk,
        "sku": milk.sku,
        "caption": "外箱受潮",
        "width": 64,
        "height": 48,
        "size": kept.size,
        "sha256": kept.sha256,
        "taken_at": first["taken_at"],
        "withdrawn": None,
        "path": f"/api/v1/pictures/{kept.pk}.jpg",
        "thumbnail": f"/api/v1/pictures/{kept.pk}/small.jpg",
    }
    assert keeper.get(address).json() == answer.json()
    file = keeper.get(first["path"])
    assert (file["Content-Type"], file.content) == ("image/jpeg", bytes(kept.content))
    assert keeper.get(first["thumbnail"]).content == bytes(kept.thumbnail)

    with platform_wide():
        receipt = receive(
            shipment=line.shipment,
            warehouse=house,
            counts={line.pk: 10},
            found={line.pk: Found(damaged=1)},
            received_by=kept.taken_by,
            now=ARRIVES,
        )
    owner = a_program(anna, Role.SELLER)
    (arrival,) = owner.get("/api/v1/stock/arrivals").json()["data"]
    paths = [f"/api/v1/stock/pictures/{one['id']}.jpg" for one in (first, second)]
    assert (arrival["damaged"], arrival["pictures"]) == (1, paths)
    assert owner.get(paths[0]).content == bytes(kept.content)
    gone = keeper.post(
        f"/api/v1/pictures/{kept.pk}/withdrawal",
        {"reason": "a wrong one"},
        "application/json",
        headers={"idempotency-key": "5"},
    )
    assert (gone.status_code, gone.json()["withdrawn"]) == (201, "a wrong one")
    assert owner.get(paths[0]).status_code == 404
    told = keeper.get(f"/api/v1/receipts/{receipt.number}").json()
    assert [one["withdrawn"] for one in told["pictures"]] == ["a wrong one", None]
    assert told["lines"] == [
        {
            "line": line.pk,
            "sku": milk.sku,
            "lot": "LOT-2026-000001",
            "announced": 10,
            "counted": 10,
            "damaged": 1,
            "over": 0,
        }
    ]
