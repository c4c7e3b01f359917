"""An operator enters companies that do not apply by themselves, and keeps their data true."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts.models import Company, CompanyStatus, Role
from accounts.rules import companies as kinds_rules
from accounts.rules import entering, identity
from accounts.rules.seen import ChangedMeanwhile
from accounts.services.companies import FACTS, change_company, enter_company
from core.models import NumberSeries
from tests.factories.accounts import (
    ImporterFactory,
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
    confirm,
    lei_of,
    uscc_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts")]

NOON = datetime(2026, 10, 30, 4, 0, tzinfo=UTC)
USCC = uscc_of("91330201MA2XXXXX0")
SAID = {
    "name_zh": "宁波新进出口有限公司",
    "name_en": "Ningbo New Import Export Ltd",
    "country": "CHN",
    "uscc": USCC.lower(),
    "customs_code": "3302 96000K",
    "street": "保税路 2 号",
    "town": "宁波",
}


def entered(*kinds: str, code: str = "NEW-1", **other: str) -> Company:
    return enter_company(said=SAID | other, kinds=kinds or ("importer",), code=code, now=NOON)


def nothing_was_written() -> bool:
    return not Company.objects.exists() and not NumberSeries.objects.exists()


def test_a_company_of_several_kinds_is_entered_and_admitted() -> None:
    company = entered("warehouse", "importer", code="", lei=lei_of("529900T8BM49AURSDO"))

    company.refresh_from_db()
    assert company.code == "C-2026-000001"
    assert company.kinds == ["importer", "warehouse"]
    assert company.status == CompanyStatus.ADMITTED
    assert (company.uscc, company.customs_code) == (USCC, "330296000K")
    assert company.lei == lei_of("529900T8BM49AURSDO")
    assert (company.name_zh, company.town) == ("宁波新进出口有限公司", "宁波")


def test_a_foreign_supplier_has_its_vat_number_and_no_social_credit_code() -> None:
    company = entered(
        "supplier", code="alm", country="DEU", uscc="", customs_code="", vat_number="136 695 976"
    )

    assert (company.code, company.vat_number, company.uscc) == ("ALM", "DE136695976", "")


@pytest.mark.parametrize(
    ("wrong", "refusal", "field"),
    [
        ({"uscc": USCC[:-1] + ("0" if USCC[-1] != "0" else "1")}, identity.UsccCheckDigit, "uscc"),
        ({"uscc": ""}, entering.UsccMissing, "uscc"),
        ({"customs_code": ""}, entering.CustomsCodeMissing, "customs_code"),
        ({"customs_code": "33"}, identity.CustomsCodeLength, "customs_code"),
        ({"lei": "529900T8BM49AURSDO00"}, identity.LeiCheckDigit, "lei"),
        ({"country": "DEU", "vat_number": "DE136695970"}, identity.VatCheckDigit, "vat_number"),
        ({"country": "XXX"}, entering.WrongCountry, "country"),
        ({"country": "DDR"}, entering.WrongCountry, "country"),
        ({"name_zh": " \u202e "}, entering.NameMissing, "name_zh"),
        ({"name_en": "x" * 10_000}, entering.NameMissing, "name_en"),
        ({"code": "A B"}, entering.WrongCode, "code"),
        ({"code": "<script>"}, entering.WrongCode, "code"),
        ({"code": "-A"}, entering.WrongCode, "code"),
        ({"code": "A" * 33}, entering.WrongCode, "code"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field(
    wrong: dict[str, str], refusal: type[Exception], field: str
) -> None:
    with pytest.raises(refusal) as told:
        entered(**wrong)

    assert told.value.facts["field"] == field  # type: ignore[attr-defined]
    assert nothing_was_written()


def test_a_company_is_of_a_kind_and_the_platform_is_founded_once() -> None:
    with pytest.raises(kinds_rules.NoKindLeft):
        enter_company(said=SAID, kinds=[], code="", now=NOON)
    assert nothing_was_written()
    PlatformCompanyFactory.create()

    with pytest.raises(entering.PlatformIsFounded):
        entered("platform")

    assert Company.objects.count() == 1


@pytest.mark.parametrize("field", entering.NUMBERS)
def test_a_number_of_another_company_is_told_with_its_code(field: str) -> None:
    numbers = {
        "uscc": USCC,
        "lei": lei_of("529900T8BM49AURSDO"),
        "vat_number": "DE136695976",
        "customs_code": "330296000K",
    }
    SellerFactory.create(code="FIRST", **{field: numbers[field]})
    said = {"uscc": uscc_of("91330201MA2XXXXX1"), "customs_code": "330296000L"}
    if field == "vat_number":
        said["country"] = "DEU"

    with pytest.raises(entering.NumberOfAnother) as told:
        entered(**said | {field: numbers[field]})

    assert told.value.facts == {"field": field, "given": numbers[field], "company": "FIRST"}
    assert Company.objects.get().code == "FIRST"


def test_what_an_applicant_says_of_itself_holds_against_nobody() -> None:
    SellerFactory.create(uscc=USCC, status="applicant")

    assert entered().uscc == USCC


def test_a_code_of_another_company_is_refused() -> None:
    SellerFactory.create(code="NEW-1")

    with pytest.raises(entering.CodeTaken):
        entered(code="new-1")

    assert Company.objects.count() == 1


def _facts(company: Company) -> dict[str, str]:
    return {name: getattr(company, name) for name in FACTS}


def test_a_change_keeps_its_own_numbers_and_is_refused_as_a_whole() -> None:
    company = ImporterFactory.create(code="IMP")
    other = SellerFactory.create(code="OTHER", uscc=USCC)

    change_company(company=company, said=_facts(company) | {"name_en": "Better Ltd"})
    company.refresh_from_db()
    assert company.name_en == "Better Ltd"
    before = _facts(company)
    with pytest.raises(entering.NumberOfAnother):
        change_company(company=company, said=before | {"uscc": other.uscc, "town": "上海"})
    with pytest.raises(entering.CustomsCodeMissing):
        change_company(company=company, said=before | {"customs_code": "", "town": "上海"})
    with pytest.raises(ChangedMeanwhile):
        change_company(company=company, said=before | {"town": "上海"}, seen="another")

    company.refresh_from_db()
    assert _facts(company) == before


# The pages


@pytest.fixture
def operator() -> Client:
    company = PlatformCompanyFactory.create()
    client = Client(headers={"accept-language": "en", "accept": "text/html"})
    client.force_login(MembershipFactory.create(company=company, role=Role.OPERATOR).user)
    return confirm(client)


def test_an_operator_enters_an_importer_and_invites_its_first_person(operator: Client) -> None:
    form = operator.get("/companies/new/").content.decode()
    assert 'value="platform"' not in form, "the platform's own company is made with the house"
    assert '<option value="CHN" selected>China</option>' in form

    sent = operator.post("/companies/new/", {**SAID, "kinds": ["importer", "supplier"]})

    company = Company.objects.get(kinds__contains=["importer"])
    assert sent.headers["Location"] == f"/companies/{company.code}/"
    page = operator.get(f"/companies/{company.code}/").content.decode()
    assert USCC in page
    assert "Invite the first person" in page
    assert f'href="/companies/{company.code}/trade/"' in page
    asked = {"email": "first@example.test", "role": "importer", "is_admin": "on"}
    assert operator.post(f"/people/{company.code}/invite/", asked).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"uscc": "x"}, "uscc", "has 18 places"),
        ({"uscc": ""}, "uscc", "have a unified social credit code"),
        ({"kinds": []}, "kinds", "required"),
        ({"kinds": ["platform"]}, "kinds", "not one of the available choices"),
        ({"name_zh": "长" * 10_000}, "name_zh", "at most 200"),
        ({"country": "ZZZ"}, "country", "not one of the available choices"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    operator: Client, wrong: dict[str, object], field: str, words: str
) -> None:
    answer = operator.post("/companies/new/", {**SAID, "kinds": ["importer"], **wrong})

    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    assert answer.context["form"]["town"].value() == "宁波"
    assert not Company.objects.filter(kinds__contains=["importer"]).exists()


def test_a_number_that_is_taken_is_told_in_words_at_the_field(operator: Client) -> None:
    SellerFactory.create(uscc=USCC)

    answer = operator.post("/companies/new/", {**SAID, "kinds": ["importer"]})

    assert answer.status_code == 422
    assert "belongs to another company here" in str(answer.context["form"].errors["uscc"])
    assert Company.objects.count() == 2


def test_of_two_operators_who_change_a_company_the_second_is_told(operator: Client) -> None:
    company = ImporterFactory.create(code="IMP", contact_email="a@example.test")
    path = "/companies/IMP/change/"
    told = _facts(company)
    found = re.search(r'name="seen" value="(\w+)"', operator.get(path).content.decode())
    assert found is not None
    seen = found[1]
    first = {**told, "name_en": "First Ltd", "reason": "new licence", "seen": seen}
    assert operator.post(path, first).headers["Location"] == "/companies/IMP/"

    second = operator.post(path, {**told, "name_en": "Second Ltd", "seen": seen})

    assert second.status_code == 409
    assert "Somebody changed this while your page was open." in second.content.decode()
    company.refresh_from_db()
    assert company.name_en == "First Ltd"
    page = operator.get("/companies/IMP/").content.decode().partition('id="history"')[2]
    assert "new licence" in page
    assert "→ First Ltd" in page
