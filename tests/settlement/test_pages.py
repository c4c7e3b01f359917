from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import Company, Role, User
from core.walls import platform_wide
from settlement import services
from settlement.models import BatchState, PaymentFile, SellerCharge, SettlementBatch
from tests.factories import settlement as make
from tests.factories.accounts import ImporterFactory, MembershipFactory, confirm

from .conftest import World, build_world

FINANCE_PAGES = [
    "/settlement/",
    "/settlement/payables/",
    "/settlement/payables/?state=paid&currency=EUR",
    "/settlement/batches/",
    "/settlement/batches/?state=priced",
    "/settlement/files/",
]


@pytest.fixture(autouse=True)
def noon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The doors' clock stands at noon of 2026-10-30."""
    clock = tmp_path / "clock"
    clock.write_text(datetime.isoformat(make.NOON))
    monkeypatch.setenv("BONDPOOL_CLOCK_FILE", str(clock))


@pytest.fixture
def house(db: None) -> World:
    """As ``world``, but with the walls up: pages open them for themselves."""
    with platform_wide():
        world = build_world("EUR")
        shares = {world.first.pk: 6_000_000, world.second.pk: 4_000_000}
        make.book(world.supplier, world.importer, shares, number="A")
        shares = {world.first.pk: 2_000_000, world.second.pk: 3_000_001}
        make.book(world.supplier, world.importer, shares, number="B", invoiced_on=date(2026, 9, 7))
    return world


@pytest.fixture
def as_user() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client(headers={"accept-language": "en", "accept": "text/html"})
        client.force_login(user)
        confirm(client)
        return client

    return sign_in


def _seller(company: Company) -> User:
    with platform_wide():
        return MembershipFactory.create(company=company, role=Role.SELLER, user__password=None).user


def _state(number: str = "SB-2026-000001") -> str:
    return SettlementBatch.objects.get(number=number).state


@pytest.mark.parametrize("path", FINANCE_PAGES)
def test_finance_reads_its_pages_before_and_after(
    house: World, as_user: Callable[[User], Client], path: str
) -> None:
    finance = as_user(house.maker)

    before = finance.get(path)
    with platform_wide():
        batches = make.approved(house.importer, house.maker, house.checker)
        services.export_batches(batches=batches, made_by=house.maker, now=make.NOON)
    after = finance.get(path)

    assert (before.status_code, after.status_code) == (200, 200)


@pytest.mark.parametrize("path", [*FINANCE_PAGES, "/settlement/files/PAY-2026-000001.xml"])
def test_a_seller_does_not_find_the_pages_of_finance(
    house: World, as_user: Callable[[User], Client], path: str
) -> None:
    assert as_user(_seller(house.first)).get(path).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", FINANCE_PAGES)
def test_empty_pages_say_what_to_do(as_user: Callable[[User], Client], path: str) -> None:
    with platform_wide():
        person = make.finance_person()

    answer = as_user(person).get(path)

    assert answer.status_code == 200
    assert 'class="empty"' in answer.text


def test_two_people_bring_the_quarter_to_the_bank(
    house: World, as_user: Callable[[User], Client]
) -> None:
    maker, checker = as_user(house.maker), as_user(house.checker)
    period = {"debtor": house.importer.pk, "period_start": "2026-07-01", "period_end": "2026-09-30"}
    page = "/settlement/batches/SB-2026-000001/"

    assert maker.post("/settlement/batches/open/", period).headers["location"] == page
    assert "Not priced yet" in maker.get(page).text
    maker.post(f"{page}price/", {"priced_on": "2026-10-30"})
    mine, theirs = maker.get(page).text, checker.get(page).text
    assert "cannot approve it" in mine
    assert f"{page}approve/" not in mine
    assert f"{page}approve/" in theirs
    assert "2,329.78" in theirs
    assert "ECB, embedded" in theirs
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', theirs)
    refused = maker.post(f"{page}approve/", {"seen": seen})
    assert (refused.status_code, _state()) == (409, BatchState.PRICED)
    assert "second person" in refused.text
    unseen = checker.post(f"{page}approve/")
    assert (unseen.headers["location"], _state()) == (page, BatchState.PRICED)
    checker.post(f"{page}approve/", {"seen": seen})
    assert _state() == BatchState.APPROVED
    done = maker.post("/settlement/batches/export/", {"batch": ["SB-2026-000001"]})
    assert done.headers["location"] == "/settlement/files/"

    again = maker.post("/settlement/batches/export/", {"batch": ["SB-2026-000001"]})
    assert again.status_code == 409
    file = maker.get("/settlement/files/PAY-2026-000001.xml")
    assert file.headers["content-disposition"] == 'attachment; filename="PAY-2026-000001.xml"'
    assert file.headers["content-type"] == "application/xml"
    assert file.content == bytes(PaymentFile.objects.get().content)
    assert "PAY-2026-000001.xml" in maker.get(page).text


def test_each_importers_batches_go_into_a_file_of_their_own(
    house: World, as_user: Callable[[User], Client]
) -> None:
    other = make.importer()
    with platform_wide():
        make.book(house.supplier, other, {house.first.pk: 5_000}, number="C")
        for debtor in (house.importer, other):
            make.approved(debtor, house.maker, house.checker)

    page = as_user(house.maker).get("/settlement/batches/").text

    forms = re.findall(
        r'<form method="post" action="/settlement/batches/export/">.*?</form>', page, re.S
    )
    chosen = [re.findall(r'name="batch" value="([^"]+)"[^>]* checked', form) for form in forms]
    batches = SettlementBatch.objects.order_by("pk")
    assert sorted(chosen) == sorted(
        [one.number for one in batches if one.debtor_id == debtor.pk]
        for debtor in (house.importer, other)
    )
    for numbers in chosen:
        made = as_user(house.maker).post("/settlement/batches/export/", {"batch": numbers})
        assert made.headers["location"] == "/settlement/files/"


def test_a_batch_that_is_not_there_is_named_and_nothing_is_written(
    house: World, as_user: Callable[[User], Client]
) -> None:
    with platform_wide():
        (batch,) = make.approved(house.importer, house.maker, house.checker)

    answer = as_user(house.maker).post(
        "/settlement/batches/export/", {"batch": [batch.number, "SB-2026-999999"]}
    )

    assert (answer.status_code, "SB-2026-999999" in answer.text) == (422, True)
    assert _state() == BatchState.APPROVED
    assert not PaymentFile.objects.exists()


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("open/", {"debtor": "x", "period_start": "2026-07-01", "period_end": "2026-09-30"}),
        ("open/", {"debtor": "", "period_start": "", "period_end": "never"}),
        ("export/", {}),
    ],
)
def test_bad_input_is_answered_with_words_and_changes_nothing(
    house: World, as_user: Callable[[User], Client], path: str, told: dict[str, str]
) -> None:
    answer = as_user(house.maker).post(f"/settlement/batches/{path}", told)

    assert answer.status_code in {409, 422}
    assert "<h1" in answer.text
    assert not SettlementBatch.objects.exists()


def test_a_pricing_day_that_is_no_day_prices_nothing(
    house: World, as_user: Callable[[User], Client]
) -> None:
    with platform_wide():
        services.open_batches(
            debtor=house.importer,
            period_start=make.Q3[0],
            period_end=make.Q3[1],
            created_by=house.maker,
            now=make.NOON,
        )
    page = "/settlement/batches/SB-2026-000001/"

    answers = [
        as_user(house.maker).post(f"{page}price/", {"priced_on": day}).status_code
        for day in ("soon", "2026-09-29", "2026-10-31")
    ]

    assert answers == [422, 422, 422]
    assert _state() == BatchState.DRAFT


def test_long_after_the_embedded_rates_ended_their_last_day_is_offered(
    house: World, as_user: Callable[[User], Client], tmp_path: Path
) -> None:
    with platform_wide():
        services.open_batches(
            debtor=house.importer,
            period_start=make.Q3[0],
            period_end=make.Q3[1],
            created_by=house.maker,
            now=make.NOON,
        )
    maker, page = as_user(house.maker), "/settlement/batches/SB-2026-000001/"
    (tmp_path / "clock").write_text("2026-11-23T12:00:00+08:00")

    assert 'value="2026-10-30"' in maker.get(page).text
    refused = maker.post(f"{page}price/", {"priced_on": "2026-11-23"})
    assert (refused.status_code, _state()) == (409, BatchState.DRAFT)
    assert "embedded until" in refused.text
    maker.post(f"{page}price/", {"priced_on": "2026-10-30"})

    assert _state() == BatchState.PRICED


def test_a_seller_reads_its_own_charges_only(
    house: World, as_user: Callable[[User], Client]
) -> None:
    second = as_user(_seller(house.second))
    assert "No charge yet" in second.get("/charges/").text
    with platform_wide():
        make.approved(house.importer, house.maker, house.checker)
        assert SellerCharge.objects.count() == 2

    page = second.get("/charges/").text

    # 521,842.92 goods and 46.67 fee are its own; 596,391.82 is the other's.
    assert "521,842.92" in page
    assert "521,889.59" in page
    assert "596,391.82" not in page


def test_an_importer_without_terms_is_one_press_away_from_them(
    house: World, as_user: Callable[[User], Client]
) -> None:
    with platform_wide():
        newcomer = ImporterFactory.create(code="NEWCOMER")
    client = as_user(MembershipFactory.create(role=Role.FINANCE).user)

    page = client.get("/settlement/").content.decode()

    assert page.count("Nobody has said yet how these pay:") == 1
    footer = page.partition("Nobody has said yet how these pay:")[2]
    assert re.findall(r'href="/settlement/terms/(\w+)/"', footer) == [newcomer.code]
    assert client.get("/settlement/terms/NEWCOMER/").status_code == 200


def test_new_terms_are_told_in_percent_and_yuan(
    house: World, as_user: Callable[[User], Client]
) -> None:
    finance = as_user(house.maker)
    path = f"/settlement/terms/{house.importer.code}/"
    told = {
        "period": "month",
        "valid_from": "2026-11-01",
        "wire_fee": "80.50",
        "spread": "0.45",
        "bulk_spread": "0.125",
        "bulk_from": "500000",
    }

    assert finance.get(path).status_code == 200
    assert finance.post(path, told | {"spread": "-1"}).status_code == 422
    assert finance.post(path, told | {"bulk_spread": "0.5"}).status_code == 422
    assert finance.post(path, told).status_code == 302

    newest = house.importer.policies.get(valid_from=date(2026, 11, 1))
    assert (newest.wire_fee_minor, newest.bulk_from_minor) == (8_050, 50_000_000)
    assert (str(newest.spread_bp), str(newest.bulk_spread_bp)) == ("45.000", "12.500")
    history = finance.get(f"/audit/settlement.settlementpolicy/{newest.pk}/").content.decode()
    assert house.maker.email in history
    assert "CNY 80.50" in history
    assert "127.0.0.1" in history


def test_terms_of_a_day_that_has_some_are_refused_beside_the_day(
    house: World, as_user: Callable[[User], Client]
) -> None:
    finance = as_user(house.maker)
    path = f"/settlement/terms/{house.importer.code}/"
    told = {
        "period": "month",
        "valid_from": "2026-11-01",
        "wire_fee": "80.50",
        "spread": "0.45",
        "bulk_spread": "0.125",
        "bulk_from": "500000",
    }
    finance.post(path, told)
    before = list(house.importer.policies.order_by("pk").values())

    answer = finance.post(path, told | {"wire_fee": "91.25"})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "A policy that begins on this day is set already" in page
    assert re.search(r'<input[^>]*name="valid_from"[^>]*aria-invalid="true"', page)
    assert re.search(r'<input[^>]*name="wire_fee"[^>]*value="91.25"', page), "it is not lost"
    assert list(house.importer.policies.order_by("pk").values()) == before
