"""Applying, asking back, admitting, refusing, suspending: what may follow what, and what stays."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from accounts.models import (
    Admission,
    AdmissionDocument,
    AdmissionState,
    AdmissionStep,
    Company,
    CompanyStatus,
    Membership,
)
from accounts.queries.admissions import checks
from accounts.rules import admitting as rules
from accounts.rules import documents
from accounts.rules.companies import NoKindLeft, RoleInUse
from accounts.rules.identity import UsccCheckDigit, WrongUscc
from accounts.rules.people import NameIsAnAddress
from accounts.services import admitting, companies
from accounts.services.admitting import Applicant, Paper, Stated
from core.errors import DomainError
from core.history import events_of
from core.walls import inside, platform_wide
from tests.accounts.applying import LATER, LICENCE, ME, USCC, applied, decide, last
from tests.factories.accounts import (
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
    UserFactory,
    uscc_of,
)
from tests.factories.admissions import (
    APPLIED,
    AdmissionFactory,
    AdmissionStepFactory,
    a_pdf,
    a_png,
)


@pytest.mark.django_db
def test_who_applies_becomes_an_applicant_and_its_seller() -> None:
    person = UserFactory.create()

    admission = applied(person, uscc=f" {USCC[:8]}-{USCC[8:].lower()} ")

    company = Company.objects.get(uscc=USCC)
    member = Membership.objects.get(user=person)
    assert (company.status, company.kinds) == (CompanyStatus.APPLICANT, ["seller"])
    assert (member.company_id, member.role) == (company.pk, "seller")
    with inside(company.pk):
        paper = AdmissionDocument.objects.get()
        step = AdmissionStep.objects.get()
    assert (admission.state, admission.since) == (AdmissionState.WAITING, APPLIED)
    assert (paper.media_type, paper.size, bytes(paper.content)) == (
        "application/pdf",
        len(LICENCE.content),
        LICENCE.content,
    )
    assert (step.kind, step.taken_by_id, step.reason) == ("applied", person.pk, "")


@pytest.mark.django_db
def test_an_applicants_number_bears_the_year_of_the_trades_own_calendar() -> None:
    new_years_morning = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)

    admitting.apply(
        user=UserFactory.create(), applicant=ME, papers=[LICENCE], now=new_years_morning
    )

    assert Company.objects.get(uscc=USCC).code == "S-2027-000001"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "papers", "refusal"),
    [
        ({"uscc": USCC[:-1] + ("0" if USCC[-1] != "0" else "1")}, [LICENCE], UsccCheckDigit),
        ({}, [], documents.LicenceMissing),
        ({}, [Paper("brand", "brand.pdf", a_pdf())], documents.LicenceMissing),
        ({}, [Paper("licence", "a.pdf", b"MZ\x90\x00")], documents.DocumentOfAnotherKind),
    ],
)
def test_a_refused_application_leaves_nothing_behind(
    said: dict[str, str], papers: list[Paper], refusal: type[DomainError]
) -> None:
    person = UserFactory.create()
    applicant = Applicant(**{**{n: getattr(ME, n) for n in ME.__slots__}, **said})

    with pytest.raises(refusal):
        admitting.apply(user=person, applicant=applicant, papers=papers, now=APPLIED)

    assert not Company.objects.exists()
    assert not Membership.objects.exists()
    with platform_wide():
        assert not Admission.objects.exists()
        assert not AdmissionDocument.objects.exists()


@pytest.mark.django_db
def test_nobody_applies_twice() -> None:
    person = UserFactory.create()
    applied(person)

    with pytest.raises(rules.AlreadyActsForACompany):
        applied(person, uscc=uscc_of("91330106MA9ABCDEG"))

    assert Company.objects.count() == 1


@pytest.mark.django_db
def test_who_applies_does_not_learn_whose_number_is_here_and_the_operator_does() -> None:
    """Anybody can sign up and state any number: it holds the number against nobody."""
    here = SellerFactory.create(uscc=USCC)
    other = applied()

    mine = applied()

    with platform_wide():
        assert [one.pk for one in checks(mine).same_number] == [here.pk, other.company_id]
    with pytest.raises(rules.NumberTaken):
        decide(mine, "admit")
    with platform_wide():
        mine.refresh_from_db()
        assert AdmissionStep.objects.filter(admission=mine).count() == 1
    assert (mine.state, Company.objects.get(pk=mine.company_id).status) == ("waiting", "applicant")
    Company.objects.filter(pk=here.pk).update(uscc="")
    assert decide(mine, "admit").state == "admitted"
    with pytest.raises(rules.NumberTaken):
        decide(other, "admit")


@pytest.mark.django_db
def test_who_was_refused_says_everything_once_more() -> None:
    person = UserFactory.create()
    admission = applied(person, name_en="New Shop Treading Ltd")
    anew = Applicant(**{**{n: getattr(ME, n) for n in ME.__slots__}, "street": "新路2号"})
    with platform_wide(), pytest.raises(rules.NotInThisState):
        admitting.apply_anew(
            admission=admission, user=person, applicant=anew, papers=[LICENCE], now=LATER
        )
    decide(admission, "refuse")

    with inside(admission.company_id):
        held = admitting.apply_anew(
            admission=admission, user=person, applicant=anew, papers=[LICENCE], now=LATER
        )

    company = Company.objects.get()
    assert (held.state, company.status) == ("waiting", "applicant")
    assert (company.name_en, company.street) == ("New Shop Trading Ltd", "新路2号")
    with platform_wide():
        kinds = list(admission.steps.order_by("pk").values_list("kind", flat=True))
        names = list(
            events_of(Company).objects.order_by("pgh_id").values_list("name_en", flat=True)
        )
        assert admission.documents.count() == 1
    assert kinds == ["applied", "refused", "applied"]
    assert names == ["New Shop Treading Ltd", "New Shop Trading Ltd"]


@pytest.mark.django_db
def test_who_is_asked_corrects_what_it_stated() -> None:
    person = UserFactory.create()
    right, wrong = USCC, uscc_of("91330106MA9ABCDEG")
    admission = applied(person, uscc=wrong)
    said = Stated(name_zh="新店商贸（杭州）有限公司", uscc=right.lower())

    def answer() -> Admission:
        with inside(admission.company_id):
            return admitting.answer(
                admission=admission,
                user=person,
                reason="代码录错",
                papers=[],
                stated=said,
                now=LATER,
            )

    with pytest.raises(rules.NotInThisState):
        answer()
    assert Company.objects.get().uscc == wrong
    decide(admission, "ask")
    answer()

    company = Company.objects.get()
    assert (company.uscc, company.name_zh, company.name_en) == (
        right,
        "新店商贸（杭州）有限公司",
        ME.name_en,
    )
    with platform_wide():
        trail = [
            (one.uscc, (one.pgh_context or {}).get("reason"))
            for one in events_of(Company).objects.order_by("pgh_id")
        ]
    assert trail == [(wrong, None), (right, "代码录错")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        (Stated(uscc="123"), WrongUscc),
        (Stated(name_en="Win at https://x.example"), NameIsAnAddress),
    ],
)
def test_a_wrong_correction_changes_nothing(said: Stated, refusal: type[DomainError]) -> None:
    admission = applied()
    decide(admission, "ask")

    with inside(admission.company_id), pytest.raises(refusal):
        admitting.answer(
            admission=admission,
            user=UserFactory.create(),
            reason="更正",
            papers=[],
            stated=said,
            now=LATER,
        )

    assert (Company.objects.get().uscc, Company.objects.get().name_en) == (USCC, ME.name_en)
    with platform_wide():
        assert AdmissionStep.objects.count() == 2
        assert Admission.objects.get().state == "asked"


@pytest.mark.django_db
def test_from_the_application_to_the_trade_and_out_of_it_again() -> None:
    admission = applied()

    def standing() -> tuple[str, str]:
        with platform_wide():
            held = Admission.objects.select_related("company").get(pk=admission.pk)
        return held.state, held.company.status

    assert standing() == ("waiting", "applicant")
    decide(admission, "ask")
    assert standing() == ("asked", "applicant")
    with inside(admission.company_id):
        admitting.answer(
            admission=admission,
            user=UserFactory.create(),
            reason="补充授权书",
            papers=[Paper("brand", "brand.png", a_png()), LICENCE],
            now=LATER,
        )
    assert standing() == ("waiting", "applicant")
    decide(admission, "refuse")
    assert standing() == ("refused", "applicant")
    decide(admission, "ask")
    with inside(admission.company_id):
        admitting.answer(
            admission=admission, user=UserFactory.create(), reason="再次补充", papers=[], now=LATER
        )
    decide(admission, "admit")
    assert standing() == ("admitted", "admitted")
    decide(admission, "suspend")
    assert standing() == ("suspended", "suspended")
    decide(admission, "reinstate")
    assert standing() == ("admitted", "admitted")
    with platform_wide():
        kinds = list(admission.steps.order_by("pk").values_list("kind", flat=True))
        # The licence was sent a second time, and is one document.
        assert admission.documents.count() == 2
    assert kinds == [
        *("applied", "asked", "answered", "refused", "asked", "answered"),
        *("admitted", "suspended", "reinstated"),
    ]


_ALLOWED = {
    "waiting": ["ask", "admit", "refuse"],
    "asked": ["refuse"],
    "refused": ["ask"],
    "admitted": ["suspend"],
    "suspended": ["reinstate"],
}


@pytest.mark.django_db
@pytest.mark.parametrize("state", _ALLOWED)
def test_what_a_state_does_not_allow_is_refused_and_nothing_is_written(state: str) -> None:
    status = CompanyStatus(rules.STATUS_OF[state])
    with platform_wide():
        admission = AdmissionFactory.create(state=state, company__status=status)
        AdmissionStepFactory.create(admission=admission)
    assert rules.possible(state) == _ALLOWED[state]

    for decision in {*rules.DECISIONS} - {*_ALLOWED[state]}:
        with pytest.raises(rules.NotInThisState):
            decide(admission, decision)

    with platform_wide():
        held = Admission.objects.select_related("company").get()
        assert (held.state, held.company.status, held.since) == (state, status, APPLIED)
        assert AdmissionStep.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["", " \n\t", "\u202e\u200f", "长" * 2001])
def test_a_decision_without_a_reason_is_none(reason: str) -> None:
    admission = applied()

    with pytest.raises(rules.ReasonMissing):
        admitting.decide(
            company=admission.company,
            decision="admit",
            reason=reason,
            seen=last(admission),
            user=UserFactory.create(),
            now=LATER,
        )

    assert Company.objects.get().status == CompanyStatus.APPLICANT
    with platform_wide():
        assert AdmissionStep.objects.count() == 1


@pytest.mark.django_db
def test_the_platform_is_not_suspended_and_others_are_without_having_applied() -> None:
    platform, seller = PlatformCompanyFactory.create(), SellerFactory.create()
    operator = UserFactory.create()

    with pytest.raises(rules.ThePlatformStays):
        admitting.decide(
            company=platform, decision="suspend", reason="x", seen=0, user=operator, now=LATER
        )
    with platform_wide():
        assert not Admission.objects.exists()
    admitting.decide(
        company=seller, decision="suspend", reason="欠费", seen=0, user=operator, now=LATER
    )

    seller.refresh_from_db()
    assert seller.status == CompanyStatus.SUSPENDED


@pytest.mark.django_db
def test_the_kinds_of_a_company_fit_what_its_people_do() -> None:
    company = MembershipFactory.create(company__kinds=["seller", "importer"]).company

    companies.change_kinds(company=company, kinds=["seller"])
    for kinds, refusal in (
        (["importer"], RoleInUse),
        ([], NoKindLeft),
        (["seller", "platform"], rules.ThePlatformStays),
    ):
        with pytest.raises(refusal):
            companies.change_kinds(company=company, kinds=kinds)

    company.refresh_from_db()
    assert company.kinds == ["seller"]
