"""The start page of each role: what to do next, told by the stages' own queries.

Named by ``settings.BONDPOOL_HOME``, so that the pages know no stage of the trade.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import CompanyStatus, Membership, Role
from config.home import applicants, finance, importers, operators, sellers, warehouses
from web.pages import Home, Task

_PAGES = {
    Role.SELLER: sellers.page,
    Role.IMPORTER: importers.page,
    Role.WAREHOUSE: warehouses.page,
    Role.FINANCE: finance.page,
    Role.OPERATOR: operators.page,
}
#: What is wrong or late comes first, then what is due, then what can be done, then what is done.
_URGENCY = ("red", "orange", "primary", "grey", "green")


def build(membership: Membership, *, now: datetime) -> Home:
    """The page for the role in use; runs inside the walls that the request has put up."""
    is_applicant = membership.company.status == CompanyStatus.APPLICANT
    build_page = applicants.page if is_applicant else _PAGES[Role(membership.role)]
    page = build_page(membership, now=now)
    if membership.company.status == CompanyStatus.SUSPENDED:
        # It may change nothing, so nothing of all that waits for it.
        return replace(page, tasks=[_suspended()])
    return replace(page, tasks=sorted(page.tasks, key=lambda task: _URGENCY.index(task.tone)))


def _suspended() -> Task:
    return Task(
        title=_("Your company is suspended"),
        detail=_("You can read what is yours. The operator has written down why."),
        url=reverse("admission"),
        action=_("See why"),
        icon="lock",
        tone="red",
    )
