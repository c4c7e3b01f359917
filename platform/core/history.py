"""The history of a table: who changed which row when, from what to what.

``@tracked(owner="it.seller_id")`` on a model gives it a table of events (pghistory's event
model). Triggers of the database fill it, so that ``save()``, ``update()``, bulk statements and
plain SQL are all seen; they fire once a statement, so that a thousand rows cost little more
than one. A row of history holds the whole row as it was after the change (before it, for a
deletion); the row of history before it tells what it was until then.

Nobody but the triggers writes there: their functions run with the rights of the tables' owner,
and the application's role may read its own company's part and nothing else (:func:`walled`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypeVar, cast

import pghistory
import pghistory.core
import pgtrigger
from django.db import models
from pghistory.models import Event
from pgtrigger import compiler

from core.walls import AsOwner, owned_by, seen_by

M = TypeVar("M", bound=models.Model)

INSERT, UPDATE, DELETE = "insert", "update", "delete"
SEQUENCE = "core_history_number"


class TriggerSql(compiler.UpsertTriggerSql):
    """A trigger whose function runs with the rights of who made it, and cannot be switched off.

    pgtrigger's own asks a session value whether to fire; a session belongs to the application.
    Migrations stand on this text: do not change it, write another class.
    """

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}()
            RETURNS TRIGGER AS $$
                DECLARE
                    _facts jsonb := core_history_facts();
                BEGIN
                    {func}
                    RETURN NULL;
                END;
            $$ LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE TRIGGER {pgid}
                {when} {operation} ON {table}
                {referencing}
                FOR EACH {level}
                EXECUTE FUNCTION {execute};

            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class _Snapshot(pgtrigger.Trigger):
    """Copies the rows of one statement into the table of events."""

    level = pgtrigger.Statement
    when = pgtrigger.After

    def __init__(self, *, events: type[Recorded], label: str, operation: Any) -> None:
        self.events, self.label = events, label
        tables = {INSERT: (None, "rows"), UPDATE: ("rows_before", "rows"), DELETE: ("rows", None)}
        old, new = tables[label]
        super().__init__(
            name=f"history_{label}",
            operation=operation,
            referencing=pgtrigger.Referencing(old=old, new=new),  # type: ignore[no-untyped-call]
        )

    def get_func(self, model: Any) -> str:
        source = "FROM rows AS it"
        if self.label == UPDATE:
            key = model._meta.pk.column
            columns = [field.column for field in snapshot(self.events)]
            before = ", ".join(f'was."{column}"' for column in columns)
            after = ", ".join(f'it."{column}"' for column in columns)
            source += (
                f' JOIN rows_before AS was ON was."{key}" = it."{key}"'
                f" WHERE ROW({before}) IS DISTINCT FROM ROW({after})"
            )
        return f"{_insert(self.events, self.label)} {source};"

    def compile(self, model: Any) -> compiler.Trigger:
        return compiler.Trigger(
            name=str(self.name),
            sql=TriggerSql(
                pgid=self.get_pgid(model),
                func=self.render_func(model),
                table=model._meta.db_table,
                when=self.when,
                operation=self.operation,
                referencing=str(self.referencing),
                level=self.level,
                execute=self.render_execute(model),
            ),
        )


def snapshot(events: type[Recorded]) -> list[models.Field[Any, Any]]:
    """The fields of the tracked model that the events keep."""
    tracked_fields = {field.name for field in events.pgh_tracked_model._meta.fields}
    return [field for field in events._meta.fields if field.name in tracked_fields]


def _insert(events: type[Recorded], label: str) -> str:
    """``INSERT … SELECT`` of rows called ``it``, without where they come from."""
    values = {
        "pgh_id": f"nextval('{SEQUENCE}')",
        "pgh_created_at": "now()",
        "pgh_label": f"'{label}'",
        "pgh_obj_id": f'it."{events.pgh_tracked_model._meta.pk.column}"',
        "pgh_owner": f"({events.owner})" if events.owner else "NULL::bigint",
        "pgh_context": "_facts",
        "pgh_context_id": "nullif(current_setting('pghistory.context_id', true), '')::uuid",
        "pgh_person": "(_facts ->> 'person')::bigint",
        "pgh_company": "(_facts ->> 'company')::bigint",
    }
    values |= {str(field.column): f'it."{field.column}"' for field in snapshot(events)}
    columns = ", ".join(f'"{column}"' for column in values)
    return f'INSERT INTO "{events._meta.db_table}" ({columns}) SELECT {", ".join(values.values())}'


class _RowEvent(pghistory.RowEvent):
    def add_event_trigger(self, event_model: Any) -> None:
        trigger = _Snapshot(events=event_model, label=str(self.label), operation=self.operation)
        pgtrigger.register(trigger)(event_model.pgh_tracked_model)


class Recorded(Event):
    """One change of one row. ``pgh_id`` counts all tables' events together, in their order.

    ``pgh_owner`` is the company whose row it was; empty for the platform's own. ``pgh_person``
    and ``pgh_company`` stand in the context as well; here an index finds them.
    """

    pgh_id = models.BigIntegerField(primary_key=True)
    pgh_owner = models.BigIntegerField(null=True)
    pgh_person = models.BigIntegerField(null=True)
    pgh_company = models.BigIntegerField(null=True)

    objects: ClassVar[models.Manager[Any]] = owned_by("pgh_owner")  # type: ignore[assignment]

    #: SQL that gives the owner of the row called ``it``.
    owner: ClassVar[str] = ""
    #: The field by which people call the row, as a path from the tracked model.
    called: ClassVar[str] = ""
    pgh_tracked_model: Any
    pgh_context: Any
    pgh_context_id: Any
    pgh_obj_id: int

    class Meta:
        abstract = True


#: Every table of events, by the label of the model it follows.
EVENTS: dict[str, type[Recorded]] = {}


def tracked(
    *, owner: str = "", called: str = "", exclude: Sequence[str] = (), only_added: bool = False
) -> Callable[[type[M]], type[M]]:
    """Keep the history of a model's rows.

    ``owner`` is SQL that gives the company to whom the row called ``it`` belongs, such as
    ``it.seller_id``; empty for what only the platform sees. ``called`` is the field by which
    people call the row. What is in ``exclude`` (secrets, personal data, files) is not kept.
    ``only_added``: of a fact, or of a row that only a worker goes on with, it is enough to know
    who added it, and from where.

    ``makemigrations`` writes the table and the triggers; add ``walled("app_modelevent")`` to
    that migration by hand.
    """

    def decorate(model: type[M]) -> type[M]:
        # The trackers belong to one table each, so they are made anew.
        trackers = (
            _RowEvent(INSERT, operation=pgtrigger.Insert, row="NEW"),
            _RowEvent(UPDATE, operation=pgtrigger.Update, row="NEW", condition=None),
            _RowEvent(DELETE, operation=pgtrigger.Delete, row="OLD"),
        )[: 1 if only_added else None]
        name, table = f"{model.__name__}Event", model._meta.db_table
        events = pghistory.core.create_event_model(
            model,
            *trackers,
            exclude=list(exclude),
            obj_field=pghistory.ObjForeignKey(db_index=False, related_name="+"),
            context_field=pghistory.ContextJSONField(),
            context_id_field=pghistory.ContextUUIDField(),
            model_name=name,
            base_model=Recorded,
            abstract=False,
            attrs={"owner": owner, "called": called},
            meta={"indexes": _indexes(table, only_added), "default_permissions": ()},
        )
        EVENTS[model._meta.label] = cast("type[Recorded]", events)
        return model

    return decorate


def _indexes(table: str, only_added: bool) -> list[models.Index]:
    short = table.partition("_")[2][:16]
    newest = ["pgh_created_at", "pgh_id"]
    # What is gone is called as its last row was; there are few of these.
    gone = models.Index(
        fields=["pgh_obj"], name=f"{short}_hist_gone", condition=models.Q(pgh_label=DELETE)
    )
    return [
        models.Index(fields=["pgh_obj", "pgh_id"], name=f"{short}_hist_row"),
        models.Index(fields=newest, name=f"{short}_hist_when"),
        models.Index(fields=["pgh_person", *newest], name=f"{short}_hist_who"),
        models.Index(fields=["pgh_company", *newest], name=f"{short}_hist_firm"),
        models.Index(fields=["pgh_owner", *newest], name=f"{short}_hist_own"),
        models.Index(fields=["pgh_context_id"], name=f"{short}_hist_req"),
        *([] if only_added else [gone]),
    ]


def events_of(model: type[models.Model] | models.Model) -> type[Recorded]:
    """The table of events of a tracked model."""
    return EVENTS[model._meta.label]


def walled(table: str) -> AsOwner:
    """The walls around a table of events, for the migration that makes it.

    The application's role reads the rows of the company it acts for (all of them for the
    platform) and writes none: the triggers do, with the owner's rights.
    """
    seen = seen_by("pgh_owner::text")
    return AsOwner(
        [
            f'REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON "{table}" FROM {{role}}',
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'CREATE POLICY company_wall ON "{table}" FOR SELECT TO {{role}} USING ({seen})',
        ],
        [
            f'DROP POLICY company_wall ON "{table}"',
            f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
            f'GRANT INSERT, UPDATE, DELETE ON "{table}" TO {{role}}',
        ],
    )
