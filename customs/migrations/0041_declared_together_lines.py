"""Lists of a month that are declared together: how their tables refer to each other."""

from typing import ClassVar

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import core.fields
import core.history


class Migration(migrations.Migration):
    dependencies: ClassVar = [("customs", "0040_declared_together")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="CollectiveCharge",
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
                    "importer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "collective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charges",
                        to="customs.collectivedeclaration",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CollectedList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("freed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "declaration",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collected",
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
                    "collective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lists",
                        to="customs.collectivedeclaration",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="counterdocument",
            name="collective",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="counters",
                to="customs.collectivedeclaration",
            ),
        ),
        migrations.AddConstraint(
            model_name="counterdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("collective__isnull", True), ("declaration__isnull", False)),
                    models.Q(("collective__isnull", False), ("declaration__isnull", True)),
                    _connector="OR",
                ),
                name="a_counter_document_is_about_one_declaration",
            ),
        ),
        migrations.AddField(
            model_name="collectivedeclarationevent",
            name="importer",
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
            model_name="collectivedeclarationevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="customs.collectivedeclaration",
            ),
        ),
        migrations.AddField(
            model_name="collectivedeclarationevent",
            name="replaces",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="customs.collectivedeclaration",
            ),
        ),
        migrations.AddField(
            model_name="collectivedeclarationevent",
            name="supplier",
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
            model_name="collectivedeclarationevent",
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
            model_name="collectivedocument",
            name="collective",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="customs.collectivedeclaration",
            ),
        ),
        migrations.AddField(
            model_name="collectivedocument",
            name="importer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="collectivedocument",
            name="seller",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="collectivegoods",
            name="collective",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="goods",
                to="customs.collectivedeclaration",
            ),
        ),
        migrations.AddField(
            model_name="collectivegoods",
            name="importer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="collectedline",
            name="goods",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="customs.collectivegoods",
            ),
        ),
        migrations.AddField(
            model_name="collectivestep",
            name="collective",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="steps",
                to="customs.collectivedeclaration",
            ),
        ),
        migrations.AddField(
            model_name="collectivestep",
            name="importer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddIndex(
            model_name="collectivedeclaration",
            index=models.Index(
                fields=["importer", "drafted_at", "id"], name="collective_of_importer"
            ),
        ),
        migrations.AddConstraint(
            model_name="collectivedeclaration",
            constraint=models.CheckConstraint(
                condition=models.Q(("net_weight_g__lte", models.F("gross_weight_g"))),
                name="collected_net_weight_is_at_most_gross",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectivedeclaration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "rejected"), _negated=True),
                    models.Q(("rejection_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="a_rejected_collective_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectivedeclaration",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("their_reference", ""), _negated=True),
                    models.Q(("state", "amended"), _negated=True),
                ),
                fields=("their_reference",),
                name="a_customs_number_of_a_month_is_given_once",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="collectivedeclaration",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "customs_collectivedeclarationevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "our_reference", "their_reference", "importer_id", "warehouse_id", "supplier_id", "month", "form", "supervision_mode", "transport_mode", "state", "rejection_reason", "replaces_id", "currency", "incoterm", "total_minor", "packages", "gross_weight_g", "net_weight_g", "drafted_at", "lodged_at", "decided_at") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.importer_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."our_reference", it."their_reference", it."importer_id", it."warehouse_id", it."supplier_id", it."month", it."form", it."supervision_mode", it."transport_mode", it."state", it."rejection_reason", it."replaces_id", it."currency", it."incoterm", it."total_minor", it."packages", it."gross_weight_g", it."net_weight_g", it."drafted_at", it."lodged_at", it."decided_at" FROM rows AS it;',
                    hash="7f03e16ac4f0dc59182924168b21e993744bcb75",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_3561a",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="customs_collectivedeclaration",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="collectivedeclaration",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "customs_collectivedeclarationevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "our_reference", "their_reference", "importer_id", "warehouse_id", "supplier_id", "month", "form", "supervision_mode", "transport_mode", "state", "rejection_reason", "replaces_id", "currency", "incoterm", "total_minor", "packages", "gross_weight_g", "net_weight_g", "drafted_at", "lodged_at", "decided_at") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (it.importer_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."our_reference", it."their_reference", it."importer_id", it."warehouse_id", it."supplier_id", it."month", it."form", it."supervision_mode", it."transport_mode", it."state", it."rejection_reason", it."replaces_id", it."currency", it."incoterm", it."total_minor", it."packages", it."gross_weight_g", it."net_weight_g", it."drafted_at", it."lodged_at", it."decided_at" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."our_reference", was."their_reference", was."importer_id", was."warehouse_id", was."supplier_id", was."month", was."form", was."supervision_mode", was."transport_mode", was."state", was."rejection_reason", was."replaces_id", was."currency", was."incoterm", was."total_minor", was."packages", was."gross_weight_g", was."net_weight_g", was."drafted_at", was."lodged_at", was."decided_at") IS DISTINCT FROM ROW(it."id", it."our_reference", it."their_reference", it."importer_id", it."warehouse_id", it."supplier_id", it."month", it."form", it."supervision_mode", it."transport_mode", it."state", it."rejection_reason", it."replaces_id", it."currency", it."incoterm", it."total_minor", it."packages", it."gross_weight_g", it."net_weight_g", it."drafted_at", it."lodged_at", it."decided_at");',
                    hash="e2b3ed14bd10c58698ee0fddfdd2d2915b484f9d",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_27c39",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="customs_collectivedeclaration",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="collectivedeclaration",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "customs_collectivedeclarationevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "our_reference", "their_reference", "importer_id", "warehouse_id", "supplier_id", "month", "form", "supervision_mode", "transport_mode", "state", "rejection_reason", "replaces_id", "currency", "incoterm", "total_minor", "packages", "gross_weight_g", "net_weight_g", "drafted_at", "lodged_at", "decided_at") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (it.importer_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."our_reference", it."their_reference", it."importer_id", it."warehouse_id", it."supplier_id", it."month", it."form", it."supervision_mode", it."transport_mode", it."state", it."rejection_reason", it."replaces_id", it."currency", it."incoterm", it."total_minor", it."packages", it."gross_weight_g", it."net_weight_g", it."drafted_at", it."lodged_at", it."decided_at" FROM rows AS it;',
                    hash="576b3353f8b9acf02692f6f8b989e2bed4020e1f",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_aa399",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="customs_collectivedeclaration",
                    when="AFTER",
                ),
            ),
        ),
    ]
