"""The numbers that name a company: each mistake is told for what it is, in both languages."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import gettext, override

from accounts.rules import roles_of
from accounts.rules.identity import (
    CustomsCodeCharacters,
    CustomsCodeLength,
    LeiCharacters,
    LeiCheckDigit,
    LeiLength,
    UsccCharacters,
    UsccCheckDigit,
    UsccLength,
    VatCharacters,
    VatCheckDigit,
    VatCountry,
    VatLength,
    WrongNumber,
    check_customs_code,
    check_lei,
    check_number,
    check_numbers,
    check_uscc,
    check_vat_number,
)
from tests.factories.accounts import CompanyFactory, lei_of, uscc_of

USCC = "91330201MA2DEMA01X"
LEI = "213800KUD8LAJWSQ9D15"


@pytest.mark.parametrize("typed", [USCC, "91330201ma2dema01x", " 91330201-MA2DEMA01 X"])
def test_a_social_credit_code_is_kept_in_capitals_without_spaces(typed: str) -> None:
    assert check_uscc(typed) == USCC


def test_full_width_signs_are_the_same_number() -> None:
    assert check_uscc("91330201MA2DEMA01X") == USCC


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("91330201MA2DEMA01", UsccLength),
        ("91330201MA2DEMA01XX", UsccLength),
        ("9" * 10_000, UsccLength),
        ("9133020AMA2DEMA01X", UsccCharacters),
        ("91330201MI2DEMA01X", UsccCharacters),
        ("91330201MA2D€MA01X", UsccCharacters),
        ("٩١٣٣٠٢٠١MA2DEMA01X", UsccCharacters),
        ("91330201MA2DEMA011", UsccCheckDigit),
        ("91330210MA2DEMA01X", UsccCheckDigit),
    ],
)
def test_a_wrong_social_credit_code_is_told_for_what_is_wrong(
    number: str, why: type[WrongNumber]
) -> None:
    with pytest.raises(WrongNumber) as told:
        check_uscc(number)

    assert type(told.value) is why
    assert told.value.facts["field"] == "uscc"
    assert told.value.facts["given"] == number[:40]


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (LEI[:-1], LeiLength),
        ("213800KUD8LÄJWSQ9D15", LeiCharacters),
        ("213800KUD8LAJWSQ9DA5", LeiCharacters),
        ("213800KUD8LAJWSQ9D16", LeiCheckDigit),
        ("213800KUD8LXJWSQ9D15", LeiCheckDigit),
    ],
)
def test_a_wrong_lei_is_told_for_what_is_wrong(number: str, why: type[WrongNumber]) -> None:
    with pytest.raises(WrongNumber) as told:
        check_lei(number)

    assert type(told.value) is why
    assert told.value.facts["field"] == "lei"


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("DE 136 695 976", "DEU", "DE136695976"),
        ("136695976", "DEU", "DE136695976"),
        ("FR 61 954 506 077", "FRA", "FR61954506077"),
        ("094259216", "GRC", "EL094259216"),
        ("NL004495445B01", "NLD", "NL004495445B01"),
        ("GB 980 7806 84", "GBR", "GB980780684"),
        ("CHE-107.787.577 IVA", "CHE", "CHE107787577IVA"),
        ("995 525 828 MVA", "NOR", "995525828MVA"),
        ("83 914 571 673", "AUS", "83914571673"),
        ("T7000012050002", "JPN", "T7000012050002"),
        (USCC, "CHN", USCC),
        # Nobody has told us the rules of Brazil: letters and digits, and no word about the rest.
        ("11.222.333/0001-81", "BRA", "11222333000181"),
    ],
)
def test_a_vat_number_is_read_by_the_rules_of_its_country(
    typed: str, country: str, kept: str
) -> None:
    assert check_vat_number(typed, country=country) == kept


@pytest.mark.parametrize(
    ("number", "country", "why"),
    [
        ("DE13669597", "DEU", VatLength),
        ("DE1366959AB", "DEU", VatCharacters),
        ("DE136695977", "DEU", VatCheckDigit),
        ("FR61954506077", "DEU", VatCountry),
        ("GB980780685", "GBR", VatCheckDigit),
        ("T7000012050003", "JPN", VatCheckDigit),
        ("83914571674", "AUS", VatCheckDigit),
        ("X", "BRA", VatLength),
        ("<script>1", "BRA", VatCharacters),
    ],
)
def test_a_wrong_vat_number_is_told_for_what_is_wrong(
    number: str, country: str, why: type[WrongNumber]
) -> None:
    with pytest.raises(WrongNumber) as told:
        check_vat_number(number, country=country)

    assert type(told.value) is why
    assert told.value.facts["field"] == "vat_number"


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("330296000", CustomsCodeLength),
        ("A302960001", CustomsCodeCharacters),
        ("33029600é1", CustomsCodeCharacters),
    ],
)
def test_a_wrong_customs_code_is_told_for_what_is_wrong(
    number: str, why: type[WrongNumber]
) -> None:
    with pytest.raises(WrongNumber) as told:
        check_customs_code(number)

    assert type(told.value) is why
    assert told.value.facts["field"] == "customs_code"
    assert check_customs_code("3302w60001") == "3302W60001"


def test_an_empty_number_stays_empty() -> None:
    assert check_number("uscc", " ", country="CHN") == ""
    numbers = {"uscc": "", "lei": "", "vat_number": "", "customs_code": ""}
    assert check_numbers(numbers, country="USA") == numbers


@pytest.mark.parametrize(
    ("why", "english", "chinese"),
    [
        (
            UsccLength,
            "A unified social credit code has 18 places.",
            "统一社会信用代码应为18位。",
        ),
        (
            UsccCharacters,
            "A unified social credit code starts with eight digits; then come digits and capital "
            "letters other than I, O, S, V and Z.",
            "统一社会信用代码前8位为数字，其后为数字或大写字母（不含I、O、S、V、Z）。",
        ),
        (
            UsccCheckDigit,
            "The last place of the unified social credit code does not fit the others: one of the "
            "18 is mistyped.",
            "统一社会信用代码校验位不符，18位中有录入错误。",
        ),
        (
            LeiCheckDigit,
            "The last two digits of the legal entity identifier (LEI) do not fit the others: one "
            "of the 20 places is mistyped.",
            "法人机构识别编码（LEI）末两位校验码不符，20位中有录入错误。",
        ),
        (
            VatCheckDigit,
            "The check digit of the VAT number does not fit the others: one of them is mistyped.",
            "增值税号校验位不符，号码中有录入错误。",
        ),
        (
            CustomsCodeLength,
            "A registration code with customs has 10 places.",
            "海关注册编码应为10位。",
        ),
    ],
)
def test_the_sentence_is_said_in_both_languages(
    why: type[WrongNumber], english: str, chinese: str
) -> None:
    with override("en"):
        assert gettext(why.rule()) == english
    with override("zh-hans"):
        assert gettext(why.rule()) == chinese


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "number", "constraint"),
    [
        ("uscc", "91330201MI2DEMA01X", "a_social_credit_code_has_its_form"),
        ("lei", "213800KUD8LAJWSQ9DA5", "an_lei_has_its_form"),
        ("vat_number", "de136695976", "a_vat_number_has_its_form"),
        ("customs_code", "A302960001", "a_customs_code_has_its_form"),
        ("status", "dismissed", "a_company_stands_in_one_of_three_ways"),
    ],
)
def test_the_database_knows_the_form(field: str, number: str, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CompanyFactory.create(**{field: number})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "number", "constraint"),
    [
        ("uscc", uscc_of("91330201MA9ABCDEF"), "one_admitted_company_per_social_credit_code"),
        ("lei", lei_of("5493001KJTIIGC8Y1R"), "one_company_per_lei"),
    ],
)
def test_a_number_names_one_company_only(field: str, number: str, constraint: str) -> None:
    CompanyFactory.create_batch(2)
    CompanyFactory.create(**{field: number})

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CompanyFactory.create(**{field: number})


@pytest.mark.parametrize(
    ("kinds", "roles"),
    [
        (["seller"], {"seller"}),
        (["seller", "importer"], {"seller", "importer"}),
        (["warehouse"], {"warehouse"}),
        (["supplier"], set()),
        (["platform"], {"operator", "finance"}),
        ([], set()),
        (["unheard of"], set()),
    ],
)
def test_a_company_gives_the_roles_of_its_kinds(kinds: list[str], roles: set[str]) -> None:
    assert roles_of(kinds) == roles
