"""Messages to the authority, and what is in them."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.fields
import core.history
from core.walls import ACTING, changes_only, insert_only, protected

#: The one who sends, and the seller of what is sent.
_PARTIES = f"company_id = {ACTING} OR seller_id = {ACTING}"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("customs", "0011_gateways"),
        ("warehouse", "0042_settled_claims"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OutgoingMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("queued_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("last_error", models.TextField(blank=True)),
                ("number", models.CharField(max_length=64, unique=True)),
                ("guid", models.CharField(max_length=36, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("CEB311", "order"),
                            ("CEB411", "payment"),
                            ("CEB511", "waybill"),
                            ("CEB513", "waybill status"),
                            ("CEB621", "retail import list"),
                            ("CEB623", "withdrawal"),
                            ("CEB625", "return of goods"),
                            ("CEB711", "in-store detail"),
                            ("INV101", "bonded list"),
                            ("SAS121", "pass"),
                        ],
                        max_length=6,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waits for another"),
                            ("queued", "queued"),
                            ("sending", "being sent"),
                            ("sent", "sent"),
                            ("failed", "not sent"),
                        ],
                        default="queued",
                        max_length=8,
                    ),
                ),
                ("count", models.PositiveSmallIntegerField()),
                ("bundle", models.CharField(blank=True, max_length=64)),
                ("rank", models.PositiveSmallIntegerField(default=1)),
                ("body", core.fields.EncryptedTextField(blank=True)),
                ("sha256", models.CharField(max_length=64)),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "gateway",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="customs.gateway",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OutgoingElement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("guid", models.CharField(max_length=36, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("CEB311", "order"),
                            ("CEB411", "payment"),
                            ("CEB511", "waybill"),
                            ("CEB513", "waybill status"),
                            ("CEB621", "retail import list"),
                            ("CEB623", "withdrawal"),
                            ("CEB625", "return of goods"),
                            ("CEB711", "in-store detail"),
                            ("INV101", "bonded list"),
                            ("SAS121", "pass"),
                        ],
                        max_length=6,
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("turn", models.PositiveSmallIntegerField(default=1)),
                ("pre_number", models.CharField(blank=True, max_length=24)),
                ("their_number", models.CharField(blank=True, max_length=24)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "declaration",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="elements",
                        to="customs.declaration",
                    ),
                ),
                (
                    "retail_list",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="elements",
                        to="customs.retaillist",
                    ),
                ),
                (
                    "retail_order",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.retailorder",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="elements",
                        to="customs.outgoingmessage",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MessageRetry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("trouble", models.TextField(blank=True)),
                ("retried_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "retried_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retries",
                        to="customs.outgoingmessage",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="outgoingmessage",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "sending"])),
                fields=["gateway", "due_at", "id"],
                name="message_due_at_gateway",
            ),
        ),
        migrations.AddIndex(
            model_name="outgoingmessage",
            index=models.Index(
                condition=models.Q(("bundle", ""), _negated=True),
                fields=["bundle", "rank"],
                name="message_of_bundle",
            ),
        ),
        migrations.AddIndex(
            model_name="outgoingmessage",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["id"],
                include=("bundle", "rank"),
                name="message_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="outgoingmessage",
            index=models.Index(fields=["company", "queued_at", "id"], name="message_of_company"),
        ),
        migrations.AddIndex(
            model_name="outgoingmessage",
            index=models.Index(fields=["seller", "queued_at", "id"], name="message_of_seller"),
        ),
        migrations.AddIndex(
            model_name="outgoingmessage",
            index=models.Index(fields=["queued_at", "id"], name="message_by_time"),
        ),
        migrations.AddConstraint(
            model_name="outgoingmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("count__gte", 1), ("count__lte", 100)),
                name="a_message_has_one_to_a_hundred_elements",
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoingmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at__isnull", False), ("state", "sent")),
                    models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", True)),
                    _connector="OR",
                ),
                name="a_sent_message_has_its_moment",
            ),
        ),
        migrations.AddIndex(
            model_name="outgoingelement",
            index=models.Index(fields=["kind", "key"], name="element_by_key"),
        ),
        migrations.AddIndex(
            model_name="outgoingelement",
            index=models.Index(
                condition=models.Q(("retail_order__isnull", False)),
                fields=["retail_order"],
                name="element_of_order",
            ),
        ),
        migrations.AddIndex(
            model_name="outgoingelement",
            index=models.Index(
                condition=models.Q(("their_number", ""), _negated=True),
                fields=["their_number"],
                name="element_by_their_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoingelement",
            constraint=models.UniqueConstraint(
                fields=("message", "position"), name="one_element_per_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoingelement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retail_list__isnull", False)),
                fields=("retail_list", "kind", "turn"),
                name="a_list_is_told_once_a_turn",
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoingelement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("declaration__isnull", False)),
                fields=("declaration", "kind", "turn"),
                name="a_declaration_is_told_once_a_turn",
            ),
        ),
        protected("customs_outgoingmessage", "company_id", seen_if=_PARTIES),
        changes_only(
            "customs_outgoingmessage",
            *("state", "attempts", "due_at", "leased_until", "last_error"),
            *("body", "sha256", "signed_at", "sent_at"),
        ),
        protected("customs_outgoingelement", "company_id", seen_if=_PARTIES),
        changes_only("customs_outgoingelement", "pre_number", "their_number"),
        protected("customs_messageretry", "company_id"),
        insert_only("customs_messageretry"),
    ]
