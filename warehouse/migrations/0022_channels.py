"""A seller's channels and what its shops sent by them."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.fields
import core.history
from core.history import walled
from core.walls import changes_only, protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("warehouse", "0021_transfers_in_bond"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Channel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(unique=True)),
                ("name", models.CharField(max_length=32)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("signed", "own program"),
                            ("woocommerce", "WooCommerce"),
                            ("shopify", "Shopify"),
                        ],
                        max_length=11,
                    ),
                ),
                ("buyer_id_field", models.CharField(blank=True, max_length=60)),
                ("secret", core.fields.EncryptedTextField()),
                ("previous_secret", core.fields.EncryptedTextField(blank=True)),
                ("previous_until", models.DateTimeField(blank=True, null=True)),
                ("is_active", models.BooleanField(default=True)),
                ("worked_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
            name="ChannelDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.CharField(max_length=40, unique=True)),
                ("delivery_id", models.CharField(max_length=100)),
                ("digest", models.CharField(max_length=64)),
                ("topic", models.CharField(blank=True, max_length=60)),
                ("body", core.fields.EncryptedTextField(blank=True)),
                ("received_at", models.DateTimeField()),
                (
                    "order_numbers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("working", "being read"),
                            ("done", "done"),
                            ("refused", "not taken"),
                            ("failed", "given up"),
                        ],
                        default="queued",
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField()),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("worked_at", models.DateTimeField(blank=True, null=True)),
                ("outcomes", models.JSONField(blank=True, default=list)),
                ("last_error", models.CharField(blank=True, max_length=100)),
                (
                    "channel",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="warehouse.channel",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ChannelEvent",
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
                ("uid", models.UUIDField()),
                ("name", models.CharField(max_length=32)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("signed", "own program"),
                            ("woocommerce", "WooCommerce"),
                            ("shopify", "Shopify"),
                        ],
                        max_length=11,
                    ),
                ),
                ("buyer_id_field", models.CharField(blank=True, max_length=60)),
                ("previous_until", models.DateTimeField(blank=True, null=True)),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
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
                        to="warehouse.channel",
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
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.UniqueConstraint(
                fields=("seller", "name"), name="a_channel_has_a_name_of_its_own"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="channel",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_channelevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "uid", "seller_id", "name", "kind", "buyer_id_field", "previous_until", "is_active", "created_at", "created_by_id") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."uid", it."seller_id", it."name", it."kind", it."buyer_id_field", it."previous_until", it."is_active", it."created_at", it."created_by_id" FROM rows AS it;',
                    hash="6b8927d5000c5f0c984f45be1d333c18dc897246",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_ecf13",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="warehouse_channel",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="channel",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_channelevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "uid", "seller_id", "name", "kind", "buyer_id_field", "previous_until", "is_active", "created_at", "created_by_id") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."uid", it."seller_id", it."name", it."kind", it."buyer_id_field", it."previous_until", it."is_active", it."created_at", it."created_by_id" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."uid", was."seller_id", was."name", was."kind", was."buyer_id_field", was."previous_until", was."is_active", was."created_at", was."created_by_id") IS DISTINCT FROM ROW(it."id", it."uid", it."seller_id", it."name", it."kind", it."buyer_id_field", it."previous_until", it."is_active", it."created_at", it."created_by_id");',
                    hash="324f8655970c390923907bdcd283ea8cff9ced4d",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_1bd2a",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="warehouse_channel",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="channel",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_channelevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "uid", "seller_id", "name", "kind", "buyer_id_field", "previous_until", "is_active", "created_at", "created_by_id") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."uid", it."seller_id", it."name", it."kind", it."buyer_id_field", it."previous_until", it."is_active", it."created_at", it."created_by_id" FROM rows AS it;',
                    hash="97fbd3decd860d3e57b3ad070d8c39e931ae667f",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_43812",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="warehouse_channel",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="channeldelivery",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "working"])),
                fields=["channel", "due_at", "id"],
                name="channel_delivery_due",
            ),
        ),
        migrations.AddIndex(
            model_name="channeldelivery",
            index=models.Index(fields=["channel", "-id"], name="channel_delivery_newest"),
        ),
        migrations.AddIndex(
            model_name="channeldelivery",
            index=models.Index(fields=["seller", "-id"], name="channel_delivery_of_seller"),
        ),
        migrations.AddConstraint(
            model_name="channeldelivery",
            constraint=models.UniqueConstraint(
                fields=("channel", "delivery_id"), name="a_delivery_is_kept_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="channeldelivery",
            constraint=models.UniqueConstraint(
                fields=("channel", "digest"), name="the_same_delivery_is_kept_once"
            ),
        ),
        migrations.AddIndex(
            model_name="channelevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="channel_hist_row"),
        ),
        migrations.AddIndex(
            model_name="channelevent",
            index=models.Index(fields=["pgh_created_at", "pgh_id"], name="channel_hist_when"),
        ),
        migrations.AddIndex(
            model_name="channelevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="channel_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="channelevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"], name="channel_hist_firm"
            ),
        ),
        migrations.AddIndex(
            model_name="channelevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="channel_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="channelevent",
            index=models.Index(fields=["pgh_context_id"], name="channel_hist_req"),
        ),
        migrations.AddIndex(
            model_name="channelevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="channel_hist_gone",
            ),
        ),
        protected("warehouse_channel", "seller_id"),
        protected("warehouse_channeldelivery", "seller_id"),
        changes_only(
            "warehouse_channeldelivery",
            *("state", "attempts", "due_at", "leased_until", "worked_at"),
            *("outcomes", "order_numbers", "last_error", "body"),
        ),
        walled("warehouse_channelevent"),
    ]
