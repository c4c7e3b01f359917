"""What the warehouse set aside, freed or destroyed, each with its record."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.history
from core.history import walled
from core.walls import ACTING, insert_only, protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("warehouse", "0015_walls_of_the_stock_ledger"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StockChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                (
                    "before",
                    models.CharField(
                        choices=[
                            ("in_transit", "on the way"),
                            ("quarantine", "in quarantine"),
                            ("available", "available"),
                            ("reserved", "reserved"),
                            ("released", "released by customs"),
                            ("picked", "picked"),
                            ("damaged", "damaged"),
                            ("expired", "expired"),
                            ("recalled", "recalled"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in_transit", "on the way"),
                            ("quarantine", "in quarantine"),
                            ("available", "available"),
                            ("reserved", "reserved"),
                            ("released", "released by customs"),
                            ("picked", "picked"),
                            ("damaged", "damaged"),
                            ("expired", "expired"),
                            ("recalled", "recalled"),
                        ],
                        max_length=10,
                    ),
                ),
                ("quantity", models.PositiveIntegerField()),
                ("changed_at", models.DateTimeField()),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "keeper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.location",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="warehouse.lot",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StockChangeEvent",
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
                (
                    "before",
                    models.CharField(
                        choices=[
                            ("in_transit", "on the way"),
                            ("quarantine", "in quarantine"),
                            ("available", "available"),
                            ("reserved", "reserved"),
                            ("released", "released by customs"),
                            ("picked", "picked"),
                            ("damaged", "damaged"),
                            ("expired", "expired"),
                            ("recalled", "recalled"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in_transit", "on the way"),
                            ("quarantine", "in quarantine"),
                            ("available", "available"),
                            ("reserved", "reserved"),
                            ("released", "released by customs"),
                            ("picked", "picked"),
                            ("damaged", "damaged"),
                            ("expired", "expired"),
                            ("recalled", "recalled"),
                        ],
                        max_length=10,
                    ),
                ),
                ("quantity", models.PositiveIntegerField()),
                ("changed_at", models.DateTimeField()),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "keeper",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="warehouse.location",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="warehouse.lot",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="warehouse.stockchange",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="stockchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="a_change_of_stock_is_of_some_units"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="stockchange",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_stockchangeevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "lot_id", "keeper_id", "location_id", "before", "after", "quantity", "changed_at", "changed_by_id") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.keeper_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."lot_id", it."keeper_id", it."location_id", it."before", it."after", it."quantity", it."changed_at", it."changed_by_id" FROM rows AS it;',
                    hash="ac0d28e93af6fbec891f60d8bef004ee7c9e152c",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_99fbb",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="warehouse_stockchange",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="stockchangeevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="stockchange_hist_row"),
        ),
        migrations.AddIndex(
            model_name="stockchangeevent",
            index=models.Index(fields=["pgh_created_at", "pgh_id"], name="stockchange_hist_when"),
        ),
        migrations.AddIndex(
            model_name="stockchangeevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="stockchange_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="stockchangeevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"], name="stockchange_hist_firm"
            ),
        ),
        migrations.AddIndex(
            model_name="stockchangeevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="stockchange_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="stockchangeevent",
            index=models.Index(fields=["pgh_context_id"], name="stockchange_hist_req"),
        ),
        protected(
            "warehouse_stockchange",
            "owner_id",
            seen_if=f"owner_id = {ACTING} OR keeper_id = {ACTING}",
        ),
        insert_only("warehouse_stockchange"),
        walled("warehouse_stockchangeevent"),
    ]
