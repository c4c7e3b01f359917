"""Two persons stand behind every bank account; one that nobody confirmed is entered anew."""

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.history
from core.walls import AsOwner, changes_only, protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_account_events"),
        ("settlement", "0002_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AsOwner(['TRUNCATE "settlement_bankaccount"'], []),
        pgtrigger.migrations.RemoveTrigger(
            model_name="bankaccount",
            name="history_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="bankaccount",
            name="history_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="bankaccount",
            name="history_delete",
        ),
        migrations.RemoveConstraint(
            model_name="bankaccount",
            name="one_paying_account_per_currency",
        ),
        migrations.AddField(
            model_name="bankaccount",
            name="closed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="bankaccount",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="bankaccount",
            name="confirmed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="bankaccount",
            name="confirmed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="bankaccount",
            name="entered_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="bankaccount",
            name="entered_by",
            field=models.ForeignKey(
                default=0,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="bankaccount",
            name="number",
            field=models.CharField(default="0", max_length=32, unique=True),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="bankaccount",
            name="state",
            field=models.CharField(
                choices=[
                    ("entered", "waits for a second person"),
                    ("confirmed", "confirmed"),
                    ("closed", "closed"),
                ],
                default="entered",
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="bankaccountevent",
            name="closed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="bankaccountevent",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="bankaccountevent",
            name="confirmed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="bankaccountevent",
            name="confirmed_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="bankaccountevent",
            name="entered_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="bankaccountevent",
            name="entered_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                default=0,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="bankaccountevent",
            name="number",
            field=models.CharField(default="0", max_length=32),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="bankaccountevent",
            name="state",
            field=models.CharField(
                choices=[
                    ("entered", "waits for a second person"),
                    ("confirmed", "confirmed"),
                    ("closed", "closed"),
                ],
                default="entered",
                max_length=9,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bankaccount",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "settlement_bankaccountevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "company_id", "currency", "account", "bic", "bank_name", "state", "entered_by_id", "entered_at", "confirmed_by_id", "confirmed_at", "closed_by_id", "closed_at") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.company_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."company_id", it."currency", it."account", it."bic", it."bank_name", it."state", it."entered_by_id", it."entered_at", it."confirmed_by_id", it."confirmed_at", it."closed_by_id", it."closed_at" FROM rows AS it;',
                    hash="1d2d08accf054e3ff55c7f599ccc05187057ebfb",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_ac155",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="settlement_bankaccount",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bankaccount",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "settlement_bankaccountevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "company_id", "currency", "account", "bic", "bank_name", "state", "entered_by_id", "entered_at", "confirmed_by_id", "confirmed_at", "closed_by_id", "closed_at") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (it.company_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."company_id", it."currency", it."account", it."bic", it."bank_name", it."state", it."entered_by_id", it."entered_at", it."confirmed_by_id", it."confirmed_at", it."closed_by_id", it."closed_at" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."number", was."company_id", was."currency", was."account", was."bic", was."bank_name", was."state", was."entered_by_id", was."entered_at", was."confirmed_by_id", was."confirmed_at", was."closed_by_id", was."closed_at") IS DISTINCT FROM ROW(it."id", it."number", it."company_id", it."currency", it."account", it."bic", it."bank_name", it."state", it."entered_by_id", it."entered_at", it."confirmed_by_id", it."confirmed_at", it."closed_by_id", it."closed_at");',
                    hash="fc34823fa98e1da50683e2224d35b26b87bf6a4e",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_66af3",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="settlement_bankaccount",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bankaccount",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "settlement_bankaccountevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "company_id", "currency", "account", "bic", "bank_name", "state", "entered_by_id", "entered_at", "confirmed_by_id", "confirmed_at", "closed_by_id", "closed_at") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (it.company_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."company_id", it."currency", it."account", it."bic", it."bank_name", it."state", it."entered_by_id", it."entered_at", it."confirmed_by_id", it."confirmed_at", it."closed_by_id", it."closed_at" FROM rows AS it;',
                    hash="80ef47c15049f5498e6dee0d8979638e8b1bbb29",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_6d547",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="settlement_bankaccount",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="bankaccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "confirmed")),
                fields=("company", "currency"),
                name="one_confirmed_account_per_company_and_currency",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankaccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "entered")),
                fields=("company", "currency"),
                name="one_account_at_a_time_waits_for_a_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by__isnull", True),
                    models.Q(("confirmed_by", models.F("entered_by")), _negated=True),
                    _connector="OR",
                ),
                name="four_eyes_who_enters_an_account_does_not_confirm_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", True),
                        ("confirmed_by__isnull", True),
                        ("state", "entered"),
                    ),
                    models.Q(
                        ("closed_at__isnull", True),
                        ("confirmed_by__isnull", False),
                        ("state", "confirmed"),
                    ),
                    models.Q(("closed_at__isnull", False), ("state", "closed")),
                    _connector="OR",
                ),
                name="an_account_stands_as_its_two_persons_said",
            ),
        ),
        protected("settlement_bankaccount", "company_id"),
        changes_only(
            "settlement_bankaccount",
            "state",
            "confirmed_by_id",
            "confirmed_at",
            "closed_by_id",
            "closed_at",
        ),
    ]
