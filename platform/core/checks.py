"""Refuses to work under a role that would step over the walls between companies."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


@register(Tags.database)
def the_application_role_is_bound(
    app_configs: object, databases: Sequence[str] | None = None, **_future: Any
) -> list[CheckMessage]:
    """A superuser, and a role with BYPASSRLS, sees every company's rows whatever the policies
    say; the owner of the tables does too. None of them may be the application's role.
    """
    if "default" not in (databases or ()):
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls, EXISTS (SELECT 1 FROM pg_class c "
            "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' "
            "AND c.relkind = 'r' AND pg_has_role(r.oid, c.relowner, 'MEMBER')) "
            "FROM pg_roles r WHERE rolname = current_user"
        )
        role, is_superuser, bypasses, owns = cursor.fetchone()
    wrongs = [
        (is_superuser, "core.E001", "is a superuser"),
        (bypasses, "core.E002", "has BYPASSRLS"),
        (owns and not is_superuser, "core.E003", "owns tables, or belongs to the role that does"),
    ]
    return [
        Error(
            f"The application's database role {role!r} {what}, so row-level security and the "
            "insert-only grants mean nothing to it.",
            hint="DATABASE_URL names a plain role, DATABASE_OWNER_URL the one that migrates.",
            id=number,
        )
        for wrong, number, what in wrongs
        if wrong
    ]
