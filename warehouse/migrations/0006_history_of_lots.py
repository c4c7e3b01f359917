"""Who received a lot, and from where: also what never changes has a history to be read."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import core.history
from core.history import walled


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0002_walls"),
        ("procurement", "0004_walls_of_orders"),
        ("warehouse", "0005_walls_of_lots"),
    ]

    operations = [
        migrations.CreateModel(
            name="LotEvent",
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
                ("number", models.CharField(max_length=20)),
                ("batch", models.CharField(blank=True, max_length=20)),
                ("produced_on", models.DateField(blank=True, null=True)),
                ("expires_on", models.DateField(blank=True, null=True)),
                ("received_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lot",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_lotevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "warehouse_id", "product_id", "order_line_id", "receipt_line_id", "batch", "produced_on", "expires_on", "received_at") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (SELECT w.operator_id FROM warehouse_bondedwarehouse w WHERE w.id = it.warehouse_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."warehouse_id", it."product_id", it."order_line_id", it."receipt_line_id", it."batch", it."produced_on", it."expires_on", it."received_at" FROM rows AS it;',
                    hash="a8b53ed2e0ebad52d459bed5018854abaddfff65",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_e9e00",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="warehouse_lot",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lot",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_lotevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "warehouse_id", "product_id", "order_line_id", "receipt_line_id", "batch", "produced_on", "expires_on", "received_at") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (SELECT w.operator_id FROM warehouse_bondedwarehouse w WHERE w.id = it.warehouse_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."warehouse_id", it."product_id", it."order_line_id", it."receipt_line_id", it."batch", it."produced_on", it."expires_on", it."received_at" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."number", was."warehouse_id", was."product_id", was."order_line_id", was."receipt_line_id", was."batch", was."produced_on", was."expires_on", was."received_at") IS DISTINCT FROM ROW(it."id", it."number", it."warehouse_id", it."product_id", it."order_line_id", it."receipt_line_id", it."batch", it."produced_on", it."expires_on", it."received_at");',
                    hash="25745146d816219b917bbf45b0413f18a2136258",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_d67b8",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="warehouse_lot",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lot",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_lotevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "warehouse_id", "product_id", "order_line_id", "receipt_line_id", "batch", "produced_on", "expires_on", "received_at") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (SELECT w.operator_id FROM warehouse_bondedwarehouse w WHERE w.id = it.warehouse_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."warehouse_id", it."product_id", it."order_line_id", it."receipt_line_id", it."batch", it."produced_on", it."expires_on", it."received_at" FROM rows AS it;',
                    hash="bccf5a246bc4a8fdc4edb3b772b9e3a9aa6e6f93",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_5b39b",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="warehouse_lot",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="lotevent",
            name="order_line",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="procurement.purchaseorderline",
            ),
        ),
        migrations.AddField(
            model_name="lotevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="warehouse.lot",
            ),
        ),
        migrations.AddField(
            model_name="lotevent",
            name="product",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="catalog.product",
            ),
        ),
        migrations.AddField(
            model_name="lotevent",
            name="receipt_line",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="warehouse.receiptline",
            ),
        ),
        migrations.AddField(
            model_name="lotevent",
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
            model_name="lotevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="lot_hist_row"),
        ),
        migrations.AddIndex(
            model_name="lotevent",
            index=models.Index(fields=["pgh_created_at", "pgh_id"], name="lot_hist_when"),
        ),
        migrations.AddIndex(
            model_name="lotevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="lot_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="lotevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"], name="lot_hist_firm"
            ),
        ),
        migrations.AddIndex(
            model_name="lotevent",
            index=models.Index(fields=["pgh_context_id"], name="lot_hist_req"),
        ),
        walled("warehouse_lotevent"),
    ]
