"""Sets that were released, links to them, and the papers of retail lists."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.walls import ACTING, AsOwner, changes_only, insert_only, protected

_IMPORTER = "SELECT d.importer_id FROM customs_declaration d WHERE d.id = declaration_id"
_BEFORE = protected(
    "customs_declarationdocument",
    _IMPORTER,
    seen_if=f"({_IMPORTER}) = {ACTING} OR seller_id = {ACTING}",
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("accounts", "0010_owners_in_history"),
        ("customs", "0026_messages_to_empty"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="PaperLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(unique=True)),
                ("note", models.CharField(blank=True, max_length=120)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
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
                    "made_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PaperLinkUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fetched", models.CharField(max_length=32)),
                ("used_at", models.DateTimeField()),
                ("client", models.CharField(blank=True, max_length=64)),
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
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="customs.paperlink",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PaperRelease",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                ("manifest", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("released_at", models.DateTimeField()),
                (
                    "declaration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_releases",
                        to="customs.declaration",
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
                    "released_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="paperlink",
            name="release",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="links",
                to="customs.paperrelease",
            ),
        ),
        migrations.CreateModel(
            name="RetailDocument",
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
                            ("retail_list", "retail import list"),
                            ("retail_tax", "tax estimate"),
                        ],
                        max_length=32,
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                (
                    "retail_list",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="customs.retaillist",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="paperlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("made_at"))),
                name="a_link_to_papers_lasts_a_while",
            ),
        ),
        migrations.AddIndex(
            model_name="retaildocument",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "generating"])),
                fields=["due_at", "id"],
                name="retaildocument_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="retaildocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("content__isnull", False), ("state", "ready")),
                    models.Q(
                        models.Q(("state", "ready"), _negated=True), ("content__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="customs_retaildocument_ready_means_made",
            ),
        ),
        migrations.AddConstraint(
            model_name="retaildocument",
            constraint=models.UniqueConstraint(
                fields=("retail_list", "kind", "language", "version"),
                name="a_version_of_a_retail_paper_is_made_once",
            ),
        ),
        migrations.AddField(
            model_name="declarationdocument",
            name="importer",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.RunSQL(
            "UPDATE customs_declarationdocument AS paper SET importer_id = declared.importer_id "
            "FROM customs_declaration AS declared WHERE declared.id = paper.declaration_id",
            migrations.RunSQL.noop,
        ),
        # The check of the new key waits until the end of the statement's transaction otherwise.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="declarationdocument",
            name="importer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        AsOwner(_BEFORE.backwards, _BEFORE.forwards),
        protected(
            "customs_declarationdocument",
            "importer_id",
            seen_if=f"importer_id = {ACTING} OR seller_id = {ACTING}",
        ),
        protected("customs_paperrelease", "importer_id"),
        insert_only("customs_paperrelease"),
        protected("customs_paperlink", "importer_id"),
        changes_only("customs_paperlink", "revoked_at", "revoked_by_id"),
        protected("customs_paperlinkuse", "importer_id"),
        insert_only("customs_paperlinkuse"),
        protected("customs_retaildocument", "seller_id"),
    ]
