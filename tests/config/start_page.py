"""The start page as a member of a company has it, and what stands on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.html import strip_tags
from django.utils.translation import override

from accounts.models import Company, Membership, Role
from config.home import build
from core.walls import inside, platform_wide
from tests.factories.accounts import MembershipFactory
from web.pages import Home


def seen(company: Company, role: Role, *, now: datetime) -> Home:
    """The page in English, inside the walls that such a member's request has."""
    one = Membership.objects.filter(company=company, role=role).first()
    one = one or MembershipFactory.create(user__password=None, company=company, role=role)
    walls = inside(company.pk) if role in {Role.SELLER, Role.IMPORTER} else platform_wide()
    with override("en"), walls:
        return build(one, now=now)


def titles(page: Home) -> list[str]:
    return [str(task.title) for task in page.tasks]


def figures(page: Home) -> dict[str, str]:
    return {
        str(one.label): strip_tags(str(one.value)).replace("\u00a0", " ") for one in page.figures
    }


def table(page: Home, key: str) -> Sequence[tuple[str, list[int | str]]]:
    return next(chart for chart in page.charts if chart.key == key).rows
