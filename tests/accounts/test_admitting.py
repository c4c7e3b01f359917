"""Applying, asking back, admitting, refusing, suspending: what may follow what, and what stays."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event, Thread

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from accounts.models import (
    Admission,
    AdmissionDocument,
    AdmissionState,
    AdmissionStep,
    Company,
    CompanyStatus,
    Membership,
    User,
)
from accounts.rules import admitting as rules
from accounts.rules import documents
from accounts.rules.companies import NoKindLeft, RoleInUse
from accounts.rules.identity import UsccCheckDigit
from accounts.services import admitting, companies
from accounts.services.admitting import Applicant, Paper
from core.acting import acts as acts_in_force
from core.errors import DomainError
from core.history import events_of
from core.walls import inside, platform_wide
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
    a_jpeg,
    a_pdf,
    a_png,
)

LATER = APPLIED + timedelta(days=1)
USCC = uscc_of("91330106MA9ABCDEF")
ME = Applicant(
    name_zh="新店商贸有限公司",
    name_en="New Shop Trading Ltd",
    uscc=USCC,
    street="示例路1号",
    town="杭州",
)
LICENCE = Paper("licence", "licence.pdf", a_pdf())


def _applied(user: User | None = None, **said: str) -> Admission:
    applicant = Applicant(**{**{n: getattr(ME, n) for n in ME.__slots__}, **said})
    return admitting.apply(
        user=user or UserFactory.create(), applicant=applicant, papers=[LICENCE], now=APPLIED
    )


def _last(admission: Admission) -> int:
    with platform_wide():
        last: int = AdmissionStep.objects.filter(admission=admission).latest("pk").pk
    return last


def _decide(admission: Admission, decision: str, seen: int | None = None) -> Admission:
    return admitting.decide(
        company=admission.company,
        decision=decision,
        reason="看过营业执照",
        seen=_last(admission) if seen is None else seen,
        user=UserFactory.create(),
        now=LATER,
    )


@pytest.mark.django_db
def test_who_applies_becomes_an_applicant_and_its_seller() -> None:
    person = UserFactory.create()

    admission = _applied(person, uscc=f" {USCC[:8]}-{USCC[8:].lower()} ")

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
def test_nobody_applies_twice_and_no_company_comes_twice() -> None:
    person = UserFactory.create()
    _applied(person)

    with pytest.raises(rules.AlreadyActsForACompany):
        _applied(person, uscc=uscc_of("91330106MA9ABCDEG"))
    with pytest.raises(rules.NumberTaken):
        _applied()

    assert Company.objects.count() == 1


@pytest.mark.django_db
def test_from_the_application_to_the_trade_and_out_of_it_again() -> None:
    admission = _applied()

    def standing() -> tuple[str, str]:
        with platform_wide():
            held = Admission.objects.select_related("company").get(pk=admission.pk)
        return held.state, held.company.status

    assert standing() == ("waiting", "applicant")
    _decide(admission, "ask")
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
    _decide(admission, "refuse")
    assert standing() == ("refused", "applicant")
    _decide(admission, "ask")
    with inside(admission.company_id):
        admitting.answer(
            admission=admission, user=UserFactory.create(), reason="再次补充", papers=[], now=LATER
        )
    _decide(admission, "admit")
    assert standing() == ("admitted", "admitted")
    _decide(admission, "suspend")
    assert standing() == ("suspended", "suspended")
    _decide(admission, "reinstate")
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
            _decide(admission, decision)

    with platform_wide():
        held = Admission.objects.select_related("company").get()
        assert (held.state, held.company.status, held.since) == (state, status, APPLIED)
        assert AdmissionStep.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["", " \n\t", "\u202e\u200f", "长" * 2001])
def test_a_decision_without_a_reason_is_none(reason: str) -> None:
    admission = _applied()

    with pytest.raises(rules.ReasonMissing):
        admitting.decide(
            company=admission.company,
            decision="admit",
            reason=reason,
            seen=_last(admission),
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


@pytest.mark.django_db(transaction=True)
def test_of_two_operators_who_decide_at_once_one_is_refused() -> None:
    admission = _applied()
    seen = _last(admission)
    operators = [UserFactory.create(), UserFactory.create()]
    start = Barrier(2)

    def press(operator: User, decision: str) -> str:
        start.wait()
        try:
            admitting.decide(
                company=admission.company,
                decision=decision,
                reason="看过",
                seen=seen,
                user=operator,
                now=LATER,
            )
        except rules.DecidedMeanwhile:
            return "refused"
        finally:
            connection.close()
        return decision

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(press, operators, ["admit", "refuse"]))

    assert said in (["admit", "refused"], ["refused", "refuse"])
    with platform_wide():
        assert AdmissionStep.objects.count() == 2
        state = Admission.objects.get().state
    assert (
        state
        == {"admit": "admitted", "refuse": "refused"}[next(one for one in said if one != "refused")]
    )


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_one_company_comes() -> None:
    person = UserFactory.create()
    start = Barrier(2)

    def press(last: str) -> str:
        start.wait()
        try:
            _applied(person, uscc=uscc_of(f"91330106MA9ABCDE{last}"))
        except rules.AlreadyActsForACompany:
            return "refused"
        finally:
            connection.close()
        return "applied"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(press, "AB"))

    assert said == ["applied", "refused"]
    assert Company.objects.count() == Membership.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_apply_for_one_company_at_once_the_second_is_told() -> None:
    people = [UserFactory.create(), UserFactory.create()]
    applied, told = Event(), []

    def late() -> None:
        applied.wait(timeout=10)
        try:
            _applied(people[1])
        except rules.NumberTaken:
            told.append("taken")
        finally:
            connection.close()

    other = Thread(target=late)
    other.start()
    with transaction.atomic():
        _applied(people[0])
        applied.set()
        other.join(timeout=0.5)
        assert told == [], "it waits"
    other.join(timeout=20)

    assert told == ["taken"]
    assert Company.objects.count() == Membership.objects.count() == 1


@pytest.mark.django_db
def test_steps_and_documents_are_only_added_and_a_step_has_its_reason() -> None:
    admission = _applied()

    for table in ("accounts_admissionstep", "accounts_admissiondocument"):
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):  # noqa: S608
            with (
                platform_wide(),
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
    with (
        platform_wide(),
        pytest.raises(IntegrityError, match="every_decision_has_its_reason"),
        transaction.atomic(),
    ):
        AdmissionStepFactory.create(admission=admission, kind="admitted", reason="")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("scan.exe", a_pdf(), "application/pdf"),
        ("a.pdf", a_png(), "image/png"),
        ("a.pdf", a_jpeg(), "image/jpeg"),
    ],
)
def test_the_content_says_what_a_file_is(name: str, content: bytes, kind: str) -> None:
    assert documents.media_type(name, content) == kind


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", documents.DocumentEmpty),
        (b"<html><script>alert(1)</script>", documents.DocumentOfAnotherKind),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", documents.DocumentOfAnotherKind),
        (b"GIF89a" + b"\0" * 40, documents.DocumentOfAnotherKind),
        (b"PK\x03\x04" + b"\0" * 40, documents.DocumentOfAnotherKind),
        (b" " + a_pdf(), documents.DocumentOfAnotherKind),
        (b"%PDF-1.7 without an end", documents.DocumentOfAnotherKind),
        (a_png()[:20], documents.DocumentOfAnotherKind),
        (a_png(0, 5), documents.DocumentOfAnotherKind),
        (b"\xff\xd8\xff\xfe\x00\x00" * 50, documents.DocumentOfAnotherKind),
        (a_png(60_000, 60_000), documents.ImageTooLarge),
        (a_jpeg(65_000, 65_000), documents.ImageTooLarge),
        (b"%PDF-" + b"\0" * 5_000_000, documents.DocumentTooLarge),
    ],
)
def test_other_files_are_refused_whatever_their_name(
    content: bytes, refusal: type[DomainError]
) -> None:
    with pytest.raises(DomainError) as told:
        documents.media_type("licence.pdf", content)

    assert type(told.value) is refusal


def test_a_files_name_is_a_name() -> None:
    assert documents.tidy_name("../../etc/passwd") == "passwd"
    assert documents.tidy_name("C:\\scans\\执照.pdf") == "执照.pdf"
    assert documents.tidy_name("gpj\u202efdp.exe") == "gpjfdp.exe"
    assert documents.tidy_name("") == "document"
    assert documents.tidy_name("长" * 10_000 + ".pdf") == "长" * 146 + ".pdf"


@pytest.mark.django_db
def test_an_application_holds_twenty_documents() -> None:
    admission = _applied()
    many = [Paper("other", f"{n}.pdf", a_pdf(str(n))) for n in range(20)]

    with inside(admission.company_id):
        with pytest.raises(documents.TooManyDocuments):
            admitting.answer(
                admission=admission,
                user=UserFactory.create(),
                reason="全部",
                papers=many,
                now=LATER,
            )

        assert AdmissionDocument.objects.count() == 1
        assert AdmissionStep.objects.count() == 1


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


def test_every_step_stands_in_the_audit_trail_with_its_reason(db: None) -> None:
    admission = _applied()
    acts = [
        ("ask", "缺授权书"),
        ("admit", "材料齐全"),
        ("suspend", "授权过期"),
        ("reinstate", "已续期"),
    ]
    _decide_because(admission, *acts[0])
    with inside(admission.company_id):
        admitting.answer(
            admission=admission,
            user=UserFactory.create(),
            reason="已补交",
            papers=[],
            now=LATER,
        )
    for act in acts[1:]:
        _decide_because(admission, *act)

    with platform_wide():
        trail = [
            (event.state, (event.pgh_context or {}).get("reason"))
            for event in events_of(Admission).objects.order_by("pgh_id")
        ]
        companys = [
            (event.status, (event.pgh_context or {}).get("reason"))
            for event in events_of(Company)
            .objects.filter(pgh_obj=admission.company_id)
            .order_by("pgh_id")
        ]
    assert trail == [
        ("waiting", None),
        ("asked", "缺授权书"),
        ("waiting", "已补交"),
        ("admitted", "材料齐全"),
        ("suspended", "授权过期"),
        ("admitted", "已续期"),
    ]
    assert companys[0] == ("applicant", None)
    assert companys[1:] == [
        ("admitted", "材料齐全"),
        ("suspended", "授权过期"),
        ("admitted", "已续期"),
    ]
    assert "reason" not in acts_in_force(), "the reason is not left for what comes after"


def _decide_because(admission: Admission, decision: str, reason: str) -> None:
    admitting.decide(
        company=admission.company,
        decision=decision,
        reason=reason,
        seen=_last(admission),
        user=UserFactory.create(),
        now=LATER,
    )
