"""The lists of companies, admissions and people, for pages and the API alike."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountEventKind, AdmissionState, CompanyKind, CompanyStatus, Role
from accounts.queries.admissions import companies_named
from core.filters import Choice, Choices, Code, Days, Flag
from core.listing import Listing, Related, Search, Sort

COMPANIES = Listing(
    name="companies",
    sorts={"code": "code", "name_zh": "name_zh", "name_en": "name_en", "status": "status"},
    default="code",
    search=Search(
        more=lambda words: Q(pk__in=companies_named(words)),
        hint=_("Name, code or social credit code"),
    ),
    filters=(
        Choice(
            name="kind",
            choices=CompanyKind.choices,
            when=lambda kind: Q(kinds__contains=[kind]),
            label=_("Kind"),
        ),
        Choices(name="status", path="status", choices=CompanyStatus.choices, label=_("Status")),
        Code(name="country", path="country", label=_("Country")),
    ),
)

ADMISSIONS = Listing(
    name="admissions",
    sorts={"turn": "turn", "since": "since", "company": "company__code"},
    default="turn",
    search=Search(
        related=(Related("company", companies_named),),
        hint=_("Name, code or social credit code"),
    ),
    filters=(
        Choices(name="state", path="state", choices=AdmissionState.choices, label=_("Status")),
        Days(name="since", path="since", label=_("Last step")),
    ),
)

PEOPLE = Listing(
    name="people",
    sorts={
        "name": "user__name",
        "email": "user__email",
        "role": "role",
        "last_login": Sort("user__last_login", nullable=True),
    },
    default="name",
    search=Search(
        more=lambda words: Q(user__name__icontains=words) | Q(user__email__icontains=words),
        hint=_("Name or e-mail"),
    ),
    filters=(
        Choices(name="role", path="role", choices=Role.choices, label=_("Role")),
        Flag(name="admin", when=Q(is_admin=True), label=_("admin")),
        Flag(name="second_factor", when=Q(has_second_factor=True), label=_("Second factor")),
        Days(name="signed_in", path="user__last_login", label=_("Last signed in")),
    ),
)

PERSONS = Listing(
    name="persons",
    sorts={"email": "email", "newest": "pk"},
    default="-newest",
    search=Search(prefix=("email",), hint=_("Beginning of an e-mail address")),
    filters=(
        Flag(name="company", when=Q(has_company=True), label=_("Acts for a company")),
        Flag(name="closed", when=Q(is_active=False), label=_("Account closed")),
        Days(name="signed_in", path="last_login", label=_("Last signed in")),
    ),
)

ACCOUNT_EVENTS = Listing(
    name="account-events",
    sorts={"newest": "pk", "happened_at": "happened_at"},
    default="-newest",
    search=Search(prefix=("email", "address"), hint=_("E-mail or address")),
    filters=(
        Choices(
            name="kind",
            path="kind",
            choices=AccountEventKind.choices,
            label=_("What happened"),
        ),
        Days(name="happened", path="happened_at", label=_("When")),
    ),
)

INVITATIONS = Listing(
    name="invitations",
    sorts={"invited_at": "invited_at", "expires_at": "expires_at", "email": "email"},
    default="-invited_at",
    search=Search(more=lambda words: Q(email__icontains=words), hint=_("Name or e-mail")),
    filters=(
        Choices(name="role", path="role", choices=Role.choices, label=_("Role")),
        Days(name="invited", path="invited_at"),
        Days(name="expires", path="expires_at"),
    ),
)
