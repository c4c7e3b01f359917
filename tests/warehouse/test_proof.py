"""``bondpool prove_stock`` finds a unit that nobody moved."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils.translation import override

from core.walls import inside, platform_wide
from tests.factories.accounts import SellerFactory
from tests.factories.warehouse import received_stock
from warehouse.models import Holding, ReceiptShare, StockMovement
from warehouse.queries.stock import Difference, prove_stock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _platform() -> Iterator[None]:
    with platform_wide(), override("en"):
        yield


def test_the_command_says_that_the_stock_agrees() -> None:
    received_stock({SellerFactory.create(): 5})
    out = StringIO()

    call_command("prove_stock", stdout=out)

    assert "The stock agrees with its movements (2 rows)." in out.getvalue()


def test_the_command_names_what_differs_and_fails() -> None:
    anna = SellerFactory.create()
    receipt = received_stock({anna: 5})
    Holding.objects.update(on_hand=4)
    out, err = StringIO(), StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("prove_stock", stdout=out, stderr=err)

    assert ended.value.code == 1
    lot = receipt.lines.get().lot.number
    line = f"stock = sum of movements: lot {lot}, owner {anna.code}: booked 5, stands 4\n"
    assert out.getvalue() == line
    assert "1 difference" in err.getvalue()


def test_a_movement_without_a_holding_is_found() -> None:
    anna, bert = SellerFactory.create(), SellerFactory.create()
    receipt = received_stock({anna: 5})
    lot = receipt.lines.get().lot
    StockMovement.objects.create(
        lot=lot,
        owner=bert,
        keeper=receipt.warehouse.operator,
        kind="returned",
        quantity=2,
        document="?",
        moved_at=receipt.received_at,
        booked_at=receipt.received_at,
        key="stray",
    )

    assert prove_stock() == [
        Difference("stock = sum of movements", f"lot {lot.number}, owner {bert.code}", 2, 0)
    ]


def test_a_share_too_many_is_found() -> None:
    anna, bert = SellerFactory.create(), SellerFactory.create()
    line = received_stock({anna: 5}).lines.get()
    ReceiptShare.objects.create(receipt_line=line, owner=bert, entitled=1, received=0)

    (found,) = prove_stock()

    assert (found.proof, found.booked, found.stands) == (
        "announced = sum of the owners' entitlements",
        5,
        6,
    )


def test_inside_a_wall_only_the_companys_own_rows_are_looked_at() -> None:
    anna, bert = SellerFactory.create(), SellerFactory.create()
    received_stock({anna: 5, bert: 5})
    Holding.objects.filter(owner=anna).update(on_hand=1)

    with inside(bert.pk):
        assert [one.subject for one in prove_stock() if anna.code in one.subject] == []
