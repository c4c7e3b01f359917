"""Orders that wait: for their payment, or because somebody holds them back."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.history
from core.walls import ACTING, changes_only, insert_only, protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("warehouse", "0022_channels"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RetailHold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=32)),
                (
                    "act",
                    models.CharField(
                        choices=[("held", "put on hold"), ("freed", "let go on")], max_length=5
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("acted_at", models.DateTimeField()),
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
        migrations.AddField(
            model_name="retailorder",
            name="holds",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="retailorder",
            name="paid_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="retailorder",
            name="unpaid_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="retailorderevent",
            name="holds",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="retailorderevent",
            name="paid_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="retailorderevent",
            name="unpaid_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="retailorder",
            index=models.Index(
                condition=models.Q(("state", "allocated"), ("unpaid_until__isnull", False)),
                fields=["unpaid_until", "id"],
                name="retail_order_unpaid",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="retailorder",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_retailorderevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "seller_id", "channel", "channel_order_number", "placed_at", "accepted_at", "state", "freight_minor", "unpaid_until", "paid_at", "holds") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."seller_id", it."channel", it."channel_order_number", it."placed_at", it."accepted_at", it."state", it."freight_minor", it."unpaid_until", it."paid_at", it."holds" FROM rows AS it;',
                    hash="fbe73e58081b9beb6fcf0346d01b34a5dd23f7de",
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
                    func='INSERT INTO "warehouse_retailorderevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "seller_id", "channel", "channel_order_number", "placed_at", "accepted_at", "state", "freight_minor", "unpaid_until", "paid_at", "holds") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."seller_id", it."channel", it."channel_order_number", it."placed_at", it."accepted_at", it."state", it."freight_minor", it."unpaid_until", it."paid_at", it."holds" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."number", was."seller_id", was."channel", was."channel_order_number", was."placed_at", was."accepted_at", was."state", was."freight_minor", was."unpaid_until", was."paid_at", was."holds") IS DISTINCT FROM ROW(it."id", it."number", it."seller_id", it."channel", it."channel_order_number", it."placed_at", it."accepted_at", it."state", it."freight_minor", it."unpaid_until", it."paid_at", it."holds");',
                    hash="84e7348b3621f4118eea93237977a9a8066d4e57",
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
                    func='INSERT INTO "warehouse_retailorderevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "seller_id", "channel", "channel_order_number", "placed_at", "accepted_at", "state", "freight_minor", "unpaid_until", "paid_at", "holds") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."seller_id", it."channel", it."channel_order_number", it."placed_at", it."accepted_at", it."state", it."freight_minor", it."unpaid_until", it."paid_at", it."holds" FROM rows AS it;',
                    hash="5d8f75b1681f0c34952a85b71ed4199851835a46",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_f2380",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="warehouse_retailorder",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="retailhold",
            name="acted_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="retailhold",
            name="company",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="retailhold",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="hold_acts",
                to="warehouse.retailorder",
            ),
        ),
        migrations.AddField(
            model_name="retailhold",
            name="seller",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        protected(
            "warehouse_retailhold",
            "seller_id",
            seen_if=f"seller_id = {ACTING} OR company_id = {ACTING}",
        ),
        insert_only("warehouse_retailhold"),
        changes_only("warehouse_reservation", "state", "expires_at"),
    ]
