"""The pages of customs, as the people who use them see them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import Company, Role
from core.walls import platform_wide
from customs.models import Declaration, DeclarationDocument, DeclarationState, RetailList
from customs.services import draw_retail_lists, make_due_documents
from tests.factories.accounts import (
    ImporterFactory,
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
    UserFactory,
)
from tests.factories.catalog import ProductFactory
from tests.factories.customs import (
    DECLARES,
    ENTRY_NUMBER,
    TariffRateFactory,
    a_draft,
    a_lodged,
    a_queued,
    a_ready,
    a_shipment,
    a_warehouse,
)
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from warehouse.models import RetailOrder
from warehouse.services import accept_orders

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]


@pytest.fixture
def sign_in() -> SignIn:
    def enter(company: Company, role: Role, language: str = "en") -> Client:
        user = UserFactory.create()
        MembershipFactory.create(user=user, company=company, role=role)
        client = Client(headers={"accept": "text/html", "accept-language": language})
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def importer() -> Company:
    return ImporterFactory.create()


def page(response: Any) -> str:
    shown: str = response.content.decode()
    assert response.status_code == 200, shown[:2000]
    return shown


def test_an_importer_takes_a_shipment_to_its_release(
    sign_in: SignIn, importer: Company, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    clock.write_text(DECLARES.isoformat())
    monkeypatch.setenv("BONDPOOL_CLOCK_FILE", str(clock))
    with platform_wide():
        shipment = a_shipment(2, importer=importer)
        warehouse = a_warehouse()
    client = sign_in(importer, Role.IMPORTER)

    assert shipment.number in page(client.get(reverse("declarations")))
    page(client.get(reverse("declare", args=[shipment.number])))
    drafted = client.post(
        reverse("declare", args=[shipment.number]), {"warehouse": warehouse.pk}, follow=True
    )
    assert "DEC-2026-000001" in page(drafted)

    def act(step: str, **sent: str) -> str:
        url = reverse(f"declaration_{step}", args=["DEC-2026-000001"])
        return page(client.post(url, sent, follow=True))

    waiting = act("queue", language="zh-hans")
    assert 'hx-trigger="every' in waiting
    assert client.get(reverse("declaration_paper", args=["DEC-2026-000001"])).status_code == 404
    with platform_wide():
        make_due_documents(now=lambda: DECLARES)
    assert 'hx-trigger="every' not in page(
        client.get(reverse("declaration", args=["DEC-2026-000001"]))
    )
    act("lodge")
    assert ENTRY_NUMBER in act("release", their_reference=ENTRY_NUMBER)
    with platform_wide():
        assert Declaration.objects.get().state == DeclarationState.RELEASED


def test_the_paper_comes_as_a_file_that_nobody_keeps_a_copy_of(
    sign_in: SignIn, importer: Company
) -> None:
    with platform_wide():
        ready = a_ready(importer=importer)

    answer = sign_in(importer, Role.IMPORTER).get(
        reverse("declaration_paper", args=[ready.our_reference])
    )

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{ready.our_reference}.pdf"'
    assert answer["Cache-Control"] == "no-store"
    assert ready.our_reference in PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()


def test_several_papers_come_in_one_zip_and_nobody_elses(
    sign_in: SignIn, importer: Company
) -> None:
    with platform_wide():
        first, second = a_ready(importer=importer), a_ready(importer=importer)
        foreign, unfinished = a_ready(), a_queued(importer=importer)
    client = sign_in(importer, Role.IMPORTER)
    wanted = [first, second, unfinished.declaration, foreign]

    answer = client.post(
        reverse("list_act", args=["declarations"]),
        {"action": "zip", "row": [one.pk for one in wanted]},
    )

    with zipfile.ZipFile(io.BytesIO(answer.content)) as box:
        assert box.namelist() == [f"{one.our_reference}.pdf" for one in (first, second)]
        assert all(box.read(name).startswith(b"%PDF-") for name in box.namelist())


def test_a_zip_of_nothing_asks_for_a_choice(sign_in: SignIn, importer: Company) -> None:
    with platform_wide():
        unfinished = a_queued(importer=importer).declaration
    client = sign_in(importer, Role.IMPORTER)

    nothing = client.post(reverse("list_act", args=["declarations"]), {"action": "zip"})
    not_ready = client.post(
        reverse("list_act", args=["declarations"]), {"action": "zip", "row": [unfinished.pk]}
    )

    assert (nothing.status_code, not_ready.status_code) == (422, 409)
    assert "Choose at least one row" in nothing.text
    assert "Choose at least one declaration whose paper is ready" in not_ready.text


STEPS = ("queue", "retry", "lodge", "release", "reject", "redraft")


def test_a_stranger_finds_nothing(sign_in: SignIn, importer: Company) -> None:
    with platform_wide():
        ready = a_ready(importer=importer)
        shipment = ready.shipment.number
    for company, role in (
        (ImporterFactory.create(), Role.IMPORTER),
        (SellerFactory.create(), Role.SELLER),
        (SellerFactory.create(), Role.WAREHOUSE),
    ):
        client = sign_in(company, role)
        for name in ("declaration", "declaration_paper"):
            assert client.get(reverse(name, args=[ready.our_reference])).status_code == 404
        assert client.get(reverse("declare", args=[shipment])).status_code == 404
        for step in STEPS:
            url = reverse(f"declaration_{step}", args=[ready.our_reference])
            assert client.post(url, {"their_reference": ENTRY_NUMBER}).status_code == 404
    with platform_wide():
        assert Declaration.objects.get().state == DeclarationState.READY


def test_an_operator_looks_and_does_not_touch(sign_in: SignIn, importer: Company) -> None:
    with platform_wide():
        ready = a_ready(importer=importer)
    client = sign_in(SellerFactory.create(), Role.OPERATOR)

    page(client.get(reverse("declarations")))
    page(client.get(reverse("declaration", args=[ready.our_reference])))
    for step in STEPS:
        url = reverse(f"declaration_{step}", args=[ready.our_reference])
        assert client.post(url).status_code == 404


def test_a_refusal_is_told_in_words_and_changes_nothing(sign_in: SignIn, importer: Company) -> None:
    with platform_wide():
        lodged = a_lodged(importer=importer)
    client = sign_in(importer, Role.IMPORTER)

    answer = client.post(
        reverse("declaration_release", args=[lodged.our_reference]), {"their_reference": "12"}
    )

    assert answer.status_code == 422
    told = answer.content.decode()
    assert "18 digits" in told
    assert 'value="12"' in told, "what was typed is still there"
    assert 'id="id_their_reference_wrong"' in told, "and the refusal stands beside it"
    empty = client.post(
        reverse("declaration_reject", args=[lodged.our_reference]), {"reason": "  "}
    )
    assert (empty.status_code, 'id="id_reason_wrong"' in empty.content.decode()) == (422, True)
    with platform_wide():
        assert Declaration.objects.get().state == DeclarationState.LODGED


def test_what_is_missing_is_shown_before_it_is_refused(sign_in: SignIn, importer: Company) -> None:
    with platform_wide():
        shipment = a_shipment(importer=importer)
        product = shipment.lines.get().order_line.product
        type(product).objects.update(hs_code="12")
        a_warehouse()

    shown = page(sign_in(importer, Role.IMPORTER).get(reverse("declare", args=[shipment.number])))

    assert product.sku in shown
    assert "HS code (10 digits)" in shown


def test_a_failed_paper_can_be_tried_again(sign_in: SignIn, importer: Company) -> None:
    with platform_wide():
        document = a_queued(importer=importer)
        DeclarationDocument.objects.update(state="failed", last_error="the disk was <full>")
    client = sign_in(importer, Role.IMPORTER)
    reference = document.declaration.our_reference

    shown = page(client.get(reverse("declaration", args=[reference])))
    assert "the disk was" not in shown, "what the machine said is for the log"
    assert "It could not be made; the fault is ours" in shown
    with platform_wide():
        DeclarationDocument.objects.update(last_error="NotExact: An amount …")
    shown = page(client.get(reverse("declaration", args=[reference])))
    assert "An amount must be a whole number" in shown, "a refusal in its own words"
    listed = page(client.get(reverse("declarations"), {"failed": "yes"}))
    assert reference in listed
    assert reference not in page(client.get(reverse("declarations"), {"failed": "no"}))
    file = client.post("/lists/declarations/file/", {"kind": "csv"}).content.decode("utf-8-sig")
    assert "paper failed" in file
    home = page(client.get("/"))
    assert "The paper of 1 declaration could not be made" in home
    client.post(reverse("declaration_retry", args=[reference]))

    with platform_wide():
        assert DeclarationDocument.objects.get().state == "queued"


def test_a_seller_reads_its_lists_and_its_refusals(sign_in: SignIn) -> None:
    with platform_wide():
        TariffRateFactory.create()
        mine, other, milk = SellerFactory.create(), SellerFactory.create(), ProductFactory.create()
        received_stock({mine: 10, other: 10}, product=milk)
        for seller in (mine, other):
            accept_orders(
                seller=seller,
                orders=[
                    an_incoming_order(milk.sku, 3, number="T-1"),
                    an_incoming_order(milk.sku, 2, number="T-2", price_minor=300_000),
                ],
                now=SELLS,
            )
        draw_retail_lists(now=SELLS)
        own = RetailList.objects.get(seller=mine)
        foreign = RetailList.objects.get(seller=other)
    client = sign_in(mine, Role.SELLER)

    listed = page(client.get(reverse("retail_lists")))
    assert own.number in listed
    assert foreign.number not in listed
    assert "cannot be imported as one retail order" in listed
    assert "54.33" in page(client.get(reverse("retail_list", args=[own.number])))
    assert client.get(reverse("retail_list", args=[foreign.number])).status_code == 404
    with platform_wide():
        refused = RetailOrder.objects.get(seller=mine, channel_order_number="T-2")
    told = page(client.get(reverse("retail_order", args=[refused.number])))
    assert "cannot be imported as one retail order" in told
    assert "limit: CNY 5000.00" in told
    operator = sign_in(SellerFactory.create(), Role.OPERATOR)
    assert foreign.number in page(operator.get(reverse("retail_lists")))


def test_the_tariff_is_listed_for_operators(sign_in: SignIn) -> None:
    with platform_wide():
        TariffRateFactory.create()
    client = sign_in(SellerFactory.create(), Role.OPERATOR)

    assert "1901101010" in page(client.get(reverse("tariff"), {"q": "1901"}))
    assert "1901101010" not in page(client.get(reverse("tariff"), {"q": "33"}))
    assert "1901101010" not in page(client.get(reverse("tariff"), {"q": "milk"}))
    assert sign_in(SellerFactory.create(), Role.SELLER).get(reverse("tariff")).status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_speaks_both_languages(
    sign_in: SignIn, importer: Company, language: str
) -> None:
    with platform_wide():
        draft = a_draft(importer=importer)
    client = sign_in(importer, Role.IMPORTER, language)

    page(client.get(reverse("declarations")))
    page(client.get(reverse("declaration", args=[draft.our_reference])))


def test_what_the_machine_said_is_for_the_operator_alone(
    sign_in: SignIn, importer: Company
) -> None:
    with platform_wide():
        document = a_queued(importer=importer)
        DeclarationDocument.objects.update(state="failed", last_error="OSError: disk <full>")
    address = reverse("declaration", args=[document.declaration.our_reference])

    shown = page(sign_in(PlatformCompanyFactory.create(), Role.OPERATOR).get(address))

    assert "It could not be made; the fault is ours" in shown
    assert "OSError: disk &lt;full&gt;" in shown
    assert "OSError" not in page(sign_in(importer, Role.IMPORTER).get(address))


def test_a_charge_that_the_notice_leaves_out_is_typed_with_the_draft(
    sign_in: SignIn, importer: Company, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    clock.write_text(DECLARES.isoformat())
    monkeypatch.setenv("BONDPOOL_CLOCK_FILE", str(clock))
    with platform_wide():
        shipment, warehouse = a_shipment(importer=importer), a_warehouse()
        type(shipment).objects.update(insurance_minor=0)
    client = sign_in(importer, Role.IMPORTER)
    there = reverse("declare", args=[shipment.number])
    wrong = client.post(there, {"warehouse": warehouse.pk, "insurance_charge": "12"})
    assert wrong.status_code == 422
    with platform_wide():
        assert not Declaration.objects.exists()

    client.post(there, {"warehouse": warehouse.pk, "insurance_charge": "0.3/1"})

    with platform_wide():
        charge = Declaration.objects.get().charges.get(kind="insurance")
        assert (charge.mark, str(charge.value)) == ("1", "0.3000")
