"""A notice belongs to its company, or to nobody but the platform; what was told stays told."""

from typing import ClassVar

from django.db import migrations

from core.history import walled
from core.walls import insert_only, protected


class Migration(migrations.Migration):
    dependencies: ClassVar = [("notices", "0001_initial")]

    operations: ClassVar = [
        protected("notices_notice", "company_id"),
        protected("notices_noticecopy", "company_id"),
        protected("notices_noticechoice", "company_id"),
        protected("notices_mail", "company_id"),
        protected("notices_webhookendpoint", "company_id"),
        protected("notices_webhookdelivery", "company_id"),
        walled("notices_webhookendpointevent"),
        insert_only("notices_notice"),
    ]
