"""The number of an export list's account book, which its importer may read."""

from django.db import migrations, models

_OF_BOOKS = """
UPDATE customs_exportlist AS list SET ledger = book.number
FROM customs_accountbook AS book WHERE book.id = list.book_id;
"""


class Migration(migrations.Migration):
    dependencies = [("customs", "0042_declared_together_walls")]

    operations = [
        migrations.AddField("exportlist", "ledger", models.CharField(default="", max_length=12)),
        migrations.RunSQL(_OF_BOOKS, migrations.RunSQL.noop),
        migrations.AlterField("exportlist", "ledger", models.CharField(max_length=12)),
    ]
