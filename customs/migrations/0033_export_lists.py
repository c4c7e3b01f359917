"""Parcels leave the zone under export lists, once each; and what customs says of a list beyond its
state: the declaration made from it, what was posted, the way through the gate. Retail lists wait
for answers, and no longer in the queue."""

from typing import ClassVar

from django.conf import settings
from django.db import migrations, models
from django.db.models import PROTECT

from core.walls import changes_only, insert_only, protected


def _key() -> tuple[str, models.BigAutoField]:
    return "id", models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("accounts", "0010_owners_in_history"),
        ("customs", "0032_rows_left_out"),
        ("warehouse", "0042_settled_claims"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        # What waited for others goes with them: their answers are looked at before the next.
        migrations.RunSQL(
            "UPDATE customs_outgoingmessage SET state = 'queued' WHERE state = 'waiting'",
            migrations.RunSQL.noop,
        ),
        migrations.CreateModel(
            name="EntryNumber",
            fields=[
                _key(),
                ("number", models.CharField(max_length=18)),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ExportGoods",
            fields=[
                _key(),
                ("position", models.PositiveIntegerField()),
                ("quantity", models.PositiveIntegerField()),
                ("worth_minor", models.PositiveBigIntegerField()),
                ("gross_weight_g", models.PositiveBigIntegerField()),
                ("net_weight_g", models.PositiveBigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="ExportList",
            fields=[
                _key(),
                ("number", models.CharField(max_length=20, unique=True)),
                ("parcels", models.PositiveIntegerField()),
                ("gathered_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ExportParcel",
            fields=[
                _key(),
                ("customs_number", models.CharField(max_length=18)),
                ("freed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="GatePassage",
            fields=[
                _key(),
                ("passed_at", models.DateTimeField()),
                ("weighed_g", models.PositiveBigIntegerField(null=True)),
                ("deviation", models.CharField(blank=True, max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name="PostedItem",
            fields=[
                _key(),
                ("place", models.PositiveIntegerField()),
                ("line", models.PositiveIntegerField(null=True)),
                ("item", models.PositiveBigIntegerField()),
                ("sku", models.CharField(max_length=32)),
                ("quantity", models.DecimalField(decimal_places=5, max_digits=19, null=True)),
            ],
        ),
        migrations.RemoveIndex(
            model_name="outgoingmessage",
            name="message_of_bundle",
        ),
        migrations.RemoveIndex(
            model_name="outgoingmessage",
            name="message_waiting",
        ),
        migrations.RemoveField(
            model_name="outgoingmessage",
            name="bundle",
        ),
        migrations.RemoveField(
            model_name="outgoingmessage",
            name="rank",
        ),
        migrations.AddField(
            model_name="receipt",
            name="items",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="outgoingmessage",
            name="state",
            field=models.CharField(
                choices=[
                    ("queued", "queued"),
                    ("sending", "being sent"),
                    ("sent", "sent"),
                    ("failed", "not sent"),
                ],
                default="queued",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="receiptfile",
            name="way",
            field=models.CharField(
                choices=[
                    ("folder", "folder of the gateway"),
                    ("queue", "message queue of the gateway"),
                    ("api", "API"),
                    ("page", "uploaded"),
                ],
                max_length=6,
            ),
        ),
        migrations.AlterField(
            model_name="truckpass",
            name="declaration",
            field=models.ForeignKey(
                null=True, on_delete=PROTECT, related_name="passes", to="customs.declaration"
            ),
        ),
        migrations.AddField(
            model_name="entrynumber",
            name="declaration",
            field=models.ForeignKey(
                null=True, on_delete=PROTECT, related_name="entry_numbers", to="customs.declaration"
            ),
        ),
        migrations.AddField(
            model_name="entrynumber",
            name="element",
            field=models.ForeignKey(
                on_delete=PROTECT, related_name="entry_numbers", to="customs.outgoingelement"
            ),
        ),
        migrations.AddField(
            model_name="entrynumber",
            name="importer",
            field=models.ForeignKey(on_delete=PROTECT, related_name="+", to="accounts.company"),
        ),
        migrations.AddField(
            model_name="entrynumber",
            name="receipt",
            field=models.OneToOneField(
                on_delete=PROTECT, related_name="entry_number", to="customs.receipt"
            ),
        ),
        migrations.AddField(
            model_name="exportgoods",
            name="importer",
            field=models.ForeignKey(
                db_index=False, on_delete=PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="exportgoods",
            name="row",
            field=models.ForeignKey(on_delete=PROTECT, related_name="+", to="customs.bookrow"),
        ),
        migrations.AddField(
            model_name="exportlist",
            name="book",
            field=models.ForeignKey(on_delete=PROTECT, related_name="+", to="customs.accountbook"),
        ),
        migrations.AddField(
            model_name="exportlist",
            name="element",
            field=models.OneToOneField(
                on_delete=PROTECT, related_name="export_list", to="customs.outgoingelement"
            ),
        ),
        migrations.AddField(
            model_name="exportlist",
            name="gathered_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="exportlist",
            name="importer",
            field=models.ForeignKey(on_delete=PROTECT, related_name="+", to="accounts.company"),
        ),
        migrations.AddField(
            model_name="exportlist",
            name="warehouse",
            field=models.ForeignKey(
                on_delete=PROTECT, related_name="+", to="warehouse.bondedwarehouse"
            ),
        ),
        migrations.AddField(
            model_name="exportgoods",
            name="export_list",
            field=models.ForeignKey(
                db_index=False, on_delete=PROTECT, related_name="goods", to="customs.exportlist"
            ),
        ),
        migrations.AddField(
            model_name="truckpass",
            name="export_list",
            field=models.ForeignKey(
                null=True, on_delete=PROTECT, related_name="passes", to="customs.exportlist"
            ),
        ),
        migrations.AddConstraint(
            model_name="truckpass",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("declaration__isnull", False), ("export_list__isnull", True)),
                    models.Q(("declaration__isnull", True), ("export_list__isnull", False)),
                    _connector="OR",
                ),
                name="a_truck_carries_goods_of_one_list",
            ),
        ),
        migrations.AddField(
            model_name="exportparcel",
            name="export_list",
            field=models.ForeignKey(
                db_index=False, on_delete=PROTECT, related_name="lines", to="customs.exportlist"
            ),
        ),
        migrations.AddField(
            model_name="exportparcel",
            name="importer",
            field=models.ForeignKey(
                db_index=False, on_delete=PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="exportparcel",
            name="retail_list",
            field=models.ForeignKey(
                on_delete=PROTECT, related_name="exports", to="customs.retaillist"
            ),
        ),
        migrations.AddField(
            model_name="gatepassage",
            name="importer",
            field=models.ForeignKey(on_delete=PROTECT, related_name="+", to="accounts.company"),
        ),
        migrations.AddField(
            model_name="gatepassage",
            name="receipt",
            field=models.OneToOneField(
                on_delete=PROTECT, related_name="passage", to="customs.receipt"
            ),
        ),
        migrations.AddField(
            model_name="gatepassage",
            name="truck_pass",
            field=models.OneToOneField(
                on_delete=PROTECT, related_name="passage", to="customs.truckpass"
            ),
        ),
        migrations.AddField(
            model_name="posteditem",
            name="element",
            field=models.ForeignKey(
                on_delete=PROTECT, related_name="posted_items", to="customs.outgoingelement"
            ),
        ),
        migrations.AddField(
            model_name="posteditem",
            name="importer",
            field=models.ForeignKey(on_delete=PROTECT, related_name="+", to="accounts.company"),
        ),
        migrations.AddField(
            model_name="posteditem",
            name="receipt",
            field=models.ForeignKey(
                on_delete=PROTECT, related_name="posted_items", to="customs.receipt"
            ),
        ),
        migrations.AddConstraint(
            model_name="entrynumber",
            constraint=models.UniqueConstraint(
                fields=("element", "number"), name="a_number_is_made_from_a_list_once"
            ),
        ),
        migrations.AddIndex(
            model_name="exportlist",
            index=models.Index(
                fields=["importer", "gathered_at", "id"], name="export_list_of_importer"
            ),
        ),
        migrations.AddIndex(
            model_name="exportlist",
            index=models.Index(fields=["gathered_at", "id"], name="export_list_by_time"),
        ),
        migrations.AddConstraint(
            model_name="exportgoods",
            constraint=models.UniqueConstraint(
                fields=("export_list", "position"), name="one_exported_line_a_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="exportgoods",
            constraint=models.UniqueConstraint(
                fields=("export_list", "row"), name="an_item_leaves_on_one_line_of_a_list"
            ),
        ),
        migrations.AddConstraint(
            model_name="exportgoods",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("net_weight_g__lte", models.F("gross_weight_g")), ("quantity__gt", 0)
                ),
                name="what_leaves_is_something_and_weighs_net_at_most_gross",
            ),
        ),
        migrations.AddConstraint(
            model_name="exportparcel",
            constraint=models.UniqueConstraint(
                condition=models.Q(("freed_at__isnull", True)),
                fields=("retail_list",),
                name="a_retail_list_leaves_the_zone_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="exportparcel",
            constraint=models.UniqueConstraint(
                fields=("export_list", "retail_list"),
                name="an_export_list_names_a_retail_list_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="posteditem",
            constraint=models.UniqueConstraint(
                fields=("receipt", "place"), name="one_posted_item_a_place"
            ),
        ),
        protected("customs_exportlist", "importer_id"),
        insert_only("customs_exportlist"),
        protected("customs_exportparcel", "importer_id"),
        changes_only("customs_exportparcel", "freed_at"),
        protected("customs_exportgoods", "importer_id"),
        insert_only("customs_exportgoods"),
        protected("customs_entrynumber", "importer_id"),
        insert_only("customs_entrynumber"),
        protected("customs_posteditem", "importer_id"),
        insert_only("customs_posteditem"),
        protected("customs_gatepassage", "importer_id"),
        insert_only("customs_gatepassage"),
    ]
