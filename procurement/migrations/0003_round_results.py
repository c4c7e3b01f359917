"""What a round came to is written down when it closes; for those that have, it is added up here."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import core.fields
from core.walls import insert_only

STOOD = """
INSERT INTO procurement_roundstanding (round_id, sellers, lines, units, last_filed_at)
SELECT r.id, count(DISTINCT f.id), count(l.id), coalesce(sum(l.quantity), 0), max(f.filed_at)
FROM procurement_poolround r
LEFT JOIN (SELECT DISTINCT ON (round_id, seller_id) * FROM procurement_forecast
           ORDER BY round_id, seller_id, version DESC) f ON f.round_id = r.id
LEFT JOIN procurement_forecastline l ON l.forecast_id = f.id
WHERE r.state = 'closed' GROUP BY r.id"""

RESULTS = """
INSERT INTO procurement_roundresult
    (round_id, currency, orders, amount_minor, sellers_minor, alone_minor)
SELECT o.round_id, o.currency, count(*), sum(o.amount_minor),
       coalesce(sum(s.amount), 0), coalesce(sum(s.alone), 0)
FROM procurement_purchaseorder o
LEFT JOIN (SELECT l.order_id, sum(h.amount_minor) AS amount, sum(h.alone_minor) AS alone
           FROM procurement_ordershare h
           JOIN procurement_purchaseorderline l ON l.id = h.line_id
           JOIN accounts_company c ON c.id = h.owner_id
           WHERE NOT 'platform' = ANY (c.kinds) GROUP BY l.order_id) s ON s.order_id = o.id
GROUP BY o.round_id, o.currency"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("procurement", "0002_walls")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="RoundStanding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sellers", models.PositiveIntegerField()),
                ("lines", models.PositiveIntegerField()),
                ("units", models.BigIntegerField()),
                ("last_filed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "round",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stood",
                        to="procurement.poolround",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RoundResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", core.fields.CurrencyField(max_length=3)),
                ("orders", models.PositiveIntegerField()),
                ("amount_minor", core.fields.MinorField()),
                ("sellers_minor", core.fields.MinorField()),
                ("alone_minor", core.fields.MinorField()),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="procurement.poolround",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "currency"), name="one_result_per_round_and_currency"
                    )
                ],
            },
        ),
        migrations.RunSQL(STOOD, migrations.RunSQL.noop),
        migrations.RunSQL(RESULTS, migrations.RunSQL.noop),
        insert_only("procurement_roundstanding"),
        insert_only("procurement_roundresult"),
    ]
