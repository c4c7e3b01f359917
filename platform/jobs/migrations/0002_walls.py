"""The walls between companies."""

from typing import ClassVar

from django.db import migrations

from core.walls import protected


class Migration(migrations.Migration):
    dependencies: ClassVar = [("jobs", "0001_initial")]

    operations: ClassVar = [
        protected("jobs_job", "owner_id"),
        protected("jobs_jobpart", "owner_id"),
        protected("jobs_joboutcome", "owner_id"),
    ]
