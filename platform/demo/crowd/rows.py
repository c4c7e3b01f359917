"""How a table is filled: one INSERT … SELECT, with figures that keep the table's constraints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connections, models
from psycopg import sql

from accounts.models import Role


@dataclass(frozen=True, slots=True)
class Size:
    """How many there are of what; everything else follows."""

    sellers: int = 2000
    products: int = 5000
    suppliers: int = 40
    rounds: int = 12
    forecast_lines: int = 1_000_000
    shipments: int = 20_000
    lots: int = 100_000
    movements: int = 1_000_000
    retail_orders: int = 200_000
    payables: int = 5_000
    events: int = 200_000
    notices: int = 100_000

    def times(self, factor: float) -> Size:
        """A smaller one of the same shape; some things there must be a few of."""
        few = {"rounds": self.rounds, "suppliers": 2, "sellers": 12, "products": 20}
        few |= {"shipments": 10, "lots": 50, "payables": 20}
        values = {
            name: max(few.get(name, 50), int(getattr(self, name) * factor))
            for name in self.__dataclass_fields__
        }
        values["lots"] = values["shipments"] * 5
        return Size(**values)


FULL = Size()
ROUNDS = (
    *("2023-Q4", "2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1", "2025-Q2", "2025-Q3"),
    *("2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"),
)
#: The sellers' and importers' doors ask as these companies; the first has a tenth of everything.
PEOPLE = {role: f"{role.value}@bench.example" for role in Role}
#: Money of the suppliers, by their number.
CURRENCIES = "(ARRAY['EUR', 'USD', 'JPY', 'AUD'])"


class Rows:
    """An empty, migrated database, and who fills it: the role that owns the tables."""

    def __init__(self, size: Size, *, using: str, told: Callable[[str, int, int], None]) -> None:
        self.size, self.using, self.told = size, using, told

    def _owner(self, n: str, i: str) -> str:
        """The ``i``-th owner of the ``n``-th thing; the first seller has a tenth of everything."""
        others = self.size.sellers - 1
        return (
            f"CASE WHEN {i} = 0 AND {n} % 10 = 0 THEN 1001 "
            f"ELSE 1002 + ({n} * 7 + {i})::bigint % {others} END"
        )

    def _insert(self, name: str, source: str, /, **values: str) -> None:
        """Rows of a model; a column that nobody named gets what the model would give it."""
        model = apps.get_model(name)
        given = dict(values)
        for field in model._meta.concrete_fields:
            column = field.column
            if column not in given and not field.primary_key and not field.null:
                given[column] = self._default(field)
        columns = ", ".join(f'"{column}"' for column in given)
        # All of it is our own text above; nothing comes from outside.
        statement = (
            f'INSERT INTO "{model._meta.db_table}" ({columns}) '  # noqa: S608
            f"SELECT {', '.join(given.values())} FROM {source}"
        )
        with connections[self.using].cursor() as cursor:
            cursor.execute(statement)
            # The application may take numbers, and not set where they go on.
            if "id" in values and self.using == "owner":
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{model._meta.db_table}', 'id'), "  # noqa: S608
                    f'(SELECT max(id) FROM "{model._meta.db_table}"))'
                )

    def _default(self, field: models.Field[Any, Any]) -> str:
        value = field.get_default() if field.has_default() else ""
        if value == "" and not isinstance(field, models.CharField | models.TextField):
            raise LookupError(f"{field} has no default; say what it is")
        return self._literal(field.get_db_prep_save(value, connections[self.using]))

    def _literal(self, prepared: Any) -> str:
        return sql.Literal(prepared).as_string(connections[self.using].connection)
