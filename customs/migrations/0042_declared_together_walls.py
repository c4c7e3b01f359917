"""Lists of a month that are declared together: their history, walls and what stays."""

from typing import ClassVar

from django.db import migrations, models

from core.history import walled
from core.walls import ACTING, changes_only, insert_only, protected


class Migration(migrations.Migration):
    dependencies: ClassVar = [("customs", "0041_declared_together_lines")]

    operations: ClassVar = [
        migrations.AddConstraint(
            model_name="collectivecharge",
            constraint=models.UniqueConstraint(
                fields=("collective", "kind"), name="a_charge_of_a_month_is_declared_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="collectedlist",
            constraint=models.UniqueConstraint(
                condition=models.Q(("freed_at__isnull", True)),
                fields=("declaration",),
                name="a_list_is_in_one_collective_that_counts",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectedlist",
            constraint=models.UniqueConstraint(
                fields=("collective", "position"), name="collected_lists_are_numbered"
            ),
        ),
        migrations.AddIndex(
            model_name="collectivedeclarationevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="collectivedeclar_hist_row"),
        ),
        migrations.AddIndex(
            model_name="collectivedeclarationevent",
            index=models.Index(
                fields=["pgh_created_at", "pgh_id"], name="collectivedeclar_hist_when"
            ),
        ),
        migrations.AddIndex(
            model_name="collectivedeclarationevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="collectivedeclar_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="collectivedeclarationevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"],
                name="collectivedeclar_hist_firm",
            ),
        ),
        migrations.AddIndex(
            model_name="collectivedeclarationevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="collectivedeclar_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="collectivedeclarationevent",
            index=models.Index(fields=["pgh_context_id"], name="collectivedeclar_hist_req"),
        ),
        migrations.AddIndex(
            model_name="collectivedeclarationevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="collectivedeclar_hist_gone",
            ),
        ),
        migrations.AddIndex(
            model_name="collectivedocument",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "generating"])),
                fields=["due_at", "id"],
                name="collectivedocument_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectivedocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("content__isnull", False), ("state", "ready")),
                    models.Q(
                        models.Q(("state", "ready"), _negated=True), ("content__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="customs_collectivedocument_ready_means_made",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectivedocument",
            constraint=models.UniqueConstraint(
                fields=("collective", "kind", "language", "seller", "version"),
                name="a_version_of_a_months_paper_is_made_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="collectivedocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "share_sheet"), ("seller__isnull", False)),
                    models.Q(
                        models.Q(("kind", "share_sheet"), _negated=True), ("seller__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="a_months_share_sheet_is_of_one_seller",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectivegoods",
            constraint=models.UniqueConstraint(
                fields=("collective", "position"), name="a_collective_numbers_its_goods_lines"
            ),
        ),
        migrations.AddConstraint(
            model_name="collectivegoods",
            constraint=models.CheckConstraint(
                condition=models.Q(("net_weight_g__lte", models.F("gross_weight_g"))),
                name="a_collected_goods_line_weighs_at_most_gross",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectivegoods",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("second_quantity__isnull", True), ("second_unit", "")),
                    models.Q(
                        models.Q(("second_unit", ""), _negated=True),
                        ("second_quantity__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="a_collected_second_unit_has_its_quantity",
            ),
        ),
        migrations.AddConstraint(
            model_name="collectedline",
            constraint=models.UniqueConstraint(
                fields=("goods", "line"), name="a_list_line_goes_into_a_goods_line_once"
            ),
        ),
        protected("customs_collectivedeclaration", "importer_id"),
        changes_only(
            "customs_collectivedeclaration",
            *("state", "their_reference", "rejection_reason", "lodged_at", "decided_at"),
        ),
        walled("customs_collectivedeclarationevent"),
        protected("customs_collectedlist", "importer_id"),
        changes_only("customs_collectedlist", "freed_at"),
        protected("customs_collectivegoods", "importer_id"),
        insert_only("customs_collectivegoods"),
        protected("customs_collectedline", "importer_id"),
        insert_only("customs_collectedline"),
        protected("customs_collectivecharge", "importer_id"),
        insert_only("customs_collectivecharge"),
        protected("customs_collectivestep", "importer_id"),
        insert_only("customs_collectivestep"),
        protected(
            "customs_collectivedocument",
            "importer_id",
            seen_if=f"importer_id = {ACTING} OR seller_id = {ACTING}",
        ),
    ]
