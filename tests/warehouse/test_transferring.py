"""One seller offers another what it has in bond: set aside, taken or given back, and paid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Company, CompanyKind, Role, User
from catalog.models import Product
from core.errors import DomainError
from core.walls import inside, platform_wide
from ledger.models import JournalEntry, JournalLine
from notices.models import Notice
from procurement.models import SellerEntry
from procurement.queries.charging import balance
from procurement.queries.proving import prove_accounts
from tests.factories.accounts import (
    CompanyFactory,
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
    UserFactory,
)
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from tests.warehouse.selling import on_hand
from traceability.models import TraceEvent
from warehouse.models import Holding, StockPosting, StockTransfer, TransferConsent
from warehouse.queries.proving import prove_stock
from warehouse.queries.transfers import kept_by, lots_to_offer, of_seller
from warehouse.rules import transferring as rules
from warehouse.rules.posting import Status, StatusDoesNotFollow
from warehouse.rules.transferring import Offer
from warehouse.services import (
    accept_offer,
    accept_orders,
    change_stock,
    end_offers,
    offer_stock,
    refuse_offer,
    withdraw_offer,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 8, 1)
OVER = TODAY + timedelta(days=7)


@pytest.fixture(autouse=True)
def _platform() -> Iterator[None]:
    with platform_wide():
        PlatformCompanyFactory.create()
        yield


@pytest.fixture
def ben() -> Company:
    return SellerFactory.create(code="BEN")


@pytest.fixture
def person() -> User:
    return UserFactory.create()


@pytest.fixture
def lot(milk: Product, anna: Company) -> str:
    received_stock({anna: 10}, product=milk)
    return str(Holding.objects.get().lot.number)


def terms(units: int = 4, price_minor: int = 1_250, **more: Any) -> Offer:
    return Offer(units=units, price_minor=price_minor, valid_until=OVER, **more)


def offered(anna: Company, lot: str, person: User, offer: Offer | None = None) -> StockTransfer:
    return offer_stock(
        giver=anna,
        taker="BEN",
        lot=lot,
        offer=offer or terms(),
        offered_by=person,
        now=SELLS,
    )


def test_what_is_offered_is_set_aside_and_then_the_takers_to_sell(
    anna: Company, ben: Company, lot: str, person: User
) -> None:
    made = offered(anna, lot, person, terms(remark="same holder"))

    assert (made.number, made.state, made.account_book) == (
        *("TR-2026-000001", "offered"),
        "T3105W000001",
    )
    assert (on_hand(anna), on_hand(anna, "offered"), on_hand(ben)) == ([6], [4], [])
    told = Notice.objects.get(event="transfer.offered")
    assert (told.company, told.facts["amount"]) == (ben, {"minor": 5_000, "currency": "CNY"})
    assert prove_stock() == []

    accept_offer(transfer=made, company=ben, accepted_by=person, now=SELLS)

    assert (on_hand(anna), on_hand(anna, "offered"), on_hand(ben)) == ([6], [0], [4])
    (order,) = accept_orders(seller=ben, orders=[an_incoming_order("MILK", 4)], now=SELLS)
    assert order.outcome == "accepted"
    assert list(TransferConsent.objects.order_by("pk").values_list("step", "company__code")) == [
        ("offered", anna.code),
        ("accepted", "BEN"),
    ]
    assert Notice.objects.get(event="transfer.accepted").company == anna
    assert prove_stock() == []


def test_the_price_goes_over_both_accounts_and_sums_to_zero(
    anna: Company, ben: Company, lot: str, person: User
) -> None:
    made = offered(anna, lot, person)

    accept_offer(transfer=made, company=ben, accepted_by=person, now=SELLS)

    assert (balance(ben), balance(anna)) == (5_000, -5_000)
    entries = SellerEntry.objects.order_by("pk")
    assert [(one.kind, one.reference, one.due_on) for one in entries] == [
        ("sale", made.number, TODAY + timedelta(days=7))
    ] * 2
    posted = JournalEntry.objects.get(kind="sale_in_bond")
    lines = JournalLine.objects.filter(entry=posted)
    assert sorted(lines.values_list("amount_minor", flat=True)) == [-5_000, 5_000]
    assert prove_accounts().faults == []


def test_what_is_given_away_is_on_no_account(
    anna: Company, ben: Company, lot: str, person: User
) -> None:
    made = offered(anna, lot, person, terms(price_minor=0))

    accept_offer(transfer=made, company=ben, accepted_by=person, now=SELLS)

    assert on_hand(ben) == [4]
    assert not SellerEntry.objects.exists()


def test_the_trace_hears_of_it_and_of_no_owner(
    anna: Company, ben: Company, lot: str, person: User
) -> None:
    made = offered(anna, lot, person)
    accept_offer(transfer=made, company=ben, accepted_by=person, now=SELLS)

    event = TraceEvent.objects.get(biz_step="accepting")

    assert event.asserted_by_id == made.keeper_id
    assert event.quantities[0]["quantity"] == 4
    for word in (anna.code, "BEN", made.number, ben.name_zh, anna.name_zh):
        assert word not in f"{event.keys}{event.details}{event.quantities}"


@pytest.mark.parametrize(
    ("end", "event"),
    [
        (
            lambda one, anna, ben, who: refuse_offer(
                transfer=one, company=ben, refused_by=who, now=SELLS
            ),
            "transfer.refused",
        ),
        (
            lambda one, anna, ben, who: withdraw_offer(
                transfer=one, company=anna, withdrawn_by=who, now=SELLS
            ),
            "transfer.withdrawn",
        ),
        (
            lambda one, anna, ben, who: end_offers(now=SELLS + timedelta(days=8)),
            "transfer.expired",
        ),
    ],
    ids=["refused", "withdrawn", "expired"],
)
def test_an_offer_that_ends_gives_its_units_back(
    anna: Company,
    ben: Company,
    lot: str,
    person: User,
    end: Callable[..., object],
    event: str,
) -> None:
    made = offered(anna, lot, person, terms(units=10))

    end(made, anna, ben, person)

    made.refresh_from_db()
    assert event == f"transfer.{made.state}"
    assert (on_hand(anna), on_hand(anna, "offered"), on_hand(ben)) == ([10], [0], [])
    assert Notice.objects.filter(event=event).exists()
    assert not SellerEntry.objects.exists()
    assert not TraceEvent.objects.filter(biz_step="accepting").exists()
    assert prove_stock() == []
    with pytest.raises(rules.OfferIsOver):
        accept_offer(transfer=made, company=ben, accepted_by=person, now=SELLS)
    with pytest.raises(rules.OfferIsOver):
        refuse_offer(transfer=made, company=ben, refused_by=person, now=SELLS)
    assert end_offers(now=SELLS + timedelta(days=9)) == 0
    assert TransferConsent.objects.count() == 2


def test_an_offer_stands_until_its_day_is_over(
    anna: Company, ben: Company, lot: str, person: User
) -> None:
    made = offered(anna, lot, person)

    assert end_offers(now=SELLS + timedelta(days=7)) == 0
    with pytest.raises(rules.OfferIsOver):
        accept_offer(transfer=made, company=ben, accepted_by=person, now=SELLS + timedelta(days=8))
    accept_offer(transfer=made, company=ben, accepted_by=person, now=SELLS + timedelta(days=7))

    assert on_hand(ben) == [4]


@pytest.mark.parametrize(
    ("taker", "offer", "error"),
    [
        ("ANNA", terms(), rules.OfferedToOneself),
        ("NOBODY", terms(), rules.NotAnAdmittedSeller),
        ("WAITS", terms(), rules.NotAnAdmittedSeller),
        ("IMPORTS", terms(), rules.NotAnAdmittedSeller),
        ("BEN", terms(units=11), rules.NotThatMuchToOffer),
        ("BEN", terms(units=0), rules.OfferOfNothing),
        ("BEN", terms(price_minor=-1), rules.OfferOfNothing),
        ("BEN", terms(book="T3105W000002"), rules.AccountBookChanges),
        ("BEN", terms(remark="a\nb"), rules.RemarkTooLong),
        ("BEN", Offer(1, 1, TODAY - timedelta(days=1)), rules.OfferDayOutOfRange),
        ("BEN", Offer(1, 1, TODAY + timedelta(days=31)), rules.OfferDayOutOfRange),
    ],
)
def test_what_is_refused_writes_nothing(
    milk: Product, ben: Company, person: User, taker: str, offer: Offer, error: type[DomainError]
) -> None:
    anna = SellerFactory.create(code="ANNA")
    SellerFactory.create(code="WAITS", status="applicant")
    CompanyFactory.create(code="IMPORTS", kinds=[CompanyKind.IMPORTER])
    received_stock({anna: 10}, product=milk)
    lot = Holding.objects.get().lot.number

    with pytest.raises(error):
        offer_stock(giver=anna, taker=taker, lot=lot, offer=offer, offered_by=person, now=SELLS)

    assert list(Holding.objects.values_list("status", "on_hand")) == [("available", 10)]
    assert not StockTransfer.objects.exists()
    assert not TransferConsent.objects.exists()
    assert StockPosting.objects.count() == 1
    assert not Notice.objects.filter(event="transfer.offered").exists()


def test_an_expired_lot_is_neither_offered_nor_taken(
    milk: Product, anna: Company, ben: Company, person: User
) -> None:
    received_stock({anna: 10}, product=milk, expires_on=TODAY + timedelta(days=2))
    lot = Holding.objects.get().lot.number
    made = offered(anna, lot, person)

    with pytest.raises(rules.ExpiredGoodsOffered):
        accept_offer(transfer=made, company=ben, accepted_by=person, now=SELLS + timedelta(days=2))
    with pytest.raises(rules.ExpiredGoodsOffered):
        offer_stock(
            giver=anna,
            taker="BEN",
            lot=lot,
            offer=terms(),
            offered_by=person,
            now=SELLS + timedelta(days=2),
        )

    assert (on_hand(anna, "offered"), on_hand(ben)) == ([4], [])


def test_who_owes_what_is_overdue_buys_nothing(
    anna: Company, ben: Company, lot: str, person: User
) -> None:
    first, second = (offered(anna, lot, person, terms(units=1)) for _ in range(2))
    accept_offer(transfer=first, company=ben, accepted_by=person, now=SELLS)
    late = SELLS + timedelta(days=8)
    later = offer_stock(
        giver=anna,
        taker="BEN",
        lot=lot,
        offer=Offer(1, 100, TODAY + timedelta(days=20)),
        offered_by=person,
        now=late,
    )

    with pytest.raises(rules.BuyerIsLate):
        accept_offer(transfer=later, company=ben, accepted_by=person, now=late)

    assert second.state == "offered"
    assert balance(ben) == 1_250
    assert on_hand(ben) == [1]


def test_each_side_says_its_own_part(anna: Company, ben: Company, lot: str, person: User) -> None:
    made = offered(anna, lot, person)

    with pytest.raises(rules.NotYoursToAnswer):
        accept_offer(transfer=made, company=anna, accepted_by=person, now=SELLS)
    with pytest.raises(rules.NotYoursToAnswer):
        refuse_offer(transfer=made, company=anna, refused_by=person, now=SELLS)
    with pytest.raises(rules.NotYoursToAnswer):
        withdraw_offer(transfer=made, company=ben, withdrawn_by=person, now=SELLS)

    assert TransferConsent.objects.count() == 1


def test_an_answer_that_nobody_knows_is_refused_in_words(
    anna: Company, ben: Company, lot: str, person: User, client: Client
) -> None:
    made = offered(anna, lot, person)
    client.force_login(MembershipFactory.create(company=ben, role=Role.SELLER).user)

    answers = [
        client.post(f"/stock/transfers/{made.number}/answer/", told)
        for told in ({}, {"step": "haggle"})
    ]

    assert [one.status_code for one in answers] == [409, 409]
    assert TransferConsent.objects.count() == 1
    assert StockTransfer.objects.get().state == "offered"


def test_what_is_offered_is_neither_sold_nor_set_aside(
    anna: Company, ben: Company, lot: str, person: User
) -> None:
    offered(anna, lot, person, terms(units=10))
    held = Holding.objects.get(status="offered")

    (order,) = accept_orders(seller=anna, orders=[an_incoming_order("MILK", 1)], now=SELLS)
    with pytest.raises(StatusDoesNotFollow):
        change_stock(
            holding=held, keeper=held.keeper, after=Status.DAMAGED, changed_by=person, now=SELLS
        )

    assert order.outcome == "refused"
    assert lots_to_offer(anna) == []


def test_only_the_two_and_the_keeper_see_an_offer(
    anna: Company, ben: Company, lot: str, person: User
) -> None:
    made, stranger = offered(anna, lot, person), SellerFactory.create()

    seen = {}
    for name, company in {"giver": anna, "taker": ben, "stranger": stranger}.items():
        with inside(company.pk):
            seen[name] = (of_seller(company).count(), TransferConsent.objects.count())
            assert not Holding.objects.exclude(owner=company).exists()
    with inside(made.keeper_id, keeper=True):
        seen["keeper"] = (kept_by(made.keeper).count(), TransferConsent.objects.count())
    assert seen == {"giver": (1, 1), "taker": (1, 1), "keeper": (1, 1), "stranger": (0, 0)}


def test_both_sides_act_from_inside_their_own_walls(
    anna: Company, ben: Company, lot: str, person: User
) -> None:
    with inside(anna.pk):
        made = offered(anna, lot, person)
        assert lots_to_offer(anna) == [(lot, f"MILK · {lot} · 6")]
    with inside(ben.pk):
        accept_offer(transfer=of_seller(ben).get(), company=ben, accepted_by=person, now=SELLS)
        assert on_hand(ben) == [4]

    made.refresh_from_db()
    assert made.state == "accepted"
