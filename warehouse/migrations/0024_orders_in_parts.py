"""Orders in several parcels, what was missing of them, and on what terms."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.fields
import core.history
from core.walls import changes_only, insert_only, protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("catalog", "0004_owners_in_history"),
        ("warehouse", "0023_waiting_orders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RetailMissing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("quantity", models.PositiveIntegerField()),
                ("unit_price_minor", core.fields.MinorField()),
                ("waits_until", models.DateField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("refused", "refused"),
                            ("waiting", "back-ordered"),
                            ("served", "served later"),
                            ("lapsed", "given up"),
                        ],
                        max_length=8,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="RetailTerms",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "shortage",
                    models.CharField(
                        choices=[
                            ("refuse", "refuse the order"),
                            ("part", "serve what is there, refuse the rest"),
                            ("back_order", "serve what is there, back-order the rest"),
                        ],
                        max_length=10,
                    ),
                ),
                ("back_order_days", models.PositiveSmallIntegerField(default=0)),
                ("may_split", models.BooleanField(default=False)),
                ("set_at", models.DateTimeField()),
            ],
        ),
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
        migrations.RemoveConstraint(
            model_name="retailorder",
            name="a_shop_order_is_taken_once",
        ),
        migrations.AddField(
            model_name="retailorder",
            name="first",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="later_parts",
                to="warehouse.retailorder",
            ),
        ),
        migrations.AddField(
            model_name="retailorder",
            name="part",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="retailorderevent",
            name="first",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="warehouse.retailorder",
            ),
        ),
        migrations.AddField(
            model_name="retailorderevent",
            name="part",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddIndex(
            model_name="retailorder",
            index=models.Index(
                condition=models.Q(("first__isnull", False)),
                fields=["first"],
                name="retail_order_later_part",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="retailorder",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_retailorderevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "seller_id", "channel", "channel_order_number", "part", "first_id", "placed_at", "accepted_at", "state", "freight_minor", "unpaid_until", "paid_at", "holds") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."seller_id", it."channel", it."channel_order_number", it."part", it."first_id", it."placed_at", it."accepted_at", it."state", it."freight_minor", it."unpaid_until", it."paid_at", it."holds" FROM rows AS it;',
                    hash="be74390ddc45993e987d59146b4bb5605eb32fee",
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
                    func='INSERT INTO "warehouse_retailorderevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "seller_id", "channel", "channel_order_number", "part", "first_id", "placed_at", "accepted_at", "state", "freight_minor", "unpaid_until", "paid_at", "holds") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."seller_id", it."channel", it."channel_order_number", it."part", it."first_id", it."placed_at", it."accepted_at", it."state", it."freight_minor", it."unpaid_until", it."paid_at", it."holds" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."number", was."seller_id", was."channel", was."channel_order_number", was."part", was."first_id", was."placed_at", was."accepted_at", was."state", was."freight_minor", was."unpaid_until", was."paid_at", was."holds") IS DISTINCT FROM ROW(it."id", it."number", it."seller_id", it."channel", it."channel_order_number", it."part", it."first_id", it."placed_at", it."accepted_at", it."state", it."freight_minor", it."unpaid_until", it."paid_at", it."holds");',
                    hash="a5420627b1de89317998860372b2cef3dd5b6e58",
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
                    func='INSERT INTO "warehouse_retailorderevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "seller_id", "channel", "channel_order_number", "part", "first_id", "placed_at", "accepted_at", "state", "freight_minor", "unpaid_until", "paid_at", "holds") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."seller_id", it."channel", it."channel_order_number", it."part", it."first_id", it."placed_at", it."accepted_at", it."state", it."freight_minor", it."unpaid_until", it."paid_at", it."holds" FROM rows AS it;',
                    hash="741c603fd7cda5728915cbd95f69d06b57ffd55c",
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
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "cancelled"), _negated=True),
                fields=("seller", "channel", "channel_order_number", "part"),
                name="a_shop_order_is_taken_once",
            ),
        ),
        migrations.AddField(
            model_name="retailmissing",
            name="order",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="missing",
                to="warehouse.retailorder",
            ),
        ),
        migrations.AddField(
            model_name="retailmissing",
            name="product",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.product",
            ),
        ),
        migrations.AddField(
            model_name="retailmissing",
            name="seller",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="retailmissing",
            name="served_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="warehouse.retailorder",
            ),
        ),
        migrations.AddField(
            model_name="retailterms",
            name="seller",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="retailterms",
            name="set_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="retailmissing",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["seller", "order", "position"],
                name="retail_missing_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="retailmissing",
            constraint=models.UniqueConstraint(
                fields=("order", "position"), name="missing_units_stand_once_for_a_line"
            ),
        ),
        migrations.AddConstraint(
            model_name="retailmissing",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="missing_units_are_some_units"
            ),
        ),
        migrations.AddConstraint(
            model_name="retailmissing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("served_by__isnull", False), ("state", "served")),
                    models.Q(
                        models.Q(("state", "served"), _negated=True), ("served_by__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="what_was_missing_is_served_by_a_parcel",
            ),
        ),
        migrations.AddConstraint(
            model_name="retailterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("back_order_days__gt", 0), ("shortage", "back_order")),
                    models.Q(
                        models.Q(("shortage", "back_order"), _negated=True), ("back_order_days", 0)
                    ),
                    _connector="OR",
                ),
                name="back_orders_wait_for_some_days",
            ),
        ),
        protected("warehouse_retailterms", "seller_id"),
        protected("warehouse_retailmissing", "seller_id"),
        insert_only("warehouse_retailterms"),
        changes_only("warehouse_retailmissing", "state", "served_by_id", "ended_at"),
    ]
