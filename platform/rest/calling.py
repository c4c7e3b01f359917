"""Who calls: a token or a portal session. Puts up the walls for the call, as pages do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja.utils import check_csrf

from accounts.access import demand_standing
from accounts.middleware import asked_by, walls_of, who
from accounts.models import Company, Membership, User
from accounts.second_factor import SecondFactorMissing, lacks_one
from core import clock, walls
from core.clients import address_of
from core.prepared import together
from rest import limits, queries, refusals, rules, services
from rest.models import ApiToken

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Caller:
    """For whom a request acts, and what it may."""

    membership: Membership
    scopes: frozenset[str]
    token: ApiToken | None = None

    @property
    def company(self) -> Company:
        return self.membership.company

    @property
    def user(self) -> User:
        return self.membership.user

    @property
    def role(self) -> str:
        return str(self.membership.role)

    def demand(self, scope: str) -> None:
        """Raises ScopeMissing: for what only the content of a request tells."""
        if scope not in self.scopes:
            raise refusals.ScopeMissing(scope=scope, role=self.role)

    @property
    def keys(self) -> str:
        """Whose idempotency keys they are: the person's in its role, whatever token it uses.

        A token ends or is exchanged for another; what was paid stays paid.
        """
        return f"person:{self.membership.user_id}:{self.role}"


def caller_of(request: HttpRequest) -> Caller:
    """The caller of a request that has come in."""
    return cast(Caller, request.caller)  # type: ignore[attr-defined]


def bearer_of(request: HttpRequest) -> str | None:
    """The token in the header, if there is one; anything else in it is no token."""
    told = request.headers.get("Authorization")
    if told is None:
        return None
    kind, _, text = told.partition(" ")
    return text.strip() if kind.lower() == "bearer" else ""


@contextmanager
def acting(
    request: HttpRequest, *, scope: str, any_standing: bool = False, applicants_too: bool = False
) -> Iterator[Caller]:
    """Find the caller, check what it may, and act inside its walls.

    ``any_standing`` opens it to companies that are not admitted, or are suspended;
    ``applicants_too`` to the former, while the latter only read.

    Raises one of the refusals of 401 and 403, TooMany, SecondFactorMissing, CompanyNotAdmitted or
    CompanySuspended.
    """
    text = bearer_of(request)
    caller = _by_session(request) if text is None else _by_token(request, text)
    request.caller = caller  # type: ignore[attr-defined]
    if scope and scope not in caller.scopes:
        raise refusals.ScopeMissing(scope=scope, role=caller.role)
    if scope or request.method not in _SAFE:
        demand_standing(
            caller.membership,
            method=request.method or "GET",
            any_standing=any_standing,
            applicants_too=applicants_too,
        )
    if caller.token is None:
        # A session's walls and facts were put up with the request.
        yield caller
        return
    facts = asked_by(request) | who(caller.membership, token=caller.token.hint)
    with walls_of(caller.role, caller.company.pk, facts=facts):
        yield caller


def _by_token(request: HttpRequest, text: str) -> Caller:
    address, at = address_of(request), clock.now()
    try:
        with together(), walls.platform_wide():
            token = _known(text)
            if token.revoked_at is not None:
                raise refusals.TokenRevoked()
            if rules.has_expired(token.expires_at, at):
                raise refusals.TokenExpired()
            _count(request, f"token:{token.pk}")
            membership = queries.membership_of(token)
            if membership is None:
                raise refusals.TokenWithoutMember()
            # A key is no way round what the portal asks of its holder.
            if lacks_one(membership):
                raise SecondFactorMissing()
            services.note_use(token=token, address=address, now=at)
    except (refusals.TokenUnknown, refusals.TokenRevoked, refusals.TokenExpired):
        # Only who shows a bad token: others behind the same address go on.
        limits.check_failures(address)
        limits.count_failure(address)
        raise
    return Caller(membership, frozenset(token.scopes), token)


def _count(request: HttpRequest, name: str) -> None:
    """As soon as it is known who asks: what is refused for another reason costs work as well, and
    what is too much must not cost more than to find that out."""
    left = limits.count(name, settings.BONDPOOL_API_PER_MINUTE)
    request.allowance = left  # type: ignore[attr-defined]
    left.check()


def tell_allowance(request: HttpRequest, answer: HttpResponse) -> None:
    """Say in the answer what the caller has left, whatever the answer is."""
    left: limits.Allowance | None = getattr(request, "allowance", None)
    if left is not None:
        left.put_on(answer)


def _known(text: str) -> ApiToken:
    """A typo is refused by its checksum, before the database is asked."""
    found = queries.token_like(text) if rules.is_well_formed(text) else None
    if found is None:
        raise refusals.TokenUnknown()
    return found


def _by_session(request: HttpRequest) -> Caller:
    membership = getattr(request, "membership", None)
    if membership is None:
        raise refusals.NotSignedIn()
    _count(request, f"person:{membership.pk}")
    if request.method not in _SAFE and check_csrf(request) is not None:
        raise refusals.CsrfFailed()
    return Caller(membership, frozenset(rules.scopes_of(membership.role)))
