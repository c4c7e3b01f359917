"""Ways by which messages go to the authority."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import core.fields
import core.history
from core.history import walled
from core.walls import protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("customs", "0010_account_books"),
    ]

    operations = [
        migrations.CreateModel(
            name="Gateway",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=32, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("folder", "folders of the e-port client"),
                            ("amqp", "message queue (AMQP)"),
                        ],
                        default="folder",
                        max_length=8,
                    ),
                ),
                ("cop_code", models.CharField(max_length=18)),
                ("cop_name", models.CharField(max_length=100)),
                ("dxp_id", models.CharField(max_length=30)),
                ("sender_id", models.CharField(max_length=16)),
                (
                    "receiver_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16), size=5
                    ),
                ),
                (
                    "signer",
                    models.CharField(
                        choices=[
                            ("none", "nobody: the client signs"),
                            ("file", "key file (PKCS#12)"),
                            ("device", "card or signature server"),
                        ],
                        default="none",
                        max_length=8,
                    ),
                ),
                (
                    "per_minute",
                    models.PositiveIntegerField(
                        default=250,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60000),
                        ],
                    ),
                ),
                ("is_open", models.BooleanField(default=True)),
                ("opened_at", models.DateTimeField()),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                ("paused_until", models.DateTimeField(blank=True, null=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("last_error", models.TextField(blank=True)),
                ("last_sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gateways",
                        to="accounts.company",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GatewayEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("pgh_owner", models.BigIntegerField(null=True)),
                ("pgh_person", models.BigIntegerField(null=True)),
                ("pgh_company", models.BigIntegerField(null=True)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("code", models.CharField(max_length=32)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("folder", "folders of the e-port client"),
                            ("amqp", "message queue (AMQP)"),
                        ],
                        default="folder",
                        max_length=8,
                    ),
                ),
                ("cop_code", models.CharField(max_length=18)),
                ("cop_name", models.CharField(max_length=100)),
                ("dxp_id", models.CharField(max_length=30)),
                ("sender_id", models.CharField(max_length=16)),
                (
                    "receiver_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16), size=5
                    ),
                ),
                (
                    "signer",
                    models.CharField(
                        choices=[
                            ("none", "nobody: the client signs"),
                            ("file", "key file (PKCS#12)"),
                            ("device", "card or signature server"),
                        ],
                        default="none",
                        max_length=8,
                    ),
                ),
                (
                    "per_minute",
                    models.PositiveIntegerField(
                        default=250,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60000),
                        ],
                    ),
                ),
                ("is_open", models.BooleanField(default=True)),
                ("opened_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customs.gateway",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="gateway",
            index=models.Index(fields=["company", "code"], name="gateway_of_company"),
        ),
        migrations.AddConstraint(
            model_name="gateway",
            constraint=models.CheckConstraint(
                condition=models.Q(("per_minute__gt", 0)), name="a_gateway_lets_something_through"
            ),
        ),
        migrations.AddConstraint(
            model_name="gateway",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[a-z0-9][a-z0-9-]*$")),
                name="a_gateways_code_can_name_a_folder",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="gateway",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "customs_gatewayevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "code", "company_id", "kind", "cop_code", "cop_name", "dxp_id", "sender_id", "receiver_ids", "signer", "per_minute", "is_open", "opened_at") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.company_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."code", it."company_id", it."kind", it."cop_code", it."cop_name", it."dxp_id", it."sender_id", it."receiver_ids", it."signer", it."per_minute", it."is_open", it."opened_at" FROM rows AS it;',
                    hash="ad18cd1cf81b39e92b18e00be3d9f7f3e3a7e053",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_7db8f",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="customs_gateway",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="gateway",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "customs_gatewayevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "code", "company_id", "kind", "cop_code", "cop_name", "dxp_id", "sender_id", "receiver_ids", "signer", "per_minute", "is_open", "opened_at") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (it.company_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."code", it."company_id", it."kind", it."cop_code", it."cop_name", it."dxp_id", it."sender_id", it."receiver_ids", it."signer", it."per_minute", it."is_open", it."opened_at" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."code", was."company_id", was."kind", was."cop_code", was."cop_name", was."dxp_id", was."sender_id", was."receiver_ids", was."signer", was."per_minute", was."is_open", was."opened_at") IS DISTINCT FROM ROW(it."id", it."code", it."company_id", it."kind", it."cop_code", it."cop_name", it."dxp_id", it."sender_id", it."receiver_ids", it."signer", it."per_minute", it."is_open", it."opened_at");',
                    hash="c349d4344f4d6616c1ac0333e20a22e5af18ec99",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_7022d",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="customs_gateway",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="gateway",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "customs_gatewayevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "code", "company_id", "kind", "cop_code", "cop_name", "dxp_id", "sender_id", "receiver_ids", "signer", "per_minute", "is_open", "opened_at") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (it.company_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."code", it."company_id", it."kind", it."cop_code", it."cop_name", it."dxp_id", it."sender_id", it."receiver_ids", it."signer", it."per_minute", it."is_open", it."opened_at" FROM rows AS it;',
                    hash="8fc0804f87378904bbc2c9c485e4decdf80a982c",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_2173e",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="customs_gateway",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="gatewayevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="gateway_hist_row"),
        ),
        migrations.AddIndex(
            model_name="gatewayevent",
            index=models.Index(fields=["pgh_created_at", "pgh_id"], name="gateway_hist_when"),
        ),
        migrations.AddIndex(
            model_name="gatewayevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="gateway_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="gatewayevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"], name="gateway_hist_firm"
            ),
        ),
        migrations.AddIndex(
            model_name="gatewayevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="gateway_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="gatewayevent",
            index=models.Index(fields=["pgh_context_id"], name="gateway_hist_req"),
        ),
        migrations.AddIndex(
            model_name="gatewayevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="gateway_hist_gone",
            ),
        ),
        protected("customs_gateway", "company_id"),
        walled("customs_gatewayevent"),
    ]
