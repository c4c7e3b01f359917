"""What papers of an entry say that stands elsewhere, kept as it was read when the form was drawn.

Companies, articles, the order, the ship notice and customs' tables go on changing after the form
was lodged; what was lodged does not. What is declared itself stands in rows that never change.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from customs.rules.counted import Counted
from customs.rules.import_set import ImportSet, Party, Permit, Statement, Warehouse
from customs.rules.rounding import Rounding
from customs.rules.shipped import Order, Sent, Voyage


@dataclass(frozen=True, slots=True)
class Around:
    """All of an ``ImportSet`` that is not in the declaration's own rows and not added later.

    ``owners`` are the companies that have a part in the entry.
    """

    importer: Party
    supplier: Party
    operator: Party
    warehouse: Warehouse
    order: Order
    shipment: Voyage
    statement: Statement
    rounding: Rounding
    permits: tuple[Permit, ...]
    owners: tuple[Party, ...]
    counted: Counted | None = None
    agreed: tuple[Sent, ...] = ()

    @property
    def articles(self) -> dict[int, str]:
        """What each line of the order was called, by its key."""
        return {line.key: line.sku for line in self.order.lines}


def around_of(data: ImportSet) -> Around:
    """What of a reading is to be kept."""
    return Around(
        importer=data.importer,
        supplier=data.supplier,
        operator=data.operator,
        warehouse=data.warehouse,
        order=data.order,
        shipment=data.shipment,
        statement=data.statement,
        rounding=data.rounding,
        permits=data.permits,
        counted=data.counted,
        agreed=data.agreed,
        owners=tuple({one.owner.code: one.owner for one in data.shares}.values()),
    )


def told(around: Around) -> dict[str, Any]:
    """As JSON has it: days and decimals as text, rows as lists."""
    content: dict[str, Any] = _told(around)
    return content


def read(content: Mapping[str, Any]) -> Around:
    """The same again. What a reading of before does not have yet gets its default."""
    around: Around = _read(Around, content)
    return around


def _told(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _told(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_told(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _read(kind: Any, value: Any) -> Any:
    if isinstance(kind, types.UnionType):
        # ``date | None`` and ``Party | None``.
        (kind,) = (one for one in typing.get_args(kind) if one is not types.NoneType)
        return None if value is None else _read(kind, value)
    if typing.get_origin(kind) is tuple:
        (of, *_more) = typing.get_args(kind)
        return tuple(_read(of, one) for one in value)
    if is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return typing.cast(Any, kind)(
            **{
                field.name: _read(hints[field.name], value[field.name])
                for field in fields(kind)
                # Without one, and without a default, the reading is no reading: KeyError.
                if field.name in value or field.default is MISSING
            }
        )
    if kind is date:
        return date.fromisoformat(value)
    return kind(value)
