"""Which histories are shown to whom, and where the page of a row stands. Said by ``config``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import Membership, Role


@dataclass(frozen=True, slots=True)
class Shown:
    """The roles that may read the history of a kind of row, beside the operator.

    ``page`` is the name of its page's address and ``part`` the field that stands in it;
    not every page opens to an operator. ``own``: those of the roles that work for the whole
    platform and yet read this of their own company only. ``parts``: kinds of rows whose history
    is told with this one's, and the field by which they point at it. ``always``: the field that
    is told with every change, for it says which of the parts it is. ``scope`` opens the row itself
    to a token, which needs it for the row's history as well.
    """

    roles: frozenset[str] = frozenset()
    page: str = ""
    part: str = ""
    is_open_to_operators: bool = True
    own: frozenset[str] = frozenset()
    parts: tuple[tuple[str, str], ...] = ()
    always: str = ""
    scope: str = ""


def shown(label: str) -> Shown:
    known: Mapping[str, Shown] = import_string(settings.BONDPOOL_HISTORIES)
    return known.get(label, Shown())


#: These read the history as the platform's people; everybody else as somebody of a company.
_STAFF = frozenset({Role.OPERATOR, Role.FINANCE})


def reader(membership: Membership, label: str = "") -> Membership | None:
    """None for the platform's people, who read everything and every name."""
    is_wide = membership.role in _STAFF and membership.role not in shown(label).own
    return None if is_wide else membership


def may_read(role: str, label: str) -> bool:
    return role == Role.OPERATOR or role in shown(label).roles
