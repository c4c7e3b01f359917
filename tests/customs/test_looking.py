"""What may be a buyer's is shown to who may see it, and each look is written down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client

from accounts.models import Company, Role, User
from core.walls import platform_wide
from customs.models import QuotaQuestion, ReceiptFile, ReceiptFileReading, ReceiptWay
from customs.rules.looking import ReceiptFileNotKept, YearsAskedTooOften
from customs.rules.receipts.parking import ReceiptFileEmpty
from customs.services import ask_for_year, read_receipt_file
from customs.services.receiving import Looked, keep, take_in
from tests.factories.accounts import (
    ImporterFactory,
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
    UserFactory,
)
from tests.factories.customs import TariffRateFactory
from tests.factories.messages import SENDS
from tests.factories.warehouse import ID_NUMBERS

pytestmark = pytest.mark.django_db
CONTENT = "<buyer>张三</buyer>".encode()


@pytest.fixture(autouse=True)
def _wide(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def importer() -> Company:
    return ImporterFactory.create()


@pytest.fixture
def file(importer: Company) -> ReceiptFile:
    kept, _new = take_in(
        data=CONTENT, name="a.xml", way=ReceiptWay.API, now=SENDS, company=importer
    )
    return kept


def person(company: Company, role: Role) -> Client:
    client = Client(headers={"accept": "text/html", "accept-language": "en"})
    client.force_login(MembershipFactory.create(company=company, role=role).user)
    return client


def readings() -> list[tuple[str, str]]:
    return [(one.read_by.name, one.file.name) for one in ReceiptFileReading.objects.all()]


def test_who_may_fetch_a_file_fetches_its_bytes_and_it_is_written_down(
    importer: Company, file: ReceiptFile
) -> None:
    client = person(importer, Role.IMPORTER)
    page = f"/customs/receipts/files/{file.pk}/"
    before = client.get(page).content.decode()

    answer = client.post(f"{page}content/")
    over_api = client.post(
        f"/api/v1/customs/receipt-files/{file.pk}/content", headers={"accept": "*/*"}
    )

    name = User.objects.get().name
    assert answer.content == over_api.content == CONTENT
    assert (answer["Content-Type"], answer["Cache-Control"]) == (
        *("application/octet-stream", "no-store"),
    )
    assert readings() == [(name, "a.xml"), (name, "a.xml")]
    assert "Nobody yet." in before
    assert client.get(page).content.decode().count(f"<bdi>{name}</bdi>") == 2


@pytest.mark.parametrize("role", [Role.IMPORTER, Role.WAREHOUSE, Role.OPERATOR])
def test_strangers_and_operators_fetch_nothing_and_nothing_is_written(
    file: ReceiptFile, role: Role
) -> None:
    company = (
        PlatformCompanyFactory.create()
        if role == Role.OPERATOR
        else ImporterFactory.create(kinds=[role.value])
    )
    client = person(company, role)

    page = client.post(f"/customs/receipts/files/{file.pk}/content/")
    over_api = client.post(f"/api/v1/customs/receipt-files/{file.pk}/content")

    assert (page.status_code, over_api.status_code) == (404, 404)
    assert readings() == []


def test_an_operator_fetches_what_an_operator_brought() -> None:
    kept, _new = take_in(data=CONTENT, name="b.xml", way=ReceiptWay.PAGE, now=SENDS)
    client = person(PlatformCompanyFactory.create(), Role.OPERATOR)

    answer = client.post(f"/customs/receipts/files/{kept.pk}/content/")

    assert answer.content == CONTENT
    assert [name for _who, name in readings()] == ["b.xml"]


def test_of_a_file_that_was_too_large_nothing_can_be_fetched(importer: Company) -> None:
    kept, _new = keep(
        b"",
        Looked([], ReceiptFileEmpty()),
        name="c.xml",
        way=ReceiptWay.FOLDER,
        now=SENDS,
        company=importer,
        too_large=("0" * 64, 99_000_000),
    )

    with pytest.raises(ReceiptFileNotKept):
        read_receipt_file(file=kept, by=UserFactory.create(), client="", now=SENDS)

    assert readings() == []


def test_who_asked_after_years_is_counted_by_person_and_by_company(settings: object) -> None:
    settings.BONDPOOL_YEARS_PER_PERSON = 2  # type: ignore[attr-defined]
    settings.BONDPOOL_YEARS_PER_COMPANY = 3  # type: ignore[attr-defined]
    anna, bert = SellerFactory.create(), SellerFactory.create()
    one, other = UserFactory.create(), UserFactory.create()
    ask_for_year(company=anna, by=one, now=SENDS)
    ask_for_year(company=anna, by=one, now=SENDS)

    with pytest.raises(YearsAskedTooOften) as mine:
        ask_for_year(company=anna, by=one, now=SENDS + timedelta(minutes=59))
    ask_for_year(company=anna, by=other, now=SENDS)
    with pytest.raises(YearsAskedTooOften) as ours:
        ask_for_year(company=anna, by=one, now=SENDS + timedelta(hours=2))
    ask_for_year(company=bert, by=one, now=SENDS)

    assert (mine.value.facts, ours.value.facts) == (
        *({"limit": 2, "hours": 1}, {"limit": 3, "hours": 24}),
    )
    assert QuotaQuestion.objects.filter(company=anna).count() == 3
    ask_for_year(company=anna, by=one, now=SENDS + timedelta(hours=24))


def test_the_page_and_the_api_say_so_in_words_and_estimate_without_the_number(
    settings: object,
) -> None:
    settings.BONDPOOL_YEARS_PER_PERSON = 1  # type: ignore[attr-defined]
    TariffRateFactory.create()
    client = person(SellerFactory.create(), Role.SELLER)
    form = {"goods_1": "1901101010", "quantity_1": "1", "price_1": "50.00", "day": "2026-08-01"}
    asked = {"lines": [{"goods": "1901101010", "quantity": 1, "unit_price_minor": 5000}]}

    first = client.post("/customs/tax/", form | {"buyer": ID_NUMBERS[0]})
    second = client.post("/customs/tax/", form | {"buyer": ID_NUMBERS[0]})
    without = client.post("/customs/tax/", form)
    over_api = client.post(
        "/api/v1/customs/tax-estimates",
        asked | {"buyer_id_number": ID_NUMBERS[0]},
        content_type="application/json",
        headers={"accept": "application/json"},
    )

    assert (first.status_code, second.status_code, without.status_code) == (200, 422, 200)
    assert "it takes a while until the next one" in second.content.decode()
    assert (over_api.status_code, over_api.json()["code"]) == (
        *(429, "customs.years_asked_too_often"),
    )
    assert QuotaQuestion.objects.count() == 1


def test_what_was_looked_at_is_never_changed(importer: Company, file: ReceiptFile) -> None:
    read_receipt_file(file=file, by=UserFactory.create(), client="192.0.2.1", now=SENDS)
    for words in (
        "UPDATE customs_receiptfilereading SET client = ''",
        "DELETE FROM customs_receiptfilereading",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(words)

    assert ReceiptFileReading.objects.get().client == "192.0.2.1"
