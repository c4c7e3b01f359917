"""Sellers' accounts over the API: read by the seller, written by finance, once for a key."""

from __future__ import annotations

from core.walls import platform_wide
from notices.models import Notice
from procurement.models import SellerEntry
from tests.rest.conftest import Hire
from tests.walls.world import World

PAID = {"amount_minor": 12_345, "value_date": "2026-06-10", "reference": "BANK-API-1"}


def noted(kind: str) -> int:
    with platform_wide():
        return int(SellerEntry.objects.filter(kind=kind).count())


def test_a_seller_reads_what_it_owes_and_where_it_comes_from(world: World, hire: Hire) -> None:
    client = hire("seller")
    entries = client.get("account-entries?sort=number").json()["data"]
    told = client.get(f"seller-accounts/{world.seller.code}").json()

    assert {one["seller"] for one in entries} == {world.seller.code}
    assert [one["kind"] for one in entries][:2] == ["bill", "deposit"]
    assert told["balance_minor"] == sum(one["amount_minor"] for one in entries)
    assert sum(one["open_minor"] for one in told["open"]) == max(told["balance_minor"], 0)
    (listed,) = client.get("seller-accounts").json()["data"]
    assert listed["balance_minor"] == told["balance_minor"]
    assert client.get(f"seller-accounts/{world.stranger.code}").status_code == 404


def test_a_payment_under_a_key_counts_once(world: World, hire: Hire) -> None:
    client, path = hire("finance"), f"seller-accounts/{world.seller.code}"
    before = client.get(path).json()["balance_minor"]

    for _time in range(2):
        made = client.post(f"{path}/payments", PAID, idempotency_key="paid-once")
        assert made.status_code == 201
        assert made.json()["balance_minor"] == before - 12_345
    assert noted("payment") == 1


def test_a_refund_beyond_the_credit_is_refused_in_words(world: World, hire: Hire) -> None:
    path = f"seller-accounts/{world.seller.code}/refunds"
    told = {**PAID, "amount_minor": 10**11}

    refused = hire("finance").post(path, told, idempotency_key="too-much")

    assert refused.status_code == 409
    assert refused.json()["code"] == "procurement.credit_exceeded"
    assert noted("refund") == 0


def test_an_account_of_nobody_is_not_there(world: World, hire: Hire) -> None:
    client = hire("finance")

    assert client.get("seller-accounts/NOBODY").status_code == 404
    answer = client.post("seller-accounts/NOBODY/payments", PAID, idempotency_key="to-nobody")
    assert answer.status_code == 404
    assert noted("payment") == 0


def test_a_seller_asks_for_its_credit_as_on_its_page(world: World, hire: Hire) -> None:
    seller, finance = hire("seller"), hire("finance")
    path = f"seller-accounts/{world.seller.code}"
    before = seller.get(path).json()
    owed = max(before["balance_minor"], 0)

    refused = seller.post(f"{path}/refund-requests", idempotency_key="too-early")
    finance.post(
        f"{path}/payments", {**PAID, "amount_minor": owed + 700}, idempotency_key="too-much"
    )
    made = seller.post(f"{path}/refund-requests", idempotency_key="back-please")
    again = seller.post(f"{path}/refund-requests", idempotency_key="back-again")

    assert owed > 0
    assert (refused.status_code, refused.json()["code"]) == (409, "procurement.no_credit")
    assert before["asked_back_at"] is None
    assert (made.status_code, made.json()["balance_minor"]) == (201, -700)
    assert made.json()["asked_back_at"] is not None
    assert again.json() == made.json()
    assert finance.get(path).json() == made.json()
    assert finance.post(f"{path}/refund-requests", idempotency_key="not-mine").status_code == 403
    stranger = f"seller-accounts/{world.stranger.code}/refund-requests"
    assert seller.post(stranger, idempotency_key="not-mine").status_code == 404
    with platform_wide():
        assert Notice.objects.filter(event="account.asked_back").count() == 1
