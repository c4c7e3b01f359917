"""Waves by which released orders are picked, and the parcels they are packed into."""

import django.db.models.deletion
import pghistory.utils
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("warehouse", "0018_places"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Parcel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                ("order_number", models.CharField(max_length=32)),
                ("weight_g", models.PositiveIntegerField()),
                (
                    "package",
                    models.CharField(
                        choices=[("box", "carton box"), ("bag", "bag"), ("case", "wooden case")],
                        max_length=10,
                    ),
                ),
                ("packed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PickWave",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "to be picked"), ("picked", "picked")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("orders", models.PositiveIntegerField()),
                ("units", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
                ("picked_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PickWaveEvent",
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
                ("number", models.CharField(max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "to be picked"), ("picked", "picked")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("orders", models.PositiveIntegerField()),
                ("units", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
                ("picked_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PickWaveOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order_number", models.CharField(max_length=32)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("open", "to be picked"),
                            ("picked", "picked"),
                            ("aside", "put aside"),
                            ("again", "to be picked again"),
                            ("dropped", "cancelled meanwhile"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("missing", models.JSONField(blank=True, default=dict)),
            ],
        ),
        migrations.AddIndex(
            model_name="retailorder",
            index=models.Index(
                condition=models.Q(("state__in", ["released", "picked", "packed"])),
                fields=["id"],
                include=("state",),
                name="retail_order_in_house",
            ),
        ),
        migrations.AddField(
            model_name="parcel",
            name="keeper",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="parcel",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parcels",
                to="warehouse.retailorder",
            ),
        ),
        migrations.AddField(
            model_name="parcel",
            name="packed_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="parcel",
            name="seller",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="parcel",
            name="warehouse",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parcels",
                to="warehouse.bondedwarehouse",
            ),
        ),
        migrations.AddField(
            model_name="pickwave",
            name="keeper",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="pickwave",
            name="made_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="pickwave",
            name="picked_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="pickwave",
            name="warehouse",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="waves",
                to="warehouse.bondedwarehouse",
            ),
        ),
        migrations.AddField(
            model_name="pickwaveevent",
            name="keeper",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="pickwaveevent",
            name="made_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="pickwaveevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="warehouse.pickwave",
            ),
        ),
        migrations.AddField(
            model_name="pickwaveevent",
            name="picked_by",
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
            model_name="pickwaveevent",
            name="warehouse",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="warehouse.bondedwarehouse",
            ),
        ),
        migrations.AddField(
            model_name="pickwaveorder",
            name="keeper",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="pickwaveorder",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="waves",
                to="warehouse.retailorder",
            ),
        ),
        migrations.AddField(
            model_name="pickwaveorder",
            name="seller",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="pickwaveorder",
            name="wave",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="warehouse.pickwave",
            ),
        ),
        migrations.AddIndex(
            model_name="parcel",
            index=models.Index(fields=["keeper", "id"], name="parcel_of_keeper"),
        ),
        migrations.AddIndex(
            model_name="parcel",
            index=models.Index(fields=["order_number"], name="parcel_by_order"),
        ),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.CheckConstraint(
                condition=models.Q(("weight_g__gt", 0)), name="a_parcel_weighs_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="pickwaveorder",
            constraint=models.UniqueConstraint(
                fields=("wave", "order"), name="an_order_is_in_a_wave_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="pickwaveorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome__in", ["open", "aside"])),
                fields=("order",),
                name="an_order_waits_in_one_wave",
            ),
        ),
    ]
