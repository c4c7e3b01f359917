"""What a supplier pays for a claim is credited to those whose goods came damaged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import Company, Role, User
from catalog.models import Product
from core.errors import DomainError
from core.walls import inside, platform_wide
from ledger.queries import balance
from procurement.models import SellerEntry
from procurement.queries.proving import prove_accounts
from settlement.models import RateQuote
from tests.factories.accounts import (
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
    UserFactory,
    confirm,
)
from tests.factories.warehouse import ARRIVES, SELLS, BondedWarehouseFactory, a_cleared_shipment
from tests.walls.rows import all_rows
from warehouse.models import ClaimPart, ClaimSettlement, SupplierClaim
from warehouse.queries.proving import prove_stock
from warehouse.rules.claims import ClaimDoesNotFollow, State
from warehouse.rules.receiving import Found
from warehouse.rules.settling import (
    ClaimWithoutAmount,
    CorrectionWithoutReason,
    SettledInFuture,
    SettlementOutOfBounds,
    SettlementUnchanged,
)
from warehouse.services import carry_on_claim, receive, settle_claim

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts")]

DAY = date(2026, 8, 1)


@pytest.fixture(autouse=True)
def _wide() -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def holder() -> Company:
    return Company.objects.filter(kinds__contains=["platform"]).first() or (
        PlatformCompanyFactory.create()
    )


@pytest.fixture
def clerk() -> User:
    return UserFactory.create()


@pytest.fixture
def bert() -> Company:
    return SellerFactory.create(code="BERT")


@pytest.fixture
def claim(
    holder: Company, milk: Product, anna: Company, bert: Company, clerk: User
) -> SupplierClaim:
    """Three units came damaged, two of hers and one of his; accepted by the supplier."""
    return accepted({anna: 20, bert: 10}, milk, clerk)


def accepted(shares: dict[Company, int], milk: Product, clerk: User) -> SupplierClaim:
    house = BondedWarehouseFactory.create()
    line = a_cleared_shipment(shares, product=milk, bound_for=house.operator)
    receive(
        shipment=line.shipment,
        warehouse=house,
        counts={line.pk: 30},
        received_by=clerk,
        now=ARRIVES,
        found={line.pk: Found(damaged=3)},
    )
    found = SupplierClaim.objects.get()
    RateQuote.objects.create(
        source="forex-python",
        base=found.currency,
        quote="CNY",
        value=Decimal("7.85"),
        asked_for=DAY,
        value_date=DAY,
        fetched_at=SELLS,
    )
    for state in (State.SENT, State.ACCEPTED):
        carry_on_claim(claim=found, state=state)
    return found


def settled(
    claim: SupplierClaim, clerk: User, minor: int, reason: str = "", day: date = DAY
) -> ClaimSettlement:
    return settle_claim(
        claim=claim,
        amount_minor=minor,
        settled_on=day,
        entered_by=clerk,
        now=SELLS,
        reason=reason,
    )


def credited(company: Company) -> list[tuple[int, str]]:
    rows = SellerEntry.objects.filter(kind="claim", seller=company).order_by("pk")
    return list(rows.values_list("amount_minor", "reference"))


def test_each_owner_is_credited_its_part_once_at_the_rate_of_the_day(
    claim: SupplierClaim, holder: Company, anna: Company, bert: Company, clerk: User
) -> None:
    made = settled(claim, clerk, 1_000)

    claim.refresh_from_db()
    assert claim.state == "settled"
    assert (made.rate, made.home_minor) == (Decimal("7.85"), 7_850)
    parts = ClaimPart.objects.order_by("owner__pk")
    assert sorted(
        parts.values_list("owner__code", "units", "amount_minor", "home_minor")
    ) == sorted([(anna.code, 2, 667, 5_233), ("BERT", 1, 333, 2_617)])
    assert credited(anna) == [(-5_233, f"{made.number}: EUR 6.67 × 7.85")]
    assert credited(bert) == [(-2_617, f"{made.number}: EUR 3.33 × 7.85")]
    assert balance(f"claims:{holder.pk}:CNY") == 7_850
    assert prove_accounts().faults == []


def test_a_correction_books_what_differs_with_its_reason(
    claim: SupplierClaim, holder: Company, anna: Company, bert: Company, clerk: User
) -> None:
    settled(claim, clerk, 1_000)

    made = settled(claim, clerk, 400, "  Bank charges ")
    nothing = settled(claim, clerk, 0, "Taken back")

    assert (made.version, made.reason, nothing.version) == (2, "Bank charges", 3)
    assert [minor for minor, _told in credited(anna)] == [-5_233, 3_140, 2_093]
    assert sum(minor for minor, _told in credited(bert)) == 0
    assert balance(f"claims:{holder.pk}:CNY") == 0
    assert prove_accounts().faults == []


def test_what_was_the_platforms_is_its_income(
    holder: Company, milk: Product, anna: Company, clerk: User
) -> None:
    # The platform's surplus bears the damage first.
    settled(accepted({anna: 28, holder: 2}, milk, clerk), clerk, 999)

    assert [minor for minor, _told in credited(anna)] == [-2_614]
    assert credited(holder) == []
    assert balance(f"claims_own:{holder.pk}:CNY") == -5_228
    assert balance(f"claims:{holder.pk}:CNY") == 7_842


@pytest.mark.parametrize(
    ("minor", "day", "refusal"),
    [
        (0, DAY, SettlementOutOfBounds),
        (10**9, DAY, SettlementOutOfBounds),
        (1_000, date(2026, 8, 2), SettledInFuture),
    ],
)
def test_a_wrong_settlement_is_refused_and_nothing_is_written(
    claim: SupplierClaim, clerk: User, minor: int, day: date, refusal: type[DomainError]
) -> None:
    before = all_rows()

    with pytest.raises(refusal), transaction.atomic():
        settled(claim, clerk, minor, day=day)
    with pytest.raises(ClaimWithoutAmount), transaction.atomic():
        carry_on_claim(claim=claim, state=State.SETTLED)

    assert all_rows() == before


def test_a_correction_says_why_and_changes_something(claim: SupplierClaim, clerk: User) -> None:
    settled(claim, clerk, 1_000)
    before = all_rows()

    for minor, reason, refusal in (
        (900, " ", CorrectionWithoutReason),
        (1_000, "Again", SettlementUnchanged),
    ):
        with pytest.raises(refusal), transaction.atomic():
            settled(claim, clerk, minor, reason)

    assert all_rows() == before


def test_what_was_not_accepted_is_not_settled(claim: SupplierClaim, clerk: User) -> None:
    SupplierClaim.objects.update(state="sent")
    with pytest.raises(ClaimDoesNotFollow):
        settled(claim, clerk, 1_000)
    assert not ClaimSettlement.objects.exists()
    assert not SellerEntry.objects.exists()


def test_an_owner_sees_its_part_and_the_importer_not_whose_it_is(
    claim: SupplierClaim, anna: Company, clerk: User
) -> None:
    settled(claim, clerk, 1_000)

    with inside(anna.pk):
        assert [one.units for one in ClaimPart.objects.all()] == [2]
        assert not ClaimSettlement.objects.exists()
    with inside(claim.buyer_id):
        assert not ClaimPart.objects.exists()
        assert ClaimSettlement.objects.count() == 1


def test_the_importer_settles_it_on_its_page_once_confirmed(claim: SupplierClaim) -> None:
    member = MembershipFactory.create(company=claim.buyer, role=Role.IMPORTER)
    client = Client(headers={"accept-language": "en", "accept": "text/html"})
    client.force_login(member.user)
    path, told = f"/claims/{claim.number}/", {"amount": "10.00", "settled_on": "2026-08-01"}

    assert 'name="amount"' in client.get(path).content.decode()
    away = client.post(path, told)
    assert away.status_code == 302
    assert away["Location"].startswith("/account/confirm")
    assert not ClaimSettlement.objects.exists()


def test_the_page_books_what_the_importer_says_and_shows_why_it_was_corrected(
    claim: SupplierClaim, clerk: User
) -> None:
    settled(claim, clerk, 1_000)
    member = MembershipFactory.create(company=claim.buyer, role=Role.IMPORTER)
    client = Client(headers={"accept-language": "en", "accept": "text/html"})
    client.force_login(member.user)
    confirm(client)
    path = f"/claims/{claim.number}/"
    told = {"amount": "4.00", "settled_on": "2026-08-01", "reason": "Bank charges"}

    refused = client.post(path, told | {"amount": "10.00"})
    assert refused.status_code == 422
    assert "corrected to another amount" in refused.content.decode()
    assert client.post(path, told).status_code == 302

    shown = client.get(path).content.decode()
    assert "Bank charges" in shown
    assert 'value="2026-08-01"' in shown
    assert list(ClaimSettlement.objects.order_by("version").values_list("amount_minor")) == [
        (1_000,),
        (400,),
    ]


def test_the_proof_finds_a_part_that_nobody_paid(
    claim: SupplierClaim, holder: Company, clerk: User
) -> None:
    made = settled(claim, clerk, 1_000)
    assert prove_stock() == []

    ClaimPart.objects.create(settlement=made, owner=holder, units=1, amount_minor=1, home_minor=8)

    (found,) = prove_stock()
    assert found.proof == "paid by a supplier = sum of the owners' parts"
    assert (found.subject, found.booked, found.stands) == (
        f"settlement {made.number}",
        7_850,
        7_858,
    )
