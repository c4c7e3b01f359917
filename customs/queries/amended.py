"""What customs amended of a declaration on the way to its version."""

from __future__ import annotations

from customs.models import CounterChange, Declaration
from customs.queries.passing import versions_of


def amended_fields(declaration: Declaration) -> frozenset[tuple[int, str]]:
    """Goods line (0: the head) and field of all that customs amended on the way to this version."""
    if declaration.replaces_id is None:
        return frozenset()
    _newest, *older = versions_of(declaration)
    found = CounterChange.objects.filter(
        document__declaration__in=older, document__answer__accepted=True
    )
    return frozenset(found.values_list("line", "field"))
