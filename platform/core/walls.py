"""The two walls between companies.

First wall: ``django-scopes``; a model with an :class:`OwnedManager` raises when it
is asked without a company. Second wall: PostgreSQL row-level security under a role that
is no superuser; the session value ``bondpool.company`` names the company whose rows may
be seen, ``*`` means the platform itself, unset means nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

from django.conf import settings
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django_scopes import get_scope, scope, scopes_disabled
from django_scopes.manager import DisabledQuerySet

from core.acting import in_session
from core.prepared import ask, can_ask

_PLATFORM = "*"


class OwnedManager(models.Manager[Any]):
    """Shows only rows of the company in scope, and raises ScopeError when there is none.

    ``owner`` is the path to the company, ``partner`` one to others who have a part in the row,
    ``other`` the path to a second company of the row itself, ``keeper`` the one by which a
    warehouse's people ask: they keep what belongs to others.
    Django makes managers of related rows from this class without arguments; those read the
    paths from the model.
    """

    def __init__(
        self, owner: str = "", partner: str = "", keeper: str = "", other: str = ""
    ) -> None:
        super().__init__()
        self._owner, self._partner, self._keeper = owner, partner, keeper
        self._other = other

    def get_queryset(self) -> models.QuerySet[Any]:
        current = get_scope()
        if not current.get("_enabled", True):
            return super().get_queryset()
        if "company" not in current:
            return cast(
                "models.QuerySet[Any]",
                DisabledQuerySet(self.model, using=self._db, missing_scopes={"company"}),
            )
        found, company = super().get_queryset(), current["company"]
        told = self if self._owner else cast(OwnedManager, self.model._default_manager)
        if current.get("keeper") and told._keeper:
            return found.filter(**{told._keeper: company})
        if told._other:
            mine = models.Q(**{told._owner: company}) | models.Q(**{told._other: company})
            return found.filter(mine)
        if not told._partner:
            return found.filter(**{told._owner: company})
        # One row however many parts there are: no join. And the parts know whose they are.
        name, _, owner = told._partner.partition("__")
        link: Any = self.model._meta.get_field(name)
        parts = link.related_model._base_manager.filter(**{owner: company})
        part = models.Q(pk__in=parts.values(link.field.attname))
        return found.filter(models.Q(**{told._owner: company}) | part)


def owned_by(owner: str, *, partner: str = "", keeper: str = "", other: str = "") -> Any:
    """The manager of a table whose rows belong to a company; ``owner`` is the path to it.

    ``partner`` is the path, through rows that name this one, to the companies that see the row
    because they have a part in it, ``keeper`` to the one in whose warehouse it is, or is to be.
    ``other`` is the path to the second of two companies between whom the row is.
    """
    return OwnedManager(owner, partner, keeper, other)


@contextmanager
def inside(
    company_id: int, *, keeper: bool = False, facts: Mapping[str, object] | None = None
) -> Iterator[None]:
    """Act for one company: its rows are seen, nobody else's.

    A ``keeper`` asks as the warehouse that keeps others' goods, and not as their owner. ``facts``
    are for the history (``core.acting``), and travel together with the wall.
    """
    with scope(company=company_id, keeper=keeper), _session(str(company_id), facts):
        yield


@contextmanager
def platform_wide(*, facts: Mapping[str, object] | None = None) -> Iterator[None]:
    """Act for the platform: workers, operators, finance."""
    with scopes_disabled(), _session(_PLATFORM, facts):
        yield


@contextmanager
def _session(value: str, facts: Mapping[str, object] | None = None) -> Iterator[None]:
    if facts is not None:
        with in_session(value, facts):
            yield
        return
    before = ask(_EXCHANGE, [value])
    try:
        yield
    finally:
        # In a failed transaction nothing can be set, and nothing needs to be: the
        # rollback that must follow takes the value back to what it was before.
        if can_ask():
            ask(_WRITE, (before.row() or ())[:1])


# Sets it and tells what it was, in one trip: every request goes through here.
_EXCHANGE = (
    "WITH before AS MATERIALIZED "
    "(SELECT coalesce(current_setting('bondpool.company', true), '') AS value) "
    "SELECT before.value, set_config('bondpool.company', %s, false) FROM before"
)
_WRITE = "SELECT set_config('bondpool.company', %s, false)"


def _app_role() -> str:
    return str(settings.DATABASES["default"]["USER"])


class AsOwner(Operation):
    """Statements of a migration in which ``{role}`` stands for the application's role.

    It knows nothing of models, so that Django need not build all of them for each of it.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, forwards: Sequence[str], backwards: Sequence[str]) -> None:
        self.forwards = tuple(forwards)
        self.backwards = tuple(backwards)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The models stay as they are."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        self._run(schema_editor, self.forwards)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        self._run(schema_editor, self.backwards)

    def describe(self) -> str:
        return f"As the owner: {self.forwards[0]}"

    @staticmethod
    def _run(schema_editor: BaseDatabaseSchemaEditor, statements: Sequence[str]) -> None:
        role = schema_editor.quote_name(_app_role())
        for statement in statements:
            schema_editor.execute(statement.replace("{role}", role), params=None)


_TOLD = "(SELECT current_setting('bondpool.company', true))"


def seen_by(owner: str) -> str:
    """The condition of a policy: the platform sees every row, a company those of ``owner``.

    The setting is read once a statement and not once a row. And a CASE is a condition of which
    the planner takes half the rows to pass: of two equations it takes a hundredth, and then
    sorts and joins a whole table for its first page instead of walking along an index.
    """
    return f"CASE WHEN {_TOLD} = '*' THEN true ELSE {owner} = {_TOLD} END"


#: SQL: the company for which one acts, as a number that an index answers.
ACTING = (
    "(SELECT CASE WHEN current_setting('bondpool.company', true) ~ '^[0-9]+$' "
    "THEN current_setting('bondpool.company', true)::bigint END)"
)


#: SQL: whether the company for which one acts keeps others' goods; asked once a statement.
KEEPS = (
    "(SELECT 'warehouse' = ANY (acting.kinds) FROM accounts_company AS acting "  # noqa: S608
    f"WHERE acting.id = {ACTING})"
)


def protected(table: str, owner: str, *, seen_if: str = "") -> AsOwner:
    """Row-level security for a migration: ``owner`` is an SQL expression of the row.

    It may be a column (``seller_id``) or a sub-select that gives the company's id. ``seen_if``
    is an SQL condition by which the owner and others see the row; only the owner writes it.
    Beware: a sub-select that is asked for each row, though a company's alone, is counted by the
    planner for everybody's; one of all keys (``IN (SELECT …)``) is asked once, but counted for
    each row to which an index leads. Of an ``EXISTS`` the planner has both, and takes for a page
    of rows the one and for a whole table the other.
    """
    owned = seen_by(f"({owner})::text")
    seen = f"CASE WHEN {_TOLD} = '*' THEN true ELSE {seen_if} END" if seen_if else owned
    return AsOwner(
        [
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'CREATE POLICY company_wall ON "{table}" FOR ALL TO {{role}} '
            f"USING ({seen}) WITH CHECK ({owned})",
        ],
        [
            f'DROP POLICY company_wall ON "{table}"',
            f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
        ],
    )


def seen_also(table: str, seen_if: str, *, before: str) -> AsOwner:
    """Others see the rows of a protected table than did ``before``; who writes them stays."""
    forwards, backwards = (
        f'ALTER POLICY company_wall ON "{table}" '
        f"USING (CASE WHEN {_TOLD} = '*' THEN true ELSE {condition} END)"
        for condition in (seen_if, before)
    )
    return AsOwner([forwards], [backwards])


def asked_by_row(name: str, condition: str) -> AsOwner:
    """A function for ``seen_if``: whether ``condition`` holds of the row ``it`` for ``company``.

    Called as ``name(id, ACTING)``, for small tables and for few rows. It looks with the rights of
    the tables' owner, so that no wall is asked within a wall; the tables in it are named with
    their schema. It tells no more than whether the policy that calls it holds.
    """
    return AsOwner(
        [
            f"CREATE FUNCTION {name}(it bigint, company bigint) RETURNS boolean "
            "LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SECURITY DEFINER "
            f"AS $$ BEGIN RETURN {condition}; END $$",
            f"REVOKE ALL ON FUNCTION {name}(bigint, bigint) FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {name}(bigint, bigint) TO {{role}}",
        ],
        [f"DROP FUNCTION {name}(bigint, bigint)"],
    )


def insert_only(table: str) -> AsOwner:
    """Facts: the application may add rows and read them, and nothing else."""
    return AsOwner(
        [f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM {{role}}'],
        [f'GRANT UPDATE, DELETE ON "{table}" TO {{role}}'],
    )


def changes_only(table: str, *columns: str) -> AsOwner:
    """Rows whose substance is a fact: the application may add them and change these columns."""
    named = ", ".join(f'"{column}"' for column in columns)
    return AsOwner(
        [
            f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM {{role}}',
            f'GRANT UPDATE ({named}) ON "{table}" TO {{role}}',
        ],
        [
            f'REVOKE UPDATE ({named}) ON "{table}" FROM {{role}}',
            f'GRANT UPDATE, DELETE ON "{table}" TO {{role}}',
        ],
    )
