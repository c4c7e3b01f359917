"""``bondpool prove_stock`` finds a unit that nobody moved."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils.translation import override

from core.walls import inside, platform_wide
from notices.models import Notice
from tests.factories.accounts import SellerFactory
from tests.factories.warehouse import SELLS, received_stock
from warehouse.models import Holding, Location, ReceiptShare, StockMovement, StockPosting
from warehouse.queries.proving import Difference, prove_stock
from warehouse.services import report_differences

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _platform() -> Iterator[None]:
    with platform_wide(), override("en"):
        yield


def test_the_command_says_that_the_stock_agrees() -> None:
    received_stock({SellerFactory.create(): 5})
    out = StringIO()

    call_command("prove_stock", stdout=out)

    assert "The stock agrees with its movements (3 rows)." in out.getvalue()


def test_the_command_names_what_differs_and_fails() -> None:
    anna = SellerFactory.create()
    receipt = received_stock({anna: 5})
    Holding.objects.update(on_hand=4)
    out, err = StringIO(), StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("prove_stock", stdout=out, stderr=err)

    assert ended.value.code == 1
    lot = receipt.lines.get().lot.number
    of_lot = f"stock = sum of movements: lot {lot}, owner {anna.code}, GATE, available"
    of_owner = f"an owner's stock = what came in - what went out: owner {anna.code}"
    assert out.getvalue().splitlines() == [
        f"{of_lot}: booked 5, stands 4",
        f"{of_owner}: booked 5, stands 4",
    ]
    assert "2 differences" in err.getvalue()


def test_a_movement_without_a_holding_is_found() -> None:
    anna, bert = SellerFactory.create(), SellerFactory.create()
    receipt = received_stock({anna: 5})
    lot = receipt.lines.get().lot
    told = {
        "owner": bert,
        "keeper": receipt.warehouse.operator,
        "kind": "counted",
        "document": "?",
        "moved_at": receipt.received_at,
    }
    stray = StockPosting.objects.create(key="stray", booked_at=receipt.received_at, **told)
    leg = {"posting": stray, "lot": lot, **told}
    StockMovement.objects.bulk_create(
        [
            StockMovement(account="adjustment", quantity=-2, **leg),
            StockMovement(
                account="stock",
                quantity=2,
                location=Location.objects.get(),
                status="damaged",
                **leg,
            ),
        ]
    )

    assert prove_stock() == [
        Difference(
            "stock = sum of movements",
            f"lot {lot.number}, owner {bert.code}, GATE, damaged",
            2,
            0,
        ),
        Difference("an owner's stock = what came in - what went out", f"owner {bert.code}", 2, 0),
    ]


def test_what_is_reserved_and_promised_to_nobody_is_found() -> None:
    anna = SellerFactory.create()
    lot = received_stock({anna: 5}).lines.get().lot
    Holding.objects.update(status="reserved")
    accounts = {"stock = sum of movements"}

    found = [one for one in prove_stock() if one.proof not in accounts]

    assert found == [
        Difference(
            "promised = sum of what orders hold",
            f"lot {lot.number}, owner {anna.code}, GATE, reserved",
            0,
            5,
        )
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


def test_the_nightly_proof_tells_the_operators_once_and_mends_nothing() -> None:
    anna = SellerFactory.create()
    lot = received_stock({anna: 5}).lines.get().lot
    Holding.objects.update(on_hand=4)

    assert report_differences(now=SELLS) == 2
    assert report_differences(now=SELLS) == 0, "looked at today"

    told = Notice.objects.get(event="stock.differs")
    where = f"stock = sum of movements: lot {lot.number}, owner {anna.code}, GATE, available"
    assert told.facts == {"differences": 2, "first": f"{where}: 5, 4"}
    assert Holding.objects.get().on_hand == 4


def test_nobody_hears_of_a_stock_that_agrees() -> None:
    received_stock({SellerFactory.create(): 5})

    assert report_differences(now=SELLS) == 0
    assert not Notice.objects.filter(event="stock.differs").exists()
