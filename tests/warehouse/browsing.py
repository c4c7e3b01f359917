"""A browser of somebody who works for a company, and the text of the page it gets."""

from __future__ import annotations

from django.test import Client

from accounts.models import Company, Role
from tests.factories.accounts import MembershipFactory


def signed_in(company: Company, role: Role) -> Client:
    client = Client(headers={"accept-language": "en", "accept": "text/html"})
    client.force_login(MembershipFactory.create(company=company, role=role).user)
    return client


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]
