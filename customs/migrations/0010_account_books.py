"""Account books: items, receipts, and the lots that are in them."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import core.fields
from core.walls import changes_only, insert_only, protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("catalog", "0004_owners_in_history"),
        ("customs", "0009_given_back"),
        ("warehouse", "0033_storage_tariffs"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountBook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=12, unique=True)),
                (
                    "style",
                    models.CharField(
                        choices=[("filed", "filed before"), ("posting", "posted as it comes")],
                        max_length=7,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                (
                    "keeper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="books",
                        to="accounts.company",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BookReceipt",
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
                            ("inv201_in", "import list approved"),
                            ("changed_in", "import list lessened"),
                            ("inv211_in", "import list posted"),
                            ("inv201_out", "retail list announced"),
                            ("inv211_out", "retail list posted"),
                            ("destroyed", "destruction recorded"),
                            ("returned", "return posted"),
                            ("counted", "count squared"),
                        ],
                        max_length=10,
                    ),
                ),
                ("document", models.CharField(max_length=64)),
                ("happened_at", models.DateTimeField()),
                ("booked_at", models.DateTimeField()),
                (
                    "book",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="customs.accountbook",
                    ),
                ),
                (
                    "keeper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="customs.bookreceipt",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BookRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item", models.PositiveIntegerField()),
                ("hs_code", models.CharField(max_length=10)),
                ("name_zh", models.CharField(max_length=250)),
                ("specification", models.CharField(blank=True, max_length=510)),
                ("origin", core.fields.CountryField(max_length=3)),
                ("unit", models.CharField(max_length=3)),
                ("unit_price", models.DecimalField(decimal_places=4, max_digits=19)),
                ("currency", core.fields.CurrencyField(max_length=3)),
                ("made_by", models.CharField(max_length=32)),
                ("opened_at", models.DateTimeField()),
                ("prevd_inc", models.IntegerField(default=0)),
                ("prevd_redc", models.IntegerField(default=0)),
                ("actl_inc", models.IntegerField(default=0)),
                ("actl_redc", models.IntegerField(default=0)),
                (
                    "total_usd",
                    models.DecimalField(decimal_places=5, default=0, max_digits=24, null=True),
                ),
                (
                    "book",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="customs.accountbook",
                    ),
                ),
                (
                    "keeper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.product",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BookLot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "keeper",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "lot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="book_lot",
                        to="warehouse.lot",
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lots",
                        to="customs.bookrow",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BookLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", models.IntegerField()),
                ("usd", models.DecimalField(decimal_places=5, default=0, max_digits=24, null=True)),
                (
                    "declaration_line",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="book_line",
                        to="customs.declarationline",
                    ),
                ),
                (
                    "keeper",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "receipt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="customs.bookreceipt",
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="customs.bookrow",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="bookreceipt",
            index=models.Index(fields=["book", "happened_at"], name="book_receipt_of_book"),
        ),
        migrations.AddConstraint(
            model_name="bookreceipt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reverses__isnull", True)),
                fields=("document", "kind", "book"),
                name="a_receipt_is_posted_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="bookrow",
            constraint=models.UniqueConstraint(
                fields=("book", "item"), name="an_item_has_a_number_in_a_book"
            ),
        ),
        migrations.AddConstraint(
            model_name="bookrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("prevd_inc__gte", 0),
                    ("prevd_redc__gte", 0),
                    ("actl_inc__gte", 0),
                    ("actl_redc__gte", 0),
                    (
                        "actl_inc__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("actl_redc"), "+", models.F("prevd_redc")
                        ),
                    ),
                ),
                name="an_account_book_is_never_below_zero",
            ),
        ),
        migrations.AddConstraint(
            model_name="bookrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("total_usd__gte", 0)),
                name="what_is_in_a_book_is_worth_something",
            ),
        ),
        migrations.AddIndex(
            model_name="bookline",
            index=models.Index(fields=["row", "id"], name="book_line_of_row"),
        ),
        migrations.AddConstraint(
            model_name="bookline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity", 0), _negated=True),
                name="a_book_line_is_of_some_units",
            ),
        ),
        protected("customs_accountbook", "keeper_id"),
        insert_only("customs_accountbook"),
        protected("customs_bookrow", "keeper_id"),
        changes_only(
            "customs_bookrow", "prevd_inc", "prevd_redc", "actl_inc", "actl_redc", "total_usd"
        ),
        protected("customs_bookreceipt", "keeper_id"),
        insert_only("customs_bookreceipt"),
        protected("customs_bookline", "keeper_id"),
        insert_only("customs_bookline"),
        protected("customs_booklot", "keeper_id"),
        insert_only("customs_booklot"),
    ]
