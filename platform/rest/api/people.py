"""The people of one's own company, for its administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Schema, Status
from pydantic import Field

from accounts.models import Company, Invitation, Membership, Role
from accounts.queries import invitation_of, is_too_old, members_of, open_invitations
from accounts.queries.listings import INVITATIONS, PEOPLE
from accounts.rules.seen import stamp
from accounts.services import people as services
from core.clock import now
from rest.calling import Caller, caller_of
from rest.fields import Body, Email, one_of
from rest.lists import page
from rest.routes import Routes
from rest.serving import seen

routes = Routes(tags=["everybody"])

RoleName = Literal["seller", "importer", "warehouse", "finance", "operator"]


class MemberOut(Schema):
    """Somebody who acts for the company in a role."""

    id: int = Field(examples=[12])
    name: str = Field(examples=["张三"])
    email: str = Field(examples=["seller1@bondpool.example"])
    role: str = Field(json_schema_extra=one_of(*Role.values), examples=["seller"])
    is_admin: bool = Field(examples=[False])
    has_second_factor: bool = Field(examples=[True])
    last_login: datetime | None = Field(examples=["2026-07-14T04:00:00Z"])


class RoleIn(Body):
    """In which role somebody acts, and whether it may see to the company's people."""

    role: RoleName = Field(examples=["seller"])
    is_admin: bool = Field(False, strict=True, examples=[False])


class InvitationIn(RoleIn):
    """Whom to ask."""

    email: Email = Field(max_length=254, examples=["colleague@seller.example"])


class InvitationOut(Schema):
    """An invitation; its link is in the mail and nowhere else."""

    uid: UUID = Field(examples=["6f1c1c62-5f0e-4c6f-9f0a-2f7a1f0d5d11"])
    email: str = Field(examples=["colleague@seller.example"])
    role: str = Field(json_schema_extra=one_of(*Role.values), examples=["seller"])
    is_admin: bool = Field(examples=[False])
    state: str = Field(
        description="open, too_old, accepted or revoked",
        json_schema_extra=one_of("open", "too_old", "accepted", "revoked"),
        examples=["open"],
    )
    issue: int = Field(description="How often it was sent", examples=[1])
    invited_at: datetime = Field(examples=["2026-07-14T04:00:00Z"])
    expires_at: datetime = Field(examples=["2026-07-21T04:00:00Z"])


def _administrator(request: HttpRequest) -> Caller:
    """Raises Http404 when it is in the name of somebody who is no administrator."""
    caller = caller_of(request)
    if not caller.membership.is_admin:
        raise Http404
    return caller


def _company(request: HttpRequest) -> Company:
    return _administrator(request).company


def _member(request: HttpRequest, pk: int) -> Membership:
    if pk > 2**62:
        raise Http404
    return get_object_or_404(members_of(_company(request)), pk=pk)


def _shown(member: Membership) -> MemberOut:
    return MemberOut(
        id=member.pk,
        name=member.user.name,
        email=member.user.email,
        role=member.role,
        is_admin=member.is_admin,
        has_second_factor=member.has_second_factor,  # type: ignore[attr-defined]
        last_login=member.user.last_login,
    )


def _invitation(request: HttpRequest, uid: UUID) -> Invitation:
    found = invitation_of(_company(request), uid)
    if found is None:
        raise Http404
    return found


def _asked(one: Invitation) -> InvitationOut:
    state = "too_old" if is_too_old(one, now=now()) else "open"
    if one.accepted_at or one.revoked_at:
        state = "accepted" if one.accepted_at else "revoked"
    return InvitationOut(
        uid=one.uid,
        email=one.email,
        role=one.role,
        is_admin=one.is_admin,
        state=state,
        issue=one.issue,
        invited_at=one.invited_at,
        expires_at=one.expires_at,
    )


@routes.rows(
    "/people",
    scope="people:read",
    listing=PEOPLE,
    row=MemberOut,
    summary=_("List people"),
    applicants_too=True,
)
def list_people(request: HttpRequest) -> object:
    """Who acts for the company, each once per role. In the name of an administrator."""
    return page(request, PEOPLE, members_of(_company(request)), _shown)


@routes.show(
    "/people/{int:pk}",
    scope="people:read",
    response=MemberOut,
    summary=_("Show a person"),
    applicants_too=True,
)
def get_member(request: HttpRequest, pk: int) -> MemberOut:
    """Somebody in one role."""
    return _shown(_member(request, pk))


@routes.change(
    "/people/{int:pk}",
    method="PUT",
    scope="people:write",
    current=get_member,
    response=MemberOut,
    summary=_("Change a person's role"),
    is_confirmed=True,
    applicants_too=True,
)
def change_member(request: HttpRequest, pk: int, told: RoleIn) -> MemberOut:
    """Another role, or an administrator or not."""
    before = seen(request, MemberOut)
    services.change_role(
        company=_company(request),
        member=_member(request, pk),
        role=Role(told.role),
        is_admin=told.is_admin,
        by=caller_of(request).user,
        seen=stamp(before.role, before.is_admin),
    )
    return _shown(_member(request, pk))


@routes.change(
    "/people/{int:pk}/remove",
    scope="people:write",
    current=get_member,
    response=MemberOut,
    summary=_("Take a person out"),
    is_confirmed=True,
    applicants_too=True,
)
def remove_member(request: HttpRequest, pk: int) -> MemberOut:
    """It acts for the company no more; what it did stays its own."""
    member = _member(request, pk)
    services.remove(company=_company(request), member=member, now=now())
    return _shown(member)


@routes.rows(
    "/invitations",
    scope="people:read",
    listing=INVITATIONS,
    row=InvitationOut,
    summary=_("List open invitations"),
    applicants_too=True,
)
def list_invitations(request: HttpRequest) -> object:
    """The newest first; some may be too old to be accepted."""
    # A platform-wide caller has no wall around its own company.
    mine = open_invitations().filter(company=_company(request))
    return page(request, INVITATIONS, mine, _asked)


@routes.create(
    "/invitations",
    scope="people:write",
    response=InvitationOut,
    summary=_("Invite somebody"),
    is_confirmed=True,
    applicants_too=True,
)
def create_invitation(request: HttpRequest, told: InvitationIn) -> Status[InvitationOut]:
    """A mail with a link goes out; the link works once and for a week."""
    caller = _administrator(request)
    made = services.invite(
        company=caller.company,
        email=told.email,
        role=Role(told.role),
        is_admin=told.is_admin,
        by=caller.user,
        now=now(),
    )
    return Status(201, _asked(made))


@routes.show(
    "/invitations/{uuid:uid}",
    scope="people:read",
    response=InvitationOut,
    summary=_("Show an invitation"),
    applicants_too=True,
)
def get_invitation(request: HttpRequest, uid: UUID) -> InvitationOut:
    """Whether it is open."""
    return _asked(_invitation(request, uid))


@routes.change(
    "/invitations/{uuid:uid}/again",
    scope="people:write",
    current=get_invitation,
    response=InvitationOut,
    summary=_("Send an invitation again"),
    is_confirmed=True,
    applicants_too=True,
)
def resend_invitation(request: HttpRequest, uid: UUID) -> InvitationOut:
    """A new link and a new week; the link before it is worthless."""
    caller = _administrator(request)
    asked = _invitation(request, uid)
    services.send_again(company=caller.company, invitation=asked, by=caller.user, now=now())
    return _asked(_invitation(request, uid))


@routes.change(
    "/invitations/{uuid:uid}/revoke",
    scope="people:write",
    current=get_invitation,
    response=InvitationOut,
    summary=_("Take an invitation back"),
    is_confirmed=True,
    applicants_too=True,
)
def revoke_invitation(request: HttpRequest, uid: UUID) -> InvitationOut:
    """Its link opens nothing any more."""
    asked = _invitation(request, uid)
    services.revoke(company=_company(request), invitation=asked, now=now())
    return _asked(_invitation(request, uid))
