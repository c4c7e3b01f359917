"""A form that takes a file alone, sent without one."""

from __future__ import annotations

import pytest

from accounts.models import Role, User
from procurement.models import DepositEvent, SalesReport, SellerSales
from tests.factories.accounts import MembershipFactory

from .conftest import AsPerson, Market

PASTED = {"pasted": "quarter,sku,actual_units\n2026-Q1,MILK,12\n"}


@pytest.mark.parametrize("path", ["/sales/upload/", "/deposits/payments/"])
@pytest.mark.parametrize("sent", [{}, PASTED], ids=["nothing", "rows that were pasted"])
def test_without_its_file_it_is_refused_in_words_and_nothing_is_written(
    market: Market, as_person: AsPerson, path: str, sent: dict[str, str]
) -> None:
    person: User = market.anna_person
    if path.startswith("/deposits"):
        person = MembershipFactory.create(company=market.platform, role=Role.FINANCE).user

    answer = as_person(person).post(path, sent)

    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "This field is required." in shown
    # What it does not take it does not ask for.
    assert 'name="pasted"' not in shown
    assert not SalesReport.objects.exists()
    assert not SellerSales.objects.exists()
    assert not DepositEvent.objects.exists()
