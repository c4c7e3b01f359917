"""Whose row it was is found by an index, and so are rows that are gone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_first_operator"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="admissionevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="admission_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="admissionevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="admission_hist_gone",
            ),
        ),
        migrations.AddIndex(
            model_name="companyevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="company_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="companyevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="company_hist_gone",
            ),
        ),
        migrations.AddIndex(
            model_name="invitationevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="invitation_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="invitationevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="invitation_hist_gone",
            ),
        ),
        migrations.AddIndex(
            model_name="membershipevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="membership_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="membershipevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="membership_hist_gone",
            ),
        ),
        migrations.AddIndex(
            model_name="userevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="user_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="userevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="user_hist_gone",
            ),
        ),
    ]
