"""Counter-documents, and what of a declaration an amendment may change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db.models import QuerySet
from django.http import Http404

from customs.models import (
    CollectiveDeclaration,
    CollectiveGoods,
    CounterDocument,
    Declaration,
    GoodsLine,
)
from customs.queries.declarations import declared_charges
from customs.rules.charges import Charge, Kind
from customs.rules.countering import HEAD, OF_LINE, Change, read_charge, written
from customs.rules.declared import Declared


def counters_of(declaration: Declaration | CollectiveDeclaration) -> QuerySet[CounterDocument]:
    """The counter-documents of a declaration, or of one of a month, with their changes, the newest
    first."""
    return (
        _about(declaration)
        .select_related("answer", "asked_by", "declaration", "collective")
        .prefetch_related("changes")
        .order_by("-asked_at", "-pk")
    )


def is_asked(declaration: Declaration | CollectiveDeclaration) -> bool:
    """Whether customs has not answered a request for it."""
    return _about(declaration).filter(answer__isnull=True).exists()


def _about(declaration: Declaration | CollectiveDeclaration) -> QuerySet[CounterDocument]:
    if isinstance(declaration, Declaration):
        return CounterDocument.objects.filter(declaration=declaration)
    return CounterDocument.objects.filter(collective=declaration)


def counter_of(number: str) -> CounterDocument:
    """One counter-document in scope; Http404 where there is none."""
    found = (
        CounterDocument.objects.select_related("declaration", "collective", "answer")
        .filter(number=number)
        .first()
    )
    if found is None:
        raise Http404
    return found


def amendable(declaration: Declaration) -> dict[tuple[int, str], str]:
    """All that can be amended, as it stands: by goods line (0: the head) and field."""
    head = charges_written(declaration.packages, declared_charges(declaration))
    return head | lines_written(declaration.goods.order_by("position"))


def charges_written(packages: int, told: Sequence[Charge]) -> dict[tuple[int, str], str]:
    """What of the head can be amended."""
    charges = {one.kind: one for one in told}
    found = {(HEAD, "packages"): str(packages)}
    return found | {(HEAD, kind.value): written(charges.get(kind)) for kind in Kind}


def lines_written(
    goods: Iterable[GoodsLine] | Iterable[CollectiveGoods],
) -> dict[tuple[int, str], str]:
    """What of goods lines can be amended."""
    return {
        (line.position, field): str(getattr(line, field)) for line in goods for field in OF_LINE
    }


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
