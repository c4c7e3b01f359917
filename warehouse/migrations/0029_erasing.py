"""That buyers are erased, and the record of it."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.history
from core.history import walled
from core.walls import insert_only, protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("warehouse", "0028_walls_of_hand_overs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BuyerErasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order_number", models.CharField(max_length=32)),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("time", "its time was over"),
                            ("asked", "the consumer asked for it"),
                        ],
                        max_length=5,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=100)),
                ("erased_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="BuyerErasureEvent",
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
                ("order_number", models.CharField(max_length=32)),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("time", "its time was over"),
                            ("asked", "the consumer asked for it"),
                        ],
                        max_length=5,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=100)),
                ("erased_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="retailorder",
            name="buyer_erased_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="retailorder",
            index=models.Index(
                condition=models.Q(
                    ("buyer_erased_at__isnull", True),
                    ("state__in", ["delivered", "cancelled", "returned"]),
                ),
                fields=["accepted_at", "id"],
                name="retail_order_to_erase",
            ),
        ),
        migrations.AddField(
            model_name="buyererasure",
            name="erased_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="buyererasure",
            name="order",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="erasure",
                to="warehouse.retailorder",
            ),
        ),
        migrations.AddField(
            model_name="buyererasure",
            name="seller",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="buyererasureevent",
            name="erased_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="buyererasureevent",
            name="order",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="warehouse.retailorder",
            ),
        ),
        migrations.AddField(
            model_name="buyererasureevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="warehouse.buyererasure",
            ),
        ),
        migrations.AddField(
            model_name="buyererasureevent",
            name="seller",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddIndex(
            model_name="buyererasure",
            index=models.Index(fields=["seller", "-id"], name="erasure_of_seller"),
        ),
        migrations.AddConstraint(
            model_name="buyererasure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("erased_by__isnull", True), ("reason", ""), ("why", "time")),
                    models.Q(
                        ("erased_by__isnull", False),
                        ("why", "asked"),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="who_erases_on_request_says_by_which",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="buyererasure",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_buyererasureevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "order_id", "order_number", "seller_id", "why", "reason", "erased_at", "erased_by_id") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."order_id", it."order_number", it."seller_id", it."why", it."reason", it."erased_at", it."erased_by_id" FROM rows AS it;',
                    hash="0f78599dd7ff53c1cc6717ff7498ae3971ca0f4f",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_2b8a3",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="warehouse_buyererasure",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="buyererasureevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="buyererasure_hist_row"),
        ),
        migrations.AddIndex(
            model_name="buyererasureevent",
            index=models.Index(fields=["pgh_created_at", "pgh_id"], name="buyererasure_hist_when"),
        ),
        migrations.AddIndex(
            model_name="buyererasureevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="buyererasure_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="buyererasureevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"], name="buyererasure_hist_firm"
            ),
        ),
        migrations.AddIndex(
            model_name="buyererasureevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="buyererasure_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="buyererasureevent",
            index=models.Index(fields=["pgh_context_id"], name="buyererasure_hist_req"),
        ),
        protected("warehouse_buyererasure", "seller_id"),
        insert_only("warehouse_buyererasure"),
        walled("warehouse_buyererasureevent"),
    ]
