"""Operators see what is proposed, what it changes, and decide; importers see what holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Company, Role
from core.walls import platform_wide
from customs.models import ReferenceProposal, TariffRate
from customs.rules.reference.kinds import KINDS
from tests.customs.test_pages import sign_in
from tests.factories.accounts import ImporterFactory, PlatformCompanyFactory, SellerFactory
from tests.factories.customs import CustomsCodeFactory, ExchangeRateFactory, TariffRateFactory

pytestmark = pytest.mark.django_db

__all__ = ["sign_in"]

SignIn = Callable[[Company, Role], Client]
HEAD = "hs_code,valid_from,duty_rate,vat_rate,legal_unit,source\n"


def page(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def send(client: Client, rows: str, head: str = HEAD) -> Any:
    file = SimpleUploadedFile("tariff.csv", (head + rows).encode())
    sent = {"kind": "tariff", "file": file}
    return client.post(reverse("reference_proposals"), sent)


def test_one_operator_proposes_and_another_approves(sign_in: SignIn) -> None:
    with platform_wide():
        TariffRateFactory.create(vat_rate=Decimal("0.17"))
    platform = PlatformCompanyFactory.create()
    maker, checker = (sign_in(platform, Role.OPERATOR) for _at in range(2))

    send(maker, "1901101010,2090-01-01,0.05,0.13,035,税则2090\n")

    with platform_wide():
        proposal = ReferenceProposal.objects.get()
    assert "1 change of reference data waits" in page(checker.get("/"))
    assert "of reference data wait" not in page(maker.get("/"))
    address = reverse("reference_proposal", args=[proposal.number])
    assert "<del>0.17</del> → <strong>0.13</strong>" in page(checker.get(address))
    file = checker.get(reverse("reference_differences", args=[proposal.number]))
    assert file.content.decode("utf-8-sig").splitlines()[1].startswith("changed,1901101010")
    approve = reverse("reference_approve", args=[proposal.number])
    assert approve not in page(maker.get(address))
    assert maker.post(approve).status_code == 409
    assert checker.post(approve).status_code == 302
    with platform_wide():
        assert TariffRate.objects.get(valid_from=date(2090, 1, 1)).vat_rate == Decimal("0.13")
    assert "2089-12-31" in page(checker.get(reverse("tariff_code", args=["1901101010"])))
    listed = page(checker.get(reverse("tariff"), {"on": "2090-02-01"}))
    assert "2090-01-01" in listed
    assert "2026-01-01" not in listed


def test_a_wrong_file_is_told_by_row_and_a_refusal_has_a_reason(sign_in: SignIn) -> None:
    client = sign_in(PlatformCompanyFactory.create(), Role.OPERATOR)

    wrong = send(client, "19011010,2090-01-01,0.05,0.13,035,x\n")
    assert wrong.status_code == 422
    assert "A tariff code has ten digits; a spreadsheet keeps" in wrong.content.decode()
    with platform_wide():
        assert not ReferenceProposal.objects.exists()
    send(client, "1901101010,2090-01-01,0.05,0.13,035,x\n")
    with platform_wide():
        number = ReferenceProposal.objects.get().number
    refuse = reverse("reference_refuse", args=[number])
    assert client.post(refuse, {"reason": ""}).status_code == 422
    assert client.post(refuse, {"reason": "another year"}).status_code == 302
    assert "another year" in page(client.get(reverse("reference_proposal", args=[number])))
    assert not TariffRate.objects.exists()


def test_a_gap_is_told_by_row_and_nothing_is_proposed(sign_in: SignIn) -> None:
    client = sign_in(PlatformCompanyFactory.create(), Role.OPERATOR)
    until = "hs_code,valid_from,valid_to,duty_rate,vat_rate,legal_unit,source\n"
    rows = "1901101010,2090-01-01,2090-01-30,0.05,0.13,035,x\n1901101010,2090-02-01,,0,0.13,035,x\n"

    wrong = send(client, rows, until)

    assert wrong.status_code == 422
    told = "Between two validities of the code there are days for which nothing holds."
    assert told in wrong.content.decode()
    with platform_wide():
        assert not ReferenceProposal.objects.exists()
        assert not TariffRate.objects.exists()


def test_importers_read_what_holds_and_sellers_do_not(sign_in: SignIn) -> None:
    with platform_wide():
        TariffRateFactory.create()
        ExchangeRateFactory.create()
        CustomsCodeFactory.create()
    importer = sign_in(ImporterFactory.create(), Role.IMPORTER)
    seller = sign_in(SellerFactory.create(), Role.SELLER)

    for name, told in {
        "positive_list": "19011010",
        "exchange_rates": "785.12",
        "customs_codes": "380000",
    }.items():
        assert told in page(importer.get(reverse(name)))
        assert seller.get(reverse(name)).status_code == 404
    assert importer.get(reverse("tariff_code", args=["9999999999"])).status_code == 404
    assert importer.get(reverse("reference_proposals")).status_code == 404


def test_rows_said_twice_are_left_out_by_name_where_that_is_asked(sign_in: SignIn) -> None:
    client = sign_in(PlatformCompanyFactory.create(), Role.OPERATOR)
    rows = "1901101010,2090-01-01,0.05,0.13,035,x\n1901101010,2090-01-01,0.05,0.09,035,x\n"
    sent = {"kind": "tariff", "takes_first": "on"}

    assert send(client, rows).status_code == 422
    file = SimpleUploadedFile("tariff.csv", (HEAD + rows).encode())
    answer = client.post(reverse("reference_proposals"), sent | {"file": file}, follow=True)

    with platform_wide():
        proposal = ReferenceProposal.objects.get()
        assert [(one.act, one.row, one.key) for one in proposal.changes.order_by("pk")] == [
            ("new", 2, "1901101010"),
            ("left_out", 3, "1901101010"),
        ]
    assert (proposal.rows, proposal.added) == (1, 1)
    assert "left out, said above" in page(answer)


def test_the_columns_of_every_kind_stand_beside_the_form(sign_in: SignIn) -> None:
    client = sign_in(PlatformCompanyFactory.create(), Role.OPERATOR)

    shown = page(client.get(reverse("reference_proposals")))

    for name, kind in KINDS.items():
        assert ", ".join(kind.columns) in shown
        assert name in shown
