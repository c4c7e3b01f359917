"""Who issued labels, and from where."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import core.history
from core.history import walled


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_first_operator"),
        ("traceability", "0003_keeper_of_labels"),
    ]

    operations = [
        migrations.CreateModel(
            name="LabelSheetEvent",
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
                ("number", models.CharField(max_length=32)),
                ("gtin", models.CharField(max_length=14)),
                ("lot_number", models.CharField(max_length=20)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="labelsheet",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "traceability_labelsheetevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "keeper_id", "gtin", "lot_number") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.keeper_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."keeper_id", it."gtin", it."lot_number" FROM rows AS it;',
                    hash="a2beab7fbb12169a669f531b70cc4f5b812b26c5",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_35445",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="traceability_labelsheet",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="labelsheetevent",
            name="keeper",
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
            model_name="labelsheetevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="traceability.labelsheet",
            ),
        ),
        migrations.AddIndex(
            model_name="labelsheetevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="labelsheet_hist_row"),
        ),
        migrations.AddIndex(
            model_name="labelsheetevent",
            index=models.Index(fields=["pgh_created_at", "pgh_id"], name="labelsheet_hist_when"),
        ),
        migrations.AddIndex(
            model_name="labelsheetevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="labelsheet_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="labelsheetevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"], name="labelsheet_hist_firm"
            ),
        ),
        migrations.AddIndex(
            model_name="labelsheetevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="labelsheet_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="labelsheetevent",
            index=models.Index(fields=["pgh_context_id"], name="labelsheet_hist_req"),
        ),
        walled("traceability_labelsheetevent"),
    ]
