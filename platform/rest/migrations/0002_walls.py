"""A token and its answers belong to one company."""

from typing import ClassVar

from django.db import migrations

from core.history import walled
from core.walls import protected


class Migration(migrations.Migration):
    dependencies: ClassVar = [("rest", "0001_initial")]

    operations: ClassVar = [
        protected("rest_apitoken", "company_id"),
        protected("rest_storedanswer", "company_id"),
        walled("rest_apitokenevent"),
    ]
