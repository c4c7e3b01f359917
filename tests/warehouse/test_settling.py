"""What a supplier pays for a claim is credited to those whose goods came damaged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import Company, Role, User
from accounts.rules.seen import ChangedMeanwhile, stamp
from catalog.models import Product
from core.errors import DomainError
from core.walls import inside, platform_wide
from ledger.queries import balance
from procurement.models import SellerEntry
from procurement.queries.proving import prove_accounts
from tests.factories.accounts import (
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
    UserFactory,
    confirm,
)
from tests.factories.procurement import ShipmentFactory
from tests.factories.warehouse import BondedWarehouseFactory
from tests.walls.rows import all_rows
from tests.warehouse.settling import DAY, a_rate, accepted, settled
from warehouse.models import ClaimPart, ClaimSettlement, SupplierClaim
from warehouse.queries.proving import prove_stock
from warehouse.rules.claims import ClaimDoesNotFollow, State
from warehouse.rules.settling import (
    ClaimWithoutAmount,
    CorrectionWithoutReason,
    SettledInFuture,
    SettlementOutOfBounds,
    SettlementUnchanged,
)
from warehouse.services import carry_on_claim

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts")]


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
    # Each line multiplies out to what it books.
    assert credited(anna)[1:] == [
        (3_140, f"{made.number}: EUR -4.00 × 7.85"),
        (2_093, f"{nothing.number}: EUR -2.67 × 7.85"),
    ]
    assert credited(bert)[1:] == [
        (1_570, f"{made.number}: EUR -2.00 × 7.85"),
        (1_047, f"{nothing.number}: EUR -1.33 × 7.85"),
    ]
    assert sum(minor for minor, _told in credited(bert)) == 0
    assert balance(f"claims:{holder.pk}:CNY") == 0
    assert prove_accounts().faults == []


def test_a_correction_at_another_rate_names_both(
    claim: SupplierClaim, anna: Company, clerk: User
) -> None:
    first, second, third = DAY, DAY - timedelta(days=1), DAY - timedelta(days=2)
    a_rate(second, "10")
    a_rate(third, "7.1234567891")
    settled(claim, clerk, 1_000, day=first)

    dearer = settled(claim, clerk, 1_000, "Paid a day before", second)
    long = settled(claim, clerk, 999, "Two days", third)

    assert credited(anna)[1:] == [
        # 66.67 and 66.70 yuan; what is left of a fen goes to the largest remainder.
        (-1_434, f"{dearer.number}: EUR 6.67 × 10 - 6.67 × 7.85"),
        (1_923, f"{long.number}: EUR 6.66 × 7.1234567891 - 6.67 × 10"),
    ]
    assert prove_accounts().faults == []


def test_who_corrects_another_version_than_the_last_looks_again(
    claim: SupplierClaim, clerk: User
) -> None:
    settled(claim, clerk, 1_000, seen=stamp(0))
    settled(claim, clerk, 900, "Bank charges", seen=stamp(1))
    before = all_rows()

    for seen in (stamp(0), stamp(1)):
        with pytest.raises(ChangedMeanwhile) as refused, transaction.atomic():
            settled(claim, clerk, 400, "Half of it", seen=seen)
        assert refused.value.facts == {"version": "2"}

    assert all_rows() == before


def test_a_claim_that_was_settled_before_amounts_were_noted_is_credited_later(
    claim: SupplierClaim, anna: Company, clerk: User
) -> None:
    SupplierClaim.objects.update(state="settled")

    made = settled(claim, clerk, 1_000)

    assert (made.version, made.reason, credited(anna)[0][0]) == (1, "", -5_233)
    claim.refresh_from_db()
    assert claim.state == "settled"


@pytest.mark.usefixtures("holder")
def test_a_line_that_has_no_room_for_two_rates_says_what_differs(
    milk: Product, anna: Company, clerk: User
) -> None:
    claim = accepted({anna: 30}, milk, clerk, amount_minor=30_000_000)
    for days, value in ((1, "7.1234567891"), (2, "7.1234567892")):
        a_rate(DAY - timedelta(days=days), value)
    settled(claim, clerk, 2_000_000, day=DAY - timedelta(days=1))

    made = settled(claim, clerk, 1_000_000, "Half of it", DAY - timedelta(days=2))

    assert credited(anna)[1:] == [(7_123_457, f"{made.number}: EUR -10000.00")]


@pytest.mark.usefixtures("holder")
def test_a_claim_of_nothing_is_settled_with_nothing(
    milk: Product, anna: Company, bert: Company, clerk: User
) -> None:
    claim = accepted({anna: 20, bert: 10}, milk, clerk, amount_minor=0)
    assert claim.amount_minor == 0
    before = all_rows()
    with pytest.raises(SettlementOutOfBounds), transaction.atomic():
        settled(claim, clerk, 1)
    assert all_rows() == before

    made = settled(claim, clerk, 0)

    claim.refresh_from_db()
    assert (claim.state, made.amount_minor, made.home_minor) == ("settled", 0, 0)
    assert sorted(made.parts.values_list("units", "amount_minor", "home_minor")) == [
        (1, 0, 0),
        (2, 0, 0),
    ]
    assert not SellerEntry.objects.exists()


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

    late = client.post(path, told | {"amount": "3.00", "seen": stamp(1)})
    assert late.status_code == 409
    assert "Somebody changed this" in late.content.decode()

    shown = client.get(path).content.decode()
    assert f'name="seen" value="{stamp(2)}"' in shown
    assert "Bank charges" in shown
    assert "Correct the settlement" in shown
    assert "Credit the owners" not in shown
    assert "7.85 forex-python" in shown
    assert 'value="2026-08-01"' in shown
    assert list(ClaimSettlement.objects.order_by("version").values_list("amount_minor")) == [
        (1_000,),
        (400,),
    ]


def test_the_page_says_beside_the_day_that_it_has_no_rate(
    holder: Company, milk: Product, anna: Company, clerk: User
) -> None:
    # The file of rates that comes with the platform has none of this currency.
    house = BondedWarehouseFactory.create()
    sent = ShipmentFactory.create(state="cleared", bound_for=house.operator, order__currency="AED")
    claim = accepted({anna: 30}, milk, clerk, house, shipment=sent)
    member = MembershipFactory.create(company=claim.buyer, role=Role.IMPORTER)
    client = Client(headers={"accept-language": "en", "accept": "text/html"})
    client.force_login(member.user)
    confirm(client)

    answer = client.post(f"/claims/{claim.number}/", {"amount": "10", "settled_on": "2026-08-01"})
    assert answer.status_code == 422
    assert "No usable rate is known" in answer.context["form"].errors["settled_on"][0]
    assert SupplierClaim.objects.get().state == "accepted"
    assert not ClaimSettlement.objects.exists()


def test_the_page_takes_the_first_settlement_of_a_claim_that_is_settled_already(
    claim: SupplierClaim, clerk: User
) -> None:
    SupplierClaim.objects.update(state="settled")
    a_rate(DAY - timedelta(days=1), "10")
    member = MembershipFactory.create(company=claim.buyer, role=Role.IMPORTER)
    client = Client(headers={"accept-language": "en", "accept": "text/html"})
    client.force_login(member.user)
    confirm(client)
    path = f"/claims/{claim.number}/"

    shown = client.get(path).content.decode()
    assert f'name="seen" value="{stamp(0)}"' in shown
    assert 'name="reason"' not in shown
    assert "Credit the owners" in shown
    assert "Correct the settlement" not in shown
    told = {"amount": "10.00", "settled_on": "2026-07-31", "seen": stamp(0)}
    assert client.post(path, told).status_code == 302

    assert ClaimSettlement.objects.get().home_minor == 10_000
    assert '<td class="text-end number">10 forex-python</td>' in client.get(path).content.decode()


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
