"""Several suppliers may offer one product; their minimum per order and what their way costs."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import core.fields
import core.history
from core.history import walled


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0004_owners_in_history"),
        ("procurement", "0011_history_of_forecasts"),
    ]

    operations = [
        migrations.CreateModel(
            name="FreightContainer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("20GP", "20-foot container"),
                            ("40GP", "40-foot container"),
                            ("40HC", "40-foot high-cube container"),
                        ],
                        max_length=4,
                    ),
                ),
                ("price_minor", core.fields.MinorField()),
                ("volume_cm3", models.BigIntegerField()),
                ("weight_g", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="FreightContainerEvent",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("20GP", "20-foot container"),
                            ("40GP", "40-foot container"),
                            ("40HC", "40-foot high-cube container"),
                        ],
                        max_length=4,
                    ),
                ),
                ("price_minor", core.fields.MinorField()),
                ("volume_cm3", models.BigIntegerField()),
                ("weight_g", models.BigIntegerField()),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="FreightTerms",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField()),
                ("lcl_minor", core.fields.MinorField(default=0)),
                ("lcl_minimum_minor", core.fields.MinorField(default=0)),
                ("order_fee_minor", core.fields.MinorField(default=0)),
                ("declaration_fee_minor", core.fields.MinorField(default=0)),
                ("line_fee_minor", core.fields.MinorField(default=0)),
                ("insurance_ppm", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="FreightTermsEvent",
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
                ("valid_from", models.DateField()),
                ("lcl_minor", core.fields.MinorField(default=0)),
                ("lcl_minimum_minor", core.fields.MinorField(default=0)),
                ("order_fee_minor", core.fields.MinorField(default=0)),
                ("declaration_fee_minor", core.fields.MinorField(default=0)),
                ("line_fee_minor", core.fields.MinorField(default=0)),
                ("insurance_ppm", models.PositiveIntegerField(default=0)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="OrderMinimum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", core.fields.CurrencyField(max_length=3)),
                ("incoterm", models.CharField(default="FOB", max_length=3)),
                ("amount_minor", core.fields.MinorField()),
            ],
        ),
        migrations.CreateModel(
            name="OrderMinimumEvent",
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
                ("currency", core.fields.CurrencyField(max_length=3)),
                ("incoterm", models.CharField(default="FOB", max_length=3)),
                ("amount_minor", core.fields.MinorField()),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="supplieroffer",
            name="history_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="supplieroffer",
            name="history_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="supplieroffer",
            name="history_delete",
        ),
        migrations.AddField(
            model_name="supplieroffer",
            name="capacity",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="supplieroffer",
            name="layers_per_pallet",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="supplieroffer",
            name="multiple",
            field=models.CharField(
                choices=[
                    ("pack", "whole packs"),
                    ("layer", "whole layers"),
                    ("pallet", "whole pallets"),
                ],
                default="pack",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="supplieroffer",
            name="packs_per_layer",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="supplieroffer",
            name="pricing",
            field=models.CharField(
                choices=[
                    ("all_units", "for all packs"),
                    ("incremental", "for the packs from there on"),
                ],
                default="all_units",
                max_length=11,
            ),
        ),
        migrations.AddField(
            model_name="supplieroffer",
            name="supplier_code",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="supplierofferevent",
            name="capacity",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="supplierofferevent",
            name="layers_per_pallet",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="supplierofferevent",
            name="multiple",
            field=models.CharField(
                choices=[
                    ("pack", "whole packs"),
                    ("layer", "whole layers"),
                    ("pallet", "whole pallets"),
                ],
                default="pack",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="supplierofferevent",
            name="packs_per_layer",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="supplierofferevent",
            name="pricing",
            field=models.CharField(
                choices=[
                    ("all_units", "for all packs"),
                    ("incremental", "for the packs from there on"),
                ],
                default="all_units",
                max_length=11,
            ),
        ),
        migrations.AddField(
            model_name="supplierofferevent",
            name="supplier_code",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AlterField(
            model_name="supplieroffer",
            name="product",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="offers",
                to="catalog.product",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="supplieroffer",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_supplierofferevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "product_id", "supplier_id", "supplier_code", "currency", "incoterm", "pricing", "pack_quantity", "packs_per_layer", "layers_per_pallet", "multiple", "minimum_quantity", "capacity", "lead_time_days", "valid_from", "valid_to") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", NULL::bigint, _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."product_id", it."supplier_id", it."supplier_code", it."currency", it."incoterm", it."pricing", it."pack_quantity", it."packs_per_layer", it."layers_per_pallet", it."multiple", it."minimum_quantity", it."capacity", it."lead_time_days", it."valid_from", it."valid_to" FROM rows AS it;',
                    hash="b3021595bed264b152efe1cb61c68161b225fff8",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_c1de1",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="procurement_supplieroffer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="supplieroffer",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_supplierofferevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "product_id", "supplier_id", "supplier_code", "currency", "incoterm", "pricing", "pack_quantity", "packs_per_layer", "layers_per_pallet", "multiple", "minimum_quantity", "capacity", "lead_time_days", "valid_from", "valid_to") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", NULL::bigint, _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."product_id", it."supplier_id", it."supplier_code", it."currency", it."incoterm", it."pricing", it."pack_quantity", it."packs_per_layer", it."layers_per_pallet", it."multiple", it."minimum_quantity", it."capacity", it."lead_time_days", it."valid_from", it."valid_to" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."product_id", was."supplier_id", was."supplier_code", was."currency", was."incoterm", was."pricing", was."pack_quantity", was."packs_per_layer", was."layers_per_pallet", was."multiple", was."minimum_quantity", was."capacity", was."lead_time_days", was."valid_from", was."valid_to") IS DISTINCT FROM ROW(it."id", it."product_id", it."supplier_id", it."supplier_code", it."currency", it."incoterm", it."pricing", it."pack_quantity", it."packs_per_layer", it."layers_per_pallet", it."multiple", it."minimum_quantity", it."capacity", it."lead_time_days", it."valid_from", it."valid_to");',
                    hash="4c9900d272c59711cb6ece325e676df187404230",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_ec0f0",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="procurement_supplieroffer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="supplieroffer",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_supplierofferevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "product_id", "supplier_id", "supplier_code", "currency", "incoterm", "pricing", "pack_quantity", "packs_per_layer", "layers_per_pallet", "multiple", "minimum_quantity", "capacity", "lead_time_days", "valid_from", "valid_to") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", NULL::bigint, _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."product_id", it."supplier_id", it."supplier_code", it."currency", it."incoterm", it."pricing", it."pack_quantity", it."packs_per_layer", it."layers_per_pallet", it."multiple", it."minimum_quantity", it."capacity", it."lead_time_days", it."valid_from", it."valid_to" FROM rows AS it;',
                    hash="a4d5796a11556642dccead82063a1a435bf981cd",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_18ec3",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="procurement_supplieroffer",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="supplieroffer",
            constraint=models.UniqueConstraint(
                fields=("product", "supplier", "currency", "incoterm", "valid_from"),
                name="one_offer_per_supplier_terms_and_first_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplieroffer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="an_offer_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplieroffer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("multiple", "pack"),
                    models.Q(("multiple", "layer"), ("packs_per_layer__gte", 1)),
                    models.Q(
                        ("layers_per_pallet__gte", 1),
                        ("multiple", "pallet"),
                        ("packs_per_layer__gte", 1),
                    ),
                    _connector="OR",
                ),
                name="layers_and_pallets_hold_packs",
            ),
        ),
        migrations.AddField(
            model_name="freightcontainerevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="procurement.freightcontainer",
            ),
        ),
        migrations.AddField(
            model_name="freightterms",
            name="supplier",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="freight",
                to="catalog.tradingpartner",
            ),
        ),
        migrations.AddField(
            model_name="freightcontainerevent",
            name="terms",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="procurement.freightterms",
            ),
        ),
        migrations.AddField(
            model_name="freightcontainer",
            name="terms",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="containers",
                to="procurement.freightterms",
            ),
        ),
        migrations.AddField(
            model_name="freighttermsevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="procurement.freightterms",
            ),
        ),
        migrations.AddField(
            model_name="freighttermsevent",
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
            model_name="orderminimum",
            name="supplier",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="minimums",
                to="catalog.tradingpartner",
            ),
        ),
        migrations.AddField(
            model_name="orderminimumevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="procurement.orderminimum",
            ),
        ),
        migrations.AddField(
            model_name="orderminimumevent",
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
        migrations.AddConstraint(
            model_name="freightterms",
            constraint=models.UniqueConstraint(
                fields=("supplier", "valid_from"), name="one_freight_per_supplier_and_first_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="freightterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("declaration_fee_minor__gte", 0),
                    ("insurance_ppm__lte", 1000000),
                    ("lcl_minimum_minor__gte", 0),
                    ("lcl_minor__gte", 0),
                    ("line_fee_minor__gte", 0),
                    ("order_fee_minor__gte", 0),
                ),
                name="freight_costs_are_not_negative",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="freightterms",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_freighttermsevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "supplier_id", "valid_from", "lcl_minor", "lcl_minimum_minor", "order_fee_minor", "declaration_fee_minor", "line_fee_minor", "insurance_ppm") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", NULL::bigint, _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."supplier_id", it."valid_from", it."lcl_minor", it."lcl_minimum_minor", it."order_fee_minor", it."declaration_fee_minor", it."line_fee_minor", it."insurance_ppm" FROM rows AS it;',
                    hash="d1dd969e82da30e65d8cf7d97bb026eee280e5cc",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_27836",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="procurement_freightterms",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="freightterms",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_freighttermsevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "supplier_id", "valid_from", "lcl_minor", "lcl_minimum_minor", "order_fee_minor", "declaration_fee_minor", "line_fee_minor", "insurance_ppm") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", NULL::bigint, _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."supplier_id", it."valid_from", it."lcl_minor", it."lcl_minimum_minor", it."order_fee_minor", it."declaration_fee_minor", it."line_fee_minor", it."insurance_ppm" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."supplier_id", was."valid_from", was."lcl_minor", was."lcl_minimum_minor", was."order_fee_minor", was."declaration_fee_minor", was."line_fee_minor", was."insurance_ppm") IS DISTINCT FROM ROW(it."id", it."supplier_id", it."valid_from", it."lcl_minor", it."lcl_minimum_minor", it."order_fee_minor", it."declaration_fee_minor", it."line_fee_minor", it."insurance_ppm");',
                    hash="f9f590a19c232290f9df3a729f652a702179349e",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_cd1e8",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="procurement_freightterms",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="freightterms",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_freighttermsevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "supplier_id", "valid_from", "lcl_minor", "lcl_minimum_minor", "order_fee_minor", "declaration_fee_minor", "line_fee_minor", "insurance_ppm") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", NULL::bigint, _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."supplier_id", it."valid_from", it."lcl_minor", it."lcl_minimum_minor", it."order_fee_minor", it."declaration_fee_minor", it."line_fee_minor", it."insurance_ppm" FROM rows AS it;',
                    hash="557ca00a1729e59a5fc1e7f6d59f82a13ac96b1e",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_252be",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="procurement_freightterms",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="freightcontainerevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="freightcontainer_hist_row"),
        ),
        migrations.AddIndex(
            model_name="freightcontainerevent",
            index=models.Index(
                fields=["pgh_created_at", "pgh_id"], name="freightcontainer_hist_when"
            ),
        ),
        migrations.AddIndex(
            model_name="freightcontainerevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="freightcontainer_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="freightcontainerevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"],
                name="freightcontainer_hist_firm",
            ),
        ),
        migrations.AddIndex(
            model_name="freightcontainerevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="freightcontainer_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="freightcontainerevent",
            index=models.Index(fields=["pgh_context_id"], name="freightcontainer_hist_req"),
        ),
        migrations.AddIndex(
            model_name="freightcontainerevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="freightcontainer_hist_gone",
            ),
        ),
        migrations.AddConstraint(
            model_name="freightcontainer",
            constraint=models.UniqueConstraint(
                fields=("terms", "kind"), name="one_price_per_kind_of_container"
            ),
        ),
        migrations.AddConstraint(
            model_name="freightcontainer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("price_minor__gte", 0), ("volume_cm3__gt", 0), ("weight_g__gt", 0)
                ),
                name="a_container_holds_something",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="freightcontainer",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_freightcontainerevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "terms_id", "kind", "price_minor", "volume_cm3", "weight_g") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", NULL::bigint, _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."terms_id", it."kind", it."price_minor", it."volume_cm3", it."weight_g" FROM rows AS it;',
                    hash="65840fa55d7c0cf23e95e0f3839064dedcfc3b5c",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_d2a19",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="procurement_freightcontainer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="freightcontainer",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_freightcontainerevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "terms_id", "kind", "price_minor", "volume_cm3", "weight_g") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", NULL::bigint, _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."terms_id", it."kind", it."price_minor", it."volume_cm3", it."weight_g" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."terms_id", was."kind", was."price_minor", was."volume_cm3", was."weight_g") IS DISTINCT FROM ROW(it."id", it."terms_id", it."kind", it."price_minor", it."volume_cm3", it."weight_g");',
                    hash="bdfe8020662a59e7b06c5556b5943967c6cbb750",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_31487",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="procurement_freightcontainer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="freightcontainer",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_freightcontainerevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "terms_id", "kind", "price_minor", "volume_cm3", "weight_g") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", NULL::bigint, _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."terms_id", it."kind", it."price_minor", it."volume_cm3", it."weight_g" FROM rows AS it;',
                    hash="545cf44760f71aeaf44462982d6cff0ecb35a776",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_92c85",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="procurement_freightcontainer",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="freighttermsevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="freightterms_hist_row"),
        ),
        migrations.AddIndex(
            model_name="freighttermsevent",
            index=models.Index(fields=["pgh_created_at", "pgh_id"], name="freightterms_hist_when"),
        ),
        migrations.AddIndex(
            model_name="freighttermsevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="freightterms_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="freighttermsevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"], name="freightterms_hist_firm"
            ),
        ),
        migrations.AddIndex(
            model_name="freighttermsevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="freightterms_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="freighttermsevent",
            index=models.Index(fields=["pgh_context_id"], name="freightterms_hist_req"),
        ),
        migrations.AddIndex(
            model_name="freighttermsevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="freightterms_hist_gone",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderminimum",
            constraint=models.UniqueConstraint(
                fields=("supplier", "currency", "incoterm"),
                name="one_order_minimum_per_supplier_and_terms",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderminimum",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gte", 0)),
                name="an_order_minimum_is_not_negative",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="orderminimum",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_orderminimumevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "supplier_id", "currency", "incoterm", "amount_minor") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", NULL::bigint, _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."supplier_id", it."currency", it."incoterm", it."amount_minor" FROM rows AS it;',
                    hash="fd863d84550a73d18f2da2ea7b2b3028f70a5f6b",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_76493",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="procurement_orderminimum",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="orderminimum",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_orderminimumevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "supplier_id", "currency", "incoterm", "amount_minor") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", NULL::bigint, _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."supplier_id", it."currency", it."incoterm", it."amount_minor" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."supplier_id", was."currency", was."incoterm", was."amount_minor") IS DISTINCT FROM ROW(it."id", it."supplier_id", it."currency", it."incoterm", it."amount_minor");',
                    hash="46dbbfb50b1200a397b87169250e67192c9c3f60",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_09161",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="procurement_orderminimum",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="orderminimum",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_orderminimumevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "supplier_id", "currency", "incoterm", "amount_minor") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", NULL::bigint, _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."supplier_id", it."currency", it."incoterm", it."amount_minor" FROM rows AS it;',
                    hash="524ef0690bcea48b0258bf7a96b15d847a3057b9",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_2f265",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="procurement_orderminimum",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="orderminimumevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="orderminimum_hist_row"),
        ),
        migrations.AddIndex(
            model_name="orderminimumevent",
            index=models.Index(fields=["pgh_created_at", "pgh_id"], name="orderminimum_hist_when"),
        ),
        migrations.AddIndex(
            model_name="orderminimumevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="orderminimum_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="orderminimumevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"], name="orderminimum_hist_firm"
            ),
        ),
        migrations.AddIndex(
            model_name="orderminimumevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="orderminimum_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="orderminimumevent",
            index=models.Index(fields=["pgh_context_id"], name="orderminimum_hist_req"),
        ),
        migrations.AddIndex(
            model_name="orderminimumevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="orderminimum_hist_gone",
            ),
        ),
        walled("procurement_orderminimumevent"),
        walled("procurement_freighttermsevent"),
        walled("procurement_freightcontainerevent"),
    ]
