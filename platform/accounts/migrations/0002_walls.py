"""The walls between companies, what is only ever added, and the cache that all processes share."""

from typing import ClassVar

from django.db import migrations

from core.history import walled
from core.walls import insert_only, protected


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0001_initial")]

    operations: ClassVar = [
        protected("accounts_invitation", "company_id"),
        protected("accounts_admission", "company_id"),
        protected("accounts_admissiondocument", "company_id"),
        protected("accounts_admissionstep", "company_id"),
        walled("accounts_companyevent"),
        walled("accounts_userevent"),
        walled("accounts_membershipevent"),
        walled("accounts_invitationevent"),
        insert_only("accounts_admissiondocument"),
        insert_only("accounts_admissionstep"),
        # What django.core.cache's database back end wants; see CACHES in the settings.
        migrations.RunSQL(
            "CREATE TABLE shared_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, "
            "expires timestamptz NOT NULL); "
            "CREATE INDEX shared_cache_expires ON shared_cache (expires)",
            "DROP TABLE shared_cache",
        ),
    ]
