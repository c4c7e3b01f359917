"""The lists of companies, admissions and people as their pages and files show them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import AccountEvent, Admission, Company, CompanyKind, Membership, Role
from accounts.queries import admissions as asked
from accounts.queries import listings, managed_company, members_of
from accounts.queries.people import persons_there
from accounts.rules.seen import stamp
from web.tables import Column, Empty, Table, Viewer

_OPERATOR = frozenset({Role.OPERATOR})


def _kinds(company: Company) -> str:
    return ", ".join(str(CompanyKind(kind).label) for kind in company.kinds)


COMPANIES = Table(
    key="companies",
    title=_("Companies"),
    listing=listings.COMPANIES,
    rows=lambda viewer: Company.objects.all(),
    roles=_OPERATOR,
    named="code",
    columns=(
        Column(
            label=_("Company name"),
            value="name",
            note="code",
            link=lambda one: reverse("company_page", args=[one.code]),
            sort="code",
        ),
        Column(label=_("Company code"), value="code", kind="number", on_page=False),
        Column(label=_("Kinds"), value=_kinds),
        Column(label=_("Unified social credit code"), value="uscc", kind="number"),
        Column(label=_("Town"), value="town"),
        Column(label=_("Country"), value="country", kind="country"),
        Column(label=_("Status"), value="status", kind="state", sort="status"),
    ),
    empty=Empty(_("No companies found"), _("Try another word, or all kinds."), "search-off"),
)


def _admissions(viewer: Viewer) -> QuerySet[Admission]:
    return asked.admissions()


ADMISSIONS = Table(
    key="admissions",
    title=_("Admissions"),
    listing=listings.ADMISSIONS,
    rows=_admissions,
    roles=_OPERATOR,
    named="company.code",
    columns=(
        Column(
            label=_("Company name"),
            value="company.name",
            note="company.code",
            link=lambda one: reverse("admission_case", args=[one.pk]),
            sort="company",
        ),
        Column(label=_("Company code"), value="company.code", kind="number", on_page=False),
        Column(label=_("Unified social credit code"), value="company.uscc", kind="number"),
        Column(label=_("Status"), value="state", kind="state"),
        Column(label=_("Last step"), value="since", kind="moment", sort="since"),
        Column(label=_("Age"), template="accounts/_cell_age.html"),
    ),
    empty=Empty(
        _("No admissions"),
        _("Whoever applies for admission stands here, the longest waiting first."),
        "clipboard-text",
    ),
)


def _people(viewer: Viewer, code: str) -> QuerySet[Membership]:
    company = managed_company(viewer.user, viewer.company, viewer.role, code)
    if company is None:
        raise Http404
    return members_of(company)


def _stamped(rows: list[Membership], viewer: Viewer) -> None:
    for row in rows:
        row.seen = stamp(row.role, row.is_admin)  # type: ignore[attr-defined]


PEOPLE = Table(
    key="people",
    scope="people:read",
    title=_("People"),
    listing=listings.PEOPLE,
    rows=_people,
    attach=_stamped,
    within="company",
    roles=frozenset(Role.values),
    named="user.name",
    columns=(
        Column(
            label=_("Name"),
            value="user.name",
            sort="name",
            template="accounts/_cell_person.html",
        ),
        Column(label=_("E-mail"), value="user.email", on_page=False),
        Column(
            label=_("Role"),
            value="role",
            kind="choice",
            sort="role",
            template="accounts/_cell_role.html",
        ),
        Column(label=_("admin"), value="is_admin", kind="yes", on_page=False),
        Column(
            label=_("Second factor"),
            value="has_second_factor",
            kind="yes",
            template="accounts/_cell_factor.html",
        ),
        Column(
            label=_("Last signed in"), value="user.last_login", kind="moment", sort="last_login"
        ),
        Column(label="", template="accounts/_cell_remove.html"),
    ),
    empty=Empty(_("Nobody acts for this company yet"), _("Invite somebody."), "users"),
)

PERSONS = Table(
    key="persons",
    title=_("Accounts of people"),
    listing=listings.PERSONS,
    rows=lambda viewer: persons_there(),
    roles=_OPERATOR,
    named="email",
    columns=(
        Column(
            label=_("E-mail"),
            value="email",
            note="name",
            link=lambda one: reverse("person", args=[one.pk]),
            sort="email",
        ),
        Column(label=_("Name"), value="name", on_page=False),
        Column(label=_("Acts for a company"), value="has_company", kind="yes"),
        Column(label=_("Second factor"), value="has_second_factor", kind="yes"),
        Column(label=_("Account closed"), value=lambda one: not one.is_active, kind="yes"),
        Column(label=_("Last signed in"), value="last_login", kind="moment"),
    ),
    empty=Empty(_("Nobody has an account yet"), "", "users"),
)

ACCOUNT_EVENTS = Table(
    key="account-events",
    title=_("Sign-ins and keys"),
    listing=listings.ACCOUNT_EVENTS,
    rows=lambda viewer: AccountEvent.objects.select_related("user", "by"),
    roles=_OPERATOR,
    named="email",
    columns=(
        Column(label=_("When"), value="happened_at", kind="moment", sort="happened_at"),
        Column(
            label=_("What happened"),
            value="kind",
            kind="choice",
            note=lambda one: f"{one.by.name}: {one.reason}" if one.by else "",
        ),
        Column(
            label=_("E-mail"),
            value="email",
            note=lambda one: one.user.name if one.user else _("no account"),
            link=lambda one: reverse("person", args=[one.user_id]) if one.user_id else "",
        ),
        # A note stands on the page only; a file has them in columns.
        Column(label=_("Name"), value="user.name", on_page=False),
        Column(label=_("Done by"), value="by.email", on_page=False),
        Column(label=_("Reason"), value="reason", on_page=False),
        Column(label=pgettext_lazy("of a computer", "Address"), value="address", kind="number"),
        Column(label=_("Browser"), value="agent", template="accounts/_cell_browser.html"),
    ),
    empty=Empty(
        _("Nothing happened yet"),
        _("Who signs in or fails to, and whose password or second factor changes, stands here."),
        "key",
    ),
)

TABLES = (COMPANIES, ADMISSIONS, PEOPLE, PERSONS, ACCOUNT_EVENTS)
