"""Counter-documents, and what of a declaration an amendment may change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import QuerySet
from django.http import Http404

from customs.models import CounterDocument, Declaration
from customs.queries.declarations import declared_charges
from customs.rules.charges import Charge, Kind
from customs.rules.countering import HEAD, OF_LINE, Change, read_charge, written
from customs.rules.declared import Declared


def counters_of(declaration: Declaration) -> QuerySet[CounterDocument]:
    """A declaration's counter-documents with their changes, the newest first."""
    return (
        CounterDocument.objects.filter(declaration=declaration)
        .select_related("answer", "asked_by", "declaration")
        .prefetch_related("changes")
        .order_by("-asked_at", "-pk")
    )


def counter_of(number: str) -> CounterDocument:
    """One counter-document in scope; Http404 where there is none."""
    found = (
        CounterDocument.objects.select_related("declaration", "answer")
        .filter(number=number)
        .first()
    )
    if found is None:
        raise Http404
    return found


def amendable(declaration: Declaration) -> dict[tuple[int, str], str]:
    """All that can be amended, as it stands: by goods line (0: the head) and field."""
    charges = {one.kind: one for one in declared_charges(declaration)}
    found = {(HEAD, "packages"): str(declaration.packages)}
    found |= {(HEAD, kind.value): written(charges.get(kind)) for kind in Kind}
    for line in declaration.goods.order_by("position"):
        found |= {(line.position, field): str(getattr(line, field)) for field in OF_LINE}
    return found


def amended(declared: Declared, changes: Sequence[Change]) -> Declared:
    """A declaration as it would be with the changes of an amendment."""
    head = {one.field: one.after for one in changes if one.line == HEAD}
    charges: list[Charge] = [one for one in declared.charges if one.kind.value not in head]
    for kind in Kind:
        told = read_charge(kind, head[kind.value]) if kind.value in head else None
        if told is not None:
            charges.append(told)
    goods = []
    for line in declared.goods:
        own = {one.field: one.after for one in changes if one.line == line.position}
        goods.append(replace(line, **own))  # type: ignore[arg-type]
    packages = int(head.get("packages", declared.packages))
    return replace(declared, packages=packages, charges=charges, goods=goods)
