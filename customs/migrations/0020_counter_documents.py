"""Counter-documents: amendments and withdrawals beside the paper."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.walls import insert_only, protected

_OF_THE_DOCUMENT = "SELECT d.importer_id FROM customs_counterdocument d WHERE d.id = document_id"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("catalog", "0006_over_delivery"),
        ("customs", "0019_words_of_reference_data"),
        ("procurement", "0032_claims_on_accounts"),
        ("warehouse", "0042_settled_claims"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CounterAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("accepted", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=400)),
                ("answered_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="CounterChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("line", models.PositiveIntegerField()),
                ("field", models.CharField(max_length=16)),
                ("before", models.CharField(blank=True, max_length=510)),
                ("after", models.CharField(blank=True, max_length=510)),
            ],
        ),
        migrations.CreateModel(
            name="CounterDocument",
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
                        choices=[("amend", "amendment"), ("withdraw", "withdrawal")], max_length=8
                    ),
                ),
                ("reason", models.CharField(max_length=400)),
                ("asked_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="declaration",
            name="one_living_declaration_per_shipment",
        ),
        migrations.RemoveConstraint(
            model_name="declaration",
            name="a_customs_number_is_given_once",
        ),
        migrations.AlterField(
            model_name="declaration",
            name="state",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="declarationevent",
            name="state",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="declarationstep",
            name="state",
            field=models.CharField(
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
        migrations.AddConstraint(
            model_name="declaration",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("state__in", ["rejected", "amended", "withdrawn"]), _negated=True
                ),
                fields=("shipment",),
                name="one_living_declaration_per_shipment",
            ),
        ),
        migrations.AddConstraint(
            model_name="declaration",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("their_reference", ""), _negated=True),
                    models.Q(("state", "amended"), _negated=True),
                ),
                fields=("their_reference",),
                name="a_customs_number_is_given_once",
            ),
        ),
        migrations.AddField(
            model_name="counteranswer",
            name="recorded_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="counterdocument",
            name="asked_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="counterdocument",
            name="declaration",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="counters",
                to="customs.declaration",
            ),
        ),
        migrations.AddField(
            model_name="counterdocument",
            name="importer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="counterchange",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="changes",
                to="customs.counterdocument",
            ),
        ),
        migrations.AddField(
            model_name="counteranswer",
            name="document",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answer",
                to="customs.counterdocument",
            ),
        ),
        migrations.AddConstraint(
            model_name="counterchange",
            constraint=models.UniqueConstraint(
                fields=("document", "position"), name="changes_of_an_amendment_are_numbered"
            ),
        ),
        migrations.AddConstraint(
            model_name="counterchange",
            constraint=models.UniqueConstraint(
                fields=("document", "line", "field"), name="an_amendment_changes_a_field_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="counteranswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accepted", True), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="a_refused_counter_document_has_its_reason",
            ),
        ),
        protected("customs_counterdocument", "importer_id"),
        insert_only("customs_counterdocument"),
        protected("customs_counterchange", _OF_THE_DOCUMENT),
        insert_only("customs_counterchange"),
        protected("customs_counteranswer", _OF_THE_DOCUMENT),
        insert_only("customs_counteranswer"),
    ]
