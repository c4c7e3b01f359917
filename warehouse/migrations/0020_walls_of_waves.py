"""The walls of waves and parcels, and the history of the waves."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import core.history
from core.history import walled
from core.walls import ACTING, changes_only, insert_only, protected

_SEEN = f"seller_id = {ACTING} OR keeper_id = {ACTING}"


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0019_waves_and_parcels")]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="pickwave",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_pickwaveevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "warehouse_id", "keeper_id", "state", "orders", "units", "made_at", "made_by_id", "picked_at", "picked_by_id") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.keeper_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."warehouse_id", it."keeper_id", it."state", it."orders", it."units", it."made_at", it."made_by_id", it."picked_at", it."picked_by_id" FROM rows AS it;',
                    hash="bf3135f8791d5fc5c3b8adef72e69319f7e22489",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_0e4a0",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="warehouse_pickwave",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pickwave",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_pickwaveevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "warehouse_id", "keeper_id", "state", "orders", "units", "made_at", "made_by_id", "picked_at", "picked_by_id") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (it.keeper_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."warehouse_id", it."keeper_id", it."state", it."orders", it."units", it."made_at", it."made_by_id", it."picked_at", it."picked_by_id" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."number", was."warehouse_id", was."keeper_id", was."state", was."orders", was."units", was."made_at", was."made_by_id", was."picked_at", was."picked_by_id") IS DISTINCT FROM ROW(it."id", it."number", it."warehouse_id", it."keeper_id", it."state", it."orders", it."units", it."made_at", it."made_by_id", it."picked_at", it."picked_by_id");',
                    hash="4fc53bfbccca5aa31bb3d29e5fb67269d2b77fd6",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_a721c",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="warehouse_pickwave",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pickwave",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_pickwaveevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "warehouse_id", "keeper_id", "state", "orders", "units", "made_at", "made_by_id", "picked_at", "picked_by_id") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (it.keeper_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."warehouse_id", it."keeper_id", it."state", it."orders", it."units", it."made_at", it."made_by_id", it."picked_at", it."picked_by_id" FROM rows AS it;',
                    hash="6f1940ec0e7b91a9f6bcf794e4c628b3d626f530",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_bf701",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="warehouse_pickwave",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="pickwaveevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="pickwave_hist_row"),
        ),
        migrations.AddIndex(
            model_name="pickwaveevent",
            index=models.Index(fields=["pgh_created_at", "pgh_id"], name="pickwave_hist_when"),
        ),
        migrations.AddIndex(
            model_name="pickwaveevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="pickwave_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="pickwaveevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"], name="pickwave_hist_firm"
            ),
        ),
        migrations.AddIndex(
            model_name="pickwaveevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="pickwave_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="pickwaveevent",
            index=models.Index(fields=["pgh_context_id"], name="pickwave_hist_req"),
        ),
        migrations.AddIndex(
            model_name="pickwaveevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="pickwave_hist_gone",
            ),
        ),
        protected("warehouse_pickwave", "keeper_id"),
        protected("warehouse_pickwaveorder", "seller_id", seen_if=_SEEN),
        protected("warehouse_parcel", "seller_id", seen_if=_SEEN),
        changes_only("warehouse_pickwave", "state", "picked_at", "picked_by_id"),
        changes_only("warehouse_pickwaveorder", "outcome", "missing"),
        insert_only("warehouse_parcel"),
        walled("warehouse_pickwaveevent"),
    ]
