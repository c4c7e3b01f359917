"""The walls of carriers and manifests, and their history."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import core.history
from core.history import walled
from core.walls import ACTING, changes_only, insert_only, protected

_SEEN = f"seller_id = {ACTING} OR keeper_id = {ACTING}"


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0027_hand_overs")]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="carrier",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_carrierevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "keeper_id", "code", "name", "kind") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.keeper_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."keeper_id", it."code", it."name", it."kind" FROM rows AS it;',
                    hash="0139a17eee8f5e807f47aa8d7d9f3d64719df6f9",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_da482",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="warehouse_carrier",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="carrier",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_carrierevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "keeper_id", "code", "name", "kind") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (it.keeper_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."keeper_id", it."code", it."name", it."kind" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."keeper_id", was."code", was."name", was."kind") IS DISTINCT FROM ROW(it."id", it."keeper_id", it."code", it."name", it."kind");',
                    hash="1ce52d1502d2c0ee4713cc1498b60d7467da3ef6",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_83110",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="warehouse_carrier",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="carrier",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_carrierevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "keeper_id", "code", "name", "kind") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (it.keeper_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."keeper_id", it."code", it."name", it."kind" FROM rows AS it;',
                    hash="b660fa07664f45aa5dd6df3521d0315cc55dfbb9",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_87152",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="warehouse_carrier",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="carrierevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="carrier_hist_row"),
        ),
        migrations.AddIndex(
            model_name="carrierevent",
            index=models.Index(fields=["pgh_created_at", "pgh_id"], name="carrier_hist_when"),
        ),
        migrations.AddIndex(
            model_name="carrierevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="carrier_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="carrierevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"], name="carrier_hist_firm"
            ),
        ),
        migrations.AddIndex(
            model_name="carrierevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="carrier_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="carrierevent",
            index=models.Index(fields=["pgh_context_id"], name="carrier_hist_req"),
        ),
        migrations.AddIndex(
            model_name="carrierevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="carrier_hist_gone",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="handover",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_handoverevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "carrier_id", "warehouse_id", "keeper_id", "parcels", "weight_g", "handed_at", "handed_by_id") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.keeper_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."carrier_id", it."warehouse_id", it."keeper_id", it."parcels", it."weight_g", it."handed_at", it."handed_by_id" FROM rows AS it;',
                    hash="c4364f636d9eaa1ac8a701253d650880d6c6144e",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_7489b",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="warehouse_handover",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="handoverevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="handover_hist_row"),
        ),
        migrations.AddIndex(
            model_name="handoverevent",
            index=models.Index(fields=["pgh_created_at", "pgh_id"], name="handover_hist_when"),
        ),
        migrations.AddIndex(
            model_name="handoverevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="handover_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="handoverevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"], name="handover_hist_firm"
            ),
        ),
        migrations.AddIndex(
            model_name="handoverevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="handover_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="handoverevent",
            index=models.Index(fields=["pgh_context_id"], name="handover_hist_req"),
        ),
        protected("warehouse_carrier", "keeper_id"),
        protected("warehouse_handover", "keeper_id"),
        protected("warehouse_handedparcel", "seller_id", seen_if=_SEEN),
        protected("warehouse_parcelevent", "seller_id", seen_if=_SEEN),
        insert_only("warehouse_handover"),
        changes_only("warehouse_handedparcel", "tracking_number"),
        insert_only("warehouse_parcelevent"),
        walled("warehouse_carrierevent"),
        walled("warehouse_handoverevent"),
    ]
