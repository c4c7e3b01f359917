"""Which roles a company has to give."""

from __future__ import annotations

from collections.abc import Iterable

#: Money and the platform's own work stay with the platform: importers and sellers hand in papers
#: and forecasts, and finance pays for all of them. A supplier signs in nowhere.
_ROLES = {
    "seller": frozenset({"seller"}),
    "importer": frozenset({"importer"}),
    "warehouse": frozenset({"warehouse"}),
    "supplier": frozenset[str](),
    "platform": frozenset({"operator", "finance"}),
}


def roles_of(kinds: Iterable[str]) -> frozenset[str]:
    """The roles that people may have in a company of these kinds."""
    return frozenset[str]().union(*(_ROLES.get(str(kind), frozenset()) for kind in kinds))
