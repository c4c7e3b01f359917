"""Lists of a month are declared together: drawn, printed, lodged, countered."""

from typing import ClassVar

import django.db.models.deletion
import pghistory.utils
from django.conf import settings
from django.db import migrations, models

import core.fields
import core.history


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("accounts", "0010_owners_in_history"),
        ("customs", "0039_platforms_and_waybills"),
        ("warehouse", "0043_what_was_paid"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        # Nothing ever wrote into these: the lists of a month could not be filed.
        migrations.DeleteModel(name="CollectedList"),
        migrations.DeleteModel(name="CollectiveDeclaration"),
        migrations.CreateModel(
            name="CollectiveDeclarationEvent",
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
                ("our_reference", models.CharField(max_length=32)),
                ("their_reference", models.CharField(blank=True, max_length=18)),
                ("month", models.DateField()),
                (
                    "form",
                    models.CharField(
                        choices=[("3", "entry record list"), ("1", "import declaration")],
                        max_length=1,
                    ),
                ),
                ("supervision_mode", models.CharField(max_length=4)),
                ("transport_mode", models.CharField(max_length=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("queued", "queued"),
                            ("generating", "generating"),
                            ("ready", "ready"),
                            ("lodged", "lodged"),
                            ("released", "released"),
                            ("rejected", "rejected"),
                            ("amended", "amended"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("rejection_reason", models.TextField(blank=True)),
                ("currency", core.fields.CurrencyField(max_length=3)),
                ("incoterm", models.CharField(max_length=3)),
                ("total_minor", core.fields.MinorField()),
                ("packages", models.PositiveIntegerField()),
                ("gross_weight_g", models.PositiveBigIntegerField()),
                ("net_weight_g", models.PositiveBigIntegerField()),
                ("drafted_at", models.DateTimeField()),
                ("lodged_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CollectiveDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=32, unique=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("queued_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("last_error", models.TextField(blank=True)),
                ("language", models.CharField(default="zh-hans", max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("generating", "generating"),
                            ("ready", "ready"),
                            ("failed", "failed"),
                        ],
                        default="queued",
                        max_length=12,
                    ),
                ),
                ("made_at", models.DateTimeField(blank=True, null=True)),
                ("media_type", models.CharField(default="application/pdf", max_length=64)),
                ("content", models.BinaryField(blank=True, null=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("page_count", models.PositiveIntegerField(default=0)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("declaration", "declaration"),
                            ("lists", "lists declared together"),
                            ("share_sheet", "share sheet"),
                        ],
                        max_length=32,
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CollectiveGoods",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                ("unit_price", models.DecimalField(decimal_places=4, max_digits=19)),
                ("total_minor", core.fields.MinorField()),
                ("net_weight_g", models.PositiveBigIntegerField()),
                ("gross_weight_g", models.PositiveBigIntegerField()),
                ("position", models.PositiveIntegerField()),
                ("second_unit", models.CharField(blank=True, max_length=3)),
            ],
        ),
        migrations.CreateModel(
            name="CollectiveStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("queued", "queued"),
                            ("generating", "generating"),
                            ("ready", "ready"),
                            ("lodged", "lodged"),
                            ("released", "released"),
                            ("rejected", "rejected"),
                            ("amended", "amended"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("note", models.TextField(blank=True)),
            ],
        ),
        migrations.AlterField(
            model_name="counterdocument",
            name="declaration",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="counters",
                to="customs.declaration",
            ),
        ),
        migrations.CreateModel(
            name="CollectedLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collected",
                        to="customs.declarationline",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CollectiveDeclaration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("our_reference", models.CharField(max_length=32, unique=True)),
                ("their_reference", models.CharField(blank=True, max_length=18)),
                ("month", models.DateField()),
                (
                    "form",
                    models.CharField(
                        choices=[("3", "entry record list"), ("1", "import declaration")],
                        max_length=1,
                    ),
                ),
                ("supervision_mode", models.CharField(max_length=4)),
                ("transport_mode", models.CharField(max_length=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("queued", "queued"),
                            ("generating", "generating"),
                            ("ready", "ready"),
                            ("lodged", "lodged"),
                            ("released", "released"),
                            ("rejected", "rejected"),
                            ("amended", "amended"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("rejection_reason", models.TextField(blank=True)),
                ("currency", core.fields.CurrencyField(max_length=3)),
                ("incoterm", models.CharField(max_length=3)),
                ("total_minor", core.fields.MinorField()),
                ("packages", models.PositiveIntegerField()),
                ("gross_weight_g", models.PositiveBigIntegerField()),
                ("net_weight_g", models.PositiveBigIntegerField()),
                ("drafted_at", models.DateTimeField()),
                ("lodged_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "importer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="customs.collectivedeclaration",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.bondedwarehouse",
                    ),
                ),
            ],
        ),
    ]
