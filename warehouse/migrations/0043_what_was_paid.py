"""What a consumer paid beside and less than the price of the goods, and who receives the parcel."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import core.fields
import core.history


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("warehouse", "0042_settled_claims"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="retailorder",
            name="history_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="retailorder",
            name="history_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="retailorder",
            name="history_delete",
        ),
        migrations.AddField(
            model_name="retailorder",
            name="collected_tax_minor",
            field=core.fields.MinorField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="retailorder",
            name="consignee_name",
            field=core.fields.EncryptedTextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="retailorder",
            name="consignee_telephone",
            field=core.fields.EncryptedTextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="retailorder",
            name="discount_minor",
            field=core.fields.MinorField(default=0),
        ),
        migrations.AddField(
            model_name="retailorder",
            name="insurance_minor",
            field=core.fields.MinorField(default=0),
        ),
        migrations.AddField(
            model_name="retailorder",
            name="paid_minor",
            field=core.fields.MinorField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="retailorderevent",
            name="collected_tax_minor",
            field=core.fields.MinorField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="retailorderevent",
            name="discount_minor",
            field=core.fields.MinorField(default=0),
        ),
        migrations.AddField(
            model_name="retailorderevent",
            name="insurance_minor",
            field=core.fields.MinorField(default=0),
        ),
        migrations.AddField(
            model_name="retailorderevent",
            name="paid_minor",
            field=core.fields.MinorField(blank=True, null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="retailorder",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_retailorderevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "seller_id", "channel", "channel_order_number", "part", "first_id", "placed_at", "accepted_at", "state", "freight_minor", "insurance_minor", "discount_minor", "collected_tax_minor", "paid_minor", "unpaid_until", "paid_at", "holds") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."seller_id", it."channel", it."channel_order_number", it."part", it."first_id", it."placed_at", it."accepted_at", it."state", it."freight_minor", it."insurance_minor", it."discount_minor", it."collected_tax_minor", it."paid_minor", it."unpaid_until", it."paid_at", it."holds" FROM rows AS it;',
                    hash="5b61c24826b4c2168bcdda03d76643360a6a6fd6",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_ecad0",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="warehouse_retailorder",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="retailorder",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_retailorderevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "seller_id", "channel", "channel_order_number", "part", "first_id", "placed_at", "accepted_at", "state", "freight_minor", "insurance_minor", "discount_minor", "collected_tax_minor", "paid_minor", "unpaid_until", "paid_at", "holds") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."seller_id", it."channel", it."channel_order_number", it."part", it."first_id", it."placed_at", it."accepted_at", it."state", it."freight_minor", it."insurance_minor", it."discount_minor", it."collected_tax_minor", it."paid_minor", it."unpaid_until", it."paid_at", it."holds" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."number", was."seller_id", was."channel", was."channel_order_number", was."part", was."first_id", was."placed_at", was."accepted_at", was."state", was."freight_minor", was."insurance_minor", was."discount_minor", was."collected_tax_minor", was."paid_minor", was."unpaid_until", was."paid_at", was."holds") IS DISTINCT FROM ROW(it."id", it."number", it."seller_id", it."channel", it."channel_order_number", it."part", it."first_id", it."placed_at", it."accepted_at", it."state", it."freight_minor", it."insurance_minor", it."discount_minor", it."collected_tax_minor", it."paid_minor", it."unpaid_until", it."paid_at", it."holds");',
                    hash="598ba92618400a4c78eb1e2798784aeca56276fe",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_052cc",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="warehouse_retailorder",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="retailorder",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_retailorderevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "seller_id", "channel", "channel_order_number", "part", "first_id", "placed_at", "accepted_at", "state", "freight_minor", "insurance_minor", "discount_minor", "collected_tax_minor", "paid_minor", "unpaid_until", "paid_at", "holds") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."seller_id", it."channel", it."channel_order_number", it."part", it."first_id", it."placed_at", it."accepted_at", it."state", it."freight_minor", it."insurance_minor", it."discount_minor", it."collected_tax_minor", it."paid_minor", it."unpaid_until", it."paid_at", it."holds" FROM rows AS it;',
                    hash="1e6206b7491aa8cc79f23efe0c4ab479a4fc2831",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_f2380",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="warehouse_retailorder",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="retailorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("discount_minor__gte", 0),
                    ("insurance_minor__gte", 0),
                    models.Q(
                        ("collected_tax_minor__isnull", True),
                        ("collected_tax_minor__gte", 0),
                        _connector="OR",
                    ),
                    models.Q(("paid_minor__isnull", True), ("paid_minor__gte", 0), _connector="OR"),
                ),
                name="amounts_of_a_shop_order_are_not_negative",
            ),
        ),
    ]
