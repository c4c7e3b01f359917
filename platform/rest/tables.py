"""The list of a company's tokens as its page and files show it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Role
from accounts.queries import is_administrator
from rest import queries
from rest.models import ApiToken
from web.tables import Column, Empty, Table, Viewer


def _tokens(viewer: Viewer) -> QuerySet[ApiToken]:
    """Those of the role one acts in; another role's keys are not one's own.

    Raises Http404 for who is no administrator of the company.
    """
    if not is_administrator(viewer.user, viewer.company, viewer.role):
        raise Http404
    return queries.tokens_of(viewer.company).filter(role=viewer.role)


def _usable(rows: list[ApiToken], viewer: Viewer) -> None:
    for row in rows:
        row.usable = row.is_usable(viewer.now)  # type: ignore[attr-defined]
        row.left = row.expires_at > viewer.now and not row.is_held()  # type: ignore[attr-defined]


TOKENS = Table(
    key="tokens",
    title=_("API tokens"),
    listing=lambda viewer: queries.listing(viewer.now),
    rows=_tokens,
    attach=_usable,
    roles=frozenset(Role.values),
    named="name",
    columns=(
        Column(
            label=pgettext_lazy("of a token", "Name"),
            value="name",
            sort="name",
            note=lambda token: f"{token.hint}\u2026",
        ),
        Column(label=_("Beginning"), value="hint", kind="number", on_page=False),
        Column(
            label=_("Scopes"),
            value=lambda token: " ".join(token.scopes),
            template="rest/_cell_scopes.html",
        ),
        Column(label=_("Made by"), value="created_by.name"),
        Column(
            label=_("Expires"),
            value="expires_at",
            kind="moment",
            sort="expires_at",
            template="rest/_cell_expires.html",
        ),
        Column(label=_("Revoked"), value="revoked_at", kind="moment", on_page=False),
        Column(
            label=_("Last use"),
            value="last_used_at",
            kind="moment",
            sort="last_used_at",
            template="rest/_cell_used.html",
        ),
        Column(label="", template="rest/_cell_revoke.html"),
    ),
    empty=Empty(
        _("No tokens yet"),
        _("Make one for the program that files forecasts, sends orders or fetches papers for you."),
        "key",
        "token_new",
        _("Make a token"),
    ),
)

TABLES = (TOKENS,)
