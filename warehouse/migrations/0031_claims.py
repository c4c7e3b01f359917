"""What came damaged is claimed of its supplier."""

import django.db.models.deletion
import django.db.models.expressions
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import core.history
from core.history import walled
from core.walls import changes_only, insert_only, protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("catalog", "0004_owners_in_history"),
        ("procurement", "0029_charges_shared_apart"),
        ("warehouse", "0030_arrivals"),
    ]

    operations = [
        migrations.CreateModel(
            name="SupplierClaim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                ("receipt_number", models.CharField(max_length=32)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", core.fields.MinorField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "to be sent"),
                            ("sent", "sent"),
                            ("accepted", "accepted"),
                            ("refused", "refused"),
                            ("settled", "settled"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SupplierClaimEvent",
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
                ("receipt_number", models.CharField(max_length=32)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", core.fields.MinorField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "to be sent"),
                            ("sent", "sent"),
                            ("accepted", "accepted"),
                            ("refused", "refused"),
                            ("settled", "settled"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SupplierClaimLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("batch", models.CharField(blank=True, max_length=20)),
                ("counted", models.PositiveIntegerField()),
                ("quantity", models.PositiveIntegerField()),
                ("amount_minor", core.fields.MinorField()),
            ],
        ),
        migrations.AddField(
            model_name="supplierclaim",
            name="buyer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="supplierclaim",
            name="receipt",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="claim",
                to="warehouse.receipt",
            ),
        ),
        migrations.AddField(
            model_name="supplierclaim",
            name="shipment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="procurement.shipment",
            ),
        ),
        migrations.AddField(
            model_name="supplierclaim",
            name="supplier",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.tradingpartner",
            ),
        ),
        migrations.AddField(
            model_name="supplierclaimevent",
            name="buyer",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="supplierclaimevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="warehouse.supplierclaim",
            ),
        ),
        migrations.AddField(
            model_name="supplierclaimevent",
            name="receipt",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="warehouse.receipt",
            ),
        ),
        migrations.AddField(
            model_name="supplierclaimevent",
            name="shipment",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="procurement.shipment",
            ),
        ),
        migrations.AddField(
            model_name="supplierclaimevent",
            name="supplier",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="catalog.tradingpartner",
            ),
        ),
        migrations.AddField(
            model_name="supplierclaimline",
            name="buyer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="supplierclaimline",
            name="claim",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="warehouse.supplierclaim",
            ),
        ),
        migrations.AddField(
            model_name="supplierclaimline",
            name="product",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.product"
            ),
        ),
        migrations.AddField(
            model_name="supplierclaimline",
            name="receipt_line",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="claim_line",
                to="warehouse.receiptline",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="supplierclaim",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_supplierclaimevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "receipt_id", "receipt_number", "shipment_id", "buyer_id", "supplier_id", "currency", "amount_minor", "state", "opened_at") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.buyer_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."receipt_id", it."receipt_number", it."shipment_id", it."buyer_id", it."supplier_id", it."currency", it."amount_minor", it."state", it."opened_at" FROM rows AS it;',
                    hash="ff62090df8a6cfd40ef668974e0d3ec8f4246ec2",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_c159b",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="warehouse_supplierclaim",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="supplierclaim",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_supplierclaimevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "receipt_id", "receipt_number", "shipment_id", "buyer_id", "supplier_id", "currency", "amount_minor", "state", "opened_at") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (it.buyer_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."receipt_id", it."receipt_number", it."shipment_id", it."buyer_id", it."supplier_id", it."currency", it."amount_minor", it."state", it."opened_at" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."number", was."receipt_id", was."receipt_number", was."shipment_id", was."buyer_id", was."supplier_id", was."currency", was."amount_minor", was."state", was."opened_at") IS DISTINCT FROM ROW(it."id", it."number", it."receipt_id", it."receipt_number", it."shipment_id", it."buyer_id", it."supplier_id", it."currency", it."amount_minor", it."state", it."opened_at");',
                    hash="1897a98d762efd5ee5aa6a2f5a2f7d109902af0f",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_0e8c1",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="warehouse_supplierclaim",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="supplierclaim",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_supplierclaimevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "receipt_id", "receipt_number", "shipment_id", "buyer_id", "supplier_id", "currency", "amount_minor", "state", "opened_at") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (it.buyer_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."receipt_id", it."receipt_number", it."shipment_id", it."buyer_id", it."supplier_id", it."currency", it."amount_minor", it."state", it."opened_at" FROM rows AS it;',
                    hash="1257e78e371703521336572447b6cde1167d2d26",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_2caed",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="warehouse_supplierclaim",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="supplierclaimevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="supplierclaim_hist_row"),
        ),
        migrations.AddIndex(
            model_name="supplierclaimevent",
            index=models.Index(fields=["pgh_created_at", "pgh_id"], name="supplierclaim_hist_when"),
        ),
        migrations.AddIndex(
            model_name="supplierclaimevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="supplierclaim_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="supplierclaimevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"], name="supplierclaim_hist_firm"
            ),
        ),
        migrations.AddIndex(
            model_name="supplierclaimevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="supplierclaim_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="supplierclaimevent",
            index=models.Index(fields=["pgh_context_id"], name="supplierclaim_hist_req"),
        ),
        migrations.AddIndex(
            model_name="supplierclaimevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="supplierclaim_hist_gone",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplierclaimline",
            constraint=models.UniqueConstraint(
                fields=("claim", "position"), name="one_claim_line_per_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="supplierclaimline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="a_claim_is_of_some_units"
            ),
        ),
        protected("warehouse_supplierclaim", "buyer_id"),
        protected("warehouse_supplierclaimline", "buyer_id"),
        changes_only("warehouse_supplierclaim", "state"),
        insert_only("warehouse_supplierclaimline"),
        walled("warehouse_supplierclaimevent"),
    ]
