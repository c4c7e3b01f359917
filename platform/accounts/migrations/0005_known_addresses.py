"""Who was here before the gate asked for proof of addresses is vouched for; each company's first
person manages its people."""

from typing import Any

from django.db import migrations
from django.db.models import Min


def vouch(apps: Any, schema_editor: Any) -> None:
    user, address = apps.get_model("accounts", "User"), apps.get_model("account", "EmailAddress")
    address.objects.bulk_create(
        address(user=one, email=one.email.lower(), primary=True, verified=True)
        for one in user.objects.filter(emailaddress__isnull=True).iterator()
    )
    membership = apps.get_model("accounts", "Membership")
    first = membership.objects.values("company").annotate(first=Min("pk")).values("first")
    membership.objects.filter(pk__in=list(first.values_list("first", flat=True))).update(
        is_admin=True
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_people_and_letters"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [migrations.RunPython(vouch, migrations.RunPython.noop)]
