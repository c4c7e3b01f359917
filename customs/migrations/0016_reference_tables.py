"""The tables of reference data, and of the proposals that change it."""

import django.contrib.postgres.fields
import django.core.serializers.json
from django.conf import settings
from django.db import migrations, models

import core.fields


class Migration(migrations.Migration):
    dependencies = [
        ("customs", "0015_receipts_matched"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CustomsCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("source", models.CharField(max_length=200)),
                (
                    "table",
                    models.CharField(
                        choices=[
                            ("country", "country"),
                            ("currency", "currency"),
                            ("unit", "unit"),
                            ("transport", "transport"),
                            ("supervision-mode", "supervision-mode"),
                            ("package", "package"),
                            ("container", "container"),
                            ("levy-nature", "levy-nature"),
                            ("deal-term", "deal-term"),
                            ("certificate", "certificate"),
                            ("customs-district", "customs-district"),
                            ("ciq-office", "ciq-office"),
                            ("port-domestic", "port-domestic"),
                            ("port-foreign", "port-foreign"),
                        ],
                        max_length=20,
                    ),
                ),
                ("code", models.CharField(max_length=16)),
                ("name_zh", models.CharField(max_length=250)),
                ("name_en", models.CharField(blank=True, max_length=250)),
                ("old_code", models.CharField(blank=True, max_length=16)),
                ("old_ciq_code", models.CharField(blank=True, max_length=16)),
                ("iso_code", models.CharField(blank=True, max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name="ExchangeRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("source", models.CharField(max_length=200)),
                ("currency", core.fields.CurrencyField(max_length=3)),
                ("cny", models.DecimalField(decimal_places=5, max_digits=12)),
                ("per", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="PositiveEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("source", models.CharField(max_length=200)),
                ("code", models.CharField(max_length=8)),
                ("name_zh", models.CharField(blank=True, max_length=250)),
                (
                    "remarks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("excluded", "some goods excluded"),
                                ("bonded_only", "bonded purchases only"),
                                ("named_only", "named goods only"),
                                ("weight_limit", "limit by weight"),
                            ],
                            max_length=12,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("remark", models.CharField(blank=True, max_length=1000)),
                ("limit_g", models.PositiveIntegerField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ReferenceChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("new", "new"),
                            ("changed", "changed"),
                            ("continued", "goes on"),
                            ("ended", "ends"),
                        ],
                        max_length=9,
                    ),
                ),
                ("row", models.PositiveIntegerField()),
                ("key", models.CharField(max_length=16)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("source", models.CharField(blank=True, max_length=200)),
                (
                    "figures",
                    models.JSONField(
                        encoder=django.core.serializers.json.DjangoJSONEncoder, null=True
                    ),
                ),
                (
                    "before",
                    models.JSONField(
                        encoder=django.core.serializers.json.DjangoJSONEncoder, null=True
                    ),
                ),
                ("closes", models.PositiveBigIntegerField(null=True)),
                ("last_day", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ReferenceDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("approved", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=400)),
                ("decided_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ReferenceProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("tariff", "tariff"),
                            ("positive", "positive"),
                            ("exchange", "exchange"),
                            ("country", "country"),
                            ("currency", "currency"),
                            ("unit", "unit"),
                            ("transport", "transport"),
                            ("supervision-mode", "supervision-mode"),
                            ("package", "package"),
                            ("container", "container"),
                            ("levy-nature", "levy-nature"),
                            ("deal-term", "deal-term"),
                            ("certificate", "certificate"),
                            ("customs-district", "customs-district"),
                            ("ciq-office", "ciq-office"),
                            ("port-domestic", "port-domestic"),
                            ("port-foreign", "port-foreign"),
                        ],
                        max_length=20,
                    ),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("source", models.CharField(blank=True, max_length=200)),
                ("rows", models.PositiveIntegerField()),
                ("added", models.PositiveIntegerField()),
                ("changed", models.PositiveIntegerField()),
                ("ended", models.PositiveIntegerField()),
                ("unchanged", models.PositiveIntegerField()),
                ("judged_on", models.DateField()),
                ("approve_by", models.DateField(null=True)),
                ("proposed_at", models.DateTimeField()),
            ],
        ),
    ]
