"""Goods lines above the list lines, charges beside the price, and whose how much is."""

import django.db.models.deletion
from django.db import migrations, models

import core.fields
from core.walls import ACTING, insert_only, protected

_IMPORTER = "SELECT d.importer_id FROM customs_declaration d WHERE d.id = declaration_id"

# What was declared before lines were merged: each list line is a goods line of its own.
_FILL = """
INSERT INTO customs_goodsline (declaration_id, position, hs_code, name_zh, specification, origin,
    quantity, unit, legal_quantity, legal_unit, second_unit, unit_price, total_minor, net_weight_g,
    gross_weight_g)
SELECT declaration_id, position, hs_code, name_zh, specification, origin, quantity, unit,
    legal_quantity, legal_unit, '', unit_price, total_minor, net_weight_g, gross_weight_g
FROM customs_declarationline;
UPDATE customs_declarationline AS list SET goods_line_id = goods.id
FROM customs_goodsline AS goods
WHERE goods.declaration_id = list.declaration_id AND goods.position = list.position;
INSERT INTO customs_declarationcharge (declaration_id, kind, mark, value, currency)
SELECT declared.id, told.kind, '3', told.minor / CASE
    WHEN sent.freight_currency IN ('JPY', 'KRW', 'VND', 'ISK', 'CLP') THEN 1.0 ELSE 100.0 END,
    sent.freight_currency
FROM customs_declaration AS declared
JOIN procurement_shipment AS sent ON sent.id = declared.shipment_id
CROSS JOIN LATERAL (VALUES
    ('freight', sent.freight_minor, ARRAY['FOB', 'FCA', 'FAS', 'EXW']),
    ('insurance', sent.insurance_minor, ARRAY['FOB', 'FCA', 'FAS', 'EXW', 'CFR', 'CPT'])
) AS told (kind, minor, terms)
WHERE told.minor > 0 AND declared.incoterm = ANY (told.terms);
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("catalog", "0006_over_delivery"),
        ("customs", "0012_messages_out"),
    ]

    operations = [
        migrations.AddField(
            model_name="declarationline",
            name="second_quantity",
            field=models.DecimalField(decimal_places=5, max_digits=19, null=True),
        ),
        migrations.AddField(
            model_name="declarationline",
            name="second_unit",
            field=models.CharField(blank=True, db_default="", default="", max_length=3),
        ),
        migrations.CreateModel(
            name="GoodsLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("hs_code", models.CharField(max_length=10)),
                ("name_zh", models.CharField(max_length=250)),
                ("specification", models.CharField(blank=True, max_length=510)),
                ("origin", core.fields.CountryField(max_length=3)),
                ("quantity", models.PositiveIntegerField()),
                ("unit", models.CharField(max_length=3)),
                ("legal_quantity", models.DecimalField(decimal_places=5, max_digits=19)),
                ("legal_unit", models.CharField(max_length=3)),
                (
                    "second_quantity",
                    models.DecimalField(decimal_places=5, max_digits=19, null=True),
                ),
                ("second_unit", models.CharField(blank=True, max_length=3)),
                ("unit_price", models.DecimalField(decimal_places=4, max_digits=19)),
                ("total_minor", core.fields.MinorField()),
                ("net_weight_g", models.PositiveBigIntegerField()),
                ("gross_weight_g", models.PositiveBigIntegerField()),
                (
                    "declaration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="goods",
                        to="customs.declaration",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="declarationline",
            name="goods_line",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="list_lines",
                to="customs.goodsline",
            ),
        ),
        migrations.CreateModel(
            name="DeclarationCharge",
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
                            ("freight", "freight"),
                            ("insurance", "insurance"),
                            ("other", "other charges"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "mark",
                    models.CharField(
                        choices=[
                            ("1", "rate in per cent"),
                            ("2", "for each tonne"),
                            ("3", "total"),
                        ],
                        max_length=1,
                    ),
                ),
                ("value", models.DecimalField(decimal_places=4, max_digits=19)),
                ("currency", core.fields.CurrencyField(blank=True, max_length=3)),
                (
                    "declaration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charges",
                        to="customs.declaration",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("declaration", "kind"), name="a_charge_is_declared_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DeclarationShare",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=32)),
                ("position", models.PositiveIntegerField()),
                ("goods_position", models.PositiveIntegerField()),
                ("hs_code", models.CharField(max_length=10)),
                ("name_zh", models.CharField(max_length=250)),
                ("origin", core.fields.CountryField(max_length=3)),
                ("quantity", models.PositiveIntegerField()),
                ("unit", models.CharField(max_length=3)),
                ("unit_price", models.DecimalField(decimal_places=4, max_digits=19)),
                ("currency", core.fields.CurrencyField(max_length=3)),
                ("amount_minor", core.fields.MinorField()),
                ("net_weight_g", models.PositiveBigIntegerField()),
                ("gross_weight_g", models.PositiveBigIntegerField()),
                ("drafted_at", models.DateTimeField()),
                (
                    "importer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shares",
                        to="customs.declarationline",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.product",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["owner", "drafted_at", "id"], name="declaration_share_of_owner"
                    ),
                    models.Index(
                        fields=["reference", "position"], name="declaration_share_of_list"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("line", "owner"), name="an_owner_has_one_part_of_a_list_line"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)),
                        name="a_part_of_a_list_line_is_of_some_units",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("net_weight_g__lte", models.F("gross_weight_g"))),
                        name="a_part_weighs_at_most_gross",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="goodsline",
            constraint=models.UniqueConstraint(
                fields=("declaration", "position"), name="a_form_numbers_its_goods_lines"
            ),
        ),
        migrations.AddConstraint(
            model_name="goodsline",
            constraint=models.CheckConstraint(
                condition=models.Q(("net_weight_g__lte", models.F("gross_weight_g"))),
                name="a_goods_line_weighs_at_most_gross",
            ),
        ),
        migrations.AddConstraint(
            model_name="goodsline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("second_quantity__isnull", True), ("second_unit", "")),
                    models.Q(
                        models.Q(("second_unit", ""), _negated=True),
                        ("second_quantity__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="a_second_unit_has_its_quantity",
            ),
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="declarationline",
            name="goods_line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="list_lines",
                to="customs.goodsline",
            ),
        ),
        protected("customs_goodsline", _IMPORTER),
        insert_only("customs_goodsline"),
        protected("customs_declarationcharge", _IMPORTER),
        insert_only("customs_declarationcharge"),
        protected(
            "customs_declarationshare",
            "importer_id",
            seen_if=f"owner_id = {ACTING} OR importer_id = {ACTING}",
        ),
        insert_only("customs_declarationshare"),
    ]
