"""People make places, say what they bear and close them; each change has its history."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import core.history
from core.history import walled
from core.walls import changes_only


class Migration(migrations.Migration):
    dependencies = [
        ("warehouse", "0017_the_way_of_orders"),
    ]

    operations = [
        migrations.CreateModel(
            name="LocationEvent",
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
                    "zone",
                    models.CharField(
                        choices=[
                            ("gate", "gate"),
                            ("storage", "storage"),
                            ("picking", "picking"),
                            ("quarantine", "quarantine zone"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "volume_m3",
                    models.DecimalField(blank=True, decimal_places=3, max_digits=9, null=True),
                ),
                (
                    "load_kg",
                    models.DecimalField(blank=True, decimal_places=3, max_digits=9, null=True),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="location",
            name="closed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="location",
            name="load_kg",
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=9, null=True),
        ),
        migrations.AddField(
            model_name="location",
            name="volume_m3",
            field=models.DecimalField(blank=True, decimal_places=3, max_digits=9, null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="location",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_locationevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "warehouse_id", "code", "zone", "volume_m3", "load_kg", "closed_at") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (SELECT w.operator_id FROM warehouse_bondedwarehouse w WHERE w.id = it.warehouse_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."warehouse_id", it."code", it."zone", it."volume_m3", it."load_kg", it."closed_at" FROM rows AS it;',
                    hash="5fae6ef597eda4f70a21242cd667d74f468c3cd4",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_5b167",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="warehouse_location",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="location",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_locationevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "warehouse_id", "code", "zone", "volume_m3", "load_kg", "closed_at") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (SELECT w.operator_id FROM warehouse_bondedwarehouse w WHERE w.id = it.warehouse_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."warehouse_id", it."code", it."zone", it."volume_m3", it."load_kg", it."closed_at" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."warehouse_id", was."code", was."zone", was."volume_m3", was."load_kg", was."closed_at") IS DISTINCT FROM ROW(it."id", it."warehouse_id", it."code", it."zone", it."volume_m3", it."load_kg", it."closed_at");',
                    hash="63df2311406484bc82f1f1fd0a8f84d6008a3433",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_f1f7a",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="warehouse_location",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="location",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_locationevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "warehouse_id", "code", "zone", "volume_m3", "load_kg", "closed_at") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (SELECT w.operator_id FROM warehouse_bondedwarehouse w WHERE w.id = it.warehouse_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."warehouse_id", it."code", it."zone", it."volume_m3", it."load_kg", it."closed_at" FROM rows AS it;',
                    hash="c504254394bd16d441cb9c190bd860409a1d7c94",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_8f8ce",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="warehouse_location",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="locationevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="warehouse.location",
            ),
        ),
        migrations.AddField(
            model_name="locationevent",
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
            model_name="locationevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="location_hist_row"),
        ),
        migrations.AddIndex(
            model_name="locationevent",
            index=models.Index(fields=["pgh_created_at", "pgh_id"], name="location_hist_when"),
        ),
        migrations.AddIndex(
            model_name="locationevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="location_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="locationevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"], name="location_hist_firm"
            ),
        ),
        migrations.AddIndex(
            model_name="locationevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="location_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="locationevent",
            index=models.Index(fields=["pgh_context_id"], name="location_hist_req"),
        ),
        migrations.AddIndex(
            model_name="locationevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="location_hist_gone",
            ),
        ),
        changes_only("warehouse_location", "volume_m3", "load_kg", "closed_at"),
        walled("warehouse_locationevent"),
    ]
