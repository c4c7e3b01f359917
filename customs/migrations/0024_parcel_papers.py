"""What customs asks of a house and a parcel, and what is missing."""

import django.db.models.deletion
import django.db.models.expressions
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import core.history
from core.history import walled
from core.walls import protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("customs", "0023_retail_parties"),
        ("warehouse", "0042_settled_claims"),
    ]

    operations = [
        migrations.CreateModel(
            name="HouseAtCustoms",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("port_code", models.CharField(max_length=4)),
                ("traf_mode", models.CharField(max_length=1)),
                ("site_code", models.CharField(blank=True, max_length=10)),
                (
                    "keeper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "warehouse",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="at_customs",
                        to="warehouse.bondedwarehouse",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HouseAtCustomsEvent",
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
                ("port_code", models.CharField(max_length=4)),
                ("traf_mode", models.CharField(max_length=1)),
                ("site_code", models.CharField(blank=True, max_length=10)),
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
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customs.houseatcustoms",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="warehouse.bondedwarehouse",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="MissingPaper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("gaps", models.JSONField(default=list)),
                ("found_at", models.DateTimeField()),
                ("again_at", models.DateTimeField()),
                (
                    "retail_list",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="missing",
                        to="customs.retaillist",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ParcelPapers",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("payment", models.CharField(blank=True, max_length=60)),
                ("logistics_code", models.CharField(blank=True, max_length=18)),
                ("waybill", models.CharField(blank=True, max_length=60)),
                ("told_at", models.DateTimeField()),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="warehouse.retailorder",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="houseatcustoms",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "customs_houseatcustomsevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "warehouse_id", "keeper_id", "port_code", "traf_mode", "site_code") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.keeper_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."warehouse_id", it."keeper_id", it."port_code", it."traf_mode", it."site_code" FROM rows AS it;',
                    hash="d7c50a86efa5b8ddf2e9a6889efece4e9c1e6eee",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_695b8",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="customs_houseatcustoms",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="houseatcustoms",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "customs_houseatcustomsevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "warehouse_id", "keeper_id", "port_code", "traf_mode", "site_code") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (it.keeper_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."warehouse_id", it."keeper_id", it."port_code", it."traf_mode", it."site_code" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."warehouse_id", was."keeper_id", was."port_code", was."traf_mode", was."site_code") IS DISTINCT FROM ROW(it."id", it."warehouse_id", it."keeper_id", it."port_code", it."traf_mode", it."site_code");',
                    hash="e1f5075d4b8478bddd94217cbde7817a08c7eca0",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_6c5bb",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="customs_houseatcustoms",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="houseatcustoms",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "customs_houseatcustomsevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "warehouse_id", "keeper_id", "port_code", "traf_mode", "site_code") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (it.keeper_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."warehouse_id", it."keeper_id", it."port_code", it."traf_mode", it."site_code" FROM rows AS it;',
                    hash="1f641b0762f81403c6a9e39750790f47b6bdb5f8",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_45685",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="customs_houseatcustoms",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="houseatcustomsevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="houseatcustoms_hist_row"),
        ),
        migrations.AddIndex(
            model_name="houseatcustomsevent",
            index=models.Index(
                fields=["pgh_created_at", "pgh_id"], name="houseatcustoms_hist_when"
            ),
        ),
        migrations.AddIndex(
            model_name="houseatcustomsevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="houseatcustoms_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="houseatcustomsevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"], name="houseatcustoms_hist_firm"
            ),
        ),
        migrations.AddIndex(
            model_name="houseatcustomsevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="houseatcustoms_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="houseatcustomsevent",
            index=models.Index(fields=["pgh_context_id"], name="houseatcustoms_hist_req"),
        ),
        migrations.AddIndex(
            model_name="houseatcustomsevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="houseatcustoms_hist_gone",
            ),
        ),
        migrations.AddIndex(
            model_name="missingpaper",
            index=models.Index(fields=["seller", "id"], name="missing_of_seller"),
        ),
        migrations.AddConstraint(
            model_name="parcelpapers",
            constraint=models.UniqueConstraint(
                condition=models.Q(("waybill", ""), _negated=True),
                fields=("logistics_code", "waybill"),
                name="a_waybill_is_one_parcels",
            ),
        ),
        protected("customs_houseatcustoms", "keeper_id"),
        walled("customs_houseatcustomsevent"),
        protected("customs_parcelpapers", "seller_id"),
        protected("customs_missingpaper", "seller_id"),
    ]
