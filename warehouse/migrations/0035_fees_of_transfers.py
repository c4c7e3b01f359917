"""Fees of transfers in bond, who took a manifest, and what shops gave up before it came."""

from decimal import Decimal

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.history
import warehouse.models.fees
from core.walls import changes_only, insert_only, protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("catalog", "0004_owners_in_history"),
        ("warehouse", "0034_shelf_life"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ManifestAccess",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20)),
                ("kind", models.CharField(max_length=4)),
                ("parcels", models.PositiveIntegerField()),
                ("taken_at", models.DateTimeField()),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="storagetariff",
            name="history_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="storagetariff",
            name="history_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="storagetariff",
            name="history_delete",
        ),
        migrations.RemoveConstraint(
            model_name="storagecharge",
            name="what_lies_there_is_charged_by_lot",
        ),
        migrations.AddField(
            model_name="channeldelivery",
            name="gave_up_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="stocktransfer",
            name="fee_by",
            field=models.CharField(
                choices=[("giver", "who gives the goods"), ("taker", "who takes the goods")],
                db_default="giver",
                default="giver",
                max_length=5,
            ),
        ),
        migrations.AddField(
            model_name="storagetariff",
            name="transfer_rate",
            field=warehouse.models.fees.RateField(
                db_default=Decimal("0"), decimal_places=2, default=Decimal("0"), max_digits=12
            ),
        ),
        migrations.AddField(
            model_name="storagetariff",
            name="unit_given_rate",
            field=warehouse.models.fees.RateField(
                db_default=Decimal("0"), decimal_places=2, default=Decimal("0"), max_digits=12
            ),
        ),
        migrations.AddField(
            model_name="storagetariffevent",
            name="transfer_rate",
            field=warehouse.models.fees.RateField(
                db_default=Decimal("0"), decimal_places=2, default=Decimal("0"), max_digits=12
            ),
        ),
        migrations.AddField(
            model_name="storagetariffevent",
            name="unit_given_rate",
            field=warehouse.models.fees.RateField(
                db_default=Decimal("0"), decimal_places=2, default=Decimal("0"), max_digits=12
            ),
        ),
        migrations.AlterField(
            model_name="pickwaveorder",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("open", "to be picked"),
                    ("picked", "picked"),
                    ("aside", "put aside"),
                    ("again", "to be picked again"),
                    ("dropped", "cancelled or held back meanwhile"),
                ],
                default="open",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="storagebillline",
            name="kind",
            field=models.CharField(
                choices=[
                    ("volume", "storage by volume"),
                    ("pallet", "storage by pallet"),
                    ("unit_in", "units handled in"),
                    ("order", "orders handed over"),
                    ("order_line", "order lines picked"),
                    ("transfer", "changes of owner"),
                    ("unit_given", "units that changed their owner"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="storagecharge",
            name="kind",
            field=models.CharField(
                choices=[
                    ("volume", "storage by volume"),
                    ("pallet", "storage by pallet"),
                    ("unit_in", "units handled in"),
                    ("order", "orders handed over"),
                    ("order_line", "order lines picked"),
                    ("transfer", "changes of owner"),
                    ("unit_given", "units that changed their owner"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="channeldelivery",
            index=models.Index(
                condition=models.Q(("gave_up_at__isnull", False)),
                fields=["channel", "id"],
                name="channel_delivery_gave_up",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="storagetariff",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_storagetariffevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "warehouse_id", "keeper_id", "valid_from", "valid_to", "free_days", "until_days", "rates", "pallet_rate", "pallet_cm3", "order_rate", "order_line_rate", "unit_in_rate", "transfer_rate", "unit_given_rate", "entered_at", "entered_by_id") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.keeper_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."warehouse_id", it."keeper_id", it."valid_from", it."valid_to", it."free_days", it."until_days", it."rates", it."pallet_rate", it."pallet_cm3", it."order_rate", it."order_line_rate", it."unit_in_rate", it."transfer_rate", it."unit_given_rate", it."entered_at", it."entered_by_id" FROM rows AS it;',
                    hash="c5d2af30a406d5727883a77f70ba273cfd4182fe",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_23c72",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="warehouse_storagetariff",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="storagetariff",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_storagetariffevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "warehouse_id", "keeper_id", "valid_from", "valid_to", "free_days", "until_days", "rates", "pallet_rate", "pallet_cm3", "order_rate", "order_line_rate", "unit_in_rate", "transfer_rate", "unit_given_rate", "entered_at", "entered_by_id") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (it.keeper_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."warehouse_id", it."keeper_id", it."valid_from", it."valid_to", it."free_days", it."until_days", it."rates", it."pallet_rate", it."pallet_cm3", it."order_rate", it."order_line_rate", it."unit_in_rate", it."transfer_rate", it."unit_given_rate", it."entered_at", it."entered_by_id" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."number", was."warehouse_id", was."keeper_id", was."valid_from", was."valid_to", was."free_days", was."until_days", was."rates", was."pallet_rate", was."pallet_cm3", was."order_rate", was."order_line_rate", was."unit_in_rate", was."transfer_rate", was."unit_given_rate", was."entered_at", was."entered_by_id") IS DISTINCT FROM ROW(it."id", it."number", it."warehouse_id", it."keeper_id", it."valid_from", it."valid_to", it."free_days", it."until_days", it."rates", it."pallet_rate", it."pallet_cm3", it."order_rate", it."order_line_rate", it."unit_in_rate", it."transfer_rate", it."unit_given_rate", it."entered_at", it."entered_by_id");',
                    hash="23626c1efdd2cc59281c2b3e090cfdc81a30c7be",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_84d83",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="warehouse_storagetariff",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="storagetariff",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_storagetariffevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "warehouse_id", "keeper_id", "valid_from", "valid_to", "free_days", "until_days", "rates", "pallet_rate", "pallet_cm3", "order_rate", "order_line_rate", "unit_in_rate", "transfer_rate", "unit_given_rate", "entered_at", "entered_by_id") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (it.keeper_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."warehouse_id", it."keeper_id", it."valid_from", it."valid_to", it."free_days", it."until_days", it."rates", it."pallet_rate", it."pallet_cm3", it."order_rate", it."order_line_rate", it."unit_in_rate", it."transfer_rate", it."unit_given_rate", it."entered_at", it."entered_by_id" FROM rows AS it;',
                    hash="3a7511c9e0730a1f8efb192b367c83908cde15a0",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_91ada",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="warehouse_storagetariff",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="storagecharge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["order", "order_line"]), ("lot__isnull", True)),
                    models.Q(
                        ("kind__in", ["volume", "pallet", "unit_in", "transfer", "unit_given"]),
                        ("lot__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="what_lies_there_is_charged_by_lot",
            ),
        ),
        migrations.AddField(
            model_name="manifestaccess",
            name="hand_over",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="accesses",
                to="warehouse.handover",
            ),
        ),
        migrations.AddField(
            model_name="manifestaccess",
            name="keeper",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="manifestaccess",
            name="taken_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="manifestaccess",
            index=models.Index(fields=["hand_over", "id"], name="access_of_hand_over"),
        ),
        protected("warehouse_manifestaccess", "keeper_id"),
        insert_only("warehouse_manifestaccess"),
        changes_only(
            "warehouse_channeldelivery",
            *("state", "attempts", "due_at", "leased_until", "worked_at"),
            *("outcomes", "order_numbers", "last_error", "body", "gave_up_at"),
        ),
    ]
