"""The pages of an application, from both sides of the counter."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Admission, AdmissionStep, Company, CompanyStatus, Membership, Role
from core.walls import inside, platform_wide
from tests.factories.accounts import (
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
    UserFactory,
    uscc_of,
)
from tests.factories.admissions import (
    AdmissionDocumentFactory,
    AdmissionFactory,
    AdmissionStepFactory,
    a_pdf,
)

pytestmark = pytest.mark.django_db
USCC = uscc_of("91330106MA9ABCDEF")
SCRIPT = "<script>alert(1)</script>"


def _form(**said: Any) -> dict[str, Any]:
    return {
        "name_zh": "新店商贸有限公司",
        "name_en": "New Shop Trading Ltd",
        "uscc": USCC,
        "street": "示例路1号",
        "town": "杭州",
        "contact_name": "林小姐",
        "contact_phone": "0571-0000000",
        "contact_email": "lin@example.test",
        "licence": SimpleUploadedFile("licence.pdf", a_pdf(), "application/pdf"),
        **said,
    }


def _waiting(status: str = "applicant", state: str = "waiting") -> Membership:
    """Somebody whose company stands so."""
    company = SellerFactory.create(
        status=status, name_zh="新店商贸有限公司", uscc=USCC, name_en="New Shop Ltd"
    )
    member = MembershipFactory.create(company=company)
    with platform_wide():
        admission = AdmissionFactory.create(company=company, state=state)
        AdmissionStepFactory.create(admission=admission, taken_by=member.user)
        AdmissionDocumentFactory.create(admission=admission, added_by=member.user)
    return member


def _admission(member: Membership) -> Admission:
    with platform_wide():
        found: Admission = Admission.objects.get(company=member.company_id)
    return found


@pytest.fixture
def operator() -> Client:
    client = Client()
    member = MembershipFactory.create(
        company=PlatformCompanyFactory.create(), role=Role.OPERATOR.value
    )
    client.force_login(member.user)
    return client


def test_from_the_start_page_to_the_trade(client: Client, operator: Client) -> None:
    client.force_login(UserFactory.create())
    assert 'href="/apply/"' in client.get("/").content.decode()

    sent = client.post("/apply/", _form(), follow=True)

    assert sent.redirect_chain == [("/admission/", 302)]
    assert "平台正在审核您的申请" in sent.content.decode()
    assert client.get("/forecasts/").status_code == 409
    company = Company.objects.get(uscc=USCC)
    with platform_wide():
        admission = Admission.objects.get(company=company)
        last = AdmissionStep.objects.get().pk
    listed = operator.get("/admissions/").content.decode()
    assert "新店商贸有限公司" in listed
    case = f"/admissions/{admission.pk}/"
    assert "统一社会信用代码格式正确" in operator.get(case).content.decode()

    operator.post(case, {"decision": "admit", "reason": "执照属实", "seen": last})

    # In the same session, at once.
    assert client.get("/forecasts/").status_code == 200
    assert "平台全部功能已向您开放" in client.get("/admission/").content.decode()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"uscc": USCC[:-1]}, "统一社会信用代码应为18位。"),
        ({"name_zh": "长" * 10_000}, "10000"),
        ({"name_zh": "\u202e\u200f"}, "id_name_zh_wrong"),
        ({"contact_email": SCRIPT}, "id_contact_email_wrong"),
        ({"licence": ""}, "id_licence_wrong"),
        (
            {"licence": SimpleUploadedFile("licence.pdf", b"MZ\x90", "application/pdf")},
            "licence.pdf: 文件须为PDF、PNG或JPEG，以实际内容为准，与文件名无关。",
        ),
        (
            {"licence": SimpleUploadedFile("licence.pdf", b"", "application/pdf")},
            "licence.pdf: 文件为空。",
        ),
        (
            {"licence": SimpleUploadedFile("big.pdf", b"%PDF-" + b"0" * 5_000_000)},
            "big.pdf: 单个文件不超过5 MB",
        ),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_kept(
    client: Client, said: dict[str, Any], told: str
) -> None:
    client.force_login(UserFactory.create())

    answer = client.post("/apply/", _form(**said))

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Company.objects.exists()


def test_the_wrong_check_digit_is_told_in_english_too(client: Client) -> None:
    client.force_login(UserFactory.create())
    wrong = USCC[:-1] + ("0" if USCC[-1] != "0" else "1")

    answer = client.post("/apply/", _form(uscc=wrong), headers={"accept-language": "en"})

    assert answer.status_code == 422
    assert (
        "The last place of the unified social credit code does not fit the others: one of the 18 "
        "is mistyped." in answer.content.decode()
    )


def test_a_script_in_every_field_is_text_on_every_page(client: Client, operator: Client) -> None:
    client.force_login(UserFactory.create())
    names = ("name_zh", "name_en", "street", "contact_name")
    sent = client.post(
        "/apply/",
        _form(
            **dict.fromkeys(names, SCRIPT),
            town="שלום مرحبا",
            licence=SimpleUploadedFile(f"{SCRIPT}.pdf", a_pdf()),
        ),
    )
    assert sent.status_code == 302
    with platform_wide():
        admission = Admission.objects.get()
        code = admission.company.code
        last = AdmissionStep.objects.get().pk
    operator.post(
        f"/admissions/{admission.pk}/", {"decision": "ask", "reason": SCRIPT, "seen": last}
    )

    pages = [client.get(path) for path in ("/", "/admission/", "/company/")]
    pages += [
        operator.get(path)
        for path in (
            *("/admissions/", f"/admissions/{admission.pk}/", "/companies/"),
            *(f"/companies/{code}/", f"/companies/?q={SCRIPT}", f"/admissions/?q={SCRIPT}"),
        )
    ]

    for page in pages:
        assert page.status_code == 200
        assert SCRIPT not in page.content.decode()


def test_an_applicant_sees_its_application_and_nothing_of_the_trade(client: Client) -> None:
    member = _waiting()
    client.force_login(member.user)

    for path in ("/", "/admission/", "/company/", "/notices/", "/verify/"):
        assert client.get(path).status_code == 200
    for path in ("/forecasts/", "/stock/", "/products/", "/charges/", "/webhooks/"):
        answer = client.get(path)
        assert answer.status_code == 409
        assert "企业尚未准入" in answer.content.decode()
    assert client.post("/company/edit/", {}).status_code == 409
    assert "/forecasts/" not in client.get("/").content.decode()


def test_a_suspended_company_reads_and_writes_nothing(client: Client) -> None:
    member = _waiting(status="suspended", state="suspended")
    client.force_login(member.user)

    shown = client.get("/stock/")
    assert shown.status_code == 200
    assert "可查看本企业数据，不可做任何更改" in shown.content.decode()
    for path in ("/retail-orders/upload/", "/forecasts/2026-Q3/edit/", "/company/edit/"):
        answer = client.post(path, {})
        assert answer.status_code == 409
        assert "accounts.company_suspended" in answer.content.decode()
    told = client.post("/webhooks/new/", {}, headers={"accept": "application/json"})
    assert (told.status_code, told.json()["code"]) == (409, "accounts.company_suspended")
    # It may still leave.
    assert client.post("/logout/").status_code == 302


def test_a_question_is_answered_with_documents(client: Client, operator: Client) -> None:
    member = _waiting()
    admission = _admission(member)
    client.force_login(member.user)
    with platform_wide():
        last = AdmissionStep.objects.get().pk
    case = f"/admissions/{admission.pk}/"
    operator.post(case, {"decision": "ask", "reason": "请补充品牌授权书", "seen": last})
    assert "请补充品牌授权书" in client.get("/admission/").content.decode()

    papers = [SimpleUploadedFile(f"{n}.pdf", a_pdf(str(n))) for n in range(2)]
    client.post("/admission/answer/", {"reason": "见附件", "kind": "brand", "papers": papers})

    shown = operator.get(case).content.decode()
    assert "见附件" in shown
    assert "0.pdf" in shown
    assert "1.pdf" in shown
    assert _admission(member).state == "waiting"


def test_a_typing_error_is_mended_where_it_was_made(client: Client, operator: Client) -> None:
    member = _waiting(state="asked")
    client.force_login(member.user)
    assert f'value="{USCC}"' in client.get("/admission/").content.decode()
    right = uscc_of("91330106MA9ABCDEG")
    said = {"reason": "代码录错", "kind": "other"}

    wrong = client.post("/admission/answer/", {**said, "uscc": right[:-1]})
    assert (wrong.status_code, _admission(member).company.uscc) == (422, USCC)
    client.post("/admission/answer/", {**said, "uscc": right, "name_zh": "新店贸易有限公司"})

    shown = operator.get(f"/admissions/{_admission(member).pk}/").content.decode()
    assert f"<del>{USCC}</del> → {right}" in shown
    assert "<del>新店商贸有限公司</del> → 新店贸易有限公司" in shown


def test_who_was_refused_applies_anew_on_the_same_page(client: Client) -> None:
    member = _waiting(state="refused")
    client.force_login(member.user)
    assert client.get("/apply/").status_code == 302, "only its administrator does"
    Membership.objects.filter(pk=member.pk).update(is_admin=True)
    assert 'href="/apply/"' in client.get("/admission/").content.decode()
    assert 'value="New Shop Ltd"' in client.get("/apply/").content.decode()

    client.post("/apply/", _form())

    held = _admission(member)
    assert (held.state, held.company.name_en) == ("waiting", "New Shop Trading Ltd")
    assert Company.objects.filter(uscc=USCC).count() == 1


def test_an_answer_without_words_is_sent_back(client: Client) -> None:
    member = _waiting(state="asked")
    client.force_login(member.user)

    assert client.post("/admission/answer/", {"kind": "brand"}).status_code == 422
    assert _admission(member).state == "asked"


def test_a_second_decision_on_an_old_page_is_refused_in_words(operator: Client) -> None:
    member = _waiting()
    case = f"/admissions/{_admission(member).pk}/"
    with platform_wide():
        seen = AdmissionStep.objects.get().pk
    operator.post(case, {"decision": "ask", "reason": "缺授权书", "seen": seen})

    answer = operator.post(case, {"decision": "refuse", "reason": "看旧页面", "seen": seen})

    assert answer.status_code == 409
    assert "您打开页面后该准入申请已有变化" in answer.content.decode()
    assert _admission(member).state == "asked"
    for nonsense in ({}, {"decision": "crown", "reason": "x", "seen": "1"}, {"decision": "admit"}):
        assert operator.post(case, nonsense).status_code == 404


def test_a_document_is_handed_over_as_a_file_to_its_own_people_and_operators(
    client: Client, operator: Client
) -> None:
    member, stranger = _waiting(), MembershipFactory.create()
    admission = _admission(member)
    with platform_wide():
        paper = admission.documents.get()
    mine, case = f"/admission/documents/{paper.pk}/", f"/admissions/{admission.pk}/documents/"

    client.force_login(member.user)
    for answer in (client.get(mine), operator.get(f"{case}{paper.pk}/")):
        assert answer.status_code == 200
        assert answer.content == bytes(paper.content)
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == 'attachment; filename="licence.pdf"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Cache-Control"] == "private, no-store"
    assert client.get(f"{case}{paper.pk}/").status_code == 404
    assert operator.get(f"/admissions/{admission.pk + 1}/documents/{paper.pk}/").status_code == 404
    client.force_login(stranger.user)
    for path in (mine, "/admission/documents/999999/", "/admission/"):
        assert client.get(path).status_code == 404


def test_without_the_first_wall_a_strangers_document_is_still_not_there() -> None:
    member, stranger = _waiting(), MembershipFactory.create()

    with inside(stranger.company_id):
        from django_scopes import scopes_disabled

        with scopes_disabled():
            assert Admission.objects.count() == 0
            assert AdmissionStep.objects.count() == 0
    assert _admission(member).documents.model.__name__ == "AdmissionDocument"


def test_people_change_address_and_contact_and_nothing_else(client: Client) -> None:
    member = MembershipFactory.create(is_admin=True, company__status=CompanyStatus.ADMITTED)
    name = member.company.name_zh
    client.force_login(member.user)
    said = {
        name: _form()[name]
        for name in ("street", "town", "contact_name", "contact_phone", "contact_email")
    }

    assert client.post("/company/edit/", {**said, "town": ""}).status_code == 422
    sent = client.post("/company/edit/", {**said, "name_zh": "别的名称", "uscc": USCC})

    assert sent.status_code == 302
    member.company.refresh_from_db()
    assert (member.company.town, member.company.contact_name) == ("杭州", "林小姐")
    assert (member.company.name_zh, member.company.uscc) == (name, "")


def test_an_operator_finds_companies_and_says_what_they_are(operator: Client) -> None:
    seller = SellerFactory.create(
        code="FINDME", name_zh="寻找商贸", uscc=uscc_of("91330201MA9123456")
    )
    SellerFactory.create(code="OTHER", status=CompanyStatus.SUSPENDED.value, name_zh="别家商贸")

    found = operator.get("/companies/?q=寻找&kind=seller&status=admitted").content.decode()
    suspended = operator.get("/companies/?status=suspended").content.decode()
    both = {"kinds": ["seller", "importer"]}
    without = operator.post("/companies/FINDME/kinds/", both)
    Company.objects.filter(pk=seller.pk).update(customs_code="3302960001")
    sent = operator.post("/companies/FINDME/kinds/", both)

    assert "寻找商贸" in found
    assert "别家商贸" not in found
    assert "别家商贸" in suspended
    assert "寻找商贸" not in suspended
    assert without.status_code == 422, "an importer has a code at customs"
    assert sent.status_code == 302
    seller.refresh_from_db()
    assert seller.kinds == ["seller", "importer"]
    offered = re.findall(
        r'name="kinds" value="(\w+)"', operator.get("/companies/FINDME/").content.decode()
    )
    assert offered == ["seller", "importer", "warehouse", "supplier"]
    assert operator.get("/companies/NOBODY/").status_code == 404
    assert operator.post("/companies/NOBODY/kinds/", {"kinds": ["seller"]}).status_code == 404
    operator.post(
        "/companies/FINDME/decide/", {"decision": "suspend", "reason": "欠费", "seen": "0"}
    )
    seller.refresh_from_db()
    assert seller.status == CompanyStatus.SUSPENDED


def test_the_lists_ask_as_often_for_many_as_for_few(
    operator: Client, django_assert_max_num_queries: Any
) -> None:
    operator.get("/")
    for path in ("/companies/", "/admissions/"):
        with platform_wide():
            AdmissionFactory.create_batch(12)
        with django_assert_max_num_queries(14):
            assert operator.get(path).status_code == 200
