"""Products of which each unit is known by its maker's number."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import core.history


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0004_owners_in_history"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="product",
            name="history_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="product",
            name="history_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="product",
            name="history_delete",
        ),
        migrations.AddField(
            model_name="product",
            name="keeps_serials",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="productevent",
            name="keeps_serials",
            field=models.BooleanField(db_default=False, default=False),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "catalog_productevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "sku", "gtin", "name_zh", "name_en", "brand", "category", "specification", "hs_code", "origin", "declared_unit", "net_weight_g", "gross_weight_g", "volume_cm3", "pack_quantity", "shelf_life_days", "storage", "keeps_serials") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", NULL::bigint, _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."sku", it."gtin", it."name_zh", it."name_en", it."brand", it."category", it."specification", it."hs_code", it."origin", it."declared_unit", it."net_weight_g", it."gross_weight_g", it."volume_cm3", it."pack_quantity", it."shelf_life_days", it."storage", it."keeps_serials" FROM rows AS it;',
                    hash="cb18cb43c4a45ea00e1ec1d4693653e426aef0b7",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_cce0e",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="catalog_product",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "catalog_productevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "sku", "gtin", "name_zh", "name_en", "brand", "category", "specification", "hs_code", "origin", "declared_unit", "net_weight_g", "gross_weight_g", "volume_cm3", "pack_quantity", "shelf_life_days", "storage", "keeps_serials") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", NULL::bigint, _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."sku", it."gtin", it."name_zh", it."name_en", it."brand", it."category", it."specification", it."hs_code", it."origin", it."declared_unit", it."net_weight_g", it."gross_weight_g", it."volume_cm3", it."pack_quantity", it."shelf_life_days", it."storage", it."keeps_serials" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."sku", was."gtin", was."name_zh", was."name_en", was."brand", was."category", was."specification", was."hs_code", was."origin", was."declared_unit", was."net_weight_g", was."gross_weight_g", was."volume_cm3", was."pack_quantity", was."shelf_life_days", was."storage", was."keeps_serials") IS DISTINCT FROM ROW(it."id", it."sku", it."gtin", it."name_zh", it."name_en", it."brand", it."category", it."specification", it."hs_code", it."origin", it."declared_unit", it."net_weight_g", it."gross_weight_g", it."volume_cm3", it."pack_quantity", it."shelf_life_days", it."storage", it."keeps_serials");',
                    hash="4c280cfbbb0c1af3c5c2cd273742ec69091115b2",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_f7e83",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="catalog_product",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "catalog_productevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "sku", "gtin", "name_zh", "name_en", "brand", "category", "specification", "hs_code", "origin", "declared_unit", "net_weight_g", "gross_weight_g", "volume_cm3", "pack_quantity", "shelf_life_days", "storage", "keeps_serials") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", NULL::bigint, _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."sku", it."gtin", it."name_zh", it."name_en", it."brand", it."category", it."specification", it."hs_code", it."origin", it."declared_unit", it."net_weight_g", it."gross_weight_g", it."volume_cm3", it."pack_quantity", it."shelf_life_days", it."storage", it."keeps_serials" FROM rows AS it;',
                    hash="2eb0f3f3ad24cd8ba0c1725cb2176965e39694c4",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_f2617",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="catalog_product",
                    when="AFTER",
                ),
            ),
        ),
    ]
