"""Of a supplier's offers of the same terms one holds on a day, whatever wrote them.

An exclusion constraint compares columns with operators of GiST. For plain numbers and text these
come with an extension that not every PostgreSQL has (the one we bring along does not); for ranges
they are built in. So each column that must be equal stands as a range of itself alone.
"""

from django.db import migrations

# What overlapped before is told apart as plans always did: the offer that began last holds.
_APART = """
UPDATE procurement_supplieroffer AS held SET valid_to = later.begins - 1 FROM (
    SELECT id, lead(valid_from) OVER (
        PARTITION BY product_id, supplier_id, currency, incoterm ORDER BY valid_from
    ) AS begins FROM procurement_supplieroffer
) AS later
WHERE later.id = held.id AND held.valid_from < later.begins
    AND (held.valid_to IS NULL OR held.valid_to >= later.begins)
"""
_KEEP = """
CREATE TYPE procurement_words AS RANGE (subtype = text);
ALTER TABLE procurement_supplieroffer ADD CONSTRAINT days_of_the_same_terms_do_not_overlap
EXCLUDE USING gist (
    int8range(product_id, product_id, '[]') WITH =,
    int8range(supplier_id, supplier_id, '[]') WITH =,
    procurement_words(currency || ' ' || incoterm, currency || ' ' || incoterm, '[]') WITH =,
    daterange(valid_from, valid_to, '[]') WITH &&
)
"""
_DROP = """
ALTER TABLE procurement_supplieroffer DROP CONSTRAINT days_of_the_same_terms_do_not_overlap;
DROP TYPE procurement_words
"""


class Migration(migrations.Migration):
    dependencies = [("procurement", "0025_days_for_paying")]

    operations = [
        migrations.RunSQL(_APART, migrations.RunSQL.noop),
        migrations.RunSQL(_KEEP, _DROP),
    ]
