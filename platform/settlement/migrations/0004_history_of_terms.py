"""Who set terms and made payment files, and from where."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.fields
import core.history
from core.history import walled


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_first_operator"),
        ("catalog", "0003_accounts_are_settlements"),
        ("settlement", "0003_confirmed_accounts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PaymentFileEvent",
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
                ("message_id", models.CharField(max_length=35)),
                ("made_at", models.DateTimeField()),
                ("payment_count", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SettlementPolicyEvent",
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
                (
                    "period",
                    models.CharField(
                        choices=[
                            ("invoice", "each invoice"),
                            ("month", "month"),
                            ("quarter", "quarter"),
                            ("year", "year"),
                        ],
                        default="quarter",
                        max_length=8,
                    ),
                ),
                ("valid_from", models.DateField()),
                ("wire_fee_minor", core.fields.MinorField()),
                ("spread_bp", models.DecimalField(decimal_places=3, max_digits=7)),
                ("bulk_spread_bp", models.DecimalField(decimal_places=3, max_digits=7)),
                ("bulk_from_minor", core.fields.MinorField()),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="bankaccountevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="bankaccount_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="bankaccountevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="bankaccount_hist_gone",
            ),
        ),
        migrations.AddIndex(
            model_name="payableevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="payable_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="payableevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="payable_hist_gone",
            ),
        ),
        migrations.AddIndex(
            model_name="settlementbatchevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="settlementbatch_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="settlementbatchevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="settlementbatch_hist_gone",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paymentfile",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "settlement_paymentfileevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "message_id", "debtor_id", "made_by_id", "made_at", "payment_count", "sha256") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.debtor_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."message_id", it."debtor_id", it."made_by_id", it."made_at", it."payment_count", it."sha256" FROM rows AS it;',
                    hash="7c8badda7e60565c191383cd33eae42acd16b4f1",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_afe35",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="settlement_paymentfile",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="settlementpolicy",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "settlement_settlementpolicyevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "debtor_id", "period", "valid_from", "wire_fee_minor", "spread_bp", "bulk_spread_bp", "bulk_from_minor") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.debtor_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."debtor_id", it."period", it."valid_from", it."wire_fee_minor", it."spread_bp", it."bulk_spread_bp", it."bulk_from_minor" FROM rows AS it;',
                    hash="84c46e2c137f010f4f293f803e83730d37f3f70d",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_37a6a",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="settlement_settlementpolicy",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="paymentfileevent",
            name="debtor",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="paymentfileevent",
            name="made_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="paymentfileevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="settlement.paymentfile",
            ),
        ),
        migrations.AddField(
            model_name="settlementpolicyevent",
            name="debtor",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="settlementpolicyevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="settlement.settlementpolicy",
            ),
        ),
        migrations.AddIndex(
            model_name="paymentfileevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="paymentfile_hist_row"),
        ),
        migrations.AddIndex(
            model_name="paymentfileevent",
            index=models.Index(fields=["pgh_created_at", "pgh_id"], name="paymentfile_hist_when"),
        ),
        migrations.AddIndex(
            model_name="paymentfileevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="paymentfile_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="paymentfileevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"], name="paymentfile_hist_firm"
            ),
        ),
        migrations.AddIndex(
            model_name="paymentfileevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="paymentfile_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="paymentfileevent",
            index=models.Index(fields=["pgh_context_id"], name="paymentfile_hist_req"),
        ),
        migrations.AddIndex(
            model_name="settlementpolicyevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="settlementpolicy_hist_row"),
        ),
        migrations.AddIndex(
            model_name="settlementpolicyevent",
            index=models.Index(
                fields=["pgh_created_at", "pgh_id"], name="settlementpolicy_hist_when"
            ),
        ),
        migrations.AddIndex(
            model_name="settlementpolicyevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="settlementpolicy_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="settlementpolicyevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"],
                name="settlementpolicy_hist_firm",
            ),
        ),
        migrations.AddIndex(
            model_name="settlementpolicyevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="settlementpolicy_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="settlementpolicyevent",
            index=models.Index(fields=["pgh_context_id"], name="settlementpolicy_hist_req"),
        ),
        walled("settlement_settlementpolicyevent"),
        walled("settlement_paymentfileevent"),
    ]
