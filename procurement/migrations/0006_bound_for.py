"""A shipment says whose warehouse it is bound for when it is declared, not when it is cleared."""

from typing import ClassVar

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

import core.history


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("procurement", "0005_walls_of_lines"),
    ]

    operations: ClassVar = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="shipment",
            name="history_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="shipment",
            name="history_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="shipment",
            name="history_delete",
        ),
        migrations.RenameField(
            model_name="shipment",
            old_name="cleared_for",
            new_name="bound_for",
        ),
        migrations.RenameField(
            model_name="shipmentevent",
            old_name="cleared_for",
            new_name="bound_for",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shipment",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_shipmentevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "order_id", "state", "transport_mode", "vessel", "voyage", "bill_of_lading", "departed_at", "expected_on", "packages", "gross_weight_g", "net_weight_g", "freight_minor", "insurance_minor", "freight_currency", "bound_for_id", "invoice_number") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (SELECT o.buyer_id FROM procurement_purchaseorder o WHERE o.id = it.order_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."order_id", it."state", it."transport_mode", it."vessel", it."voyage", it."bill_of_lading", it."departed_at", it."expected_on", it."packages", it."gross_weight_g", it."net_weight_g", it."freight_minor", it."insurance_minor", it."freight_currency", it."bound_for_id", it."invoice_number" FROM rows AS it;',
                    hash="7e7b388900d36ce5c4f2a6cf00e0f1d6674f3e29",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_a2a6c",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="procurement_shipment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shipment",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_shipmentevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "order_id", "state", "transport_mode", "vessel", "voyage", "bill_of_lading", "departed_at", "expected_on", "packages", "gross_weight_g", "net_weight_g", "freight_minor", "insurance_minor", "freight_currency", "bound_for_id", "invoice_number") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (SELECT o.buyer_id FROM procurement_purchaseorder o WHERE o.id = it.order_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."order_id", it."state", it."transport_mode", it."vessel", it."voyage", it."bill_of_lading", it."departed_at", it."expected_on", it."packages", it."gross_weight_g", it."net_weight_g", it."freight_minor", it."insurance_minor", it."freight_currency", it."bound_for_id", it."invoice_number" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."number", was."order_id", was."state", was."transport_mode", was."vessel", was."voyage", was."bill_of_lading", was."departed_at", was."expected_on", was."packages", was."gross_weight_g", was."net_weight_g", was."freight_minor", was."insurance_minor", was."freight_currency", was."bound_for_id", was."invoice_number") IS DISTINCT FROM ROW(it."id", it."number", it."order_id", it."state", it."transport_mode", it."vessel", it."voyage", it."bill_of_lading", it."departed_at", it."expected_on", it."packages", it."gross_weight_g", it."net_weight_g", it."freight_minor", it."insurance_minor", it."freight_currency", it."bound_for_id", it."invoice_number");',
                    hash="5d11ddcec9de2ddb95baedef7fc7ae8c7b8f792d",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_cd45f",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="procurement_shipment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="shipment",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_shipmentevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "order_id", "state", "transport_mode", "vessel", "voyage", "bill_of_lading", "departed_at", "expected_on", "packages", "gross_weight_g", "net_weight_g", "freight_minor", "insurance_minor", "freight_currency", "bound_for_id", "invoice_number") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (SELECT o.buyer_id FROM procurement_purchaseorder o WHERE o.id = it.order_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."order_id", it."state", it."transport_mode", it."vessel", it."voyage", it."bill_of_lading", it."departed_at", it."expected_on", it."packages", it."gross_weight_g", it."net_weight_g", it."freight_minor", it."insurance_minor", it."freight_currency", it."bound_for_id", it."invoice_number" FROM rows AS it;',
                    hash="c8159a235cb87b519f594ba420988d055065fcd9",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_181ac",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="procurement_shipment",
                    when="AFTER",
                ),
            ),
        ),
    ]
