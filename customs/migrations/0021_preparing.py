"""Elements of products, filings with account books, facilitations, deadlines."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.walls import ACTING, changes_only, insert_only, protected

_EITHER = f"importer_id = {ACTING} OR keeper_id = {ACTING}"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("catalog", "0006_over_delivery"),
        ("customs", "0020_counter_documents"),
        ("procurement", "0032_claims_on_accounts"),
        ("warehouse", "0042_settled_claims"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BookFiling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                ("book_number", models.CharField(max_length=12)),
                ("hs_code", models.CharField(max_length=10)),
                ("unit", models.CharField(max_length=3)),
                ("asked_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Deadline",
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
                            ("declare", "declare the goods"),
                            ("complete", "complete the two-step declaration"),
                            ("follow", "hand in the list of goods that went in first"),
                            ("list", "hand in the list for the collective declaration"),
                            ("collect", "declare the month's lists together"),
                            ("pay", "pay the month's taxes together"),
                        ],
                        max_length=8,
                    ),
                ),
                ("due_on", models.DateField()),
                ("met_on", models.DateField(blank=True, null=True)),
                ("computed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Facilitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField()),
                (
                    "tier",
                    models.CharField(
                        choices=[
                            ("advanced", "advanced certified"),
                            ("certified", "certified"),
                            ("regular", "regular"),
                            ("dishonest", "dishonest"),
                            ("serious", "seriously dishonest"),
                        ],
                        max_length=9,
                    ),
                ),
                ("in_advance", models.BooleanField(default=False)),
                ("two_step", models.BooleanField(default=False)),
                ("first_in", models.BooleanField(default=False)),
                ("collective", models.BooleanField(default=False)),
                ("summary_tax", models.BooleanField(default=False)),
                ("evidence", models.CharField(max_length=200)),
                ("set_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="FilingAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("filed", models.BooleanField()),
                ("item", models.PositiveIntegerField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=400)),
                ("answered_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ProductElements",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hs_code", models.CharField(max_length=10)),
                (
                    "names",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), size=None
                    ),
                ),
                (
                    "values",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=255), size=None
                    ),
                ),
                ("content_ml", models.PositiveIntegerField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="bookfiling",
            name="asked_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="bookfiling",
            name="importer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="bookfiling",
            name="keeper",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="bookfiling",
            name="product",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.product"
            ),
        ),
        migrations.AddField(
            model_name="deadline",
            name="declaration",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customs.declaration",
            ),
        ),
        migrations.AddField(
            model_name="deadline",
            name="importer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="deadline",
            name="shipment",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="procurement.shipment",
            ),
        ),
        migrations.AddField(
            model_name="facilitation",
            name="importer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="facilitations",
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="facilitation",
            name="set_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="filinganswer",
            name="filing",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answer",
                to="customs.bookfiling",
            ),
        ),
        migrations.AddField(
            model_name="filinganswer",
            name="importer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="filinganswer",
            name="keeper",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="filinganswer",
            name="recorded_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="productelements",
            name="made_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="productelements",
            name="product",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="elements",
                to="catalog.product",
            ),
        ),
        migrations.AddIndex(
            model_name="bookfiling",
            index=models.Index(fields=["asked_at", "id"], name="book_filing_by_time"),
        ),
        migrations.AddIndex(
            model_name="bookfiling",
            index=models.Index(fields=["book_number", "product"], name="book_filing_of_product"),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(fields=["importer", "due_on", "id"], name="deadline_of_importer"),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(fields=["due_on", "id"], name="deadline_by_day"),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.UniqueConstraint(
                fields=("shipment", "kind"), name="a_shipment_has_one_deadline_of_a_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="filinganswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("filed", True), ("item__isnull", False), ("reason", "")),
                    models.Q(
                        ("filed", False),
                        ("item__isnull", True),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_filing_has_its_item_or_a_reason",
            ),
        ),
        insert_only("customs_productelements"),
        protected("customs_bookfiling", "importer_id", seen_if=_EITHER),
        insert_only("customs_bookfiling"),
        protected("customs_filinganswer", "keeper_id", seen_if=_EITHER),
        insert_only("customs_filinganswer"),
        protected("customs_facilitation", "importer_id"),
        insert_only("customs_facilitation"),
        protected("customs_deadline", "importer_id"),
        changes_only("customs_deadline", "due_on", "met_on", "declaration_id", "computed_at"),
    ]
