"""Who am I: what a token or a session may, and for whom."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from accounts.models import Role
from rest.calling import caller_of
from rest.fields import one_of, some_of
from rest.routes import Routes
from rest.rules import SCOPES

routes = Routes(tags=["everybody"])


class CompanyOut(Schema):
    """A company as others know it."""

    code: str = Field(examples=["SELLER-01"])
    name_zh: str = Field(examples=["宁波示例商贸有限公司"])
    name_en: str = Field(examples=["Ningbo Example Trading Ltd"])


class TokenOut(Schema):
    """The token that asks, without its secret."""

    name: str = Field(examples=["warehouse robot"])
    hint: str = Field(description="Its beginning", examples=["bp_4Hq2Zk"])
    expires_at: datetime = Field(examples=["2026-12-31T00:00:00Z"])


class Me(Schema):
    """For whom the request acts."""

    company: CompanyOut
    role: str = Field(json_schema_extra=one_of(*Role.values), examples=["seller"])
    person: str = Field(description="In whose name", examples=["seller1@bondpool.example"])
    scopes: list[str] = Field(
        json_schema_extra=some_of(*SCOPES), examples=[["forecasts:read", "forecasts:write"]]
    )
    token: TokenOut | None


@routes.show("/me", scope="", response=Me, summary=_("Who am I"))
def get_me(request: HttpRequest) -> Me:
    """The company, the role and the scopes of the token or session that asks."""
    caller = caller_of(request)
    token = caller.token
    return Me(
        company=CompanyOut(
            code=caller.company.code,
            name_zh=caller.company.name_zh,
            name_en=caller.company.name_en,
        ),
        role=caller.role,
        person=caller.user.email,
        scopes=sorted(caller.scopes),
        token=TokenOut(name=token.name, hint=token.hint, expires_at=token.expires_at)
        if token
        else None,
    )
