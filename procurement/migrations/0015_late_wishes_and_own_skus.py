"""Wishes that came too late, and what sellers call the products."""

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
        ("catalog", "0004_owners_in_history"),
        ("procurement", "0014_shares_by_round"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LateWish",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("wished_at", models.DateTimeField()),
                ("source", models.CharField(default="form", max_length=8)),
                ("lines", models.JSONField()),
                ("products", models.PositiveIntegerField()),
                ("units", models.PositiveBigIntegerField()),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="late_wishes",
                        to="procurement.poolround",
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
                (
                    "wished_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="forecast",
            name="late_wish",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="taken_as",
                to="procurement.latewish",
            ),
        ),
        migrations.CreateModel(
            name="SellerSku",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("own_sku", models.CharField(max_length=64)),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("gtin", "same GTIN"),
                            ("supplier_code", "supplier's code"),
                            ("confirmed", "confirmed by a person"),
                        ],
                        max_length=13,
                    ),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.product",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="own_skus",
                        to="accounts.company",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SellerSkuEvent",
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
                ("own_sku", models.CharField(max_length=64)),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("gtin", "same GTIN"),
                            ("supplier_code", "supplier's code"),
                            ("confirmed", "confirmed by a person"),
                        ],
                        max_length=13,
                    ),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="procurement.sellersku",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="catalog.product",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.company",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="latewish",
            index=models.Index(fields=["seller", "wished_at"], name="late_wishes_of_seller"),
        ),
        migrations.AddConstraint(
            model_name="sellersku",
            constraint=models.UniqueConstraint(
                fields=("seller", "own_sku"), name="a_seller_calls_one_product_so"
            ),
        ),
        migrations.AddConstraint(
            model_name="sellersku",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("how", "confirmed"), _negated=True),
                    models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                    _connector="OR",
                ),
                name="a_likely_match_is_confirmed_by_a_person",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sellersku",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_sellerskuevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "seller_id", "own_sku", "product_id", "how", "confirmed_by_id", "confirmed_at", "created_at") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."seller_id", it."own_sku", it."product_id", it."how", it."confirmed_by_id", it."confirmed_at", it."created_at" FROM rows AS it;',
                    hash="9352161dad61fa2ed6001a7a3c032051f60dd9f7",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_2f0bf",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="procurement_sellersku",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sellersku",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_sellerskuevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "seller_id", "own_sku", "product_id", "how", "confirmed_by_id", "confirmed_at", "created_at") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."seller_id", it."own_sku", it."product_id", it."how", it."confirmed_by_id", it."confirmed_at", it."created_at" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."seller_id", was."own_sku", was."product_id", was."how", was."confirmed_by_id", was."confirmed_at", was."created_at") IS DISTINCT FROM ROW(it."id", it."seller_id", it."own_sku", it."product_id", it."how", it."confirmed_by_id", it."confirmed_at", it."created_at");',
                    hash="f332deb0689ceb48b5b2e08bc56adf4f77edac73",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_f9b24",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="procurement_sellersku",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sellersku",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_sellerskuevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "seller_id", "own_sku", "product_id", "how", "confirmed_by_id", "confirmed_at", "created_at") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."seller_id", it."own_sku", it."product_id", it."how", it."confirmed_by_id", it."confirmed_at", it."created_at" FROM rows AS it;',
                    hash="4c6f654d1c986817a6abbf02a289c2542d11669d",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_2df2d",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="procurement_sellersku",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="sellerskuevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="sellersku_hist_row"),
        ),
        migrations.AddIndex(
            model_name="sellerskuevent",
            index=models.Index(fields=["pgh_created_at", "pgh_id"], name="sellersku_hist_when"),
        ),
        migrations.AddIndex(
            model_name="sellerskuevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="sellersku_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="sellerskuevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"], name="sellersku_hist_firm"
            ),
        ),
        migrations.AddIndex(
            model_name="sellerskuevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="sellersku_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="sellerskuevent",
            index=models.Index(fields=["pgh_context_id"], name="sellersku_hist_req"),
        ),
        migrations.AddIndex(
            model_name="sellerskuevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="sellersku_hist_gone",
            ),
        ),
        protected("procurement_latewish", "seller_id"),
        protected("procurement_sellersku", "seller_id"),
        walled("procurement_sellerskuevent"),
        insert_only("procurement_latewish"),
    ]
