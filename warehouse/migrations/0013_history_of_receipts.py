"""Who counted a shipment, and from where."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.history
from core.history import walled


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_first_operator"),
        ("catalog", "0003_accounts_are_settlements"),
        ("procurement", "0010_sizes_of_forecasts"),
        ("warehouse", "0012_shares_of_receipts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReceiptEvent",
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
                ("received_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="bondedwarehouseevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="bondedwarehouse_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="bondedwarehouseevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="bondedwarehouse_hist_gone",
            ),
        ),
        migrations.AddIndex(
            model_name="lotevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="lot_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="lotevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="lot_hist_gone",
            ),
        ),
        migrations.AddIndex(
            model_name="retailorderevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="retailorder_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="retailorderevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="retailorder_hist_gone",
            ),
        ),
        migrations.AddIndex(
            model_name="retailuploadevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="retailupload_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="retailuploadevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="retailupload_hist_gone",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="receipt",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_receiptevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "warehouse_id", "shipment_id", "received_at", "received_by_id") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (SELECT w.operator_id FROM warehouse_bondedwarehouse w WHERE w.id = it.warehouse_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."warehouse_id", it."shipment_id", it."received_at", it."received_by_id" FROM rows AS it;',
                    hash="affc41d518f4d1e080edd420f28e082b47147318",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_436ac",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="warehouse_receipt",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="receiptevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="warehouse.receipt",
            ),
        ),
        migrations.AddField(
            model_name="receiptevent",
            name="received_by",
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
            model_name="receiptevent",
            name="shipment",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="procurement.shipment",
            ),
        ),
        migrations.AddField(
            model_name="receiptevent",
            name="warehouse",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="warehouse.bondedwarehouse",
            ),
        ),
        migrations.AddIndex(
            model_name="receiptevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="receipt_hist_row"),
        ),
        migrations.AddIndex(
            model_name="receiptevent",
            index=models.Index(fields=["pgh_created_at", "pgh_id"], name="receipt_hist_when"),
        ),
        migrations.AddIndex(
            model_name="receiptevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="receipt_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="receiptevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"], name="receipt_hist_firm"
            ),
        ),
        migrations.AddIndex(
            model_name="receiptevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="receipt_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="receiptevent",
            index=models.Index(fields=["pgh_context_id"], name="receipt_hist_req"),
        ),
        walled("warehouse_receiptevent"),
    ]
