"""Orders are approved, confirmed, changed, cancelled in part, and travel in parts; all is told."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.fields
import core.history
from core.history import walled
from core.walls import insert_only, protected

#: A line travelled whole until now; what had happened to an order stood in its columns. A line
#: that does not say which offer it was made of is taken to be of the one that began last. In a new
#: database there is nothing to fill.
_FILL = """
UPDATE procurement_shipmentline AS carried
SET amount_minor = round(line.amount_minor::numeric * carried.quantity / line.quantity)
FROM procurement_purchaseorderline AS line
WHERE line.id = carried.order_line_id AND line.quantity > 0;
UPDATE procurement_purchaseorderline AS line
SET offer_id = told.offer_id, lead_time_days = told.lead_time_days
FROM (
    SELECT DISTINCT ON (each.id) each.id, offer.id AS offer_id, offer.lead_time_days
    FROM procurement_purchaseorderline AS each
    JOIN procurement_purchaseorder AS placed ON placed.id = each.order_id
    JOIN procurement_supplieroffer AS offer ON offer.product_id = each.product_id
        AND offer.supplier_id = placed.supplier_id AND offer.currency = placed.currency
        AND offer.incoterm = placed.incoterm AND offer.id = coalesce(each.offer_id, offer.id)
    ORDER BY each.id, offer.valid_from DESC, offer.id DESC
) AS told
WHERE told.id = line.id;
INSERT INTO procurement_orderevent
    (order_id, buyer_id, step, happened_at, document, reason)
SELECT id, buyer_id, 'drafted', created_at, '', '' FROM procurement_purchaseorder
UNION ALL
SELECT id, buyer_id, 'placed', placed_at, number, '' FROM procurement_purchaseorder
WHERE placed_at IS NOT NULL;
INSERT INTO procurement_orderevent
    (order_id, buyer_id, step, happened_at, document, reason)
SELECT o.id, o.buyer_id, 'shipped', s.departed_at, s.number, ''
FROM procurement_shipment AS s JOIN procurement_purchaseorder AS o ON o.id = s.order_id;
UPDATE procurement_purchaseorder AS placed
SET promised_on = told.first_on
FROM (
    SELECT o.id, (o.placed_at AT TIME ZONE 'Asia/Shanghai')::date + min(l.lead_time_days) AS first_on
    FROM procurement_purchaseorder AS o
    JOIN procurement_purchaseorderline AS l ON l.order_id = o.id
    WHERE o.state = 'placed' AND l.lead_time_days > 0
        AND NOT EXISTS (SELECT FROM procurement_shipmentline AS s WHERE s.order_line_id = l.id)
    GROUP BY o.id
) AS told
WHERE told.id = placed.id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("procurement", "0017_credit"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ApprovalLimit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", core.fields.CurrencyField(max_length=3, unique=True)),
                ("amount_minor", core.fields.MinorField()),
            ],
        ),
        migrations.CreateModel(
            name="ApprovalLimitEvent",
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
                ("amount_minor", core.fields.MinorField()),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CancellationLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", models.PositiveIntegerField()),
                ("amount_minor", core.fields.MinorField()),
            ],
        ),
        migrations.CreateModel(
            name="ConfirmationDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_accepted", models.BooleanField()),
                ("decided_at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=500)),
            ],
        ),
        migrations.CreateModel(
            name="ConfirmationLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("packs", models.PositiveIntegerField()),
                ("pack_price_minor", core.fields.MinorField()),
                ("promised_on", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="LineRevision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("quantity", models.PositiveIntegerField()),
                ("pack_price_minor", core.fields.MinorField()),
                ("amount_minor", core.fields.MinorField()),
                ("promised_on", models.DateField(blank=True, null=True)),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("pro_rata", "in proportion to what each wanted"),
                            ("uniform", "the same for each, up to what it wanted"),
                            (
                                "uniform_floor",
                                "the same for each up to a floor, then in proportion",
                            ),
                        ],
                        max_length=13,
                    ),
                ),
                ("document", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="OrderApproval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("approved_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="OrderCancellation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=32, unique=True)),
                ("reason", models.CharField(max_length=500)),
                ("amount_minor", core.fields.MinorField()),
                ("cancelled_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="OrderConfirmation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("reference", models.CharField(blank=True, max_length=64)),
                ("is_change", models.BooleanField()),
                ("entered_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="OrderEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("drafted", "drafted"),
                            ("approved", "approved"),
                            ("placed", "placed with the supplier"),
                            ("confirmed", "confirmed as ordered"),
                            ("proposed", "the supplier asks for a change"),
                            ("accepted", "the change is accepted"),
                            ("refused", "the change is refused"),
                            ("cancelled", "what was open is cancelled"),
                            ("shipped", "a shipment left"),
                            ("cleared", "a shipment was cleared into bond"),
                            ("received", "a shipment was received"),
                            ("invoiced", "an invoice was booked"),
                            ("late", "the promised day has passed"),
                        ],
                        max_length=9,
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                ("document", models.CharField(blank=True, max_length=64)),
                ("reason", models.CharField(blank=True, max_length=500)),
            ],
        ),
        migrations.CreateModel(
            name="RevisedShare",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", models.PositiveIntegerField()),
                ("amount_minor", core.fields.MinorField()),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="purchaseorder",
            name="history_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="purchaseorder",
            name="history_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="purchaseorder",
            name="history_delete",
        ),
        migrations.AddField(
            model_name="purchaseorder",
            name="drafted_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="purchaseorder",
            name="promised_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="purchaseorderevent",
            name="drafted_by",
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
            model_name="purchaseorderevent",
            name="promised_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="purchaseorderline",
            name="lead_time_days",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="shipmentline",
            name="amount_minor",
            field=core.fields.MinorField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="purchaseorder",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("placed", "placed"),
                    ("shipped", "shipped"),
                    ("received", "received"),
                    ("cancelled", "cancelled"),
                ],
                default="draft",
                max_length=9,
            ),
        ),
        migrations.AlterField(
            model_name="purchaseorderevent",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("placed", "placed"),
                    ("shipped", "shipped"),
                    ("received", "received"),
                    ("cancelled", "cancelled"),
                ],
                default="draft",
                max_length=9,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="purchaseorder",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_purchaseorderevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "round_id", "supplier_id", "buyer_id", "currency", "incoterm", "state", "amount_minor", "created_at", "drafted_by_id", "placed_at", "promised_on") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.buyer_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."round_id", it."supplier_id", it."buyer_id", it."currency", it."incoterm", it."state", it."amount_minor", it."created_at", it."drafted_by_id", it."placed_at", it."promised_on" FROM rows AS it;',
                    hash="10d242a8b62931f912ab27bdf6319e0627824718",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_8fafc",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="procurement_purchaseorder",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="purchaseorder",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_purchaseorderevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "round_id", "supplier_id", "buyer_id", "currency", "incoterm", "state", "amount_minor", "created_at", "drafted_by_id", "placed_at", "promised_on") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (it.buyer_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."round_id", it."supplier_id", it."buyer_id", it."currency", it."incoterm", it."state", it."amount_minor", it."created_at", it."drafted_by_id", it."placed_at", it."promised_on" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."number", was."round_id", was."supplier_id", was."buyer_id", was."currency", was."incoterm", was."state", was."amount_minor", was."created_at", was."drafted_by_id", was."placed_at", was."promised_on") IS DISTINCT FROM ROW(it."id", it."number", it."round_id", it."supplier_id", it."buyer_id", it."currency", it."incoterm", it."state", it."amount_minor", it."created_at", it."drafted_by_id", it."placed_at", it."promised_on");',
                    hash="74b4daec87dd278cb2d81a2c0699dcf25b2223db",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_cb2e4",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="procurement_purchaseorder",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="purchaseorder",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_purchaseorderevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "round_id", "supplier_id", "buyer_id", "currency", "incoterm", "state", "amount_minor", "created_at", "drafted_by_id", "placed_at", "promised_on") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (it.buyer_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."round_id", it."supplier_id", it."buyer_id", it."currency", it."incoterm", it."state", it."amount_minor", it."created_at", it."drafted_by_id", it."placed_at", it."promised_on" FROM rows AS it;',
                    hash="f85ff11f13db284e7ceed80f821526e0ecc4acb4",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_0db7c",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="procurement_purchaseorder",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="approvallimit",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gte", 0)),
                name="an_approval_limit_is_not_negative",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="approvallimit",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_approvallimitevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "currency", "amount_minor") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", NULL::bigint, _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."currency", it."amount_minor" FROM rows AS it;',
                    hash="cb31e1da91938e64fc368b39d3f258fd0cc7c701",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_6e894",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="procurement_approvallimit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="approvallimit",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_approvallimitevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "currency", "amount_minor") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", NULL::bigint, _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."currency", it."amount_minor" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."currency", was."amount_minor") IS DISTINCT FROM ROW(it."id", it."currency", it."amount_minor");',
                    hash="19f5d79e00f0e17cb5e724fa090dabf68992d41d",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_66f63",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="procurement_approvallimit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="approvallimit",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_approvallimitevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "currency", "amount_minor") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", NULL::bigint, _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."currency", it."amount_minor" FROM rows AS it;',
                    hash="df088e9df2b9c2cf04f7b73aff8b3a189e0fff35",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_7e58e",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="procurement_approvallimit",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="approvallimitevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="procurement.approvallimit",
            ),
        ),
        migrations.AddField(
            model_name="cancellationline",
            name="buyer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="cancellationline",
            name="order_line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cancelled",
                to="procurement.purchaseorderline",
            ),
        ),
        migrations.AddField(
            model_name="confirmationdecision",
            name="buyer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="confirmationdecision",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="confirmationline",
            name="buyer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="confirmationline",
            name="order_line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="confirmed",
                to="procurement.purchaseorderline",
            ),
        ),
        migrations.AddField(
            model_name="linerevision",
            name="buyer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="linerevision",
            name="order_line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="revisions",
                to="procurement.purchaseorderline",
            ),
        ),
        migrations.AddField(
            model_name="shipmentline",
            name="revision",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="procurement.linerevision",
            ),
        ),
        migrations.AddField(
            model_name="orderapproval",
            name="approved_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="orderapproval",
            name="buyer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="orderapproval",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="approvals",
                to="procurement.purchaseorder",
            ),
        ),
        migrations.AddField(
            model_name="ordercancellation",
            name="buyer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="ordercancellation",
            name="cancelled_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="ordercancellation",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cancellations",
                to="procurement.purchaseorder",
            ),
        ),
        migrations.AddField(
            model_name="cancellationline",
            name="cancellation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="procurement.ordercancellation",
            ),
        ),
        migrations.AddField(
            model_name="orderconfirmation",
            name="buyer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="orderconfirmation",
            name="entered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="orderconfirmation",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="confirmations",
                to="procurement.purchaseorder",
            ),
        ),
        migrations.AddField(
            model_name="confirmationline",
            name="confirmation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="procurement.orderconfirmation",
            ),
        ),
        migrations.AddField(
            model_name="confirmationdecision",
            name="confirmation",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decision",
                to="procurement.orderconfirmation",
            ),
        ),
        migrations.AddField(
            model_name="orderevent",
            name="buyer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="orderevent",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="orderevent",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="procurement.purchaseorder",
            ),
        ),
        migrations.AddField(
            model_name="revisedshare",
            name="order_line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="revised_shares",
                to="procurement.purchaseorderline",
            ),
        ),
        migrations.AddField(
            model_name="revisedshare",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="revisedshare",
            name="revision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="shares",
                to="procurement.linerevision",
            ),
        ),
        migrations.AddIndex(
            model_name="approvallimitevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="approvallimit_hist_row"),
        ),
        migrations.AddIndex(
            model_name="approvallimitevent",
            index=models.Index(fields=["pgh_created_at", "pgh_id"], name="approvallimit_hist_when"),
        ),
        migrations.AddIndex(
            model_name="approvallimitevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="approvallimit_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="approvallimitevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"], name="approvallimit_hist_firm"
            ),
        ),
        migrations.AddIndex(
            model_name="approvallimitevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="approvallimit_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="approvallimitevent",
            index=models.Index(fields=["pgh_context_id"], name="approvallimit_hist_req"),
        ),
        migrations.AddIndex(
            model_name="approvallimitevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="approvallimit_hist_gone",
            ),
        ),
        migrations.AddConstraint(
            model_name="linerevision",
            constraint=models.UniqueConstraint(
                fields=("order_line", "position"), name="revisions_of_a_line_are_numbered"
            ),
        ),
        migrations.AddConstraint(
            model_name="orderapproval",
            constraint=models.UniqueConstraint(
                fields=("order", "approved_by"), name="a_person_approves_an_order_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="cancellationline",
            constraint=models.UniqueConstraint(
                fields=("cancellation", "order_line"), name="a_line_stands_once_in_a_cancellation"
            ),
        ),
        migrations.AddConstraint(
            model_name="cancellationline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 1)), name="something_is_cancelled"
            ),
        ),
        migrations.AddConstraint(
            model_name="orderconfirmation",
            constraint=models.UniqueConstraint(
                fields=("order", "position"), name="confirmations_of_an_order_are_numbered"
            ),
        ),
        migrations.AddConstraint(
            model_name="confirmationline",
            constraint=models.UniqueConstraint(
                fields=("confirmation", "order_line"), name="a_line_is_confirmed_once_at_a_time"
            ),
        ),
        migrations.AddIndex(
            model_name="revisedshare",
            index=models.Index(fields=["owner", "order_line"], name="revised_share_of_owner"),
        ),
        migrations.AddConstraint(
            model_name="revisedshare",
            constraint=models.UniqueConstraint(
                fields=("revision", "owner"), name="one_revised_share_per_owner_and_line"
            ),
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        walled("procurement_approvallimitevent"),
        protected("procurement_orderapproval", "buyer_id"),
        insert_only("procurement_orderapproval"),
        protected("procurement_orderevent", "buyer_id"),
        insert_only("procurement_orderevent"),
        protected("procurement_orderconfirmation", "buyer_id"),
        insert_only("procurement_orderconfirmation"),
        protected("procurement_confirmationline", "buyer_id"),
        insert_only("procurement_confirmationline"),
        protected("procurement_confirmationdecision", "buyer_id"),
        insert_only("procurement_confirmationdecision"),
        protected("procurement_ordercancellation", "buyer_id"),
        insert_only("procurement_ordercancellation"),
        protected("procurement_cancellationline", "buyer_id"),
        insert_only("procurement_cancellationline"),
        protected("procurement_linerevision", "buyer_id"),
        insert_only("procurement_linerevision"),
        protected("procurement_revisedshare", "owner_id"),
        insert_only("procurement_revisedshare"),
    ]
