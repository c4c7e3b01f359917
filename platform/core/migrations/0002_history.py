"""What all tables of history share: one count, and who acts."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("core", "0001_initial")]

    operations: ClassVar = [
        # Nobody skips a number by hand: the triggers count with the owner's rights.
        migrations.RunSQL(
            "CREATE SEQUENCE core_history_number",
            "DROP SEQUENCE core_history_number",
        ),
        # Where nobody said who acts, the program and its role stand for it.
        migrations.RunSQL(
            """
            CREATE FUNCTION core_history_facts() RETURNS jsonb LANGUAGE sql STABLE AS $$
                SELECT coalesce(
                    nullif(current_setting('pghistory.context_metadata', true), '')::jsonb,
                    jsonb_build_object(
                        'program', current_setting('application_name'),
                        'database_role', session_user
                    )
                )
            $$
            """,
            "DROP FUNCTION core_history_facts()",
        ),
    ]
