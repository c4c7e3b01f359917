"""The walls between companies, and the facts that are only ever added."""

from typing import ClassVar

from django.db import migrations

from core.history import walled
from core.walls import insert_only, protected


class Migration(migrations.Migration):
    dependencies: ClassVar = [("customs", "0001_initial")]

    operations: ClassVar = [
        protected("customs_declaration", "importer_id"),
        protected(
            "customs_declarationline",
            "SELECT d.importer_id FROM customs_declaration d WHERE d.id = declaration_id",
        ),
        protected(
            "customs_declarationstep",
            "SELECT d.importer_id FROM customs_declaration d WHERE d.id = declaration_id",
        ),
        protected(
            "customs_declarationdocument",
            "SELECT d.importer_id FROM customs_declaration d WHERE d.id = declaration_id",
        ),
        protected("customs_retaillist", "seller_id"),
        protected("customs_retaillistline", "seller_id"),
        protected("customs_retailrefusal", "seller_id"),
        walled("customs_declarationevent"),
        insert_only("customs_tariffrate"),
        insert_only("customs_retailtaxrule"),
        insert_only("customs_declarationstep"),
        insert_only("customs_retaillist"),
        insert_only("customs_retaillistline"),
        insert_only("customs_retailrefusal"),
        # Nothing ever changes these: they are facts as well, and need no history.
        insert_only("customs_declarationline"),
    ]
