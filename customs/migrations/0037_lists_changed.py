"""Bonded lists that were told are changed and deleted by messages of their own."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("customs", "0036_guarantees_that_hold")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="outgoingelement",
            name="act",
            field=models.CharField(
                choices=[("1", "new"), ("2", "change"), ("3", "deletion")],
                default="1",
                max_length=1,
            ),
        ),
        migrations.AddField(
            model_name="outgoingelement",
            name="change",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="outgoingelement",
            name="first",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="counters",
                to="customs.outgoingelement",
            ),
        ),
        migrations.AddIndex(
            model_name="outgoingelement",
            index=models.Index(
                condition=models.Q(("first__isnull", False)),
                fields=["first"],
                name="element_after_first",
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoingelement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("act", "1"), ("change", 0), ("first__isnull", True)),
                    models.Q(
                        ("act__in", ["2", "3"]),
                        ("again__isnull", False),
                        ("first__isnull", False),
                        ("kind", "INV101"),
                    ),
                    _connector="OR",
                ),
                name="a_change_is_of_a_bonded_list_that_was_told",
            ),
        ),
    ]
