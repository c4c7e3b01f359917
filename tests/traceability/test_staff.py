"""What the operator and the warehouse open."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory

from accounts.models import Role
from core.models import WorkState
from traceability import services
from traceability.models import ItemIdentity, LabelSheet

from ..factories.accounts import MembershipFactory
from ..factories.traceability import NOON, TracedLot, a_traced_lot

pytestmark = pytest.mark.usefixtures("wide")


@pytest.mark.parametrize("kind", ["lot", "order", "shipment", "declaration", "gtin", "serial"])
def test_anything_with_a_number_is_found(
    operator_client: Client, lot: TracedLot, item: ItemIdentity, kind: str
) -> None:
    number, events = {
        "lot": (lot.lot_number, 3),
        "order": (lot.order, 3),
        "shipment": (lot.shipment, 4),
        "declaration": (lot.declaration, 2),
        "gtin": (lot.product.gtin, 7),
        "serial": (item.serial.lower(), 3),
    }[kind]

    page = operator_client.get("/trace/", {"q": number}).content.decode()

    assert f"{events} rows</p>" in page


def test_a_warehouse_reads_what_it_said_itself(
    warehouse_client: Client, operator_client: Client, lot: TracedLot
) -> None:
    a_traced_lot(lot_number="LOT-2026-000002", n=2)

    mine = warehouse_client.get("/trace/").content.decode()
    all_of_it = operator_client.get("/trace/").content.decode()

    assert ("2 rows</p>" in mine, "12 rows</p>" in all_of_it) == (True, True)
    assert "LOT-2026-000002" not in mine


def test_a_lot_is_found_before_its_items_have_codes(
    warehouse_client: Client, lot: TracedLot
) -> None:
    page = warehouse_client.get("/trace/", {"q": lot.lot_number}).content.decode()

    assert "2 rows</p>" in page


def test_an_empty_search_and_a_fruitless_one(warehouse_client: Client, lot: TracedLot) -> None:
    newest = warehouse_client.get("/trace/").content.decode()
    nothing = warehouse_client.get("/trace/", {"q": "NOPE"}).content.decode()

    assert lot.order in newest
    assert "Nothing matches" in nothing


def test_labels_are_issued_and_downloaded(warehouse_client: Client, lot: TracedLot) -> None:
    asked = {"gtin": lot.product.gtin, "lot_number": lot.lot_number, "count": 3}

    sent = warehouse_client.post("/labels/issue/", asked)
    sheet = LabelSheet.objects.get()
    waiting = warehouse_client.get("/labels/").content.decode()
    early = warehouse_client.get(f"/labels/{sheet.number}.pdf")
    services.print_next_label_sheet(now=lambda: sheet.queued_at)
    ready = warehouse_client.get("/labels/").content.decode()
    file = warehouse_client.get(f"/labels/{sheet.number}.pdf")

    assert (sent.status_code, sent.headers["Location"]) == (302, "/labels/")
    assert 'data-state="queued"' in waiting
    assert "hx-get" in waiting
    assert early.status_code == 404
    assert 'data-state="ready"' in ready
    assert file.content.startswith(b"%PDF-")
    assert file.headers["Content-Disposition"] == f'attachment; filename="{sheet.number}.pdf"'


def test_too_many_labels_are_refused_in_words(warehouse_client: Client, lot: TracedLot) -> None:
    asked = {"gtin": lot.product.gtin, "lot_number": lot.lot_number, "count": 11}

    answer = warehouse_client.post("/labels/issue/", asked)

    assert answer.status_code == 409
    assert "at most as many item labels" in answer.content.decode()
    assert not LabelSheet.objects.exists()
    assert not ItemIdentity.objects.exists()


@pytest.mark.parametrize("bad", [{"count": "0"}, {"count": "x"}, {"gtin": "123"}, {"gtin": ""}])
def test_a_form_that_nobody_could_send_is_not_there(
    warehouse_client: Client, lot: TracedLot, bad: dict[str, str]
) -> None:
    asked = {"gtin": lot.product.gtin, "lot_number": lot.lot_number, "count": "1"} | bad

    assert warehouse_client.post("/labels/issue/", asked).status_code in {404, 422}
    assert not LabelSheet.objects.exists()


def test_one_is_not_sent_to_another_site(warehouse_client: Client, lot: TracedLot) -> None:
    asked = {"gtin": lot.product.gtin, "lot_number": lot.lot_number, "count": 1}

    away = warehouse_client.post("/labels/issue/", asked | {"next": "https://evil.example/"})
    back = warehouse_client.post("/labels/issue/", asked | {"next": "/trace/?q=1"})

    assert away.headers["Location"] == "/labels/"
    assert back.headers["Location"] == "/trace/?q=1"


@pytest.mark.parametrize("path", ["/trace/", "/labels/", "/labels/LBL-2026-000001.pdf"])
@pytest.mark.parametrize("role", [Role.SELLER, Role.IMPORTER, Role.FINANCE])
def test_others_do_not_see_these_pages(client: Client, db: None, path: str, role: Role) -> None:
    client.force_login(MembershipFactory.create(role=role.value).user)

    assert client.get(path).status_code == 404


def test_strangers_are_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/trace/").status_code == 302
    assert client.post("/labels/issue/").status_code == 302


def test_the_lots_page_shows_its_labels(lot: TracedLot) -> None:
    services.issue_labels(product=lot.product, lot_number=lot.lot_number, count=4, now=NOON)
    request = RequestFactory().get("/lots/1/")
    request.membership = MembershipFactory.create(  # type: ignore[attr-defined]
        company=lot.warehouse, role=Role.WAREHOUSE.value
    )

    page = Template("{% load labels %}{% lot_labels gtin number %}").render(
        Context({"request": request, "gtin": lot.product.gtin, "number": lot.lot_number})
    )

    assert 'max="6"' in page
    assert LabelSheet.objects.get().number in page
    assert LabelSheet.objects.get().state == WorkState.QUEUED
