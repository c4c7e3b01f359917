"""The start page of each role: what to do next, told by the stages' own queries.

Named by ``settings.BONDPOOL_HOME``, so that the pages know no stage of the trade.
"""

from __future__ import annotations

from datetime import datetime

from accounts.models import Membership, Role
from config.home import finance, importers, operators, sellers, warehouses
from web.pages import Home

_PAGES = {
    Role.SELLER: sellers.page,
    Role.IMPORTER: importers.page,
    Role.WAREHOUSE: warehouses.page,
    Role.FINANCE: finance.page,
    Role.OPERATOR: operators.page,
}


def build(membership: Membership, *, now: datetime) -> Home:
    """The page for the role in use; runs inside the walls that the request has put up."""
    return _PAGES[Role(membership.role)](membership.company, now=now)
